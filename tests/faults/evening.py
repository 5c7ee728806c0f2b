"""One session, everybody in it, and what becomes of them when something breaks."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from rooms.records import links
from rooms.records.accounts import Account
from rooms.records.rooms import Room
from rooms.records.sessions import Session
from tests.faults.checker import Verdict, check
from tests.faults.node import PATIENCE, until
from tests.faults.person import Person, talking
from tests.server.browser import Browser

if TYPE_CHECKING:
    from tests.faults.town import Town

TALKS_EVERY: Final = 0.3
ROUND: Final = 3.0


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

    def __init__(self, town: "Town", room: Room, session: Session) -> None:
        self.town = town
        self.room = room
        self.session = session
        self.people: list[Person] = []
        self._lives: list[asyncio.Task[None]] = []
        self._browsers: list[Browser] = []
        self._harmed = 0.0

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
        return await self._comes_in(browser, account.name, node, time.monotonic())

    async def visits(self, name: str, *, node: int) -> Person:
        browser = self._browser()
        door, since = f"/door/{self.session.id}", time.monotonic()
        answer = await browser.gets(f"/join/{self.room.join_token}")
        assert answer.headers["location"] == door, answer.text
        answer = await browser.posts(door, name=name, how="come_in")
        assert answer.headers.get("location") == f"/live/{self.session.id}", answer.text
        return await self._comes_in(browser, name, node, since)

    def _browser(self) -> Browser:
        up = next(node for node in self.town.nodes if node.is_running)
        self._browsers.append(Browser(up.url, self.town.nodes[0].url))
        return self._browsers[-1]

    async def _comes_in(self, browser: Browser, name: str, node: int, since: float) -> Person:
        nodes = [node.url for node in self.town.nodes]
        person = Person(
            browser, f"/live/{self.session.id}", name, nodes, node=node, haste=self.town.haste, since=since
        )
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
            await self.stands_everywhere()
            self.is_harmed()
            async with asyncio.TaskGroup() as tasks:
                watch = tasks.create_task(self._first_red())
                await harm.befalls(self)
                ended = time.monotonic()
                await self.are_whole()
                healed = time.monotonic() - ended
                watch.cancel()
        verdict = await self.verdict()
        red = watch.result() if not watch.cancelled() else []
        seen = [at for person in self.people for at in person.noticed if at >= self._harmed] + red
        return Row(harm.name, min(seen) - self._harmed if seen else None, healed, verdict)

    def is_harmed(self) -> None:
        """A harm that takes some preparing says itself when it begins."""
        self._harmed = time.monotonic()

    async def have_been_heard(self, times: int = 2) -> None:
        """Each of them has had so many acknowledgements."""
        before = {person.name: person.journal.acks for person in self.here}

        async def all_heard() -> bool:
            return all(person.journal.acks >= before.get(person.name, 0) + times for person in self.here)

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

    @property
    def hosts(self) -> int:
        """How many nodes listen to the room."""
        told = self.town.redis.do("PUBSUB", "SHARDNUMSUB", self.key)
        assert isinstance(told, list)
        return int(told[1])

    async def stands_everywhere(self) -> None:
        """Every node hosts the room, whether anybody is connected to it there or not, and has heard them all since."""

        async def all_listen() -> bool:
            return self.hosts == len(self.town.nodes)

        await until(all_listen, "every node hosts the room", self._report)
        await self.have_been_heard()

    async def verdict(self) -> Verdict:
        """Once nothing is on its way any more: what the laws say, and whether the nodes hold the same room."""
        await until(self._all_is_sent, "all is sent", self._report)
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

    async def _all_is_sent(self) -> bool:
        return not any(person.has_unsent for person in self.here)

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
            f"asked {person.journal.asks}, acked {person.journal.acks}, last no: {person.journal.last_no}, "
            f"closed {person.closed}, room {person.room.get('state')} {person.room.get('reason')}"
            for person in self.people
        )
