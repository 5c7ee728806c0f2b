"""Behind a proxy that lets no WebSocket through: the same evening, and nobody has to know why it works."""

import asyncio
import json

import pytest
from playwright.async_api import expect

from server.stream_line import SILENT_SECONDS
from tests.browser.house import LEAVE_TO
from tests.browser.test_leaving import by_shift, by_the_button, tells

AWAY_SECONDS = 5


@pytest.fixture
async def behind_a_proxy(evening, ana, ben):
    """Ana started at home; Ben sits in a ward."""
    ben.network.bars_sockets()
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.is_in_the_room()
    return evening


def streams(person):
    """How many a person's pages have asked for."""
    asked = []
    person.context.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    return lambda: asked.count("stream")


async def holds(house, *, streams):
    while len(house.home.streams) != streams:  # noqa: ASYNC110  the server has no event for what a test is curious about
        await asyncio.sleep(0.01)


async def test_he_talks_is_cut_off_and_reads_every_word_once_and_in_order(behind_a_proxy, ana, ben):
    assert not ben.frames, "no socket ever opened"
    await ben.says("hello from the ward")
    await ana.reads("hello from the ward")
    await ana.says("hello Ben")
    await ben.reads("hello from the ward", "hello Ben")

    await ben.loses_the_network()
    began = asyncio.get_running_loop().time()
    await ana.says("one")
    await ana.says("two")
    await ben.says("said in a tunnel")
    await expect(ben.room.tray).to_contain_text("said in a tunnel")
    await ana.reads("hello from the ward", "hello Ben", "one", "two")
    # It is the length of it that is told: long enough for every timer of a page that waits to have run out.
    await asyncio.sleep(began + AWAY_SECONDS - asyncio.get_running_loop().time())
    await ben.finds_the_network_again()

    await ana.reads_last("said in a tunnel")
    await ana.says("three")
    for person in (ana, ben):
        await person.reads("hello from the ward", "hello Ben", "one", "two", "said in a tunnel", "three")
    await expect(ben.room.tray).to_be_empty()
    await holds(behind_a_proxy.house, streams=1)


async def test_what_is_done_to_a_seat_is_done_to_it_here_too(behind_a_proxy, ana, ben):
    await ana.quiets(ben)
    await ben.is_told("A facilitator has asked you to take a few minutes.")
    await ana.removes(ben)
    await ben.is_told("You have been asked to leave this session")
    await holds(behind_a_proxy.house, streams=0)


TELL = """
addEventListener("leaving", () => setTimeout(() => console.info(JSON.stringify({
  text: document.body.textContent, shown: document.body.checkVisibility(),
}))))
"""


@pytest.mark.parametrize("in_a_hurry", [by_the_button, by_shift])
async def test_leaving_quickly_ends_the_stream_before_the_other_site_answers(
    house, behind_a_proxy, ana, ben, in_a_hurry
):
    await ana.says("something nobody at home should read")
    await ben.reads("something nobody at home should read")
    await ben.page.evaluate(TELL)
    ben.network.elsewhere_answers.clear()
    async with ben.page.expect_console_message(tells) as told:
        await in_a_hurry(ben)
    page = json.loads((await told.value).text)
    assert (page["text"], page["shown"]) == ("", False)
    # Far sooner than a page that only falls silent is missed.
    async with asyncio.timeout(SILENT_SECONDS / 4):
        await house.notices_the_loss_of("Ben", behind_a_proxy)
        await holds(house, streams=0)
    ben.network.elsewhere_answers.set()
    await ben.page.wait_for_url(LEAVE_TO)
    await ben.page.go_back()
    assert "nobody at home" not in await ben.page.content()


async def test_another_visit_tries_a_socket_first(behind_a_proxy, ana, ben):
    asked = streams(ben)
    await ben.page.reload()
    await ben.is_in_the_room()
    assert asked() == 1
    # Home again. The page of before is gone by then, or it could ask once more when its network goes.
    here = ben.page.url
    await ben.page.goto("about:blank")
    so_far = asked()
    ben.network.starts_anew()
    ben.network.was_cut = True
    await ben.page.goto(here)
    await ben.is_in_the_room()
    assert asked() == so_far
    assert ben.heard("welcome")
    await ben.says("at home")
    await ana.reads("at home")


async def test_a_server_that_is_away_for_a_while_makes_nobody_do_without_a_socket(evening, ana, ben):
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.is_in_the_room()
    asked = streams(ben)
    ben.network.cut()
    tried = len(ben.sockets)
    while len(ben.sockets) < tried + 2:  # noqa: ASYNC110  a page that tries to come back tells nobody
        await asyncio.sleep(0.02)
    ben.network.mend()
    await ana.says("back again")
    await ben.reads("back again")
    assert asked() == 0
