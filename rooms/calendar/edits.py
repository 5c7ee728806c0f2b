"""An edit of some dates of a series: the same step for each of them, told on the wall clock, before it is done."""

from collections.abc import Sequence
from datetime import datetime

from rooms.calendar.recurrence import Doubt, Occurrence, Refused, Rule, Settled, Unclear, occurrences


def stepped(
    dates: Sequence[Occurrence],
    *,
    frm: datetime,
    to: datetime,
    zone: str,
    minutes: int,
    settled: Sequence[Settled] = (),
) -> tuple[Occurrence, ...] | Unclear | Refused:
    """Where these dates go when the one at ``frm`` goes to ``to``: as many days further each, and all to its time of day.

    Days, not hours: half past seven stays half past seven through a change of the clocks. A date that an answer leaves
    out is not among them.
    """
    days = to.date() - frm.date()
    found: list[Occurrence] = []
    doubts: list[Doubt] = []
    for date in dates:
        wall = datetime.combine(date.wall.date() + days, to.time())
        one = occurrences(Rule(wall, zone, minutes, settled=tuple(settled)))
        match one:
            case Unclear():
                doubts.extend(one.doubts)
            case Refused(why="no_dates"):
                pass
            case Refused():
                return one
            case _:
                found.extend(one)
    if doubts:
        return Unclear(tuple(doubts))
    return tuple(found) if found else Refused("no_dates")
