"""Every page and every state of a live room, looked at by axe, by people with all kinds of screens and eyes."""

import pytest
from playwright.async_api import expect

from tests.browser.look import RUN, THE_OTHER_WAY_ROUND, WHOLE, WIDE_BY_DAY, Looker, can_be_read
from tests.browser.states import WALKS

# Four buttons so large in a box that is scrolled, the first of which stays and covers what is scrolled under it.
PUT = """({each, port}) => {
  document.querySelector("#port")?.remove();
  const box = document.createElement("div");
  box.id = "port";
  box.style.cssText = `block-size: ${port}; overflow: auto; display: grid`;
  for (let n = 0; n < 4; n++) {
    const button = document.createElement("button");
    button.textContent = n;
    button.style.cssText = `block-size: ${each}; inline-size: ${each}; padding: 0; border: 0; min-block-size: 0`;
    if (!n) button.style.cssText += "; position: sticky; inset-block-start: 0; z-index: 1";
    box.append(button);
  }
  document.querySelector("main").append(box);
  box.scrollTo({top: 60, behavior: "instant"});
}"""
# A look at one state takes a second, and some of these have twenty.
pytestmark = pytest.mark.timeout(240)


async def test_the_pages_around_a_room_can_be_read_by_everybody(house, evening, ben):
    later = await house.an_evening(starts_in=60)
    for path, state in [
        ("/", "what is on"),
        ("/help", "help"),
        ("/sign-in", "sign in"),
        ("/desk/unknown", "calm"),
        (await house.link(await house.account("Olu")), "one-time link"),
        (await house.invitation(evening.room), "invitation"),
        (later.join_path, "room"),
        (later.door_path, "not yet"),
        (evening.join_path, "door"),
    ]:
        await ben.opens(path)
        await can_be_read(ben.page, state, THE_OTHER_WAY_ROUND)
    await ben.door.enter("B")
    await ben.is_told("One thing needs another look")
    await ben.page.locator("summary").get_by_text("Pick one for me").scroll_into_view_if_needed()
    await can_be_read(ben.page, "door with a fault", THE_OTHER_WAY_ROUND)
    await ben.page.locator("summary").get_by_text("Help now").click()
    await ben.is_told("call your emergency number")
    await can_be_read(ben.page, "door with help open", THE_OTHER_WAY_ROUND)


async def test_a_target_that_is_too_small_is_found_and_one_that_is_half_scrolled_away_is_not(ben):
    await ben.opens("/help")
    await ben.page.evaluate(PUT, {"each": "2.75rem", "port": "6rem"})
    await can_be_read(ben.page, "half scrolled away", (WIDE_BY_DAY,))
    assert [each["id"] for each in await ben.page.evaluate(RUN, WHOLE)] == ["target-size"], "axe alone minds"
    assert await ben.page.evaluate("document.querySelector('#port').scrollTop") == 60, "as it was"
    await ben.page.evaluate(PUT, {"each": "1rem", "port": "auto"})
    with pytest.raises(AssertionError, match=r"target-size: .*button:nth-child\(4\)"):
        await can_be_read(ben.page, "too small", (WIDE_BY_DAY,))


async def test_the_desk_can_be_read_by_everybody(evening, olu):
    await olu.is_signed_in()
    for path, state in [
        ("/desk", "desk"),
        ("/desk/new", "new room"),
        ("/desk/signposts", "signposts"),
        ("/desk/labels", "what facilitators are called"),
        ("/desk/hours", "own hours"),
        (f"/desk/rooms/{evening.room.id}", "room at the desk"),
    ]:
        await olu.opens(path)
        await can_be_read(olu.page, state, THE_OTHER_WAY_ROUND)
    await olu.page.get_by_role("button", name="Invite a facilitator").click()
    await expect(olu.page.get_by_label("Link for one person")).to_be_visible()
    await can_be_read(olu.page, "invitation to copy", THE_OTHER_WAY_ROUND)
    await olu.opens("/desk/new")
    await olu.page.get_by_role("button", name="Make the room").click()
    await olu.is_told("need another look")
    await can_be_read(olu.page, "new room with faults", THE_OTHER_WAY_ROUND)


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
async def test_every_state_of_a_room_can_be_read_by_everybody(house, cast, walk):
    await walk(house, cast, Looker())
