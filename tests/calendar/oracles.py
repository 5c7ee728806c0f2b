"""Two others who are asked for the same dates: python-dateutil, and rules of four places written down by hand."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from io import StringIO

from dateutil import rrule, tz  # type: ignore[import-untyped]  # it comes without types

from rooms.calendar.recurrence import Rule

ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
MINUTE = timedelta(minutes=1)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# ---- python-dateutil


def walls_by_dateutil(rule: Rule) -> list[datetime]:
    """The walls of a rule with ``times``, without those in a break week."""
    return [found for found in _endless(rule) if _monday(found) not in map(_monday, rule.breaks)][
        : rule.times
    ]


def moments_by_dateutil(shown: datetime, zone: str) -> list[datetime]:
    """None: there is no such time. Two: it happens twice."""
    place = tz.gettz(zone)
    if not tz.datetime_exists(shown, place):
        return []
    folds = (0, 1) if tz.datetime_ambiguous(shown, place) else (0,)
    return [tz.enfold(shown.replace(tzinfo=place), fold).astimezone(UTC) for fold in folds]


def later_by_dateutil(shown: datetime, zone: str) -> datetime:
    resolved = tz.resolve_imaginary(shown.replace(tzinfo=tz.gettz(zone))).replace(tzinfo=None)
    assert isinstance(resolved, datetime)
    return resolved


@cache
def clock_in(calendar: str, zone: str) -> Callable[[datetime], datetime]:
    """What a reader makes of local times who believes the VTIMEZONE in the file and knows no other zones."""
    place = tz.tzical(StringIO(calendar)).get(zone)

    def moment(shown: datetime) -> datetime:
        return shown.replace(tzinfo=place).astimezone(UTC)

    return moment


def _endless(rule: Rule) -> Sequence[datetime]:
    weekday = rrule.weekday(rule.first.weekday())
    nth = -1 if rule.repeat == "monthly_last" else (rule.first.day - 1) // 7 + 1
    how = {
        "weekly": {"freq": rrule.WEEKLY},
        "fortnightly": {"freq": rrule.WEEKLY, "interval": 2},
        "monthly": {"freq": rrule.MONTHLY, "byweekday": weekday(nth)},
        "monthly_last": {"freq": rrule.MONTHLY, "byweekday": weekday(nth)},
    }[rule.repeat]
    return list(rrule.rrule(dtstart=rule.first, count=120, **how))


def _monday(day: date) -> date:
    plain = date(day.year, day.month, day.day)
    return plain - timedelta(days=plain.weekday())


# ---- by hand


def moments_by_hand(shown: datetime, zone: str) -> list[datetime]:
    """Every moment at which a clock on that wall, set by hand twice a year, shows this."""
    standard, summer = _OFFSETS[zone]
    moments = {shown.replace(tzinfo=UTC) - offset for offset in (standard, summer)}
    return sorted(moment for moment in moments if shown == _shown_by_hand(moment, zone))


def _shown_by_hand(moment: datetime, zone: str) -> datetime:
    standard, summer = _OFFSETS[zone]
    offset = summer if _is_summer(moment, zone) else standard
    return moment.replace(tzinfo=None) + offset


def changes_by_hand(zone: str, year: int) -> tuple[datetime, datetime] | None:
    """When the clocks of that year go forward, and back."""
    match zone:
        case "Europe/London":
            # The last Sundays of March and October, at one in the morning, Greenwich.
            return _sunday(year, 3, -1, 1), _sunday(year, 10, -1, 1)
        case "America/New_York":
            # The second Sunday of March and the first of November, at two in the morning, as the clocks have it before.
            return _sunday(year, 3, 2, 2 + 5), _sunday(year, 11, 1, 2 + 4)
        case "Australia/Lord_Howe":
            # The first Sundays of October and April, at two, by half an hour.
            return _sunday(year, 10, 1, 2) - 630 * MINUTE, _sunday(year, 4, 1, 2) - 660 * MINUTE
        case _:
            return None


_OFFSETS = {
    "Europe/London": (0 * MINUTE, 60 * MINUTE),
    "America/New_York": (-300 * MINUTE, -240 * MINUTE),
    "Australia/Lord_Howe": (630 * MINUTE, 660 * MINUTE),
    "Asia/Kolkata": (330 * MINUTE, 330 * MINUTE),
}


def _is_summer(moment: datetime, zone: str) -> bool:
    changes = changes_by_hand(zone, moment.year)
    if changes is None:
        return False
    forward, back = changes
    return forward <= moment < back if forward < back else not back <= moment < forward


def _sunday(year: int, month: int, nth: int, hour: int) -> datetime:
    start = datetime(year, month, 1, hour, tzinfo=UTC)
    days = [start + timedelta(days=n) for n in range(31)]
    sundays = [day for day in days if day.weekday() == 6 and day.month == month]
    return sundays[nth - 1 if nth > 0 else nth]
