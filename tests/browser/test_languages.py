"""Rooms in which not everybody reads the same language, and pages that run from right to left."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.company import PHONE, Company
from tests.browser.look import THE_OTHER_WAY_ROUND, View, can_be_read
from tests.browser.people import Person
from tests.server.house import Evening

IN_ARABIC = "مرحبا، أنا هنا لأول مرة."
WHICH_WAY = "element => getComputedStyle(element).direction"

# Every state is read by axe, narrow and wide.
pytestmark = pytest.mark.timeout(240)


def around(evening: Evening) -> list[tuple[str, str]]:
    return [("/", "what is on"), ("/help", "help"), (evening.join_path, "door")]


async def comes_in(person: Person, evening: Evening) -> None:
    """In whatever language: by where things stand."""
    await person.opens(evening.join_path)
    await person.page.locator("#field-name").fill(person.name)
    await person.page.locator("button[value=come_in]").click()
    await expect(person.page.locator("[data-view=lobby]")).to_be_attached()


async def says(person: Person, text: str) -> None:
    await person.page.locator("#words-to-say").fill(text)
    await person.page.locator("#say").click()


def last_line(person: Person) -> Locator:
    return person.page.locator("#log .line__text").last


async def test_a_member_reads_welsh_in_a_room_where_others_read_english(evening, ana, ben):
    await ben.opens(evening.join_path)
    await ben.page.get_by_role("button", name="Cymraeg").click()
    await ben.is_told("Cyn i chi ddod i mewn")
    await ben.page.get_by_label("Eich enw ar gyfer y sesiwn hon").fill("Ben")
    await ben.page.get_by_role("button", name="Cadwaf at hyn: dod i mewn", exact=True).click()
    await ben.is_told("Ben, rydych chi yn yr ystafell aros.")
    await ben.is_told("Mae un person yn aros: chi.")

    await ana.facilitates(evening)
    await ana.starts()
    await ana.is_told("Ana has started the session.")
    await ben.page.get_by_label("Eich neges").fill("noswaith dda")
    await ben.page.get_by_role("button", name="Anfon", exact=True).click()
    await ana.reads_last("noswaith dda")
    await ana.says("Good evening, Ben.")
    await expect(last_line(ben)).to_have_text("Good evening, Ben.")
    await expect(ben.page.locator(".strip__people")).to_have_text("2 yma")

    await ana.quiets(ben, minutes="2 minutes")
    await ben.is_told("Daeth rhywbeth drosodd yn angharedig.")
    # Of six forms the page chooses the one for two, by the browser's own count.
    await ben.is_told("Gallwch ysgrifennu eto ymhen 2 funud.")
    await ana.pauses()
    await ben.is_told("Mae Ana wedi oedi’r ystafell.")
    await ben.is_told("Mae angen munud arnom.")
    await ana.presses("Go on")
    await ana.ends_in_a_minute()
    await ana.ends_now()
    await ben.is_told("Mae’r sesiwn hon wedi dod i ben")
    await ben.is_told("Daeth hwylusydd â hi i ben.")

    # Next week, in the same browser.
    await ben.opens("/")
    await expect(ben.page.get_by_role("heading", name="Beth sydd ymlaen")).to_be_visible()


async def test_welsh_fits_on_a_small_phone(house, cast: Company, ana):
    evening = await house.an_evening(listed=True)
    view, _ = THE_OTHER_WAY_ROUND
    ben = await cast("Ben", locale="cy", viewport=view.size)
    for path, state in around(evening):
        await ben.opens(path)
        await can_be_read(ben.page, f"{state} in Welsh", [view])
    await walk(ben, ana, evening, view, "in Welsh")


@pytest.mark.parametrize("where", ["narrow", "wide"])
async def test_a_room_from_right_to_left_can_be_read_by_everybody(house, cast: Company, ana, where):
    evening = await house.an_evening(listed=True)
    view = THE_OTHER_WAY_ROUND[("narrow", "wide").index(where)]
    ben = await cast("Ben", locale="ar-XB", viewport=view.size)
    for path, state in around(evening):
        await ben.opens(path)
        assert await ben.page.evaluate("document.documentElement.dir") == "rtl"
        await can_be_read(ben.page, f"{state} from right to left", [view])
    # Two numbers with a space between them change places where words run from right to left.
    numbers = await ben.page.locator("a[href^='tel:']").all()
    assert numbers
    assert {await each.evaluate(WHICH_WAY) for each in numbers} == {"ltr"}
    await walk(ben, ana, evening, view, "from right to left")


async def walk(ben: Person, ana: Person, evening: Evening, view: View, how: str) -> None:
    """From the door through the lobby into the room, to the quiet corner and to the end."""
    await comes_in(ben, evening)
    await can_be_read(ben.page, f"lobby {how}", [view])
    await ana.facilitates(evening)
    await ana.starts()
    await expect(ben.page.locator("#words-to-say")).to_be_visible()
    await says(ben, "hi")
    await ana.reads_last("hi")
    await ana.says(IN_ARABIC)
    await expect(last_line(ben)).to_have_text(IN_ARABIC)
    await can_be_read(ben.page, f"talk {how}", [view])
    await ben.page.locator("#log .line").last.click()
    await expect(ben.page.locator("#deeds")).to_be_visible()
    await can_be_read(ben.page, f"a message {how}", [view])
    if await ben.room.people_button.is_visible():
        await ben.room.people_button.click()
        await can_be_read(ben.page, f"beside the talk {how}", [view])
        await ben.page.locator(".side__close").click()
    await ben.page.locator("[data-do=raise_hand]").click()
    await can_be_read(ben.page, f"a question {how}", [view])
    await ben.page.locator("dialog[open] button[value=go]").click()
    await ben.page.locator(".close-by [data-do=go_to_corner]").click()
    await ben.page.locator("dialog[open] button[value=go]").click()
    await expect(ben.page.locator(".corner")).to_be_visible()
    await can_be_read(ben.page, f"corner {how}", [view])
    await ana.ends_in_a_minute()
    await ana.ends_now()
    await expect(ben.page.locator("[data-view=ended]")).to_be_attached()
    await can_be_read(ben.page, f"the end {how}", [view])


async def test_what_people_say_runs_its_own_way_whatever_way_the_page_runs(evening, cast: Company, ana, ben):
    chi = await cast("Chi", locale="ar-XB", **PHONE)
    await ana.facilitates(evening)
    await ana.starts()
    for person in (ben, chi):
        await comes_in_at_once(person, evening)
    await ben.says(IN_ARABIC)
    for person in (ana, ben, chi):
        await expect(last_line(person)).to_have_text(IN_ARABIC)
        assert await last_line(person).evaluate(WHICH_WAY) == "rtl"
    await says(chi, "I am new here, too.")
    for person in (ana, ben, chi):
        await expect(last_line(person)).to_have_text("I am new here, too.")
        assert await last_line(person).evaluate(WHICH_WAY) == "ltr"

    # What one writes runs as it will be read; an empty box, as the page around it.
    box = chi.page.locator("#words-to-say")
    assert await box.evaluate(WHICH_WAY) == "rtl"
    await box.fill("hi")
    assert await box.evaluate(WHICH_WAY) == "ltr"


async def comes_in_at_once(person: Person, evening: Evening) -> None:
    """A session that is on already."""
    await person.opens(evening.join_path)
    await person.page.locator("#field-name").fill(person.name)
    await person.page.locator("button[value=come_in]").click()
    await expect(person.page.locator("#words-to-say")).to_be_visible()
