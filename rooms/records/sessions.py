"""Sessions: the single dates on which a room is live, planned on the wall clock of a place."""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, bindparam, insert, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.calendar.recurrence import Occurrence
from rooms.records import clocks, limits, tables, tokens
from rooms.records.words import Outcome, Purpose, Reason

DOORS: Final = timedelta(minutes=30)
_LONGEST: Final = timedelta(minutes=limits.DEMO_MINUTES.most)
# How long after its planned end one that nobody closed may still be on: facilitators add twenty minutes at most, and each
# hold gives back the time that it took.
OVERRUN: Final = timedelta(hours=2)
_FIND: Final = select(tables.sessions).where(tables.sessions.c.id == bindparam("id"))  # as in accounts.py
_YEARS = range(2000, 3000)  # arithmetic with zones needs some room at both ends of the calendar


@dataclass(frozen=True, slots=True)
class Session:
    """``wall`` and ``zone`` are what people agreed on; ``starts_at`` and ``ends_at`` follow from them, in UTC.

    wait_minutes: how long after the start to wait for a facilitator before it is ``not_held``.
    sequence: how often its date, its length or its being held was changed, for calendars; ``changed_at``: when last.
    reason, alternative: why it was called off, and what people may do instead.
    """

    id: str
    room_id: str
    starts_at: datetime
    ends_at: datetime
    wall: datetime
    zone: str
    minutes: int
    wait_minutes: int
    starts_itself: bool
    cancelled_at: datetime | None = None
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    series_id: str | None = None
    sequence: int = 0
    changed_at: datetime | None = None
    reason: Reason | None = None
    alternative: str = field(default="", repr=False)

    @property
    def occurrence(self) -> Occurrence:
        return Occurrence(self.wall, self.zone, self.starts_at, self.minutes)

    @property
    def doors_at(self) -> datetime:
        return self.starts_at - DOORS


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a session cannot be planned like that. ``moments``: the two to choose from, first is ``fold=0``."""

    why: Literal["unknown_zone", "length", "far_away", "no_such_time", "happens_twice"]
    say: str = field(repr=False)
    moments: tuple[datetime, ...] = ()


async def plan(
    conn: AsyncConnection,
    room_id: str,
    wall: datetime,
    zone: str,
    minutes: int,
    *,
    fold: Literal[0, 1] | None = None,
    wait_minutes: int = 10,
    starts_itself: bool = False,
) -> Session | Refused:
    """``wall`` is naive. ``fold`` chooses the first or second of a time that clocks show twice; else it is ignored.

    A session that starts itself is a demo's, and may last longer than people should sit.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall time carries no zone")
    limits.WAIT_MINUTES.check(wait_minutes)
    starts_at = _start(wall, zone, fold)
    length = limits.DEMO_MINUTES if starts_itself else limits.MINUTES
    if isinstance(starts_at, Refused):
        return starts_at
    if not length.holds(minutes):
        return Refused("length", f"A session lasts {length.least} to {length.most} minutes.")
    session = Session(
        id=tokens.new_id(),
        room_id=room_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        wall=wall,
        zone=zone,
        minutes=minutes,
        wait_minutes=wait_minutes,
        starts_itself=starts_itself,
    )
    await conn.execute(insert(tables.sessions), asdict(session))
    return session


async def find(conn: AsyncConnection, session_id: str) -> Session | None:
    found = await conn.execute(_FIND, {"id": session_id})
    row = found.mappings().one_or_none()
    return None if row is None else session_of(row)


async def next_of(conn: AsyncConnection, room_id: str, at: datetime) -> Session | None:
    """The one that is on, or else the one that comes next."""
    found = await conn.execute(
        select(tables.sessions)
        .where(tables.sessions.c.room_id == room_id, *to_come(at))
        .order_by(tables.sessions.c.starts_at, tables.sessions.c.id)
        .limit(1)
    )
    row = found.mappings().one_or_none()
    return None if row is None else session_of(row)


async def find_each(conn: AsyncConnection, session_ids: Collection[str]) -> Mapping[str, Session]:
    found = await conn.execute(select(tables.sessions).where(tables.sessions.c.id.in_(session_ids)))
    return {row["id"]: session_of(row) for row in found.mappings()}


class Coming(NamedTuple):
    """As much of the next session of a listed room as it is looked for by."""

    session_id: str
    room_id: str
    purpose: Purpose
    wall: datetime


async def coming_of_listed(conn: AsyncConnection, at: datetime) -> tuple[Coming, ...]:
    """``next_of`` each listed room, the soonest first."""
    found = await conn.execute(
        select(
            tables.sessions.c.id,
            tables.sessions.c.room_id,
            tables.rooms.c.purpose,
            tables.sessions.c.wall,
        )
        .join_from(tables.rooms, tables.sessions, tables.sessions.c.id == _first(at))
        .where(tables.rooms.c.listed)
        .order_by(tables.sessions.c.starts_at, tables.sessions.c.id)
    )
    return tuple(Coming(*row) for row in found)


async def next_of_each(conn: AsyncConnection, room_ids: Sequence[str], at: datetime) -> Mapping[str, Session]:
    """By room, ``next_of`` it; in one question however many rooms there are."""
    found = await conn.execute(
        select(tables.sessions)
        .join_from(tables.rooms, tables.sessions, tables.sessions.c.id == _first(at))
        .where(tables.rooms.c.id.in_(room_ids))
    )
    return {row[tables.sessions.c.room_id]: session_of(row) for row in found.mappings()}


def _first(at: datetime) -> ScalarSelect[str]:
    """Of the room that a question is about: the session that is on, or else the one that comes next."""
    later = tables.sessions.alias("later")
    return (
        select(later.c.id)
        .where(
            later.c.room_id == tables.rooms.c.id,
            *to_come(at, later),
            # Which follows from that, and lets an index pass over all that was.
            later.c.starts_at > at - OVERRUN - _LONGEST,
        )
        .order_by(later.c.starts_at, later.c.id)
        .limit(1)
        .correlate(tables.rooms)
        .scalar_subquery()
    )


async def around(conn: AsyncConnection, at: datetime, *, but: Container[str] = ()) -> tuple[Session, ...]:
    """All whose doors have opened and which nobody has closed, however long ago: each still has a deadline to meet.

    but: the ids of those that are known already.
    """
    begun = await conn.execute(_BEGUN, {"by": at + DOORS})
    # Hundreds, and two seconds ago all of them were known: only what is new is read whole.
    new = [session_id for session_id in begun.scalars() if session_id not in but]
    found = await find_each(conn, new) if new else {}
    return tuple(found[session_id] for session_id in new if session_id in found)


async def open_of(conn: AsyncConnection, room_ids: Sequence[str], at: datetime) -> tuple[Session, ...]:
    """Those of these rooms in which somebody may be just now."""
    found = await conn.execute(
        select(tables.sessions).where(
            tables.sessions.c.room_id.in_(room_ids), tables.sessions.c.starts_at <= at + DOORS, *_open()
        )
    )
    return tuple(session_of(row) for row in found.mappings())


async def over_since(
    conn: AsyncConnection, room_ids: Sequence[str], since: datetime, at: datetime
) -> tuple[Session, ...]:
    """Those of these rooms that were closed or called off lately, and were open: those who facilitated may still be there."""
    sessions = tables.sessions.c
    found = await conn.execute(
        select(tables.sessions).where(
            sessions.room_id.in_(room_ids),
            sessions.starts_at <= at + DOORS,
            (sessions.closed_at > since) | (sessions.cancelled_at > since),
        )
    )
    return tuple(session_of(row) for row in found.mappings())


async def finish(conn: AsyncConnection, session_id: str, outcome: Outcome, at: datetime) -> bool:
    """Close it, once: the first outcome stays. False: it was closed or cancelled before, or does not exist."""
    done = await conn.execute(
        update(tables.sessions)
        .where(tables.sessions.c.id == session_id, *_open())
        .values(outcome=outcome, closed_at=at)
    )
    return done.rowcount == 1


async def cancel(conn: AsyncConnection, session_id: str, at: datetime) -> bool:
    """Call it off, once. False: it was closed or cancelled before, or does not exist."""
    done = await conn.execute(
        update(tables.sessions)
        .where(tables.sessions.c.id == session_id, *_open())
        .values(cancelled_at=at, sequence=tables.sessions.c.sequence + 1, changed_at=at)
    )
    return done.rowcount == 1


def _open(of: FromClause = tables.sessions) -> tuple[ColumnElement[bool], ...]:
    return of.c.closed_at.is_(None), of.c.cancelled_at.is_(None)


_BEGUN: Final = (
    select(tables.sessions.c.id)
    .where(tables.sessions.c.starts_at <= bindparam("by"), *_open())
    .order_by(tables.sessions.c.starts_at, tables.sessions.c.id)
)


def to_come(at: datetime, of: FromClause = tables.sessions) -> tuple[ColumnElement[bool], ...]:
    """Of the session that a question is about: it is on, or it still comes."""
    # One that runs over is still on; one that nobody closed, because the server was away, must not stay for ever.
    return *_open(of), of.c.ends_at > at - OVERRUN


def _start(wall: datetime, zone: str, fold: Literal[0, 1] | None) -> datetime | Refused:
    place = clocks.zone_named(zone)
    if place is None:
        return Refused("unknown_zone", "We do not know that time zone. Choose one from the list.")
    if wall.year not in _YEARS:
        return Refused("far_away", "That date is too far away. Check the year.")
    moments = clocks.moments(wall, place)
    written = f"{wall:%H:%M} on {wall.day} {wall:%B %Y}"
    match moments:
        case ():
            return Refused(
                "no_such_time",
                f"The clocks in {zone} go forward that night and jump over {written}: there is no such time. "
                "Choose one before or after.",
            )
        case (first,):
            return first
        case _ if fold is None:
            return Refused(
                "happens_twice",
                f"The clocks in {zone} go back that night and show {written} twice. "
                "Say whether you mean the first or the second time.",
                moments,
            )
        case _:
            return moments[fold]


def session_of(row: RowMapping) -> Session:
    """For the other nouns of this package, which find sessions by way of their own tables."""
    return Session(*[row[column] for column in _COLUMNS])


_COLUMNS = tuple(tables.sessions.c[each.name] for each in fields(Session))
