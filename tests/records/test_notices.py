"""What a live room tells those outside it: once, to those it is for, and not for long."""

from datetime import timedelta

import pytest

from rooms.records import accounts, notices, rooms, rota, sessions

DAY = timedelta(days=1)


@pytest.fixture
async def tonight(database, circle, now):
    async with database.writing() as conn:
        session = await sessions.plan(conn, circle.id, now.replace(tzinfo=None), "UTC", 60)
    assert isinstance(session, sessions.Session)
    return session


async def account(database, name):
    async with database.writing() as conn:
        made = await accounts.create(conn, name=name, sign_in_name=name, is_organiser=False)
    assert made
    return made


async def put(database, session, what, at):
    async with database.writing() as conn:
        return await notices.put(conn, session.id, what, at)


async def read(database, who, at):
    async with database.reading() as conn:
        return [(each.what, each.times) for each in await notices.for_account(conn, who.id, at)]


async def test_two_nodes_that_heard_the_same_write_it_down_once(database, ana, tonight, now):
    moments = (now, now, now + timedelta(microseconds=1))
    # Whoever is the first tells people who are not at the desk.
    assert [await put(database, tonight, "not_okay", at) for at in moments] == [True, False, True]
    assert await read(database, ana, now) == [("not_okay", 2)]


async def test_what_was_said_lately_is_known_for_ten_minutes_of_the_clock(database, tonight, now):
    async def is_known(what="not_okay", **later):
        async with database.reading() as conn:
            return await notices.has_been_said_lately(conn, tonight.id, what, now + timedelta(**later))

    assert not await is_known()
    await put(database, tonight, "not_okay", now)
    assert await is_known()
    assert await is_known(minutes=9)
    assert not await is_known(minutes=10)
    assert not await is_known("held")


async def test_each_is_for_those_it_is_for(database, ana, ben, circle, tonight, now):
    kay, jo, eve = [await account(database, name) for name in ("Kay", "Jo", "Eve")]
    async with database.writing() as conn:
        await rooms.add_facilitator(conn, circle.id, ben.id)
        await rooms.add_facilitator(conn, circle.id, jo.id)
        await rota.put_down(conn, [tonight.id], "on_call", kay.id)
    await put(database, tonight, "not_okay", now)
    await put(database, tonight, "held", now)
    assert await read(database, ana, now) == await read(database, kay, now) == [("held", 1), ("not_okay", 1)]
    assert await read(database, ben, now) == [("held", 1)]
    assert await read(database, eve, now) == []
    async with database.writing() as conn:
        await rota.put_down(conn, [tonight.id], "on_call", jo.id)
    assert await read(database, jo, now) == [("held", 1)], (
        "who facilitates the room is not told, on call or not"
    )
    assert await read(database, kay, now) == []


async def test_a_call_ends_with_its_session_and_a_complaint_does_not(database, ana, tonight, now):
    await put(database, tonight, "nobody_came", now)
    await put(database, tonight, "not_okay", now)
    async with database.writing() as conn:
        await sessions.finish(conn, tonight.id, "not_held", now)
    assert await read(database, ana, now) == [("not_okay", 1)]


async def test_a_call_is_gone_after_a_day_and_a_complaint_after_a_month(database, ana, tonight, now):
    await put(database, tonight, "asked", now)
    await put(database, tonight, "not_okay", now)
    for at, left in (
        (now + DAY - timedelta(seconds=1), [("asked", 1), ("not_okay", 1)]),
        (now + DAY, [("not_okay", 1)]),
    ):
        async with database.writing() as conn:
            await notices.sweep(conn, at)
        assert await read(database, ana, now) == left
    just_before = now + 30 * DAY - timedelta(seconds=1)
    assert await read(database, ana, just_before) == [("not_okay", 1)]
    assert await read(database, ana, now + 30 * DAY) == []
    async with database.writing() as conn:
        await notices.sweep(conn, just_before)
    assert await read(database, ana, now) == [("not_okay", 1)]
    async with database.writing() as conn:
        await notices.sweep(conn, now + 30 * DAY)
    assert await read(database, ana, now) == []


async def test_of_a_session_that_is_gone_nothing_is_kept(database, ana, tonight, now):
    async with database.writing() as conn:
        await notices.put(conn, "gone", "not_okay", now)
    assert await read(database, ana, now) == []


async def test_what_was_read_is_put_away_by_whose_room_it_is(database, ana, tonight, now):
    await put(database, tonight, "not_okay", now)
    await put(database, tonight, "held", now)
    async with database.writing() as conn:
        await notices.put_away(conn, "another-room", tonight.id, "not_okay")
    assert await read(database, ana, now) == [("held", 1), ("not_okay", 1)]
    async with database.writing() as conn:
        await notices.put_away(conn, tonight.room_id, tonight.id, "not_okay")
    assert await read(database, ana, now) == [("held", 1)]


async def test_the_next_sessions_that_one_is_on_call_for(database, circle, tonight, now):
    kay = await account(database, "Kay")
    async with database.writing() as conn:
        later = [
            await sessions.plan(conn, circle.id, (now + days * DAY).replace(tzinfo=None), "UTC", 60)
            for days in (1, 2, 3)
        ]
        ids = [tonight.id, *(each.id for each in later if isinstance(each, sessions.Session))]
        await rota.put_down(conn, ids, "on_call", kay.id)
        await sessions.cancel(conn, ids[1], now)
    async with database.reading() as conn:
        found = await notices.on_call_of(conn, kay.id, now, 2)
    assert [(session.id, room.id) for session, room in found] == [(ids[0], circle.id), (ids[2], circle.id)]


async def test_that_a_session_was_not_held_is_read_by_all_who_look_after_it_for_a_month_or_until_put_away(
    database, ana, ben, circle, tonight, now
):
    kay, eve = await account(database, "Kay"), await account(database, "Eve")
    async with database.writing() as conn:
        await rooms.add_facilitator(conn, circle.id, ben.id)
        await rota.put_down(conn, [tonight.id], "on_call", kay.id)
        await sessions.finish(conn, tonight.id, "not_held", now)
    await put(database, tonight, "not_held", now)
    just_before = now + 30 * DAY - timedelta(seconds=1)
    async with database.writing() as conn:
        await notices.sweep(conn, just_before)
    for who in (ana, ben, kay):
        assert await read(database, who, just_before) == [("not_held", 1)]
        assert await read(database, who, now + 30 * DAY) == []
    assert await read(database, eve, now) == []
    async with database.reading() as conn:
        organises = {
            who.name: [each.organises for each in await notices.for_account(conn, who.id, now)]
            for who in (ana, ben, kay)
        }
    assert organises == {"Ana": [True], "Ben": [False], "Kay": [False]}
    await put(database, tonight, "not_okay", now)
    async with database.writing() as conn:
        await notices.put_away(conn, tonight.room_id, tonight.id, "not_held")
    assert await read(database, ana, now) == [("not_okay", 1)]
    assert await read(database, ben, now) == []
