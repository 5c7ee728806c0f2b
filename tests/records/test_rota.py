"""Until when a session can be made longer: the room, and those who facilitate, may be needed for another one."""

from datetime import timedelta

import pytest

from rooms.records import rooms, rota, sessions

HOUR = timedelta(hours=1)
SOON = timedelta(minutes=5)


class Evening:
    """Sessions of an hour, named by how long after the first they begin."""

    def __init__(self, database, circle, ana, ben, now):
        self.database, self.circle, self.ana, self.ben, self.now = database, circle, ana, ben, now

    async def session(self, after=timedelta(0), room=None, **parts):
        async with self.database.writing() as conn:
            wall = (self.now + after).replace(tzinfo=None)
            made = await sessions.plan(conn, (room or self.circle).id, wall, "UTC", 60)
            assert isinstance(made, sessions.Session)
            for part, account in parts.items():
                await rota.put_down(conn, [made.id], part, account.id)  # type: ignore[arg-type]  # names of parts
        return made

    async def elsewhere(self):
        async with self.database.writing() as conn:
            return await rooms.create(conn, organiser_id=self.ana.id, name="Elsewhere", purpose="social")

    async def free_until(self, *wanted):
        async with self.database.reading() as conn:
            found = await rota.free_until_of_each(conn, wanted)
        return [found[each.id] - self.now if each.id in found else None for each in wanted]


@pytest.fixture
def evening(database, circle, ana, ben, now):
    return Evening(database, circle, ana, ben, now)


async def test_for_ever_where_nothing_comes_soon(evening):
    tonight = await evening.session(lead=evening.ana)
    await evening.session(timedelta(days=7), lead=evening.ana)
    assert await evening.free_until(tonight) == [None]
    assert await evening.free_until() == []


async def test_until_the_room_is_needed(evening):
    tonight = await evening.session()
    next_one = await evening.session(HOUR + SOON)
    assert await evening.free_until(tonight, next_one) == [HOUR + SOON, None]


async def test_a_session_that_is_called_off_needs_nothing(evening):
    tonight = await evening.session(lead=evening.ana)
    off = await evening.session(HOUR + SOON, lead=evening.ana)
    async with evening.database.writing() as conn:
        await sessions.cancel(conn, off.id, evening.now)
    assert await evening.free_until(tonight) == [None]


async def test_until_the_only_one_who_facilitates_is_needed_elsewhere(evening):
    tonight = await evening.session(lead=evening.ana)
    await evening.session(HOUR + SOON, await evening.elsewhere(), second=evening.ana)
    assert await evening.free_until(tonight) == [HOUR + SOON]


async def test_while_one_of_two_can_stay_it_goes_on(evening):
    tonight = await evening.session(lead=evening.ana, second=evening.ben)
    elsewhere = await evening.elsewhere()
    await evening.session(HOUR + SOON, elsewhere, lead=evening.ana)
    assert await evening.free_until(tonight) == [None]
    await evening.session(HOUR + 2 * SOON, elsewhere, lead=evening.ben)
    assert await evening.free_until(tonight) == [HOUR + 2 * SOON]


async def test_being_on_call_elsewhere_is_no_sitting_in_a_room(evening):
    tonight = await evening.session(lead=evening.ana)
    await evening.session(HOUR + SOON, await evening.elsewhere(), on_call=evening.ana)
    assert await evening.free_until(tonight) == [None]
