"""How many there are or were, as a band: small numbers hidden, and no more remembered than it takes to find the band."""

from rooms.live.state import Controls, LiveRoom
from rooms.live.words import UNDER_WAY, Role

# The least of each band but the lowest.
_MANY, _SOME = 10, 5


def band(number: int) -> str:
    """under_5 · 5_to_9 · 10_or_more."""
    return "10_or_more" if number >= _MANY else "5_to_9" if number >= _SOME else "under_5"


def taken(controls: Controls) -> str:
    """The band of the seats that are taken just now, those of facilitators not counted."""
    return band(controls.members)


def counted(room: LiveRoom) -> LiveRoom:
    """After every event: each member who is inside once it has begun took part, also one who only reads.

    A seat is forgotten a while after it was left, and whoever comes back with it must not count twice: hence the seats
    themselves, which mean nothing outside of this session. After the tenth nobody is put down any more.
    """
    controls = room.controls
    if not controls.counts or len(controls.took_part) >= _MANY or room.state not in UNDER_WAY:
        return room
    known = set(controls.took_part)
    new = [
        seat.id
        for seat in controls.seats.values()
        if seat.inside and seat.role is Role.MEMBER and seat.id not in known
    ]
    return room.with_controls(took_part=(*controls.took_part, *new)[:_MANY]) if new else room


def turnout(controls: Controls) -> str:
    """The band of those who took part; empty where nobody asked for it."""
    return band(len(controls.took_part)) if controls.counts else ""
