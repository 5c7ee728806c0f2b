"""Rooms for a run: a database of its own with sessions that are on now, and the cookies of everybody who will come.

The first guest of each room facilitates it; the others are members with a seat each. A room has 500 seats at the most,
so a larger one is made of people with several tabs.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.responses import Response

from rooms.records import accounts, limits, rooms, sessions
from rooms.records.accounts import Account
from rooms.records.database import Database, open_database
from server.door import Door
from server.settings import Settings

ORIGIN = "http://127.0.0.1:8000"
SECRET = "a secret of the benchmark alone, which guards nothing at all"
_LETTERS = "bdfghkptwz"  # none of which a reader could take for another


@dataclass(frozen=True, slots=True)
class House:
    """A database that a server can be started on, and the list of guests for the load."""

    database_url: str
    guests: Path


def settings_for(database_url: str, port: int, redis_url: str | None) -> Settings:
    return Settings(
        host="127.0.0.1",
        port=port,
        public_url=ORIGIN,
        database_url=database_url,
        redis_url=redis_url,
        secret_keys=(SECRET,),
        workers=1,
        leave_to="https://www.bbc.co.uk/weather",
        demo=False,
    )


def furnish(folder: Path, room_count: int, members: int) -> House:
    """So many live rooms, for so many people each, the facilitator included."""
    folder.mkdir(parents=True)
    return asyncio.run(_furnish(folder, room_count, members))


async def _furnish(folder: Path, room_count: int, members: int) -> House:
    url = f"sqlite:///{folder / 'records.sqlite3'}"
    database = open_database(url)
    try:
        await database.migrate()
        ana, planned = await _plan(database, room_count, members)
        door = Door(settings_for(url, 0, None), database)
        desk = Response()
        await door.sign_in(desk, ana, datetime.now(UTC))
        hosts = [_line(session, _cookie(desk), "Ana") for session in planned]
        guests = [
            _line(session, *_seat(door, session, n, members))
            for n in range(members - 1)
            for session in planned
        ]
    finally:
        await database.close()
    path = folder / "guests"
    path.write_text("\n".join([*hosts, *guests]) + "\n")
    return House(url, path)


async def _plan(database: Database, room_count: int, members: int) -> tuple[Account, list[str]]:
    now = datetime.now(UTC)
    planned: list[str] = []
    async with database.writing() as conn:
        ana = await accounts.create(conn, name="Ana", sign_in_name="ana", is_organiser=True)
        assert ana is not None, "the database is new"
        for number in range(room_count):
            room = await rooms.create(
                conn,
                organiser_id=ana.id,
                name=f"Room {number}",
                purpose="peer_support",
                seats=max(limits.SEATS.least, min(members, limits.SEATS.most)),
                zone="UTC",
                minutes=120,
            )
            await rooms.add_facilitator(conn, room.id, ana.id)
            session = await sessions.plan(
                conn,
                room.id,
                (now - timedelta(minutes=1)).replace(tzinfo=None, second=0, microsecond=0),
                "UTC",
                120,
                wait_minutes=120,
                starts_itself=True,
            )
            assert isinstance(session, sessions.Session), "the hour is an ordinary one"
            planned.append(session.id)
    return ana, planned


def _seat(door: Door, session: str, number: int, members: int) -> tuple[str, str]:
    number %= min(members, limits.SEATS.most) - 1
    response = Response()
    door.give_seat(response, session, f"seat-{number:07d}")
    return _cookie(response), "".join(_name(number))


def _name(number: int) -> Iterator[str]:
    yield "P"
    for place in (100, 10, 1):
        yield _LETTERS[number // place % 10]


def _cookie(response: Response) -> str:
    return response.headers["set-cookie"].partition(";")[0]


def _line(session: str, cookie: str, name: str) -> str:
    hello = json.dumps({"type": "hello", "at": None, "name": name})
    return f"/live/{session}\t{cookie}\t{hello}"
