"""Signposts: who else can help, the same for every page of the house; and when somebody last looked whether they still do."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import limits, tables


@dataclass(frozen=True, slots=True)
class Signpost:
    name: str
    contact: str
    hours: str
    cost: str
    checked_at: datetime


async def every(conn: AsyncConnection) -> tuple[Signpost, ...]:
    """In the order in which they are shown. None: nobody has kept a list yet."""
    posts = tables.signposts
    found = await conn.execute(
        select(posts.c.name, posts.c.contact, posts.c.hours, posts.c.cost, posts.c.checked_at).order_by(
            posts.c.position
        )
    )
    return tuple(Signpost(*row) for row in found)


async def keep(conn: AsyncConnection, posts: Sequence[Signpost]) -> None:
    """These, instead of those there were."""
    limits.SIGNPOSTS.check(len(posts))
    for post in posts:
        limits.SIGNPOST_NAME.check(post.name)
        limits.SIGNPOST_CONTACT.check(post.contact)
        limits.SIGNPOST_HOURS.check(post.hours)
        limits.SIGNPOST_COST.check(post.cost)
    await conn.execute(delete(tables.signposts))
    if posts:
        rows = [{"position": position, **asdict(post)} for position, post in enumerate(posts, start=1)]
        await conn.execute(insert(tables.signposts), rows)
