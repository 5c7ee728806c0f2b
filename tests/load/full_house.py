"""Ten rooms of fifty people on two nodes, five messages a second in each: everybody reads the same, soon, for hours.

Row L2 of the catalogue. The people are lean, so that five hundred of them and both nodes fit on two cores; they greet and
read as docs/protocol.md says. Nobody may be told that they may have missed something, for nothing breaks here.
"""

import asyncio
import contextlib
import hashlib
import itertools
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import linear_regression
from typing import Final

import msgspec
from starlette.responses import Response
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from rooms.records import rooms, sessions
from server.door import Door
from tests.faults.node import PATIENCE, Node, until
from tests.faults.town import Town

ROOMS: Final = 10
SEATS: Final = 50
PER_SECOND: Final = 5
SLOWEST_MS: Final = 2000
_LETTERS: Final = "bdfghkptwz"


class Frame(msgspec.Struct):
    """What a lean page looks at."""

    type: str
    ref: str = ""
    text: str = ""
    why: str = ""
    seq: int | None = None


_read: Final = msgspec.json.Decoder(Frame).decode


class Talk:
    """What was said in one room, and when: in the memory of whoever tests, and the witness of what everybody read."""

    def __init__(self) -> None:
        self.said: dict[str, float] = {}
        self.acknowledged = 0
        self.refused: Counter[str] = Counter()

    def says(self, words: str) -> None:
        self.said[words] = time.monotonic()


class Guest:
    """One connection of one person. Of what they read they keep how many there were, and a digest of their order."""

    def __init__(self, url: str, path: str, cookie: str, name: str, origin: str, talk: Talk) -> None:
        self.name = name
        self.numbers: list[int] = []
        self.marks = 0
        self.read = 0
        self.order = hashlib.sha256()
        self.delays: Counter[int] = Counter()
        self.is_in = asyncio.Event()
        self._url = url.replace("http", "ws", 1) + path
        self._cookie = cookie
        self._origin = origin
        self._talk = talk
        self._socket: ClientConnection
        self._refs = itertools.count(1)

    async def stays(self) -> None:
        """Until cancelled; whatever ends the connection before is a failure."""
        async with connect(
            self._url,
            origin=Origin(self._origin),
            subprotocols=[Subprotocol("tealight.1")],
            additional_headers={"cookie": self._cookie},
            compression=None,
            ping_interval=None,
            max_queue=None,
            proxy=None,
        ) as self._socket:
            await self._socket.send(json.dumps({"type": "hello", "at": None, "name": self.name}))
            async for payload in self._socket:
                self._takes(_read(payload))

    def _takes(self, frame: Frame) -> None:
        match frame.type:
            case "said":
                self.delays[
                    min(SLOWEST_MS, int((time.monotonic() - self._talk.said[frame.text]) * 1000))
                ] += 1
                self.order.update(frame.text.encode() + b"\n")
                self.read += 1
            case "ack":
                self._talk.acknowledged += 1
            case "refused":
                self._talk.refused[frame.why] += 1
            case "welcome":
                # A second welcome is how a page is told that it may have missed something.
                self.marks += self.is_in.is_set()
                self.is_in.set()

    async def says(self, words: str) -> None:
        self._talk.says(words)
        await self._socket.send(json.dumps({"type": "say", "ref": f"r{next(self._refs)}", "text": words}))


@dataclass(slots=True)
class Told:
    """What came of it. ``delays``: from saying to reading, in milliseconds, and how often."""

    seconds: float
    said: int = 0
    acknowledged: int = 0
    read: int = 0
    delays: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    growth: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def within(self, share: float) -> int:
        """So many milliseconds, for that share of all that was read."""
        most = share * self.delays.total()
        for delay in sorted(self.delays):
            most -= self.delays[delay]
            if most <= 0:
                return delay
        return SLOWEST_MS

    def __str__(self) -> str:
        memory = ", ".join(
            f"{now:.0f} MB ({grew * 60:+.2f} MB a minute)"
            for now, grew in zip(self.memory, self.growth, strict=True)
        )
        return (
            f"{self.seconds:.0f} s: {self.said} said, {self.acknowledged} acknowledged, {self.read} read by "
            f"{ROOMS} x {SEATS}; to the screen {self.within(0.5)} ms (half), {self.within(0.99)} ms (99 of 100), "
            f"{max(self.delays, default=0)} ms (the slowest); memory of the nodes: {memory}"
        )


class FullHouse:
    """``opens`` once, ``talks`` for so long, and what it came to."""

    def __init__(self, town: Town, *, room_count: int = ROOMS, seats: int = SEATS) -> None:
        self._town = town
        self._room_count = room_count
        self._seats = seats
        self._talks: list[Talk] = []
        self._rooms: list[list[Guest]] = []
        self._lives: list[asyncio.Task[None]] = []

    async def opens(self) -> None:
        """Everybody has come in: a facilitator and members, one half of them at each node."""
        town = self._town
        await town.opens()
        ana = await town.account("Ana")
        door = Door(town.settings, town.database)
        desk = Response()
        await door.sign_in(desk, ana, datetime.now(UTC))
        for number in range(self._room_count):
            session = await self._session(number)
            talk = Talk()
            guests = []
            for place, url in zip(
                range(self._seats), itertools.cycle(n.url for n in town.nodes), strict=False
            ):
                seat = Response()
                door.give_seat(seat, session, f"seat-{number:03d}-{place:04d}")
                cookie = _cookie(seat if place else desk)
                name = _name(place) if place else "Ana"
                guests.append(Guest(url, f"/live/{session}", cookie, name, town.nodes[0].url, talk))
            self._talks.append(talk)
            self._rooms.append(guests)
            # Whoever facilitates comes first: before that nobody gets past the lobby.
            await self._come_in(guests[:1])
        await asyncio.gather(*(self._come_in(guests[1:]) for guests in self._rooms))

    async def _session(self, number: int) -> str:
        olu, ana = [await self._town.account(name) for name in ("Olu", "Ana")]
        at = (datetime.now(UTC) - timedelta(minutes=1)).replace(second=0, microsecond=0, tzinfo=None)
        async with self._town.database.writing() as conn:
            room = await rooms.create(
                conn, organiser_id=olu.id, name=f"Room {number}", purpose="peer_support", seats=self._seats
            )
            await rooms.add_facilitator(conn, room.id, ana.id)
            session = await sessions.plan(conn, room.id, at, "UTC", 120, wait_minutes=120, starts_itself=True)
        assert isinstance(session, sessions.Session)
        return session.id

    async def _come_in(self, guests: Iterable[Guest]) -> None:
        self._lives += [asyncio.create_task(guest.stays()) for guest in guests]
        async with asyncio.timeout(PATIENCE):
            for guest in guests:
                await guest.is_in.wait()

    async def talks(self, seconds: float) -> Told:
        began = time.monotonic()
        told = Told(seconds)
        watches = [asyncio.create_task(_watched(node)) for node in self._town.nodes]
        talking = [asyncio.create_task(self._talk_in(number)) for number in range(self._room_count)]
        done, _ = await asyncio.wait(
            [*talking, *self._lives], timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        for ended in done:
            told.broken.append(f"somebody's page or talk ended: {ended.exception()!r}")
        for task in (*talking, *watches):
            task.cancel()
        await asyncio.wait([*talking, *watches])
        told.seconds = time.monotonic() - began
        await until(self._all_is_read, "everybody has read everything", self._report)
        for watch in watches:
            memory = watch.result()
            told.memory.append(memory[-1][1])
            told.growth.append(_growth(memory))
        self._judge(told)
        return told

    async def _talk_in(self, number: int) -> None:
        """In turn, so that nobody speaks faster than people may. Late is late: the next is not put off for it."""
        loop = asyncio.get_running_loop()
        due = loop.time() + number / PER_SECOND / self._room_count
        for count, guest in enumerate(itertools.cycle(self._rooms[number])):
            await asyncio.sleep(max(0.0, due - loop.time()))
            due += 1 / PER_SECOND
            await guest.says(f"message {count} of room {number}")

    async def _all_is_read(self) -> bool:
        return all(
            guest.read == len(talk.said) == talk.acknowledged
            for talk, guests in zip(self._talks, self._rooms, strict=True)
            for guest in guests
        )

    def _report(self) -> str:
        return "\n".join(
            f"said {len(talk.said)}, acknowledged {talk.acknowledged}, refused {dict(talk.refused)}, "
            f"read {sorted({guest.read for guest in guests})}"
            for talk, guests in zip(self._talks, self._rooms, strict=True)
        )

    def _judge(self, told: Told) -> None:
        for number, (talk, guests) in enumerate(zip(self._talks, self._rooms, strict=True)):
            told.said += len(talk.said)
            told.acknowledged += talk.acknowledged
            if talk.refused:
                told.broken.append(f"room {number}: refused {dict(talk.refused)}")
            if len({guest.order.digest() for guest in guests}) > 1:
                told.broken.append(f"room {number}: not everybody read the same in the same order")
            for guest in guests:
                told.read += guest.read
                told.delays += guest.delays
                if guest.marks:
                    told.broken.append(f"room {number}: {guest.name} was told that something may be missing")
        told.broken += self._town.complaints()

    async def closes(self) -> None:
        for life in self._lives:
            life.cancel()
        if self._lives:
            await asyncio.wait(self._lives)


@contextlib.asynccontextmanager
async def a_full_house(
    town: Town, *, room_count: int = ROOMS, seats: int = SEATS
) -> AsyncIterator[FullHouse]:
    house = FullHouse(town, room_count=room_count, seats=seats)
    try:
        await house.opens()
        yield house
    finally:
        await house.closes()


async def _watched(node: Node) -> list[tuple[float, float]]:
    """When, and how many MB the node holds; every second, until cancelled."""
    seen: list[tuple[float, float]] = []
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            seen.append((time.monotonic(), node.memory))
            await asyncio.sleep(1)
    return seen


def _growth(memory: list[tuple[float, float]]) -> float:
    """MB a second, over the second half: until then rings fill, which keep the last minutes."""
    later = memory[len(memory) // 2 :]
    slope, _ = linear_regression([at for at, _ in later], [held for _, held in later])
    return slope


def _cookie(response: Response) -> str:
    return response.headers["set-cookie"].partition(";")[0]


def _name(number: int) -> str:
    """None of which a reader could take for another."""
    return "P" + "".join(_LETTERS[number // place % 10] for place in (100, 10, 1))
