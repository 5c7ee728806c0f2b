"""Own hours, for who is paid or paid back for them: nobody but they themselves can see this page, or take its file away."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from rooms.records import hours
from rooms.records.accounts import Account
from rooms.records.hours import Stint
from rooms.records.words import Part
from server.home import home
from server.pages import page, staff_of, to, words_of
from server.words import N_, Words

PARTS: Final[Mapping[Part, str]] = {
    "lead": N_("led it"),
    "second": N_("was second"),
    "on_call": N_("was on call"),
}
# What a spreadsheet takes for the beginning of a formula, also in the wide letters of East Asia.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001  these are meant


@dataclass(frozen=True, slots=True)
class Row:
    when: str
    iso: str
    room: str
    part: str
    long: str


@dataclass(frozen=True, slots=True)
class Month:
    """``facilitated``, ``on_call``: all of it together, in words; empty where there was none."""

    name: str
    rows: tuple[Row, ...]
    facilitated: str
    on_call: str


async def own_hours(request: Request) -> Response:
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in?next=/desk/hours")
    words = words_of(request)
    return await page(request, "desk/hours.html", months=_months(words, await _stints(request, staff)))


async def as_file(request: Request) -> Response:
    """A line a session. A room's name is the only thing in it that somebody typed, and is never a formula."""
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in?next=/desk/hours")
    words = words_of(request)
    heads = (N_("Date"), N_("Start"), N_("End"), N_("Time zone"), N_("Minutes"), N_("Room"), N_("Part"))
    written = StringIO()
    lines = csv.writer(written)
    lines.writerow(words.gettext(head) for head in heads)
    for each in reversed(await _stints(request, staff)):
        over = each.over_at.astimezone(ZoneInfo(each.zone))
        lines.writerow(
            [
                f"{each.wall:%Y-%m-%d}",
                f"{each.wall:%H:%M}",
                f"{over:%H:%M}",
                each.zone,
                each.minutes,
                _plain(each.room_name),
                words.gettext(PARTS[each.part]),
            ]
        )
    headers = {"content-disposition": 'attachment; filename="hours.csv"'}
    return Response(written.getvalue(), media_type="text/csv", headers=headers)


async def _stints(request: Request, staff: Account) -> tuple[Stint, ...]:
    ours = home(request)
    async with ours.database.reading() as conn:
        return await hours.of_account(conn, staff.id, _a_year_back(ours.now()))


def _a_year_back(now: datetime) -> datetime:
    """The month that it is now, and the twelve before it."""
    return datetime(now.year - 1, now.month, 1, tzinfo=UTC)


def _months(words: Words, stints: Sequence[Stint]) -> list[Month]:
    # By the walls: where groups are in places far apart, months do not begin at once.
    latest = sorted(stints, key=lambda each: each.wall, reverse=True)
    by_month = groupby(latest, lambda each: (each.wall.year, each.wall.month))
    return [_month(words, tuple(theirs)) for _, theirs in by_month]


def _month(words: Words, stints: Sequence[Stint]) -> Month:
    return Month(
        name=words.month(stints[0].wall),
        rows=tuple(
            Row(
                when=words.wall(each.wall),
                iso=each.wall.isoformat(timespec="minutes"),
                room=each.room_name,
                part=words.gettext(PARTS[each.part]),
                long=_long(words, each.minutes),
            )
            for each in stints
        ),
        facilitated=_together(words, (each for each in stints if each.part != "on_call")),
        on_call=_together(words, (each for each in stints if each.part == "on_call")),
    )


def _together(words: Words, stints: Iterable[Stint]) -> str:
    minutes = [each.minutes for each in stints]
    return _long(words, sum(minutes)) if minutes else ""


def _long(words: Words, minutes: int) -> str:
    """Hours and minutes: 2 h 5 min. On one line."""
    said = words.gettext("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}
    return said.replace(" ", "\N{NO-BREAK SPACE}")


def _plain(name: str) -> str:
    return f"'{name}" if name.startswith(_FORMULA) else name
