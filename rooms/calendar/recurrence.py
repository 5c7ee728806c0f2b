"""The dates of a series: a rule on the wall clock of a place, written out one by one."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from rooms.records import clocks, limits

MOST: Final = 52  # dates of one series; and break weeks, and answers
YEARS: Final = range(2000, 3000)  # arithmetic with zones needs some room at both ends of the calendar

Repeat = Literal["once", "weekly", "fortnightly", "monthly", "monthly_last"]
How = Literal["earlier", "later", "first", "second", "skip"]
Why = Literal[
    "unknown_zone",
    "far_away",
    "length",
    "too_many_exceptions",  # more than MOST break weeks, or answers
    "endless",  # neither times nor until
    "two_ends",  # both
    "too_few",  # times is less than 1
    "too_many",  # more than MOST dates
    "ends_before_it_starts",
    "not_every_month",  # the fifth Tuesday: the fourth or the last may be meant
    "not_the_last",  # another such weekday follows in that month
    "no_dates",  # every date falls in a break or was skipped
]


@dataclass(frozen=True, slots=True)
class Settled:
    """The organiser's answer to a ``Doubt``: what to do about ``wall``, the time as the rule has it."""

    wall: datetime
    how: How


@dataclass(frozen=True, slots=True)
class Rule:
    """What was agreed on; the dates follow from it.

    first: the first date and time (naive), as clocks in ``zone`` show it. All other dates have its time and weekday.
    repeat: ``monthly`` is the same weekday in the same week of the month, first to fourth; ``monthly_last`` the last one.
    times, until: where it ends, exactly one of them; a single date needs neither and heeds neither. ``times`` counts the dates that take
        place: what is skipped moves the end. ``until`` is the last day it may fall on.
    breaks: any day of each week (Monday to Sunday) without a session. They do not shift the rhythm of the others.
    settled: answers about nights on which the clocks change; those to a question that is not there are ignored.
    """

    first: datetime
    zone: str
    minutes: int
    repeat: Repeat = "once"
    times: int | None = None
    until: date | None = None
    breaks: tuple[date, ...] = ()
    settled: tuple[Settled, ...] = ()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date. ``wall`` (naive) and ``zone`` are kept; ``wall.fold`` is 1 if the second of two such hours is meant."""

    wall: datetime
    zone: str
    starts_at: datetime
    minutes: int

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer and what comes of it; None: this date is left out."""

    how: How
    occurrence: Occurrence | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A date whose time the clocks jump over, or show twice."""

    wall: datetime
    why: Literal["no_such_time", "happens_twice"]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Unclear:
    """Some dates wait for an answer, all of them named. Nothing is moved before it is given."""

    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there are no dates. ``last``, with ``too_many``: an ``until`` that would hold ``MOST`` dates."""

    why: Why
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """One rule as two that follow each other; None: that side has no dates."""

    before: Rule | None
    later: Rule | None


def occurrences(rule: Rule) -> tuple[Occurrence, ...] | Unclear | Refused:
    """In order, at least one and at most ``MOST``."""
    dates = _dates(rule)
    if not isinstance(dates, tuple):
        return dates
    return tuple(occurrence for _, occurrence in dates)


def split(rule: Rule, from_wall: datetime) -> Split | Unclear | Refused:
    """For an edit of this date and those after it: both sides together have the dates of ``rule``, no more and no less."""
    dates = _dates(rule)
    if not isinstance(dates, tuple):
        return dates
    kept = sum(occurrence.wall < from_wall for _, occurrence in dates)
    if kept == 0:
        return Split(None, rule)
    if kept == len(dates):
        return Split(rule, None)
    first_later = dates[kept][0]
    if rule.times is None:
        before = replace(rule, until=dates[kept - 1][0].date())
        return Split(before, replace(rule, first=first_later))
    return Split(replace(rule, times=kept), replace(rule, first=first_later, times=rule.times - kept))


def _dates(rule: Rule) -> tuple[tuple[datetime, Occurrence], ...] | Unclear | Refused:
    """Each with the wall time that the rule has for it, which is another one where an answer moved it."""
    zone = clocks.zone_named(rule.zone)
    if zone is None:
        return Refused("unknown_zone")
    if rule.repeat == "once":
        rule = replace(rule, times=1, until=None)
    refused = _refused(rule)
    if refused is not None:
        return refused
    slots = _slots(rule, zone)
    if not slots:
        return Refused("no_dates")
    if len(slots) > MOST:
        return Refused("too_many", slots[MOST - 1][0].date())
    doubts = tuple(slot for _, slot in slots if isinstance(slot, Doubt))
    if doubts:
        return Unclear(doubts)
    return tuple((wall, slot) for wall, slot in slots if isinstance(slot, Occurrence))


def _refused(rule: Rule) -> Refused | None:
    if rule.first.tzinfo is not None:
        raise ValueError("a wall time carries no zone")
    if rule.first.year not in YEARS:
        return Refused("far_away")
    if not limits.MINUTES.holds(rule.minutes):
        return Refused("length")
    if len(rule.breaks) > MOST or len(rule.settled) > MOST:
        return Refused("too_many_exceptions")
    if rule.repeat == "monthly" and rule.first.day > 28:
        return Refused("not_every_month")
    if rule.repeat == "monthly_last" and rule.first.day + 7 <= _days_in(rule.first.year, rule.first.month):
        return Refused("not_the_last")
    return _without_an_end(rule)


def _without_an_end(rule: Rule) -> Refused | None:
    match rule.times, rule.until:
        case None, None:
            return Refused("endless")
        case None, date() as until if until < rule.first.date():
            return Refused("ends_before_it_starts")
        case None, _:
            return None
        case int(times), None if times < 1:
            return Refused("too_few")
        case int(times), None if times > MOST:
            return Refused("too_many")
        case _, None:
            return None
        case _:
            return Refused("two_ends")


def _slots(rule: Rule, zone: ZoneInfo) -> list[tuple[datetime, Occurrence | Doubt]]:
    wanted = MOST + 1 if rule.times is None else rule.times
    until = rule.until or date.max
    breaks = {day.isocalendar()[:2] for day in rule.breaks}
    answers = {answer.wall: answer.how for answer in rule.settled}
    slots: list[tuple[datetime, Occurrence | Doubt]] = []
    for wall in _walls(rule):
        if wall.date() > until or len(slots) == wanted:
            break
        if wall.isocalendar()[:2] not in breaks:
            slot = _slot(wall, rule, zone, answers.get(wall))
            if slot is not None:
                slots.append((wall, slot))
    return slots


def _walls(rule: Rule) -> Iterator[datetime]:
    first = rule.first.replace(fold=0)
    # A break takes away one date at most, and so does an answer: this many are always enough, and never without end.
    candidates = range(MOST + 1 + len(rule.breaks) + len(rule.settled))
    match rule.repeat:
        case "once":
            yield first
        case "weekly":
            yield from (first + timedelta(weeks=n) for n in candidates)
        case "fortnightly":
            yield from (first + timedelta(weeks=2 * n) for n in candidates)
        case _:
            yield from (_in_month(first, n, last=rule.repeat == "monthly_last") for n in candidates)


def _in_month(first: datetime, months: int, *, last: bool) -> datetime:
    year, index = divmod(first.year * 12 + first.month - 1 + months, 12)
    month = index + 1
    earliest = 1 + (first.weekday() - calendar.weekday(year, month, 1)) % 7
    weeks = (_days_in(year, month) - earliest) // 7 if last else (first.day - 1) // 7
    return first.replace(year=year, month=month, day=earliest + 7 * weeks)


def _days_in(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _slot(wall: datetime, rule: Rule, zone: ZoneInfo, answer: How | None) -> Occurrence | Doubt | None:
    """None: the organiser said to leave this date out."""
    moments = clocks.moments(wall, zone)
    if len(moments) == 1:
        return Occurrence(wall, rule.zone, moments[0], rule.minutes)
    doubt = _doubt(wall, rule, zone, moments)
    answered = [choice.occurrence for choice in doubt.choices if choice.how == answer]
    return answered[0] if answered else doubt


def _doubt(wall: datetime, rule: Rule, zone: ZoneInfo, moments: tuple[datetime, ...]) -> Doubt:
    skip = Choice("skip", None)
    if moments:
        first, second = (
            Occurrence(wall.replace(fold=n), rule.zone, moments[n], rule.minutes) for n in (0, 1)
        )
        return Doubt(wall, "happens_twice", (Choice("first", first), Choice("second", second), skip))
    else:
        # The offset before the jump puts it as much too late as the jump is long, the one after it as much too early.
        later, earlier = (_shown(wall.replace(tzinfo=zone, fold=n), rule) for n in (0, 1))
        return Doubt(wall, "no_such_time", (Choice("earlier", earlier), Choice("later", later), skip))


def _shown(imaginary: datetime, rule: Rule) -> Occurrence:
    starts_at = imaginary.astimezone(UTC)
    wall = starts_at.astimezone(imaginary.tzinfo).replace(tzinfo=None)
    return Occurrence(wall, rule.zone, starts_at, rule.minutes)
