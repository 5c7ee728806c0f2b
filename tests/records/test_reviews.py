"""What somebody who was removed wrote: once, for those who may read it, and gone when they took it away."""

from datetime import timedelta

import pytest

from rooms.records import accounts, reviews, rooms, rota, sessions

DAY = timedelta(days=1)
SEALED = bytes(40)


@pytest.fixture
async def tonight(database, circle, now):
    """Ana organises it, Ben facilitates, Kay is on call; Jo facilitates and is on call for another date."""
    made = {}
    async with database.writing() as conn:
        session = await sessions.plan(conn, circle.id, now.replace(tzinfo=None), "UTC", 60)
        assert isinstance(session, sessions.Session)
        for name in ("Kay", "Jo"):
            account = await accounts.create(conn, name=name, sign_in_name=name, is_organiser=False)
            assert account is not None
            made[name] = account
        await rota.put_down(conn, [session.id], "on_call", made["Kay"].id)
        await rooms.add_facilitator(conn, circle.id, made["Jo"].id)
    return session, made["Kay"], made["Jo"]


async def asked(database, session, now, review_id="one"):
    async with database.writing() as conn:
        return await reviews.ask_for(conn, review_id, session.id, SEALED, now)


async def read(database, who, at):
    async with database.reading() as conn:
        found = await reviews.for_account(conn, who.id, at)
        assert await reviews.count_for(conn, who.id, at) == len(found)
    return [(each.id, each.sealed, each.organises) for each in found]


async def test_each_seat_asks_once_and_the_first_words_stay(database, ana, tonight, now):
    session, _, _ = tonight
    assert await asked(database, session, now)
    assert not await asked(database, session, now + DAY)
    assert await asked(database, session, now + DAY, "another")
    assert [each[0] for each in await read(database, ana, now + DAY)] == ["one", "another"]


async def test_it_is_for_the_organiser_and_who_was_on_call_and_not_for_those_it_is_about(
    database, ana, ben, circle, tonight, now
):
    session, kay, jo = tonight
    async with database.writing() as conn:
        await rooms.add_facilitator(conn, circle.id, ben.id)
    await asked(database, session, now)
    assert await read(database, ana, now) == [("one", SEALED, True)]
    assert await read(database, kay, now) == [("one", SEALED, False)]
    assert await read(database, ben, now) == await read(database, jo, now) == []
    async with database.writing() as conn:
        await rota.put_down(conn, [session.id], "on_call", jo.id)
    assert await read(database, jo, now) == [], "who facilitates does not read it, on call or not"


async def test_only_the_organiser_takes_it_away(database, ana, tonight, now):
    session, kay, _ = tonight
    await asked(database, session, now)
    async with database.writing() as conn:
        await reviews.take_away(conn, "one", kay.id)
    assert len(await read(database, ana, now)) == 1
    async with database.writing() as conn:
        await reviews.take_away(conn, "one", ana.id)
    assert await read(database, ana, now) == []


async def test_nobody_reads_it_after_its_time_swept_or_not(database, ana, tonight, now):
    session, _, _ = tonight
    await asked(database, session, now)
    assert len(await read(database, ana, now + 29 * DAY)) == 1
    assert await read(database, ana, now + 30 * DAY) == []
