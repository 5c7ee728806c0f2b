"""Every control of a live room, pressed by hand in an evening, and each time those whom it concerns read what came of it."""

import statistics
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from rooms.live import COMMANDS
from rooms.live.view import from_a_page
from tests.browser.company import Browsers
from tests.browser.controls import STORIES
from tests.browser.effects import Effects, WatchedBrowsers
from tests.browser.house import House

# No page of a live room has a control for it, and why.
WITHOUT_A_CONTROL = {
    "assign_lead": "the organiser's, at the desk of the date; in the room the lead asks another one"
}
# From the message or the person concerned.
TWO_TAPS = 2
TAKES_THREE_TAPS = {
    # Against one's own peer, and once in a long while: it stands under "More", asks, and takes another one's yes.
    "suspend": 3
}
SOON = 250


@pytest.fixture(scope="module")
async def browsers(chromium: Browser, house: House) -> AsyncIterator[Browsers]:
    async with WatchedBrowsers(chromium, house) as browsers:
        yield browsers


@pytest.fixture(scope="module")
def effects() -> Effects:
    return Effects()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_what_is_pressed_is_read_by_those_whom_it_concerns(house, cast, effects, story):
    await story(house, cast, effects)
    effects.stories.add(story)


async def test_no_control_was_left_out_and_each_is_near(effects, figure):
    if effects.stories != set(STORIES):
        pytest.skip("asks what all the stories of this file have shown")
    slowest = {command: max(times) for command, times in effects.times.items()}
    last = max(slowest, key=lambda command: slowest[command])
    figure(
        f"{len(slowest)} controls, from the last tap until everybody whom it concerns could read it: half within "
        f"{statistics.median(slowest.values()):.0f} ms, the slowest ({last}) within {slowest[last]:.0f} ms"
    )
    late = {command: round(ms) for command, ms in slowest.items() if ms > SOON}
    if late:
        figure(f"over {SOON} ms: {late}")
    assert {name for name in COMMANDS if from_a_page(name)} - set(slowest) == set(WITHOUT_A_CONTROL)
    far = {command: max(taps) for command, taps in effects.taps.items() if max(taps) > TWO_TAPS}
    assert far == TAKES_THREE_TAPS
