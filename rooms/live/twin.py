"""The twin room: a second room of the same session, for whom a full one leaves standing in line.

A facilitator asks another, who says yes or no. It has its own facilitator, the same agreement, the same start and the
same end. Who stands in line is told that it is there and goes by themselves, or stays; nobody is moved. What stands on
a seat goes along. How the two rooms know of each other: ``next_door``.
"""

from collections.abc import Iterator
from dataclasses import field, replace

from rooms.live import names
from rooms.live.door import Arrived, has_no_way_in
from rooms.live.lobby import in_line, is_full
from rooms.live.permissions import RIGHTS
from rooms.live.state import MINUTE, LiveRoom, Seat, Twin
from rooms.live.words import (
    CLOCK,
    INSIDE,
    ONLY_FACILITATORS,
    Actor,
    Command,
    Decision,
    Door,
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

ASK_SECONDS = 2 * MINUTE
WHILE_PEOPLE_COME = frozenset({State.DOORS, State.LIVE})


# In the room that is full


@command("open_twin", by=RIGHTS["guide"], during=WHILE_PEOPLE_COME)
class OpenTwin(Command):
    """Ask another facilitator to look after a second room for those who stand in line."""

    seat: SeatId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if room.controls.twin is not None:
            return Refusal("already")
        if self.seat not in {each.id for each in room.others_on_duty(actor.seat)}:
            return Refusal("not_here")
        if not in_line(room):
            return Refusal("nobody_in_line")
        name = room.controls.seats[self.seat].name
        return (TwinAsked(seat=self.seat, name=name, until=at + ASK_SECONDS, by=actor.name),)


@event("twin_asked", reach=ONLY_FACILITATORS)
class TwinAsked(Event):
    seat: SeatId
    name: str = field(repr=False)
    until: float
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(twin=Twin("asked", self.seat, self.name, self.until))

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@command("answer_twin", by=RIGHTS["guide"], during=WHILE_PEOPLE_COME)
class AnswerTwin(Command):
    """Open it, or rather not. Nobody who was not asked answers, and nobody leaves a room without a facilitator for it."""

    yes: bool

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        twin = room.controls.twin
        if twin is None or twin.phase != "asked" or twin.seat != actor.seat:
            return Refusal("not_now")
        if not self.yes:
            return (TwinDeclined(name=twin.name),)
        if not room.others_on_duty(actor.seat):
            return Refusal("needs_two")
        return (TwinOpened(seat=twin.seat, by=twin.name),)


@event("twin_declined", reach=ONLY_FACILITATORS)
class TwinDeclined(Event):
    """Also where nobody answered in time, or who was asked cannot any more."""

    name: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(twin=None)


@event("twin_opened", reach=INSIDE, told=True)
class TwinOpened(Event):
    """``by``: whose it is."""

    seat: SeatId
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(twin=Twin("open", self.seat, self.by))


@deadlines
def _unanswered(room: LiveRoom) -> Iterator[Due]:
    twin = room.controls.twin
    if twin is None or twin.phase != "asked":
        return
    seat = room.seat(twin.seat)
    can = seat is not None and room.on_duty(seat) and room.state in WHILE_PEOPLE_COME
    yield twin.until if can else room.controls.since, TwinDeclined(name=twin.name)


# Into the second room


@command("cross", by=CLOCK, during=WHILE_PEOPLE_COME, seated=False)
class Cross(Command):
    """Asked by the server for somebody who chose to go from the line to the second room.

    seat: theirs, as it stands in the line, with all that stands on it.
    """

    seat: Seat = field(repr=False)

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if not room.terms.second or room.controls.alone_since is not None:
            return Refusal("not_now")
        no_way_in = has_no_way_in(room, Actor(self.seat.id, Role.MEMBER))
        if no_way_in is not None:
            return no_way_in
        known = room.seat(self.seat.id)
        if known is not None and known.place is not Place.GONE:
            return ()
        if room.controls.door is Door.LOCKED:
            return Refusal("locked")
        if is_full(room):
            return Refusal("full")
        others = (each.name for each in room.controls.seats.values() if each.id != self.seat.id)
        unfit = names.refuse(self.seat.name, (*others, *room.terms.reserved))
        return (Arrived(people=(self._seated(room, known, at),)),) if unfit is None else unfit

    def _seated(self, room: LiveRoom, known: Seat | None, at: float) -> Seat:
        """With what stands on it in either room: neither is a way around the other."""
        stands = [seat for seat in (known, self.seat) if seat is not None]
        quiet = max(stands, key=lambda seat: seat.quiet_until or 0.0)
        declined = any(seat.declined for seat in stands)
        inside = room.state is State.LIVE and room.controls.door is Door.OPEN and not declined
        return replace(
            self.seat,
            place=Place.INSIDE if inside else Place.WAITING,
            arrived_at=at,
            away_since=at,
            left_at=None,
            let_in=inside,
            inside_since=at if inside else None,
            declined=declined,
            quiet_until=quiet.quiet_until,
            quiet_reason=quiet.quiet_reason,
            look_until=max((seat.look_until or 0.0 for seat in stands), default=0.0) or None,
            knocked_after=None if inside else self.seat.knocked_after,
            # The minutes in which others may talk on were those of the first room.
            to_agree="first" if self.seat.to_agree else "",
        )
