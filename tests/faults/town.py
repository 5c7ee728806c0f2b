"""A Redis, the nodes around it as processes of their own, and evenings in them: what a small charity runs, to be harmed.

async with a_town(folder) as town, town.evening_of_its_own() as evening:
    row = await evening.suffers(REDIS_IS_KILLED)
"""

import contextlib
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from rooms.records import accounts, agreements, rooms, sessions
from rooms.records.accounts import Account
from rooms.records.database import Database, open_database
from rooms.records.rooms import Room
from rooms.records.sessions import Session
from server import settings
from tests.engines.servers import Server, free_port
from tests.faults.evening import Evening
from tests.faults.node import Node, Start
from tests.records.template import fresh_database

KEY: Final = "a key for the fault suite which is as long as a key must be"
MINUTES: Final = 90
MEMBERS: Final = ("Ben", "Chi", "Dee", "Eli")


class RedisServer(Protocol):
    """A server that can be harmed: tests.engines.servers.Server, or one at the other end of a wire."""

    @property
    def url(self) -> str: ...

    def start(self) -> None: ...
    def do(self, *command: bytes | str | int) -> object: ...
    def freeze(self) -> None: ...
    def thaw(self) -> None: ...
    def kill(self) -> None: ...
    def close(self) -> None: ...


@contextlib.asynccontextmanager
async def a_town(
    folder: Path,
    *,
    nodes: int = 2,
    redis: RedisServer | None = None,
    haste: float = 0.25,
    start: Start | None = None,
    records: str | None = None,
) -> AsyncIterator["Town"]:
    """``records``: the URL of a database that is there; without, a new SQLite in ``folder``."""
    town = Town(folder, redis or Server(), nodes, haste, start or Start(), records)
    try:
        await town.opens()
        yield town
    finally:
        await town.closes()


class Town:
    """Olu organises every room in it."""

    def __init__(
        self,
        folder: Path,
        redis: RedisServer,
        nodes: int,
        haste: float,
        start: Start,
        records: str | None = None,
    ) -> None:
        self.folder = folder
        self.redis = redis
        self.haste = haste
        self.database: Database = fresh_database(folder) if records is None else open_database(records)
        ports = [free_port() for _ in range(nodes)]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
        environ |= {
            # One name for all of them, as behind a load balancer.
            "PUBLIC_URL": f"http://127.0.0.1:{ports[0]}",
            "DATABASE_URL": records or f"sqlite:///{folder / 'records.sqlite3'}",
            "REDIS_URL": redis.url,
            "SECRET_KEY": KEY,
            "WEB_CONCURRENCY": "1",
            # A Redis in a network of the tests' own, and one that a test attached itself to.
            "ACCEPTED_RISKS": "redis-password redis-monitor",
        }
        self.settings = settings.read(environ | dict(start.environ))
        self.nodes = [
            Node(f"node-{number}", environ, folder, port, start) for number, port in enumerate(ports)
        ]

    async def opens(self) -> None:
        """Start what does not run: everything, or what a test before left in ruins."""
        for node in self.nodes:
            if not node.is_running:
                node.starts()
        await self.is_up()

    async def is_up(self) -> None:
        for node in self.nodes:
            await node.is_up()

    async def closes(self) -> None:
        for node in self.nodes:
            await node.closes()
        await self.database.close()
        self.redis.close()

    def complaints(self) -> list[str]:
        """What the nodes logged as an error: none of the faults of this suite is one of the programme."""
        return [line for node in self.nodes for line in node.log.splitlines() if " error " in line]

    # Who is there

    async def account(self, name: str) -> Account:
        async with self.database.writing() as conn:
            found = await accounts.by_sign_in_name(conn, name)
            made = found or await accounts.create(
                conn, name=name, sign_in_name=name, is_organiser=name == "Olu"
            )
        assert made is not None
        return made

    @contextlib.asynccontextmanager
    async def evening_of_its_own(
        self,
        *,
        everybody_at: int | None = None,
        members: tuple[str, ...] = MEMBERS,
        title: str = "Thursday",
    ) -> AsyncIterator["Evening"]:
        evening = await self.evening(everybody_at, members, title)
        try:
            yield evening
        finally:
            await evening.closes()

    async def evening(
        self,
        everybody_at: int | None = None,
        members: tuple[str, ...] = MEMBERS,
        title: str = "Thursday",
    ) -> "Evening":
        """Ana and Bea facilitate, each at a node of her own; everybody is inside, and it has begun.

        everybody_at: the node that all of them are at.
        """
        await self.opens()
        room, session = await self.session(title)
        evening = Evening(self, room, session)
        ana, bea = [await self.account(name) for name in ("Ana", "Bea")]
        try:
            await evening.begins(ana, bea, members, everybody_at)
        except BaseException:
            await evening.closes()
            raise
        return evening

    async def session(self, title: str = "Thursday") -> tuple[Room, Session]:
        """Of Olu's room, which Ana and Bea facilitate; it could start now."""
        olu, ana, bea = [await self.account(name) for name in ("Olu", "Ana", "Bea")]
        at = datetime.now(UTC).replace(second=0, microsecond=0, tzinfo=None)
        async with self.database.writing() as conn:
            room = await rooms.create(
                conn, organiser_id=olu.id, name=title, purpose="peer_support", listed=False, seats=16
            )
            await agreements.publish(conn, room.id, ["What is said here stays here."], datetime.now(UTC))
            for account in (ana, bea):
                await rooms.add_facilitator(conn, room.id, account.id)
            session = await sessions.plan(conn, room.id, at, "UTC", MINUTES)
        assert isinstance(session, Session)
        return room, session
