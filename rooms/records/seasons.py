"""Seasons: the dates that were planned together, and what an organiser changes about some or all of them.

The dates themselves are kept, each on the wall clock of its place, and no rule beside them that could say otherwise.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import ColumnElement, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.calendar.changes import Changes
from rooms.calendar.recurrence import Occurrence
from rooms.records import limits, tables, tokens
from rooms.records.rooms import Room
from rooms.records.sessions import DOORS, OVERRUN, Session, find_each, session_of
from rooms.records.words import Reason, Repeat

Scope = Literal["this", "later", "all"]
MOST_SHOWN: Final = 208  # four years of a weekly group


async def plan(
    conn: AsyncConnection, room_id: str, repeat: Repeat, dates: Sequence[Occurrence], *, once: str = ""
) -> tuple[Session, ...]:
    """The sessions of these dates, in a series of their own unless it is one date alone.

    once: what stands for this wish, in which nobody can guess something. If it was fulfilled before, that is all.
    """
    for each in dates:
        limits.MINUTES.check(each.minutes)
    ids = [tokens.id_of(f"{once} {at}") if once else tokens.new_id() for at in range(len(dates))]
    if once and (known := await find_each(conn, ids)):
        return tuple(known[each] for each in ids if each in known)
    series_id = None
    if repeat != "once":
        series_id = tokens.new_id()
        await conn.execute(insert(tables.series).values(id=series_id, room_id=room_id, repeat=repeat))
    planned = tuple(
        _planned(room_id, series_id, each, session_id) for each, session_id in zip(dates, ids, strict=True)
    )
    await conn.execute(insert(tables.sessions), [asdict(session) for session in planned])
    return planned


async def of_room(conn: AsyncConnection, room_id: str, at: datetime) -> tuple[Session, ...]:
    """All that are on or still come, those that were called off among them; at most ``MOST_SHOWN``."""
    found = await conn.execute(
        select(tables.sessions)
        .where(
            tables.sessions.c.room_id == room_id,
            tables.sessions.c.closed_at.is_(None),
            tables.sessions.c.ends_at > at - OVERRUN,
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
    """The sessions of its series that an edit is about: still to begin, or called off and possible after all."""
    sessions = tables.sessions
    wanted = select(sessions).where(
        sessions.c.room_id == session.room_id,
        sessions.c.closed_at.is_(None),
        *(_recoverable(at) if called_off else (sessions.c.starts_at > at, sessions.c.cancelled_at.is_(None))),
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


async def say_why(
    conn: AsyncConnection, session_id: str, reason: Reason, alternative: str, at: datetime
) -> bool:
    """Of one that was called off without a word: its room was told, and the records could not be.

    False: it was not called off, or somebody has said why.
    """
    limits.ALTERNATIVE.check(alternative)
    sessions = tables.sessions
    done = await conn.execute(
        update(sessions)
        .where(sessions.c.id == session_id, sessions.c.cancelled_at.is_not(None), sessions.c.reason.is_(None))
        .values(reason=reason, alternative=alternative, sequence=sessions.c.sequence + 1, changed_at=at)
    )
    return done.rowcount == 1


async def take_place_after_all(conn: AsyncConnection, session_ids: Sequence[str], at: datetime) -> int:
    """Take back that they were called off. Not for those that have another date, nor once their doors would be open:

    whoever came to them was told that they are off.
    """
    sessions = tables.sessions
    done = await conn.execute(
        update(sessions)
        .where(sessions.c.id.in_(session_ids), *_recoverable(at))
        .values(
            cancelled_at=None, reason=None, alternative="", sequence=sessions.c.sequence + 1, changed_at=at
        )
    )
    return done.rowcount


async def end_the_break(conn: AsyncConnection, room_id: str, at: datetime) -> int:
    """What a break called off and would still begin takes place after all."""
    sessions = tables.sessions
    found = await conn.scalars(
        select(sessions.c.id).where(sessions.c.room_id == room_id, sessions.c.reason == "pause")
    )
    return await take_place_after_all(conn, found.all(), at)


async def move(
    conn: AsyncConnection,
    old: Sequence[Session],
    changes: Changes,
    at: datetime,
    *,
    anew: Collection[str] = (),
) -> None:
    """Carry out what was shown. Whoever has a moved session in their calendar sees it move.

    anew: ids of those whose doors are open. They are called off for good, and what takes their place is another session.
    """
    waiting: dict[Occurrence, list[Session]] = {}
    for session in reversed(old):
        waiting.setdefault(session.occurrence, []).append(session)
    dropped: list[str] = []
    added: list[tuple[Session, Session]] = []
    for moved in changes.moved:
        session = waiting[moved.before].pop()
        if session.id in anew:
            dropped.append(session.id)
            added.append((session, _planned(session.room_id, session.series_id, moved.after)))
        else:
            await _put(conn, session, moved.after, at)
    dropped += [waiting[each].pop().id for each in changes.dropped]
    if dropped:
        await call_off(conn, dropped, "moved", "", at)
    added += [(old[0], _planned(old[0].room_id, old[0].series_id, each)) for each in changes.added]
    if added:
        await conn.execute(insert(tables.sessions), [asdict(session) for _, session in added])
    for before, session in added:
        await _take_over(conn, before, session)


async def _put(conn: AsyncConnection, session: Session, date: Occurrence, at: datetime) -> None:
    await conn.execute(
        update(tables.sessions)
        .where(tables.sessions.c.id == session.id)
        .values(
            wall=date.wall.replace(fold=0),
            zone=date.zone,
            minutes=date.minutes,
            starts_at=date.starts_at,
            ends_at=date.ends_at,
            sequence=session.sequence + 1,
            changed_at=at,
        )
    )


async def _take_over(conn: AsyncConnection, before: Session, session: Session) -> None:
    """Whoever was put down for the one is put down for the other."""
    who = select(literal(session.id), tables.rota.c.part, tables.rota.c.account_id).where(
        tables.rota.c.session_id == before.id
    )
    await conn.execute(insert(tables.rota).from_select(["session_id", "part", "account_id"], who))


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
) -> frozenset[dt.date]:
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


def _recoverable(at: datetime) -> tuple[ColumnElement[bool], ...]:
    sessions = tables.sessions
    return (
        sessions.c.cancelled_at.is_not(None),
        sessions.c.starts_at > at + DOORS,
        or_(sessions.c.reason.is_(None), sessions.c.reason != "moved"),
    )


def _planned(room_id: str, series_id: str | None, planned: Occurrence, session_id: str = "") -> Session:
    return Session(
        id=session_id or tokens.new_id(),
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
