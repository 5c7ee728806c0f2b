"""Agreements: what a room's people have agreed to keep to, line by line, every version of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import limits, tables


@dataclass(frozen=True, slots=True)
class Agreement:
    version: int
    lines: tuple[str, ...] = field(repr=False)
    made_at: datetime


async def publish(conn: AsyncConnection, room_id: str, lines: Sequence[str], at: datetime) -> Agreement:
    limits.AGREEMENT_LINES.check(len(lines))
    for line in lines:
        limits.AGREEMENT_LINE.check(line)
    agreement = Agreement(await _newest(conn, room_id) + 1, tuple(lines), at)
    await conn.execute(
        insert(tables.agreements),
        [
            {
                "room_id": room_id,
                "version": agreement.version,
                "position": position,
                "line": line,
                "made_at": at,
            }
            for position, line in enumerate(agreement.lines, start=1)
        ],
    )
    return agreement


async def current(conn: AsyncConnection, room_id: str) -> Agreement | None:
    return await version(conn, room_id, await _newest(conn, room_id))


async def version(conn: AsyncConnection, room_id: str, n: int) -> Agreement | None:
    found = await conn.execute(
        select(tables.agreements.c.line, tables.agreements.c.made_at)
        .where(tables.agreements.c.room_id == room_id, tables.agreements.c.version == n)
        .order_by(tables.agreements.c.position)
    )
    rows = found.all()
    return Agreement(n, tuple(row.line for row in rows), rows[0].made_at) if rows else None


async def _newest(conn: AsyncConnection, room_id: str) -> int:
    """0: there is none yet."""
    newest = await conn.scalar(
        select(func.max(tables.agreements.c.version)).where(tables.agreements.c.room_id == room_id)
    )
    return newest or 0
