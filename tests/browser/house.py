"""The real server of tests/server, for people who come with real browsers: its time runs by itself, as theirs does."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import select

from rooms.live import Actor, Refusal
from rooms.live.agreement import ChangeAgreement
from rooms.live.words import Role
from rooms.records import agreements, sign_ins, tables
from rooms.records.words import What
from server.demo import DemoLinks, prepare
from server.socket import HELLO_SECONDS
from tests.records.template import fresh_file
from tests.server import house as standing
from tests.server.house import KEY, Evening

ELSEWHERE = "weather.example"
LEAVE_TO = f"http://{ELSEWHERE}/"


class Address(Protocol):
    """Where people's browsers go, and how they are let in there."""

    @property
    def url(self) -> str: ...

    @property
    def port(self) -> int: ...

    async def sign_in(self, name: str) -> str:
        """What the cookie of somebody who signed in some time before holds."""


class Way(Protocol):
    """To a session, for those who were given its link, and for those who facilitate it."""

    @property
    def join_path(self) -> str: ...

    @property
    def live_path(self) -> str: ...


class RunningClock(standing.Clock):
    """The time of day, and what a test has put it forward by."""

    def __init__(self) -> None:
        self._ahead = 0.0

    @property
    def at(self) -> float:
        return time.time() + self._ahead

    @at.setter
    def at(self, at: float) -> None:
        self._ahead = at - time.time()

    def __call__(self) -> float:
        return self.at


class House(standing.House):
    def __init__(self, folder: Path, redis_url: str | None) -> None:
        super().__init__(f"sqlite:///{folder / 'records.sqlite3'}", "", (KEY,), HELLO_SECONDS, redis_url)
        self.clock = RunningClock()
        self.settings = replace(self.settings, leave_to=LEAVE_TO)

    def time_passes(self, seconds: float = 0, *, minutes: float = 0) -> None:
        """For everybody in the house at once: what was due in between is found due by its next sweep."""
        self.clock.at += seconds + minutes * 60

    async def notices_the_loss_of(self, name: str, evening: Evening) -> None:
        """The last connection of somebody is gone, and from now on they are missing."""
        seats = evening.host.room.controls.seats.values()
        (theirs,) = (seat.id for seat in seats if seat.name == name)
        while theirs in evening.host.people.seats:  # noqa: ASYNC110  people come and go without an event for tests
            await asyncio.sleep(0.01)

    async def has_told_outside(self, what: What, evening: Evening) -> None:
        """The command arrived, was decided, and a sweep of the house wrote it down for those who are not in the room."""
        told = select(tables.notices.c.what).where(tables.notices.c.session_id == evening.session.id)
        while True:
            async with self.database.reading() as conn:
                if what in (await conn.scalars(told)).all():
                    return
            await asyncio.sleep(0.05)

    async def first_evening(self) -> DemoLinks:
        """What `make run` prints."""
        return await prepare(self.database, self.clock.now)

    async def an_evening(self, *, starts_in: int = 0, **room: Any) -> Evening:
        """Olu's room, which Ana facilitates; it starts some minutes from now, when Ana says so."""
        now = self.clock.now.replace(second=0, microsecond=0)
        evening = await self.evening(starts=now + timedelta(minutes=starts_in), **room)
        await evening.has_facilitator("Ana")
        return evening

    async def publishes_another_agreement(self, evening: Evening) -> None:
        """The organiser does, at a desk of theirs, while the room is live."""
        async with self.database.writing() as conn:
            lines = ["What is said here stays here.", "One at a time."]
            agreement = await agreements.publish(conn, evening.room.id, lines, self.clock.now)
        olu = Actor(seat="", role=Role.ORGANISER)
        outcome = await evening.host.ask(ChangeAgreement(version=agreement.version), olu)
        assert not isinstance(outcome, Refusal), outcome

    async def sign_in(self, name: str) -> str:
        account = await self.account(name)
        async with self.database.writing() as conn:
            return await sign_ins.open(conn, account.id, self.clock.now)


@asynccontextmanager
async def open_house(folder: Path, *, redis_url: str | None = None) -> AsyncIterator[House]:
    fresh_file(folder)
    house = House(folder, redis_url)
    await house.opens()
    try:
        yield house
    finally:
        await house.closes()
