"""The rota: who leads a session, who is second, whom the facilitators can call."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
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
        .order_by(tables.sessions.c.starts_at, tables.sessions.c.id)
        .limit(MOST_SHOWN)
    )
    each: dict[str, list[Session]] = {}
    for row in found.mappings():
        each.setdefault(row[tables.rota.c.account_id], []).append(session_of(row))
    return {account: tuple(theirs) for account, theirs in each.items()}
