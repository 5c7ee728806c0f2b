"""The charter: what everybody who runs rooms here stands for. Nobody has to have one; every version of it is kept.

Of who wrote or took up a version nothing is kept, only the day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import limits, tables

_ALL = tables.charters


@dataclass(frozen=True, slots=True)
class Charter:
    """No lines: it was taken back."""

    version: int
    lines: tuple[str, ...] = field(repr=False)
    made_at: datetime


async def publish(conn: AsyncConnection, lines: Sequence[str], at: datetime) -> Charter:
    if lines:
        limits.AGREEMENT_LINES.check(len(lines))
    for line in lines:
        limits.AGREEMENT_LINE.check(line)
    newest = await current(conn)
    charter = Charter(1 if newest is None else newest.version + 1, tuple(lines), at)
    # One that was taken back is a version too: it has one line, and nothing in it.
    rows = [
        {"version": charter.version, "position": position, "line": line, "made_at": charter.made_at}
        for position, line in enumerate(charter.lines or ("",), start=1)
    ]
    await conn.execute(insert(_ALL), rows)
    return charter


async def current(conn: AsyncConnection) -> Charter | None:
    """None: there has never been one."""
    newest = await every(conn, most=1)
    return newest[0] if newest else None


async def every(conn: AsyncConnection, most: int) -> tuple[Charter, ...]:
    """The newest first."""
    newest = select(func.max(_ALL.c.version)).scalar_subquery()
    found = await conn.execute(
        select(_ALL.c.version, _ALL.c.line, _ALL.c.made_at)
        .where(_ALL.c.version > newest - most)
        .order_by(_ALL.c.version.desc(), _ALL.c.position)
    )
    versions: dict[int, list[str]] = {}
    made_at: dict[int, datetime] = {}
    for version, line, at in found:
        versions.setdefault(version, []).append(line)
        made_at[version] = at
    return tuple(
        Charter(version, tuple(filter(None, lines)), made_at[version]) for version, lines in versions.items()
    )
