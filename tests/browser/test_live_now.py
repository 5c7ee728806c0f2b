"""The desk: what is on comes, changes and goes while somebody looks, and takes their place from nobody; how many came."""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from rooms.records import counts, sessions
from tests.browser.company import Company
from tests.browser.house import House
from tests.browser.look import THE_OTHER_WAY_ROUND, can_be_read
from tests.browser.people import Person
from tests.server.house import Evening


@pytest.fixture
async def kay(cast: Company, evening: Evening) -> Person:
    """Looks after this room and no other."""
    await evening.has_facilitator("Kay")
    kay = await cast("Kay")
    await kay.is_signed_in()
    return kay


async def test_what_is_on_comes_changes_and_goes(evening: Evening, kay: Person, ana: Person, ben: Person):
    await kay.opens("/desk")
    now = kay.page.get_by_role("region", name="Live now")
    line, told = now.get_by_role("listitem"), now.get_by_role("status")
    await ana.facilitates(evening)
    await expect(line).to_have_text("Thursday The doors are open, under 5 seats taken")
    await ben.joins(evening)
    await ana.starts()
    await expect(line).to_have_text("Thursday On now, under 5 seats taken")
    await expect(told).to_have_text("Thursday: On now")
    await expect(kay.page.locator("[data-stands]")).to_have_text("On now, under 5 seats taken")
    await expect(now.get_by_text("Nothing is on just now.")).to_be_hidden()
    await expect(now.get_by_text("We cannot tell")).to_be_hidden()
    await can_be_read(kay.page, "desk with a room that is on", THE_OTHER_WAY_ROUND)

    # Whoever is on its link stays on it, also when it is over.
    await line.get_by_role("link").focus()
    await ana.ends_in_a_minute()
    await ana.ends_now()
    await expect(told).to_have_text("Thursday: Over")
    await expect(line).to_have_text("Thursday Over")
    await expect(line.get_by_role("link")).to_be_focused()

    # The page of a sign-in that has ended says that it knows no more.
    async with evening.house.database.writing() as conn:
        await conn.exec_driver_sql("DELETE FROM sign_ins")
    await expect(now.get_by_text("We cannot tell just now whether this is still so.")).to_be_visible()


async def test_how_many_came_can_be_read_by_everybody(house: House, cast: Company):
    evening = await house.an_evening(keeps_counts=True)
    async with house.database.writing() as conn:
        for weeks, band in enumerate(("10_or_more", "under_5", "5_to_9", "under_5"), start=1):
            wall = (house.clock.now - timedelta(weeks=2 * weeks)).replace(tzinfo=None)
            held = await sessions.plan(conn, evening.room.id, wall, "UTC", 60)
            assert isinstance(held, sessions.Session)
            await sessions.finish(conn, held.id, "held", held.ends_at)
            await counts.keep(conn, held.id, band)  # type: ignore[arg-type]  # bands
    olu = await cast("Olu")
    await olu.is_signed_in()
    await olu.opens(f"/desk/rooms/{evening.room.id}")
    came = olu.page.get_by_role("region", name="How many came")
    await expect(came.get_by_role("img", name="How many came, week by week.")).to_be_visible()
    await can_be_read(olu.page, "how many came", THE_OTHER_WAY_ROUND)
    await came.locator("summary").get_by_text("As a table").click()
    await expect(came.get_by_role("row")).to_have_count(5)
    await can_be_read(olu.page, "how many came, as a table", THE_OTHER_WAY_ROUND)
