"""Whose words it is: talk modes, hands, rounds, sitting together."""

from rooms.live.state import LiveRoom, Seat
from rooms.live.words import Mode


def not_your_turn(room: LiveRoom, seat: Seat) -> str | None:
    """Why the way the room talks now does not let this seat speak; None: it does."""
    return None if room.controls.mode is Mode.OPEN else "parked"
