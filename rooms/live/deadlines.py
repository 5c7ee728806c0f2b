"""What time alone brings about. Any node may ask; the engine lets exactly one of them win."""

from collections.abc import Iterator
from itertools import takewhile

from rooms.live.door import FACILITATOR_KEPT, MEMBER_KEPT, PANEL_KEPT, Forgot, KnockFirst, Left
from rooms.live.floor import kept, may_finish_until
from rooms.live.lifecycle import (
    ALONE_GRACE,
    HELD_FOR,
    UNATTENDED_CLOSING,
    Closing,
    DoorsOpened,
    Ended,
    Held,
    NotHeld,
    Started,
    not_held_at,
)
from rooms.live.moderation import Unquieted
from rooms.live.state import MINUTE, Controls, LiveRoom, Seat
from rooms.live.words import (
    AFTERWARDS,
    BEFORE_THE_END,
    CLOCK,
    DEADLINES,
    DEADLINES_AFTERWARDS,
    OVER,
    Actor,
    Command,
    Decision,
    Door,
    Due,
    Event,
    Place,
    Role,
    SeatId,
    State,
    afterwards,
    command,
    deadlines,
)

_MOST_AT_ONCE = 100


@command("tick", by=CLOCK, during=BEFORE_THE_END | AFTERWARDS, seated=False)
class Tick(Command):
    """Carry out whatever is due, in the order in which it fell due."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        happened: list[Event] = []
        # A node that slept for an hour finds several things due, each of which may change what is due next.
        while len(happened) < _MOST_AT_ONCE:
            due = _first_of_what_is_due(room, at)
            if not due:
                break
            for event in due[: _MOST_AT_ONCE - len(happened)]:
                happened.append(event)
                room = kept(room, event.evolve(room, at), at)
        return tuple(happened)


def next_deadline(room: LiveRoom) -> tuple[float, Event] | None:
    """The first thing that time will bring about in the room as it is now: when, and what."""
    return min(_deadlines(room), key=lambda each: each[0], default=None)


def _first_of_what_is_due(room: LiveRoom, at: float) -> list[Event]:
    """What happens next, before it is asked again what is due: one thing, or as many seats as lapse one after the other.

    A network that breaks takes a whole room along, and to look at every seat again after each of them takes long. No
    seat that lapses keeps another from it, and whatever that brings about comes after.
    """
    due = sorted((each for each in _deadlines(room) if each[0] <= at), key=lambda each: each[0])
    events = [event for _, event in due]
    forgotten: list[SeatId] = []
    for event in events:
        if not isinstance(event, Forgot):
            break
        forgotten += event.seats
    if forgotten:
        return [Forgot(seats=tuple(forgotten))]
    return [*takewhile(lambda event: isinstance(event, Left), events)] or events[:1]


def _deadlines(room: LiveRoom) -> Iterator[Due]:
    if room.is_finished:
        return
    for of in DEADLINES_AFTERWARDS if room.state in OVER else DEADLINES:
        yield from of(room)


@deadlines
def _of_the_session(room: LiveRoom) -> Iterator[Due]:
    match room.state:
        case State.SCHEDULED if not room.terms.second:
            yield room.terms.doors_at, DoorsOpened(counts=room.terms.counts)
        case State.DOORS:
            yield from _at_the_doors(room)
        case State.SCHEDULED:
            pass  # the first room begins it
        case _:
            yield from _under_way(room)


@deadlines
@afterwards
def _of_seats(room: LiveRoom) -> Iterator[Due]:
    for seat in room.controls.seats.values():
        yield from _of_seat(seat)


def _at_the_doors(room: LiveRoom) -> Iterator[Due]:
    controls = room.controls
    if controls.alone_since is None:
        if room.terms.starts_itself:
            yield controls.starts_at, Started(by="")
    else:
        yield not_held_at(room), NotHeld()
    yield controls.ends_at, NotHeld()


def _under_way(room: LiveRoom) -> Iterator[Due]:
    controls, state = room.controls, room.state
    if state is State.HELD:
        yield (
            controls.since + HELD_FOR,
            Closing(ends_at=controls.since + HELD_FOR + UNATTENDED_CLOSING, by="", unattended=True),
        )
    elif controls.alone_since is not None and not controls.unattended and not controls.ending:
        yield controls.alone_since + ALONE_GRACE, Held()
    if state is State.LIVE:
        yield controls.closing_at, Closing(ends_at=controls.ends_at, by="")
        if controls.door is Door.OPEN and controls.started_at is not None and not room.terms.stays_open:
            late = controls.started_at + room.terms.late_minutes * MINUTE
            # Once: whoever opens it again after that means it.
            if controls.door_set_at < late:
                yield late, KnockFirst()
    if state is not State.HELD:
        yield max(controls.ends_at, may_finish_until(room) or 0.0), Ended(why=_why_it_ends(controls))


def _why_it_ends(controls: Controls) -> str:
    if controls.ending:
        return "facilitator"
    return "unattended" if controls.unattended else "time"


def _of_seat(seat: Seat) -> Iterator[Due]:
    if seat.place is Place.GONE:
        # Forgetting a seat forgets what stands on it: neither a quiet nor a no is to be waited out in the street.
        if seat.declined:
            return
        yield max((seat.left_at or 0.0) + PANEL_KEPT, seat.quiet_until or 0.0), Forgot(seats=(seat.id,))
        return
    if seat.away_since is not None:
        kept = FACILITATOR_KEPT if seat.role is Role.FACILITATOR else MEMBER_KEPT
        yield seat.away_since + kept, Left(seat=seat.id)
    if seat.quiet_until is not None:
        yield seat.quiet_until, Unquieted(seat=seat.id, by="")
