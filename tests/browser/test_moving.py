"""A seat goes from one device to another: from a phone with a low battery to a tablet, in the middle of an evening."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.company import Company
from tests.browser.people import Person

CODE = re.compile(r"Your code: ([\w ]+)\. It works once, within a minute\.")


@pytest.fixture
async def tablet(cast: Company) -> Person:
    """Ben's, too."""
    return await cast("Ben", viewport={"width": 768, "height": 900})


async def code_on(phone: Person) -> str:
    await phone.page.get_by_role("button", name="My seat").click()
    await phone.page.get_by_role("button", name="Show me a code").click()
    said = phone.page.locator("#move output")
    await expect(said).to_have_text(CODE)
    found = CODE.fullmatch(await said.text_content() or "")
    assert found is not None
    return found[1]


async def test_the_seat_moves_with_its_name_and_a_quiet_and_the_older_page_is_empty(
    evening, ana, ben, tablet
):
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.says("my battery is low")
    await ana.reads("my battery is low")
    await ana.quiets(ben)
    await ben.is_told("A facilitator has asked you to take a few minutes.")
    code = await code_on(ben)

    # By keyboard, as all of it.
    await tablet.opens(evening.join_path)
    await tablet.tabs_to(tablet.page.locator("summary").get_by_text("My seat is on another device"))
    await tablet.types("Enter")
    await tablet.tabs_to(tablet.page.get_by_label("The code that it shows"))
    await tablet.page.keyboard.type(code.upper())
    await tablet.types("Enter")
    await tablet.is_in_the_room()
    await tablet.is_told("A facilitator has asked you to take a few minutes.")

    await ben.sees_the_title("Your seat is on your other device now")
    await ben.reads()
    assert "battery" not in await ben.page.content()
    assert await ben.kept() == {}
    await ana.sees_here("Ana", "Ben")
    await ana.panel.beside("Ben", "Let write again").click()
    await tablet.says("better here")
    await ana.reads("my battery is low", "better here")
    assert ana.heard("left") == ana.heard("lost_touch") == []


async def test_a_code_that_does_not_work_says_so_and_stands_there_to_be_mended(evening, ana, ben, tablet):
    await ana.facilitates(evening)
    await ben.joins(evening)
    await ben.is_in_the_lobby()
    await tablet.opens(evening.join_path)
    await tablet.page.locator("summary").get_by_text("My seat is on another device").click()
    field = tablet.page.get_by_label("The code that it shows")
    await field.fill("no such code")
    await tablet.page.get_by_role("button", name="Move my seat here").click()
    await tablet.is_told("That code does not work. It may be too old, or used already.")
    await expect(field).to_have_value("no such code")
    # Who only came to look takes nothing from anybody.
    await ana.presses("Start the session")
    await ben.is_in_the_room()


async def test_out_of_touch_the_page_says_so_instead_of_a_code(evening, ana, ben):
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.is_in_the_room()
    await ben.loses_the_network()
    await ben.page.get_by_role("button", name="My seat").click()
    await ben.page.get_by_role("button", name="Show me a code").click()
    await expect(ben.page.locator("#move output")).to_have_text(
        "We lost touch with the room. Please try again in a moment."
    )
    await ben.finds_the_network_again()
    await ben.page.get_by_role("button", name="Show me a code").click()
    await expect(ben.page.locator("#move output")).to_have_text(CODE)
