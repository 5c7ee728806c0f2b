"""Addresses for e-mail: given and taken away by who reads there, and asked for when a session needs somebody."""

from sqlalchemy import func, select

from rooms.records import accounts, addresses, rooms, rota, sessions, tables


async def test_one_is_kept_changed_and_taken_away(database, ana):
    async with database.writing() as conn:
        assert await addresses.of(conn, ana.id) == ""
        for mail in ("ana@example.org", "other@example.org"):
            await addresses.give(conn, ana.id, mail)
            assert await addresses.of(conn, ana.id) == mail
        await addresses.take_away(conn, ana.id)
        assert await addresses.of(conn, ana.id) == ""


async def test_those_are_called_who_would_read_it_at_the_desk(database, ana, ben, circle, now):
    async with database.writing() as conn:
        session = await sessions.plan(conn, circle.id, now.replace(tzinfo=None), "UTC", 60)
        other = await sessions.plan(conn, circle.id, now.replace(tzinfo=None, day=27), "UTC", 60)
        people = {"ana": ana, "ben": ben}
        for name in ("jo", "kay", "eve"):
            made = await accounts.create(conn, name=name, sign_in_name=name, is_organiser=False)
            assert made
            people[name] = made
        assert isinstance(session, sessions.Session)
        assert isinstance(other, sessions.Session)
        for name, each in people.items():
            await addresses.give(conn, each.id, f"{name}@example.org")
        for name in ("ben", "jo"):
            await rooms.add_facilitator(conn, circle.id, people[name].id)
        await rota.put_down(conn, [session.id], "on_call", people["kay"].id)
        await rota.put_down(conn, [other.id], "on_call", people["jo"].id)

        async def called(session_id, what):
            found = await addresses.of_those_called(conn, session_id, what)
            return [each.partition("@")[0] for each in found]

        for what in ("nobody_came", "held", "asked", "not_held"):
            assert await called(session.id, what) == ["ana", "ben", "jo", "kay"]
        assert await called(session.id, "not_okay") == ["ana", "kay"], "it is about those who ran it"
        assert await called(other.id, "not_okay") == ["ana"], "who is on call and facilitates too ran it"
        assert await called("nowhere", "held") == []


async def test_it_goes_with_the_account(database, ben):
    async with database.writing() as conn:
        await addresses.give(conn, ben.id, "ben@example.org")
        await accounts.remove(conn, ben.id)
        assert await conn.scalar(select(func.count()).select_from(tables.addresses)) == 0
