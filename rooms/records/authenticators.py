"""A second thing to sign in with: a secret shared with an app, and codes on paper for when the phone is gone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import tables, tokens

_APPS, _PAPER = tables.authenticators, tables.recovery_codes


@dataclass(frozen=True, slots=True)
class Authenticator:
    """``sealed``: the secret, under a key that the database does not have. It counts once it is confirmed."""

    sealed: str = field(repr=False)
    confirmed_at: datetime | None


async def find(conn: AsyncConnection, account_id: str) -> Authenticator | None:
    found = await conn.execute(
        select(_APPS.c.sealed, _APPS.c.confirmed_at).where(_APPS.c.account_id == account_id)
    )
    row = found.one_or_none()
    return None if row is None else Authenticator(row.sealed, row.confirmed_at)


async def begin(conn: AsyncConnection, account_id: str, sealed: str) -> None:
    """Instead of one that nobody confirmed. One that was stays until it is removed."""
    await conn.execute(delete(_APPS).where(_APPS.c.account_id == account_id, _APPS.c.confirmed_at.is_(None)))
    if await find(conn, account_id) is None:
        await conn.execute(insert(_APPS).values(account_id=account_id, sealed=sealed))


async def confirm(
    conn: AsyncConnection, account_id: str, step: int, recovery: Sequence[str], at: datetime
) -> None:
    """``step``: of the code that proved it, which is used up by that. ``recovery``: kept as hashes."""
    await conn.execute(
        update(_APPS).where(_APPS.c.account_id == account_id).values(confirmed_at=at, last_step=step)
    )
    await conn.execute(delete(_PAPER).where(_PAPER.c.account_id == account_id))
    await conn.execute(
        insert(_PAPER), [{"code_hash": tokens.digest(code), "account_id": account_id} for code in recovery]
    )


async def use(conn: AsyncConnection, account_id: str, step: int) -> bool:
    """Whether the code of this moment is used for the first time, and no later one was."""
    done = await conn.execute(
        update(_APPS)
        .where(
            _APPS.c.account_id == account_id,
            _APPS.c.confirmed_at.is_not(None),
            or_(_APPS.c.last_step.is_(None), _APPS.c.last_step < step),
        )
        .values(last_step=step)
    )
    return done.rowcount == 1


async def use_paper(conn: AsyncConnection, account_id: str, code: str) -> bool:
    """Each works once."""
    done = await conn.execute(
        delete(_PAPER).where(_PAPER.c.account_id == account_id, _PAPER.c.code_hash == tokens.digest(code))
    )
    return done.rowcount == 1


async def paper_left(conn: AsyncConnection, account_id: str) -> int:
    left = await conn.scalar(
        select(func.count()).select_from(_PAPER).where(_PAPER.c.account_id == account_id)
    )
    return left or 0


async def remove(conn: AsyncConnection, account_id: str) -> None:
    await conn.execute(delete(_APPS).where(_APPS.c.account_id == account_id))
    await conn.execute(delete(_PAPER).where(_PAPER.c.account_id == account_id))
