"""Sign-ins: who is signed in, kept on the server so that signing out anywhere ends it everywhere."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import tables, tokens
from rooms.records.accounts import Account, account_of

LASTS: Final = timedelta(hours=12)
IDLE: Final = timedelta(minutes=30)
_SEEN_EVERY = timedelta(minutes=1)


async def open(conn: AsyncConnection, account_id: str, at: datetime) -> str:  # noqa: A001  read as sign_ins.open
    """The token for the cookie. Only its hash is stored."""
    # Whoever signs in sweeps: nothing has to remember to, and nothing of an ended sign-in stays for long.
    await sweep(conn, at)
    token = tokens.new_token()
    await conn.execute(
        insert(tables.sign_ins).values(
            token_hash=tokens.digest(token), account_id=account_id, opened_at=at, seen_at=at
        )
    )
    return token


async def who(conn: AsyncConnection, token: str, at: datetime) -> Account | None:
    """Whose token this is. Through a writing connection this counts as being seen; through a reading one it only looks."""
    token_hash = tokens.digest(token)
    found = await conn.execute(
        select(tables.accounts, tables.sign_ins.c.seen_at)
        .join(tables.sign_ins, tables.sign_ins.c.account_id == tables.accounts.c.id)
        .where(
            tables.sign_ins.c.token_hash == token_hash,
            tables.sign_ins.c.opened_at > at - LASTS,
            tables.sign_ins.c.seen_at > at - IDLE,
        )
    )
    row = found.mappings().one_or_none()
    if row is None:
        return None
    can_write = not conn.engine.get_execution_options().get("readonly", False)
    if can_write and row[tables.sign_ins.c.seen_at] <= at - _SEEN_EVERY:
        await conn.execute(
            update(tables.sign_ins).where(tables.sign_ins.c.token_hash == token_hash).values(seen_at=at)
        )
    return account_of(row)


async def still_open(conn: AsyncConnection, hashes: Collection[str], at: datetime) -> frozenset[str]:
    """Of these sign-ins, by the hashes of their tokens, those that have not ended. Whoever asks has them before them,
    so that none is idle.
    """
    found = await conn.execute(
        select(tables.sign_ins.c.token_hash).where(
            tables.sign_ins.c.token_hash.in_(hashes), tables.sign_ins.c.opened_at > at - LASTS
        )
    )
    return frozenset(found.scalars())


async def seen(conn: AsyncConnection, hashes: Collection[str], at: datetime) -> None:
    """Somebody is there."""
    await conn.execute(
        update(tables.sign_ins).where(tables.sign_ins.c.token_hash.in_(hashes)).values(seen_at=at)
    )


async def close(conn: AsyncConnection, token: str) -> None:
    await conn.execute(delete(tables.sign_ins).where(tables.sign_ins.c.token_hash == tokens.digest(token)))


async def close_all(conn: AsyncConnection, account_id: str) -> None:
    """On every device: after a new password, or when somebody has lost theirs."""
    await conn.execute(delete(tables.sign_ins).where(tables.sign_ins.c.account_id == account_id))


async def sweep(conn: AsyncConnection, at: datetime) -> None:
    await conn.execute(
        delete(tables.sign_ins).where(
            or_(tables.sign_ins.c.opened_at <= at - LASTS, tables.sign_ins.c.seen_at <= at - IDLE)
        )
    )
