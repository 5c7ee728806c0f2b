"""What people choose for themselves stays on their device, and what they nearly sent stays unsent."""

import asyncio

import pytest
from playwright.async_api import expect

LARGEST = 32  # pixels: twice what browsers begin with


async def chooses(person, label, answer):
    await person.room.look_beside()
    settings = person.panel.side.locator("#settings")
    if await settings.get_attribute("open") is None:
        await settings.locator("summary").click()
    await settings.get_by_label(label).select_option(label=answer)
    await person.room.look_back()


async def letters(person):
    return await person.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")


@pytest.fixture
async def talking(evening, ana, ben):
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.is_in_the_room()
    yield evening
    # What was chosen is theirs, and would be found as something that a page of ours has left here.
    for person in (ana, ben):
        await person.page.evaluate("localStorage.clear()")


async def test_choices_hold_on_this_device_on_every_page_and_nobody_learns_of_them(talking, ben):
    sent = len(ben.sent)
    await chooses(ben, "Size of the words", "largest")
    await chooses(ben, "Light", "in the evening")
    await chooses(ben, "Movement", "none")
    await chooses(ben, "Room between lines", "more room")
    assert await letters(ben) == LARGEST
    assert await ben.page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert await ben.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert ben.sent[sent:] == []

    await ben.opens("/help")
    assert await letters(ben) == LARGEST
    await ben.opens(talking.live_path)
    await ben.is_in_the_room()
    assert await letters(ben) == LARGEST
    assert await ben.kept() == {
        "local": {"look": '{"size":"largest","theme":"evening","motion":"less","spacing":"wide"}'}
    }

    await ben.room.look_beside()
    await ben.unfolds("How this page is for me")
    await expect(ben.page.get_by_label("Size of the words")).to_have_value("largest")
    await ben.page.get_by_role("button", name="As it was at first").click()
    await expect(ben.page.get_by_label("Size of the words")).to_have_value("")
    assert await letters(ben) < LARGEST
    assert await ben.kept() == {}


async def test_what_looks_like_a_way_to_be_found_is_asked_about_before_it_is_sent(talking, ana, ben):
    await ben.says("ring me on 07700 900123")
    await ben.is_told("There is something in it that looks like: a phone number.")
    await expect(ben.room.asked.get_by_role("button", name="Not now")).to_be_focused()
    await ben.room.asked.get_by_role("button", name="Not now").click()
    await expect(ben.room.composer).to_be_focused()
    await expect(ben.room.composer).to_have_value("ring me on 07700 900123")
    await ben.says("Samaritans are on 116 123")
    await ana.reads("Samaritans are on 116 123")
    await ben.says("I am at ben@example.org and SW1A 1AA")
    await ben.is_told("looks like: an e-mail address, a postcode.")
    await ben.room.answer("Send it anyway")
    await ana.reads("Samaritans are on 116 123", "I am at ben@example.org and SW1A 1AA")
    await expect(ben.room.composer).to_have_value("")
    assert [frame["text"] for frame in ben.sent if frame["type"] == "say"] == [
        "Samaritans are on 116 123",
        "I am at ben@example.org and SW1A 1AA",
    ]


async def test_so_is_a_line_for_today_and_another_name(talking, ana, ben):
    await ben.room.look_beside()
    await ben.unfolds("What we keep to")
    line = ben.page.get_by_label("Anything to add for today?")
    await line.fill("Afterwards we meet at www.example.org")
    await ben.page.get_by_role("button", name="Propose").click()
    await ben.is_told("There is something in it that looks like: a link.")
    await ben.room.asked.get_by_role("button", name="Not now").click()
    # The sheet that it was asked from is there again, and so is what was written.
    await expect(ben.page.get_by_role("button", name="Propose")).to_be_focused()
    await expect(line).to_have_value("Afterwards we meet at www.example.org")
    assert [frame for frame in ben.sent if frame["type"] == "propose_line"] == []
    await ben.page.get_by_role("button", name="Propose").click()
    await ben.room.answer("Send it anyway")
    await ana.is_told("Ben proposes for today: Afterwards we meet at www.example.org")

    await ben.unfolds("My seat")
    await ben.page.get_by_label("Another name, from now on").fill("ring 07700 900123")
    await ben.page.get_by_role("button", name="Change", exact=True).click()
    await ben.room.answer("Not now")
    await ben.page.get_by_label("Another name, from now on").fill("Benno")
    await ben.page.get_by_role("button", name="Change", exact=True).click()
    await ana.sees_here("Ana", "Benno")
    assert [frame["name"] for frame in ben.sent if frame["type"] == "rename"] == ["Benno"]


async def test_a_name_at_the_door_is_asked_about_once(evening, ana, ben):
    await ana.facilitates(evening)
    await ben.opens(evening.join_path)
    await ben.door.name.fill("Ben Carter")
    await ben.door.come_in.click()
    await ben.is_told("This looks like a first and a last name.")
    await expect(ben.door.name).to_be_focused()
    await ben.door.name.fill("ben@example.org")
    await ben.types("Enter")
    await ben.is_told("This looks like an e-mail address.")
    assert evening.host.room.controls.seats.keys() == {ana.heard("welcome")[0]["you"]["seat"]}
    await ben.types("Enter")
    await ben.is_told("ben@example.org, you are in the waiting room.")

    # One of those that we offer is nobody's.
    await ben.context.clear_cookies()
    await ben.opens(evening.join_path)
    await ben.page.get_by_text("Pick one for me").first.click()
    await ben.page.locator(".choices input").nth(1).check()
    await ben.door.come_in.click()
    await ben.is_told("you are in the waiting room.")


async def test_a_steady_pace_meters_what_others_say_and_delays_nothing_else(talking, ana, ben):
    await chooses(ben, "How fast messages come", "one each 15 seconds")
    for text in ("one", "two", "three"):
        await ana.says(text)
    await ana.reads("one", "two", "three")
    await ben.is_told("2 messages wait for you.")
    await ben.says("mine")
    await ben.reads("one", "mine")
    await ana.pauses()
    await ben.is_told("Ana has paused the room.")
    await ben.reads("one", "mine")
    await ben.page.get_by_role("button", name="Catch up now").click()
    await ben.reads("one", "mine", "two", "three")
    await expect(ben.page.get_by_role("button", name="Catch up now")).to_be_hidden()


async def test_the_enter_key_and_the_voice_do_as_they_were_told(talking, ana, ben, chi):
    await chooses(ana, "The Enter key", "begins a line; Ctrl and Enter send")
    await ana.is_told("Enter begins a new line. Ctrl and Enter send.")
    await ana.room.composer.focus()
    await ana.page.keyboard.type("first")
    await ana.types("Enter")
    await ana.page.keyboard.type("second")
    await ana.types("Control+Enter")
    await ben.reads("first\nsecond")

    await chi.joins(talking)
    await chooses(ben, "What a screen reader reads out", "turns and facilitators")
    await chi.says("from a member")
    await ben.reads("first\nsecond", "from a member")
    await expect(ben.room.log).to_have_attribute("aria-live", "off")
    await ana.writes("from a facilitator")
    await ana.types("Control+Enter")
    await ben.reads_last("from a facilitator")
    await expect(ben.room.log).to_have_attribute("aria-live", "polite")


async def test_longer_turns_are_remembered_by_the_device_and_asked_for_again(house, talking, ana, ben):
    await ben.room.look_beside()
    await ben.unfolds("My seat")
    await ben.page.get_by_label("My turns in a round").select_option(label="twice as long")
    await ben.panel.side.locator("[data-do=set_extra_time] button").click()
    while await ben.kept() != {"local": {"look": '{"extra":"2"}'}}:  # noqa: ASYNC110  a page does not say what it keeps
        await asyncio.sleep(0.02)
    another = await house.an_evening()
    await ana.facilitates(another)
    await ana.starts()
    await ben.joins(another)
    await ben.is_in_the_room()
    await ana.says("welcome")
    await ben.reads("welcome")
    assert [frame["times"] for frame in ben.sent if frame["type"] == "set_extra_time"] == [2, 2]
