"""Whether a page can be read and used by everybody: on a small screen and a wide one, by day and in the evening."""

import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize

from tests.browser.people import Person

DAY: dict[str, Any] = {"color_scheme": "light", "contrast": "no-preference", "forced_colors": "none"}
EVENING = {**DAY, "color_scheme": "dark"}
HIGH_CONTRAST = {**DAY, "contrast": "more", "reduced_motion": "reduce"}
HIGH_CONTRAST_EVENING = {**EVENING, "contrast": "more"}
FORCED = {**EVENING, "forced_colors": "active"}


@dataclass(frozen=True, slots=True)
class View:
    """text: the size of the letters, in percent of what the browser begins with; in_part: only what the view changes."""

    name: str
    width: int
    height: int
    media: dict[str, Any] = field(default_factory=lambda: DAY)
    text: int = 0
    in_part: bool = False
    leftwards: bool = False

    @property
    def size(self) -> ViewportSize:
        return {"width": self.width, "height": self.height}


NARROW_BY_DAY = View("narrow by day", 320, 640)
NARROW_IN_THE_EVENING = View("narrow in the evening", 320, 640, EVENING)
WIDE_BY_DAY = View("wide by day", 1280, 800)
# What tests/words/test_look.py leaves: it sees every page narrow by day, and wide in the evening.
THE_OTHER_WAY_ROUND = (NARROW_IN_THE_EVENING, WIDE_BY_DAY)
# One of these for each state, in turn; `python -m tests.browser.screenshots` looks at all of them in every state.
BESIDES = (
    View("in high contrast", 320, 640, HIGH_CONTRAST, in_part=True),
    View("in high contrast in the evening", 1280, 800, HIGH_CONTRAST_EVENING, in_part=True),
    View("in forced colours", 320, 640, FORCED, in_part=True),
    View("in letters twice as large", 640, 800, DAY, text=200, in_part=True),
    View("in letters twice as large on a phone", 320, 640, EVENING, text=200, in_part=True),
    View("zoomed in four times", 320, 256, DAY, in_part=True),
    View("from right to left", 320, 640, DAY, in_part=True, leftwards=True),
    View("from right to left, wide", 1280, 800, EVENING, in_part=True, leftwards=True),
)
GRAVE = {"serious", "critical"}
# What a page itself does about another size or light, it does with the next frame. Then to the end of every movement at
# once: waited for, one of something that is not drawn would never come to it.
SETTLED = """async () => {
  await new Promise((then) => requestAnimationFrame(() => setTimeout(then)));
  for (const each of document.getAnimations())
    try { each.finish(); } catch { each.cancel(); }
}"""
SCRIPT = Axe().axe_script
RUN = "rules => axe.run({resultTypes: ['violations'], preload: false, ...rules}).then(({violations}) => violations)"
# The letters of this page, and the way they run: what a browser's settings and another language's catalogue would do.
WEAR = """({text, dir}) => {
  document.documentElement.style.fontSize = text;
  document.documentElement.dir = dir;
}"""
WHOLE = {"rules": {"target-size": {"enabled": True}}}
PART = {"runOnly": ["color-contrast", "scrollable-region-focusable"]}
# What is half scrolled away, or under a heading that stays, counts as small. Whoever wants it scrolls: so it is asked again
# where it is wholly in view, and everything is put back as it was.
IS_SMALL_IN_VIEW = """async selector => {
  const target = document.querySelector(selector), before = [];
  for (let around = target.parentElement; around; around = around.parentElement)
    before.push([around, around.scrollLeft, around.scrollTop]);
  target.scrollIntoView({block: "center", inline: "center"});
  const {violations} = await axe.run(target, {runOnly: ["target-size"], resultTypes: ["violations"], preload: false});
  for (const [around, left, top] of before) around.scrollTo({left, top, behavior: "instant"});
  return violations.length > 0;
}"""


class Looker:
    """Looks at each state narrow and wide, and in one more view by turns; by every rule there where most is to be seen."""

    def __init__(self) -> None:
        self._besides = itertools.cycle(BESIDES)

    async def __call__(self, person: Person, state: str) -> None:
        narrow, wide = THE_OTHER_WAY_ROUND
        if await person.page.locator("#waiting-title").count():
            narrow = replace(narrow, in_part=True)
        else:
            wide = replace(wide, in_part=True)
        await can_be_read(person.page, state, (narrow, wide, next(self._besides)))


async def can_be_read(page: Page, state: str, views: Sequence[View]) -> None:
    """Nothing that is serious to anybody, in any view. The page is left as narrow or as wide as it was.

    Of a page that follows another, something must have been expected before that only stands on the new one.
    """
    # Of one that has only begun to come there may be nothing yet, not even its root.
    await page.wait_for_load_state()
    before = page.viewport_size
    own = await page.evaluate("document.documentElement.dir")
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(SCRIPT)
    for view in views:
        await page.set_viewport_size(view.size)
        await page.emulate_media(**view.media)
        dir_ = "rtl" if view.leftwards else own
        await page.evaluate(WEAR, {"text": f"{view.text}%" if view.text else "", "dir": dir_})
        await page.evaluate(SETTLED)
        here = f"{state}, {view.name}"
        await _keep_picture(page, here)
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= view.width, f"{here}: {width} pixels wide"
        found = [
            await _in_view(page, each) for each in await page.evaluate(RUN, PART if view.in_part else WHOLE)
        ]
        grave = [_described(each) for each in found if each["nodes"] and each["impact"] in GRAVE]
        assert grave == [], f"{here}: {grave}"
    await page.evaluate(WEAR, {"text": "", "dir": own})
    if before is not None:
        await page.set_viewport_size(before)


async def _in_view(page: Page, violation: dict[str, Any]) -> dict[str, Any]:
    """Of what is said to be too small, that which is so where somebody would use it."""
    if violation["id"] != "target-size":
        return violation
    nodes = [node for node in violation["nodes"] if await page.evaluate(IS_SMALL_IN_VIEW, node["target"][0])]
    return {**violation, "nodes": nodes}


def _described(violation: dict[str, Any]) -> str:
    return f"{violation['id']}: {[node['target'] for node in violation['nodes']]}"


async def _keep_picture(page: Page, state: str) -> None:
    """For who wants to look: TEALIGHT_PICTURES names a folder."""
    if folder := os.environ.get("TEALIGHT_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{state.replace(', ', '-').replace(' ', '-')}.png")
