"""Every page and every state of a live room, looked at by axe at both widths and in both lights."""

import asyncio
from collections.abc import Awaitable

from playwright.async_api import expect

from rooms.live.lifecycle import ALONE_GRACE, HELD_FOR
from rooms.presence import GRACE_SECONDS
from tests.browser.look import THE_OTHER_WAY_ROUND, can_be_read


async def together(*looks: Awaitable[None]) -> None:
    """A machine has more than one core."""
    await asyncio.gather(*looks)


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


async def test_every_state_of_a_room_can_be_read_by_everybody(house, evening, ana, ben, chi):
    await ana.facilitates(evening)
    for member in (ben, chi):
        await member.joins(evening)
        await member.is_in_the_lobby()
    await expect(ana.panel.waiting).to_have_count(2)
    await together(can_be_read(ben.page, "lobby"), can_be_read(ana.page, "before the start, facilitating"))
    await ana.presses("Let everyone in")
    await ben.is_in_the_room()
    await can_be_read(ben.page, "before the start")

    await ana.starts()
    await ben.says("Hello. It has been a long week, and I was not sure whether I would come.")
    await ana.says("Good that you did.")
    await chi.says("Same here, to be honest.")
    await ana.reads_last("Same here, to be honest.")
    await ben.room.line("It has been a long week").click()
    await ben.writes("I think I will only")
    await ana.room.line("Same here").click()
    await together(can_be_read(ben.page, "live"), can_be_read(ana.page, "live, facilitating"))
    await ben.room.look_beside()
    await ana.page.set_viewport_size({"width": 320, "height": 640})
    await ana.room.look_beside()
    await together(can_be_read(ben.page, "people"), can_be_read(ana.page, "panel"))
    await ben.room.look_back()
    await ana.room.look_back()
    await ana.page.set_viewport_size({"width": 1280, "height": 800})
    await ana.panel.beside("Ben", "Quiet").click()
    await together(can_be_read(chi.page, "live, reading"), can_be_read(ana.page, "question"))
    await ana.room.answer(
        "Quiet", How_long="5 minutes", Why="It was a lot in a short time, and others could not keep up."
    )
    await ben.is_told("A facilitator has asked you to take a few minutes.")
    await can_be_read(ben.page, "quieted")
    await ana.pauses()
    await chi.is_told("Ana has paused the room.")
    await together(can_be_read(ben.page, "quieted and paused"), can_be_read(chi.page, "paused"))
    await ana.presses("Go on")
    await expect(chi.room.banner).to_have_count(0)

    await ana.loses_the_network()
    await ana.is_told("We lost touch with the room.")
    await ana.says("can you hear me?")
    await can_be_read(ana.page, "out of touch")
    house.time_passes(GRACE_SECONDS + ALONE_GRACE)
    await chi.is_told("Everyone is still here.")
    await can_be_read(chi.page, "held")
    house.time_passes(HELD_FOR)
    await chi.is_told("No facilitator could come back, so the session is closing.")
    await can_be_read(chi.page, "closing unattended")
    house.time_passes(minutes=2)
    await chi.sees_the_title("This session has ended")
    await can_be_read(chi.page, "ended")
    await chi.page.get_by_role("button", name="Clear them now").click()
    await can_be_read(chi.page, "ended and cleared")
    await chi.page.get_by_role("link", name="When we meet next").click()
    await can_be_read(chi.page, "over")


async def test_every_way_out_of_a_room_can_be_read_by_everybody(house, evening, ana, ben, chi, cast):
    await ana.facilitates(evening)
    await ana.starts()
    for member in (ben, chi):
        await member.joins(evening)
        await member.is_in_the_room()
    await ana.removes(ben)
    await ben.sees_the_title("You have been asked to leave this session")
    await chi.leaves()
    await chi.sees_the_title("You have left")
    await together(can_be_read(ben.page, "removed"), can_be_read(chi.page, "left"))
    dev = await cast("Dev")
    await dev.joins(evening)
    await dev.is_in_the_lobby()
    await ana.panel.beside("Dev", "Not this time").click()
    await ana.room.answer(
        "Tell them", Words="We would like to talk with you first. Please ask the group how."
    )
    await dev.sees_the_title("You could not be let in this time")
    await ben.joins_again(evening)
    await ben.is_told("You cannot come in just now")
    await together(can_be_read(dev.page, "declined"), can_be_read(ben.page, "not in"))
    await ana.presses("Begin closing")
    await ana.room.answer("Begin closing")
    await ana.is_told("We are coming to a close.")
    await can_be_read(ana.page, "closing, facilitating")
