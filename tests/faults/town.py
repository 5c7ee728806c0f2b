"""A Redis, the nodes around it as processes of their own, and evenings in them: what a small charity runs, to be harmed.

async with a_town(folder) as town:
    evening = await town.evening()
    row = await evening.suffers(REDIS_IS_KILLED)
"""

import asyncio
import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

import httpx2

from rooms.records import accounts, agreements, links, rooms, sessions
from rooms.records.accounts import Account
from rooms.records.database import Database
from rooms.records.rooms import Room
from rooms.records.sessions import Session
from tests.engines.servers import Server, free_port
from tests.faults.checker import Verdict, check
from tests.faults.person import Person, talking
from tests.records.template import fresh_database
from tests.server.browser import Browser

ROOT: Final = Path(__file__).parents[2]
KEY: Final = "a key for the fault suite which is as long as a key must be"
# Everything that must become so, on a machine that is busy with something else.
PATIENCE: Final = 45.0
TALKS_EVERY: Final = 0.3
ROUND: Final = 3.0
MINUTES: Final = 90
# After all that it does in order, uvicorn ends by the signal that asked it to.
STOPPED: Final = {0, -signal.SIGTERM}
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


class Node:
    """``python -m server run``, as an operator starts it."""

    def __init__(self, name: str, environ: dict[str, str], folder: Path, port: int) -> None:
        self.name = name
        self.url = f"http://127.0.0.1:{port}"
        self._environ = environ | {"HOST": "127.0.0.1", "PORT": str(port)}
        self._log = folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        # Nothing here is encrypted, and reading all the world's certificates takes long.
        self._http = httpx2.AsyncClient(base_url=self.url, trust_env=False, timeout=2, verify=False)

    @property
    def log(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def starts(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "server", "run"],
                cwd=ROOT,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def is_up(self) -> None:
        """Until it answers that it is ready."""
        await until(self.is_ready, f"{self.name} is ready")

    async def is_ready(self) -> bool:
        assert self.is_running, f"{self.name} ended by itself:\n{self.log}"
        try:
            return (await self._http.get("/ready")).status_code == 200
        except (httpx2.HTTPError, OSError):
            return False

    def tells(self, what: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(what)

    async def is_over(self) -> int:
        """Until its process has ended; returns the exit status."""
        process = self._process
        assert process is not None
        await until(lambda: _now(process.poll() is not None), f"{self.name} has ended")
        assert process.returncode is not None
        return process.returncode

    async def is_killed(self) -> None:
        self.tells(signal.SIGKILL)
        await self.is_over()

    async def stops(self) -> int:
        """As a deploy does it."""
        self.tells(signal.SIGTERM)
        return await self.is_over()

    async def closes(self) -> None:
        await self._http.aclose()
        if self.is_running:
            self.tells(signal.SIGCONT)
            await self.is_killed()


@contextlib.asynccontextmanager
async def a_town(
    folder: Path, *, nodes: int = 2, redis: RedisServer | None = None, haste: float = 0.25
) -> AsyncIterator["Town"]:
    town = Town(folder, redis or Server(), nodes, haste)
    try:
        await town.opens()
        yield town
    finally:
        await town.closes()


class Town:
    """Olu organises every room in it."""

    def __init__(self, folder: Path, redis: RedisServer, nodes: int, haste: float) -> None:
        self.folder = folder
        self.redis = redis
        self.haste = haste
        self.database: Database = fresh_database(folder)
        ports = [free_port() for _ in range(nodes)]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
        environ |= {
            # One name for all of them, as behind a load balancer.
            "PUBLIC_URL": f"http://127.0.0.1:{ports[0]}",
            "DATABASE_URL": f"sqlite:///{folder / 'records.sqlite3'}",
            "REDIS_URL": redis.url,
            "SECRET_KEY": KEY,
            "WEB_CONCURRENCY": "1",
        }
        self.nodes = [Node(f"node-{number}", environ, folder, port) for number, port in enumerate(ports)]

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
        self, *, everybody_at: int | None = None, members: tuple[str, ...] = MEMBERS
    ) -> AsyncIterator["Evening"]:
        evening = await self.evening(everybody_at, members)
        try:
            yield evening
        finally:
            await evening.closes()

    async def evening(self, everybody_at: int | None = None, members: tuple[str, ...] = MEMBERS) -> "Evening":
        """Ana and Bea facilitate, each at a node of her own; everybody is inside, and it has begun.

        everybody_at: the node that all of them are at.
        """
        await self.opens()
        olu, ana, bea = [await self.account(name) for name in ("Olu", "Ana", "Bea")]
        at = datetime.now(UTC).replace(second=0, microsecond=0, tzinfo=None)
        async with self.database.writing() as conn:
            room = await rooms.create(
                conn, organiser_id=olu.id, name="Thursday", purpose="peer_support", listed=False, seats=16
            )
            await agreements.publish(conn, room.id, ["What is said here stays here."], datetime.now(UTC))
            for account in (ana, bea):
                await rooms.add_facilitator(conn, room.id, account.id)
            session = await sessions.plan(conn, room.id, at, "UTC", MINUTES)
        assert isinstance(session, Session)
        evening = Evening(self, room, session)
        try:
            await evening.begins(ana, bea, members, everybody_at)
        except BaseException:
            await evening.closes()
            raise
        return evening


@dataclass(frozen=True, slots=True)
class Harm:
    """Something that breaks, for how long it does, and what makes it whole again. ``name`` stands in the table."""

    name: str
    befalls: Callable[["Evening"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Row:
    """What came of a harm. Seconds; ``noticed`` is None when nobody could have told that something had happened."""

    name: str
    noticed: float | None
    healed: float
    verdict: Verdict


class Evening:
    """One session, and everybody in it."""

    def __init__(self, town: Town, room: Room, session: Session) -> None:
        self.town = town
        self.room = room
        self.session = session
        self.people: list[Person] = []
        self._lives: list[asyncio.Task[None]] = []
        self._browsers: list[Browser] = []

    @property
    def key(self) -> str:
        """What Redis calls the room; also its channel."""
        return f"tealight:{{{self.session.id}}}"

    def __getitem__(self, name: str) -> Person:
        return next(person for person in self.people if person.name == name)

    # Coming in

    async def begins(
        self, ana: Account, bea: Account, members: tuple[str, ...], everybody_at: int | None
    ) -> None:
        places = itertools.cycle(range(len(self.town.nodes)) if everybody_at is None else [everybody_at])
        await self.facilitates(ana, node=next(places))
        await self.facilitates(bea, node=next(places))
        answer = await self["Ana"].asks("start")
        assert answer["type"] == "ack", answer
        for name in members:
            await self.visits(name, node=next(places))

    async def facilitates(self, account: Account, *, node: int) -> Person:
        async with self.town.database.writing() as conn:
            token = await links.make(
                conn,
                "sign_in",
                account_id=account.id,
                room_id=self.room.id,
                at=datetime.now(UTC),
                lives=timedelta(hours=1),
            )
        browser = self._browser()
        onward = await browser.follows(await browser.posts(f"/link/{token}"))
        assert onward.url.path == f"/live/{self.session.id}", onward.url
        return await self._comes_in(browser, account.name, node)

    async def visits(self, name: str, *, node: int) -> Person:
        browser = self._browser()
        door = f"/door/{self.session.id}"
        answer = await browser.gets(f"/join/{self.room.join_token}")
        assert answer.headers["location"] == door, answer.text
        answer = await browser.posts(door, name=name, how="come_in")
        assert answer.headers.get("location") == f"/live/{self.session.id}", answer.text
        return await self._comes_in(browser, name, node)

    def _browser(self) -> Browser:
        up = next(node for node in self.town.nodes if node.is_running)
        self._browsers.append(Browser(up.url, self.town.nodes[0].url))
        return self._browsers[-1]

    async def _comes_in(self, browser: Browser, name: str, node: int) -> Person:
        nodes = [node.url for node in self.town.nodes]
        person = Person(browser, f"/live/{self.session.id}", name, nodes, node=node, haste=self.town.haste)
        self.people.append(person)
        self._lives.append(asyncio.create_task(person.lives()))
        async with asyncio.timeout(PATIENCE):
            await person.is_in.wait()
        return person

    async def closes(self) -> None:
        for life in self._lives:
            life.cancel()
        if self._lives:
            await asyncio.wait(self._lives)
        for browser in self._browsers:
            await browser.closes()

    # Being harmed

    @property
    def here(self) -> list[Person]:
        """Who has not been shown out for good."""
        return [person for person, life in zip(self.people, self._lives, strict=True) if not life.done()]

    async def suffers(self, harm: Harm) -> Row:
        """They talk, it befalls them, they talk on until they are whole again; then the laws are asked."""
        async with talking(self.here, TALKS_EVERY):
            await self.have_been_heard()
            began = time.monotonic()
            async with asyncio.TaskGroup() as tasks:
                watch = tasks.create_task(self._first_red())
                await harm.befalls(self)
                ended = time.monotonic()
                await self.are_whole()
                healed = time.monotonic() - ended
                watch.cancel()
        verdict = await self.verdict()
        red = watch.result() if not watch.cancelled() else []
        seen = [at for person in self.people for at in person.noticed if at >= began] + red
        return Row(harm.name, min(seen) - began if seen else None, healed, verdict)

    async def have_been_heard(self, times: int = 2) -> None:
        """Each of them has had so many acknowledgements."""
        before = {person.name: person.journal.acks for person in self.here}

        async def all_heard() -> bool:
            return all(
                person.journal.acks >= before.get(person.name, 0) + times for person in self.here
            )

        await until(all_heard, "everybody was heard")

    async def are_whole(self) -> None:
        """Every node is ready, each says one thing more, and everybody reads all of it.

        What is said while it heals may be lost to somebody, who is told so: then they say another thing.
        """
        await self.town.is_up()
        said: list[tuple[float, list[str]]] = []

        async def all_read() -> bool:
            if not said or time.monotonic() > said[-1][0] + ROUND:
                said.append((time.monotonic(), [person.says() for person in self.here]))
            return any(
                all(each in person.journal.has_read for person in self.here for each in words)
                for _, words in said
            )

        await until(all_read, "everybody reads everybody", self._report)

    async def verdict(self) -> Verdict:
        """Once nothing is on its way any more: what the laws say, and whether the nodes hold the same room."""
        await until(lambda: _now(not any(person.has_unsent for person in self.here)), "all is sent")
        await self.are_whole()
        await until(self._is_one_room, "the nodes hold the same room", self._report)
        verdict = check([person.journal for person in self.people])
        verdict.broken += self.town.complaints()
        return verdict

    # Internal

    async def _first_red(self) -> list[float]:
        """When the first node said that it is not ready, or did not answer."""
        while True:
            for node in self.town.nodes:
                if not node.is_running or not await node.is_ready():
                    return [time.monotonic()]
            await asyncio.sleep(0.1)

    async def _is_one_room(self) -> bool:
        rooms = [await self._as_ana_sees_it(node) for node in range(len(self.town.nodes))]
        return all(room == rooms[0] for room in rooms)

    async def _as_ana_sees_it(self, node: int) -> dict[str, Any]:
        """The whole state that a node shows a facilitator, from another page of hers."""
        ana = self["Ana"]
        urls = [self.town.nodes[node].url]
        page = Person(ana.browser, f"/live/{self.session.id}", "Ana", urls, haste=self.town.haste)
        life = asyncio.create_task(page.lives())
        try:
            async with asyncio.timeout(PATIENCE):
                await page.is_in.wait()
            return {"at": page.at, "room": page.room, "people": page.people}
        finally:
            life.cancel()
            await asyncio.wait([life])

    def _report(self) -> str:
        return "\n".join(
            f"{person.name} at {person.at} of node {person.node}, in: {person.is_in.is_set()}, "
            f"asked {person.journal.asks}, acked {person.journal.acks}, closed {person.closed}"
            for person in self.people
        )


async def until(
    is_so: Callable[[], Awaitable[bool]], what: str, report: Callable[[], str] = lambda: ""
) -> None:
    """Asked again and again; a deadline is generous, because it is no measurement."""
    end = time.monotonic() + PATIENCE
    while not await is_so():
        assert time.monotonic() < end, f"it never came to pass that {what}\n{report()}"
        await asyncio.sleep(0.05)


async def _now(is_so: bool) -> bool:
    return is_so
