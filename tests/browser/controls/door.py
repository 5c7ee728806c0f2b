"""Before, at the door, and at the end: every control, pressed by hand, and who reads what came of it."""

from playwright.async_api import expect

from tests.browser.company import PHONE, Company
from tests.browser.controls.hands import asks, writes_in
from tests.browser.effects import Effects, does_not_read, goes, reads
from tests.browser.house import House
from tests.browser.states import under_way


async def among_facilitators(house: House, cast: Company, effect: Effects) -> None:
    """Those who facilitate agree on the evening, before the doors open."""
    ana, jo = await cast("Ana"), await cast("Jo")
    evening = await house.an_evening(starts_in=25)
    await evening.has_facilitator("Jo")
    for person in (ana, jo):
        await person.comes_to_the_green_room(evening)
    press = jo.page.locator(".view:visible").get_by_role("button", name="calm")
    await effect(jo, "check_in", press.click(), reads("Jo calm", ana), reads("You: calm", jo))
    press = jo.page.locator(".view:visible").get_by_role("button", name="I’ll look after worries")
    await effect(jo, "take_worries", press.click(), reads("looks after worries", ana, jo))
    press = ana.page.locator(".view:visible").get_by_role("button", name="A little slower, please.")
    await effect(ana, "write_backchannel", press.click(), reads("Ana A little slower, please.", ana, jo))
    press = ana.page.locator(".view:visible").get_by_role("button", name="Ask to lead")
    await effect(ana, "hand_over", press.click(), reads("is asked to lead", ana), reads("Take the lead", jo))
    press = jo.page.locator(".view:visible").get_by_role("button", name="Take the lead")
    await effect(jo, "take_lead", press.click(), reads("Jo leading", ana), reads("Jo you leading", jo))


async def at_the_door(house: House, cast: Company, effect: Effects) -> None:
    """In the waiting room, through the door, and into the room."""
    ana, ben, chi = await cast("Ana"), await cast("Ben", **PHONE), await cast("Chi", **PHONE)
    evening = await house.an_evening(starts_in=10, seats=12)
    await ana.facilitates(evening)
    for member in (ben, chi):
        await member.joins(evening)
        await member.is_in_the_lobby()
    await expect(ana.panel.waiting).to_have_count(2)
    await ana.unfolds("The door")
    note = ana.panel.side.locator("[data-do=post_lobby_note]")
    await effect(
        ana,
        "post_lobby_note",
        writes_in(note, "A word to everybody who waits", "We start on time.", "Post it"),
        reads("From the facilitators: We start on time.", ben, chi),
        reads("They read: We start on time.", ana),
    )
    lobby = ben.page.locator(".view:visible")
    await effect(
        ben,
        "write_line",
        writes_in(lobby, "Write to them", "It is my first time.", "Send to them"),
        reads("It is my first time.", ana, ben),
    )
    press = chi.page.get_by_role("button", name="Come in to listen only")
    await effect(
        chi, "listen", press.click(), reads("Come in to write, too", chi), reads("listening", ana, at="#side")
    )
    await effect(
        ana,
        "set_door",
        ana.presses("Knock first"),
        reads("lets people in one by one", ben, chi),
        reads("Now: people knock first", ana),
    )
    await effect(ana, "set_capacity", ana.presses("One seat more"), reads("There are seats for 13.", ana))
    await effect(
        ana,
        "decline",
        asks(ana, ana.panel.beside("Chi", "Not this time"), "Tell them", Words="The room is full."),
        reads("You could not be let in this time", chi),
        reads("was told: not this time", ana),
    )
    await effect(
        ana,
        "admit",
        ana.panel.beside("Ben", "Let in").click(),
        reads("You can write here already.", ben),
        reads("Ben", ana, at="#people-inside"),
    )
    await effect(ana, "start", ana.starts(), reads("Ana has started the session.", ana, ben))
    await does_not_read(ben, "Chi")

    await ben.page.get_by_role("button", name="My seat").click()
    await effect(
        ben,
        "rename",
        writes_in(ben.panel.side, "Another name, from now on", "Benny", "Change"),
        reads("Benny", ana, ben, at="#people-inside"),
    )
    move = ben.panel.side.get_by_role("button", name="Show me a code")
    await effect(ben, "offer_move", move.click(), reads("Your code:", ben), posts="/move")
    await ben.room.look_back()
    await ana.unfolds("Shield")
    await effect(
        ana,
        "freeze_names",
        ana.presses("Keep names as they are"),
        reads("Names stay as they are for now.", ana, ben),
    )
    await effect(ana, "shield", ana.presses("Put the shield up"), reads("Ana has put a shield up:", ana, ben))
    await ben.room.look_beside()
    await effect(
        ben,
        "leave",
        ben.room.leave.click(),
        reads("You have left", ben),
        reads("Benny", ana, at="#people-gone"),
    )


async def to_the_end(house: House, cast: Company, effect: Effects) -> None:
    """Two are left, and it comes to an end."""
    ana, ben, chi = await under_way(await house.an_evening(), cast)
    await chi.leaves()
    for person in (ana, ben):
        await person.is_told("Only the two of you are left.")
    await effect(
        ben,
        "carry_on",
        ben.room.now("Carry on").click(),
        reads("You said that this is fine.", ben),
        reads("Ben would like to carry on.", ana),
    )
    await effect(
        ana,
        "begin_closing",
        asks(ana, ana.panel.button("Begin closing"), "Begin closing"),
        reads("Ana is bringing the session to a close.", ana, ben),
    )
    longer = "Ana has made the session 10 minutes longer."
    await effect(ana, "extend", ana.presses("10 minutes more"), reads(longer, ana, ben))
    last = "Ana is ending the session. There is one minute left."
    await effect(ana, "end", ana.ends_in_a_minute(), reads(last, ana, ben))
    await effect(ana, "end", ana.ends_now(), reads("This session has ended", ana, ben))


async def a_full_room(house: House, cast: Company, effect: Effects) -> None:
    """A line in front of it, and a second room beside it."""
    ana, ben, chi = await cast("Ana"), await cast("Ben", **PHONE), await cast("Chi", **PHONE)
    jo = await cast("Jo")
    evening = await house.an_evening(seats=2)
    await evening.has_facilitator("Jo")
    for facilitator in (ana, jo):
        await facilitator.facilitates(evening)
    await ana.starts()
    for member in (ben, await cast("Dee", **PHONE)):
        await member.joins(evening)
        await member.is_in_the_room()
    await chi.joins(evening)
    await chi.page.get_by_role("button", name="Stand in line").click()
    await ana.is_told("One person stands in line for a seat.")
    await effect(
        ana,
        "open_twin",
        asks(ana, ana.panel.beside("Jo", "Ask to open a second room"), "Ask"),
        reads("You are asked to look after a second room.", jo),
    )
    await effect(
        jo,
        "answer_twin",
        jo.presses("Yes, I will"),
        reads("Jo looks after a second room, for those who stood in line.", ana, ben),
        reads("Go to the second room", jo),
    )
    await ben.room.look_beside()
    await ben.room.leave.click()
    await chi.is_told("A seat is free for you.")
    await effect(
        chi,
        "take_offer",
        chi.page.get_by_role("button", name="Take the seat").click(),
        goes("A seat is free for you.", chi),
        reads("Chi", ana, at="#people-inside"),
    )
