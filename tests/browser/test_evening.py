"""What can happen in an evening, as the people in it read it on their screens."""

import re

import pytest
from playwright.async_api import expect

from rooms.live.lifecycle import ALONE_GRACE, HELD_FOR
from rooms.presence import GRACE_SECONDS
from tests.browser.company import PHONE

# Both in one look, once the page has scrolled to where it wants to be: in two, it might scroll in between.
TO_ITS_DEEDS = """async (line) => {
  await new Promise((then) => requestAnimationFrame(() => setTimeout(then)));
  return document.querySelector("#deeds").getBoundingClientRect().top - line.getBoundingClientRect().bottom;
}"""


@pytest.fixture
async def under_way(evening, ana, ben):
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.is_in_the_room()
    return evening


async def test_while_the_room_is_paused_a_draft_is_safe_and_nothing_is_sent(under_way, ana, ben):
    await ben.writes("half a thought")
    await ana.pauses("There is something to sort out.")
    await ben.is_told("Ana has paused the room. There is something to sort out.")
    await expect(ben.room.strip).to_contain_text("paused")
    await expect(ben.room.send).to_be_disabled()
    await ben.is_refused(type="say", text="past the page")

    await ana.presses("Go on")
    await expect(ben.room.banner).to_have_count(0)
    await expect(ben.room.composer).to_have_value("half a thought")
    await ben.sends()
    await ana.reads("half a thought")
    assert [frame["why"] for frame in ben.heard("refused")] == ["paused"]


async def test_the_closing_is_announced_and_can_be_made_longer(under_way, ana, ben):
    await ana.presses("Begin closing")
    await ana.room.answer("Begin closing")
    await ben.is_told("We are coming to a close. It is time for last words.")
    await ben.says("take care, all")
    await ana.reads("take care, all")
    await ana.presses("10 minutes more")
    await ben.is_told("Ana has made the session 10 minutes longer.")


async def test_the_clock_ends_a_session_that_nobody_ends(house, under_way, ana, ben):
    await ben.says("so late already?")
    await ana.reads("so late already?")
    house.time_passes(minutes=51)
    await ben.is_told("We are coming to a close. It is time for last words.")
    house.time_passes(minutes=10)
    for person in (ana, ben):
        await person.sees_the_title("This session has ended")
        await person.is_told("The time was up.")


async def test_a_room_without_its_facilitator_is_held_until_she_is_back(house, under_way, ana, ben):
    await ben.writes("is anybody")
    await ana.loses_the_network()
    await house.notices_the_loss_of("Ana", under_way)
    house.time_passes(GRACE_SECONDS + ALONE_GRACE)
    await ben.is_told("Everyone is still here. We are waiting for a facilitator.")
    await expect(ben.room.send).to_be_disabled()
    await expect(ben.room.composer).to_have_value("is anybody")

    await ana.finds_the_network_again()
    await ana.presses("Go on")
    await expect(ben.room.banner).to_have_count(0)
    await ben.sends()
    await ana.reads("is anybody")


async def test_a_room_to_which_no_facilitator_comes_back_is_closed_with_an_explanation(
    house, under_way, ana, ben
):
    await ana.loses_the_network()
    await house.notices_the_loss_of("Ana", under_way)
    house.time_passes(GRACE_SECONDS + ALONE_GRACE)
    await ben.is_told("Everyone is still here. We are waiting for a facilitator.")
    house.time_passes(HELD_FOR)
    await ben.is_told("No facilitator could come back, so the session is closing. Nobody can send now.")
    house.time_passes(minutes=2)
    await ben.sees_the_title("This session has ended")
    await ben.is_told("No facilitator could come back, and we do not keep a room open without one.")


async def test_after_the_end_whoever_likes_has_a_word_with_a_facilitator_for_ten_minutes(
    house, under_way, ana, ben
):
    await ben.says("what ben wrote")
    await ana.reads("what ben wrote")
    await ana.ends_in_a_minute()
    await ana.ends_now()
    await ben.sees_the_title("This session has ended")
    word = ben.page.get_by_role("region", name="If you need a word with somebody")
    await expect(word).to_contain_text("A facilitator is here for 10 more minutes.")
    await word.get_by_label("Write to them").fill("that was a lot")
    await word.get_by_role("button", name="Send to them").click()

    lines = ana.page.get_by_role("region", name="People can still write to you")
    await expect(lines.get_by_text("that was a lot")).to_be_visible()
    await lines.get_by_label("Answer").fill("it was, shall we talk?")
    await lines.get_by_role("listitem").get_by_role("button", name="Send", exact=True).click()
    await expect(word.get_by_text("it was, shall we talk?")).to_be_visible()

    # The talk leaves the screens after two minutes; private words stay while they can be answered.
    await ben.page.get_by_role("button", name="Clear them now").click()
    await ben.reads()
    await expect(word.get_by_text("it was, shall we talk?")).to_be_visible()
    house.time_passes(minutes=10)
    for place in (word, lines):
        await expect(place).to_be_hidden()

    debrief = ana.page.get_by_role("region", name="Talk it over, among facilitators")
    await expect(debrief).to_contain_text("You can stay here for 20 more minutes.")
    await debrief.get_by_label("Write to the other facilitators").fill("how quiet it was at the end")
    await debrief.get_by_role("button", name="Send", exact=True).click()
    await expect(debrief.get_by_role("listitem").get_by_text("how quiet it was at the end")).to_be_visible()
    house.time_passes(minutes=20)
    await expect(debrief).to_be_hidden()
    await expect(ben.page.get_by_text("it was, shall we talk?")).to_have_count(0)


async def test_somebody_who_is_removed_reads_why_and_cannot_come_back_by_the_link(under_way, ana, ben, chi):
    await chi.joins(under_way)
    await chi.is_in_the_room()
    await ben.says("what ben wrote")
    await chi.reads("what ben wrote")

    await ana.removes(ben)
    await ben.sees_the_title("You have been asked to leave this session")
    await ben.is_told("It was not for this room.")
    await ben.reads()
    await chi.is_told("One person has left the session.")
    await chi.sees_here("Ana", "Chi")

    await ben.joins_again(under_way)
    await ben.is_told("You cannot come in just now")
    await chi.says("and on we go")
    await ana.reads("what ben wrote", "and on we go")
    assert ben.heard("said")[-1]["text"] == "what ben wrote"


async def test_the_lead_takes_a_removal_back_and_reads_who_else_knocked_after_it(
    house, under_way, ana, ben, chi
):
    await ana.removes(ben)
    await ben.sees_the_title("You have been asked to leave this session")
    house.time_passes(minutes=2)
    await chi.joins(under_way)
    await chi.is_in_the_lobby()
    await expect(ana.panel.row("Chi").get_by_text("knocked 2 minutes after a removal")).to_be_visible()
    removed = ana.panel.row("Ben").get_by_text("removed from this session")
    await expect(removed).to_be_visible()

    await ana.panel.beside("Ben", "Let them come again").click()
    await ana.room.answer("Let them")
    await expect(removed).to_be_hidden()
    await ben.joins_again(under_way)
    await ben.is_in_the_room()
    await ben.says("thank you")
    await ana.reads("thank you")


async def test_who_comes_late_knocks_and_is_let_in_or_told_why_not(house, under_way, ana, ben, chi, cast):
    dev = await cast("Dev", **PHONE)
    house.time_passes(minutes=16)
    await ben.is_told("From now on, new people knock and wait to be let in.")
    for late in (chi, dev):
        await late.joins(under_way)
        await late.is_in_the_lobby()
    await chi.is_told("2 people are waiting, you among them.")
    await ana.says("not for those outside")
    await ben.reads("not for those outside")

    await ana.panel.beside("Chi", "Let in").click()
    await chi.is_in_the_room()
    await ana.panel.beside("Dev", "Not this time").click()
    await ana.room.answer("Tell them", Words="The room is full.")
    await dev.sees_the_title("You could not be let in this time")
    await dev.is_told("The room is full.")

    await ana.says("for those inside")
    await chi.reads("for those inside")
    await dev.reads()
    assert [frame["text"] for frame in chi.heard("said")] == ["for those inside"]
    assert dev.heard("said") == []


async def test_before_the_start_members_wait_and_come_in_with_it(house, ana, ben, chi):
    evening = await house.an_evening(starts_in=10)
    await ben.joins(evening)
    await ben.is_in_the_lobby()
    await ben.is_told("The session starts in about ")
    await ana.facilitates(evening)
    await chi.joins(evening)
    await chi.is_in_the_lobby()
    await expect(ana.panel.waiting).to_have_count(2)

    await ana.presses("Let everyone in")
    await expect(ana.panel.waiting).to_have_count(0)
    for member in (ben, chi):
        await member.is_in_the_room()
        await member.is_told("You can write here already. Sending waits until the session starts.")
    await ana.starts()
    await ben.says("good evening")
    await chi.reads("good evening")


async def test_listening_is_reading_without_writing(under_way, ana, ben, chi):
    await chi.joins(under_way, listening=True)
    await chi.is_told("You are listening. That is a full way of being here.")
    await expect(chi.room.composer).to_be_hidden()
    await ben.says("who listens?")
    await chi.reads("who listens?")
    await chi.is_refused(type="say", text="me")
    await ben.says("thank you")
    await chi.reads("who listens?", "thank you")
    assert [frame["why"] for frame in chi.heard("refused")] == ["listening"]


async def test_who_takes_words_back_takes_them_from_every_screen(under_way, ana, ben):
    await ben.says("too much")
    await ana.reads("too much")
    await ben.takes_back("too much")
    for person in (ana, ben):
        await person.reads("Taken back by the person who wrote it.")


async def test_what_can_be_done_with_a_message_stays_beside_it_when_the_phone_is_turned(under_way, ana, ben):
    await ben.says("a message long enough to need three lines of a small screen and fewer when it is turned")
    line = ben.room.line("a message long enough")
    await line.click()
    for width, height in ((360, 640), (640, 360), (320, 640)):
        await ben.page.set_viewport_size({"width": width, "height": height})
        await expect(ben.room.deed("Take back")).to_be_visible()
        assert abs(await line.evaluate(TO_ITS_DEEDS)) <= 1


async def test_who_leaves_has_left_and_can_come_in_again(under_way, ana, ben):
    await ben.says("good night")
    await ana.reads("good night")
    await ben.leaves()
    await ben.sees_the_title("You have left")
    await ben.reads()
    await ana.sees_here("Ana")
    await ben.page.get_by_role("link", name="Back to the door").click()
    await ben.door.enter("Ben")
    await ben.is_in_the_room()
    await ana.sees_here("Ana", "Ben")


async def test_words_that_look_like_markup_are_words(under_way, ana, ben):
    markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>&amp; {{ 7*7 }}'
    await ben.says(markup)
    await ana.reads(markup)
    assert await ana.page.title() == "Online session"


async def test_a_name_that_is_taken_is_refused_beside_the_field_and_another_is_offered(under_way, ben, chi):
    await chi.opens(under_way.join_path)
    await chi.door.enter("Ben")
    await expect(chi.door.name).to_have_value("Ben")
    await expect(chi.door.name).to_have_attribute("aria-invalid", "true")
    await expect(chi.door.name).to_have_accessible_description(
        re.compile("Someone here has that name, or one very like it. Please choose another.")
    )
    await chi.door.enter("Chi")
    await chi.is_in_the_room()
