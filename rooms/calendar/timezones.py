"""VTIMEZONE: what the clocks of a place do in the years that a calendar covers, as iCalendar (RFC 5545) says it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def vtimezone(zone: ZoneInfo, from_at: datetime, to_at: datetime) -> Iterator[str]:
    """Content lines, right for every moment of the years (UTC) in which ``from_at`` and ``to_at`` lie.

    Each change of the clocks is written out instead of a rule: governments do not keep to rules (Morocco's clocks go back
    for Ramadan), and every reader understands a single date.
    """
    # A day more at both ends: the year of the place begins and ends beside that of UTC.
    start = from_at.astimezone(UTC).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0) - _DAY
    end = (
        to_at.astimezone(UTC).replace(month=12, day=31, hour=0, minute=0, second=0, microsecond=0) + 2 * _DAY
    )
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone.key}"
    shown = start.astimezone(zone)
    yield from _observance(shown, shown)
    for change in _changes(zone, start, end):
        yield from _observance((change - _SECOND).astimezone(zone), change.astimezone(zone))
    yield "END:VTIMEZONE"


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """The first moment (UTC) of everything that the clocks do anew. No place changes them twice within a day."""
    day, clock = start, _clock(start, zone)
    while day < end:
        next_day = day + _DAY
        next_clock = _clock(next_day, zone)
        if clock != next_clock:
            yield _first_after(day, zone)
        day, clock = next_day, next_clock


def _first_after(day: datetime, zone: ZoneInfo) -> datetime:
    old, new = 0, int(_DAY / _SECOND)
    while new - old > 1:
        middle = (old + new) // 2
        if _clock(day + middle * _SECOND, zone) == _clock(day, zone):
            old = middle
        else:
            new = middle
    return day + new * _SECOND


def _clock(at: datetime, zone: ZoneInfo) -> tuple[timedelta | None, timedelta | None, str | None]:
    shown = at.astimezone(zone)
    return shown.utcoffset(), shown.dst(), shown.tzname()


def _observance(before: datetime, after: datetime) -> Iterator[str]:
    # Irish winter is, by law, daylight saving backwards. Calendars expect DAYLIGHT to be the hour ahead.
    kind = "DAYLIGHT" if (after.dst() or timedelta()) > timedelta() else "STANDARD"
    # The onset is told by the clock that is about to be changed.
    offset = before.utcoffset()
    onset = after.astimezone(UTC).replace(tzinfo=None) + (offset or timedelta())
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{onset:%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{before:%z}"
    yield f"TZOFFSETTO:{after:%z}"
    yield f"TZNAME:{after:%Z}"
    yield f"END:{kind}"
