"""From signing in to a link for half a year of Tuesdays, on a narrow phone, by keyboard, on two pages."""

from tests.browser.company import PHONE
from tests.browser.newcomer import answers_five_questions, shares_it, signs_in

NARROW = {**PHONE, "viewport": {"width": 320, "height": 640}, "is_mobile": False, "has_touch": False}


async def test_a_newcomer_makes_a_season_by_keyboard_on_two_pages(house, cast):
    # With a desk of her own: at Olu's stands whatever the other stories made in this house.
    nia = await cast("Nia", **NARROW)
    page = nia.page
    await nia.context.grant_permissions(["clipboard-read", "clipboard-write"])

    async def looked(_: str) -> None:
        # Nothing has to be scrolled sideways, once its styles are there.
        await page.wait_for_load_state()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320

    await signs_in(house, nia, looked)
    pages = []
    page.on("framenavigated", lambda frame: pages.append(frame.url))
    await answers_five_questions(house, nia, looked)
    assert len(pages) == 1, "one page to fill in, and the one with the link"
    link = await shares_it(nia, looked)
    assert await page.evaluate("navigator.clipboard.readText()") == link
