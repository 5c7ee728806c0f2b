"""What the page of one person may know of the room's state: built for an audience, so that hidden means not sent."""

from collections.abc import Iterator, Mapping

from rooms.live.permissions import Standing
from rooms.live.state import LiveRoom, Seat
from rooms.live.talk import silenced
from rooms.live.words import COMMANDS, Audience, Place, SeatId, State

Value = str | float | int | bool | None | list[str]
Shown = dict[str, Value]

# Rights that differ within an audience (somebody quieted, the lead) are refused in words when they are used.
_STANDINGS = {
    Audience.MEMBER: Standing.MEMBER,
    Audience.WAITING: Standing.WAITING,
    Audience.CORNERED: Standing.MEMBER,
    Audience.FACILITATOR: Standing.LEAD,
}
# The door's own commands: a page never sends them.
_NEVER_FROM_A_PAGE = frozenset({"arrive"})


def room_shown(room: LiveRoom, audience: Audience) -> Shown:
    """The state of the room itself, the same for everybody in an audience."""
    controls = room.controls
    return {
        "state": controls.state,
        "since": controls.since,
        "by": controls.by,
        "reason": controls.reason,
        "door": controls.door,
        "mode": controls.mode,
        "open": controls.state in {State.LIVE, State.CLOSING} and not controls.unattended,
        "unattended": controls.unattended,
        "waiting": sum(1 for seat in controls.seats.values() if seat.waiting),
        "starts_at": controls.starts_at,
        "closing_at": controls.closing_at,
        "ends_at": controls.ends_at,
        "extended": controls.extended,
        "ending": controls.ending,
        "may": _may(room, audience),
    }


def _may(room: LiveRoom, audience: Audience) -> list[str]:
    standing = _STANDINGS[audience]
    return [
        name
        for name, command in COMMANDS.items()
        if standing in command.by and room.state in command.during and name not in _NEVER_FROM_A_PAGE
    ]


def person_shown(seat: Seat, audience: Audience) -> Shown | None:
    """One line of the list of people; None: this audience does not know of them."""
    if audience is Audience.FACILITATOR:
        return {
            "name": seat.name,
            "role": seat.role,
            "listening": seat.listening,
            "place": seat.place,
            "away": seat.away_since,
            "quiet_until": seat.quiet_until,
            "arrived_at": seat.arrived_at,
        }
    if audience is Audience.WAITING or seat.place is not Place.INSIDE:
        return None
    return {"name": seat.name, "role": seat.role, "listening": seat.listening, "place": seat.place}


def people_shown(room: LiveRoom, audience: Audience) -> dict[SeatId, Shown]:
    shown = ((seat.id, person_shown(seat, audience)) for seat in room.controls.seats.values())
    return {seat: person for seat, person in shown if person is not None}


def you_shown(seat: Seat, at: float) -> Shown:
    """What a person knows of their own seat."""
    return {
        "seat": seat.id,
        "name": seat.name,
        "role": seat.role,
        "listening": seat.listening,
        "place": seat.place,
        "quiet_until": seat.quiet_until,
        "quiet_reason": seat.quiet_reason,
        "held_back": silenced(seat, at),
    }


def room_changes(before: LiveRoom, after: LiveRoom, audience: Audience) -> Shown:
    """The keys of ``room_shown`` that are not what they were."""
    old = room_shown(before, audience)
    return {key: value for key, value in room_shown(after, audience).items() if old[key] != value}


def people_changes(before: LiveRoom, after: LiveRoom, audience: Audience) -> dict[SeatId, Shown | None]:
    """Whose line changed: the new one, or None for somebody this audience does not see any more."""
    changes: dict[SeatId, Shown | None] = {}
    for old, new in changed_seats(before.controls.seats, after.controls.seats):
        was = None if old is None else person_shown(old, audience)
        now = None if new is None else person_shown(new, audience)
        if was != now:
            changes[(new or old).id] = now  # type: ignore[union-attr]  # one of the two is there
    return changes


def changed_seats(
    before: Mapping[SeatId, Seat], after: Mapping[SeatId, Seat]
) -> Iterator[tuple[Seat | None, Seat | None]]:
    """Seats that are not the very same value as before: old and new, None where there was or is none."""
    if before is after:
        return
    for seat in after.values():
        old = before.get(seat.id)
        if old is not seat:
            yield old, seat
    for seat in before.values():
        if seat.id not in after:
            yield seat, None
