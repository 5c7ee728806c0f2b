"""How many there are or were, as a band: small numbers hidden, and no more remembered than it takes to find the band."""

from rooms.live.state import Controls, LiveRoom
from rooms.live.words import UNDER_WAY, Role

# The least of each band but the lowest.
_MANY, _SOME = 10, 5
# Of the twelve of a seat: of ten people two begin alike in one session of some hundred thousand.
_LETTERS = 4


def band(number: int) -> str:
    """under_5 · 5_to_9 · 10_or_more."""
    return "10_or_more" if number >= _MANY else "5_to_9" if number >= _SOME else "under_5"


def counted(room: LiveRoom) -> LiveRoom:
    """After every event: each member who is inside once it has begun took part, also one who only reads.

    A seat is forgotten a while after it was left, and whoever comes back with it must not count twice. The beginning of
    a seat tells it from the others, and opens nothing. After the tenth nobody is put down any more.
    """
    controls = room.controls
    if controls.took_part is None or room.state not in UNDER_WAY:
        return room
    known = controls.took_part.split()
    if len(known) >= _MANY:
        return room
    inside = (
        seat.id[:_LETTERS] for seat in controls.seats.values() if seat.inside and seat.role is Role.MEMBER
    )
    both = list(dict.fromkeys([*known, *inside]))
    return room.with_controls(took_part=" ".join(both[:_MANY])) if len(both) > len(known) else room


def turnout(controls: Controls) -> str:
    """The band of those who took part; empty where nobody asked for it."""
    return "" if controls.took_part is None else band(len(controls.took_part.split()))
