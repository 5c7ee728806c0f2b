"""The quiet corner: stepping out without leaving; and how somebody would like to be answered."""

from collections.abc import Iterator
from dataclasses import replace

from rooms.live.permissions import RIGHTS
from rooms.live.state import MINUTE, LiveRoom
from rooms.live.talk import TAGS
from rooms.live.words import (
    NOBODY,
    ONLY_FACILITATORS,
    OPEN,
    UNDER_WAY,
    Actor,
    Command,
    Decision,
    Due,
    Event,
    Refusal,
    SeatId,
    command,
    deadlines,
    event,
)

NUDGED_AFTER = 20 * MINUTE


@command("go_to_corner", by=RIGHTS["corner"], during=UNDER_WAY)
class GoToCorner(Command):
    """Be sent nothing of the room for a while. Seat, hand, turn and whatever else stands on the seat are kept.

    shown: the others may know. leave_be: facilitators do not write either. Asked again, it changes these two.
    """

    shown: bool
    leave_be: bool

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        seat = room.controls.seats[actor.seat]
        if seat.corner_since is None:
            return (WentToCorner(seat=seat.id, since=at, shown=self.shown, leave_be=self.leave_be),)
        if (seat.corner_shown, seat.leave_be) == (self.shown, self.leave_be):
            return Refusal("already")
        return (
            WentToCorner(seat=seat.id, since=seat.corner_since, shown=self.shown, leave_be=self.leave_be),
        )


# Never numbered, whatever the person chose: a number would tell the others that somebody went who did not want it
# known. Who did shows in the list of people.
@event("went_to_corner", reach=ONLY_FACILITATORS)
class WentToCorner(Event):
    seat: SeatId
    since: float
    shown: bool
    leave_be: bool

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        if seat is None:
            return room
        return room.seated(
            at, replace(seat, corner_since=self.since, corner_shown=self.shown, leave_be=self.leave_be)
        )

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@command("leave_corner", by=RIGHTS["corner"], during=UNDER_WAY)
class LeaveCorner(Command):
    """Come back to the room; what was said meanwhile is not told."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        since = room.controls.seats[actor.seat].corner_since
        return (LeftCorner(seat=actor.seat, since=since),) if since is not None else Refusal("already")


@event("left_corner", reach=ONLY_FACILITATORS)
class LeftCorner(Event):
    """``since``: when they went, for "you were away 6 minutes"."""

    seat: SeatId
    since: float

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        return room if seat is None else room.seated(at, seat.out_of_the_corner(at))

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@event("corner_nudged", reach=NOBODY)
class CornerNudged(Event):
    """Still there? Asked once, of that person only, and nothing follows from it."""

    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        return room if seat is None else room.seated(at, replace(seat, nudged=True))

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@deadlines
def _nudges(room: LiveRoom) -> Iterator[Due]:
    for seat in room.controls.seats.values():
        if seat.corner_since is not None and seat.inside and seat.away_since is None and not seat.nudged:
            yield seat.corner_since + NUDGED_AFTER, CornerNudged(seat=seat.id)


@command("set_tag", by=RIGHTS["own_seat"], during=OPEN)
class SetTag(Command):
    """How one would like to be answered, unless a message says otherwise. It steers and never blocks."""

    tag: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.tag not in TAGS:
            return Refusal("invalid")
        if room.controls.seats[actor.seat].tag == self.tag:
            return Refusal("already")
        return (TagSet(seat=actor.seat, tag=self.tag),)


@event("tag_set", reach=NOBODY)
class TagSet(Event):
    """The others see it in the list of people, beside whom they answer."""

    seat: SeatId
    tag: str

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        return room if seat is None else room.seated(at, replace(seat, tag=self.tag))
