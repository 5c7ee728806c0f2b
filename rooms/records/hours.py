"""Own hours: when somebody led, was second or on call, found from the rota and the sessions that were held.

Nothing is kept for it, and nobody is asked whether they came: whoever took somebody's place at the last minute knows better.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import tables
from rooms.records.sessions import OVERRUN, Session, session_of
from rooms.records.words import Part

# Nobody facilitates more than that in a year; a page must not wait for whoever is put down everywhere.
MOST: Final = 1000

_ROTA, _SESSIONS, _ROOMS = tables.rota, tables.sessions, tables.rooms


@dataclass(frozen=True, slots=True)
class Stint:
    """A session that was held, and the part that somebody was put down for."""

    session: Session
    part: Part
    room_name: str = field(repr=False)

    @property
    def over_at(self) -> datetime:
        """When it was over. Where the server was away and closed it long after, as it was planned."""
        session = self.session
        closed = session.closed_at or session.ends_at
        return closed if session.starts_at <= closed <= session.ends_at + OVERRUN else session.ends_at

    @property
    def minutes(self) -> int:
        """From the hour it was to begin until it was over, whole ones."""
        return round((self.over_at - self.session.starts_at) / timedelta(minutes=1))


async def of_account(conn: AsyncConnection, account_id: str, since: datetime) -> tuple[Stint, ...]:
    """Since a moment, the latest first; at most ``MOST``. Who led a session was not on call for it as well."""
    found = await conn.execute(
        select(_SESSIONS, _ROTA.c.part, _ROOMS.c.name)
        .join(_ROTA, _ROTA.c.session_id == _SESSIONS.c.id)
        .join(_ROOMS, _ROOMS.c.id == _SESSIONS.c.room_id)
        .where(
            _ROTA.c.account_id == account_id,
            _SESSIONS.c.outcome == "held",
            _SESSIONS.c.starts_at >= since,
        )
        # "on_call" comes between "lead" and "second" in the alphabet.
        .order_by(_SESSIONS.c.starts_at.desc(), _SESSIONS.c.id, _ROTA.c.part == "on_call")
        .limit(MOST)
    )
    stints: dict[str, Stint] = {}
    for row in found.mappings():
        session = session_of(row)
        stints.setdefault(session.id, Stint(session, row[_ROTA.c.part], row[_ROOMS.c.name]))
    return tuple(stints.values())
