"""Pictures of every state of the page of a live room: ``python -m tests.browser.screenshots FOLDER [walk]``.

The same walk that axe looks at, for people to look at: every state at three widths, by day, in the evening, in high
contrast. The folder lies outside the repository: pictures are looked at, not kept. But for three, which README shows:
``python -m tests.browser.screenshots --readme`` takes them anew.

``python -m tests.browser.screenshots FOLDER newcomer``: the way of somebody who has never seen it, from their first link to a
member who follows theirs, page after page on a phone and on a desk.
"""

import asyncio
import re
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright, expect

from tests.browser.company import (
    LAUNCH,
    NO_BROWSER,
    PATIENCE,
    PHONE,
    Browsers,
    Company,
    path_of_chromium,
)
from tests.browser.house import House, open_house
from tests.browser.look import SETTLED
from tests.browser.newcomer import answers_five_questions, shares_it, signs_in
from tests.browser.people import Person
from tests.browser.states import WALKS, Look, Walk

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
AN_EVENING = datetime(2026, 11, 26, 19, 30, tzinfo=UTC).timestamp()
SIZES = ({"width": 320, "height": 640}, {"width": 768, "height": 1024}, {"width": 1280, "height": 800})
LIGHTS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "contrast": "no-preference"},
    "evening": {"color_scheme": "dark", "contrast": "no-preference"},
    "contrast": {"color_scheme": "light", "contrast": "more"},
}
# A sheet is longer than a phone: all of it is to be looked at.
SHEET = 2600


class Album:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken = 0

    async def __call__(self, person: Person, state: str) -> None:
        page = person.page
        await page.wait_for_load_state()
        before = page.viewport_size
        sheet = await page.evaluate("!!document.querySelector('#side:popover-open')")
        for size in SIZES:
            height = SHEET if sheet else size["height"]
            await page.set_viewport_size({"width": size["width"], "height": height})
            for light, media in LIGHTS.items():
                await page.emulate_media(**media)
                await page.evaluate(SETTLED)
                name = f"{re.sub('[^a-z]+', '-', state.lower())} {size['width']} {light}.png"
                await page.screenshot(path=self.folder / name)
                self.taken += 1
        if before is not None:
            await page.set_viewport_size(before)


async def for_readme(house: House, cast: Company, _: Look) -> None:
    """The door and the room on a phone, and the room as a facilitator sees it, in the middle of an evening."""
    house.clock.at = AN_EVENING
    evening = await house.an_evening()
    ana, ben, chi = await cast("Ana"), await cast("Ben", **PHONE), await cast("Chi", **PHONE)
    await chi.opens(evening.join_path)
    await chi.page.screenshot(path=DOCS / "door.png")
    await ana.facilitates(evening)
    await ana.starts()
    await chi.door.enter("Chi")
    await chi.is_in_the_room()
    await ben.joins(evening)
    await ben.is_in_the_room()
    for person, text in (
        (ben, "It has been a long week, and I was not sure whether I would come."),
        (ana, "Good that you did. There is no hurry here; we have until half past eight."),
        (chi, "Same here. My sister rang, and after that I thought: well, I am up now."),
    ):
        await person.says(text)
        await ana.reads_last(text)
    await chi.chooses("It has been a long week", "me too")
    await ben.is_told("me too")
    await ben.writes("I think I will mostly listen, and")
    await ben.page.screenshot(path=DOCS / "live-room-phone.png")
    await chi.page.get_by_role("button", name="Raise a hand").click()
    await chi.room.answer("Raise it")
    dev = await cast("Dev", **PHONE)
    await ana.unfolds("The door")
    await ana.presses("Knock first")
    await ana.unfolds("The door")
    await dev.joins(evening)
    await dev.is_in_the_lobby()
    await expect(ana.panel.waiting).to_have_count(1)
    await ana.panel.side.evaluate("side => side.scrollTo(0, 0)")
    await ana.page.evaluate(SETTLED)
    await ana.page.screenshot(path=DOCS / "live-room.png")


class Film:
    """The whole of each page as it comes, numbered."""

    def __init__(self, album: Album, person: Person, width: int, before: int = 0) -> None:
        self._album = album
        self._person = person
        self._width = width
        self.number = before

    async def __call__(self, step: str) -> None:
        self.number += 1
        await self._person.page.wait_for_load_state()
        # Where one has got to, the head of the page goes along; in a picture of the whole page it stands at its head.
        at = await self._person.page.evaluate("scrollY")
        await self._person.page.evaluate("scrollTo(0, 0)")
        await self._person.page.evaluate(SETTLED)
        name = f"{self._width} {self.number:02} {re.sub('[^a-z]+', '-', step)}.png"
        await self._person.page.screenshot(path=self._album.folder / name, full_page=True)
        await self._person.page.evaluate("at => scrollTo(0, at)", at)
        self._album.taken += 1


async def newcomer(house: House, cast: Company, look: Look) -> None:
    assert isinstance(look, Album)
    for size, organiser in ((SIZES[0], "Olu"), (SIZES[-1], "Uma")):
        olu, ben = [await cast(name, viewport=size, reduced_motion="reduce") for name in (organiser, "Ben")]
        await olu.context.grant_permissions(["clipboard-read", "clipboard-write"])
        film = Film(look, olu, size["width"])
        await signs_in(house, olu, film)
        await answers_five_questions(house, olu, film)
        link = await shares_it(olu, film)
        await ben.page.goto(link)
        await Film(look, ben, size["width"], before=film.number)("what a member sees")


async def take(folder: Path, chosen: tuple[Walk, ...]) -> int:
    """How many were taken."""
    album = Album(folder)
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as player:
        chromium = await player.chromium.launch(executable_path=path_of_chromium(), **LAUNCH)
        with tempfile.TemporaryDirectory() as records:
            async with open_house(Path(records)) as house, Browsers(chromium, house) as browsers:
                for walk in chosen:
                    company = Company(browsers, house)
                    await walk(house, company, album)
                    for complaint in await company.goes_home():
                        print(f"{walk.__name__}: {complaint}")
        await chromium.close()
    return album.taken


def main(arguments: list[str]) -> int:
    if not 1 <= len(arguments) <= 2:
        print(__doc__)
        return 2
    if arguments == ["--readme"]:
        asyncio.run(take(DOCS, (for_readme,)))
        return 0
    folder = Path(arguments[0]).resolve()
    if folder.is_relative_to(ROOT):
        print("Please choose a folder outside the repository.")
        return 2
    if path_of_chromium() is None:
        print(NO_BROWSER)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    chosen = tuple(walk for walk in (*WALKS, newcomer) if arguments[1:] in ([], [walk.__name__]))
    began = time.monotonic()
    taken = asyncio.run(take(folder, chosen))
    print(f"{taken} pictures in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
