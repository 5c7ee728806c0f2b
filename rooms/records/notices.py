"""What a live room tells those outside it: that it needs somebody, or that somebody was not okay with how it is run.

Never who, and nothing that was said. Facilitators of a room learn nothing of the second, unless they organise it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.dialects import postgresql  # its ON CONFLICT DO NOTHING is SQLite's, word for word
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import sessions, tables
from rooms.records.rooms import Room, room_of
from rooms.records.sessions import Session, session_of
from rooms.records.words import What

KEPT: Final = timedelta(days=30)
# A call is for an evening, and is of no use to anybody after it.
CALL_KEPT: Final = timedelta(days=1)

_NOTICES, _SESSIONS, _ROOMS, _ROTA = tables.notices, tables.sessions, tables.rooms, tables.rota


@dataclass(frozen=True, slots=True)
class Notice:
    """``times``: how often, since more than one person may have said it."""

    what: What
    times: int
    session: Session
    room: Room


async def put(conn: AsyncConnection, session_id: str, what: What, at: datetime) -> None:
    """Once, however many nodes tell it. Of a session that is gone from the records nothing is kept."""
    await sweep(conn, at)
    if await sessions.find(conn, session_id) is not None:
        await conn.execute(
            postgresql.insert(_NOTICES)
            .values(session_id=session_id, what=what, at=at)
            .on_conflict_do_nothing()
        )


async def for_account(conn: AsyncConnection, account_id: str, at: datetime) -> tuple[Notice, ...]:
    """Calls of rooms they look after, or are on call for, that are not over; and what only organisers and those on call read."""
    facilitated = select(tables.room_facilitators.c.room_id).where(
        tables.room_facilitators.c.account_id == account_id
    )
    on_call = select(_ROTA.c.session_id).where(_ROTA.c.account_id == account_id, _ROTA.c.part == "on_call")
    organises = _ROOMS.c.organiser_id == account_id
    is_on_call = _SESSIONS.c.id.in_(on_call)
    facilitates = _ROOMS.c.id.in_(facilitated)
    call = and_(
        _NOTICES.c.what != "not_okay",
        _NOTICES.c.at > at - CALL_KEPT,
        _SESSIONS.c.closed_at.is_(None),
        _SESSIONS.c.cancelled_at.is_(None),
        _SESSIONS.c.ends_at > at - sessions.EXTENSION,
        or_(organises, is_on_call, facilitates),
    )
    complaint = and_(
        _NOTICES.c.what == "not_okay",
        _NOTICES.c.at > at - KEPT,
        or_(organises, and_(is_on_call, ~facilitates)),
    )
    counted = (
        select(_NOTICES.c.session_id, _NOTICES.c.what, func.count().label("times"))
        .join(_SESSIONS, _SESSIONS.c.id == _NOTICES.c.session_id)
        .join(_ROOMS, _ROOMS.c.id == _SESSIONS.c.room_id)
        .where(or_(call, complaint))
        .group_by(_NOTICES.c.session_id, _NOTICES.c.what)
        .subquery()
    )
    found = await conn.execute(
        select(counted.c.what, counted.c.times, _SESSIONS, _ROOMS)
        .join(_SESSIONS, _SESSIONS.c.id == counted.c.session_id)
        .join(_ROOMS, _ROOMS.c.id == _SESSIONS.c.room_id)
        .order_by(_SESSIONS.c.starts_at, _SESSIONS.c.id, counted.c.what)
    )
    return tuple(
        Notice(row[counted.c.what], row[counted.c.times], session_of(row), room_of(row))
        for row in found.mappings()
    )


async def forget_complaints(conn: AsyncConnection, room_id: str, session_id: str) -> None:
    """The organiser has read what was said about how a session was run."""
    of_room = select(_SESSIONS.c.id).where(_SESSIONS.c.room_id == room_id, _SESSIONS.c.id == session_id)
    await conn.execute(
        delete(_NOTICES).where(_NOTICES.c.session_id.in_(of_room), _NOTICES.c.what == "not_okay")
    )


async def sweep(conn: AsyncConnection, at: datetime) -> None:
    await conn.execute(
        delete(_NOTICES).where(
            or_(
                _NOTICES.c.at <= at - KEPT,
                and_(_NOTICES.c.what != "not_okay", _NOTICES.c.at <= at - CALL_KEPT),
            )
        )
    )


async def on_call_of(
    conn: AsyncConnection, account_id: str, at: datetime, most: int
) -> tuple[tuple[Session, Room], ...]:
    """The next sessions for which somebody is on call, the soonest first."""
    found = await conn.execute(
        select(_SESSIONS, _ROOMS)
        .join(_ROOMS, _ROOMS.c.id == _SESSIONS.c.room_id)
        .join(_ROTA, _ROTA.c.session_id == _SESSIONS.c.id)
        .where(
            _ROTA.c.account_id == account_id,
            _ROTA.c.part == "on_call",
            _SESSIONS.c.closed_at.is_(None),
            _SESSIONS.c.cancelled_at.is_(None),
            _SESSIONS.c.ends_at > at - sessions.EXTENSION,
        )
        .order_by(_SESSIONS.c.starts_at, _SESSIONS.c.id)
        .limit(most)
    )
    return tuple((session_of(row), room_of(row)) for row in found.mappings())
