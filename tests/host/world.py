"""Nodes on one hub, and phones at them: real hosts and houses, a clock that tests move, and the smallest true browser.

    world.opens(one, two)
    ana = await world.facilitator("Ana").comes(one)
    ben = await world.member("Ben").comes(two)
    await ana.starts()
    await ben.says("hi")

A phone follows docs/protocol.md to the letter, so a hole in the numbers fails whatever test it happens in.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Any, Self

from rooms.deciding import Done, Outcome
from rooms.engines import (
    AtOnce,
    Change,
    Committed,
    Conflict,
    EngineDown,
    Gap,
    Head,
    Heard,
    Hearing,
    Position,
    Repeated,
    Seating,
)
from rooms.engines.memory import Hub, MemoryEngine
from rooms.fanout import Line
from rooms.gathering import Welcome
from rooms.host import Host
from rooms.house import House
from rooms.live import Actor, Command, Event, Refusal, State, Terms
from rooms.live.door import Admit, Arrive, Decline, Leave, Remove
from rooms.live.lifecycle import BeginClosing, End, Pause, Resume, Start
from rooms.live.lines import WriteLine
from rooms.live.moderation import Quiet, TakeDown, Unquiet
from rooms.live.talk import Say, TakeBack
from rooms.live.words import Role
from rooms.twins import second_of

Frame = dict[str, Any]

SESSION = "s1"
START = 1_800_000_000.0
MINUTE = 60.0
ANSWER_SECONDS = 1.0  # time enough for an answer on a busy machine


class Clock:
    """Stands still until a test moves it."""

    def __init__(self, at: float = START - 10 * MINUTE) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


class Lines:
    """A circle: what is sent to it reaches every line in it, at once and in order."""

    def __init__(self) -> None:
        self._lines: dict[Line, None] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, line: Line) -> None:
        self._lines[line] = None

    def remove(self, line: Line) -> None:
        self._lines.pop(line, None)

    def send(self, payload: bytes) -> None:
        for line in list(self._lines):
            line.send(payload)


class Engine(MemoryEngine):
    """A memory engine that can be unwell.

    deaf: what is published does not arrive, and is reported as a gap once it does again.
    down: it answers nothing; with ``answers``, only after so many commits more.
    mute: it does not say where a room is.
    lagging: what is published arrives once this is set.
    slow: its answer arrives after everybody has heard of what it did.
    contested: somebody else is always first.
    unwell: it says that it cannot be relied on.
    whispers: what comes of a whisper instead; an event: nothing, before it is set.
    """

    def __init__(self, hub: Hub) -> None:
        super().__init__(hub)
        self.deaf = False
        self.down: EngineDown | None = None
        self.commits = 0
        self.contested = False
        self.slow = False
        self.mute = self.unwell = False
        self.whispers: EngineDown | asyncio.Event | None = None
        self.lagging: asyncio.Event | None = None
        self.answers: int | None = None
        self.lost = self.refused = self.looks = 0

    @property
    def ready(self) -> bool:
        return super().ready and not self.unwell

    @property
    def at_once(self) -> AtOnce | None:
        unwell = (
            self.deaf or self.down or self.contested or self.slow or self.lagging or self.answers is not None
        )
        return None if unwell else self._counted

    def _counted(self, room: str, change: Change) -> Committed | Repeated | Conflict:
        outcome = self._hub.commit(room, change)
        self.commits += isinstance(outcome, Committed)
        return outcome

    async def load(self, room: str) -> Head:
        self._must_answer()
        if self.mute:
            raise EngineDown(sent=False)
        head = await super().load(room)
        await self._take_time()
        return head

    async def commit(self, room: str, change: Change) -> Committed | Repeated | Conflict:
        self._must_answer()
        if self.contested:
            head = self._hub.head(room)
            self._hub.commit(room, Change(head.at.epoch, head.version, (), head.controls or b"{}"))
        if self.answers is not None:
            self.answers -= 1
            self.down = EngineDown(sent=False) if self.answers == 0 else None
        outcome = await super().commit(room, change)
        self.commits += isinstance(outcome, Committed)
        await self._take_time()
        return outcome

    @asynccontextmanager
    async def listen(self, room: str) -> AsyncIterator[Hearing]:
        self._must_answer()
        async with super().listen(room) as hearing:
            yield _Leak(self, hearing)

    async def whisper(self, room: str, note: bytes) -> None:
        self._must_answer()
        if isinstance(self.whispers, EngineDown):
            raise self.whispers
        if self.whispers is not None:
            await self.whispers.wait()
        await super().whisper(room, note)

    async def seats(self, room: str) -> Seating:
        self._must_answer()
        self.looks += 1
        return await super().seats(room)

    async def _take_time(self) -> None:
        for _ in range(20 * self.slow):
            await asyncio.sleep(0)

    def _must_answer(self) -> None:
        if self.down is not None:
            self.refused += 1
            raise self.down


class _Leak:
    """What an engine that is unwell lets through of what it heard."""

    def __init__(self, engine: Engine, hearing: Hearing) -> None:
        self._engine = engine
        self._hearing = hearing
        self._items = self._let_through()
        self._is_apart = False  # from what came: something is held, or lost and not yet told of

    @property
    def waiting(self) -> Heard | None:
        unwell = self._is_apart or self._engine.deaf or self._engine.lagging is not None
        return None if unwell else self._hearing.waiting

    def take(self) -> Heard:
        return self._hearing.take()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Heard:
        return await anext(self._items)

    async def _let_through(self) -> AsyncIterator[Heard]:
        async for item in self._hearing:
            if self._engine.lagging is not None:
                was_apart, self._is_apart = self._is_apart, True
                await self._engine.lagging.wait()
                self._is_apart = was_apart
            if self._engine.deaf:
                self._is_apart = True
                self._engine.lost += 1
                continue
            if self._is_apart:
                self._is_apart = False
                yield Gap()
            yield item


class Node:
    """One process: an engine on the hub and a house of hosts."""

    def __init__(self, world: "World", open_seconds: float = 5.0, skew: float = 0.0) -> None:
        self.world = world
        self.engine = Engine(world.hub)
        self.finished: list[tuple[str, State]] = []
        self.turnouts: list[str] = []
        self.noticed: list[tuple[str, Event]] = []
        self.house = House(
            self.engine,
            terms=world.terms_of,
            upcoming=world.upcoming,
            finished=self._is_finished,
            noticed=self._is_noticed,
            circle=Lines,
            clock=lambda: world.clock() + skew,
            open_seconds=open_seconds,
            answer_seconds=world.answer_seconds,
        )

    def dies(self) -> None:
        """As by kill -9: it says goodbye to nobody, and nothing comes of anything that it still tries."""
        self.engine.vanish()
        self.engine.down = EngineDown(sent=False)
        for keeper in self.house._keepers:
            keeper.cancel()
        self.world.nodes.remove(self)

    async def host(self, key: str = SESSION) -> Host:
        host = await self.house.host(key)
        assert host is not None
        return host

    @property
    def hosting(self) -> Host:
        host = self.house.hosted(SESSION)
        assert host is not None
        return host

    @property
    def hosts_it(self) -> bool:
        host = self.house.hosted(SESSION)
        return host is not None and host.open.is_set()

    async def _is_noticed(self, session: str, event: Event, at: float) -> None:
        if self.world.records_fail:
            raise OSError("what the database said")
        self.noticed.append((session, event))

    async def _is_finished(self, session: str, state: State, turnout: str, at: float) -> None:
        if self.world.records_fail:
            raise OSError("what the database said")
        if self.world.meanwhile is not None:
            await self.world.meanwhile()
        self.finished.append((session, state))
        self.turnouts.append(turnout)


class World:
    """All nodes, one hub, one clock, one session."""

    def __init__(self, terms: Terms, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self.answer_seconds = answer_seconds
        self.clock = Clock()
        self.hub = Hub(self.clock)
        self.terms: dict[str, Terms] = {SESSION: terms}
        self.due: dict[str, Terms] = {}
        self.records_fail = self.calendar_fails = False
        self.calendar_hangs: asyncio.Event | None = None  # set once somebody waits for what it will not say
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        self.nodes: list[Node] = []
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def node(self, *, open_seconds: float = 5.0, skew: float = 0.0, mute: bool = False) -> Node:
        node = Node(self, open_seconds, skew)
        node.engine.mute = mute
        self.nodes.append(node)
        await self._stack.enter_async_context(node.house)
        return node

    async def two(self) -> tuple[Node, Node]:
        return await self.node(), await self.node()

    def member(self, name: str) -> "Person":
        return Person(self, Actor(f"s{name.lower()}", Role.MEMBER, name))

    def facilitator(self, name: str) -> "Person":
        return Person(self, Actor(f"s{name.lower()}", Role.FACILITATOR, name))

    async def under_way(self, node: Node, *names: str) -> list["Phone"]:
        """The first facilitates and has started; the others are inside too."""
        ana = await self.facilitator(names[0]).comes(node)
        self.clock.at = max(self.clock.at, START)
        await ana.starts()
        return [ana, *[await self.member(name).comes(node) for name in names[1:]]]

    # What the house asks about sessions

    async def terms_of(self, session: str, at: float) -> Terms | None:
        await asyncio.sleep(0)  # records take a moment, in which others ask for the same room
        return self.terms.get(session)

    async def upcoming(self, at: float, known: Container[str]) -> Mapping[str, Terms]:
        if self.calendar_fails:
            raise OSError("what the database said")
        if self.calendar_hangs is not None:
            self.calendar_hangs.set()
            await asyncio.Event().wait()
        return {session: terms for session, terms in self.due.items() if session not in known}

    # Time

    async def passes(self, seconds: float, *nodes: Node) -> None:
        """Time goes by, and these nodes (or all) look at the clock."""
        self.clock.at += seconds
        for node in nodes or self.nodes:
            await node.house.pass_time()
        await self.settles()

    async def settles(self) -> None:
        """Until every host that hears has heard everything and has nothing left to do."""
        await until(lambda: all(_is_settled(node, self.hub) for node in self.nodes))


async def until(condition: Callable[[], bool]) -> None:
    """Give way to the others until it is so. What needs real time is looked for less often, or it costs all of a core."""
    turns = 0
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0 if turns < 200 else 0.002)
            turns += 1


def _is_settled(node: Node, hub: Hub) -> bool:
    """In both rooms of the session, where it has two."""
    return all(_has_heard_all(node, hub, key) for key in (SESSION, second_of(SESSION)))


def _has_heard_all(node: Node, hub: Hub, key: str) -> bool:
    host = node.house.hosted(key)
    if host is None or node.engine.deaf or node.engine.down is not None or not node.engine.ready:
        return True
    head = hub.head(key)
    busy = host._carrying._requests or host._carrying._carried or host._following._echo or host._returning
    return not busy and (host._following.heard, host._following.version) == (head.at, head.version)


class Person:
    """Somebody who may come with several phones, to any node."""

    def __init__(self, world: World, actor: Actor) -> None:
        self.world = world
        self.actor = actor
        self.id = actor.seat

    async def comes_through_the_door(self, node: Node) -> None:
        """They have a seat, and their page is on its way."""
        outcome = await (await node.host()).ask(Arrive(self.actor.name), self.actor)
        assert not isinstance(outcome, Refusal), outcome

    async def comes(
        self, node: Node, *, after: Position | None = None, listening: bool = False, key: str = SESSION
    ) -> "Phone":
        phone = Phone(self, node, key)
        await phone.arrives(after, listening=listening)
        return phone


class Phone:
    """One connection, and the page at the end of it: ``frames`` is what came, ``shown`` what a reader sees of it."""

    def __init__(self, person: Person, node: Node, key: str = SESSION) -> None:
        self.person = person
        self.node = node
        self.key = key
        self.id = person.id
        self.frames: list[Frame] = []
        self.shown: list[Frame] = []
        self.order: list[tuple[Position, str, str]] = []
        self.room: Frame = {}
        self.people: dict[str, Frame] = {}
        self.you: Frame = {}
        self.at: Position | None = None
        self.closed: int | None = None
        self.refusal: Refusal | None = None
        self._seen: set[str] = set()
        self._refs = 0

    # A guest and its line

    @property
    def actor(self) -> Actor:
        return self.person.actor

    @property
    def line(self) -> "Phone":
        return self

    def welcome(self, welcome: Welcome) -> None:
        self.frames.append({"type": "welcome", "resumed": welcome.resumed, "at": welcome.at})
        self.room, self.you = json.loads(welcome.room), dict(welcome.you)
        self.people = json.loads(welcome.people)
        if not welcome.resumed:
            self.at = welcome.at
        for frame in welcome.missed:
            self.send(frame)
        if self.at is not None and welcome.at is not None:
            assert self.at >= welcome.at, "resumed, and yet not where the room is"

    def send(self, payload: bytes) -> None:
        assert self.closed is None, "something was sent after the goodbye"
        frame: Frame = json.loads(payload)
        self.frames.append(frame)
        if frame["type"] == "controls":
            self._draws(frame)
        elif "seq" in frame and frame["type"] != "ack":
            self._shows_numbered(frame)
        elif "id" in frame and frame["id"] not in self._seen:
            self._seen.add(frame["id"])
            self.shown.append(frame)

    def close(self, code: int, reason: str = "") -> None:
        self.closed = code

    def _shows_numbered(self, frame: Frame) -> None:
        assert self.at is not None, "a number for somebody who follows no order"
        assert frame["seq"] > 0, "numbers are dense from 1"
        if frame["seq"] <= self.at.seq:
            return
        assert frame["seq"] == self.at.seq + 1, f"a hole: {self.at.seq}, then {frame['seq']}"
        self.at = Position(self.at.epoch, frame["seq"])
        self.shown.append(frame)
        self.order.append((self.at, frame["type"], str(frame.get("id", frame.get("message")))))

    def _draws(self, frame: Frame) -> None:
        self.room |= frame.get("room", {})
        self.you |= frame.get("you", {})
        for seat, person in frame.get("people", {}).items():
            if person is None:
                self.people.pop(seat, None)
            else:
                self.people[seat] = person

    # Coming and going

    async def arrives(self, after: Position | None, *, listening: bool = False) -> None:
        host = await self.node.host(self.key)
        arrive = Arrive(self.actor.name, listening=listening, connected=True)
        outcome = await host.ask(arrive, self.actor)
        if isinstance(outcome, Refusal):
            self.refusal = outcome
            return
        self.at = after
        host.join(self, after, newcomer=after is None and outcome.let_a_newcomer_in)
        await until(lambda: bool(self.frames) or self.closed is not None)

    def drops(self) -> None:
        self.node.house.part(self.key, self)

    async def comes_back(self, node: Node | None = None) -> "Phone":
        """The same page reconnects, to this node or another, knowing what it has shown."""
        after = Phone(self.person, node or self.node, self.key)
        after.shown, after.order, after._seen = [*self.shown], [*self.order], {*self._seen}
        await after.arrives(self.at)
        return after

    # Verbs

    async def asks(self, command: Command, *, ref: str | None = None) -> Outcome:
        self._refs += 1
        ref = ref or f"{id(self):x}.{self._refs}"
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

        def replied(outcome: Outcome) -> None:
            self.frames.append({"type": "ack" if isinstance(outcome, Done) else "refused", "ref": ref})
            answer.set_result(outcome)

        host = self.node.house.hosted(self.key)
        assert host is not None
        host.submit(command, self.actor, replied, ref=ref)
        outcome = await asyncio.wait_for(answer, 20)
        self.refusal = outcome if isinstance(outcome, Refusal) else None
        return outcome

    async def says(self, text: str, *, ref: str | None = None) -> str:
        """Returns the id of the message, if it became one."""
        outcome = await self.asks(Say(text), ref=ref)
        return "" if isinstance(outcome, Refusal) else str(self.texts_with_ids()[-1][1])

    async def starts(self) -> Outcome:
        return await self.asks(Start())

    async def pauses(self) -> Outcome:
        return await self.asks(Pause("a_minute"))

    async def resumes(self) -> Outcome:
        return await self.asks(Resume())

    async def begins_closing(self) -> Outcome:
        return await self.asks(BeginClosing())

    async def ends_now(self) -> Outcome:
        await self.asks(End())
        return await self.asks(End())

    async def leaves(self) -> Outcome:
        return await self.asks(Leave())

    async def admits(self, other: "Phone | None") -> Outcome:
        return await self.asks(Admit(None if other is None else other.id))

    async def declines(self, other: "Phone") -> Outcome:
        return await self.asks(Decline(other.id, "talk_first"))

    async def removes(self, other: "Phone") -> Outcome:
        return await self.asks(Remove(other.id, "unkind"))

    async def writes(self, text: str) -> Outcome:
        """To the facilitators, in private."""
        return await self.asks(WriteLine(None, text))

    async def quiets(self, other: "Phone", minutes: int = 5) -> Outcome:
        return await self.asks(Quiet(other.id, minutes, "too_fast"))

    async def unquiets(self, other: "Phone") -> Outcome:
        return await self.asks(Unquiet(other.id))

    async def takes_back(self, message: str) -> Outcome:
        return await self.asks(TakeBack(message))

    async def takes_down(self, message: str) -> Outcome:
        return await self.asks(TakeDown(message, "private_details"))

    # What can be said of them

    def is_refused(self, why: str) -> None:
        assert self.refusal is not None, "not refused"
        assert self.refusal.why == why

    def types(self) -> list[str]:
        """The kinds of what came, but for heartbeats, which come whenever it takes a little longer."""
        return [frame["type"] for frame in self.frames if frame["type"] != "beat"]

    def got(self, kind: str) -> list[Frame]:
        return [frame for frame in self.frames if frame["type"] == kind]

    def reads(self) -> list[str]:
        """The words on this page, in order."""
        return [frame["text"] for frame in self.shown if frame["type"] == "said"]

    def texts_with_ids(self) -> list[tuple[str, str]]:
        return [(frame["text"], frame["id"]) for frame in self.shown if frame["type"] == "said"]
