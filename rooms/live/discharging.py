"""Somebody does not facilitate this room any more: what they could do ends at once, wherever they are connected."""

from rooms.live.door import Left
from rooms.live.leading import PowersSuspended
from rooms.live.permissions import RIGHTS
from rooms.live.state import LiveRoom
from rooms.live.words import (
    AFTERWARDS,
    BEFORE_THE_END,
    NOBODY,
    Actor,
    Command,
    Decision,
    Event,
    Place,
    Refusal,
    Role,
    SeatId,
    command,
    event,
)


@command("discharge", by=RIGHTS["arrange"], during=BEFORE_THE_END | AFTERWARDS, seated=False)
class Discharge(Command):
    """The organiser's page took somebody off the room. Who is on the way in when it happens does not come in."""

    seat: SeatId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.seat in room.controls.discharged:
            return Refusal("already")
        seat = room.seat(self.seat)
        if seat is None or seat.role is not Role.FACILITATOR or seat.place is Place.GONE:
            return (Discharged(seat=self.seat),)
        gone = (Left(seat=seat.id), Discharged(seat=seat.id))
        if seat.id in room.controls.suspended:
            return gone
        # A power over people that is taken away is not taken away in secret.
        return (PowersSuspended(seat=seat.id, name=seat.name), *gone)


@event("discharged", reach=NOBODY)
class Discharged(Event):
    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(discharged=(*room.controls.discharged, self.seat))
