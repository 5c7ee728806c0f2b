"""After the end, or a calling off: for ten minutes people can write to the facilitators who stay, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace

from rooms.live.lifecycle import ALONE_GRACE
from rooms.live.state import LiveRoom, Recent
from rooms.live.words import EVERYONE, OVER, Due, Event, afterwards, event


@event("lines_shut", reach=EVERYONE)
class LinesShut(Event):
    """The last private words are forgotten, and everybody is shown out."""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return replace(room.with_controls(lines_until=None, lines={}, claims={}), recent=Recent())


def lines_shut_at(room: LiveRoom) -> float | None:
    """When the private lines of a session that is over are shut; None: they are not open, or it is not over."""
    controls = room.controls
    if room.state not in OVER or controls.lines_until is None:
        return None
    alone = controls.alone_since
    return controls.lines_until if alone is None else min(controls.lines_until, alone + ALONE_GRACE)


@afterwards
def _shut(room: LiveRoom) -> Iterator[Due]:
    at = lines_shut_at(room)
    if at is not None:
        yield at, LinesShut()
