"""A removal is taken back: the lead's to decide, once the two of them have talked, or a reviewer has said so."""

from dataclasses import field

from rooms.live.permissions import RIGHTS
from rooms.live.state import LiveRoom
from rooms.live.words import (
    ONLY_FACILITATORS,
    OPEN,
    Actor,
    Command,
    Decision,
    Event,
    Refusal,
    SeatId,
    command,
    event,
)


@command("readmit", by=RIGHTS["lead"], during=OPEN)
class Readmit(Command):
    """Let somebody who was removed come again. Whoever had only knocked knocks again; what stood on the seat stays."""

    seat: SeatId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.seat not in room.controls.removed:
            return Refusal("already" if room.seat(self.seat) is not None else "not_here")
        return (Readmitted(seat=self.seat, by=actor.name),)


@event("readmitted", reach=ONLY_FACILITATORS, told=True)
class Readmitted(Event):
    """Everybody reads in the list of what happened that a removal was taken back, and nobody there reads whose."""

    seat: SeatId
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        # The door stays as it is: who opens it again, and when, is a choice of its own.
        removed = {seat: why for seat, why in room.controls.removed.items() if seat != self.seat}
        return room.with_controls(removed=removed)
