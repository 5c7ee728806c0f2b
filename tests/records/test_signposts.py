"""Signposts: kept whole and in order, each with the day on which somebody looked at it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from rooms.records import signposts, tables
from rooms.records.signposts import Signpost


def post(now, **changed):
    return replace(Signpost("Samaritans", "116 123", "Day and night", "Free", now), **changed)


async def kept(database, *posts):
    async with database.writing() as conn:
        await signposts.keep(conn, posts)
    async with database.reading() as conn:
        return await signposts.every(conn)


async def test_they_are_kept_in_their_order_instead_of_those_before(database, now):
    first, second = post(now, name="Zebra"), post(now - timedelta(days=200), hours="", cost="")
    assert await kept(database, first, second) == (first, second)
    assert await kept(database, second) == (second,)
    assert await kept(database) == ()


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("contact", "x" * 81), ("hours", "x" * 81), ("cost", "a\x07")]
)
async def test_what_does_not_fit_is_not_kept(database, now, field, value):
    before = await kept(database, post(now))
    with pytest.raises(ValueError, match=field):
        await kept(database, post(now), post(now, **{field: value}))
    async with database.reading() as conn:
        assert await signposts.every(conn) == before


async def test_nor_are_more_than_anybody_reads(database, now):
    with pytest.raises(ValueError, match="number of signposts"):
        await kept(database, *[post(now)] * 13)


async def test_the_table_itself_holds_to_it(database, now):
    row = {"position": 13, "name": "x", "contact": "x", "hours": "", "cost": "", "checked_at": now}
    with pytest.raises(IntegrityError, match="ck_signposts_position_range"):
        async with database.writing() as conn:
            await conn.execute(tables.signposts.insert().values(row))
