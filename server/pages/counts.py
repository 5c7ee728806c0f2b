"""How many came, over the weeks: bands only, as a plot, as a table and as a file, where the organiser asked for it."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from rooms.records import counts
from rooms.records.counts import Count
from rooms.records.words import Band
from server.home import home
from server.pages import calm, words_of
from server.pages.own import own_room
from server.words import N_, Words

# "5-9" would be the fifth of September to a spreadsheet.
BANDS: Final[Mapping[Band, str]] = {
    "under_5": N_("under 5"),
    "5_to_9": N_("5 to 9"),
    "10_or_more": N_("10 or more"),
}
_STEPS: Final[tuple[Band, ...]] = ("under_5", "5_to_9", "10_or_more")
WIDE, HIGH, STEP, WIDEST = 320, 66, 20, 32


@dataclass(frozen=True, slots=True)
class Bar:
    """A session, in the units of the plot: how far from its left and its top, how wide and how high."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Row:
    when: str
    iso: str
    band: str


@dataclass(frozen=True, slots=True)
class Turnout:
    """What the desk of a room shows. ``lines``: how far from the top of the plot each band ends."""

    rows: tuple[Row, ...]
    bars: tuple[Bar, ...]
    first: str
    last: str
    wide: int = WIDE
    high: int = HIGH
    lines: tuple[int, ...] = tuple(HIGH - STEP * (step + 1) for step in range(len(_STEPS)))


def turnout(words: Words, kept: Sequence[Count]) -> Turnout:
    rows = tuple(
        Row(words.wall(each.wall), each.wall.isoformat(timespec="minutes"), words.gettext(BANDS[each.band]))
        for each in kept
    )
    return Turnout(
        rows=rows,
        bars=_bars(kept),
        first=words.day(kept[0].wall) if kept else "",
        last=words.day(kept[-1].wall) if kept else "",
    )


def _bars(kept: Sequence[Count]) -> tuple[Bar, ...]:
    """A place for each week, the first one's at the left edge and the last one's at the right; those of one week share it."""
    weeks: dict[datetime, list[Count]] = {}
    for each in kept:
        weeks.setdefault(_monday(each.wall), []).append(each)
    if not weeks:
        return ()
    first = min(weeks)
    later = (max(weeks) - first) // timedelta(weeks=1)
    width = min(WIDE / (later + 1) * 0.8, WIDEST)
    step = (WIDE - width) / max(later, 1)
    return tuple(
        Bar(
            x=round((monday - first) // timedelta(weeks=1) * step + place * width / len(those), 2),
            y=HIGH - _height(each.band),
            width=round(width / len(those), 2),
            height=_height(each.band),
        )
        for monday, those in weeks.items()
        for place, each in enumerate(those)
    )


def _height(band: Band) -> int:
    return STEP * (_STEPS.index(band) + 1)


def _monday(wall: datetime) -> datetime:
    return datetime.combine(wall.date(), datetime.min.time()) - timedelta(days=wall.weekday())


async def as_file(request: Request) -> Response:
    """A line a session: its day, its hour, its band. Nothing in it was typed by anybody: no cell can be a formula."""
    own = await own_room(request)
    if isinstance(own, Response):
        return own
    ours, words = home(request), words_of(request)
    async with ours.database.reading() as conn:
        kept = await counts.of_room(conn, own.room.id, ours.now())
    if not kept and not own.room.keeps_counts:
        return await calm(request)
    written = StringIO()
    lines = csv.writer(written)
    lines.writerow([words.gettext("Date"), words.gettext("Time"), words.gettext("How many came")])
    for each in kept:
        lines.writerow([f"{each.wall:%Y-%m-%d}", f"{each.wall:%H:%M}", words.gettext(BANDS[each.band])])
    headers = {"content-disposition": 'attachment; filename="counts.csv"'}
    return Response(written.getvalue(), media_type="text/csv", headers=headers)
