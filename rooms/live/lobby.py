"""Before and between: the door's position, the line in front of a full room, and a word in private outside."""

from collections.abc import Iterator
from dataclasses import field, replace
from typing import Final

from rooms.live.lifecycle import enter
from rooms.live.moderation import REASONS
from rooms.live.permissions import RIGHTS
from rooms.live.state import MINUTE, LiveRoom, Offer, Seat
from rooms.live.words import (
    EVERYONE,
    INSIDE,
    ONLY_FACILITATORS,
    OPEN,
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

OFFER_SECONDS = MINUTE
CAPACITY_STEP = 4


@command("set_door", by=RIGHTS["guide"], during=OPEN)
class SetDoor(Command):
    door: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.door not in {Door.OPEN, Door.KNOCK, Door.LOCKED}:
            return Refusal("invalid")
        if room.controls.door == self.door:
            return Refusal("already")
        return (DoorSet(door=Door(self.door), by=actor.name),)


@event("door_set", reach=EVERYONE, told=True)
class DoorSet(Event):
    door: Door
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(door=self.door, door_set_at=at)


@command("set_capacity", by=RIGHTS["guide"], during=OPEN)
class SetCapacity(Command):
    """A few seats more or fewer than the organiser set; nobody who is in loses theirs."""

    seats: int

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if abs(self.seats - room.terms.seats) > CAPACITY_STEP or self.seats < 2:
            return Refusal("invalid")
        return (
            Refusal("already")
            if self.seats == room.capacity
            else (CapacitySet(seats=self.seats, by=actor.name),)
        )


@event("capacity_set", reach=ONLY_FACILITATORS, told=True)
class CapacitySet(Event):
    seats: int
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(capacity=self.seats)


@command("back_to_lobby", by=RIGHTS["guide"], during=OPEN)
class BackToLobby(Command):
    """Ask somebody outside for a word, without removing them. Letting them in again brings them back."""

    seat: SeatId
    reason: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.reason not in REASONS:
            return Refusal("invalid")
        seat = room.seat(self.seat)
        if seat is None or seat.place is Place.GONE:
            return Refusal("not_here")
        if seat.role is Role.FACILITATOR:
            return Refusal("not_allowed")
        if not seat.inside:
            return Refusal("already")
        return (SentToLobby(seat=seat.id, reason=self.reason, by=actor.name), SomeoneOutside())


@event("sent_to_lobby", reach=ONLY_FACILITATORS, told=True)
class SentToLobby(Event):
    seat: SeatId
    reason: str
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        if seat is None:
            return room
        # Coming back through the link is not the way in: somebody said no for now.
        outside = replace(
            seat, place=Place.WAITING, let_in=False, declined=True, inside_since=None, corner_since=None
        )
        return room.seated(at, outside)

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@event("someone_outside", reach=INSIDE)
class SomeoneOutside(Event):
    """All that the others learn: one person is talking with a facilitator."""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room


# The line in front of a full room

SHORTEST_LINE: Final = (
    20  # that ever turns anybody away; where there are more seats it is twice as long as those
)


def in_line(room: LiveRoom) -> list[Seat]:
    """Who waits for a seat, first come first."""
    queued = (seat for seat in room.controls.seats.values() if seat.place is Place.QUEUED)
    return sorted(queued, key=lambda seat: seat.arrived_at)


def free_seats(room: LiveRoom) -> int:
    """Seats that nobody holds and nobody was offered."""
    return room.capacity - room.members - len(room.controls.offers)


def is_full(room: LiveRoom) -> bool:
    """Nobody passes those who wait in line already."""
    return free_seats(room) <= len(in_line(room)) - len(room.controls.offers)


def has_line(room: LiveRoom) -> bool:
    """Whether waiting for a seat can lead anywhere: not in a room that is closing, or was when it was interrupted.

    Nor behind so many. What would an attacker try? To stand in it a thousand times: everything that a room does costs by the seat.
    """
    state = room.controls.before if room.state in {State.PAUSED, State.HELD} else room.state
    return state in {State.DOORS, State.LIVE} and len(in_line(room)) < max(SHORTEST_LINE, 2 * room.capacity)


@event("seat_offered", reach=ONLY_FACILITATORS)
class SeatOffered(Event):
    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(offers=(*room.controls.offers, Offer(self.seat, at + OFFER_SECONDS)))

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@command("take_offer", by=RIGHTS["leave"], during=OPEN)
class TakeOffer(Command):
    """Take the seat that came free."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if all(offer.seat != actor.seat for offer in room.controls.offers):
            return Refusal("offer_over")
        return (OfferTaken(seat=actor.seat),)


@event("offer_taken", reach=ONLY_FACILITATORS)
class OfferTaken(Event):
    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        without = room.with_controls(
            offers=tuple(each for each in room.controls.offers if each.seat != self.seat)
        )
        if seat is None:
            return without
        walks_in = room.state is State.LIVE and room.controls.door is Door.OPEN and not seat.declined
        return without.seated(at, enter(seat, at) if walks_in else replace(seat, place=Place.WAITING))

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@event("offer_over", reach=ONLY_FACILITATORS)
class OfferOver(Event):
    """Not taken within a minute: the next in line is asked, and this one stands behind them."""

    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        without = room.with_controls(
            offers=tuple(each for each in room.controls.offers if each.seat != self.seat)
        )
        if seat is None or seat.place is not Place.QUEUED:
            return without
        return without.seated(at, replace(seat, arrived_at=at))

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@event("line_closed", reach=ONLY_FACILITATORS)
class LineClosed(Event):
    """The room is closing: waiting for a seat leads nowhere any more."""

    seats: tuple[SeatId, ...]

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        gone = (replace(seat, place=Place.GONE, left_at=at) for seat in in_line(room))
        return room.with_controls(offers=()).seated(at, *gone)


@deadlines
def _of_the_line(room: LiveRoom) -> Iterator[Due]:
    line = in_line(room)
    queued = {seat.id for seat in line}
    for offer in room.controls.offers:
        # Who left the line needs no seat: the next is asked at once.
        yield offer.until if offer.seat in queued else room.controls.since, OfferOver(seat=offer.seat)
    if not line:
        return
    if room.state is State.CLOSING:
        yield room.controls.since, LineClosed(seats=tuple(seat.id for seat in line))
    offered = {offer.seat for offer in room.controls.offers}
    waiting = [seat for seat in line if seat.id not in offered and seat.away_since is None]
    # Nobody is ever brought into a paused, held or closing room by having waited for it.
    asks = room.state in {State.DOORS, State.LIVE} and room.controls.door in {Door.OPEN, Door.KNOCK}
    if waiting and asks and free_seats(room) > 0:
        yield room.controls.since, SeatOffered(seat=waiting[0].id)
