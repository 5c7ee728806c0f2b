"""What is kept for a time is gone after it: from the database, not from the pages alone."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import func, select

from rooms.records import notices, tables
from server.tidying import tidy
from tests.server.house import House

OpensHouses = Callable[..., Awaitable[House]]


async def how_many(house: House) -> int:
    async with house.database.reading() as conn:
        return await conn.scalar(select(func.count()).select_from(tables.notices)) or 0


async def test_a_server_that_comes_up_takes_away_what_is_past_its_time(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening()
    async with house.database.writing() as conn:
        await notices.put(conn, evening.session.id, "not_okay", house.clock.now)
    house.clock.at += timedelta(days=29).total_seconds()
    await house.restarts()
    assert await how_many(house) == 1
    house.clock.at += timedelta(days=1).total_seconds()
    await house.restarts()
    assert await how_many(house) == 0


async def test_records_that_cannot_be_written_stop_nothing(another_house: OpensHouses, caplog):
    house = await another_house()
    async with house.database.writing() as conn:
        await conn.run_sync(tables.notices.drop)
    await tidy(house.database, house.clock.now)
    assert "the records could not be tidied" in caplog.text
