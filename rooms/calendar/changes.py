"""What an edit does to the dates of a series, to be shown before it is done."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rooms.calendar.recurrence import Occurrence


@dataclass(frozen=True, slots=True)
class Moved:
    """The same meeting at another start, of another length, or on the clocks of another place."""

    before: Occurrence
    after: Occurrence


@dataclass(frozen=True, slots=True)
class Changes:
    """Every date of both sides exactly once, each in order."""

    kept: tuple[Occurrence, ...]
    moved: tuple[Moved, ...]
    dropped: tuple[Occurrence, ...]
    added: tuple[Occurrence, ...]


def changed(old: Sequence[Occurrence], new: Sequence[Occurrence]) -> Changes:
    """What people have in their diaries as one meeting stays one: on its day, or else in its week, or else in its month.

    Both sides are what the edit is about: one date each for *this date*; the later half of ``split`` and its edited copy
    for *this and later*; both series for *all*. One date against one is the same meeting wherever it went.
    """
    in_old, in_new = Counter(map(_month, old)), Counter(map(_month, new))

    def month_of_its_own(one: Occurrence) -> Hashable:
        # In a month with several dates on a side it would be a guess which of them became which.
        month = _month(one)
        return month if in_old[month] <= 1 and in_new[month] <= 1 else (month, one)

    pairs: list[tuple[Occurrence, Occurrence]] = []
    dropped, added = list(old), list(new)
    for same in (_itself, _day, _week, month_of_its_own):
        _match(same, dropped, added, pairs)
    if len(old) == len(new) == 1:
        _match(_anything, dropped, added, pairs)
    pairs.sort(key=lambda pair: pair[0].starts_at)
    return Changes(
        kept=tuple(before for before, after in pairs if before == after),
        moved=tuple(Moved(before, after) for before, after in pairs if before != after),
        dropped=tuple(sorted(dropped, key=_start)),
        added=tuple(sorted(added, key=_start)),
    )


def _match(
    same: Callable[[Occurrence], Hashable],
    old: list[Occurrence],
    new: list[Occurrence],
    pairs: list[tuple[Occurrence, Occurrence]],
) -> None:
    """Move from both lists into ``pairs`` what is the same by this measure, the earliest first."""
    waiting: defaultdict[Hashable, list[Occurrence]] = defaultdict(list)
    for after in sorted(new, key=_start, reverse=True):
        waiting[same(after)].append(after)
    unmatched = []
    for before in sorted(old, key=_start):
        if waiting[same(before)]:
            pairs.append((before, waiting[same(before)].pop()))
        else:
            unmatched.append(before)
    old[:] = unmatched
    new[:] = [after for left in waiting.values() for after in left]


def _itself(one: Occurrence) -> Hashable:
    return one


def _day(one: Occurrence) -> Hashable:
    return one.wall.date()


def _week(one: Occurrence) -> Hashable:
    return one.wall.isocalendar()[:2]


def _month(one: Occurrence) -> Hashable:
    return one.wall.year, one.wall.month


def _anything(_: Occurrence) -> Hashable:
    return None


def _start(one: Occurrence) -> datetime:
    return one.starts_at
