"""The charter: what everybody who runs rooms here stands for. Nobody has to have one; every version of it is kept.

Of who wrote or took up a version nothing is kept, only the day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select
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
    await conn.execute(
        insert(_ALL).values(version=charter.version, lines="\n".join(charter.lines), made_at=charter.made_at)
    )
    return charter


async def current(conn: AsyncConnection) -> Charter | None:
    """None: there has never been one."""
    newest = await every(conn, most=1)
    return newest[0] if newest else None


async def every(conn: AsyncConnection, most: int) -> tuple[Charter, ...]:
    """The newest first."""
    found = await conn.execute(
        select(_ALL.c.version, _ALL.c.lines, _ALL.c.made_at).order_by(_ALL.c.version.desc()).limit(most)
    )
    return tuple(
        Charter(row.version, tuple(filter(None, row.lines.split("\n"))), row.made_at) for row in found
    )
