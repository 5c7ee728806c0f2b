"""What people do with their own turn, or with the word a facilitator gave them."""

from dataclasses import replace

from rooms.live.hands import Finished
from rooms.live.permissions import RIGHTS
from rooms.live.rounds import TurnEnded, TurnPassed, ended, let_go
from rooms.live.state import LiveRoom
from rooms.live.words import (
    NOBODY,
    OPEN,
    TALKING,
    Actor,
    Command,
    Decision,
    Event,
    Refusal,
    SeatId,
    State,
    command,
    event,
)

EXTRAS = (1, 2, 3)


@command("done", by=RIGHTS["turn"], during=TALKING | {State.PAUSED})
class Done(Command):
    """I have said what I wanted to say. Done without a word is a turn passed."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        now = room.controls.round
        if now is not None and now.speaker == actor.seat:
            used = now.spoke or actor.seat in now.owed
            return ended(room, TurnEnded(actor.seat, "done" if used else "passed"), at)
        if now is None and room.controls.called == actor.seat:
            return (Finished(actor.seat),)
        return Refusal("not_your_turn")


@command("pass_turn", by=RIGHTS["turn"], during=TALKING | {State.PAUSED})
class PassTurn(Command):
    """Let one's turn go by, now or before it comes. Nobody asks why; a raised hand brings it back, at the end."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        now = room.controls.round
        if now is None:
            return Refusal("no_round")
        if now.speaker == actor.seat:
            return ended(room, TurnEnded(actor.seat, "passed"), at)
        if actor.seat in now.passed or actor.seat in now.done:
            return Refusal("already")
        return (TurnPassed(actor.seat),) if actor.seat in now.order else Refusal("not_your_turn")


@command("come_back_later", by=RIGHTS["turn"], during=TALKING | {State.PAUSED})
class ComeBackLater(Command):
    """Have one's turn at the end instead; what is left of it, if it was used in part."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        now = room.controls.round
        if now is None or now.speaker != actor.seat:
            return Refusal("not_your_turn")
        if actor.seat in now.deferred:
            return Refusal("only_once")
        return ended(room, TurnEnded(actor.seat, let_go(now)), at)


@command("more_time", by=RIGHTS["turn"], during=TALKING)
class MoreTime(Command):
    """Half a turn more, with one key, once. Nobody else is told."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        now = room.controls.round
        if now is None or now.speaker != actor.seat or now.phase not in {"turn", "grace"}:
            return Refusal("not_your_turn")
        if now.longer:
            return Refusal("only_once")
        return (TurnExtended(actor.seat, now.seconds * room.controls.seats[actor.seat].extra / 2),)


@event("turn_extended", reach=NOBODY)
class TurnExtended(Event):
    seat: SeatId
    seconds: float

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        now = room.controls.round
        if now is None or now.speaker != self.seat:
            return room
        # The thirty seconds of grace come after it again.
        left = 0.0 if now.phase == "grace" else (now.until - at if now.left is None else now.left)
        left += self.seconds
        return room.with_controls(
            round=replace(
                now,
                phase="turn",
                length=max(now.length, left),
                until=at + left if now.left is None else now.until,
                left=None if now.left is None else left,
                longer=True,
            )
        )

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@command("set_extra_time", by=RIGHTS["own_seat"], during=OPEN)
class SetExtraTime(Command):
    """How many times the ordinary length one's own turns are, from the next one on."""

    times: int

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.times not in EXTRAS:
            return Refusal("invalid")
        if room.controls.seats[actor.seat].extra == self.times:
            return Refusal("already")
        return (ExtraTimeSet(actor.seat, self.times),)


@event("extra_time_set", reach=NOBODY)
class ExtraTimeSet(Event):
    """A reason to need more time is nobody's business: facilitators do not learn it either."""

    seat: SeatId
    times: int

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        return room if seat is None else room.seated(at, replace(seat, extra=self.times))

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@command("show_timer", by=RIGHTS["own_seat"], during=OPEN)
class ShowTimer(Command):
    """Whether the others may see how long one's own turn still is. Unless somebody chooses so, only they see it."""

    on: bool

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if room.controls.seats[actor.seat].timer_shown == self.on:
            return Refusal("already")
        return (TimerShown(actor.seat, self.on),)


@event("timer_shown", reach=NOBODY)
class TimerShown(Event):
    """The others see a clock, or none any more, and are told nothing of a choice."""

    seat: SeatId
    on: bool

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        return room if seat is None else room.seated(at, replace(seat, timer_shown=self.on))

    @property
    def concerns(self) -> SeatId | None:
        return self.seat
