"""Reviews: what somebody who was removed wrote to whoever organises the room, so that another looks at it.

The only words in these records that a member wrote, written to be read later by somebody else; and they stand here sealed,
under a key that the database does not have.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql  # its ON CONFLICT DO NOTHING is SQLite's, word for word
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import tables
from rooms.records.notices import reads_complaints
from rooms.records.rooms import Room, room_of
from rooms.records.sessions import Session, session_of

KEPT: Final = timedelta(days=30)

_REVIEWS, _SESSIONS, _ROOMS = tables.reviews, tables.sessions, tables.rooms


@dataclass(frozen=True, slots=True)
class Review:
    """``organises``: who asks may take it away."""

    id: str
    session: Session
    room: Room
    sealed: bytes = field(repr=False)
    organises: bool


async def ask_for(
    conn: AsyncConnection, review_id: str, session_id: str, sealed: bytes, at: datetime
) -> bool:
    """Once for each id, which tells nobody who it is; False: it was asked before, and the first words stay."""
    await sweep(conn, at)
    row = {"id": review_id, "session_id": session_id, "sealed": sealed, "at": at}
    written = postgresql.insert(_REVIEWS).values(row).on_conflict_do_nothing().returning(_REVIEWS.c.id)
    return await conn.scalar(written) is not None


async def for_account(conn: AsyncConnection, account_id: str, at: datetime) -> tuple[Review, ...]:
    """Those that somebody may read, the oldest first."""
    found = await conn.execute(
        select(_REVIEWS, _SESSIONS, _ROOMS)
        .join(_SESSIONS, _SESSIONS.c.id == _REVIEWS.c.session_id)
        .join(_ROOMS, _ROOMS.c.id == _SESSIONS.c.room_id)
        .where(reads_complaints(account_id), _REVIEWS.c.at > at - KEPT)
        .order_by(_REVIEWS.c.at, _REVIEWS.c.id)
    )
    return tuple(
        Review(
            row[_REVIEWS.c.id],
            session_of(row),
            room_of(row),
            row[_REVIEWS.c.sealed],
            row[_ROOMS.c.organiser_id] == account_id,
        )
        for row in found.mappings()
    )


async def count_for(conn: AsyncConnection, account_id: str, at: datetime) -> int:
    """How many of them there are."""
    found = await conn.scalar(
        select(func.count())
        .select_from(_REVIEWS)
        .join(_SESSIONS, _SESSIONS.c.id == _REVIEWS.c.session_id)
        .join(_ROOMS, _ROOMS.c.id == _SESSIONS.c.room_id)
        .where(reads_complaints(account_id), _REVIEWS.c.at > at - KEPT)
    )
    return found or 0


async def take_away(conn: AsyncConnection, review_id: str, account_id: str) -> None:
    """By the organiser of the room, and nobody else."""
    theirs = (
        select(_SESSIONS.c.id)
        .join(_ROOMS, _ROOMS.c.id == _SESSIONS.c.room_id)
        .where(_ROOMS.c.organiser_id == account_id)
    )
    await conn.execute(delete(_REVIEWS).where(_REVIEWS.c.id == review_id, _REVIEWS.c.session_id.in_(theirs)))


async def sweep(conn: AsyncConnection, at: datetime) -> None:
    await conn.execute(delete(_REVIEWS).where(_REVIEWS.c.at <= at - KEPT))
