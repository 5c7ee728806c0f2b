"""All the live rooms of this process: opened when somebody comes or time asks for it, let go when they are over."""

import asyncio
import logging
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Container, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from rooms import fanout, twins
from rooms.elsewhere import Elsewhere, Glance, glance
from rooms.engines import Engine, EngineDown
from rooms.fanout import Circle
from rooms.gathering import Guest
from rooms.host import Host
from rooms.live import THE_CLOCK, Actor, Event, State, Terms
from rooms.live.door import Arrive
from rooms.live.words import OVER, SeatId
from rooms.neighbours import ANSWER_SECONDS
from rooms.presence import Presence
from rooms.receipts import Everywhere, Receipts
from rooms.ring import LONGEST_SECONDS
from rooms.rush import Rush
from rooms.standby import keepers
from rooms.tally import Tally

SWEEP_SECONDS = 0.5
BEAT_SECONDS = 15.0
BEATS = int(BEAT_SECONDS / SWEEP_SECONDS)  # sweeps over which those of all rooms are spread
SEEN_TO_TOGETHER = 25
SCAN_SECONDS = 2.0  # for so long a room that has just begun, or lost a host, may have one host only
LEARN_SECONDS = 30.0  # what is planned after a room that is on
KEPT_SECONDS = 15 * 60.0
FINISHED_SECONDS = 60.0  # for every node to hear that the last people were shown out
OPEN_SECONDS = 5.0
EMPTY_SECONDS = LONGEST_SECONDS
HAND_OVER_SECONDS = 1.0

log = logging.getLogger(__name__)

FindTerms = Callable[[str, float], Awaitable[Terms | None]]
FindUpcoming = Callable[[float, Container[str]], Awaitable[Mapping[str, Terms]]]
Finished = Callable[[str, State, str, float], Awaitable[None]]
Noticed = Callable[[str, Event, float], Awaitable[None]]


class House:
    """Every host of this node. An async context manager: its tasks live inside it.

    terms: what the organiser set for a session, None for one that is unknown or long over. One that ended lately
        is entered while somebody still has a word left in it.
    upcoming: the sessions whose doors are open or about to, but for those that it is told are known. Two nodes host each,
        so that time passes in it though nobody has come, and so that one of them can die.
    finished: told once by this node when a session it hosts is over, with the band of those who took part, if that is
        kept; must bear being told by several nodes.
    noticed: told what in a room concerns people outside of it, as ``finished`` is.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        terms: FindTerms,
        upcoming: FindUpcoming,
        finished: Finished,
        noticed: Noticed,
        circle: Callable[[], Circle],
        clock: Callable[[], float],
        open_seconds: float = OPEN_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._engine = engine
        self._terms = terms
        self._upcoming = upcoming
        self._finished = finished
        self._noticed = noticed
        self._circle = circle
        self._clock = clock
        self._open_seconds = open_seconds
        self._answer_seconds = answer_seconds
        self.tally = Tally()
        self._apart_since: float | None = None
        self._elsewhere = Elsewhere(engine, clock)
        self._receipts = Receipts(engine, self.hosted, answer_seconds)
        self._rush = Rush()
        self._hosts: dict[str, Host] = {}
        self._presence: dict[str, Presence] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._over: dict[str, float] = {}
        self._finished_at: dict[str, float] = {}
        self._empty: dict[str, float] = {}
        self._stack = AsyncExitStack()
        self._tasks: asyncio.TaskGroup
        self._keepers: list[asyncio.Task[None]]
        self._due_at_first: set[str] | None = None
        self._scanned = 0.0
        self._learned = 0.0
        self._beats: dict[str, float] = {}
        self._opened_so_far = 0

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._engine)
        self._tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
        chores = (self._keep(), self._watch(), self._receipts.answer())
        self._keepers = [self._tasks.create_task(chore) for chore in chores]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        await self.hand_over()
        for key in list(self._hosts):
            self._let_go(key, fanout.RESTARTING)
        await self._stack.__aexit__(kind, error, trace)

    # Finding a room

    async def host(self, session: str) -> Host | None:
        """The live room of a session, opened if need be; None when there is none to enter.

        Raises EngineDown when it cannot be opened now.
        """
        host = self._hosts.get(session)
        self._empty.pop(session, None)
        if twins.is_second(session):
            return await self._second(session, host)
        if host is None:
            terms = await self._terms(session, self._clock())
            if terms is None or (terms.over and not await self._elsewhere.goes_on(session, terms)):
                return None
            host = self._open(session, terms)
        return await self._opened(host)

    async def _second(self, key: str, host: Host | None) -> Host | None:
        """The second room of a session: there is one while the first says so, and nobody finds it before it has begun."""
        if host is None or not host.open.is_set() or host.room.state is State.SCHEDULED:
            first = await self.host(twins.session_of(key))
            if first is None:
                return await self._second_alone(key)
            if not twins.has_second(first.room):
                return None
            host = await self._opened(self._open(key, twins.terms_of_second(first.room.terms)))
            begin = twins.news_for_second(first.room, host.room, self._clock())
            if host.room.state is State.SCHEDULED and begin is not None:
                await host.ask(begin, THE_CLOCK)
        host = await self._opened(host)
        return None if host.room.state is State.SCHEDULED else host

    async def _second_alone(self, key: str) -> Host | None:
        """The session is over, and nobody has a word left in the first room. Somebody may have in the second."""
        terms = await self._terms(twins.session_of(key), self._clock())
        if terms is None or not terms.over or not await self._elsewhere.goes_on(key, terms):
            return None
        return await self._opened(self._open(key, twins.terms_of_second(terms)))

    def hosted(self, session: str) -> Host | None:
        """The live room of a session if it is open here."""
        return self._hosts.get(session)

    async def states(self, sessions: Iterable[str]) -> Mapping[str, State]:
        """How these sessions stand, whichever node hosts them; of those that nobody hosts nothing is known."""
        return {key: each.state for key, each in (await self.glances(sessions)).items()}

    async def glances(self, sessions: Iterable[str]) -> Mapping[str, Glance]:
        """The same, with how many seats are taken, as a band."""
        asked = list(sessions)
        here = {
            key: glance(host.room.controls)
            for key in asked
            if (host := self._hosts.get(key)) and host.open.is_set()
        }
        return {**await self._elsewhere.glances(key for key in asked if key not in here), **here}

    @property
    def census(self) -> Mapping[State, int]:
        """How many rooms stand how, of those that this node hosts."""
        return Counter(host.room.state for host in self._hosts.values() if host.open.is_set())

    @property
    def dropped(self) -> Mapping[str, int]:
        """What came from the engine and was not what it should be, by kind."""
        return self._engine.dropped

    @property
    def ready(self) -> bool:
        """Whether this node hears its engine, and hosts by now what was due when it began."""
        if not self._engine.ready or self._due_at_first is None:
            return False
        # Once: a room that is let go and opened again later makes no server wait that has long been serving.
        self._due_at_first = {key for key in self._due_at_first if self._is_opening(key)}
        return not self._due_at_first

    def _is_opening(self, session: str) -> bool:
        host = self._hosts.get(session)
        return host is not None and not host.open.is_set()

    async def everywhere(self, session: str, seat: SeatId) -> Everywhere:
        """What this node and every other one hold of a room just now, as far as this person may know."""
        return await self._receipts.everywhere(session, seat)

    async def hand_over(self) -> None:
        """This node goes: tell the others what they may lack of the last minutes. Not for long, and not at any price."""
        if not self._engine.ready:
            return
        rooms = [host for host in self._hosts.values() if host.open.is_set() and not host.is_over]
        try:
            async with asyncio.timeout(HAND_OVER_SECONDS):
                await asyncio.gather(*(host.hand_over() for host in rooms))
        except TimeoutError:
            log.warning("the last minutes of some rooms could not be handed over")

    def part(self, session: str, guest: Guest) -> None:
        """A connection is gone."""
        host = self._hosts.get(session)
        if host is not None and host.part(guest):
            self._presence[session].went(guest.actor.seat, self._clock())

    def _open(self, session: str, terms: Terms) -> Host:
        # Somebody else may have opened it while the terms were looked up.
        if session not in self._hosts:
            host = Host(
                session,
                terms,
                self._engine,
                clock=self._clock,
                circle=self._circle,
                tally=self.tally,
                rush=self._rush,
                answer_seconds=self._answer_seconds,
            )
            self._hosts[session] = host
            # Rooms that open together beat one after the other, and never all at once.
            self._opened_so_far += 1
            self._beats[session] = self._clock() + BEAT_SECONDS * (self._opened_so_far % BEATS / BEATS)
            # What this node told the engine of a host that broke is still to be taken back.
            self._presence.setdefault(session, Presence(session, self._engine))
            self._running[session] = self._tasks.create_task(self._run(host))
        return self._hosts[session]

    async def _opened(self, host: Host) -> Host:
        if not host.open.is_set():
            try:
                async with asyncio.timeout(self._open_seconds):
                    await host.open.wait()
            except TimeoutError:
                raise EngineDown(sent=False) from None
        if host.is_over:
            raise EngineDown(sent=False)
        # Whatever is due comes before whoever comes: a page that is back right after a restart would otherwise be
        # turned away from a door that has been open for an hour.
        host.pass_time()
        return host

    async def _run(self, host: Host) -> None:
        try:
            await host.run()
        except Exception as error:  # noqa: BLE001  one room that breaks must not end the others
            if isinstance(error, ExceptionGroup) and error.split(EngineDown)[1] is None:
                # It was just to be hosted here, and nobody could be asked for it. The next sweep tries again.
                log.warning("the engine cannot be reached; a room waits to be hosted")
            else:
                log_failure("a live room stopped", error)
            if self._hosts.get(host.key) is host:
                self._forget_host(host.key)
            host.see_off(fanout.RESTARTING)

    # Letting time pass

    async def _keep(self) -> None:
        while True:
            try:
                await self._look_around(self._clock())
            except EngineDown:
                log.warning("the engine cannot be reached; presence waits")
            except Exception as error:  # noqa: BLE001  time must go on passing
                log_failure("a sweep failed", error)
            await asyncio.sleep(SWEEP_SECONDS)

    async def _watch(self) -> None:
        """Apart from what waits for an engine or for records, room after room: either may never answer."""
        while True:
            self.show_touch()
            await self._carry_out_deadlines(self._clock())
            await asyncio.sleep(SWEEP_SECONDS)

    def show_touch(self) -> None:
        """Tell people whether this node is in touch with the others."""
        apart, now = not self._engine.ready, time.monotonic()
        if apart and self._apart_since is None:
            self._apart_since = now
        elif not apart and self._apart_since is not None:
            self.tally.apart.add(now - self._apart_since)
            self._apart_since = None
        for host in self._hosts.values():
            host.people.show_apart(apart)

    async def pass_time(self) -> None:
        """All that passes with it, once: open what is due, carry out deadlines, beat, tell who is lost, let go of what is over."""
        at = self._clock()
        await self._carry_out_deadlines(at)
        await self._look_around(at)

    async def _carry_out_deadlines(self, at: float) -> None:
        """In every room, and its beat. Nothing is waited for but the others' turns."""
        for few in self._few_by_few():
            for host in few:
                try:
                    host.pass_time()
                except Exception as error:  # noqa: BLE001  one room that breaks must not stop time in the others
                    log_failure("the deadlines of a room could not be carried out", error)
                if at >= self._beats[host.key]:
                    self._beats[host.key] = at + BEAT_SECONDS
                    host.beat()
            await asyncio.sleep(0)

    async def _look_around(self, at: float) -> None:
        """What is due, who is lost, what is over: asked of the records and the engine."""
        if at >= self._scanned + SCAN_SECONDS:
            self._scanned = at
            await self._open_what_is_due(at)
        for few in self._few_by_few():
            for host in few:
                await self._look_after(host, at)
            await asyncio.sleep(0)

    def _few_by_few(self) -> Iterator[list[Host]]:
        """The open rooms. Hundreds seen to in one go would make somebody's message wait for all of them, twice a second."""
        hosts = [host for host in self._hosts.values() if host.open.is_set()]
        for first in range(0, len(hosts), SEEN_TO_TOGETHER):
            yield [each for each in hosts[first : first + SEEN_TO_TOGETHER] if self._is_here(each)]

    def _is_here(self, host: Host) -> bool:
        """Still: others had their turn meanwhile."""
        return host is self._hosts.get(host.key)

    async def _look_after(self, host: Host, at: float) -> None:
        if not self._is_here(host):
            return
        try:
            self._keep_in_step(host, at)
            if host.notices:
                await self._pass_on(host)
            await self._see_to(host, at)
        except EngineDown:
            raise
        except Exception as error:  # noqa: BLE001  what fails for one room is tried again; the others go on
            log_failure("a room could not be seen to", error)

    async def _open_what_is_due(self, at: float) -> None:
        learns = at >= self._learned + LEARN_SECONDS
        if learns:
            self._learned = at
        for session, terms in (await self._upcoming(at, () if learns else self._hosts.keys())).items():
            if session in self._hosts:
                self._hosts[session].learn(terms)
            elif self._keeps(session):
                self._open(session, terms)
        if self._due_at_first is None:
            self._due_at_first = set(self._hosts)

    def _keep_in_step(self, first: Host, at: float) -> None:
        """The two rooms of a session are told of each other, by every node that hosts both; what is known already is no news."""
        if not twins.has_second(first.room):
            return
        key = twins.second_of(first.key)
        second = self._hosts.get(key)
        if second is None:
            if self._keeps(key) and twins.has_open_second(first.room):
                self._open(key, twins.terms_of_second(first.room.terms))
        elif second.open.is_set():
            for host, news in (
                (second, twins.news_for_second(first.room, second.room, at)),
                (first, twins.news_for_first(first.room, second.room, at)),
            ):
                if news is not None:
                    host.submit(news, THE_CLOCK, lambda _: None)

    async def _see_to(self, host: Host, at: float) -> None:
        if host.room.state in OVER:
            await self._wind_up(host.key, host, at)
        if host.room.is_finished:
            return
        presence, mark = self._presence[host.key], host.mark
        if not presence.is_settled(mark, at):
            await self._tell_presence(host, presence, mark, at)
        if not host.is_empty or self._keeps(host.key):
            self._empty.pop(host.key, None)
        elif at >= self._empty.setdefault(host.key, at) + EMPTY_SECONDS:
            self._let_go(host.key, fanout.RESTARTING)

    async def _tell_presence(
        self, host: Host, presence: Presence, mark: tuple[str, int, int], at: float
    ) -> None:
        found = presence.found(host.room, host.people.seats)
        for seat in found:
            back = Arrive(name=seat.name, listening=seat.listening, connected=True)
            host.submit(back, Actor(seat.id, seat.role, seat.name), lambda _: None)
        try:
            missing = await presence.sweep(host.room, host.people.seats, at)
        except EngineDown:
            # The other rooms are not even asked about.
            for each in self._presence.values():
                each.lost_sight()
            raise
        for lost in missing:
            host.submit(lost, THE_CLOCK, lambda _: None)
        if not found:
            presence.settle(mark)

    async def _pass_on(self, host: Host) -> None:
        """What concerns people outside. Where it cannot be told now it is told later, and the room goes on."""
        while host.notices:
            notice = host.notices.pop(0)
            try:
                await self._noticed(twins.session_of(host.key), *notice)
            except Exception as error:  # noqa: BLE001  tried again with the next sweep
                host.notices.insert(0, notice)
                log_failure("what happened in a room could not be passed on", error)
                return

    def _keeps(self, key: str) -> bool:
        # Both rooms of a session are kept by the same nodes, for they are told of each other there.
        return self._engine.node in keepers(twins.session_of(key), self._engine.nodes | {self._engine.node})

    async def _wind_up(self, key: str, host: Host, at: float) -> None:
        if key not in self._over:
            if await self._second_goes_on(host):
                return
            if not twins.is_second(key):
                await self._finished(key, host.room.state, host.room.controls.turnout, at)
            self._over[key] = at
        elif (
            host.room.is_finished
            and at
            >= max(self._over[key] + KEPT_SECONDS, self._finished_at.setdefault(key, at) + FINISHED_SECONDS)
            and (twins.second_of(key) not in self._hosts)
        ):
            self._let_go(key, fanout.OVER)
            await self._engine.forget(key)

    async def _second_goes_on(self, first: Host) -> bool:
        """The session is over when both of its rooms are."""
        if not twins.has_second(first.room):
            return False
        key = twins.second_of(first.key)
        state = (await self.states([key])).get(key)
        return state is not None and state not in OVER

    def _let_go(self, key: str, code: int) -> None:
        host = self._hosts[key]
        host.see_off(code)
        self._running[key].cancel()
        self._forget_host(key)
        del self._presence[key]

    def _forget_host(self, key: str) -> None:
        del self._hosts[key], self._running[key], self._beats[key]
        self._over.pop(key, None)
        self._finished_at.pop(key, None)
        self._empty.pop(key, None)


def log_failure(what: str, error: BaseException) -> None:
    """Where it happened and of what kind, never its words: they may quote what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else "nowhere"
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    log.error("%s: %s at %s", what, type(error).__name__, where)
    for each in inner:
        log_failure(what, each)
