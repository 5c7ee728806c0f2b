"""Own hours: when somebody led, was second or on call, found from the rota and the sessions that were held.

Nothing is kept for it, and nobody is asked whether they came: whoever took somebody's place at the last minute knows better.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import tables
from rooms.records.sessions import OVERRUN
from rooms.records.words import Part

# Nobody facilitates more than that in a year; a page must not wait for whoever is put down everywhere.
MOST: Final = 1000

_ROTA, _SESSIONS, _ROOMS = tables.rota, tables.sessions, tables.rooms


@dataclass(frozen=True, slots=True)
class Stint:
    """As much of a session that was held as counts, and the part in it that somebody was put down for."""

    session_id: str
    part: Part
    room_name: str = field(repr=False)
    wall: datetime
    zone: str
    starts_at: datetime
    ends_at: datetime
    closed_at: datetime

    @property
    def over_at(self) -> datetime:
        """When it was over. Where the server was away and closed it long after, as it was planned."""
        is_likely = self.starts_at <= self.closed_at <= self.ends_at + OVERRUN
        return self.closed_at if is_likely else self.ends_at

    @property
    def minutes(self) -> int:
        """From the hour it was to begin until it was over, whole ones."""
        return round((self.over_at - self.starts_at) / timedelta(minutes=1))


async def of_account(conn: AsyncConnection, account_id: str, since: datetime) -> tuple[Stint, ...]:
    """Since a moment, the latest first; at most ``MOST``. Who led a session was not on call for it as well."""
    found = await conn.execute(
        select(
            _SESSIONS.c.id,
            _ROTA.c.part,
            _ROOMS.c.name,
            _SESSIONS.c.wall,
            _SESSIONS.c.zone,
            _SESSIONS.c.starts_at,
            _SESSIONS.c.ends_at,
            _SESSIONS.c.closed_at,
        )
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
    for row in found:
        stints.setdefault(row.id, Stint(*row))
    return tuple(stints.values())
