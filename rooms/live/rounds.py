"""Equal time for typed turns: the course of a round, from its preview to everybody having had a turn.

What happens to people meanwhile is not its business: ``floor.kept`` stops the clock and lets it go on.
"""

from collections.abc import Iterator
from dataclasses import field, replace

from rooms.live.floor import GRACE
from rooms.live.state import LiveRoom, Round
from rooms.live.talk import silenced
from rooms.live.words import (
    NOBODY,
    Audience,
    Due,
    Event,
    Mode,
    SeatId,
    deadlines,
    event,
)

PREVIEW = 15.0
READY = 10.0


@event("round_began", told=True)
class RoundBegan(Event):
    """Everybody sees the order, and so their own place in it, before anybody's turn begins."""

    card: str
    seconds: int
    order: tuple[SeatId, ...]
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        controls = room.controls
        before = controls.mode_before if controls.mode is Mode.SIT else controls.mode
        # A turn is what a hand asked for, unless it asked for help.
        hands = tuple(hand for hand in controls.hands if hand.seat not in self.order or hand.reason == "help")
        began = Round(
            self.card, self.seconds, self.order, "preview", at + PREVIEW, length=PREVIEW, before=before
        )
        return room.with_controls(mode=Mode.ROUND, mode_until=None, called="", hands=hands, round=began)


@event("preview_ended")
class PreviewEnded(Event):
    """The first of the order gets ready."""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        now = room.controls.round
        return room if now is None else room.with_controls(round=_next(room, now, at))


@event("turn_began")
class TurnBegan(Event):
    """How long it is, only the person whose turn it is learns: it may be longer than others' for reasons of their own."""

    seat: SeatId
    seconds: float | None

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        now = _turn_of(room, self.seat)
        if now is None or self.seconds is None:
            return room
        return room.with_controls(
            round=replace(now, phase="turn", until=at + self.seconds, length=self.seconds, left=None)
        )

    def shown_to(self, audience: Audience) -> Event | None:
        return Event.shown_to(TurnBegan(self.seat, None), audience)

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@event("grace_began", reach=NOBODY)
class GraceBegan(Event):
    """The time is over, and there are thirty seconds to finish the sentence. Only the speaker is told."""

    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        now = _turn_of(room, self.seat)
        if now is None:
            return room
        return room.with_controls(
            round=replace(now, phase="grace", until=at + GRACE, length=GRACE, left=None)
        )

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@event("turn_ended")
class TurnEnded(Event):
    """``how``: done · passed · later, at the end of the round. Why somebody passed, nobody learns."""

    seat: SeatId
    how: str

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        now = _turn_of(room, self.seat)
        if now is None:
            return room
        if self.how == "later":
            left = now.until - at if now.left is None else now.left
            if now.phase == "turn" and now.spoke:
                now = replace(now, owed={**now.owed, self.seat: max(left, 0.0)})
            now = _put_off(now)
        elif self.how == "done":
            now = replace(now, done=(*now.done, self.seat), index=now.index + 1)
        else:
            now = replace(now, passed=(*now.passed, self.seat), index=now.index + 1)
        return room.with_controls(round=_next(room, now, at))


@event("turn_passed")
class TurnPassed(Event):
    """Somebody lets a turn go by that has not come yet."""

    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        now = room.controls.round
        if now is None:
            return room
        return room.with_controls(round=replace(now, passed=(*now.passed, self.seat)))


@event("round_joined")
class RoundJoined(Event):
    """Somebody who came late, or who had passed, has a turn at the end after all."""

    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        now = room.controls.round
        if now is None:
            return room
        index, order = now.index, now.order
        if self.seat in order:
            index -= order.index(self.seat) < index
            order = tuple(each for each in order if each != self.seat)
        passed = tuple(each for each in now.passed if each != self.seat)
        return room.with_controls(round=replace(now, order=(*order, self.seat), index=index, passed=passed))


@event("round_finished")
class RoundFinished(Event):
    """Everybody had a turn, or (``why``: alone) nobody else is left to listen. The room talks as it did before."""

    why: str = ""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return without_round(room)


def without_round(room: LiveRoom) -> LiveRoom:
    now = room.controls.round
    return room if now is None else room.with_controls(round=None, mode=now.before)


# Whose turn it is


def let_go(now: Round) -> str:
    """How a turn ends that its owner cannot use just now, or did not. Once, it comes again at the end."""
    used = now.spoke or now.speaker in now.owed
    if now.speaker not in now.deferred and not (used and now.phase == "grace"):
        return "later"
    return "done" if used else "passed"


def ended(room: LiveRoom, turn: TurnEnded, at: float) -> tuple[Event, ...]:
    """The end of this turn, and with the last one the end of the round."""
    after = turn.evolve(room, at).controls.round
    return (turn, RoundFinished()) if after is not None and after.phase == "over" else (turn,)


def may_join(now: Round, seat: SeatId) -> bool:
    return seat not in now.order or seat in now.passed


def _turn_of(room: LiveRoom, seat: SeatId) -> Round | None:
    now = room.controls.round
    return now if now is not None and now.speaker and now.speaker == seat else None


def _put_off(now: Round) -> Round:
    seat = now.order[now.index]
    order = (*now.order[: now.index], *now.order[now.index + 1 :], seat)
    return replace(now, order=order, deferred=(*now.deferred, seat))


def _next(room: LiveRoom, now: Round, at: float) -> Round:
    """The next person gets ready. Whoever cannot speak just now keeps a place at the end, once."""
    while now.index < len(now.order):
        seat = now.order[now.index]
        if seat in now.passed:
            now = replace(now, index=now.index + 1)
        elif _could_speak(room, seat, at):
            return _entered(now, "ready", at, READY)
        elif seat in now.deferred:
            now = replace(now, index=now.index + 1, passed=(*now.passed, seat))
        else:
            now = _put_off(now)
    return _entered(now, "over", at, 0.0)


def _entered(now: Round, phase: str, at: float, length: float) -> Round:
    return replace(
        now,
        phase=phase,
        until=at + length,
        length=length,
        left=None,
        awaited=False,
        spoke=False,
        longer=False,
    )


def _could_speak(room: LiveRoom, seat_id: SeatId, at: float) -> bool:
    seat = room.seat(seat_id)
    return seat is not None and silenced(seat, at) is None


# The passing of time


@deadlines
def _of_the_round(room: LiveRoom) -> Iterator[Due]:
    now = room.controls.round
    if now is None or (now.left is not None and not now.awaited):
        return
    if is_alone(room, now.order):
        yield now.until - now.length, RoundFinished(why="alone")
    elif now.phase == "preview":
        yield now.until, PreviewEnded()
    elif now.phase == "over":
        yield now.until, RoundFinished()
    else:
        yield _of_the_turn(room, now, now.speaker)


def is_alone(room: LiveRoom, order: tuple[SeatId, ...]) -> bool:
    """Of those who take turns, one at most is still here."""
    here = (room.seat(seat) for seat in order)
    return sum(1 for seat in here if seat is not None and seat.inside and not seat.listening) < 2


def _of_the_turn(room: LiveRoom, now: Round, speaker: SeatId) -> Due:
    began = now.until - now.length
    if not _could_speak(room, speaker, began):
        # Somebody was quieted, rests in the corner, or left: not to be waited out by everybody.
        return began, TurnEnded(speaker, let_go(now))
    if now.awaited:
        return now.until, TurnEnded(speaker, let_go(now))
    if now.phase == "ready":
        seat = room.controls.seats[speaker]
        return now.until, TurnBegan(speaker, now.owed.get(speaker, float(now.seconds * seat.extra)))
    if now.phase == "turn":
        return now.until, GraceBegan(speaker)
    return now.until, TurnEnded(speaker, let_go(now))
