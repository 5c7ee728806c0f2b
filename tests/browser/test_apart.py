"""The engine stops answering while people write: they are told within five seconds, and nothing they wrote is lost or sent twice."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, expect

from tests.browser.company import Browsers
from tests.browser.house import House, open_house
from tests.engines.servers import Server

PROMISE = 5_000
APART = "we lost touch with part of the room"


@pytest.fixture(scope="module")
def redis() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, redis: Server) -> AsyncIterator[House]:
    """One that shares its rooms through a server that this story may freeze."""
    async with open_house(tmp_path_factory.mktemp("house"), redis_url=redis.url) as house:
        yield house


@pytest.fixture(scope="module")
async def browsers(chromium: Browser, house: House) -> AsyncIterator[Browsers]:
    async with Browsers(chromium, house) as browsers:
        yield browsers


async def test_the_room_says_that_it_is_paused_and_keeps_what_is_written_until_it_is_back(
    redis, evening, ana, ben
):
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.says("before")
    await ana.reads("before")

    redis.freeze()
    try:
        for person in (ana, ben):
            await expect(person.room.banner.filter(has_text=APART)).to_be_visible(timeout=PROMISE)
        await ben.hears(APART)
        await ben.says("are you there?")
        await ben.writes("and one more thi")
        await expect(ben.room.tray).to_contain_text("are you there?")
        await expect(ben.room.tray).to_contain_text("Sending")
        await ana.says("I am here")
        await expect(ana.room.tray).to_contain_text("I am here")
        await ana.reads("before")
        await ben.reads("before")
    finally:
        redis.thaw()

    for person in (ana, ben):
        await expect(person.room.banner.filter(has_text=APART)).to_be_hidden()
        await expect(person.room.tray).to_be_empty()
        await expect(person.room.words).to_have_count(3)
    assert ben.heard("welcome")[-1] == ben.heard("welcome")[0], (
        "nothing was lost, so nobody is told that it may be"
    )
    await expect(ben.room.composer).to_have_value("and one more thi")
    await ben.says("thank you")
    await ana.reads_last("thank you")
    words = await ana.room.words.all_text_contents()
    assert sorted(words) == ["I am here", "are you there?", "before", "thank you"]
    await ben.reads(*words)
