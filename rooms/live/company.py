"""When everybody else has left: one member and one facilitator do not become a talk for two without saying so."""

from collections.abc import Iterator

from rooms.live.lifecycle import Closing
from rooms.live.permissions import RIGHTS
from rooms.live.state import MINUTE, LiveRoom
from rooms.live.words import (
    NOBODY,
    Actor,
    Command,
    Decision,
    Due,
    Event,
    Place,
    Refusal,
    Role,
    SeatId,
    State,
    command,
    deadlines,
    event,
)

CARRY_ON_WITHIN = 5 * MINUTE
_LIVE = frozenset({State.LIVE})


def the_two(room: LiveRoom) -> frozenset[SeatId]:
    """The one member and the one facilitator who are all that is left; empty while there are others."""
    inside = [seat for seat in room.controls.seats.values() if seat.inside]
    if len(inside) != 2 or {seat.role for seat in inside} != {Role.MEMBER, Role.FACILITATOR}:
        return frozenset()
    return frozenset(seat.id for seat in inside) if any(map(room.on_duty, inside)) else frozenset()


def _last_left(room: LiveRoom) -> float | None:
    """When the last of the others left; None: there have been no others."""
    gone = (seat.left_at for seat in room.controls.seats.values() if seat.place is Place.GONE)
    return max((at for at in gone if at is not None), default=None)


@event("only_two_left")
class OnlyTwoLeft(Event):
    """Told to both of them: the room begins to close five minutes later, unless both say that they carry on."""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(pair_since=at, carry_on=())


@event("others_are_here", reach=NOBODY)
class OthersAreHere(Event):
    """Two no longer: somebody came, or one of them left too."""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(pair_since=None, carry_on=())


@command("carry_on", by=RIGHTS["own_seat"], during=_LIVE)
class CarryOn(Command):
    """It is fine to go on as two. Both must say so."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if room.controls.pair_since is None or actor.seat not in the_two(room):
            return Refusal("not_now")
        if actor.seat in room.controls.carry_on:
            return Refusal("already")
        return (CarriedOn(seat=actor.seat),)


@event("carried_on")
class CarriedOn(Event):
    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(carry_on=(*room.controls.carry_on, self.seat))


@deadlines
def _of_two(room: LiveRoom) -> Iterator[Due]:
    if room.state is not State.LIVE:
        return
    controls, two = room.controls, the_two(room)
    if controls.pair_since is None:
        left_at = _last_left(room)
        if two and left_at is not None:
            yield left_at, OnlyTwoLeft()
    elif not two:
        yield controls.pair_since, OthersAreHere()
    elif not two <= set(controls.carry_on):
        # The time of a pause does not count, for nobody could say anything in it.
        closing_at = max(controls.pair_since, controls.since) + CARRY_ON_WITHIN
        ends_at = min(controls.ends_at, closing_at + room.terms.closing_minutes * MINUTE)
        yield closing_at, Closing(ends_at=ends_at, by="")
