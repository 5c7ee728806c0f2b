"""After the end. For ten minutes people can write to the facilitators who stay, also after a calling off; for thirty those
who facilitated can talk it over among themselves. Nothing else can be said, and nothing from before is kept for it.
"""

from collections.abc import Iterator
from dataclasses import replace

from rooms.live.lifecycle import ALONE_GRACE, only_facilitators
from rooms.live.state import LiveRoom, Recent
from rooms.live.words import EVERYONE, NOBODY, OVER, Due, Event, afterwards, event


@event("lines_shut", reach=EVERYONE)
class LinesShut(Event):
    """The last private words are forgotten, and everybody but those who facilitated is shown out."""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return forgotten(only_facilitators(room))


def forgotten(room: LiveRoom) -> LiveRoom:
    """The lines are shut: nothing is left but what facilitators wrote to each other, while they talk it over."""
    talks = room.controls.debrief_until is not None
    return replace(room, recent=Recent(backchannel=room.recent.backchannel) if talks else Recent())


@event("debrief_over", reach=NOBODY)
class DebriefOver(Event):
    """Those who facilitated are shown out too: their page says so."""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return replace(room.with_controls(debrief_until=None), recent=Recent())


def lines_shut_at(room: LiveRoom) -> float | None:
    """When the private lines of a session that is over are shut; None: they are not open, or it is not over."""
    controls = room.controls
    if room.state not in OVER or controls.lines_until is None:
        return None
    alone = controls.alone_since
    return controls.lines_until if alone is None else min(controls.lines_until, alone + ALONE_GRACE)


def debrief_over_at(room: LiveRoom) -> float | None:
    """When those who facilitated are shown out; None: not before the private lines are shut, or they are not there."""
    controls = room.controls
    if controls.lines_until is not None or controls.debrief_until is None:
        return None
    # Whoever left is not inside any more; a connection that broke may come back.
    gone = [seat.away_since for seat in room.facilitators]
    last = max((since for since in gone if since is not None), default=controls.since)
    return controls.debrief_until if None in gone else min(last + ALONE_GRACE, controls.debrief_until)


@afterwards
def _shut(room: LiveRoom) -> Iterator[Due]:
    for at, what in ((lines_shut_at(room), LinesShut()), (debrief_over_at(room), DebriefOver())):
        if at is not None:
            yield at, what
