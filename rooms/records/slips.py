"""The keys of report slips: one a session, sealed, for fourteen days after it. Not a word of what they vouch for is here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql  # its ON CONFLICT DO NOTHING is SQLite's, word for word
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import tables

KEPT: Final = timedelta(days=14)

_KEYS, _SESSIONS = tables.slip_keys, tables.sessions


@dataclass(frozen=True, slots=True)
class SealedKey:
    """``wall``: when the session was to begin, on the clock of the group."""

    session_id: str
    wall: datetime
    sealed: str


async def of_each(conn: AsyncConnection, session_ids: Sequence[str]) -> Mapping[str, str]:
    """By session, where there is one."""
    found = await conn.execute(
        select(_KEYS.c.session_id, _KEYS.c.sealed).where(_KEYS.c.session_id.in_(session_ids))
    )
    return {row.session_id: row.sealed for row in found}


async def make(conn: AsyncConnection, sealed: Mapping[str, str], until: Mapping[str, datetime]) -> None:
    """By session, of one at least. Of two nodes that make one at once the first one's stands."""
    rows = [
        {"session_id": session, "sealed": key, "void_at": until[session]} for session, key in sealed.items()
    ]
    await conn.execute(postgresql.insert(_KEYS).on_conflict_do_nothing(), rows)


async def of_room(conn: AsyncConnection, room_id: str, at: datetime) -> tuple[SealedKey, ...]:
    """Those that can still be asked, the newest first."""
    found = await conn.execute(
        select(_KEYS.c.session_id, _SESSIONS.c.wall, _KEYS.c.sealed)
        .join(_SESSIONS, _SESSIONS.c.id == _KEYS.c.session_id)
        .where(_SESSIONS.c.room_id == room_id, _KEYS.c.void_at > at)
        .order_by(_SESSIONS.c.starts_at.desc(), _SESSIONS.c.id)
    )
    return tuple(SealedKey(*row) for row in found)


async def sweep(conn: AsyncConnection, at: datetime) -> None:
    await conn.execute(delete(_KEYS).where(_KEYS.c.void_at <= at))
