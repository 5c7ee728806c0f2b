from rooms.records import accounts, authenticators


async def begun(database, who, sealed="sealed"):
    async with database.writing() as conn:
        await authenticators.begin(conn, who.id, sealed)


async def confirmed(database, who, now, step=100, paper=("a", "b")):
    await begun(database, who)
    async with database.writing() as conn:
        await authenticators.confirm(conn, who.id, step, paper, now)


async def uses(database, who, step):
    async with database.writing() as conn:
        return await authenticators.use(conn, who.id, step)


async def test_what_nobody_confirmed_counts_for_nothing_and_is_replaced(database, ana):
    await begun(database, ana)
    await begun(database, ana, "another")
    async with database.reading() as conn:
        app = await authenticators.find(conn, ana.id)
    assert app
    assert (app.sealed, app.confirmed_at) == ("another", None)
    assert "another" not in repr(app)
    assert not await uses(database, ana, 1)


async def test_what_was_confirmed_stays(database, ana, now):
    await confirmed(database, ana, now)
    await begun(database, ana, "a thief's")
    async with database.reading() as conn:
        app = await authenticators.find(conn, ana.id)
    assert app
    assert (app.sealed, app.confirmed_at) == ("sealed", now)


async def test_a_code_is_used_once_and_none_before_it_after_it(database, ana, now):
    await confirmed(database, ana, now, step=100)
    assert [await uses(database, ana, step) for step in (100, 99, 102, 101, 102, 103)] == [
        False, False, True, False, False, True,
    ]  # fmt: skip


async def test_a_code_on_paper_works_once_and_for_one_person(database, ana, ben, now):
    await confirmed(database, ana, now)
    await confirmed(database, ben, now, paper=("a", "c"))
    async with database.writing() as conn:
        assert not await authenticators.use_paper(conn, ana.id, "c")
        assert await authenticators.use_paper(conn, ana.id, "a")
        assert not await authenticators.use_paper(conn, ana.id, "a")
        assert await authenticators.paper_left(conn, ana.id) == 1
        assert await authenticators.paper_left(conn, ben.id) == 2


async def test_removed_it_is_gone_and_gone_with_the_account(database, ana, ben, now):
    for who in (ana, ben):
        await confirmed(database, who, now)
    async with database.writing() as conn:
        await authenticators.remove(conn, ana.id)
        await accounts.remove(conn, ben.id)
        for who in (ana, ben):
            assert await authenticators.find(conn, who.id) is None
            assert await authenticators.paper_left(conn, who.id) == 0
