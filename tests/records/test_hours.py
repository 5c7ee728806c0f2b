"""Own hours: what somebody was put down for and was held, and nothing else."""

from datetime import timedelta

from rooms.records import hours, rota, sessions

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


async def planned(database, circle, now, after, **parts):
    """A session of an hour, with who is put down for it."""
    async with database.writing() as conn:
        made = await sessions.plan(conn, circle.id, (now + after).replace(tzinfo=None), "UTC", 60)
        assert isinstance(made, sessions.Session)
        for part, account in parts.items():
            await rota.put_down(conn, [made.id], part, account.id)  # type: ignore[arg-type]  # names of parts
    return made


async def is_over(database, session, after, outcome="held"):
    async with database.writing() as conn:
        assert await sessions.finish(conn, session.id, outcome, session.starts_at + after)


async def read(database, who, since):
    async with database.reading() as conn:
        found = await hours.of_account(conn, who.id, since)
    return [(each.session_id, each.part, each.minutes) for each in found]


async def test_what_was_held_counts_until_it_was_over_the_latest_first(database, circle, ana, ben, now):
    first = await planned(database, circle, now, 0 * DAY, lead=ana, second=ben)
    second = await planned(database, circle, now, 7 * DAY, lead=ben, on_call=ana)
    await is_over(database, first, 45 * MINUTE)
    await is_over(database, second, 70 * MINUTE)
    assert await read(database, ana, now) == [(second.id, "on_call", 70), (first.id, "lead", 45)]
    assert await read(database, ben, now) == [(second.id, "lead", 70), (first.id, "second", 45)]
    assert await read(database, ana, now + DAY) == [(second.id, "on_call", 70)]
    async with database.reading() as conn:
        found = await hours.of_account(conn, ana.id, now)
    assert [each.room_name for each in found] == ["Thursday circle"] * 2
    assert "Thursday circle" not in repr(found)


async def test_what_was_not_held_was_called_off_or_is_still_to_come_does_not(database, circle, ana, now):
    missed, off, _ = [await planned(database, circle, now, days * DAY, lead=ana) for days in range(3)]
    await is_over(database, missed, 10 * MINUTE, "not_held")
    async with database.writing() as conn:
        await sessions.cancel(conn, off.id, now)
    assert await read(database, ana, now) == []


async def test_what_a_server_that_was_away_closed_late_counts_as_it_was_planned(database, circle, ana, now):
    late, before = [await planned(database, circle, now, days * DAY, lead=ana) for days in range(2)]
    await is_over(database, late, timedelta(hours=15))
    # A clock that was set back.
    await is_over(database, before, -MINUTE)
    assert await read(database, ana, now) == [(before.id, "lead", 60), (late.id, "lead", 60)]


async def test_who_led_a_session_was_not_on_call_for_it_as_well(database, circle, ana, ben, now):
    for days, parts in enumerate(({"lead": ana, "on_call": ana}, {"second": ana, "on_call": ana})):
        await is_over(database, await planned(database, circle, now, days * DAY, **parts), 60 * MINUTE)
    assert [part for _, part, _ in await read(database, ana, now)] == ["second", "lead"]
    assert await read(database, ben, now) == []
