"""What a whole evening leaves on the disk of the person who was there: where they were, and not a word of it."""

import asyncio
import contextlib
import tempfile
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext

from tests.browser.company import LAUNCH, PHONE, a_network, behind
from tests.browser.house import LEAVE_TO
from tests.browser.people import Person

SAID, HEARD, TAKEN_BACK, NOT_SENT, DRAFT = (
    "apricot lantern thursday",
    "marzipan harbour seven",
    "walnut curtain oblong",
    "pebble orchestra nine",
    "saffron ladder quilt",
)
NAME = "Quillon"
# In a field of a site that thinks nothing of it: once this is on the disk, what was typed before it would be, too.
CARELESS = "turnip gazette umbrella"


def traces(folder: Path, words: str) -> list[str]:
    """The files in which these words stand, as bytes of either encoding that a browser writes."""
    needles = [words.encode("utf-8"), words.encode("utf-16-le"), words.encode("utf-16-be")]
    found = []
    for path in folder.rglob("*"):
        # The browser goes on taking away files of its own: in one that is gone nothing stands.
        with contextlib.suppress(FileNotFoundError):
            written = path.read_bytes() if path.is_file() else b""
            found += [path.name] if any(needle in written for needle in needles) else []
    return found


@pytest.mark.parametrize("barred", [False, True], ids=["over a socket", "over a stream"])
async def test_the_profile_on_disk_holds_no_word_and_no_name(
    player, chromium_path, house, evening, ana, barred
):
    await ana.facilitates(evening)
    await ana.starts()
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder)
        async with a_network(house) as network:
            if barred:
                network.bars_sockets()
            context: BrowserContext = await player.chromium.launch_persistent_context(
                folder, executable_path=chromium_path, proxy=behind(network), **LAUNCH, **PHONE
            )
            try:
                ben = Person(NAME, context, context.pages[0], network, house)
                await takes_part(ben, ana, evening)
                await types_elsewhere(context)
                while not traces(profile, CARELESS):  # noqa: ASYNC110  a browser that writes tells nobody
                    await asyncio.sleep(0.1)
                assert_nothing_kept(profile)
                assert ben.complaints == []
            finally:
                await context.close()
        assert traces(profile, CARELESS)
        assert traces(profile, evening.live_path)
        assert_nothing_kept(profile)


async def takes_part(ben, ana, evening):
    """By the keys, for browsers keep what was typed, not what a script has put there."""
    await ben.opens(evening.join_path)
    await ben.door.name.press_sequentially(NAME)
    await ben.door.come_in.click()
    await ben.is_in_the_room()
    await ana.says(HEARD)
    await ben.reads(HEARD)
    for words in (SAID, TAKEN_BACK):
        await ben.room.composer.press_sequentially(words)
        await ben.sends()
    await ben.reads(HEARD, SAID, TAKEN_BACK)
    await ben.takes_back(TAKEN_BACK)
    await ben.reads(HEARD, SAID, "Taken back by the person who wrote it.")
    ben.network.hears_nothing()
    await ben.room.composer.press_sequentially(NOT_SENT)
    await ben.sends()
    await ben.room.composer.press_sequentially(DRAFT)


async def types_elsewhere(context):
    tab = await context.new_page()
    await tab.goto(LEAVE_TO)
    await tab.locator("textarea").press_sequentially(CARELESS)


def assert_nothing_kept(profile: Path):
    for words in (SAID, HEARD, TAKEN_BACK, NOT_SENT, DRAFT, NAME):
        assert traces(profile, words) == []
