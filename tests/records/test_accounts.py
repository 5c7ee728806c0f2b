import pytest

from rooms.records import accounts, rooms, sign_ins


async def test_an_account_is_found_by_its_id_and_by_its_sign_in_name(database, ana):
    async with database.reading() as conn:
        assert await accounts.find(conn, ana.id) == ana
        assert await accounts.by_sign_in_name(conn, "ana@example.org") == ana


async def test_a_sign_in_name_is_the_same_however_it_is_typed(database, ana):
    for typed in (
        "ANA@EXAMPLE.ORG",
        "  ana@example.org ",
        "\uff41na@example.org",
        "\u1d2c\u207f\u1d43@example.org",
    ):
        async with database.reading() as conn:
            assert await accounts.by_sign_in_name(conn, typed) == ana


async def test_whatever_else_is_typed_is_nobodys_sign_in_name(database, ana):
    for typed in ("", "   ", "nobody", "a\x00na", "\ud800", "a" * 300):
        async with database.reading() as conn:
            assert await accounts.by_sign_in_name(conn, typed) is None


async def test_whatever_stands_in_the_address_bar_is_nobodys_id(database, ana):
    for asked in ("", "nosuchaccount", "a\x00b", "\ud800", "'; --", "a" * 100):
        async with database.reading() as conn:
            assert await accounts.find(conn, asked) is None


async def test_a_taken_sign_in_name_is_not_given_twice(database, ana):
    async with database.writing() as conn:
        second = await accounts.create(
            conn, name="Anabel", sign_in_name="Ana@Example.org", is_organiser=False
        )
        assert second is None
    async with database.reading() as conn:
        assert await accounts.by_sign_in_name(conn, "ana@example.org") == ana


async def test_a_password_is_set_and_taken_away(database, ana):
    for password_hash in ("$argon2id$one", "$argon2id$two", None):
        async with database.writing() as conn:
            await accounts.set_password_hash(conn, ana.id, password_hash)
        async with database.reading() as conn:
            found = await accounts.find(conn, ana.id)
        assert found
        assert found.password_hash == password_hash


async def test_organisers_are_listed_by_name_and_facilitators_are_not(database, ana, ben):
    async with database.writing() as conn:
        abi = await accounts.create(conn, name="Abi", sign_in_name="abi", is_organiser=True)
    async with database.reading() as conn:
        assert await accounts.organisers(conn) == (abi, ana)


async def test_nothing_that_a_person_typed_shows_in_an_account_that_is_printed(database):
    async with database.writing() as conn:
        dee = await accounts.create(
            conn, name="Dee", sign_in_name="dee.typed", is_organiser=False, password_hash="$argon2id$secret"
        )
    assert dee
    assert repr(dee) == f"Account(id='{dee.id}', is_organiser=False)"


async def test_a_name_out_of_bounds_is_refused_without_being_repeated(database):
    for name in ("", "x" * 61, "Da\x00na", "Two\nlines", "\ud83d"):
        async with database.writing() as conn:
            with pytest.raises(ValueError, match=r"^account name is not within 1 to 60$"):
                await accounts.create(conn, name=name, sign_in_name="dana", is_organiser=False)


async def test_ids_are_long_random_and_fit_a_url(database, ana, ben):
    assert ana.id != ben.id
    assert len(ana.id) >= 10
    assert ana.id.isascii()
    assert ana.id.isalnum()


async def test_somebody_can_become_an_organiser_later(database):
    async with database.writing() as conn:
        ana = await accounts.create(conn, name="Ana", sign_in_name="ana", is_organiser=False)
        assert ana is not None
        await accounts.make_organiser(conn, ana.id)
        found = await accounts.find(conn, ana.id)
    assert found is not None
    assert found.is_organiser


async def test_whose_helpers_are_whose(database, ana, ben, circle):
    async with database.writing() as conn:
        cat = await accounts.create(conn, name="Cat", sign_in_name="cat", is_organiser=True)
        dev = await accounts.create(conn, name="Dev", sign_in_name="dev", is_organiser=False)
        assert cat
        assert dev
        hers = await rooms.create(conn, organiser_id=cat.id, name="Cat's room", purpose="social")
        for room, who in ((circle, ben), (circle, cat), (circle, dev), (hers, dev)):
            await rooms.add_facilitator(conn, room.id, who.id)
    async with database.reading() as conn:
        assert await accounts.those_of(conn, ana.id) == {ben.id}
        assert await accounts.those_of(conn, cat.id) == frozenset()


async def test_a_removed_account_takes_everything_with_it(database, ben, circle, now):
    async with database.writing() as conn:
        await rooms.add_facilitator(conn, circle.id, ben.id)
        token = await sign_ins.open(conn, ben.id, now)
        await accounts.remove(conn, ben.id)
        assert await accounts.find(conn, ben.id) is None
        assert await sign_ins.who(conn, token, now) is None
        assert await rooms.facilitators(conn, circle.id) == ()
