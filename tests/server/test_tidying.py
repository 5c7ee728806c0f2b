"""What is kept for a time is gone after it: from the database, not from the pages alone."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import select

from rooms.records import notices, tables
from rooms.records.database import open_database
from server.tidying import tidy
from tests.server.house import House

OpensHouses = Callable[..., Awaitable[House]]


async def complaints(house: House) -> list[str]:
    async with house.database.reading() as conn:
        return list(await conn.scalars(select(tables.notices.c.session_id)))


async def test_a_server_that_comes_up_takes_away_what_is_past_its_time(another_house: OpensHouses):
    house = await another_house()
    old, young = await house.evening(), await house.evening()
    for evening in (old, young):
        async with house.database.writing() as conn:
            await notices.put(conn, evening.session.id, "not_okay", house.clock.now)
        house.clock.at += timedelta(days=1).total_seconds()
    house.clock.at += timedelta(days=28).total_seconds()
    assert len(await complaints(house)) == 2
    await house.restarts()
    async with asyncio.timeout(10):
        while await complaints(house) != [young.session.id]:  # noqa: ASYNC110  a test watches from outside
            await asyncio.sleep(0)


async def test_pages_do_not_wait_for_it(another_house: OpensHouses, caplog):
    house = await another_house()
    evening = await house.evening(listed=True)
    other = open_database(house.settings.database_url)
    async with other.writing():
        await house.restarts()
        assert evening.room.name in (await house.browser().gets("/")).text
        assert "could not be tidied" not in caplog.text, "it still waits for its turn to write"
    await other.close()


async def test_records_that_cannot_be_written_stop_nothing(another_house: OpensHouses, caplog):
    house = await another_house()
    async with house.database.writing() as conn:
        await conn.run_sync(tables.notices.drop)
    await tidy(house.database, house.clock.now)
    assert "the records could not be tidied: OperationalError at " in caplog.text
    assert "no such table" not in caplog.text, "what the database said is not repeated"
