"""The rota: who leads a session, who is second, whom the facilitators can call."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import tables
from rooms.records.accounts import Account, account_of
from rooms.records.sessions import Session, session_of
from rooms.records.words import Part

Parts = Mapping[Part, Account]
# Nobody facilitates more than that within reach, and a page must not wait for whoever is put down everywhere.
MOST_SHOWN: Final = 400
# Longer than a session can be drawn out by ten minutes twice and by what a hold gives back.
_WITHIN: Final = timedelta(hours=2)


async def put_down(
    conn: AsyncConnection, session_ids: Sequence[str], part: Part, account_id: str | None
) -> None:
    """Who takes this part in these sessions from now on; None: nobody yet."""
    await conn.execute(
        delete(tables.rota).where(tables.rota.c.session_id.in_(session_ids), tables.rota.c.part == part)
    )
    if account_id is not None and session_ids:
        await conn.execute(
            insert(tables.rota),
            [{"session_id": session, "part": part, "account_id": account_id} for session in session_ids],
        )


async def take_off(conn: AsyncConnection, session_ids: Sequence[str], account_id: str) -> None:
    """Whatever part they had in these sessions, nobody has it yet."""
    await conn.execute(
        delete(tables.rota).where(
            tables.rota.c.session_id.in_(session_ids), tables.rota.c.account_id == account_id
        )
    )


async def of_sessions(conn: AsyncConnection, session_ids: Sequence[str]) -> Mapping[str, Parts]:
    """By session, where anybody is put down."""
    found = await conn.execute(
        select(tables.rota.c.session_id, tables.rota.c.part, tables.accounts)
        .join(tables.accounts, tables.accounts.c.id == tables.rota.c.account_id)
        .where(tables.rota.c.session_id.in_(session_ids))
    )
    parts: dict[str, dict[Part, Account]] = {}
    for row in found.mappings():
        parts.setdefault(row[tables.rota.c.session_id], {})[row[tables.rota.c.part]] = account_of(row)
    return parts


async def free_until_of_each(conn: AsyncConnection, wanted: Sequence[Session]) -> Mapping[str, datetime]:
    """By session, until when it can be made longer: another one of its room begins then, or nobody who facilitates is left.

    Without those that have time enough. Who is on call sits in no room, and of two who facilitate one may have to go.
    """
    if not wanted:
        return {}
    begins, session = tables.sessions.c.starts_at, tables.sessions.c.id
    soon = (
        begins > min(each.starts_at for each in wanted),
        begins < max(each.ends_at for each in wanted) + _WITHIN,
        tables.sessions.c.closed_at.is_(None),
        tables.sessions.c.cancelled_at.is_(None),
    )
    rooms = {each.room_id for each in wanted}
    of_rooms = await conn.execute(
        select(tables.sessions.c.room_id, begins).where(tables.sessions.c.room_id.in_(rooms), *soon)
    )
    in_room = of_rooms.all()
    parts = await of_sessions(conn, [each.id for each in wanted])
    people = {
        each.id: {account.id for part, account in parts.get(each.id, {}).items() if part != "on_call"}
        for each in wanted
    }
    of_people = await conn.execute(
        select(tables.rota.c.account_id, begins)
        .join(tables.sessions, session == tables.rota.c.session_id)
        .where(
            tables.rota.c.account_id.in_(set().union(*people.values())),
            tables.rota.c.part != "on_call",
            *soon,
        )
    )
    busy = of_people.all()
    found: dict[str, datetime] = {}
    for each in wanted:
        ends = [at for room, at in in_room if room == each.room_id and at > each.starts_at]
        theirs = [
            min((at for who, at in busy if who == person and at > each.starts_at), default=None)
            for person in people[each.id]
        ]
        if theirs and None not in theirs:
            ends.append(max(at for at in theirs if at is not None))
        if ends:
            found[each.id] = min(ends)
    return found


async def to_come_of_each(
    conn: AsyncConnection, account_ids: Collection[str], at: datetime
) -> Mapping[str, tuple[Session, ...]]:
    """By account: where they lead or are second and which is not over, the soonest; ``MOST_SHOWN`` of all together.

    Being on call is not sitting in a room.
    """
    found = await conn.execute(
        select(tables.rota.c.account_id, tables.sessions)
        .join(tables.sessions, tables.rota.c.session_id == tables.sessions.c.id)
        .where(
            tables.rota.c.account_id.in_(account_ids),
            tables.rota.c.part != "on_call",
            tables.sessions.c.closed_at.is_(None),
            tables.sessions.c.cancelled_at.is_(None),
            tables.sessions.c.ends_at > at,
        )
        # By their ends, which are in the same order as good as always: by their starts, SQLite would walk through every
        # session there is to find theirs.
        .order_by(tables.sessions.c.ends_at, tables.sessions.c.id)
        .limit(MOST_SHOWN)
    )
    each: dict[str, list[Session]] = {}
    for row in found.mappings():
        each.setdefault(row[tables.rota.c.account_id], []).append(session_of(row))
    return {account: tuple(theirs) for account, theirs in each.items()}
