"""The band of how many came: once for a session that was held, where it was asked for, for twelve months."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from rooms.live import State
from rooms.records import counts, rooms, sessions, tables
from rooms.records.counts import Count
from server.terms import Programme

DAY = timedelta(days=1)


@pytest.fixture
async def counted(database, ana):
    async with database.writing() as conn:
        return await rooms.create(
            conn, organiser_id=ana.id, name="Thursday circle", purpose="peer_support", keeps_counts=True
        )


async def planned(database, room, at):
    async with database.writing() as conn:
        session = await sessions.plan(conn, room.id, at.replace(tzinfo=None), "UTC", 60)
    assert isinstance(session, sessions.Session)
    return session


async def closed(database, session, outcome, at):
    async with database.writing() as conn:
        assert await sessions.finish(conn, session.id, outcome, at)


async def kept(database, session, band):
    async with database.writing() as conn:
        await counts.keep(conn, session.id, band)


async def read(database, room, at):
    async with database.reading() as conn:
        return [each.band for each in await counts.of_room(conn, room.id, at)]


async def rows(database):
    async with database.reading() as conn:
        return [tuple(row) for row in await conn.execute(select(tables.counts))]


async def test_a_band_and_the_session_are_all_that_is_written(database, counted, now):
    first, second = await planned(database, counted, now + 7 * DAY), await planned(database, counted, now)
    for session, band in ((first, "10_or_more"), (second, "under_5")):
        await closed(database, session, "held", session.ends_at)
        await kept(database, session, band)
    assert sorted(await rows(database)) == sorted([(first.id, "10_or_more"), (second.id, "under_5")])
    async with database.reading() as conn:
        found = await counts.of_room(conn, counted.id, now + 8 * DAY)
    assert found == (Count(second.wall, "under_5"), Count(first.wall, "10_or_more"))


async def test_the_first_stays(database, counted, now):
    tonight = await planned(database, counted, now)
    await closed(database, tonight, "held", now)
    await kept(database, tonight, "5_to_9")
    await kept(database, tonight, "under_5")
    assert await read(database, counted, now) == ["5_to_9"]


async def test_of_a_session_that_was_not_held_is_not_over_or_is_gone_nothing_is_kept(database, counted, now):
    missed, open_, off = [await planned(database, counted, now + days * DAY) for days in range(3)]
    await closed(database, missed, "not_held", now)
    async with database.writing() as conn:
        assert await sessions.cancel(conn, off.id, now)
    for session in (missed, open_, off):
        await kept(database, session, "5_to_9")
    async with database.writing() as conn:
        await counts.keep(conn, "gone", "5_to_9")
    assert await rows(database) == []


async def test_of_a_room_that_keeps_none_nothing_is_kept(database, circle, counted, now):
    tonight = await planned(database, circle, now)
    assert circle.keeps_counts is False
    await closed(database, tonight, "held", now)
    await kept(database, tonight, "5_to_9")
    assert await rows(database) == []


async def test_a_word_that_is_no_band_is_stopped_by_the_table(database, counted, now):
    tonight = await planned(database, counted, now)
    await closed(database, tonight, "held", now)
    with pytest.raises(IntegrityError, match="ck_counts_band_word"):
        await kept(database, tonight, "7")
    assert await rows(database) == []


async def test_after_twelve_months_it_is_neither_shown_nor_there(database, counted, now):
    tonight = await planned(database, counted, now)
    await closed(database, tonight, "held", now)
    await kept(database, tonight, "5_to_9")
    last, over = now + counts.KEPT - timedelta(seconds=1), now + counts.KEPT
    assert await read(database, counted, last) == ["5_to_9"]
    assert await read(database, counted, over) == []
    for at, left in ((last, 1), (over, 0)):
        async with database.writing() as conn:
            await counts.sweep(conn, at)
        assert len(await rows(database)) == left


async def test_all_of_one_room_are_forgotten_at_once_and_those_of_another_stay(database, ana, counted, now):
    async with database.writing() as conn:
        other = await rooms.create(
            conn, organiser_id=ana.id, name="Friday", purpose="social", keeps_counts=True
        )
    for room in (counted, other):
        session = await planned(database, room, now)
        await closed(database, session, "held", now)
        await kept(database, session, "5_to_9")
    async with database.writing() as conn:
        await counts.forget(conn, counted.id)
    assert await read(database, counted, now) == []
    assert await read(database, other, now) == ["5_to_9"]


# Written with the end of the session, by whoever closes it


async def test_of_nodes_that_race_one_writes_it_and_a_replay_writes_nothing(database, counted, now):
    tonight = await planned(database, counted, now)
    programme = Programme(database)
    at = tonight.ends_at.timestamp()
    await asyncio.gather(
        programme.finished(tonight.id, State.ENDED, "5_to_9", at),
        programme.finished(tonight.id, State.ENDED, "5_to_9", at + 1),
    )
    assert await read(database, counted, now) == ["5_to_9"]
    async with database.writing() as conn:
        await counts.forget(conn, counted.id)
    await programme.finished(tonight.id, State.ENDED, "5_to_9", at + 2)
    assert await rows(database) == []


async def test_a_session_that_was_not_held_or_was_called_off_writes_none_whatever_is_said(
    database, counted, now
):
    programme = Programme(database)
    missed, off = await planned(database, counted, now), await planned(database, counted, now + DAY)
    await programme.finished(missed.id, State.NOT_HELD, "5_to_9", now.timestamp())
    await programme.finished(off.id, State.CANCELLED, "5_to_9", now.timestamp())
    assert await rows(database) == []


async def test_switched_off_while_it_is_on_it_writes_none_and_where_none_is_told_none_is_written(
    database, circle, counted, now
):
    programme = Programme(database)
    terms = await programme.terms((await planned(database, counted, now)).id, now.timestamp())
    assert terms
    assert terms.counts
    off, untold = await planned(database, circle, now), await planned(database, counted, now)
    await programme.finished(off.id, State.ENDED, "5_to_9", now.timestamp())
    await programme.finished(untold.id, State.ENDED, "", now.timestamp())
    assert await rows(database) == []
