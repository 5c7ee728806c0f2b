"""Before the start: how those who facilitate arrive, and who looks after worries. From 30 minutes before, to themselves.

Their doors open earlier than the members'. Nothing else depends on who is there by then: no clock runs for it.
"""

from dataclasses import field, replace

from rooms.live.permissions import RIGHTS
from rooms.live.state import LiveRoom
from rooms.live.words import (
    BEFORE_THE_END,
    NOBODY,
    ONLY_FACILITATORS,
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

ARRIVING = ("glad", "calm", "tired", "full", "heavy", "not_leading")


@command("check_in", by=RIGHTS["prepare"], during=frozenset({State.SCHEDULED, State.DOORS}))
class CheckIn(Command):
    """How am I arriving? A card for the other facilitators; an empty one takes it back. It is gone with the start."""

    card: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.card and self.card not in ARRIVING:
            return Refusal("invalid")
        if room.controls.seats[actor.seat].arriving == self.card:
            return Refusal("already")
        return (CheckedIn(seat=actor.seat, card=self.card),)


# Told to nobody: whoever may see the card sees it in the list of people, and no frame is left over once it is gone.
@event("checked_in", reach=NOBODY)
class CheckedIn(Event):
    seat: SeatId
    card: str

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        return room if seat is None else room.seated(at, replace(seat, arriving=self.card))


def without_cards(room: LiveRoom) -> LiveRoom:
    """The session begins, or it does not take place: how somebody arrived is nobody's business any more."""
    seats = room.controls.seats
    if not any(seat.arriving for seat in seats.values()):
        return room
    return room.with_controls(seats={key: replace(seat, arriving="") for key, seat in seats.items()})


@command("take_worries", by=RIGHTS["prepare"], during=BEFORE_THE_END)
class TakeWorries(Command):
    """Be the one who looks after worries first; whoever does it already is relieved of it."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if room.controls.worries == actor.seat:
            return Refusal("already")
        return (WorriesTaken(seat=actor.seat, name=actor.name),)


@event("worries_taken", reach=ONLY_FACILITATORS)
class WorriesTaken(Event):
    """The others are not asked to hold it, and may still answer anybody."""

    seat: SeatId
    name: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(worries=self.seat)
