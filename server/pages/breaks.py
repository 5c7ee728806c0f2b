"""More dates for a room, and a break from them."""

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from rooms.records import limits, seasons
from server.home import home
from server.pages import page, schedule, to, typed, words_of
from server.pages.again import if_it_fails, new_mark, wish_of
from server.pages.dates import ALTERNATIVE_WRONG, ON_NOW, OTHERWISE, Step, step_of_many
from server.pages.last_minute import OnNowError, call_off_live, telling
from server.pages.own import Own, organised_room
from server.pages.schedule import DATE_WRONG, Planned, Schedule
from server.words import N_

LAST_EARLY = N_("That is before the first day.")
NO_DATES = N_("There is no date in that time.")


@dataclass(frozen=True, slots=True)
class More:
    when: Schedule
    once: str = field(default_factory=new_mark)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Break:
    """A time without sessions, as it was typed: both days belong to it."""

    first: str = ""
    last: str = ""
    alternative: str = ""
    errors: dict[str, str] = field(default_factory=dict)


async def more_dates(request: Request) -> Response:
    own = await organised_room(request)
    if isinstance(own, Response):
        return own
    ours, words = home(request), words_of(request)
    if request.method != "POST":
        return await _more_page(
            request, own, More(Schedule(zone=own.room.zone, minutes=str(min(own.room.minutes, 120))))
        )
    async with request.form(max_fields=80, max_part_size=4096) as sent:
        more, do = More(schedule.schedule_of(sent), typed(sent, "once")), typed(sent, "do")
        wish = await wish_of(request, sent)
    if_it_fails(request, partial(_more_page, request, own, more))
    errors: dict[str, str] = {}
    planned = schedule.planned(request, more.when, errors)
    repeat = schedule.repeat_of(more.when.repeat)
    if errors or planned.dates is None or repeat is None or do == "look":
        more = replace(more, errors={name: words.gettext(said) for name, said in errors.items()})
        return await _more_page(request, own, more, planned, status=422 if errors else 200)
    async with ours.database.writing() as conn:
        await seasons.plan(conn, own.room.id, repeat, planned.dates, once=wish)
    return to(f"/desk/rooms/{own.room.id}")


async def _more_page(
    request: Request, own: Own, more: More, planned: Planned | None = None, *, status: int = 200
) -> Response:
    words, planned = words_of(request), planned or Planned()
    return await page(
        request,
        "desk/more_dates.html",
        status,
        room=own.room,
        form=more,
        zones=schedule.places(),
        repeats=schedule.repeats(words),
        dates=[words.wall(each.wall) for each in planned.dates or ()],
        questions=planned.questions,
    )


async def a_break(request: Request) -> Response:
    """The group is away for a while: its dates in that time are called off, and can be taken back together."""
    own = await organised_room(request)
    if isinstance(own, Response):
        return own
    if request.method != "POST":
        return await _break_page(request, own, Break())
    async with request.form(max_fields=10, max_part_size=4096) as sent:
        given = Break(typed(sent, "first"), typed(sent, "last"), typed(sent, "alternative"))
        do, seen = typed(sent, "do"), typed(sent, "seen")
    if not seen:
        if_it_fails(request, partial(_break_page, request, own, given))
    if do == "back":
        return await _go_on(request, own)
    return await _pause(request, own, given, seen)


async def _pause(request: Request, own: Own, given: Break, seen: str) -> Response:
    ours, words = home(request), words_of(request)
    errors: dict[str, str] = {}
    first, last = schedule.day_of(given.first), schedule.day_of(given.last)
    for name, day in (("first", first), ("last", last)):
        if day is None or not 2000 <= day.year < 3000:
            errors[name] = DATE_WRONG
    if not errors and first and last and last < first:
        errors["last"] = LAST_EARLY
    if not limits.ALTERNATIVE.holds(given.alternative.strip()):
        errors["alternative"] = ALTERNATIVE_WRONG
    if errors or first is None or last is None:
        return await _break_wrong(request, own, given, **errors)
    zone = ZoneInfo(own.room.zone)
    begins = max(datetime.combine(first, time(), zone), ours.now())
    ends = datetime.combine(last + timedelta(days=1), time(), zone)
    async with telling(ours, [own.room.id]) as conn:
        away = await seasons.between(conn, own.room.id, begins, ends)
        if not away:
            return await _break_wrong(request, own, given, first=NO_DATES)
        step = step_of_many(words, "off", away)
        if not hmac.compare_digest(step.seen, seen):
            return await _break_page(
                request, own, given, step, changed_meanwhile=words.gettext(OTHERWISE) if seen else ""
            )
        try:
            await call_off_live(ours, [each for each in away if each.doors_at <= ours.now()], "cancelled")
        except OnNowError:
            return await _break_wrong(request, own, given, first=ON_NOW)
        await seasons.call_off(
            conn, [each.id for each in away], "pause", given.alternative.strip(), ours.now()
        )
    return to(f"/desk/rooms/{own.room.id}")


async def _go_on(request: Request, own: Own) -> Response:
    ours = home(request)
    async with ours.database.writing() as conn:
        await seasons.end_the_break(conn, own.room.id, ours.now())
    return to(f"/desk/rooms/{own.room.id}")


async def _break_wrong(request: Request, own: Own, given: Break, **errors: str) -> Response:
    said = {name: words_of(request).gettext(fault) for name, fault in errors.items()}
    return await _break_page(request, own, replace(given, errors=said), status=422)


async def _break_page(
    request: Request,
    own: Own,
    given: Break,
    step: Step | None = None,
    *,
    changed_meanwhile: str = "",
    status: int = 200,
) -> Response:
    ours, words = home(request), words_of(request)
    async with ours.database.reading() as conn:
        coming = await seasons.of_room(conn, own.room.id, ours.now())
    return await page(
        request,
        "desk/break.html",
        status,
        room=own.room,
        form=given,
        step=step,
        changed_meanwhile=changed_meanwhile,
        away=[words.span(each.wall, each.minutes) for each in coming if each.reason == "pause"],
    )
