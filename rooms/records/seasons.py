"""Seasons: the dates that were planned together, and what an organiser changes about some or all of them.

The dates themselves are kept, each on the wall clock of its place, and no rule beside them that could say otherwise.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Final, Literal

from sqlalchemy import insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.calendar.changes import Changes
from rooms.calendar.recurrence import Occurrence
from rooms.records import limits, tables, tokens
from rooms.records.rooms import Room
from rooms.records.sessions import EXTENSION, Session, session_of
from rooms.records.words import Reason, Repeat

Scope = Literal["this", "later", "all"]
MOST_SHOWN: Final = 208  # four years of a weekly group


async def plan(
    conn: AsyncConnection, room_id: str, repeat: Repeat, dates: Sequence[Occurrence]
) -> tuple[Session, ...]:
    """The sessions of these dates, in a series of their own unless it is one date alone."""
    for each in dates:
        limits.MINUTES.check(each.minutes)
    series_id = None
    if repeat != "once":
        series_id = tokens.new_id()
        await conn.execute(insert(tables.series).values(id=series_id, room_id=room_id, repeat=repeat))
    planned = tuple(_planned(room_id, series_id, each) for each in dates)
    await conn.execute(insert(tables.sessions), [asdict(session) for session in planned])
    return planned


async def of_room(conn: AsyncConnection, room_id: str, at: datetime) -> tuple[Session, ...]:
    """All that are on or still come, those that were called off among them; at most ``MOST_SHOWN``."""
    found = await conn.execute(
        select(tables.sessions)
        .where(
            tables.sessions.c.room_id == room_id,
            tables.sessions.c.closed_at.is_(None),
            tables.sessions.c.ends_at > at - EXTENSION,
        )
        .order_by(tables.sessions.c.starts_at, tables.sessions.c.id)
        .limit(MOST_SHOWN)
    )
    return tuple(session_of(row) for row in found.mappings())


async def repeat_of(conn: AsyncConnection, series_id: str) -> Repeat | None:
    found: Repeat | None = await conn.scalar(
        select(tables.series.c.repeat).where(tables.series.c.id == series_id)
    )
    return found


async def concerned(
    conn: AsyncConnection, session: Session, scope: Scope, at: datetime, *, called_off: bool = False
) -> tuple[Session, ...]:
    """The sessions of its series that an edit is about: still to begin, and called off or not, as asked."""
    sessions = tables.sessions
    wanted = select(sessions).where(
        sessions.c.room_id == session.room_id,
        sessions.c.closed_at.is_(None),
        sessions.c.starts_at > at,
        sessions.c.cancelled_at.is_not(None) if called_off else sessions.c.cancelled_at.is_(None),
    )
    if scope == "this" or session.series_id is None:
        wanted = wanted.where(sessions.c.id == session.id)
    else:
        wanted = wanted.where(sessions.c.series_id == session.series_id)
        if scope == "later":
            wanted = wanted.where(sessions.c.starts_at >= session.starts_at)
    found = await conn.execute(wanted.order_by(sessions.c.starts_at, sessions.c.id).limit(MOST_SHOWN))
    return tuple(session_of(row) for row in found.mappings())


async def between(
    conn: AsyncConnection, room_id: str, first: datetime, last: datetime
) -> tuple[Session, ...]:
    """What is planned from one moment until another, and neither over nor called off."""
    sessions = tables.sessions
    found = await conn.execute(
        select(sessions)
        .where(
            sessions.c.room_id == room_id,
            sessions.c.closed_at.is_(None),
            sessions.c.cancelled_at.is_(None),
            sessions.c.starts_at >= first,
            sessions.c.starts_at < last,
        )
        .order_by(sessions.c.starts_at, sessions.c.id)
        .limit(MOST_SHOWN)
    )
    return tuple(session_of(row) for row in found.mappings())


async def call_off(
    conn: AsyncConnection,
    session_ids: Sequence[str],
    reason: Reason,
    alternative: str,
    at: datetime,
) -> int:
    """How many were called off by this: not those that were already, or are over."""
    limits.ALTERNATIVE.check(alternative)
    sessions = tables.sessions
    done = await conn.execute(
        update(sessions)
        .where(
            sessions.c.id.in_(session_ids), sessions.c.closed_at.is_(None), sessions.c.cancelled_at.is_(None)
        )
        .values(
            cancelled_at=at,
            reason=reason,
            alternative=alternative,
            sequence=sessions.c.sequence + 1,
            changed_at=at,
        )
    )
    return done.rowcount


async def take_place_after_all(conn: AsyncConnection, session_ids: Sequence[str], at: datetime) -> int:
    """Take back that they were called off; not for those that would have begun."""
    sessions = tables.sessions
    done = await conn.execute(
        update(sessions)
        .where(
            sessions.c.id.in_(session_ids),
            sessions.c.cancelled_at.is_not(None),
            sessions.c.starts_at > at,
        )
        .values(
            cancelled_at=None, reason=None, alternative="", sequence=sessions.c.sequence + 1, changed_at=at
        )
    )
    return done.rowcount


async def move(
    conn: AsyncConnection, old: Sequence[Session], changes: Changes, at: datetime
) -> tuple[Session, ...]:
    """Carry out what was shown. Whoever has a moved session in their calendar sees it move; the new ones are returned."""
    waiting: dict[Occurrence, list[Session]] = {}
    for session in reversed(old):
        waiting.setdefault(session.occurrence, []).append(session)
    for moved in changes.moved:
        session = waiting[moved.before].pop()
        await conn.execute(
            update(tables.sessions)
            .where(tables.sessions.c.id == session.id)
            .values(
                wall=moved.after.wall.replace(fold=0),
                zone=moved.after.zone,
                minutes=moved.after.minutes,
                starts_at=moved.after.starts_at,
                ends_at=moved.after.ends_at,
                sequence=session.sequence + 1,
                changed_at=at,
            )
        )
    dropped = [waiting[each].pop().id for each in changes.dropped]
    if dropped:
        await call_off(conn, dropped, "moved", "", at)
    added = tuple(_planned(old[0].room_id, old[0].series_id, each) for each in changes.added)
    if added:
        await conn.execute(insert(tables.sessions), [asdict(session) for session in added])
    return added


async def for_calendars(
    conn: AsyncConnection, room_ids: Sequence[str], first: datetime, last: datetime
) -> tuple[Session, ...]:
    """Everything planned between two moments, held and called off too; a calendar forgets what it is not told again."""
    sessions = tables.sessions
    found = await conn.execute(
        select(sessions)
        .where(
            sessions.c.room_id.in_(room_ids),
            sessions.c.starts_at >= first,
            sessions.c.starts_at < last,
            or_(sessions.c.outcome.is_(None), sessions.c.outcome == "held"),
        )
        .order_by(sessions.c.starts_at, sessions.c.id)
        .limit(1000)
    )
    return tuple(session_of(row) for row in found.mappings())


async def days_of_namesakes(
    conn: AsyncConnection, room: Room, first: datetime, last: datetime
) -> frozenset[date]:
    """On which days other rooms of the same organiser meet under exactly this name."""
    found = await conn.execute(
        select(tables.sessions.c.wall)
        .join(tables.rooms, tables.rooms.c.id == tables.sessions.c.room_id)
        .where(
            tables.rooms.c.organiser_id == room.organiser_id,
            tables.rooms.c.name == room.name,
            tables.rooms.c.id != room.id,
            tables.sessions.c.cancelled_at.is_(None),
            tables.sessions.c.closed_at.is_(None),
            tables.sessions.c.starts_at >= first,
            tables.sessions.c.starts_at < last,
        )
        .limit(MOST_SHOWN)
    )
    return frozenset(wall.date() for (wall,) in found)


def _planned(room_id: str, series_id: str | None, planned: Occurrence) -> Session:
    return Session(
        id=tokens.new_id(),
        room_id=room_id,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        wall=planned.wall.replace(fold=0),
        zone=planned.zone,
        minutes=planned.minutes,
        wait_minutes=10,
        starts_itself=False,
        series_id=series_id,
    )
