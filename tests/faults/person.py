"""A person at a page, who does what the page does (static/js: link, log, outbox): comes back, keeps the order, says again.

Written from docs/protocol.md, not from the page or the server, so that either being wrong shows in the journal.
"""

import asyncio
import contextlib
import itertools
import json
import random
import time
from collections import deque
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage
from websockets.typing import Origin, Subprotocol

from rooms.engines import Position
from tests.faults.journal import Journal
from tests.server.browser import Browser

Frame = dict[str, Any]

FINAL: Final = {1002, 1003, 1007, 1008, 1009, 4000, 4001, 4003, 4004, 4009}
AGAIN: Final = {"unavailable", "busy"}
GREETING: Final = 10.0
SILENCE: Final = 35.0
ANSWER: Final = 8.0
BREATH: Final = 2.0
FIRST_DELAY: Final = 0.5
LONGEST_DELAY: Final = 20.0
MOST_WAITING: Final = 5
_UNREACHABLE = (OSError, InvalidHandshake, InvalidMessage, ConnectionClosed, TimeoutError, EOFError)


class Person:
    """``lives`` as a task. ``nodes``: the addresses behind one name; whoever cannot reach one is sent to the next.

    haste: what the pauses of a page are multiplied by. 1 is a page; the suite is in a hurry.
    since: when they stood at the door, and could first be spoken to.
    """

    def __init__(
        self,
        browser: Browser,
        path: str,
        name: str,
        nodes: list[str],
        *,
        node: int = 0,
        haste: float = 1.0,
        since: float | None = None,
    ) -> None:
        self.name = name
        self._since = time.monotonic() if since is None else since
        self.journal = Journal(name)
        self.browser = browser
        self.node = node
        self.at: Position | None = None
        self.you: Frame = {}
        self.room: Frame = {}
        self.people: Frame = {}
        self.closed: int | None = None
        self.noticed: list[float] = []
        self.answered: dict[str, Frame] = {}
        self.is_in = asyncio.Event()
        self._path = path
        self._nodes = nodes
        self._haste = haste
        self._inside = False
        self._loose = True
        self._ids: set[str] = set()
        self._refs = (f"r{number}" for number in itertools.count(1))
        self._numbers = itertools.count(1)
        self._waiting: deque[str] = deque()
        self._spoken = asyncio.Event()
        self._answers: dict[str, asyncio.Future[Frame]] = {}
        self._socket: ClientConnection | None = None
        self._dice = random.Random(name)

    @property
    def seat(self) -> str:
        seat: str = self.you["seat"]
        return seat

    # Living

    async def lives(self) -> None:
        """At the page until it is closed for good, or cancelled."""
        async with asyncio.TaskGroup() as tasks:
            posting = tasks.create_task(self._post())
            await self._stays_connected()
            posting.cancel()
        self.journal.went()

    async def _stays_connected(self) -> None:
        tries = 0
        while self.closed not in FINAL:
            opened = time.monotonic()
            try:
                await self._connects_and_listens()
            except _UNREACHABLE:
                # What stands before the nodes sends nobody to one that does not answer.
                self.node = (self.node + 1) % len(self._nodes)
            was_in = self.is_in.is_set()
            self.is_in.clear()
            self._socket = None
            self.noticed.append(time.monotonic())
            self._breaks_off()
            tries = 0 if was_in and time.monotonic() - opened > 3.0 else tries + 1
            if self.closed not in FINAL:
                longest = min(LONGEST_DELAY, FIRST_DELAY * 2**tries)
                await asyncio.sleep(self._dice.random() * longest * self._haste)

    async def _connects_and_listens(self) -> None:
        self.closed = None
        async with asyncio.timeout(GREETING) as greeting:
            socket = await connect(
                self._nodes[self.node].replace("http", "ws", 1) + self._path,
                origin=Origin(self.browser.origin),
                subprotocols=[Subprotocol("tealight.1")],
                additional_headers={"cookie": self.browser.cookie_header},
                compression=None,
                ping_interval=None,
                max_queue=None,
                open_timeout=None,
                close_timeout=0.1,
                proxy=None,
            )
            self._socket = socket
            try:
                at = None if self._loose or self.at is None else self.at
                hello = {"type": "hello", "at": _shown(at), "name": self.name, "listening": False}
                await socket.send(json.dumps(hello))
                while not self.is_in.is_set():
                    await self._takes(json.loads(await socket.recv()))
                greeting.reschedule(None)
                while True:
                    async with asyncio.timeout(SILENCE):
                        await self._takes(json.loads(await socket.recv()))
            except _OutOfStep:
                pass
            except ConnectionClosed as gone:
                self.closed = 1006 if gone.rcvd is None else gone.rcvd.code
            finally:
                socket.transport.abort()

    # Hearing

    async def _takes(self, frame: Frame) -> None:
        match frame["type"]:
            case "welcome":
                self._is_welcome(frame)
            case "controls":
                self.room |= frame.get("room", {})
                self.people |= frame.get("people", {})
                self.you |= frame.get("you", {})
                self._settles()
            case "ack" | "refused":
                self._is_answered(frame)
            case "beat":
                if self._is_behind(_position(frame["at"])):
                    raise _OutOfStep
            case _:
                self._happens(frame)

    def _is_welcome(self, welcome: Frame) -> None:
        at, resumed = _position(welcome["at"]), welcome["resumed"]
        self.you, self.room, self.people = welcome["you"], welcome["room"], welcome["people"]
        if at is not None and not resumed:
            if self.at is None:
                self.journal.came(at, self._since)
            elif at != self.at:
                self.journal.marked(at)
                self.noticed.append(time.monotonic())
        if not resumed or self.at is None:
            self.at = at or self.at
        self._settles()
        self._loose = not self._inside
        self.is_in.set()

    def _settles(self) -> None:
        self._inside = self.you["place"] == "inside"
        self._loose |= not self._inside

    def _is_behind(self, at: Position | None) -> bool:
        if at is None or self.at is None or self._loose:
            return False
        return at.epoch != self.at.epoch or at.seq > self.at.seq

    def _happens(self, event: Frame) -> None:
        seq, known = event.get("seq"), event.get("id")
        if seq is None:
            if known is not None:
                self._ids.add(known)
            return
        assert self.at is not None, event["type"]
        if seq <= self.at.seq and not self._loose:
            return
        if seq > self.at.seq + 1 and not self._loose:
            raise _OutOfStep
        self.at = Position(self.at.epoch, seq)
        self._loose = not self._inside
        if event["type"] == "said":
            self.journal.shown(self.at, f"said {known}", event["name"], event["text"])
        else:
            self.journal.shown(self.at, f"{event['type']} at {event['at']}")

    def _is_answered(self, answer: Frame) -> None:
        if answer["type"] == "refused" and answer["why"] in AGAIN:
            self.noticed.append(time.monotonic())
        waiting = self._answers.pop(answer["ref"], None)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def _breaks_off(self) -> None:
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError())
                # Whoever waited may have been called away: then nobody is to be told that nobody looked.
                waiting.exception()
        self._answers.clear()

    # Saying

    def says(self, words: str = "") -> str:
        """Puts it into the outbox; every sentence is another one. Returns the sentence."""
        words = words or f"{self.name} {next(self._numbers)}"
        self.journal.asked(words)
        self._waiting.append(words)
        self._spoken.set()
        return words

    @property
    def has_unsent(self) -> bool:
        return bool(self._waiting)

    async def talks(self, every: float) -> None:
        """Until cancelled; somebody whose words do not go out stops after a few, as the page makes them."""
        await asyncio.sleep(self._dice.random() * every)
        while True:
            if len(self._waiting) < MOST_WAITING:
                self.says()
            await asyncio.sleep(every)

    async def asks(self, command: str, **fields: object) -> Frame:
        """A control and its answer, sent again under the same ref until there is one."""
        ref = next(self._refs)
        while True:
            await self.is_in.wait()
            try:
                answer = await self._sends({"type": command, "ref": ref, **fields})
            except (ConnectionClosed, ConnectionError, TimeoutError):
                await asyncio.sleep(0)
                continue
            if answer["type"] == "refused" and answer["why"] in AGAIN:
                await self._breathes()
                continue
            return answer

    async def floods(self, how_many: int, *, every: float = 0.0, length: int = 0) -> None:
        """Waits for no answer, and so is never acknowledged. ``length``: of each sentence, in letters, at least."""
        for _ in range(how_many):
            words = f"{self.name} {next(self._numbers)} ".ljust(length, "~").strip()
            self.journal.asked(words)
            if self._socket is not None:
                with contextlib.suppress(ConnectionClosed):
                    await self._socket.send(
                        json.dumps({"type": "say", "ref": next(self._refs), "text": words})
                    )
            await asyncio.sleep(every)

    async def is_cut_off(self) -> None:
        """The network goes away; the page comes back."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def _post(self) -> None:
        """One at a time, so that none overtakes another."""
        while True:
            while not self._waiting:
                self._spoken.clear()
                await self._spoken.wait()
            words, ref = self._waiting[0], next(self._refs)
            answer = await self._delivers(words, ref)
            if answer["type"] == "ack":
                self.journal.acked(words)
            else:
                self.journal.refused(words, answer["why"])
            self._waiting.popleft()

    async def _delivers(self, words: str, ref: str) -> Frame:
        while True:
            await self.is_in.wait()
            try:
                answer = await self._sends({"type": "say", "ref": ref, "text": words})
            except (ConnectionClosed, ConnectionError, TimeoutError):
                await asyncio.sleep(0)
                continue
            if answer["type"] == "ack" or answer["why"] not in AGAIN:
                return answer
            await self._breathes()

    async def _sends(self, frame: Frame) -> Frame:
        assert self._socket is not None
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._answers[frame["ref"]] = answer
        await self._socket.send(json.dumps(frame))
        async with asyncio.timeout(ANSWER):
            return await answer

    async def _breathes(self) -> None:
        await asyncio.sleep(BREATH * (0.5 + self._dice.random()) * self._haste)


class _OutOfStep(Exception):  # noqa: N818  a state, read as a word
    """Something is missing: come back and ask for it."""


def _position(at: Frame | None) -> Position | None:
    return None if at is None else Position(at["epoch"], at["seq"])


def _shown(at: Position | None) -> Frame | None:
    return None if at is None else {"epoch": at.epoch, "seq": at.seq}


@contextlib.asynccontextmanager
async def talking(people: list[Person], every: float):
    """They talk while the context lasts; what is in their outboxes then still goes out."""
    tasks = [asyncio.create_task(person.talks(every)) for person in people]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
