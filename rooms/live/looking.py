"""Hold for a look: a facilitator reads first, and what becomes of it is always told. Nothing is silently dropped."""

from collections.abc import Iterator
from dataclasses import field, replace

from rooms.live.floor import heard
from rooms.live.permissions import RIGHTS
from rooms.live.state import MINUTE, HeldMessage, LiveRoom, Seat
from rooms.live.words import (
    INSIDE,
    ONLY_FACILITATORS,
    OPEN,
    TALKING,
    UNDER_WAY,
    Actor,
    Command,
    Decision,
    Due,
    Event,
    MessageId,
    Refusal,
    SeatId,
    command,
    deadlines,
    event,
)

LOOK_MINUTES = (2, 5, 10)
LOOK_FOR = 2 * MINUTE
RETURNS = ("private_details", "method_detail", "unkind", "not_for_this_room", "later")


def looked_at_first(room: LiveRoom, seat: Seat, at: float) -> bool:
    """Whether what this seat says is read by a facilitator before the others."""
    controls = room.controls
    if not controls.look and controls.look_newcomers_since is None and seat.look_until is None:
        return False
    if room.on_duty(seat):
        return False
    newcomer = controls.look_newcomers_since is not None and seat.arrived_at >= controls.look_newcomers_since
    return controls.look or newcomer or (seat.look_until is not None and at < seat.look_until)


@command("look_first", by=RIGHTS["moderate"], during=OPEN)
class LookFirst(Command):
    """Read first what everybody (``seat`` null) or one person says; ``minutes`` 0 stops it."""

    seat: SeatId | None
    minutes: int = 10

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.seat is None:
            controls = room.controls
            on = self.minutes > 0
            if on == (controls.look or (not on and controls.look_newcomers_since is not None)):
                return Refusal("already")
            return (LookingFirst(on=on, by=actor.name),)
        if self.minutes not in {0, *LOOK_MINUTES}:
            return Refusal("invalid")
        seat = room.seat(self.seat)
        if seat is None:
            return Refusal("not_here")
        if room.facilitates(seat):
            return Refusal("not_allowed")
        until = at + self.minutes * MINUTE if self.minutes else None
        if until is None and seat.look_until is None:
            return Refusal("already")
        if until is not None and seat.look_until is not None and seat.look_until >= until - 10:
            return Refusal("already")
        return (SeatLookedAt(seat=seat.id, until=until, by=actor.name),)


@event("looking_first", reach=INSIDE, told=True)
class LookingFirst(Event):
    on: bool
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        if self.on:
            return room.with_controls(look=True)
        return room.with_controls(look=False, look_newcomers_since=None)


@event("seat_looked_at", reach=ONLY_FACILITATORS)
class SeatLookedAt(Event):
    """The person is told; the others never are."""

    seat: SeatId
    until: float | None
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        return room if seat is None else room.seated(at, replace(seat, look_until=self.until))

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@event("kept_for_look", reach=ONLY_FACILITATORS)
class KeptForLook(Event):
    """Said, but read by a facilitator first; the author sees that it is being looked at."""

    message: MessageId
    seat: SeatId
    name: str = field(repr=False)
    text: str = field(repr=False)
    note: str = field(repr=False)
    tag: str

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        held = HeldMessage(self.message, self.seat, self.name, self.text, self.note, self.tag, at)
        room = heard(room, self.seat)
        # Slow mode counts what was said, not what came of it.
        paced = {self.seat: at} if room.controls.slow else {}
        return room.with_recent(
            looked_at={**room.recent.looked_at, self.message: held}, said_at={**room.recent.said_at, **paced}
        )

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@command("pass_on", by=RIGHTS["moderate"], during=UNDER_WAY)
class PassOn(Command):
    """Let everybody read what was held for a look."""

    message: MessageId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        from rooms.live.talk import Said, silenced  # noqa: PLC0415  talk needs to know what is looked at first

        held = room.recent.looked_at.get(self.message)
        seat = None if held is None else room.seat(held.seat)
        if held is None or seat is None or held.id in room.controls.down:
            return Refusal("no_such_message")
        # A quiet or a removal that came meanwhile stops it, as it stops everything that person says.
        # The turn they spoke in may be over; what was said in it was said in time.
        why = "not_now" if room.state not in TALKING or room.controls.unattended else silenced(seat, at)
        if why is not None:
            return Refusal(why)
        said = Said(id=held.id, seat=held.seat, name=held.name, text=held.text, note=held.note, tag=held.tag)
        return (LookedAt(message=held.id, seat=held.seat, outcome="passed_on"), said)


@command("give_back", by=RIGHTS["moderate"], during=UNDER_WAY)
class GiveBack(Command):
    """Return what was held for a look to its author, with words."""

    message: MessageId
    words: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.words not in RETURNS:
            return Refusal("invalid")
        held = room.recent.looked_at.get(self.message)
        if held is None:
            return Refusal("no_such_message")
        return (LookedAt(message=held.id, seat=held.seat, outcome="given_back", words=self.words),)


@event("looked_at", reach=ONLY_FACILITATORS)
class LookedAt(Event):
    """``outcome``: passed_on · given_back (with ``words``) · taken_back · nobody_looked, after two minutes."""

    message: MessageId
    seat: SeatId
    outcome: str
    words: str = ""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        left = {key: held for key, held in room.recent.looked_at.items() if key != self.message}
        return room.with_recent(looked_at=left)

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@deadlines
def _nobody_looked(room: LiveRoom) -> Iterator[Due]:
    for held in room.recent.looked_at.values():
        yield held.at + LOOK_FOR, LookedAt(message=held.id, seat=held.seat, outcome="nobody_looked")
    for seat in room.controls.seats.values():
        if seat.look_until is not None:
            yield seat.look_until, SeatLookedAt(seat=seat.id, until=None, by="")
