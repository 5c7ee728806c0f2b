from dataclasses import replace
from datetime import timedelta

import pytest

from rooms.records import accounts, passkeys
from rooms.records.passkeys import Passkey


def of(who, now, key_id="phone"):
    return Passkey(key_id, who.id, b"a public key", 0, "my phone", now)


async def added(database, *keys):
    async with database.writing() as conn:
        return [await passkeys.add(conn, key) for key in keys]


async def test_it_is_found_as_it_was_added_and_only_once(database, ana, ben, now):
    phone, office = of(ana, now), of(ana, now + timedelta(days=1), "a-second_1")
    assert await added(database, office, phone, of(ben, now), of(ben, now, "bens")) == [
        True,
        True,
        False,
        True,
    ]
    async with database.reading() as conn:
        assert await passkeys.find(conn, "phone") == phone
        assert await passkeys.of_account(conn, ana.id) == [phone, office]
        for strange in ("", "nobody's", "x" * 5000, "\x00", "\ud800", "phone\n"):
            assert await passkeys.find(conn, strange) is None


async def test_ten_are_enough(database, ana, ben, now):
    assert await added(database, *(of(ana, now, f"key{n}") for n in range(11))) == [True] * 10 + [False]
    assert await added(database, of(ben, now, "key10")) == [True]


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 41}, {"public_key": b""}, {"public_key": b"x" * 301}]
)
async def test_what_no_form_lets_through_stops_here(database, ana, now, wrong):
    with pytest.raises(ValueError, match="is not within"):
        await added(database, replace(of(ana, now), **wrong))


async def test_of_two_that_use_it_at_once_one_did(database, ana, now):
    phone = of(ana, now)
    await added(database, phone)
    async with database.writing() as conn:
        assert await passkeys.use(conn, phone, 5)
        assert not await passkeys.use(conn, phone, 6)
        assert await passkeys.use(conn, replace(phone, uses=5), 6)


async def test_all_of_one_person_are_taken_away_and_nobody_elses(database, ana, ben, now):
    await added(database, of(ana, now), of(ana, now, "laptop"), of(ben, now, "bens"))
    async with database.writing() as conn:
        await passkeys.remove_all(conn, ana.id)
        assert await passkeys.of_account(conn, ana.id) == []
        assert len(await passkeys.of_account(conn, ben.id)) == 1


async def test_a_key_counts_to_the_end_of_thirty_two_bits(database, ana, now):
    most = 2**32 - 1
    phone = replace(of(ana, now), uses=most - 1)
    await added(database, phone)
    async with database.writing() as conn:
        assert await passkeys.use(conn, phone, most)
    async with database.reading() as conn:
        assert await passkeys.find(conn, "phone") == replace(phone, uses=most)


async def test_taken_away_by_who_has_it_or_with_the_account(database, ana, ben, now):
    await added(database, of(ana, now), of(ben, now, "bens"))
    async with database.writing() as conn:
        assert not await passkeys.remove(conn, ben.id, "phone")
        assert await passkeys.remove(conn, ana.id, "phone")
        await accounts.remove(conn, ben.id)
        assert await passkeys.find(conn, "phone") is None
        assert await passkeys.find(conn, "bens") is None


async def test_a_challenge_is_answered_once_and_forgotten_when_it_is_void(database, now):
    async with database.writing() as conn:
        void = now + timedelta(hours=1)
        assert await passkeys.answer(conn, "why?", until=void, at=now)
        assert not await passkeys.answer(conn, "why?", until=void, at=void - timedelta(seconds=1))
        assert await passkeys.answer(conn, "how?", until=void, at=now)
        assert await passkeys.answer(conn, "why?", until=void, at=void)
