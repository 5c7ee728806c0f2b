"""Moving one's seat to another device with a code that works once. The server makes the code; only its hash is here."""

import re
from collections.abc import Iterator
from dataclasses import replace

from rooms.live.state import MINUTE, LiveRoom, Offer
from rooms.live.words import (
    BEFORE_THE_END,
    CLOCK,
    NOBODY,
    PEOPLE,
    Actor,
    Command,
    Decision,
    Due,
    Event,
    Place,
    Refusal,
    SeatId,
    command,
    deadlines,
    event,
)

MOVE_SECONDS = MINUTE
_HASH = re.compile(r"[0-9a-f]{64}")


@command("offer_move", by=PEOPLE, during=BEFORE_THE_END)
class OfferMove(Command):
    """Open one's seat to whoever shows the code within a minute. A newer code makes the older one void."""

    code_hash: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if _HASH.fullmatch(self.code_hash) is None:
            return Refusal("invalid")
        if self.code_hash in room.controls.moves:
            return Refusal("already")
        return (MoveOffered(seat=actor.seat, code_hash=self.code_hash, until=at + MOVE_SECONDS),)


@event("move_offered", reach=NOBODY)
class MoveOffered(Event):
    seat: SeatId
    code_hash: str
    until: float

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        others = {code: offer for code, offer in room.controls.moves.items() if offer.seat != self.seat}
        return room.with_controls(moves={**others, self.code_hash: Offer(self.seat, self.until)})

    @property
    def concerns(self) -> SeatId | None:
        return self.seat

    def shown_to_concerned(self) -> Event:
        return replace(self, code_hash="")


@command("use_move", by=CLOCK, during=BEFORE_THE_END, seated=False)
class UseMove(Command):
    """Asked by the server for a device that shows a code; it then gives that device the key of the seat."""

    code_hash: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        # One answer to a wrong code, an old one and one whose owner has gone: it tells a guesser nothing.
        offer = room.controls.moves.get(self.code_hash)
        if offer is None or at >= offer.until:
            return Refusal("no_such_code")
        seat = room.seat(offer.seat)
        if seat is None or seat.place is Place.GONE:
            return Refusal("no_such_code")
        return (SeatMoved(seat=seat.id),)


@event("seat_moved", reach=NOBODY)
class SeatMoved(Event):
    """To the person's older pages: it is open elsewhere now."""

    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return _without_offers_of(room, self.seat)

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@event("move_expired", reach=NOBODY)
class MoveExpired(Event):
    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return _without_offers_of(room, self.seat)


def _without_offers_of(room: LiveRoom, seat: SeatId) -> LiveRoom:
    moves = {code: offer for code, offer in room.controls.moves.items() if offer.seat != seat}
    return room.with_controls(moves=moves)


@deadlines
def _unused(room: LiveRoom) -> Iterator[Due]:
    for offer in room.controls.moves.values():
        yield offer.until, MoveExpired(seat=offer.seat)
