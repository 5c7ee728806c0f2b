"""Who leads, who stepped back, and how powers pass on. Never to a member by itself."""

from collections.abc import Iterator
from dataclasses import field, replace

from rooms.live.cosign import with_second_yes
from rooms.live.permissions import RIGHTS
from rooms.live.state import LiveRoom, Seat
from rooms.live.words import (
    AFTERWARDS,
    BEFORE_THE_END,
    INSIDE,
    ONLY_FACILITATORS,
    OPEN,
    Actor,
    Command,
    Decision,
    Due,
    Event,
    Refusal,
    Role,
    SeatId,
    command,
    deadlines,
    event,
)

LEAD_GRACE = 45.0


def leads(room: LiveRoom) -> Seat | None:
    """The lead, if they are on duty."""
    lead = room.seat(room.controls.lead)
    return lead if lead is not None and room.on_duty(lead) else None


@event("lead_passed", reach=INSIDE, told=True)
class LeadPassed(Event):
    """``name`` is now leading."""

    seat: SeatId
    name: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(lead=self.seat, offered_lead="")


@command("hand_over", by=RIGHTS["lead"], during=BEFORE_THE_END)
class HandOver(Command):
    """Offer the lead to another facilitator; nobody has to take it."""

    seat: SeatId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        seat = room.seat(self.seat)
        if seat is None or not room.on_duty(seat):
            return Refusal("not_here")
        if seat.id in {room.controls.lead, room.controls.offered_lead}:
            return Refusal("already")
        return (LeadOffered(seat=seat.id, by=actor.name),)


@event("lead_offered", reach=ONLY_FACILITATORS)
class LeadOffered(Event):
    seat: SeatId
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(offered_lead=self.seat)


@command("take_lead", by=RIGHTS["take_lead"], during=BEFORE_THE_END)
class TakeLead(Command):
    """Lead: because it was offered, or because whoever led is gone."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if room.controls.lead == actor.seat:
            return Refusal("already")
        lead = leads(room)
        if lead is None or lead.away_since is not None or room.controls.offered_lead == actor.seat:
            return (LeadPassed(seat=actor.seat, name=actor.name),)
        return Refusal("not_allowed")


@command("assign_lead", by=RIGHTS["assign_lead"], during=OPEN, seated=False)
class AssignLead(Command):
    """The organiser says who leads."""

    seat: SeatId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if actor.role is not Role.ORGANISER:
            # The lead hands over, and the other may say no.
            return Refusal("not_allowed")
        seat = room.seat(self.seat)
        if seat is None or not room.on_duty(seat):
            return Refusal("not_here")
        if seat.id == room.controls.lead:
            return Refusal("already")
        return (LeadPassed(seat=seat.id, name=seat.name),)


@command("step_back", by=RIGHTS["care"], during=OPEN)
class StepBack(Command):
    """Be off duty without leaving, in one tap; nobody asks why."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        return (SteppedBack(seat=actor.seat, name=actor.name),)


@event("stepped_back", reach=INSIDE, told=True)
class SteppedBack(Event):
    seat: SeatId
    name: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        if seat is None:
            return room
        lead = "" if room.controls.lead == self.seat else room.controls.lead
        return room.with_controls(lead=lead).seated(at, replace(seat, off_duty=True))


@command("come_on_duty", by=RIGHTS["own_seat"], during=OPEN | AFTERWARDS)
class ComeOnDuty(Command):
    """Facilitate again after stepping back."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        seat = room.controls.seats[actor.seat]
        if seat.role is not Role.FACILITATOR or seat.id in room.controls.suspended:
            return Refusal("not_allowed")
        return (CameOnDuty(seat=seat.id, name=seat.name),) if seat.off_duty else Refusal("already")


@event("came_on_duty", reach=INSIDE, told=True)
class CameOnDuty(Event):
    seat: SeatId
    name: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        return room if seat is None else room.seated(at, replace(seat, off_duty=False))


@command("suspend", by=RIGHTS["suspend"], during=OPEN, seated=False)
class Suspend(Command):
    """Take a facilitator's powers for this session: two other facilitators together, or the organiser."""

    seat: SeatId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        seat = room.seat(self.seat)
        if seat is None or seat.role is not Role.FACILITATOR:
            return Refusal("not_here")
        if seat.id in room.controls.suspended:
            return Refusal("already")
        done = (PowersSuspended(seat=seat.id, name=seat.name),)
        if actor.role is Role.ORGANISER:
            return done
        own = room.seat(actor.seat)
        if own is None or not room.on_duty(own) or own.id == seat.id:
            return Refusal("not_allowed")
        if not [other for other in room.others_on_duty(actor.seat) if other.id != seat.id]:
            return Refusal("needs_two")
        return with_second_yes(room, actor, at, "suspend", seat.id, "", done)


@event("powers_suspended", reach=INSIDE, told=True)
class PowersSuspended(Event):
    """Shown to all: a power over people that is taken away is not taken away in secret."""

    seat: SeatId
    name: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        lead = "" if room.controls.lead == self.seat else room.controls.lead
        suspended = room.with_controls(
            lead=lead,
            suspended=(*room.controls.suspended, self.seat),
            # What they asked for is nobody's first yes any more: one other alone would carry it out.
            cosigns=tuple(ask for ask in room.controls.cosigns if ask.asked_by != self.seat),
        )
        seat = room.seat(self.seat)
        # Off duty too, so that from this moment on they are shown what members are.
        return suspended if seat is None else suspended.seated(at, replace(seat, off_duty=True))


@deadlines
def _the_lead_is_gone(room: LiveRoom) -> Iterator[Due]:
    lead = leads(room)
    if lead is None or lead.away_since is None:
        return
    others = room.others_on_duty(lead.id)
    if others:
        first = min(others, key=lambda seat: seat.arrived_at)
        yield lead.away_since + LEAD_GRACE, LeadPassed(seat=first.id, name=first.name)
