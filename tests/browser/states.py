"""A walk through every state that the page of a live room can be in: for who looks with eyes, and for who looks with axe.

``look(person, state)`` is called whenever somebody's page has become something that it was not before.
"""

from collections.abc import Awaitable, Callable

from playwright.async_api import expect

from rooms.live.agreement import AGREED_WITHIN
from rooms.live.lifecycle import ALONE_GRACE, HELD_FOR
from rooms.live.state import MINUTE
from rooms.presence import GRACE_SECONDS
from rooms.records import passes, rota
from tests.browser.company import DESK, PHONE, Company
from tests.browser.house import House
from tests.browser.people import Person
from tests.server.house import Evening

Look = Callable[[Person, str], Awaitable[None]]
Walk = Callable[[House, Company, Look], Awaitable[None]]


async def before_the_start(house: House, cast: Company, look: Look) -> None:
    """At the door, in the waiting room, and inside before anybody may write."""
    evening = await house.an_evening(starts_in=10)
    ana, ben, chi = await cast("Ana"), await cast("Ben", **PHONE), await cast("Chi", **PHONE)
    await ana.facilitates(evening)
    await look(ana, "nobody yet, facilitating")
    await ben.opens(evening.join_path)
    await look(ben, "door")
    await ben.door.enter("Ben Carter")
    await ben.is_told("This looks like a first and a last name.")
    await look(ben, "door, a name is asked about")
    await ben.door.enter("Ben")
    await ben.is_in_the_lobby()
    await chi.joins(evening)
    await chi.is_in_the_lobby()
    await expect(ana.panel.waiting).to_have_count(2)
    await look(chi, "lobby")
    await ana.unfolds("The door")
    await ana.page.get_by_label("A word to everybody who waits").fill("We start on time. The kettle is on.")
    await ana.panel.side.locator("[data-do=post_lobby_note] button").click()
    await ben.is_told("The kettle is on.")
    await ben.page.get_by_label("Write to them").locator("visible=true").fill("It is my first time here.")
    await ben.page.get_by_role("button", name="Send to them").locator("visible=true").click()
    await ana.is_told("It is my first time here.")
    await look(ben, "lobby with a note and a private line")
    await look(ana, "before the start, facilitating")
    await ana.presses("Let everyone in")
    await ben.is_in_the_room()
    await look(ben, "before the start")


async def in_the_green_room(house: House, cast: Company, look: Look) -> None:
    """Those who facilitate, before anybody else comes."""
    evening = await house.an_evening(starts_in=25)
    await evening.has_facilitator("Jo")
    ana, jo = await cast("Ana"), await cast("Jo", **PHONE)
    for person in (ana, jo):
        await person.comes_to_the_green_room(evening)
    await jo.page.get_by_role("button", name="calm").click()
    await jo.page.get_by_role("button", name="I’ll look after worries").locator("visible=true").click()
    await ana.hears("Jo looks after worries first.")
    await ana.page.get_by_role("button", name="with a full head").click()
    await ana.page.get_by_role("button", name="Please take over from me.").locator("visible=true").click()
    await jo.is_told("Please take over from me.")
    await ana.page.get_by_role("button", name="Ask to lead").click()
    await ana.is_told("is asked to lead")
    await expect(jo.page.locator(".view:visible").get_by_role("button", name="Take the lead")).to_be_visible()
    await look(ana, "green room")
    await look(jo, "green room, asked to lead")


async def in_open_talk(house: House, cast: Company, look: Look) -> None:
    """People talk: long words and short, notes, wishes, reactions, what was taken back or down."""
    evening = await house.an_evening()
    ana, ben, chi = await under_way(evening, cast)
    await look(ben, "live and quiet")
    await ben.says("Hello. It has been a long week, and I was not sure whether I would come.")
    await ana.says("Good that you did. There is no hurry here; we have until nine.")
    await chi.says("Same here, to be honest.")
    await chi.says("I nearly stayed in bed. My sister rang, and after that I thought: well, I am up now.")
    await ben.page.locator(".composer__more summary").click()
    await ben.page.get_by_label("Content note: it folds the message").fill("a stay in hospital")
    await (
        ben.page.locator("#composer")
        .get_by_label("How I’d like you to respond")
        .select_option(label="just listen")
    )
    await ben.says("They kept me for three weeks in the spring.\nI have not told many people.")
    await ana.is_told("a stay in hospital")
    await ana.chooses("Same here", "thank you")
    await ben.chooses("I nearly stayed", "me too")
    await chi.says("this should not stand here")
    await ana.takes_down("this should not stand here")
    await ben.is_told("Taken down by Ana")
    await ben.says("nor this")
    await ben.takes_back("nor this")
    await chi.is_told("Ana has taken your message down")
    await look(chi, "live, with a message of theirs taken down")
    await ben.room.line("It has been a long week").click()
    await ben.writes("I think I will only")
    await ana.room.line("Same here").click()
    await look(ben, "live, one's own message chosen")
    await look(ana, "live, facilitating, a message chosen")
    await chi.room.line("It has been a long week").click()
    await look(chi, "live, another's message chosen")
    await chi.room.deed("Hide this person for me").click()
    await chi.is_told("Hidden for you.")
    await look(chi, "live, a person hidden")
    await chi.room.deed("Show their messages again").click()
    await ana.page.keyboard.press("Escape")
    await look_beside(chi, look, "people")
    await chi.page.get_by_role("button", name="My seat").click()
    await look(chi, "my seat")
    await chi.room.look_beside()
    await chi.unfolds("How this page is for me")
    await look(chi, "how this page is for me")
    await chi.room.look_beside()
    await chi.unfolds("What exists right now")
    await chi.is_told("The database holds the date")
    await look(chi, "what exists right now")
    await chi.room.look_back()
    await chi.says("ring me on 07700 900123")
    await look(chi, "question about contact details")
    await chi.room.answer("Not now")
    await chi.writes("")
    await chi.page.locator("summary").get_by_text("Help now").click()
    await look(chi, "help over the room")
    await chi.page.keyboard.press("Escape")
    await chi.page.get_by_role("button", name="Quiet corner").click()
    await look(chi, "question about the quiet corner")
    await chi.room.asked.get_by_label("The others may see").check()
    await chi.room.answer("Go there")
    await chi.is_told("You are out of the talk")
    await look(chi, "quiet corner")
    await look_beside(ana, look, "panel")
    await chi.page.get_by_role("button", name="Come back").click()
    await chi.is_told("Welcome back.")
    await ana.panel.beside("Ben", "Quiet").click()
    await look(ana, "question about quiet")
    await ana.room.answer(
        "Quiet", How_long="5 minutes", Why="It was a lot in a short time, and others could not keep up."
    )
    await ben.is_told("A facilitator has asked you to take a few minutes.")
    await look(ben, "quieted")
    await ana.panel.beside("Ben", "Let write again").click()
    await ana.pauses()
    await chi.is_told("Ana has paused the room.")
    await look(chi, "paused")
    await look(ana, "paused, facilitating")


async def in_turns(house: House, cast: Company, look: Look) -> None:
    """Hands, a round, sitting together, nobody writing, a slower pace."""
    evening = await house.an_evening()
    ana, ben, chi = await under_way(evening, cast)
    await ana.unfolds("How we talk")
    await ana.presses("By raised hands")
    await ben.is_told("Raise a hand to ask for it.")
    for member, why in ((ben, "to reply"), (chi, "something new")):
        await member.page.get_by_role("button", name="Raise a hand").click()
        if member is chi:
            await look(chi, "question about a hand")
        await member.room.asked.get_by_role("combobox").select_option(label=why)
        await member.room.answer("Raise it")
        await member.is_told("Your hand is up.")
    await look(chi, "by hands, a hand raised")
    await ana.presses("Call the next hand")
    await ben.is_told("You have the word.")
    await look(ben, "by hands, the word is theirs")
    await look(chi, "by hands, the word is another's")
    await look_beside(ana, look, "by hands, panel")
    await ben.page.get_by_role("button", name="Done").click()
    await ana.presses("Anyone may write")
    await ana.unfolds("A round")
    await look_beside(ana, look, "a round to begin, panel")
    await (
        ana.panel.side.locator("[data-do=begin_round]")
        .get_by_label("Order")
        .select_option(label="as people came")
    )
    await ana.presses("Begin a round")
    await ben.is_told("A round begins.")
    await look(ben, "round, preview")
    house.time_passes(16)
    await ana.is_told("Your turn is next.")
    await look(ana, "round, getting ready")
    house.time_passes(11)
    await ana.is_told("of your turn left")
    await look(ana, "round, their turn")
    await look(ben, "round, another's turn")
    await ana.page.get_by_role("button", name="Done").click()
    await ben.is_told("Your turn is next.")
    house.time_passes(12)
    await ben.is_told("of your turn left")
    await ben.says("It has been a week of small things, mostly good.")
    house.time_passes(105)
    await ben.is_told("Your turn is over in a few seconds.")
    await look(ben, "round, a few seconds left")
    house.time_passes(20)
    await ben.is_told("There are 30 seconds to finish your sentence.")
    await look(ben, "round, grace")
    await ana.presses("End the round")
    await ana.room.answer("End it")
    await ana.presses("Sit together")
    await ben.is_told("We sit together for a while")
    await look(ben, "sitting together")
    await ana.presses("Nobody writes for now")
    await ben.is_told("Nobody writes for now. What you are writing")
    await look(ben, "nobody writes")
    await ana.presses("Anyone may write")
    await ana.panel.side.get_by_label("Pace: one message each").select_option(label="30 seconds")
    await ana.presses("Set the pace")
    await ben.is_told("one message each 30 seconds")
    await ben.says("slowly then")
    await ben.is_told("Slower pace: you can send again")
    await look(ben, "a slower pace")
    await look_beside(ana, look, "a slower pace, panel")


async def being_asked(house: House, cast: Company, look: Look) -> None:
    """A temperature check, a line for today, an agreement that changed, and only two who are left."""
    evening = await house.an_evening()
    ana, ben, chi = await under_way(evening, cast)
    await ana.unfolds("Ask how it is going")
    await ana.page.get_by_label("A question").fill("Is this pace good for you?")
    for label, answer in (
        ("An answer", "yes"),
        ("Another answer", "a bit slower, please"),
        ("A third, if you like", "I do not mind"),
    ):
        await ana.page.get_by_label(label, exact=True).fill(answer)
    await look_beside(ana, look, "a question to ask, panel")
    await ana.presses("Ask everyone")
    await ben.is_told("Is this pace good for you?")
    await look(ben, "temperature asked")
    for person, answer in ((ana, "yes"), (ben, "a bit slower, please"), (chi, "yes")):
        await person.page.locator("#now").get_by_role("button", name=answer).click()
        await person.is_told("Thank you. The totals come when the time is up.")
    await look(chi, "temperature answered")
    house.time_passes(2 * MINUTE + 6)
    await ben.is_told("You answered: yes: 2")
    await ben.room.look_beside()
    await ben.page.locator("summary").get_by_text("What we keep to").click()
    await ben.page.get_by_label("Anything to add for today?").fill("One at a time, and slowly.")
    await look(ben, "a line to propose")
    await ben.room.look_beside()
    await ben.page.get_by_role("button", name="Propose").click()
    await ben.room.look_back()
    await chi.is_told("Ben proposes for today: One at a time, and slowly.")
    await ana.unfolds("What we keep to")
    await ana.presses("Ask if all can live with it")
    await chi.is_told("can everybody live with this?")
    await look(chi, "a line for today is asked about")
    await look(ana, "a line for today is asked about, facilitating")
    house.time_passes(MINUTE + 6)
    await chi.is_told("For today we keep to this, too")
    await house.publishes_another_agreement(evening)
    await chi.is_told("What we keep to has changed.")
    await look(chi, "the agreement has changed")
    await look(ana, "the agreement has changed, facilitating")
    house.time_passes(AGREED_WITHIN)
    await chi.is_told("To write again, please say yes first.")
    await look(chi, "the agreement must be agreed to first")


async def looked_after(house: House, cast: Company, look: Look) -> None:
    """Looks, worries, private lines, a pause that is asked for, a second yes, the shield: what a facilitator meets."""
    evening = await house.an_evening()
    ana, ben, chi = await under_way(evening, cast)
    await evening.has_facilitator("Jo")
    jo = await cast("Jo", **PHONE)
    await jo.facilitates(evening)
    await ana.unfolds("Shield")
    await ana.presses("Look first at everything")
    await ben.is_told("For now a facilitator looks at each message first.")
    await ben.says("My nurse is called Mary and works on ward nine.")
    await ben.is_told("A facilitator is looking at this first.")
    await look(ben, "a message is looked at first")
    await ben.page.get_by_role("button", name="Private line").click()
    await ben.panel.side.get_by_label("Write to them").fill("I am not sure that I should have said that.")
    await ben.page.get_by_role("button", name="Send to them").locator("visible=true").click()
    await look(ben, "private line")
    await ben.room.look_back()
    await chi.room.look_beside()
    await chi.page.locator("summary").get_by_text("If something is not right").click()
    await look(chi, "something is not right")
    await chi.room.look_beside()
    await chi.page.get_by_role("button", name="Tell the facilitators about a worry").click()
    await look(chi, "question about a worry")
    await chi.room.answer("Tell them")
    await chi.page.get_by_role("button", name="Pause, please").click()
    await chi.is_told("You have asked for a pause.")
    await chi.room.look_back()
    await ana.is_told("asks for a pause")
    await ana.is_told("ward nine")
    await look(ana, "looks, lines, worries and a pause")
    await look_beside(ana, look, "looks, lines, worries and a pause, panel")
    await look(jo, "looks, lines, worries and a pause, on a phone")
    await ana.panel.side.locator("#lines").get_by_role("button", name="I’ve got this").click()
    await ana.is_told("You’ve got this.")
    await ana.panel.side.locator("#looks").get_by_role("button", name="Give back").click()
    await ben.is_told("Only you can read this now.")
    await look(ben, "a message came back")
    await ana.panel.beside("Chi", "Remove").click()
    await look(ana, "question about removing")
    await ana.room.answer("Remove", Why="It was not for this room.")
    await jo.is_told("a second yes")
    await jo.page.get_by_role("button", name="a second yes").click()
    await jo.is_told("asks to remove somebody")
    await look(jo, "a second yes is asked for")
    await jo.room.look_beside()
    await jo.page.locator("#asks").get_by_role("button", name="Yes").click()
    await chi.sees_the_title("You have been asked to leave this session")
    await look(chi, "removed")
    await ana.unfolds("If somebody may be in danger")
    await look_beside(ana, look, "somebody may be in danger, panel")
    await ana.presses("Keep a copy to get help")
    await look(ana, "question about a copy")
    await ana.page.keyboard.press("Escape")
    await ana.unfolds("You and the other facilitators")
    await ana.presses("Step back")
    await ana.room.answer("Step back")
    await ana.is_told("You have stepped back.")
    await look(ana, "stepped back")


async def out_of_touch_and_over(house: House, cast: Company, look: Look) -> None:
    """The network goes, the facilitator is missed, the room closes by itself; and every other way out."""
    evening = await house.an_evening()
    ana, ben, chi = await under_way(evening, cast)
    await ben.says("We are nearly through the winter.")
    await chi.reads("We are nearly through the winter.")
    dev = await cast("Dev", **PHONE)
    await ana.unfolds("The door")
    await ana.presses("Knock first")
    await dev.joins(evening)
    await dev.is_in_the_lobby()
    await look(dev, "lobby of a room under way")
    await ana.panel.beside("Dev", "Not this time").click()
    await ana.room.answer(
        "Tell them", Words="We would like to talk with you first. Please ask the group how."
    )
    await dev.sees_the_title("You could not be let in this time")
    await look(dev, "declined")
    await look_beside(ana, look, "somebody was declined, panel")
    await ana.loses_the_network()
    await ana.is_told("We lost touch with the room.")
    await ana.says("can you hear me?")
    await look(ana, "out of touch")
    await house.notices_the_loss_of("Ana", evening)
    house.time_passes(GRACE_SECONDS + ALONE_GRACE)
    await chi.is_told("Everyone is still here.")
    await look(chi, "held")
    await chi.leaves()
    await chi.sees_the_title("You have left")
    await look(chi, "left")
    house.time_passes(HELD_FOR)
    await ben.is_told("No facilitator could come back, so the session is closing.")
    await look(ben, "closing unattended")
    house.time_passes(minutes=2)
    await ben.sees_the_title("This session has ended")
    await ben.is_told("holds no word of this session any more")
    await look(ben, "ended")
    await ben.page.get_by_role("button", name="Clear them now").click()
    await look(ben, "ended and cleared")


async def closing(house: House, cast: Company, look: Look) -> None:
    """A session that a facilitator brings to its end."""
    evening = await house.an_evening()
    ana, ben, _ = await under_way(evening, cast)
    await ben.says("Thank you, all.")
    await ana.presses("Begin closing")
    await look(ana, "question about closing")
    await ana.room.answer("Begin closing")
    await ben.is_told("We are coming to a close.")
    await look(ben, "closing")
    await look(ana, "closing, facilitating")
    await ana.ends_in_a_minute()
    await ben.is_told("This session ends in one minute.")
    await look(ben, "one minute left")
    await ana.ends_now()
    await ana.sees_the_title("This session has ended")
    await ana.is_told("holds no word of this session any more")
    await look(ana, "ended, facilitating")


async def somebody_watches(house: House, cast: Company, look: Look) -> None:
    """A room that people come to for their work: its door, who does, and what the organiser reads afterwards."""
    evening = await house.an_evening(admits_work=True)
    olu = await house.account("Olu", organiser=True)
    async with house.database.writing() as conn:
        await rota.put_down(conn, [evening.session.id], "on_call", olu.id)
    ana, ben, _ = await under_way(evening, cast)
    dov = await cast("Dov", **PHONE)
    await dov.opens(evening.join_path)
    for fold in ("If you are younger", "What facilitators can do", "I am here for my work"):
        await dov.page.locator("summary").get_by_text(fold).click()
    await dov.page.get_by_label("I am here for research").check()
    await look(dov, "door of a room that one may watch")
    await dov.door.enter("Dov", listening=True)
    await dov.is_in_the_room()
    await expect(ana.panel.row("Dov").get_by_text("here for research")).to_be_visible()
    await look_beside(ben, look, "somebody is here for research")
    await ana.unfolds("If somebody may be in danger")
    await look(ana, "whom facilitators can call")
    await ben.page.set_viewport_size(DESK["viewport"])
    await ben.unfolds("If something is not right")
    await ben.presses("I’m not okay with how this is run")
    await look(ben, "question about how it is run")
    await ben.room.answer("Tell them")
    await house.has_told_outside("not_okay", evening)
    organiser = await cast("Olu")
    await organiser.is_signed_in()
    await organiser.opens("/desk")
    await organiser.is_told("somebody was not okay with how it was run")
    await look(organiser, "desk with a complaint")
    async with house.database.writing() as conn:
        await passes.replace_link(conn, evening.room, house.clock.now, with_grace=False)
    for path, state in (("", "room"), ("/share", "sharing"), ("/edit", "editing")):
        await organiser.opens(f"/desk/rooms/{evening.room.id}{path}")
        await look(organiser, f"{state} at the desk, with its reminders")


async def a_full_room(house: House, cast: Company, look: Look) -> None:
    """The line in front of it, and a second room beside it."""
    evening = await house.an_evening(seats=2)
    await evening.has_facilitator("Jo")
    ana, ben, _ = await under_way(evening, cast)
    jo, dee = await cast("Jo"), await cast("Dee", **PHONE)
    await jo.facilitates(evening)
    await dee.joins(evening)
    await dee.page.get_by_role("button", name="Stand in line").wait_for()
    await look(dee, "every seat is taken")
    await dee.page.get_by_role("button", name="Stand in line").click()
    await dee.is_told("every seat is taken, and you stand in line")
    await look(dee, "in line")
    await ana.is_told("One person stands in line for a seat.")
    await ana.panel.beside("Jo", "Ask to open a second room").click()
    await look(ana, "question about a second room")
    await ana.room.answer("Ask")
    await jo.is_told("You are asked to look after a second room.")
    await look(jo, "asked to look after a second room")
    await jo.presses("Yes, I will")
    await ben.is_told("Jo looks after a second room")
    await look(jo, "on the way to the second room")
    await jo.presses("Go to the second room")
    # They were in a room before, too.
    await expect(jo.room.strip).to_contain_text("second room")
    await jo.is_in_the_room()
    await dee.is_told("A second room is open, with Jo.")
    await look(dee, "in line, and a second room is open")
    await look(jo, "the second room, facilitating")
    await jo.unfolds("The door")
    await jo.presses("Close it")
    await expect(jo.panel.side.locator("[data-fill=door]")).to_contain_text("closed")
    # Pressed in the moment before the line has heard of it.
    await dee.page.evaluate("document.querySelector('form[action$=\"/twin\"]').requestSubmit()")
    await dee.is_told("You still stand in line")
    await look(dee, "still in line")


WALKS: tuple[Walk, ...] = (
    in_the_green_room,
    a_full_room,
    before_the_start,
    in_open_talk,
    in_turns,
    being_asked,
    looked_after,
    out_of_touch_and_over,
    closing,
    somebody_watches,
)


async def under_way(evening: Evening, cast: Company) -> tuple[Person, Person, Person]:
    ana, ben, chi = await cast("Ana"), await cast("Ben", **PHONE), await cast("Chi", **PHONE)
    await ana.facilitates(evening)
    await ana.starts()
    for member in (ben, chi):
        await member.joins(evening)
        await member.is_in_the_room()
    return ana, ben, chi


async def look_beside(person: Person, look: Look, state: str) -> None:
    """At what stands beside the talk where there is room, and is a sheet over it where there is not.

    Who looks at it on a wide screen, too, has closed the sheet by that.
    """
    await person.page.set_viewport_size(PHONE["viewport"])
    await person.room.look_beside()
    await look(person, state)
    await person.room.look_back()
    await person.page.set_viewport_size(person.size)
