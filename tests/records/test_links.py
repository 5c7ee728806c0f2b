import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from rooms.records import links, tables
from rooms.records.links import INVITATION_LIVES, Link

QUARTER = timedelta(minutes=15)


async def sign_in_link(database, account, at):
    async with database.writing() as conn:
        return await links.make(conn, "sign_in", account_id=account.id, at=at, lives=QUARTER)


async def used(database, token, at):
    async with database.writing() as conn:
        return await links.use(conn, token, at)


async def looked_at(database, token, at):
    async with database.reading() as conn:
        return await links.look(conn, token, at)


async def test_a_sign_in_link_leads_to_its_account_once(database, ana, now):
    token = await sign_in_link(database, ana, now)
    expected = Link("sign_in", ana.id, None, now + QUARTER)
    assert await used(database, token, now) == expected
    assert await used(database, token, now) is None


async def test_an_invitation_to_a_room_lives_72_hours(database, circle, now):
    async with database.writing() as conn:
        token = await links.make(conn, "invitation", room_id=circle.id, at=now, lives=INVITATION_LIVES)
    expected = Link("invitation", None, circle.id, now + timedelta(hours=72))
    assert await looked_at(database, token, now + timedelta(hours=72, seconds=-1)) == expected
    assert await looked_at(database, token, now + timedelta(hours=72)) is None


async def test_looking_uses_nothing_up(database, ana, now):
    token = await sign_in_link(database, ana, now)
    assert [await looked_at(database, token, now) for _ in range(3)] == [
        Link("sign_in", ana.id, None, now + QUARTER)
    ] * 3
    assert await used(database, token, now)
    assert await looked_at(database, token, now) is None


async def test_of_many_who_use_it_at_once_exactly_one_gets_it(database, ana, now):
    for _ in range(5):
        token = await sign_in_link(database, ana, now)
        got = await asyncio.gather(*(used(database, token, now) for _ in range(8)))
        assert sorted(link is not None for link in got) == [False] * 7 + [True]


async def test_unknown_used_and_expired_look_alike(database, ana, now):
    spent, expired = await sign_in_link(database, ana, now), await sign_in_link(database, ana, now)
    await used(database, spent, now)
    late = now + QUARTER
    for token in (spent, expired, "x" * 32, "", "\x00", "\ud800"):
        assert await looked_at(database, token, late) is None
        assert await used(database, token, late) is None


async def test_a_copied_database_opens_no_link(database, ana, now):
    token = await sign_in_link(database, ana, now)
    async with database.reading() as conn:
        (stored,) = (await conn.execute(select(tables.links))).all()
    assert token not in stored
    assert await looked_at(database, stored.token_hash, now) is None


async def test_what_nobody_used_in_time_is_swept_with_the_next_that_is_made(database, ana, now):
    await sign_in_link(database, ana, now)
    fresh = await sign_in_link(database, ana, now + timedelta(minutes=14))
    await sign_in_link(database, ana, now + QUARTER)
    async with database.reading() as conn:
        assert await conn.scalar(select(func.count()).select_from(tables.links)) == 2
    assert await used(database, fresh, now + QUARTER)


async def test_a_sign_in_link_for_nobody_is_not_made(database, now):
    with pytest.raises(IntegrityError, match="ck_links_sign_in_has_account"):
        async with database.writing() as conn:
            await links.make(conn, "sign_in", at=now, lives=QUARTER)
