"""The question when: a date and how it repeats, as it was typed, and as the dates that come of it."""

import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from starlette.datastructures import FormData
from starlette.requests import Request

from rooms.calendar import recurrence
from rooms.calendar.recurrence import Doubt, How, Occurrence, Refused, Rule, Settled, Unclear
from rooms.records import limits
from rooms.records.words import Repeat
from server.home import home
from server.pages import typed, words_of
from server.words import N_, Words

# The zones most groups here need first, then all the others.
_NEAR: Final = ("Europe/London", "Europe/Dublin")
_SETTLED: Final = "settled-"
_HOWS: Final[tuple[How, ...]] = ("earlier", "later", "first", "second", "skip")
_A_MOMENT: Final = timedelta(minutes=5)

DATE_WRONG = N_("Please give a date, like 2026-12-01.")
START_WRONG = N_("Please give a time, like 19:30.")
START_PAST = N_("That is in the past. Please choose a later date or time.")
MINUTES_WRONG = N_("Please give a length from 30 to 120 minutes.")
ZONE_WRONG = N_("Please choose one of the places in the list.")
REPEAT_WRONG = N_("Please choose how often you meet.")
TIMES_WRONG = N_("Please give a number of dates from 1 to 52.")
TIMES_NEEDED = N_("Please say how many times you meet, or until when.")
UNTIL_WRONG = N_("Please give the last day, like 2027-06-30, or leave it empty.")
UNTIL_BOTH = N_("Please say one of the two: how many times, or until when.")
UNTIL_EARLY = N_("That is before the first date.")
UNTIL_LATE = N_("That would be more than 52 dates. Please choose an earlier day.")
BREAKS_WRONG = N_("Please give dates, like 2026-12-22, 2026-12-29. At most 52.")
BREAKS_ALL = N_("No date is left. Please give fewer weeks off.")
NOT_EVERY_MONTH = N_(
    "Not every month has that weekday a fifth time. Choose the last one of each month, or another date."
)
NOT_THE_LAST = N_("That weekday comes once more in that month. Choose the last one as the first date.")
NO_SUCH_TIME = N_(
    "The clocks go forward in that night, and that time does not exist. Please choose what to do."
)
HAPPENS_TWICE = N_("The clocks go back in that night, and that time happens twice. Please choose which one.")

_WHY: Mapping[recurrence.Why, tuple[str, str]] = {
    "unknown_zone": ("zone", ZONE_WRONG),
    "far_away": ("date", DATE_WRONG),
    "length": ("minutes", MINUTES_WRONG),
    "too_many_exceptions": ("breaks", BREAKS_WRONG),
    "endless": ("times", TIMES_NEEDED),
    "two_ends": ("until", UNTIL_BOTH),
    "too_few": ("times", TIMES_WRONG),
    "too_many": ("until", UNTIL_LATE),
    "ends_before_it_starts": ("until", UNTIL_EARLY),
    "not_every_month": ("repeat", NOT_EVERY_MONTH),
    "not_the_last": ("repeat", NOT_THE_LAST),
    "no_dates": ("breaks", BREAKS_ALL),
}
REPEATS: Mapping[Repeat, str] = {
    "once": N_("Once"),
    "weekly": N_("Every week"),
    "fortnightly": N_("Every two weeks"),
    "monthly": N_("Every month, on the same weekday of the same week"),
    "monthly_last": N_("Every month, on the last such weekday"),
}


@dataclass(frozen=True, slots=True)
class Schedule:
    """What somebody typed about when they meet, kept as it was typed."""

    date: str = ""
    start: str = "19:30"
    minutes: str = "60"
    zone: str = "Europe/London"
    repeat: str = "once"
    times: str = ""
    until: str = ""
    breaks: str = ""
    settled: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One date about which the clocks raise a question, with the answers to choose from."""

    name: str
    said: str
    choices: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Planned:
    """The dates, or, where the clocks leave a doubt, the questions about them; None and none where a field is wrong."""

    dates: tuple[Occurrence, ...] | None = None
    questions: tuple[Question, ...] = ()


def schedule_of(sent: FormData) -> Schedule:
    settled = {
        name.removeprefix(_SETTLED): value
        for name, value in sent.items()
        if name.startswith(_SETTLED) and isinstance(value, str)
    }
    return Schedule(
        date=typed(sent, "date"),
        start=typed(sent, "start"),
        minutes=typed(sent, "minutes"),
        zone=typed(sent, "zone"),
        repeat=typed(sent, "repeat") or "once",
        times=typed(sent, "times"),
        until=typed(sent, "until"),
        breaks=typed(sent, "breaks"),
        settled=settled,
    )


def planned(request: Request, schedule: Schedule, errors: MutableMapping[str, str]) -> Planned:
    """What comes of it. What is wrong is put beside its field, in the language of the catalogue."""
    rule = _rule(schedule, errors)
    if rule is None:
        return Planned()
    if _is_past(request, rule.first, rule.zone):
        errors["start"] = START_PAST
        return Planned()
    found = recurrence.occurrences(rule)
    match found:
        case Refused():
            name, said = _WHY[found.why]
            errors[name] = said
            return Planned()
        case Unclear():
            errors["start"] = fault_of(found)
            return Planned(questions=questions(words_of(request), found, schedule.settled))
        case _:
            return Planned(dates=found)


def fault_of(unclear: Unclear) -> str:
    return NO_SUCH_TIME if unclear.doubts[0].why == "no_such_time" else HAPPENS_TWICE


def questions(words: Words, unclear: Unclear, chosen: Mapping[str, str]) -> tuple[Question, ...]:
    return tuple(_question(words, doubt, chosen) for doubt in unclear.doubts)


def _question(words: Words, doubt: Doubt, chosen: Mapping[str, str]) -> Question:
    key, when = doubt.wall.isoformat(), words.wall(doubt.wall)
    said = (
        words.gettext("%(when)s: the clocks go forward in that night, and there is no such time.")
        if doubt.why == "no_such_time"
        else words.gettext("%(when)s: the clocks go back in that night, and this time comes twice.")
    )
    choices = []
    for choice in doubt.choices:
        match choice.how:
            case "skip":
                label = words.gettext("Leave this date out")
            case "first":
                label = words.gettext("The first time, before the clocks go back")
            case "second":
                label = words.gettext("The second time, after the clocks go back")
            case _:
                # An answer about a time that there is not names the time instead.
                shown = choice.occurrence
                label = "" if shown is None else words.wall(shown.wall)
        choices.append((choice.how, label))
    return Question(_SETTLED + key, said % {"when": when}, tuple(choices), chosen.get(key, ""))


def settled(schedule_settled: Mapping[str, str]) -> tuple[Settled, ...]:
    """The answers that make sense; a question without one is asked again."""
    found = []
    for wall, how in list(schedule_settled.items())[: recurrence.MOST]:
        moment = _moment(wall)
        known = next((each for each in _HOWS if each == how), None)
        if moment is not None and known is not None:
            found.append(Settled(moment, known))
    return tuple(found)


def _moment(given: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(given[:30])
    except ValueError:
        return None
    return None if moment.tzinfo is not None else moment


def _rule(schedule: Schedule, errors: MutableMapping[str, str]) -> Rule | None:
    before = len(errors)
    wall = wall_of(schedule.date, schedule.start, errors)
    minutes = whole(schedule.minutes, limits.MINUTES, "minutes", MINUTES_WRONG, errors)
    if schedule.zone not in zones():
        errors["zone"] = ZONE_WRONG
    repeat = repeat_of(schedule.repeat)
    if repeat is None:
        errors["repeat"] = REPEAT_WRONG
    times = until = None
    breaks: tuple[date, ...] = ()
    if repeat != "once":
        if schedule.times.strip():
            times = whole(schedule.times, _TIMES, "times", TIMES_WRONG, errors)
        if schedule.until.strip():
            until = day_of(schedule.until)
            if until is None:
                errors["until"] = UNTIL_WRONG
        breaks = _days(schedule.breaks, errors)
    if len(errors) > before or wall is None or minutes is None or repeat is None:
        return None
    return Rule(wall, schedule.zone, minutes, repeat, times, until, breaks, settled(schedule.settled))


_TIMES = limits.Limit("dates", 1, recurrence.MOST)


def wall_of(day: str, start: str, errors: MutableMapping[str, str]) -> datetime | None:
    on, time = day_of(day), _parsed(start, "%H:%M")
    if on is None:
        errors["date"] = DATE_WRONG
    if time is None:
        errors["start"] = START_WRONG
    return None if on is None or time is None else datetime.combine(on, time.time())


def repeat_of(given: str) -> Repeat | None:
    return next((repeat for repeat in REPEATS if repeat == given), None)


def day_of(given: str) -> date | None:
    found = _parsed(given, "%Y-%m-%d")
    return None if found is None else found.date()


def _days(given: str, errors: MutableMapping[str, str]) -> tuple[date, ...]:
    written = [part for part in re.split(r"[\s,;]+", given) if part]
    found = tuple(day for day in map(day_of, written[: recurrence.MOST + 1]) if day is not None)
    if len(found) != len(written) or len(found) > recurrence.MOST:
        errors["breaks"] = BREAKS_WRONG
    return found


def _parsed(given: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(given.strip()[:20], pattern)  # noqa: DTZ007  a wall clock has no zone of its own
    except ValueError:
        return None


def whole(
    given: str, limit: limits.Limit, name: str, said: str, errors: MutableMapping[str, str]
) -> int | None:
    number = given.strip()
    if number.isascii() and number.isdigit() and len(number) <= 4 and limit.holds(int(number)):
        return int(number)
    errors[name] = said
    return None


def _is_past(request: Request, wall: datetime, zone: str) -> bool:
    return wall.replace(tzinfo=ZoneInfo(zone)) < home(request).now() - _A_MOMENT


@cache
def zones() -> frozenset[str]:
    # Asked once: finding out opens hundreds of files, and every live room of this process would wait for them.
    return frozenset(available_timezones())


@cache
def places() -> tuple[str, ...]:
    """The zones to choose from, the near ones first."""
    return (*_NEAR, *sorted(zone for zone in zones() if "/" in zone and zone not in _NEAR))


def repeats(words: Words) -> list[tuple[str, str]]:
    return [(repeat, words.gettext(said)) for repeat, said in REPEATS.items()]
