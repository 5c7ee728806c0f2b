"""What a live room tells those outside it: that it needs somebody, or that somebody was not okay with how it is run.

Never who, and nothing that was said. Facilitators of a room learn nothing of the second, unless they organise it.
"""

from collections.abc import Collection
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


async def put(conn: AsyncConnection, session_id: str, what: What, at: datetime) -> bool:
    """Once, however many nodes tell it; False: another was sooner. Of a session that is gone nothing is kept."""
    await sweep(conn, at)
    if await sessions.find(conn, session_id) is None:
        return False
    done = await conn.execute(
        postgresql.insert(_NOTICES).values(session_id=session_id, what=what, at=at).on_conflict_do_nothing()
    )
    return done.rowcount == 1


async def for_account(conn: AsyncConnection, account_id: str, at: datetime) -> tuple[Notice, ...]:
    """Calls of rooms they look after, or are on call for, that are not over; and what only organisers and those on call read.

    First what there is at all, which is little: as a rule nothing more is asked.
    """
    is_complaint = _NOTICES.c.what == "not_okay"
    there_is = await conn.execute(
        select(_NOTICES.c.session_id, _NOTICES.c.what, func.count())
        .where(
            or_(
                and_(is_complaint, _NOTICES.c.at > at - KEPT),
                and_(~is_complaint, _NOTICES.c.at > at - CALL_KEPT),
            )
        )
        .group_by(_NOTICES.c.session_id, _NOTICES.c.what)
    )
    counted = there_is.all()
    if not counted:
        return ()
    theirs = await _of_account(conn, account_id, {session_id for session_id, _, _ in counted}, at)
    found = [
        Notice(what, times, session, room)
        for session_id, what, times in counted
        if session_id in theirs
        for session, room, is_over, reads_complaints in (theirs[session_id],)
        if (reads_complaints if what == "not_okay" else not is_over)
    ]
    return tuple(sorted(found, key=lambda each: (each.session.starts_at, each.session.id, each.what)))


async def _of_account(
    conn: AsyncConnection, account_id: str, session_ids: Collection[str], at: datetime
) -> dict[str, tuple[Session, Room, bool, bool]]:
    """Of these sessions those that concern somebody: whether each is over, and whether complaints about it are theirs to read."""
    helped = select(tables.room_facilitators.c.room_id).where(
        tables.room_facilitators.c.account_id == account_id
    )
    called = select(_ROTA.c.session_id).where(_ROTA.c.account_id == account_id, _ROTA.c.part == "on_call")
    organises, on_call = _ROOMS.c.organiser_id == account_id, _SESSIONS.c.id.in_(called)
    facilitates = _ROOMS.c.id.in_(helped)
    found = await conn.execute(
        select(_SESSIONS, _ROOMS, or_(organises, and_(on_call, ~facilitates)).label("reads_complaints"))
        .join(_ROOMS, _ROOMS.c.id == _SESSIONS.c.room_id)
        .where(_SESSIONS.c.id.in_(session_ids), or_(organises, on_call, facilitates))
    )
    theirs: dict[str, tuple[Session, Room, bool, bool]] = {}
    for row in found.mappings():
        session = session_of(row)
        is_over = (
            session.closed_at is not None
            or session.cancelled_at is not None
            or session.ends_at <= at - sessions.EXTENSION
        )
        theirs[session.id] = session, room_of(row), is_over, bool(row["reads_complaints"])
    return theirs


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
        # As in ``rota``: by their starts, every session there is would be walked through.
        .order_by(_SESSIONS.c.ends_at, _SESSIONS.c.id)
        .limit(most)
    )
    return tuple((session_of(row), room_of(row)) for row in found.mappings())
