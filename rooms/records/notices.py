"""What a live room tells those outside it: that it needs somebody, that it was not held, or that somebody was not okay with it.

Never who, and nothing that was said. Facilitators of a room learn nothing of the last, unless they organise it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.dialects import postgresql  # its ON CONFLICT DO NOTHING is SQLite's, word for word
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import sessions, tables
from rooms.records.rooms import Room, facilitated_by, room_of
from rooms.records.sessions import Session, session_of
from rooms.records.words import What

KEPT: Final = timedelta(days=30)
# A call is for an evening, and is of no use to anybody after it.
CALL_KEPT: Final = timedelta(days=1)
# Anybody may say as often as they like that they are not okay with it, and the desk counts: no letter box is to be filled.
TOLD_ONCE_IN: Final = timedelta(minutes=10)
_TO_READ: Final[tuple[What, ...]] = ("not_okay", "not_held")

_NOTICES, _SESSIONS, _ROOMS, _ROTA = tables.notices, tables.sessions, tables.rooms, tables.rota


@dataclass(frozen=True, slots=True)
class Notice:
    """``times``: how often, since more than one person may have said it.

    facilitates: who asks can go in. organises: who asks may put it away.
    """

    what: What
    times: int
    session: Session
    room: Room
    facilitates: bool
    organises: bool


@dataclass(frozen=True, slots=True)
class _Theirs:
    """A session that concerns somebody, and how."""

    session: Session
    room: Room
    facilitates: bool
    organises: bool
    reads_complaints: bool
    may_be_on: bool

    def are_told(self, what: What) -> bool:
        if what == "not_held":
            return True
        return self.reads_complaints if what == "not_okay" else self.may_be_on


async def put(conn: AsyncConnection, session_id: str, what: What, at: datetime) -> bool:
    """Once, however many nodes tell it; False: another was sooner. Of a session that is gone nothing is kept."""
    await sweep(conn, at)
    if await sessions.find(conn, session_id) is None:
        return False
    row = {"session_id": session_id, "what": what, "at": at}
    # Of an INSERT, Postgres' driver does not say how many rows it was.
    written = postgresql.insert(_NOTICES).values(row).on_conflict_do_nothing().returning(_NOTICES.c.what)
    return await conn.scalar(written) is not None


async def has_been_said_lately(conn: AsyncConnection, session_id: str, what: What, at: datetime) -> bool:
    """In the same ten minutes of the clock."""
    since = at - timedelta(seconds=at.timestamp() % TOLD_ONCE_IN.total_seconds())
    found = await conn.execute(
        select(_NOTICES.c.what)
        .where(_NOTICES.c.session_id == session_id, _NOTICES.c.what == what, _NOTICES.c.at >= since)
        .limit(1)
    )
    return found.first() is not None


async def for_account(conn: AsyncConnection, account_id: str, at: datetime) -> tuple[Notice, ...]:
    """Calls of rooms they look after, or are on call for, that are not over; which of their sessions were not held; and what
    only organisers and those on call read.

    First what there is at all, which is little: as a rule nothing more is asked.
    """
    there_is = await conn.execute(
        select(_NOTICES.c.session_id, _NOTICES.c.what, func.count())
        .where(~_is_past(at))
        .group_by(_NOTICES.c.session_id, _NOTICES.c.what)
    )
    counted = there_is.all()
    if not counted:
        return ()
    theirs = await _of_account(conn, account_id, {session_id for session_id, _, _ in counted}, at)
    found = [
        Notice(what, times, its.session, its.room, its.facilitates, its.organises)
        for session_id, what, times in counted
        if (its := theirs.get(session_id)) is not None and its.are_told(what)
    ]
    return tuple(sorted(found, key=lambda each: (each.session.starts_at, each.session.id, each.what)))


async def _of_account(
    conn: AsyncConnection, account_id: str, session_ids: Collection[str], at: datetime
) -> dict[str, _Theirs]:
    """Of these sessions those that concern somebody."""
    organises, on_call, facilitates = (
        _ROOMS.c.organiser_id == account_id,
        _is_on_call(account_id),
        facilitated_by(account_id),
    )
    found = await conn.execute(
        select(
            _SESSIONS,
            _ROOMS,
            facilitates.label("facilitates"),
            organises.label("organises"),
            reads_complaints(account_id).label("reads_complaints"),
            and_(*sessions.to_come(at)).label("may_be_on"),
        )
        .join(_ROOMS, _ROOMS.c.id == _SESSIONS.c.room_id)
        .where(_SESSIONS.c.id.in_(session_ids), or_(organises, on_call, facilitates))
    )
    hows = ("facilitates", "organises", "reads_complaints", "may_be_on")
    rows = found.mappings()
    return {
        row[_SESSIONS.c.id]: _Theirs(session_of(row), room_of(row), *(bool(row[how]) for how in hows))
        for row in rows
    }


def reads_complaints(account_id: str) -> ColumnElement[bool]:
    """Of a session and its room: how it was run is for the organiser and who is on call, and not for those who ran it."""
    on_call_only = and_(_is_on_call(account_id), ~facilitated_by(account_id))
    return or_(_ROOMS.c.organiser_id == account_id, on_call_only)


def _is_on_call(account_id: str) -> ColumnElement[bool]:
    called = select(_ROTA.c.session_id).where(_ROTA.c.account_id == account_id, _ROTA.c.part == "on_call")
    return _SESSIONS.c.id.in_(called)


async def put_away(conn: AsyncConnection, room_id: str, session_id: str, what: What) -> None:
    """The organiser has read that it was not held, or what was said about how it was run."""
    of_room = select(_SESSIONS.c.id).where(_SESSIONS.c.room_id == room_id, _SESSIONS.c.id == session_id)
    await conn.execute(delete(_NOTICES).where(_NOTICES.c.session_id.in_(of_room), _NOTICES.c.what == what))


async def sweep(conn: AsyncConnection, at: datetime) -> None:
    await conn.execute(delete(_NOTICES).where(_is_past(at)))


def _is_past(at: datetime) -> ColumnElement[bool]:
    """Of a notice: nobody needs it any more."""
    is_call = _NOTICES.c.what.not_in(_TO_READ)
    return or_(_NOTICES.c.at <= at - KEPT, and_(is_call, _NOTICES.c.at <= at - CALL_KEPT))


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
            *sessions.to_come(at),
        )
        # As in ``rota``: by their starts, every session there is would be walked through.
        .order_by(_SESSIONS.c.ends_at, _SESSIONS.c.id)
        .limit(most)
    )
    return tuple((session_of(row), room_of(row)) for row in found.mappings())
