"""Deleting a room with all that belongs to it, but for a date that its old link shows for a month."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql  # its ON CONFLICT DO NOTHING is SQLite's, word for word
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import tables, tokens
from rooms.records.rooms import Room

REMEMBERED: Final = timedelta(days=30)


async def erase(conn: AsyncConnection, room: Room, at: datetime) -> None:
    """Its sessions, agreements, links, rota: everything. ``checkpoint`` the database, and no byte of it is left."""
    await sweep(conn, at)
    await conn.execute(delete(tables.rooms).where(tables.rooms.c.id == room.id))
    await conn.execute(
        postgresql.insert(tables.tombstones)
        .values(token_hash=tokens.digest(room.join_token), deleted_at=at)
        .on_conflict_do_nothing()
    )


async def erased_at(conn: AsyncConnection, token: str, at: datetime) -> datetime | None:
    """When the room behind this link was deleted, if that is less than a month ago. Only who has the link can ask."""
    found: datetime | None = await conn.scalar(
        select(tables.tombstones.c.deleted_at).where(
            tables.tombstones.c.token_hash == tokens.digest(token),
            tables.tombstones.c.deleted_at > at - REMEMBERED,
        )
    )
    return found


async def sweep(conn: AsyncConnection, at: datetime) -> None:
    await conn.execute(delete(tables.tombstones).where(tables.tombstones.c.deleted_at <= at - REMEMBERED))
