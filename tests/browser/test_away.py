"""Away for a while: offline, asleep, in another tab, on another network. Whoever is back has missed nothing, or is told.

`ben` sits at a device of his own (tests/browser/device.py). What a person does not wait for here is the time itself: it is
put forward for the house, and for his page as for one whose lid was closed. What comes out of a tunnel stands in
test_seat.py, a cut of five seconds in test_first_evening.py.
"""

import asyncio
import re
from math import ceil

import pytest
from playwright.async_api import expect

from rooms.live import Actor
from rooms.live.talk import Say
from rooms.live.words import Role
from tests.browser.device import a_device

BACK = 6_000  # milliseconds until they have all of it: three are promised, and this machine may be busy
A_MINUTE = 60
MAY_HAVE_MISSED = "You may have missed messages."
DRAFT = "what I wanted to s"
# All that is read out to somebody who does not see the page, from here on: what comes into a live region that speaks.
EAVESDROP = """
() => {
  globalThis.readOut = [];
  const speaks = (el) => (el?.closest?.("[aria-live]") ?? {}).ariaLive !== "off";
  new MutationObserver((changes) => {
    for (const {target, addedNodes} of changes) {
      for (const node of addedNodes) {
        // A block of lines comes empty, and each of its lines by itself.
        if (!speaks(node) || !node.matches?.(".line, p")) continue;
        if (target.closest("#log, #polite, #urgent")) readOut.push((node.querySelector(".line__text") ?? node).textContent);
      }
    }
  }).observe(document.body, {childList: true, subtree: true});
}
"""


@pytest.fixture
async def device(player, chromium_path, house):
    async with a_device(player, chromium_path, house, "Ben") as device:
        yield device
        # What stands in a dead end would be waited for.
        device.person.network.cut()
        assert await device.person.goes_home() == []


@pytest.fixture
async def ben(device):
    return device.person


@pytest.fixture
async def ana(evening):
    """At a page of which this story only needs what comes over its socket, as it does of chi's."""
    ana = await evening.facilitates("Ana")
    await ana.starts()
    return ana


@pytest.fixture
async def chi(evening, ana):
    return await evening.visits("Chi")


@pytest.fixture
async def talking(house, evening, chi, ben):
    """They have begun, and the time of ben's page can be put forward."""
    await ben.page.clock.install()
    await begins(evening, chi, ben)
    yield evening
    await house.sees_everybody_off()


async def begins(evening, chi, ben):
    await ben.joins(evening)
    await ben.is_in_the_room()
    await chi.says("before")
    await ben.reads("before")


def said_by(name, listener):
    return [frame["text"] for frame in listener.frames if frame["type"] == "said" and frame["name"] == name]


async def falls_asleep(device, talking):
    """And is missed: the server lets go of a connection that does not answer, and the device never hears of it."""
    device.person.network.goes_silent()
    device.sleeps()
    device.person.network.is_given_up()
    await talking.house.notices_the_loss_of("Ben", talking)


async def wakes_after(device, seconds):
    """What counts is when it is back, and by which way: nothing of what was open before is still alive."""
    device.person.network.moves_on()
    device.wakes()
    await device.person.page.clock.fast_forward(int(seconds * 1000))


async def test_offline_for_ten_seconds_nothing_is_lost_and_nothing_looks_sent(talking, device, ben, chi, ana):
    await ben.loses_the_network()
    await ben.is_told("We lost touch with the room.")
    await ben.says("mine")
    await ben.writes(DRAFT)
    await chi.says("one")
    await chi.says("two")
    talking.house.time_passes(10)
    await ben.page.clock.run_for(10_000)
    await expect(ben.room.tray).to_contain_text("Sending")
    await ben.reads("before")
    await ben.finds_the_network_again()
    await expect(ben.room.words).to_have_text(["before", "one", "two", "mine"], timeout=BACK)
    await expect(ben.room.tray).to_be_empty()
    await expect(ben.room.composer).to_have_value(DRAFT)
    await ana.catches_up()
    assert said_by("Ben", ana) == ["mine"]


@pytest.mark.parametrize("arrived", [False, True], ids=["on its way", "arrived"])
async def test_asleep_for_two_minutes(house, talking, device, ben, chi, ana, arrived):
    # The last thing he does: nobody answers it any more.
    if arrived:
        ben.network.hears_nothing()
    else:
        ben.network.goes_silent()
    await ben.says("mine")
    if arrived:
        await chi.hears("before", frm="Chi")
        await chi.hears("mine", frm="Ben")
    await ben.writes(DRAFT)
    await expect(ben.room.tray).to_contain_text("Sending")

    await falls_asleep(device, talking)
    said = ["before", *(["mine"] if arrived else [])]
    for text in ("one", "two", "three", "four"):
        house.time_passes(30)
        await chi.says(text)
        said.append(text)
    await ana.sees("lost_touch")
    await wakes_after(device, 2 * A_MINUTE)

    await expect(ben.room.words).to_have_text(said, timeout=BACK)
    await expect(ben.page.get_by_text(MAY_HAVE_MISSED)).to_have_count(0)
    await expect(ben.room.composer).to_have_value(DRAFT)
    if arrived:
        # It stands in the room, and nothing says that it does not.
        await expect(ben.room.tray).to_be_empty()
    else:
        await expect(ben.room.tray).to_contain_text("mine")
        await expect(ben.room.tray).to_contain_text("Not sent.")
        await ben.says("awake")
        said.append("awake")
        await ben.reads(*said)
        await ana.catches_up()
        assert said_by("Ben", ana) == ["awake"], "what was not sent is not sent late, by itself"
        await ben.room.tray.get_by_role("button", name="Send again").click()
        await expect(ben.room.tray).to_be_empty()
        said.append("mine")
    await chi.says("five")
    await ben.reads(*said, "five")
    await ana.catches_up()
    assert said_by("Ben", ana)[-1:] == ["mine"]
    assert said_by("Ben", ana).count("mine") == 1


async def test_asleep_for_longer_than_anything_is_kept(house, talking, device, ben, chi, ana):
    ben.network.goes_silent()
    await ben.says("mine")
    await ben.writes(DRAFT)

    # Two alone would be asked whether they want to carry on.
    await talking.visits("Dev")
    # Five minutes: what was said is kept nowhere any more, and his seat was free for others.
    await falls_asleep(device, talking)
    await chi.says("one")
    house.time_passes(minutes=5)
    await ana.sees("left")
    await wakes_after(device, 5 * A_MINUTE)
    await expect(ben.room.notes.get_by_text(MAY_HAVE_MISSED)).to_have_count(1, timeout=BACK)
    await ben.reads("before")
    await expect(ben.room.tray).to_contain_text("Not sent.")
    await expect(ben.room.composer).to_have_value(DRAFT)
    await chi.says("two")
    await ben.reads("before", "two")

    # Twenty minutes: the room has forgotten his seat, and by now whoever comes is let in by somebody.
    await ana.asks("set_door", door="knock")
    await falls_asleep(device, talking)
    house.time_passes(minutes=4)
    await ana.sees("left")
    house.time_passes(minutes=16)
    await is_forgotten("Ben", talking)
    await wakes_after(device, 20 * A_MINUTE)
    async with asyncio.timeout(BACK / 1000):
        await ben.is_in_the_lobby()
    await ana.asks("admit", seat=None)
    await ben.is_in_the_room()
    await expect(ben.room.composer).to_have_value(DRAFT)
    await ben.sends()
    await ben.reads_last(DRAFT)
    await ana.catches_up()
    assert said_by("Ben", ana) == [DRAFT], "what was not sent is not sent late, by itself"


async def test_a_tab_that_was_hidden_for_ten_minutes(house, evening, device, ben, chi, ana, figure):
    await begins(evening, chi, ben)
    await ben.page.evaluate(EAVESDROP)
    await ben.writes(DRAFT)
    before = await ben.page.evaluate("document.querySelectorAll('*').length")
    elsewhere = await device.looks_elsewhere()
    await expect_hidden(device)

    said = ["before"]
    for minute in range(10):
        house.time_passes(minutes=1)
        said.append(f"minute {minute}")
        await chi.says(said[-1])
    await ana.asks("pause", reason="a_minute")
    await ana.asks("resume")
    chi_at_the_server = Actor(seat=chi.seat, role=Role.MEMBER, name="Chi")
    many = [f"message {number}" for number in range(2000)]
    for start in range(0, len(many), 50):
        for text in many[start : start + 50]:
            evening.host.submit(Say(text=text), chi_at_the_server, lambda _: None)
        await has_come(ben, many[start + 49])
    said += many

    assert await device.is_hidden()
    lines, elements = await ben.page.evaluate(
        "[document.querySelectorAll('#log .line').length, document.querySelectorAll('*').length]"
    )
    figure(f"after {len(said)} messages to a hidden tab: {lines} lines and {elements} elements in the page")
    assert lines <= 200
    assert elements - before <= 6000

    await ben.page.bring_to_front()
    await expect(ben.room.line(many[-1])).to_be_in_viewport(timeout=BACK)
    assert not await device.is_hidden()
    left = ceil((evening.session.ends_at.timestamp() - house.clock()) / 60)
    await expect(ben.room.strip).to_contain_text(re.compile(rf"(?<!\d)({left}|{left - 1}) minutes left"))
    await expect(ben.room.composer).to_have_value(DRAFT)
    assert len(ben.sockets) == 1, "nothing was wrong with it"
    assert [frame["text"] for frame in ben.heard("said")] == said
    await elsewhere.close()

    # Every one of them can be read, and none was read out twice: not when it came, nor when it came back into sight.
    assert await reads_all(ben) == said
    read_out = await ben.page.evaluate("readOut")
    assert [text for text in read_out if text in set(said)] == said[1:]
    assert len(read_out) == len(set(read_out))
    await house.sees_everybody_off()


async def test_from_wifi_to_mobile(talking, device, ben, chi, ana):
    # The old way dies without a word; for a moment there is none, and what is tried meanwhile leads nowhere.
    ben.network.goes_silent()
    await ben.says("mine")
    await ben.writes(DRAFT)
    await chi.says("one")
    tried = len(ben.sockets)
    await ben.page.evaluate("dispatchEvent(new Event('offline'))")
    while len(ben.sockets) == tried:  # noqa: ASYNC110  sockets are written down by the browser's own events
        await asyncio.sleep(0.01)
    await ben.reads("before")
    ben.network.moves_on()
    await ben.page.evaluate("dispatchEvent(new Event('online'))")
    await expect(ben.room.words).to_have_text(["before", "one", "mine"], timeout=BACK)
    await expect(ben.room.tray).to_be_empty()

    # Once more as the browser itself tells it, both in the same moment.
    ben.network.moves_on()
    await chi.says("two")
    await ben.says("mine, too")
    await ben.context.set_offline(True)
    await ben.context.set_offline(False)
    await expect(ben.room.words).to_have_text(["before", "one", "mine", "two", "mine, too"], timeout=BACK)
    await expect(ben.room.tray).to_be_empty()
    await expect(ben.room.composer).to_have_value("")
    await ana.catches_up()
    assert said_by("Ben", ana) == ["mine", "mine, too"]
    assert "lost_touch" not in ana.noticed(0)


async def is_forgotten(name, evening):
    async with asyncio.timeout(10):
        while any(seat.name == name for seat in evening.host.room.controls.seats.values()):  # noqa: ASYNC110  nobody is told
            await asyncio.sleep(0.01)


async def expect_hidden(device):
    async with asyncio.timeout(10):
        while not await device.is_hidden():  # noqa: ASYNC110  its own event would have to be polled for, too
            await asyncio.sleep(0.05)


async def has_come(person, text):
    async with asyncio.timeout(20):
        while (person.heard("said") or [{}])[-1].get("text") != text:  # noqa: ASYNC110  as above
            await asyncio.sleep(0.01)


async def reads_all(person):
    """From the end to the beginning, as somebody who scrolls."""
    return await person.page.evaluate(
        """async () => {
             const box = document.getElementById("scroller"), found = new Map();
             const frame = () => new Promise((then) => requestAnimationFrame(() => setTimeout(then)));
             for (;;) {
               for (const line of document.querySelectorAll("#log .line")) {
                 found.set(line.dataset.message, line.querySelector(".line__text").textContent);
               }
               if (box.scrollTop <= 0) break;
               box.scrollTop -= box.clientHeight;
               await frame();
             }
             const at = (message) => parseInt(message.split(".").at(-1), 16);
             return [...found].sort(([one], [other]) => at(one) - at(other)).map(([, text]) => text);
           }"""
    )
