"""What somebody may see on at their desk: theirs, around its time, and not closed."""

from datetime import timedelta

from rooms.records import on_now, rooms, sessions
from rooms.records.on_now import Open

HOUR = timedelta(hours=1)


async def planned(database, room, at, **how):
    async with database.writing() as conn:
        session = await sessions.plan(conn, room.id, at.replace(tzinfo=None), "UTC", 60, **how)
    assert isinstance(session, sessions.Session)
    return session


async def found(database, at, *accounts):
    async with database.reading() as conn:
        return await on_now.of_accounts(conn, [each.id for each in accounts], at)


async def test_each_account_is_told_of_its_rooms_once(database, ana, ben, circle, now):
    async with database.writing() as conn:
        other = await rooms.create(conn, organiser_id=ben.id, name="A walk", purpose="social")
        for helper in (ana, ben):
            await rooms.add_facilitator(conn, circle.id, helper.id)
    tonight, walk = await planned(database, circle, now), await planned(database, other, now)
    anas = Open(ana.id, circle.id, "Thursday circle", tonight.id)
    assert await found(database, now, ana) == (anas,)
    bens = {
        Open(ben.id, other.id, "A walk", walk.id),
        Open(ben.id, circle.id, "Thursday circle", tonight.id),
    }
    assert set(await found(database, now, ana, ben)) == {anas, *bens}
    async with database.writing() as conn:
        await rooms.remove_facilitator(conn, circle.id, ben.id)
    assert [each.room_id for each in await found(database, now, ben)] == [other.id]
    assert await found(database, now) == ()


async def test_a_session_is_there_from_before_its_doors_open_until_somebody_closes_it(
    database, ana, circle, now
):
    tonight = await planned(database, circle, now)
    assert await found(database, tonight.doors_at - timedelta(seconds=1), ana) == ()
    for at in (tonight.doors_at, now + 2 * HOUR):
        assert [each.session_id for each in await found(database, at, ana)] == [tonight.id]
    over = tonight.ends_at + sessions.OVERRUN
    assert await found(database, over, ana) == (), "one that nobody closed is not on for ever"
    async with database.writing() as conn:
        await sessions.finish(conn, tonight.id, "held", now)
    off = await planned(database, circle, now)
    async with database.writing() as conn:
        await sessions.cancel(conn, off.id, now)
    assert await found(database, now, ana) == ()
