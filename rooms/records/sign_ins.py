"""Sign-ins: who is signed in, kept on the server so that signing out anywhere ends it everywhere."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import tables, tokens
from rooms.records.accounts import Account, account_of

LASTS: Final = timedelta(hours=12)
IDLE: Final = timedelta(minutes=30)
_SEEN_EVERY = timedelta(minutes=1)
# Asked for every page of staff, and put together once.
_WHO: Final = (
    select(tables.accounts, tables.sign_ins.c.seen_at)
    .join(tables.sign_ins, tables.sign_ins.c.account_id == tables.accounts.c.id)
    .where(
        tables.sign_ins.c.token_hash == bindparam("token_hash"),
        tables.sign_ins.c.opened_at > bindparam("opened_after"),
        tables.sign_ins.c.seen_at > bindparam("seen_after"),
    )
)
_SWEEP: Final = delete(tables.sign_ins).where(
    or_(
        tables.sign_ins.c.opened_at <= bindparam("opened_until"),
        tables.sign_ins.c.seen_at <= bindparam("seen_until"),
    )
)


async def open(conn: AsyncConnection, account_id: str, at: datetime) -> str:  # noqa: A001  read as sign_ins.open
    """The token for the cookie. Only its hash is stored."""
    # Whoever signs in sweeps: nothing has to remember to, and nothing of an ended sign-in stays for long.
    await sweep(conn, at)
    token = tokens.new_token()
    await conn.execute(
        insert(tables.sign_ins),
        {"token_hash": tokens.digest(token), "account_id": account_id, "opened_at": at, "seen_at": at},
    )
    return token


async def who(conn: AsyncConnection, token: str, at: datetime) -> Account | None:
    """Whose token this is. Through a writing connection this counts as being seen; through a reading one it only looks."""
    token_hash = tokens.digest(token)
    found = await conn.execute(
        _WHO, {"token_hash": token_hash, "opened_after": at - LASTS, "seen_after": at - IDLE}
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


async def still_open(
    conn: AsyncConnection, hashes: Collection[str], at: datetime, *, idle: bool = True
) -> frozenset[str]:
    """Of these sign-ins, by the hashes of their tokens, those that have not ended.

    idle: also those of which nothing was seen for a while, because whoever asks has their people before them.
    """
    asked = [tables.sign_ins.c.token_hash.in_(hashes), tables.sign_ins.c.opened_at > at - LASTS]
    if not idle:
        asked.append(tables.sign_ins.c.seen_at > at - IDLE)
    found = await conn.execute(select(tables.sign_ins.c.token_hash).where(*asked))
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
    await conn.execute(_SWEEP, {"opened_until": at - LASTS, "seen_until": at - IDLE})
