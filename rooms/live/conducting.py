"""Beginning a round, and what facilitators may do while it goes: shorten, pause, go on, end."""

from dataclasses import field, replace
from hashlib import sha256

from rooms.live.floor import stands_still
from rooms.live.permissions import RIGHTS
from rooms.live.rounds import RoundBegan, is_alone, without_round
from rooms.live.state import LiveRoom
from rooms.live.words import (
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

CARDS = ("opening", "check_in", "topic", "what_helped", "check_out", "thanks")
SHORTEST, LONGEST = 60, 300
ORDERS = ("shuffle", "listed", "volunteers")


@command("begin_round", by=RIGHTS["guide"], during=TALKING)
class BeginRound(Command):
    """Give everybody a turn of the same length, facilitators included, except those who came to listen."""

    card: str
    seconds: int = 120
    order: str = "shuffle"

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.card not in CARDS or not SHORTEST <= self.seconds <= LONGEST or self.order not in ORDERS:
            return Refusal("invalid")
        if room.controls.round is not None:
            return Refusal("already")
        if stands_still(room):
            return Refusal("held")
        order = _ordered(room, self.order, at)
        if is_alone(room, order):
            return Refusal("too_few")
        return (RoundBegan(self.card, self.seconds, order, by=actor.name),)


def _ordered(room: LiveRoom, order: str, at: float) -> tuple[SeatId, ...]:
    # Somebody quieted or in the corner has a place too: it would tell on them if they had none.
    seats = [seat.id for seat in room.controls.seats.values() if seat.inside and not seat.listening]
    if order == "shuffle":
        seats.sort(key=lambda seat: sha256(f"{at:.6f} {seat}".encode()).digest())
    elif order == "volunteers":
        hands = [hand.seat for hand in room.controls.hands]
        seats.sort(key=lambda seat: hands.index(seat) if seat in hands else len(hands))
    return tuple(seats)


@command("shorten_round", by=RIGHTS["guide"], during=TALKING | {State.PAUSED})
class ShortenRound(Command):
    """Make all turns that have not begun yet shorter by the same."""

    seconds: int

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        now = room.controls.round
        if now is None:
            return Refusal("no_round")
        if now.seconds == self.seconds:
            return Refusal("already")
        if not SHORTEST <= self.seconds < now.seconds:
            return Refusal("invalid")
        return (RoundShortened(self.seconds, by=actor.name),)


@event("round_shortened", told=True)
class RoundShortened(Event):
    seconds: int
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        now = room.controls.round
        return room if now is None else room.with_controls(round=replace(now, seconds=self.seconds))


@command("pause_round", by=RIGHTS["guide"], during=TALKING | {State.PAUSED})
class PauseRound(Command):
    """Let the clock stand; whoever has the turn may go on writing."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        now = room.controls.round
        if now is None:
            return Refusal("no_round")
        return Refusal("already") if now.halted else (RoundPaused(by=actor.name),)


@event("round_paused", told=True)
class RoundPaused(Event):
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return _halted(room, halted=True)


@command("go_on_round", by=RIGHTS["guide"], during=TALKING | {State.PAUSED})
class GoOnRound(Command):
    """Let the clock run again, with what was left."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        now = room.controls.round
        if now is None:
            return Refusal("no_round")
        return (RoundWentOn(by=actor.name),) if now.halted else Refusal("already")


@event("round_went_on", told=True)
class RoundWentOn(Event):
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return _halted(room, halted=False)


def _halted(room: LiveRoom, *, halted: bool) -> LiveRoom:
    now = room.controls.round
    return room if now is None else room.with_controls(round=replace(now, halted=halted))


@command("end_round", by=RIGHTS["guide"], during=TALKING | {State.PAUSED})
class EndRound(Command):
    """End it before everybody has had a turn. The page says so kindly, and nobody's draft is lost."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        return Refusal("no_round") if room.controls.round is None else (RoundEnded(by=actor.name),)


@event("round_ended", told=True)
class RoundEnded(Event):
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return without_round(room)
