"""Hands: who asks for the word, in which order, and who has it."""

from dataclasses import field, replace

from rooms.live.modes import SitEnded
from rooms.live.permissions import RIGHTS
from rooms.live.rounds import RoundJoined, may_join
from rooms.live.state import Hand, LiveRoom, Seat
from rooms.live.talk import silenced
from rooms.live.words import (
    TALKING,
    UNDER_WAY,
    Actor,
    Command,
    Decision,
    Event,
    Mode,
    Refusal,
    SeatId,
    State,
    command,
    event,
)

HAND_REASONS = ("", "reply", "new", "help")
MOVES = ("reply", "not_heard_yet", "short_of_time", "help")
_AT_ONCE = 3.0


def hand_of(room: LiveRoom, seat: SeatId) -> Hand | None:
    return next((hand for hand in room.controls.hands if hand.seat == seat), None)


@command("raise_hand", by=RIGHTS["hand"], during=TALKING | {State.PAUSED})
class RaiseHand(Command):
    """Ask for the word. It ends sitting together, and in a round brings a turn to somebody who has none coming."""

    reason: str = ""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.reason not in HAND_REASONS:
            return Refusal("invalid")
        seat, now = room.controls.seats[actor.seat], room.controls.round
        if seat.corner_since is not None:
            return Refusal("cornered")
        if now is not None and not seat.listening and seat.id not in now.done:
            return (RoundJoined(seat.id),) if may_join(now, seat.id) else Refusal("already")
        hand = hand_of(room, seat.id)
        raised: tuple[Event, ...] = ()
        if hand is None or hand.reason != self.reason:
            raised = (HandRaised(seat.id, self.reason),)
        if room.controls.mode is Mode.SIT:
            return (*raised, SitEnded(why="hand"))
        return raised or Refusal("already")


@event("hand_raised")
class HandRaised(Event):
    seat: SeatId
    reason: str

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        hands = room.controls.hands
        if hand_of(room, self.seat) is None:
            return room.with_controls(hands=(*hands, Hand(self.seat, self.reason, at)))
        # Another reason keeps the place.
        changed = (replace(hand, reason=self.reason) if hand.seat == self.seat else hand for hand in hands)
        return room.with_controls(hands=tuple(changed))


@command("lower_hand", by=RIGHTS["own_seat"], during=UNDER_WAY)
class LowerHand(Command):
    """Somebody quieted may, too: it only ever asks for less."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        return Refusal("already") if hand_of(room, actor.seat) is None else (HandLowered(actor.seat),)


@event("hand_lowered")
class HandLowered(Event):
    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return _without(room, self.seat)


@command("call_next", by=RIGHTS["guide"], during=TALKING)
class CallNext(Command):
    """Give the word to the first raised hand that could use it now; the others before it keep their places."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        controls = room.controls
        if controls.mode is not Mode.HANDS:
            return Refusal("other_mode")
        # Of two facilitators who call at once, the second would take the word away again.
        if controls.called and at < controls.called_at + _AT_ONCE:
            return Refusal("already")
        raised = (room.seat(hand.seat) for hand in controls.hands)
        first = next((seat for seat in raised if seat is not None and _could_use_it(seat, at)), None)
        return Refusal("no_hands") if first is None else (Called(first.id, by=actor.name),)


@command("call", by=RIGHTS["guide"], during=TALKING)
class Call(Command):
    """Give the word to somebody whose hand is up, or to a facilitator; nobody is made to speak who did not ask."""

    seat: SeatId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if room.controls.mode is not Mode.HANDS:
            return Refusal("other_mode")
        seat = room.seat(self.seat)
        if seat is None or not seat.inside:
            return Refusal("not_here")
        if room.controls.called == seat.id:
            return Refusal("already")
        if hand_of(room, seat.id) is None and not room.on_duty(seat):
            return Refusal("no_hand")
        return (Called(seat.id, by=actor.name),)


def _could_use_it(seat: Seat, at: float) -> bool:
    """Somebody who listens can: they stop listening when they are called."""
    return seat.away_since is None and silenced(seat, at) in {None, "listening"}


@event("called", told=True)
class Called(Event):
    """Only this person may speak now."""

    seat: SeatId
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return _without(room, self.seat).with_controls(called=self.seat, called_at=at)


@event("finished")
class Finished(Event):
    """Somebody who was called has said what they wanted to say."""

    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(called="")


@command("skip_hand", by=RIGHTS["guide"], during=TALKING | {State.PAUSED})
class SkipHand(Command):
    """Pass somebody over for now: they stand last."""

    seat: SeatId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        hands = room.controls.hands
        if hand_of(room, self.seat) is None:
            return Refusal("no_hand")
        return Refusal("already") if hands[-1].seat == self.seat else (HandSkipped(self.seat, by=actor.name),)


@event("hand_skipped", told=True)
class HandSkipped(Event):
    seat: SeatId
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return _placed(room, self.seat, len(room.controls.hands))


@command("move_hand", by=RIGHTS["guide"], during=TALKING | {State.PAUSED})
class MoveHand(Command):
    """Give a hand another place, the first being 0, for a reason that everybody reads."""

    seat: SeatId
    place: int
    reason: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        seats = [hand.seat for hand in room.controls.hands]
        if self.reason not in MOVES or not 0 <= self.place < max(len(seats), 1):
            return Refusal("invalid")
        if self.seat not in seats:
            return Refusal("no_hand")
        if seats.index(self.seat) == self.place:
            return Refusal("already")
        return (HandMoved(self.seat, self.place, self.reason, by=actor.name),)


@event("hand_moved", told=True)
class HandMoved(Event):
    seat: SeatId
    place: int
    reason: str
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return _placed(room, self.seat, self.place)


@command("clear_hands", by=RIGHTS["guide"], during=TALKING | {State.PAUSED})
class ClearHands(Command):
    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        return (HandsCleared(by=actor.name),) if room.controls.hands else Refusal("already")


@event("hands_cleared", told=True)
class HandsCleared(Event):
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(hands=())


def _without(room: LiveRoom, seat: SeatId) -> LiveRoom:
    return room.with_controls(hands=tuple(hand for hand in room.controls.hands if hand.seat != seat))


def _placed(room: LiveRoom, seat: SeatId, place: int) -> LiveRoom:
    hand = hand_of(room, seat)
    if hand is None:
        return room
    others = _without(room, seat).controls.hands
    return room.with_controls(hands=(*others[:place], hand, *others[place:]))
