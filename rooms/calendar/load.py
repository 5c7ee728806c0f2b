"""The load guard: no one facilitates two sessions at once, or back to back, or all day long."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from rooms.calendar.recurrence import Occurrence

GAP: Final = timedelta(minutes=30)
A_DAY: Final = 2


@dataclass(frozen=True, slots=True)
class Clash:
    """Two sessions that overlap, or leave less than ``GAP`` between them; in order of their start."""

    one: Occurrence
    other: Occurrence


@dataclass(frozen=True, slots=True)
class FullDay:
    """More than ``A_DAY`` sessions start on this day."""

    day: date
    sessions: tuple[Occurrence, ...]


def clashes(held: Sequence[Occurrence], wanted: Sequence[Occurrence]) -> tuple[Clash, ...]:
    """For one facilitator: what they have, without the dates being edited, and what they would take on.

    Only pairs with something wanted in them: an old clash must not get in the way of a new date elsewhere.
    """
    found: list[Clash] = []
    recent: list[tuple[Occurrence, bool]] = []
    for session, is_wanted in _in_order(held, wanted):
        recent = [(one, new) for one, new in recent if session.starts_at - one.ends_at < GAP]
        found.extend(Clash(one, session) for one, new in recent if new or is_wanted)
        recent.append((session, is_wanted))
    return tuple(found)


def full_days(
    held: Sequence[Occurrence], wanted: Sequence[Occurrence], zone: ZoneInfo
) -> tuple[FullDay, ...]:
    """The days, as the facilitator's own clock has them, on which something wanted is among too many."""
    days: defaultdict[date, list[tuple[Occurrence, bool]]] = defaultdict(list)
    for session, is_wanted in _in_order(held, wanted):
        days[session.starts_at.astimezone(zone).date()].append((session, is_wanted))
    return tuple(
        FullDay(day, tuple(session for session, _ in sessions))
        for day, sessions in days.items()
        if len(sessions) > A_DAY and any(is_wanted for _, is_wanted in sessions)
    )


def _in_order(held: Sequence[Occurrence], wanted: Sequence[Occurrence]) -> list[tuple[Occurrence, bool]]:
    everything = [(session, False) for session in held] + [(session, True) for session in wanted]
    return sorted(everything, key=lambda pair: pair[0].starts_at)
