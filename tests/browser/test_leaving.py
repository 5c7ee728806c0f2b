"""Leaving: in a hurry, in three ways, on every page; and what Back finds afterwards."""

import json

import pytest
from playwright.async_api import expect

from rooms.presence import GRACE_SECONDS
from tests.browser.house import LEAVE_TO

CLOSING, CLOSED = 2, 3  # of a WebSocket
SAID = "something nobody at home should read"
DRAFT = "and this I had not sent yet"


@pytest.fixture
async def at_home(evening, ana, ben):
    """Ben sits in the room with words on his screen, when somebody comes in."""
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.is_in_the_room()
    await ana.says(SAID)
    await ben.reads(SAID)
    await ben.writes(DRAFT)
    return evening


async def by_the_button(ben):
    await ben.leave_quickly.button.tap(no_wait_after=True)


async def by_shift(ben):
    await ben.types("Shift", "Shift", "Shift")


async def by_the_hidden_link(ben):
    await ben.tabs_to(ben.leave_quickly.hidden_link, backwards=True)
    await ben.types("Enter")


# While a page waits for the next one a test cannot ask it anything; it can tell.
TELL = """
addEventListener("leaving", () => setTimeout(() => console.info(JSON.stringify({
  text: document.body.textContent, shown: document.body.checkVisibility(), socket: socketInHand.readyState,
}))))
"""


def tells(said):
    """And not what else a browser has to say."""
    return said.text.startswith("{")


@pytest.mark.parametrize("in_a_hurry", [by_the_button, by_shift])
async def test_the_page_is_blank_and_deaf_before_the_other_site_answers(at_home, ana, ben, in_a_hurry):
    await ben.page.evaluate(TELL)
    ben.network.elsewhere_answers.clear()
    async with ben.page.expect_console_message(tells) as told:
        await in_a_hurry(ben)
    page = json.loads((await told.value).text)
    assert (page["text"], page["shown"]) == ("", False)
    assert page["socket"] in {CLOSING, CLOSED}

    await ana.says("said after he left")
    await ana.reads(SAID, "said after he left")
    ben.network.elsewhere_answers.set()
    await ben.page.wait_for_url(LEAVE_TO)
    assert ben.heard("said")[-1]["text"] == SAID


@pytest.mark.parametrize("in_a_hurry", [by_the_button, by_shift, by_the_hidden_link])
async def test_back_shows_nothing_of_what_was_said_or_written(at_home, ana, ben, in_a_hurry):
    await in_a_hurry(ben)
    await ben.page.wait_for_url(LEAVE_TO)
    await ben.page.go_back()
    assert SAID not in await ben.page.content()
    assert DRAFT not in await ben.page.content()


# A room in which fifty messages a second arrive, as they come through the page's own socket; and a watch.
FLOOD = """
({seq, seat}) => {
  let next = seq;
  setInterval(() => {
    const said = {type: "said", seq: ++next, id: `${seat}.${next}`, seat, name: "Ana", text: `message ${next}`, at: Date.now() / 1000};
    socketInHand.dispatchEvent(new MessageEvent("message", {data: JSON.stringify(said)}));
  }, 20);
  addEventListener("keyup", ({timeStamp}) => { globalThis.pressed = timeStamp; }, {capture: true});
  addEventListener("leaving", () => requestAnimationFrame(() => setTimeout(() => console.info(JSON.stringify({
    after: performance.now() - pressed, text: document.body.textContent, shown: document.body.checkVisibility(),
  })))));
}
"""


@pytest.mark.parametrize("slower", [1, 6])
async def test_the_next_frame_is_blank_while_fifty_messages_a_second_arrive(at_home, ben, slower, figure):
    """By how many times slower the processor is. How long it takes is printed: others may use this machine, too."""
    chrome = await ben.context.new_cdp_session(ben.page)
    seat = ben.heard("welcome")[-1]["you"]["seat"]
    await chrome.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    await ben.page.evaluate(FLOOD, {"seq": ben.position, "seat": seat[::-1]})
    await expect(ben.room.words.nth(20)).to_be_attached()
    ben.network.elsewhere_answers.clear()
    async with ben.page.expect_console_message(tells) as told:
        await by_shift(ben)
    page = json.loads((await told.value).text)
    ben.network.elsewhere_answers.set()
    await ben.page.wait_for_url(LEAVE_TO)
    figure(f"blank after {page['after']:.0f} milliseconds, on a processor {slower} times slower")
    assert (page["text"], page["shown"]) == ("", False)
    await chrome.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    await chrome.detach()


async def test_leaving_works_when_the_scripts_of_the_room_fail_half_way(at_home, ben):
    """A phone that got only some of them: every way out is its own, and needs nobody else."""

    async def breaks(route):
        await route.fulfill(body="throw new Error('half-way')", content_type="text/javascript")

    await ben.page.route("**/transcript.js", breaks)
    for in_a_hurry in (by_the_button, by_shift):
        await ben.opens(at_home.live_path)
        await in_a_hurry(ben)
        await ben.page.wait_for_url(LEAVE_TO)
    await ben.page.unroute("**/transcript.js")
    assert any("half-way" in complaint or "does not provide" in complaint for complaint in ben.complaints)
    ben.complaints.clear()


async def test_who_follows_a_link_out_and_comes_back_finds_the_room_without_a_backlog(
    house, at_home, ana, ben
):
    await ben.page.goto(LEAVE_TO)
    await house.notices_the_loss_of("Ben", at_home)
    house.time_passes(GRACE_SECONDS)
    await ana.is_told("Ben has lost touch, and may come back.")
    await ben.page.go_back()
    await ben.is_in_the_room()
    await ana.says("there you are")
    await ben.reads("there you are")
    await expect(ben.room.composer).to_have_value("")


async def test_capitals_and_sticky_keys_do_not_make_anybody_leave(at_home, ana, ben):
    await ben.writes("")
    await ben.types(*(f"Shift+{letter}" if letter != " " else " " for letter in "THIS IS LOUD"), "Shift")
    await ben.hears("Press Shift two more times to leave.")
    await ben.types("a", "Shift", "Shift")
    await expect(ben.room.composer).to_have_value("THIS IS LOUDa")


async def test_every_page_can_be_left_quickly(house, at_home, ben, olu):
    await olu.is_signed_in()
    for person, path in [
        (ben, "/"),
        (ben, "/help"),
        (ben, "/sign-in"),
        (ben, "/room/unknown"),
        (ben, f"/room/{at_home.room.id}"),
        (olu, at_home.door_path),
        (olu, "/desk/new"),
        (olu, f"/desk/rooms/{at_home.room.id}"),
    ]:
        await person.opens(path)
        await person.types("Tab")
        await expect(person.leave_quickly.hidden_link).to_be_focused()
        await person.types("Enter")
        await person.page.wait_for_url(LEAVE_TO)
