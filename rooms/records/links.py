"""One-time links: to sign in without a password, and to be invited to facilitate."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import tables, tokens
from rooms.records.words import LinkPurpose

INVITATION_LIVES: Final = timedelta(hours=72)
_SWEEP: Final = delete(tables.links).where(tables.links.c.expires_at <= bindparam("until"))


@dataclass(frozen=True, slots=True)
class Link:
    purpose: LinkPurpose
    account_id: str | None
    room_id: str | None
    expires_at: datetime


async def make(
    conn: AsyncConnection,
    purpose: LinkPurpose,
    *,
    account_id: str | None = None,
    room_id: str | None = None,
    at: datetime,
    lives: timedelta,
) -> str:
    """The token for the address. Only its hash is stored, so it can be shown this once. To sign in: an account."""
    # Whoever makes a link sweeps those that nobody used in time.
    await sweep(conn, at)
    token = tokens.new_token()
    await conn.execute(
        insert(tables.links),
        {
            "token_hash": tokens.digest(token),
            "purpose": purpose,
            "account_id": account_id,
            "room_id": room_id,
            "expires_at": at + lives,
        },
    )
    return token


async def look(conn: AsyncConnection, token: str, at: datetime) -> Link | None:
    """What the link is for. Uses nothing up: mail scanners and previews open links before people do."""
    found = await conn.execute(
        select(tables.links).where(
            tables.links.c.token_hash == tokens.digest(token), tables.links.c.expires_at > at
        )
    )
    row = found.mappings().one_or_none()
    return None if row is None else _link_of(row)


async def use(conn: AsyncConnection, token: str, at: datetime) -> Link | None:
    """The link, to exactly one of all who ever ask. Unknown, used and expired look alike."""
    # Taken out and read in one statement: of two at once, the second finds no row to delete. Nothing of it remains.
    found = await conn.execute(
        delete(tables.links)
        .where(tables.links.c.token_hash == tokens.digest(token), tables.links.c.expires_at > at)
        .returning(*tables.links.c)
    )
    row = found.mappings().one_or_none()
    return None if row is None else _link_of(row)


async def sweep(conn: AsyncConnection, at: datetime) -> None:
    await conn.execute(_SWEEP, {"until": at})


def _link_of(row: RowMapping) -> Link:
    return Link(
        purpose=row[tables.links.c.purpose],
        account_id=row[tables.links.c.account_id],
        room_id=row[tables.links.c.room_id],
        expires_at=row[tables.links.c.expires_at],
    )
