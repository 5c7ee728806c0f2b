"""The first evening, as `make run` hands it out: three links, a short and real session, and nothing kept of it."""

import asyncio
import time

from playwright.async_api import expect

from tests.browser.people import everyone_reads


async def test_a_facilitator_and_two_members_hold_a_session(house, ana, ben, chi):
    links = await house.first_evening()

    # They come in: ana by her one-time link, ben and chi with nothing but a name.
    await ana.opens(links.facilitate)
    await ana.signs_in_with_the_link()
    await ana.is_in_the_room()
    for member in (ben, chi):
        await member.opens(links.join)
        await member.door.enter(member.name)
        await member.is_in_the_room()
    everyone = (ana, ben, chi)
    await ana.sees_here("Ana", "Ben", "Chi")

    # They talk.
    await ben.says("hello, I am new")
    await ana.reads("hello, I am new")
    await chi.says("hi Ben")
    said = ["hello, I am new", "hi Ben"]
    await everyone_reads(everyone, *said)

    # Ben's network is gone for five seconds, in which chi speaks and ben writes.
    cut_at = time.monotonic()
    await ben.loses_the_network()
    await chi.says("how was your day?")
    await ana.reads(*said, "how was your day?")
    await ben.says("can you hear me?")
    await chi.says("take your time")
    await ana.reads(*said, "how was your day?", "take your time")
    await ben.is_told("We lost touch with the room. Your words are safe here, and we keep trying.")
    await expect(ben.room.tray).to_contain_text("can you hear me?")
    await ben.reads(*said)
    await asyncio.sleep(cut_at + 5 - time.monotonic())
    await ben.finds_the_network_again()
    said += ["how was your day?", "take your time", "can you hear me?"]
    await everyone_reads(everyone, *said)
    await expect(ben.room.tray).to_be_empty()

    # Ana quiets ben: he is told in words, his draft stays, and what he sends by hand is refused.
    await ben.writes("I was going to say")
    await ana.quiets(ben)
    await ben.is_told("A facilitator has asked you to take a few minutes.")
    await ben.is_told("You can write again in 2 minutes.")
    await ben.hears("Something came across as unkind.")
    await chi.is_told("Ana has asked one person to take a few minutes.")
    await expect(ben.room.composer).to_have_value("I was going to say")
    await expect(ben.room.send).to_be_disabled()
    await ben.is_refused(type="say", text="but I am quicker")
    await chi.says("shall we breathe?")
    said += ["shall we breathe?"]
    await everyone_reads(everyone, *said)
    assert [frame["why"] for frame in ben.heard("refused")] == ["quieted"]

    # She takes a message of his down: he is told first, and it is on no screen.
    await ana.takes_down("how was your day?")
    await chi.hears("Ana has taken your message down: private details. Nobody can read it here now.")
    said[2] = "Taken down by Ana: private details."
    await ana.reads(*said)
    await ben.reads(*said)
    said[2] = "Ana has taken your message down: private details. Nobody can read it here now."
    await chi.reads(*said)
    # What all are told of comes after what is for them alone, and to their page when it comes.
    async with asyncio.timeout(10):
        while len(chi.heard("taken_down")) < 2:  # noqa: ASYNC110  frames are written down by the browser's own events
            await asyncio.sleep(0.01)
    assert [frame.get("yours", False) for frame in chi.heard("taken_down")] == [True, False]

    # She ends it: a minute's notice, then at once.
    await ana.ends_in_a_minute()
    await everyone_are_told(everyone, "This session ends in one minute.")
    await ana.ends_now()
    for person in everyone:
        await person.sees_the_title("This session has ended")
        await person.is_told("A facilitator brought it to an end.")

    # The words leave the screens, and no browser has kept any.
    for person in everyone:
        await person.page.get_by_role("button", name="Clear them now").click()
        await person.reads()
        await person.is_told("Nothing that was said is on this page any more, and we kept none of it.")
        assert await person.kept() == {}
        cookies = await person.context.cookies()
        assert {cookie["name"].split("-")[0] for cookie in cookies} <= {"seat", "pass", "desk"}
        assert not any(word in str(cookies) for word in (person.name, "hello", "breathe"))


async def everyone_are_told(people, text):
    for person in people:
        await person.is_told(text)
