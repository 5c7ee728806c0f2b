"""The newcomer's path: from a first link to one that can be shared, for half a year of Tuesdays. By keyboard alone.

For the test that it takes two pages (test_season.py), and for its pictures (screenshots.py).
"""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import expect

from tests.browser.house import House
from tests.browser.people import Person

Shown = Callable[[str], Awaitable[None]]
WEEKS = 26
TUESDAY = 1


async def nobody_looks(_: str) -> None:
    pass


async def signs_in(house: House, olu: Person, shown: Shown = nobody_looks) -> None:
    """By the link that ``python -m server organiser add`` prints, as far as the five questions."""
    await olu.opens(await house.link(await house.account(olu.name, organiser=True)))
    await shown("the first link")
    await olu.tabs_to(olu.page.get_by_role("button", name="Sign in"))
    await olu.types("Enter")
    await expect(olu.page.get_by_role("heading", name="Your rooms")).to_be_visible()
    await shown("an empty desk")
    await olu.tabs_to(olu.page.get_by_role("link", name="Make a room"))
    await olu.types("Enter")
    await expect(olu.page.get_by_role("heading", name="Make a room")).to_be_visible()
    await shown("five questions")


async def answers_five_questions(house: House, olu: Person, shown: Shown = nobody_looks) -> None:
    """And is on the page of the room that there is then."""
    page = olu.page
    field = page.get_by_label
    today = house.clock.now.astimezone(ZoneInfo("Europe/London"))
    day = today + timedelta(days=7 + (TUESDAY - today.weekday()) % 7)
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
    await page.keyboard.type(str(WEEKS))
    await shown("five answers")
    await olu.types("Enter")
    await expect(page.get_by_role("heading", name="Tuesday tea")).to_be_visible()
    await expect(field("The room’s link")).to_have_value(re.compile(r".+/join/[\w-]{32}"))
    await expect(page.locator("time")).to_have_count(WEEKS)
    await shown("the room and its link")


async def shares_it(olu: Person, shown: Shown = nobody_looks) -> str:
    """Copies the link, and looks at the other ways. Returns the link."""
    page = olu.page
    link = await page.get_by_label("The room’s link").input_value()
    await olu.tabs_to(page.get_by_role("button", name="Copy").first)
    await olu.types("Enter")
    await expect(page.get_by_text("Copied.").first).to_be_visible()
    await shown("the link is copied")
    await olu.tabs_to(page.get_by_role("link", name="Code, poster, other links"))
    await olu.types("Enter")
    await expect(page.get_by_role("heading", name="Share it", level=1)).to_be_visible()
    await expect(page.get_by_role("img")).not_to_have_count(0)
    await shown("code and poster")
    return link
