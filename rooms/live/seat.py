"""One's own seat: another name, listening or not."""

from dataclasses import field, replace

from rooms.live import names
from rooms.live.permissions import RIGHTS
from rooms.live.state import MINUTE, LiveRoom, Seat
from rooms.live.words import (
    ONLY_FACILITATORS,
    OPEN,
    Actor,
    Command,
    Decision,
    Event,
    Refusal,
    Role,
    SeatId,
    command,
    event,
)

RENAME_EVERY = 10 * MINUTE


@command("rename", by=RIGHTS["own_seat"], during=OPEN)
class Rename(Command):
    """Be called otherwise from now on. The old name is not shown again; what stands on the seat stays."""

    name: str = field(repr=False)

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        seat = room.controls.seats[actor.seat]
        if seat.role is Role.FACILITATOR:
            return Refusal("not_allowed")
        why = why_not_renamed(room, seat, at)
        if why is not None:
            return Refusal(why)
        others = (each.name for each in room.controls.seats.values() if each.id != seat.id)
        refusal = names.refuse(self.name, (*others, *room.terms.reserved))
        if refusal is not None:
            return refusal
        name = names.tidy(self.name)
        return (Renamed(seat=seat.id, name=name),) if name != seat.name else Refusal("already")


def why_not_renamed(room: LiveRoom, seat: Seat, at: float) -> str | None:
    """Why this seat keeps the name that it has, wherever another is asked for; None: it need not."""
    if room.controls.names_frozen:
        return "names_frozen"
    lately = seat.renamed_at is not None and at < seat.renamed_at + RENAME_EVERY
    return "renamed_lately" if lately else None


@event("renamed", reach=ONLY_FACILITATORS)
class Renamed(Event):
    """The others see their list of people change."""

    seat: SeatId
    name: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        return room if seat is None else room.seated(at, replace(seat, name=self.name, renamed_at=at))


@command("listen", by=RIGHTS["listen"], during=OPEN)
class Listen(Command):
    """Only read from now on, or write again."""

    on: bool

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        seat = room.controls.seats[actor.seat]
        if seat.listening == self.on:
            return Refusal("already")
        # Beginning to write is no way around a quiet; going silent is always free.
        if not self.on and seat.quiet_at(at):
            return Refusal("quieted")
        return (ListeningChanged(seat=seat.id, on=self.on),)


@event("listening_changed", reach=ONLY_FACILITATORS)
class ListeningChanged(Event):
    seat: SeatId
    on: bool

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        return room if seat is None else room.seated(at, replace(seat, listening=self.on))
