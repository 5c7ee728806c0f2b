"""The green room: two who facilitate agree on the evening before anybody else comes, on pages of their own."""

import pytest
from playwright.async_api import expect

from tests.browser.company import PHONE, Company
from tests.browser.people import Person


@pytest.fixture
async def jo(cast: Company) -> Person:
    return await cast("Jo", **PHONE)


async def test_two_agree_on_the_evening_and_the_doors_open_when_they_always_do(house, ana, jo, ben):
    evening = await house.an_evening(starts_in=25)
    await evening.has_facilitator("Jo")
    for person in (ana, jo):
        await person.comes_to_the_green_room(evening)
    await ana.is_told("The doors open for everyone in")

    # With the keyboard alone, and without losing one's place when what was pressed has gone.
    await jo.page.get_by_role("button", name="heavy, it was a hard day").focus()
    await jo.page.keyboard.press("Enter")
    await expect(jo.page.get_by_role("group", name="How am I arriving?")).to_be_focused()
    await jo.is_told("heavy, it was a hard day")
    team = ana.page.get_by_role("list", name="Who is here, and does what")
    await expect(team.get_by_role("listitem").filter(has_text="Jo")).to_contain_text(
        "heavy, it was a hard day"
    )
    await jo.page.get_by_role("button", name="I’ll look after worries").locator("visible=true").click()
    await expect(team.get_by_role("listitem").filter(has_text="Jo")).to_contain_text("looks after worries")
    await ana.hears("Jo looks after worries first.")
    await team.get_by_role("button", name="Ask to lead").click()
    await jo.page.get_by_role("button", name="Take the lead").locator("visible=true").click()
    await expect(team.get_by_role("listitem").filter(has_text="Jo")).to_contain_text("leading")
    await ana.page.get_by_role("button", name="A little slower, please.").locator("visible=true").click()
    await expect(
        jo.page.get_by_role("region", name="Among facilitators").get_by_role("listitem")
    ).to_contain_text("A little slower, please.")

    await ben.opens(evening.join_path)
    assert evening.door_path not in ben.page.url
    house.time_passes(minutes=10)
    for person in (ana, jo):
        await person.is_in_the_room()
    await ana.room.look_beside()
    await expect(ana.room.who_is_here.filter(has_text="Jo")).to_contain_text("heavy, it was a hard day")
    await ana.room.look_back()
    await ben.joins(evening)
    await ben.is_in_the_lobby()
    await expect(ben.page.get_by_text("heavy, it was a hard day")).to_have_count(0)

    await ana.presses("Start the session")
    await ben.is_in_the_room()
    await ana.room.look_beside()
    await expect(ana.room.who_is_here.filter(has_text="Jo")).not_to_contain_text("heavy")
    await expect(ana.room.who_is_here.filter(has_text="Jo")).to_contain_text("looks after worries")
