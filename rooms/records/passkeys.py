"""Passkeys: the public half of a key that stays in somebody's phone or computer, and which challenges were answered.

A passkey goes on signing its owner in after another password was chosen, and after signing out everywhere: it is gone only
when it is taken away.
"""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert  # as in accounts
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import limits, tables, tokens

MOST: Final = 10

_SHAPE = re.compile(rf"[A-Za-z0-9_-]{{1,{limits.PASSKEY_ID.most}}}")
_KEYS, _ANSWERED = tables.passkeys, tables.answered_challenges


@dataclass(frozen=True, slots=True)
class Passkey:
    """``id`` in base64url, as browsers write it. ``uses``: as the key itself counts them, or 0 where it does not."""

    id: str
    account_id: str
    public_key: bytes
    uses: int
    name: str
    added_at: datetime


async def add(conn: AsyncConnection, key: Passkey) -> bool:
    """False: it is known already, or there are ten."""
    limits.PASSKEY_NAME.check(key.name)
    limits.PASSKEY_ID.check(key.id)
    limits.PASSKEY_PUBLIC.check(len(key.public_key))
    if len(await of_account(conn, key.account_id)) >= MOST:
        return False
    made = await conn.execute(
        insert(_KEYS).values(asdict(key)).on_conflict_do_nothing().returning(_KEYS.c.id)
    )
    return made.first() is not None


async def find(conn: AsyncConnection, key_id: str) -> Passkey | None:
    """``key_id`` may come straight from a stranger: of another shape, it is nobody's."""
    if not _SHAPE.fullmatch(key_id):
        return None
    row = (await conn.execute(select(_KEYS).where(_KEYS.c.id == key_id))).mappings().one_or_none()
    return None if row is None else Passkey(**row)


async def of_account(conn: AsyncConnection, account_id: str) -> list[Passkey]:
    """The oldest first."""
    found = await conn.execute(
        select(_KEYS).where(_KEYS.c.account_id == account_id).order_by(_KEYS.c.added_at, _KEYS.c.id)
    )
    return [Passkey(**row) for row in found.mappings()]


async def use(conn: AsyncConnection, key: Passkey, uses: int) -> bool:
    """False: it was taken away, or used, since it was looked at."""
    as_it_was = (_KEYS.c.id == key.id, _KEYS.c.account_id == key.account_id, _KEYS.c.uses == key.uses)
    done = await conn.execute(update(_KEYS).where(*as_it_was).values(uses=uses))
    return done.rowcount == 1


async def remove(conn: AsyncConnection, account_id: str, key_id: str) -> bool:
    done = await conn.execute(delete(_KEYS).where(_KEYS.c.account_id == account_id, _KEYS.c.id == key_id))
    return done.rowcount == 1


async def remove_all(conn: AsyncConnection, account_id: str) -> None:
    """Somebody else may have added one."""
    await conn.execute(delete(_KEYS).where(_KEYS.c.account_id == account_id))


async def answer(conn: AsyncConnection, challenge: str, *, until: datetime, at: datetime) -> bool:
    """Once: whoever copies an answer on its way cannot give it again. ``until``: when the challenge is void anyway."""
    await sweep(conn, at)
    first = await conn.execute(
        insert(_ANSWERED)
        .values(challenge_hash=tokens.digest(challenge), void_at=until)
        .on_conflict_do_nothing()
        .returning(_ANSWERED.c.challenge_hash)
    )
    return first.first() is not None


async def sweep(conn: AsyncConnection, at: datetime) -> None:
    """Challenges that are void whether anybody answered them or not."""
    await conn.execute(delete(_ANSWERED).where(_ANSWERED.c.void_at <= at))
