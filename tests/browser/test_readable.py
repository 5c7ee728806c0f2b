"""Every page and every state of a live room, looked at by axe, by people with all kinds of screens and eyes."""

import pytest
from playwright.async_api import expect

from tests.browser.look import THE_OTHER_WAY_ROUND, Looker, can_be_read
from tests.browser.states import WALKS

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


async def test_the_desk_can_be_read_by_everybody(evening, olu):
    await olu.is_signed_in()
    for path, state in [
        ("/desk", "desk"),
        ("/desk/new", "new room"),
        ("/desk/signposts", "signposts"),
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
