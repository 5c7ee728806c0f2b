"""A live room as this process holds it: commands in, the room's order out, to everybody who is here.

Nothing reaches a browser, not even the sender's own, except as an event that came back from the engine. Commands that
wait together are decided and committed together.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import msgspec

from rooms import codec, live
from rooms.deciding import (
    Decided,
    Done,
    Outcome,
    Reply,
    Request,
    answer_each,
    decide,
    drop_repeated,
    numbered,
)
from rooms.engines import (
    RECEIPT_SECONDS,
    Batch,
    Change,
    Committed,
    Conflict,
    Engine,
    EngineDown,
    Gap,
    Head,
    Hearing,
    Position,
    Repeated,
)
from rooms.fanout import Circle
from rooms.gathering import Gathering, Guest
from rooms.live import THE_CLOCK, Actor, Command, Event, LiveRoom, Refusal, Terms
from rooms.live.afterwards import forgotten
from rooms.live.door import Arrive
from rooms.live.state import Recent
from rooms.live.words import OVER, Role
from rooms.neighbours import ANSWER_SECONDS, Neighbours
from rooms.returning import Returning
from rooms.rush import Rush
from rooms.tally import Tally

ATTEMPTS: Final = 5
MOST_TOGETHER: Final = 256
MOST_WAITING: Final = 4096
ECHO_SECONDS: Final = 5.0
RETRY_SECONDS: Final = 0.5
MOST_RECEIPTS: Final = 1000  # that an engine is told again when it lost them
MOST_NOTICES: Final = 100
# What concerns people outside of the room.
NOTICED: Final = frozenset({"facilitation_flagged", "on_call_alerted"})


class Host:
    """One live room. ``run`` it as a task; every other method is plain and quick."""

    def __init__(
        self,
        key: str,
        terms: Terms,
        engine: Engine,
        *,
        clock: Callable[[], float],
        circle: Callable[[], Circle],
        tally: Tally,
        rush: Rush,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self.key = key
        self.room = LiveRoom.of(terms)
        self.people = Gathering(circle, keeps_catch_up=terms.keeps_catch_up)
        self.open = asyncio.Event()
        self._engine = engine
        self._clock = clock
        self._tally = tally
        self._rush = rush
        self._last = 0
        self._version = 0
        self._heard = Position("", 0)
        self._hearing: Hearing
        self._controls = codec.ControlsEncoder()
        self._requests: deque[Request] = deque()
        self._carried: list[Request] = []
        self.is_over = False
        self._asked = asyncio.Event()
        self._in_step = asyncio.Event()
        self._in_step.set()
        self._echo: tuple[int, float, asyncio.Future[None]] | None = None
        self.notices: deque[tuple[Event, float]] = deque()
        self._receipts: dict[str, float] = {}
        self._due: tuple[LiveRoom, float | None] | None = None
        self._neighbours = Neighbours(key, engine, self.people.ring, clock)
        self._returning = Returning(self._lacks, self._let_in, answer_seconds)

    # What others ask

    @property
    def at(self) -> Position:
        """Where the room is, in the numbers that people see."""
        return Position(self._heard.epoch, self._heard.seq - self.room.controls.hidden)

    def now(self) -> float:
        """The time, never twice the same and never backwards: message ids and everything folded rely on it."""
        self._last = max(_microseconds(self._clock()), self._last + 1)
        return self._last / 1_000_000

    def submit(self, command: Command, actor: Actor, reply: Reply, *, ref: str | None = None) -> None:
        """Ask for something. ``reply`` is called once, after whatever the command caused has been sent out."""
        if self.is_over or len(self._requests) >= MOST_WAITING:
            reply(Refusal("unavailable" if self.is_over else "busy"))
            return
        once = None if ref is None else f"{actor.seat}:{ref}"
        self._requests.append(Request(command, actor, once, reply))
        # A facilitator waits for no rush, and whatever else is asked takes those who wait along.
        comes = isinstance(command, Arrive) and actor.role is Role.MEMBER
        if not (comes and self._rush.gathers(self._asked.set)):
            self._asked.set()

    async def ask(self, command: Command, actor: Actor) -> Outcome:
        """Ask for something and wait for the answer."""
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.submit(command, actor, lambda outcome: None if answer.done() else answer.set_result(outcome))
        return await answer

    def join(self, guest: Guest, after: Position | None, *, newcomer: bool = False) -> None:
        """Bring a connection of a seated person in, and tell it everything since ``after`` that it may know.

        newcomer: to whom others may have spoken since they came through the door. They are told everything since then.
        If that is not here, the other hosts of the room are asked first, for a moment.
        """
        if (newcomer or after is not None) and self._lacks(guest, after) and self._neighbours.ask(self.at):
            self._returning.wait([guest], after)
        else:
            self.people.join(guest, self.room, self.at, after, self._clock(), newcomer=newcomer)

    def part(self, guest: Guest) -> bool:
        """A connection is gone. True when it was the person's last one here."""
        self._returning.part(guest)
        return self.people.part(guest)

    def see_off(self, code: int) -> None:
        """Close every connection here."""
        self.people.see_off(code)
        self._returning.see_off(code)

    @property
    def is_empty(self) -> bool:
        """Nobody is here; the room is hosted for those who may come."""
        return not self.people.seats and not self._returning

    async def hand_over(self) -> None:
        """This node goes: the other hosts of the room are told what they may lack of its last minutes."""
        await self._neighbours.hand_over(self.at)

    def pass_time(self) -> None:
        """Asked about twice a second: carry out what is due, and give up on an echo that does not come."""
        at = self._clock()
        if self._echo is not None and at > self._echo[1] + ECHO_SECONDS and not self._echo[2].done():
            self._echo[2].set_exception(TimeoutError())
        if self._due is None or self._due[0] is not self.room:
            deadline = live.next_deadline(self.room)
            self._due = (self.room, None if deadline is None else deadline[0])
        due = self._due[1]
        if due is not None and due <= at:
            self.submit(live.Tick(), THE_CLOCK, _unheard)

    def learn(self, terms: Terms) -> None:
        """The one thing an organiser sets that may change while the room is live: what is planned after it."""
        if terms.free_until != self.room.terms.free_until:
            self.room = replace(self.room, terms=replace(self.room.terms, free_until=terms.free_until))

    def beat(self) -> None:
        """Tell everybody where the room is, so that the loss of a last message shows too."""
        # Another node may have committed since that somebody is gone, and this one would still know their name.
        self._controls = codec.ControlsEncoder()
        self._forget_receipts()
        self.people.beat(self.at, self._clock())

    async def run(self) -> None:
        """Listen and commit until cancelled. Whoever still waits then, for an answer or to be let in, is told."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen())
                tasks.create_task(self._commit())
                tasks.create_task(self._neighbours.speak())
        finally:
            self.is_over = True
            self._returning.stop()
            self.open.set()
            for request in (*self._carried, *self._requests):
                request.answer(Refusal("unavailable"))

    # From commands to a commit

    async def _commit(self) -> None:
        await self.open.wait()
        while True:
            await self._asked.wait()
            self._asked.clear()
            while self._requests:
                together = min(MOST_TOGETHER, len(self._requests))
                self._carried = [self._requests.popleft() for _ in range(together)]
                await self._carry(self._carried)
                self._carried = []

    async def _carry(self, requests: list[Request]) -> None:
        try:
            for _ in range(ATTEMPTS):
                decided = decide(self.room, requests, self.now)
                if not decided.entries:
                    await self._answer_known(decided.known)
                    return
                if not self._in_step.is_set():
                    # What is committed before the room is loaded again would be taken for something missed.
                    async with asyncio.timeout(2 * RETRY_SECONDS):
                        await self._in_step.wait()
                    continue
                change, heard = self._change(decided), self._heard
                outcome = await self._engine.commit(self.key, change)
                if isinstance(outcome, Committed):
                    self._tally.committed += 1
                    await self._until_shown(outcome.at, len(change.entries), heard)
                    answer_each(numbered(decided, outcome.at))
                    if decided.known:
                        await self._answer_known(decided.known)
                    return
                if isinstance(outcome, Repeated):
                    self._tally.repeated += 1
                    requests = drop_repeated(requests, outcome.firsts)
                else:
                    self._tally.conflicts += 1
                    await self._catch_up(outcome.head, change.version)
        except (EngineDown, TimeoutError):
            # Appended or not, nobody here knows: the page keeps the words, and the same ref is safe to send again.
            self._tally.undone += 1
            answer_each([(request, Refusal("unavailable")) for request in requests])
        else:
            answer_each([(request, Refusal("busy")) for request in requests])

    def _change(self, decided: Decided) -> Change:
        changed = decided.room.controls is not self.room.controls
        return Change(
            epoch=self._heard.epoch,
            version=self._version,
            entries=tuple([codec.encode_event(event, at) for event, at in decided.entries]),
            controls=self._controls.encode(decided.room.controls) if changed else None,
            once=decided.once,
        )

    async def _answer_known(self, known: list[tuple[Request, Outcome]]) -> None:
        """Whoever sends a command again is told how it went, though by now it would be refused.

        It may be refused for what it did itself, or for a quiet that came after it: the words are in the room, and
        saying *not sent* would have them said twice. The engine's receipts know, whichever node carried it.
        """
        refused = {
            request.once: 0 for request, outcome in known if request.once and isinstance(outcome, Refusal)
        }
        firsts: Mapping[str, int] = {}
        if refused:
            # No room has this version, so that nothing can come of it but an answer.
            outcome = await self._engine.commit(self.key, Change(self._heard.epoch, -1, (), once=refused))
            firsts = outcome.firsts if isinstance(outcome, Repeated) else firsts
        answer_each([(request, Done() if request.once in firsts else outcome) for request, outcome in known])

    async def _until_shown(self, at: Position, entries: int, heard: Position) -> None:
        """``heard``: where this host was when it decided. Raises EngineDown, TimeoutError: this may be lost."""
        if at.seq - entries < heard.seq:
            # Numbers that were given before: an older copy took over. No host can tell this from what it has shown.
            await self._reload(fell_back=at.epoch)
            raise EngineDown(sent=True)
        await self._until_heard(at)

    async def _until_heard(self, at: Position) -> None:
        """An answer is given only when this node has seen what it answers come back."""
        self._hear_what_waits()
        if self._heard.epoch != at.epoch or self._heard.seq < at.seq:
            echo = asyncio.get_running_loop().create_future()
            self._echo = (at.seq, self._clock(), echo)
            try:
                await echo
            finally:
                self._echo = None

    async def _catch_up(self, head: Head, known: int) -> None:
        """Somebody else changed the controls first. What they did is on its way here, unless it got lost."""
        if head.at.epoch != self._heard.epoch or head.version < known:
            await self._reload()
        elif head.version > self._version:
            try:
                await self._until_heard(head.at)
            except TimeoutError:
                await self._reload()
            if head.version > self._version:
                await self._reload()

    # From the engine to people

    async def _listen(self) -> None:
        async with self._engine.listen(self.key) as hearing:
            await self._reload()
            self._hearing = hearing
            self.open.set()
            async for item in hearing:
                match item:
                    case Batch():
                        await self._hear(item)
                    case Gap():
                        await self._find_step()
                    case _:
                        self._neighbours.hear(item.note, self.at)
                        self._returning.look_again()

    async def _hear(self, batch: Batch) -> None:
        if self._is_next(batch):
            self._fold(batch)
            return
        self._remember(batch.once)
        at, heard = batch.at, self._heard
        only_controls = not batch.entries and at.seq == heard.seq and batch.version > self._version
        if at.epoch != heard.epoch or at.seq > heard.seq or only_controls:
            await self._find_step()

    def _hear_what_waits(self) -> None:
        """What has come by now, without waiting for the listening task to be woken; it has nothing half done, or we
        would be out of step. Whatever is not simply the next thing that happened is left to it."""
        while self._in_step.is_set():
            batch = self._hearing.waiting
            if not isinstance(batch, Batch) or not self._is_next(batch):
                return
            self._hearing.take()
            self._fold(batch)

    def _is_next(self, batch: Batch) -> bool:
        entries, at, heard = len(batch.entries), batch.at, self._heard
        return entries > 0 and at.seq - entries == heard.seq and at.epoch == heard.epoch

    def _fold(self, batch: Batch) -> None:
        self._remember(batch.once)
        before = self.room
        seq = self._heard.seq
        for entry in batch.entries:
            event, at, body = codec.decode_event(entry)
            after = live.evolve(self.room, event, at)
            if after.controls is self.room.controls and after.controls is not before.controls:
                # Whoever was let in or put out before these words must be in or out when they are shown.
                self._heard = Position(batch.at.epoch, seq)
                self._show_changes(before)
                before = after
            seq += 1
            self.room = after
            if event.type in NOTICED and len(self.notices) < MOST_NOTICES:
                self.notices.append((event, at))
            self.people.show(event, at, body, seq - self.room.controls.hidden, self.room)
        self._heard = batch.at
        self._version = batch.version
        self._last = max(self._last, _microseconds(at))
        if self.room.controls is not before.controls:
            self._show_changes(before)
        if self._echo is not None and self._echo[0] <= seq and not self._echo[2].done():
            self._echo[2].set_result(None)

    def _show_changes(self, before: LiveRoom) -> None:
        self.people.show_changes(before, self.room, self.at, self._clock())

    async def _find_step(self) -> None:
        """Something was missed. Nothing is committed until it is known where the room is."""
        since = time.monotonic()
        self._tally.gaps += 1
        self._in_step.clear()
        await self._reload()
        self._in_step.set()
        self._tally.healed.add(time.monotonic() - since)

    async def _reload(self, *, fell_back: str = "") -> None:
        """Take the room from the engine, having missed something or never having known it.

        fell_back: the epoch in which it is known to have given numbers twice, though its head may not show it any more.
        """
        while True:
            try:
                known, heard = self._version, self._heard
                head = await self._engine.load(self.key)
                while (
                    head.version < known
                    or head.at.epoch == fell_back
                    or (head.at.epoch == heard.epoch and head.at.seq < heard.seq)
                ):
                    head = await self._renew(head)
            except EngineDown:
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self._adopt(head)
                return

    async def _renew(self, head: Head) -> Head:
        """The engine lost what is still known here (flushed, or an older copy took over): bring it back.

        Quiets and removals must survive it. The numbers begin again, so that nobody takes what comes for what they have
        seen, and everybody is told that they may have missed something. So must the receipts: words that were shown, and
        whose sender never learned it, would be said twice.
        """
        controls = codec.encode_controls(replace(self.room.controls, hidden=0))
        self._forget_receipts()
        once = dict.fromkeys(list(self._receipts)[-MOST_RECEIPTS:], 0)
        change = Change(head.at.epoch, head.version, (), controls, once=once, renew=max(1, self._version))
        while isinstance(outcome := await self._engine.commit(self.key, change), Repeated):
            once = {key: 0 for key in change.once if key not in outcome.firsts}
            change = msgspec.structs.replace(change, once=once)
        if isinstance(outcome, Conflict):
            return outcome.head
        return Head(outcome.at, outcome.version, controls)

    def _remember(self, receipts: tuple[str, ...]) -> None:
        """Whose words have come, so that an engine which forgot it can be told: they are sent again by who had no answer."""
        if receipts:
            self._receipts |= dict.fromkeys(receipts, self._clock())

    def _forget_receipts(self) -> None:
        """With each beat, and not with each message: the first of a dict is behind all those that were taken out."""
        known = self._clock() - RECEIPT_SECONDS
        self._receipts = {receipt: at for receipt, at in self._receipts.items() if at > known}

    def _adopt(self, head: Head) -> None:
        if (
            head.at.epoch == self._heard.epoch
            and head.at.seq <= self._heard.seq
            and head.version <= self._version
        ):
            return
        was, first, was_over = self.at, not self._heard.epoch, self.room.state in OVER
        if head.controls is not None:
            self.room = replace(self.room, controls=codec.decode_controls(head.controls))
        if self.room.state in OVER:
            if not was_over:
                self.room = replace(self.room, recent=Recent())
            elif self.room.controls.lines_until is None:
                self.room = forgotten(self.room)
        elif self.room.controls.slow:
            # Anybody may have spoken in the last moment of what was not heard here, and could speak once more otherwise.
            said_at = dict.fromkeys(self.room.controls.seats, self._clock())
            self.room = self.room.with_recent(said_at=said_at)
        self._heard, self._version = head.at, head.version
        self.people.ring.restart(self.at, self._clock())
        # Nobody needs it yet, perhaps. But the node that has it may be dead when somebody does.
        asked = self._neighbours.ask(self.at) and not first and self.people.ring.lacks(was)
        asked = asked and self.room.state not in OVER
        taken_out = self.people.start_again(self.room, self.at, self._clock(), asked=asked)
        self._returning.wait(taken_out, was)
        if self._echo is not None and not self._echo[2].done():
            self._echo[2].set_exception(TimeoutError())

    # What other hosts may know

    def _lacks(self, guest: Guest, after: Position | None) -> bool:
        """``after`` None: since they came through the door."""
        seat = self.room.seat(guest.actor.seat)
        if after is None and seat is not None:
            return self.people.ring.lacks_the_coming_in_of(seat)
        return after is not None and self.people.ring.lacks(after)

    def _let_in(self, guest: Guest, after: Position | None) -> None:
        newcomer = after is None
        self.people.join(guest, self.room, self.at, after, self._clock(), newcomer=newcomer)


def _unheard(_: Outcome) -> None:
    """The clock waits for no answer."""


def _microseconds(at: float) -> int:
    """Whole, because rounding to six digits costs as much as encoding a message does."""
    return round(at * 1_000_000)
