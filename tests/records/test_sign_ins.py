from datetime import timedelta

from sqlalchemy import func, select

from rooms.records import sign_ins, tables, tokens

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


async def opened(database, account, at):
    async with database.writing() as conn:
        return await sign_ins.open(conn, account.id, at)


async def seen(database, token, at):
    async with database.writing() as conn:
        return await sign_ins.who(conn, token, at)


async def seen_at(database):
    async with database.reading() as conn:
        return await conn.scalar(select(tables.sign_ins.c.seen_at))


async def test_whoever_signed_in_is_known_by_the_token(database, ana, ben, now):
    anas, bens = await opened(database, ana, now), await opened(database, ben, now)
    assert await seen(database, anas, now) == ana
    assert await seen(database, bens, now) == ben


async def test_nobody_is_known_by_a_token_that_was_never_given(database, ana, now):
    await opened(database, ana, now)
    for token in ("", "x" * 32, "\x00", "\ud800", "y" * 1_000_000):
        assert await seen(database, token, now) is None


async def test_a_copied_database_signs_nobody_in(database, ana, now):
    token = await opened(database, ana, now)
    async with database.reading() as conn:
        (stored,) = (await conn.execute(select(tables.sign_ins))).all()
    assert token not in stored
    assert await seen(database, stored.token_hash, now) is None


async def test_a_token_holds_at_least_128_bits(database, ana, now):
    token = await opened(database, ana, now)
    assert len(token) * 6 >= 128
    assert token != await opened(database, ana, now)


async def test_half_an_hour_without_a_sign_of_life_ends_it(database, ana, now):
    token = await opened(database, ana, now)
    assert await seen(database, token, now + 30 * MINUTE) is None


async def test_every_sign_of_life_gives_another_half_hour(database, ana, now):
    token = await opened(database, ana, now)
    for minutes in (29, 58, 87, 116):
        assert await seen(database, token, now + minutes * MINUTE) == ana
    assert await seen(database, token, now + 146 * MINUTE) is None


async def test_twelve_hours_end_it_however_lively_it_was(database, ana, now):
    token = await opened(database, ana, now)
    for quarters in range(1, 48):
        assert await seen(database, token, now + quarters * 15 * MINUTE) == ana
    assert await seen(database, token, now + 12 * HOUR - MINUTE) == ana
    assert await seen(database, token, now + 12 * HOUR) is None


async def test_a_sign_of_life_is_written_at_most_once_a_minute(database, ana, now):
    token = await opened(database, ana, now)
    await seen(database, token, now + timedelta(seconds=59))
    assert await seen_at(database) == now
    await seen(database, token, now + MINUTE)
    assert await seen_at(database) == now + MINUTE
    await seen(database, token, now + MINUTE + timedelta(seconds=59))
    assert await seen_at(database) == now + MINUTE


async def test_a_look_through_a_reading_connection_is_no_sign_of_life(database, ana, now):
    token = await opened(database, ana, now)
    async with database.reading() as conn:
        assert await sign_ins.who(conn, token, now + 20 * MINUTE) == ana
    assert await seen_at(database) == now


async def test_signing_out_ends_this_one_and_no_other(database, ana, now):
    phone, laptop = await opened(database, ana, now), await opened(database, ana, now)
    async with database.writing() as conn:
        await sign_ins.close(conn, phone)
    assert await seen(database, phone, now) is None
    assert await seen(database, laptop, now) == ana


async def test_signing_out_everywhere_ends_all_of_one_person(database, ana, ben, now):
    phone, laptop, bens = [await opened(database, who, now) for who in (ana, ana, ben)]
    async with database.writing() as conn:
        await sign_ins.close_all(conn, ana.id)
    assert await seen(database, phone, now) is None
    assert await seen(database, laptop, now) is None
    assert await seen(database, bens, now) == ben


async def test_what_has_ended_is_swept_by_the_next_who_signs_in(database, ana, ben, now):
    await opened(database, ana, now)
    lively = await opened(database, ben, now + 25 * MINUTE)
    await opened(database, ana, now + 31 * MINUTE)
    async with database.reading() as conn:
        assert await conn.scalar(select(func.count()).select_from(tables.sign_ins)) == 2
    assert await seen(database, lively, now + 31 * MINUTE) == ben


async def test_who_is_deleted_is_signed_in_nowhere(database, ana, now):
    token = await opened(database, ana, now)
    async with database.writing() as conn:
        await conn.execute(tables.accounts.delete().where(tables.accounts.c.id == ana.id))
    assert await seen(database, token, now) is None


async def test_an_open_page_is_a_sign_of_life_and_ends_with_its_sign_in(database, ana, ben, now):
    anas, bens = [tokens.digest(await opened(database, each, now)) for each in (ana, ben)]
    asked = [anas, bens, tokens.digest("nobody's")]

    async def still_open(at, **how):
        async with database.reading() as conn:
            return await sign_ins.still_open(conn, asked, at, **how)

    assert await still_open(now) == {anas, bens}
    later = now + 29 * MINUTE
    async with database.writing() as conn:
        await sign_ins.seen(conn, [anas], later)
    assert await still_open(now + 31 * MINUTE) == {anas, bens}
    assert await still_open(now + 31 * MINUTE, idle=False) == {anas}
    async with database.writing() as conn:
        await sign_ins.open(conn, ana.id, now + 31 * MINUTE)
    assert await still_open(now + 31 * MINUTE) == {anas}, "nobody was there at the other"
    async with database.writing() as conn:
        await sign_ins.close_all(conn, ana.id)
    assert await still_open(later) == frozenset()
    again = tokens.digest(await opened(database, ana, later))
    asked.append(again)
    assert await still_open(later + 11 * HOUR) == {again}
    assert await still_open(later + 12 * HOUR) == frozenset()
