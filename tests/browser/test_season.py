"""From signing in to a link for half a year of Tuesdays, on a narrow phone, by keyboard, on two pages."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import expect

from tests.browser.company import PHONE

NARROW = {**PHONE, "viewport": {"width": 320, "height": 640}, "is_mobile": False, "has_touch": False}


async def test_a_newcomer_makes_a_season_by_keyboard_on_two_pages(house, cast):
    olu = await cast("Olu", **NARROW)
    await olu.opens(await house.link(await house.account("Olu", organiser=True)))
    await olu.signs_in_with_the_link()
    page = olu.page
    await olu.opens("/desk/new")
    pages = []
    page.on("framenavigated", lambda frame: pages.append(frame.url))

    field = page.get_by_label
    day = house.clock.now.astimezone(ZoneInfo("Europe/London")) + timedelta(days=7)
    await olu.tabs_to(field("Peer support"))
    await olu.types("Space")
    # A kind of space brings the words that its agreement begins with.
    await olu.types("ArrowDown")
    await expect(field("Drop-in")).to_be_checked()
    await expect(page.locator("[name=starter_of]")).to_have_value("drop_in")
    await olu.tabs_to(field("Name of the room"))
    await page.keyboard.type("Tuesday tea")
    await olu.tabs_to(field("Date", exact=True))
    await page.keyboard.type(f"{day:%m%d%Y}")
    # A date and a time are several stops each.
    for _ in range(12):
        if await field("Length in minutes").evaluate("field => field === document.activeElement"):
            break
        await olu.types("Tab")
        assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    await olu.tabs_to(field("Once", exact=True))
    await olu.types("ArrowDown")
    await expect(field("Every week", exact=True)).to_be_checked()
    await olu.tabs_to(field("How many times"))
    await page.keyboard.type("26")
    # Nothing has to be opened, and nothing has to be scrolled sideways.
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    await olu.types("Enter")
    await expect(page.get_by_role("heading", name="Tuesday tea")).to_be_visible()
    assert len(pages) == 1, "one page to fill in, and the one with the link"

    await expect(field("The room’s link")).to_have_value(re.compile(r".+/join/[\w-]{32}"))
    await expect(page.locator("time")).to_have_count(26)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    await olu.tabs_to(page.get_by_role("button", name="Copy").first)
