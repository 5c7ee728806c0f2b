"""Pictures of every state of the page of a live room: ``python -m tests.browser.screenshots FOLDER [walk]``.

The same walk that axe looks at, for people to look at: every state at three widths, by day, in the evening, in high
contrast. The folder lies outside the repository: pictures are looked at, not kept.
"""

import asyncio
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright, expect

from tests.browser.company import LAUNCH, NO_BROWSER, PATIENCE, Browsers, Company, path_of_chromium
from tests.browser.house import open_house
from tests.browser.look import SETTLED
from tests.browser.people import Person
from tests.browser.states import WALKS, Walk

ROOT = Path(__file__).parents[2]
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
        before = page.viewport_size
        sheet = await page.evaluate("!!document.querySelector('#side:popover-open')")
        for size in SIZES:
            await page.set_viewport_size({**size, "height": SHEET} if sheet else size)
            for light, media in LIGHTS.items():
                await page.emulate_media(**media)
                await page.evaluate(SETTLED)
                name = f"{re.sub('[^a-z]+', '-', state.lower())} {size['width']} {light}.png"
                await page.screenshot(path=self.folder / name)
                self.taken += 1
        if before is not None:
            await page.set_viewport_size(before)


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
    folder = Path(arguments[0]).resolve()
    if folder.is_relative_to(ROOT):
        print("Please choose a folder outside the repository.")
        return 2
    if path_of_chromium() is None:
        print(NO_BROWSER)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    chosen = tuple(walk for walk in WALKS if arguments[1:] in ([], [walk.__name__]))
    began = time.monotonic()
    taken = asyncio.run(take(folder, chosen))
    print(f"{taken} pictures in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
