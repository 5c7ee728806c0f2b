"""What somebody at their desk may see on: the sessions of rooms that they organise or facilitate whose doors may be open."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import limits, sessions, tables

_LONGEST: Final = timedelta(minutes=limits.DEMO_MINUTES.most)


class Open(NamedTuple):
    """A session that nobody has closed, around its time, for one account."""

    account_id: str
    room_id: str
    room_name: str
    session_id: str


async def of_accounts(conn: AsyncConnection, account_ids: Collection[str], at: datetime) -> tuple[Open, ...]:
    """By the names of rooms. One question, however many accounts and rooms there are."""
    organised = select(tables.rooms.c.organiser_id.label("account_id"), tables.rooms.c.id.label("room_id"))
    helped = select(tables.room_facilitators.c.account_id, tables.room_facilitators.c.room_id)
    theirs = union(
        organised.where(tables.rooms.c.organiser_id.in_(account_ids)),
        helped.where(tables.room_facilitators.c.account_id.in_(account_ids)),
    ).subquery()
    planned = tables.sessions.c
    found = await conn.execute(
        select(theirs.c.account_id, tables.rooms.c.id, tables.rooms.c.name, planned.id)
        .join(tables.rooms, tables.rooms.c.id == theirs.c.room_id)
        .join(tables.sessions, planned.room_id == theirs.c.room_id)
        .where(
            planned.closed_at.is_(None),
            planned.cancelled_at.is_(None),
            planned.starts_at <= at + sessions.DOORS,
            planned.ends_at > at - sessions.OVERRUN,
            # Which follows from the line above, and lets an index pass over all that was.
            planned.starts_at > at - sessions.OVERRUN - _LONGEST,
        )
        .order_by(tables.rooms.c.name, tables.rooms.c.id, planned.starts_at, planned.id)
    )
    return tuple(Open(*row) for row in found)
