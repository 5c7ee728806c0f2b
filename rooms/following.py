"""A live room as this node has heard it: what the engine handed over, folded in its order and shown to those who are here."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import msgspec

from rooms import codec, live
from rooms.bell import Bell
from rooms.deciding import Decided
from rooms.engines import (
    RECEIPT_SECONDS,
    Batch,
    Change,
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
from rooms.live import Event, LiveRoom, Terms
from rooms.live.afterwards import forgotten
from rooms.live.state import Recent
from rooms.live.words import OVER
from rooms.neighbours import Neighbours
from rooms.returning import Returning
from rooms.tally import Tally

ECHO_SECONDS: Final = 5.0
RETRY_SECONDS: Final = 0.5
MOST_RECEIPTS: Final = 1000  # that an engine is told again when it lost them
MOST_NOTICES: Final = 100  # anybody may bring one about again and again, but a call for somebody
# What concerns people outside of the room.
NOTICED: Final = frozenset({"facilitation_flagged", "on_call_alerted"})


class Following:
    """Of one host. ``listen`` is a task of its own; nobody else changes what is here.

    room: as it was when the last entry was heard. heard, version: where that is, in the engine's numbers.
    own: what this host has decided and is committing. What comes back as the very bytes is known already.
    open: the room was loaded, and what is committed from here on is heard. in_step: nothing that was missed is being looked for.
    notices: what concerns people outside, until it is passed on.
    """

    def __init__(
        self,
        key: str,
        terms: Terms,
        engine: Engine,
        *,
        clock: Callable[[], float],
        circle: Callable[[], Circle],
        tally: Tally,
        answer_seconds: float,
    ) -> None:
        self.key = key
        self.room = LiveRoom.of(terms)
        self.people = Gathering(circle, keeps_catch_up=terms.keeps_catch_up)
        self.heard = Position("", 0)
        self.version = 0
        self.own: Decided | None = None
        self.open = Bell()
        self.in_step = Bell()
        self.in_step.set()
        self.notices: list[tuple[Event, float]] = []
        self.neighbours = Neighbours(key, engine, self.people.ring, clock)
        self.returning = Returning(self.lacks, self._let_in, answer_seconds)
        self._engine = engine
        self._clock = clock
        self._tally = tally
        self._last = 0
        self._hearing: Hearing
        self._echo: tuple[int, float, asyncio.Future[None]] | None = None
        self._receipts: dict[str, float] = {}

    @property
    def at(self) -> Position:
        """Where the room is, in the numbers that people see."""
        return Position(self.heard.epoch, self.heard.seq - self.room.controls.hidden)

    def now(self) -> float:
        """The time, never twice the same and never backwards: message ids and everything folded rely on it."""
        self._last = max(_microseconds(self._clock()), self._last + 1)
        return self._last / 1_000_000

    # What a commit waits for

    @property
    def is_clear(self) -> bool:
        """Whatever is committed now is the next thing that is heard."""
        return self.open.is_set() and self.in_step.is_set() and self._hearing.waiting is None

    async def until_heard(self, at: Position) -> None:
        """An answer is given only when this node has seen what it answers come back."""
        self.hear_what_waits()
        if self.heard.epoch != at.epoch or self.heard.seq < at.seq:
            echo = asyncio.get_running_loop().create_future()
            self._echo = (at.seq, self._clock(), echo)
            try:
                await echo
            finally:
                self._echo = None

    async def catch_up(self, head: Head, known: int) -> None:
        """Somebody else changed the controls first. What they did is on its way here, unless it got lost."""
        if head.at.epoch != self.heard.epoch or head.version < known:
            await self.reload()
        elif head.version > self.version:
            try:
                await self.until_heard(head.at)
            except TimeoutError:
                await self.reload()
            if head.version > self.version:
                await self.reload()

    def give_up_on_echo(self, at: float) -> None:
        """What was committed and is not heard for seconds is not going to be."""
        if self._echo is not None and at > self._echo[1] + ECHO_SECONDS and not self._echo[2].done():
            self._echo[2].set_exception(TimeoutError())

    def learn(self, terms: Terms) -> None:
        if terms.free_until != self.room.terms.free_until:
            self.room = replace(self.room, terms=replace(self.room.terms, free_until=terms.free_until))

    # From the engine to people

    async def listen(self) -> None:
        async with self._engine.listen(self.key) as hearing:
            await self.reload()
            self._hearing = hearing
            self.open.set()
            async for item in hearing:
                match item:
                    case Batch():
                        await self._hear(item)
                    case Gap():
                        await self._find_step()
                    case _:
                        self.neighbours.hear(item.note, self.at)
                        self.returning.look_again()

    async def _hear(self, batch: Batch) -> None:
        if self._is_next(batch):
            self._fold(batch)
            return
        self._remember(batch.once)
        at, heard = batch.at, self.heard
        only_controls = not batch.entries and at.seq == heard.seq and batch.version > self.version
        if at.epoch != heard.epoch or at.seq > heard.seq or only_controls:
            await self._find_step()

    def hear_what_waits(self) -> None:
        """What has come by now, without waiting for the listening task to be woken; it has nothing half done, or we
        would be out of step. Whatever is not simply the next thing that happened is left to it."""
        while self.in_step.is_set():
            batch = self._hearing.waiting
            if not isinstance(batch, Batch) or not self._is_next(batch):
                return
            self._hearing.take()
            self._fold(batch)

    def _is_next(self, batch: Batch) -> bool:
        entries, at, heard = len(batch.entries), batch.at, self.heard
        return entries > 0 and at.seq - entries == heard.seq and at.epoch == heard.epoch

    def _fold(self, batch: Batch) -> None:
        self._remember(batch.once)
        before = self.room
        seq = self.heard.seq
        own = self.own
        if own is not None and (own.before is not before or own.encoded != batch.entries):
            own = None
        for index, entry in enumerate(batch.entries):
            if own is None:
                event, at, body = codec.decode_event(entry)
                after = live.evolve(self.room, event, at)
            else:
                # The very bytes that left have come back: they need not be read to know what they say.
                (event, at), after, body = own.entries[index], own.rooms[index], codec.body_of(entry)
            if after.controls is self.room.controls and after.controls is not before.controls:
                # Whoever was let in or put out before these words must be in or out when they are shown.
                self.heard = Position(batch.at.epoch, seq)
                self._show_changes(before)
                before = after
            seq += 1
            self.room = after
            if event.type in NOTICED and (
                event.type == "on_call_alerted" or len(self.notices) < MOST_NOTICES
            ):
                self.notices.append((event, at))
            self.people.show(event, at, body, seq - self.room.controls.hidden, self.room)
        self.heard = batch.at
        self.version = batch.version
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
        self.in_step.clear()
        await self.reload()
        self.in_step.set()
        self._tally.healed.add(time.monotonic() - since)

    async def reload(self, *, fell_back: str = "") -> None:
        """Take the room from the engine, having missed something or never having known it.

        fell_back: the epoch in which it is known to have given numbers twice, though its head may not show it any more.
        """
        while True:
            try:
                known, heard = self.version, self.heard
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
        self.forget_receipts()
        once = dict.fromkeys(list(self._receipts)[-MOST_RECEIPTS:], 0)
        change = Change(head.at.epoch, head.version, (), controls, once=once, renew=max(1, self.version))
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

    def forget_receipts(self) -> None:
        """With each beat, and not with each message: the first of a dict is behind all those that were taken out."""
        known = self._clock() - RECEIPT_SECONDS
        self._receipts = {receipt: at for receipt, at in self._receipts.items() if at > known}

    def _adopt(self, head: Head) -> None:
        if (
            head.at.epoch == self.heard.epoch
            and head.at.seq <= self.heard.seq
            and head.version <= self.version
        ):
            return
        was, first, was_over = self.at, not self.heard.epoch, self.room.state in OVER
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
        self.heard, self.version = head.at, head.version
        self.people.ring.restart(self.at, self._clock())
        # Nobody needs it yet, perhaps. But the node that has it may be dead when somebody does.
        asked = self.neighbours.ask(self.at) and not first and self.people.ring.lacks(was)
        asked = asked and self.room.state not in OVER
        taken_out = self.people.start_again(self.room, self.at, self._clock(), asked=asked)
        self.returning.wait(taken_out, was)
        if self._echo is not None and not self._echo[2].done():
            self._echo[2].set_exception(TimeoutError())

    # What other hosts may know

    def lacks(self, guest: Guest, after: Position | None) -> bool:
        """``after`` None: since they came through the door."""
        seat = self.room.seat(guest.actor.seat)
        if after is None and seat is not None:
            return self.people.ring.lacks_the_coming_in_of(seat)
        return after is not None and self.people.ring.lacks(after)

    def _let_in(self, guest: Guest, after: Position | None) -> None:
        newcomer = after is None
        self.people.join(guest, self.room, self.at, after, self._clock(), newcomer=newcomer)


def _microseconds(at: float) -> int:
    """Whole, because rounding to six digits costs as much as encoding a message does."""
    return round(at * 1_000_000)
