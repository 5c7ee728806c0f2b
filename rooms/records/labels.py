"""What those who facilitate are called, in all rooms of the house: a word that an organiser chooses from a few."""

from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import tables
from rooms.records.words import Label

DEFAULT: Final[Label] = "facilitator"


async def current(conn: AsyncConnection) -> Label:
    found: Label | None = await conn.scalar(select(tables.labels.c.facilitator))
    return DEFAULT if found is None else found


async def keep(conn: AsyncConnection, label: Label) -> None:
    """This, instead of what it was. Of who chose it nothing is kept."""
    await conn.execute(delete(tables.labels))
    await conn.execute(insert(tables.labels).values(id=1, facilitator=label))
