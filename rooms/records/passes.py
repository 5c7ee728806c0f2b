"""Ways to a room's door: its link, the link before that for a while, a spoken code, and links for one person each."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import rooms, tables, tokens
from rooms.records.rooms import Room, room_of

GRACE: Final = timedelta(days=7)
MOST_PERSONAL: Final = 200

_ROOMS, _OLD, _PERSONAL = tables.rooms, tables.old_links, tables.personal_links


@dataclass(frozen=True, slots=True)
class PersonalLink:
    """For one person, known by a number alone. Readable again: an organiser may have to send it twice."""

    number: int
    token: str = field(repr=False)
    made_at: datetime
    revoked_at: datetime | None


def _behind() -> Select[Any]:
    token = bindparam("token", type_=_ROOMS.c.join_token.type)
    replaced = select(_OLD.c.room_id).where(_OLD.c.token == token, _OLD.c.until > bindparam("at"))
    personal = select(_PERSONAL.c.room_id).where(_PERSONAL.c.token == token, _PERSONAL.c.revoked_at.is_(None))
    is_open = _ROOMS.c.is_closed.is_(False)
    return select(_ROOMS).where(
        or_(
            (_ROOMS.c.join_token == token) & is_open,
            _ROOMS.c.id.in_(replaced) & is_open,
            _ROOMS.c.id.in_(personal),
        )
    )


# Asked of every link that somebody follows, and put together once.
_BEHIND: Final = _behind()


async def room_behind(conn: AsyncConnection, token: str, at: datetime) -> Room | None:
    """Where a link leads now, of whatever kind it is."""
    found = await conn.execute(_BEHIND, {"token": token, "at": at})
    row = found.mappings().one_or_none()
    return None if row is None else room_of(row)


async def room_called(conn: AsyncConnection, spoken: str) -> Room | None:
    """The room whose code somebody was told, however they typed it."""
    found = await conn.execute(
        select(_ROOMS).where(_ROOMS.c.code == tokens.as_code(spoken), _ROOMS.c.is_closed.is_(False))
    )
    row = found.mappings().one_or_none()
    return None if row is None else room_of(row)


async def replace_link(conn: AsyncConnection, room: Room, at: datetime, *, with_grace: bool) -> str:
    """Another link and another code. The old link goes on leading in for a week, or leads nowhere at once."""
    await sweep(conn, at)
    await conn.execute(delete(_OLD).where(_OLD.c.room_id == room.id))
    if with_grace:
        await conn.execute(insert(_OLD).values(token=room.join_token, room_id=room.id, until=at + GRACE))
    code = await rooms.new_code(conn)
    await conn.execute(update(_ROOMS).where(_ROOMS.c.id == room.id).values(code=code, link_replaced_at=at))
    return await rooms.new_join_token(conn, room.id)


async def posters_are_replaced(conn: AsyncConnection, room_id: str) -> None:
    """By the organiser's own word: nobody else knows what hangs where."""
    await conn.execute(update(_ROOMS).where(_ROOMS.c.id == room_id).values(link_replaced_at=None))


async def close(conn: AsyncConnection, room_id: str, *, is_closed: bool) -> None:
    """Closed: only personal links lead in. Open: its link and its code do as well."""
    await conn.execute(update(_ROOMS).where(_ROOMS.c.id == room_id).values(is_closed=is_closed))


async def make_personal(conn: AsyncConnection, room_id: str, at: datetime) -> PersonalLink | None:
    """None: there are more than anybody can look after."""
    highest = await conn.scalar(select(func.max(_PERSONAL.c.number)).where(_PERSONAL.c.room_id == room_id))
    if (highest or 0) >= MOST_PERSONAL:
        return None
    link = PersonalLink((highest or 0) + 1, tokens.new_token(), at, None)
    await conn.execute(
        insert(_PERSONAL).values(token=link.token, room_id=room_id, number=link.number, made_at=at)
    )
    return link


async def personal_of(conn: AsyncConnection, room_id: str) -> tuple[PersonalLink, ...]:
    found = await conn.execute(
        select(_PERSONAL).where(_PERSONAL.c.room_id == room_id).order_by(_PERSONAL.c.number)
    )
    return tuple(PersonalLink(row.number, row.token, row.made_at, row.revoked_at) for row in found)


async def revoke(conn: AsyncConnection, room_id: str, number: int, at: datetime) -> None:
    """From now on it leads nowhere. Whoever holds a seat by it keeps that to the end of the session."""
    await conn.execute(
        update(_PERSONAL)
        .where(_PERSONAL.c.room_id == room_id, _PERSONAL.c.number == number, _PERSONAL.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )


async def sweep(conn: AsyncConnection, at: datetime) -> None:
    """Replaced links that lead in no more."""
    await conn.execute(delete(_OLD).where(_OLD.c.until <= at))
