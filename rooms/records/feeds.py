"""Calendar feeds: an address for each room and one for all listed rooms, which can be replaced when it went too far."""

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql  # its ON CONFLICT DO NOTHING is SQLite's, word for word
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import tables, tokens
from rooms.records.rooms import Room, listed, room_of

_ONE = tables.organisation.c.id == 1


async def rooms_of(conn: AsyncConnection, token: str) -> tuple[Room, ...] | None:
    """The rooms that a feed tells of: one, or all that are listed. None: no feed has this token, or none has it now."""
    found = await conn.execute(select(tables.rooms).where(tables.rooms.c.feed_token == token))
    row = found.mappings().one_or_none()
    if row is not None:
        return (room_of(row),)
    everybodys = await conn.scalar(
        select(tables.organisation.c.id).where(tables.organisation.c.feed_token == token)
    )
    return None if everybodys is None else await listed(conn)


async def of_all(conn: AsyncConnection) -> str | None:
    """None: nobody has asked for it yet."""
    found: str | None = await conn.scalar(select(tables.organisation.c.feed_token).where(_ONE))
    return found


async def renew(conn: AsyncConnection, room_id: str) -> str:
    """From now on this one. The old address tells nobody anything."""
    token = tokens.new_token()
    await conn.execute(update(tables.rooms).where(tables.rooms.c.id == room_id).values(feed_token=token))
    return token


async def renew_of_all(conn: AsyncConnection) -> str:
    token = tokens.new_token()
    await conn.execute(
        postgresql.insert(tables.organisation).values(id=1, feed_token=token).on_conflict_do_nothing()
    )
    await conn.execute(update(tables.organisation).where(_ONE).values(feed_token=token))
    return token
