"""Whether a page can be read and used by everybody: on a small screen and a wide one, by day and in the evening."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
BY_DAY_AND_IN_THE_EVENING = [(NARROW, "light"), (NARROW, "dark"), (WIDE, "light"), (WIDE, "dark")]
# What tests/words/test_look.py leaves: it sees every page narrow by day, and wide in the evening.
THE_OTHER_WAY_ROUND = [(NARROW, "dark"), (WIDE, "light")]
GRAVE = {"serious", "critical"}
SETTLED = "Promise.all(document.getAnimations().map(each => each.finished.catch(() => {})))"
SCRIPT = Axe().axe_script
RUN = "axe.run({resultTypes: ['violations'], preload: false}).then(({violations}) => violations)"


async def can_be_read(
    page: Page, state: str, views: Sequence[tuple[Any, Any]] = BY_DAY_AND_IN_THE_EVENING
) -> None:
    """Nothing that is serious to anybody, in any view. The page is left as narrow or as wide as it was."""
    before = page.viewport_size
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(SCRIPT)
    for size, scheme in views:
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme=scheme)
        await page.evaluate(SETTLED)
        here = f"{state}, {scheme}, {size['width']} pixels wide"
        await _keep_picture(page, here)
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"], (
            f"{here}: too wide"
        )
        found = await page.evaluate(RUN)
        grave = [_described(each) for each in found if each["impact"] in GRAVE]
        assert grave == [], here
    if before is not None:
        await page.set_viewport_size(before)


def _described(violation: dict[str, Any]) -> str:
    return f"{violation['id']}: {[node['target'] for node in violation['nodes']]}"


async def _keep_picture(page: Page, state: str) -> None:
    """For who wants to look: TEALIGHT_PICTURES names a folder."""
    if folder := os.environ.get("TEALIGHT_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{state.replace(', ', '-').replace(' ', '-')}.png")
