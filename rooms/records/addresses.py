"""Where a call reaches somebody who is not at the desk: an address for e-mail that they gave themselves."""

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT DO UPDATE is SQLite's, word for word
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import limits, tables
from rooms.records.words import What

_ADDRESSES, _SESSIONS, _ROOMS, _ROTA = tables.addresses, tables.sessions, tables.rooms, tables.rota


async def of(conn: AsyncConnection, account_id: str) -> str:
    """Empty: they gave none."""
    found = await conn.scalar(select(_ADDRESSES.c.mail).where(_ADDRESSES.c.account_id == account_id))
    return found or ""


async def give(conn: AsyncConnection, account_id: str, mail: str) -> None:
    limits.MAIL.check(mail)
    await conn.execute(
        insert(_ADDRESSES)
        .values(account_id=account_id, mail=mail)
        .on_conflict_do_update(index_elements=[_ADDRESSES.c.account_id], set_={"mail": mail})
    )


async def take_away(conn: AsyncConnection, account_id: str) -> None:
    await conn.execute(delete(_ADDRESSES).where(_ADDRESSES.c.account_id == account_id))


async def of_those_called(conn: AsyncConnection, session_id: str, what: What) -> tuple[str, ...]:
    """Of everybody for whom the desk shows such a notice, as in ``notices.for_account``."""
    helped = select(tables.room_facilitators.c.account_id).where(
        tables.room_facilitators.c.room_id == _ROOMS.c.id
    )
    called = select(_ROTA.c.account_id).where(_ROTA.c.session_id == session_id, _ROTA.c.part == "on_call")
    account = _ADDRESSES.c.account_id
    organises, on_call, facilitates = (
        _ROOMS.c.organiser_id == account,
        account.in_(called),
        account.in_(helped),
    )
    # How a session was run is not for those who ran it.
    theirs = (
        or_(organises, and_(on_call, ~facilitates))
        if what == "not_okay"
        else or_(organises, on_call, facilitates)
    )
    found = await conn.scalars(
        select(_ADDRESSES.c.mail)
        .select_from(_SESSIONS.join(_ROOMS, _ROOMS.c.id == _SESSIONS.c.room_id).join(_ADDRESSES, theirs))
        .where(_SESSIONS.c.id == session_id)
        .order_by(_ADDRESSES.c.mail)
        .distinct()
    )
    return tuple(found)
