"""Counts: of a session that was held, in which band the number of those who came lies. Never the number, never who.

Only for rooms whose organiser asked for it, and for twelve months.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, exists, literal, select
from sqlalchemy.dialects import postgresql  # its ON CONFLICT DO NOTHING is SQLite's, word for word
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import tables
from rooms.records.words import Band

KEPT: Final = timedelta(days=365)

_COUNTS, _SESSIONS, _ROOMS = tables.counts, tables.sessions, tables.rooms


@dataclass(frozen=True, slots=True)
class Count:
    """``wall``: when the session was to begin, on the clock of the group."""

    wall: datetime
    band: Band


async def keep(conn: AsyncConnection, session_id: str, band: Band) -> None:
    """Once: the first stays. Nothing of a session that was not held, or of a room that keeps no counts by now."""
    held = (
        select(_SESSIONS.c.id, literal(band))
        .join(_ROOMS, _ROOMS.c.id == _SESSIONS.c.room_id)
        .where(_SESSIONS.c.id == session_id, _SESSIONS.c.outcome == "held", _ROOMS.c.keeps_counts)
    )
    await conn.execute(
        postgresql.insert(_COUNTS).from_select(["session_id", "band"], held).on_conflict_do_nothing()
    )


async def of_room(conn: AsyncConnection, room_id: str, at: datetime) -> tuple[Count, ...]:
    """Those of the last twelve months, the oldest first."""
    found = await conn.execute(
        select(_SESSIONS.c.wall, _COUNTS.c.band)
        .join(_SESSIONS, _SESSIONS.c.id == _COUNTS.c.session_id)
        .where(_SESSIONS.c.room_id == room_id, _SESSIONS.c.closed_at > at - KEPT)
        .order_by(_SESSIONS.c.starts_at, _SESSIONS.c.id)
    )
    return tuple(Count(*row) for row in found)


async def forget(conn: AsyncConnection, room_id: str) -> None:
    """All of a room's, at once."""
    theirs = select(_SESSIONS.c.id).where(_SESSIONS.c.room_id == room_id)
    await conn.execute(delete(_COUNTS).where(_COUNTS.c.session_id.in_(theirs)))


async def sweep(conn: AsyncConnection, at: datetime) -> None:
    past = exists().where(_SESSIONS.c.id == _COUNTS.c.session_id, _SESSIONS.c.closed_at <= at - KEPT)
    await conn.execute(delete(_COUNTS).where(past))
