"""What somebody would rather not read: a person who is hidden for them alone, and messages that fold under a note."""

from playwright.async_api import expect

from tests.browser.company import PHONE

HIDDEN = "Hidden for you. Nobody else knows."


async def notes(person, note, text):
    """Says it under a content note."""
    await person.page.locator(".composer__more summary").click()
    await person.page.get_by_label("Content note: it folds the message").fill(note)
    await person.says(text)


async def test_somebody_who_is_hidden_leaves_a_place_where_their_words_stood(talking, ana, ben, chi):
    await chi.says("you always do that")
    await ana.reads("you always do that")
    await ana.says("let us take it slowly")
    await ben.reads("you always do that", "let us take it slowly")
    sent, heard = len(ben.sent), len(chi.frames)

    await ben.chooses("you always do that", "Hide this person for me")
    await ben.is_told(HIDDEN)
    await ben.hears("Their messages are hidden for you until you show them again. Nobody is told.")
    await ben.reads("", "let us take it slowly")
    await notes(chi, "about Ben", "and another thing")
    await ana.is_told("about Ben")
    await ben.reads("", "let us take it slowly", "")
    places = ben.room.log.locator(".line__unseen:visible")
    await expect(places).to_have_count(2)
    for said in ("you always do that", "about Ben", "and another thing"):
        await expect(ben.page.get_by_text(said)).to_have_count(0)

    # Nobody learns of it: nothing was sent, and what others saw was what was said.
    assert ben.sent[sent:] == []
    assert {frame["type"] for frame in chi.frames[heard:]} <= {"said", "ack", "controls", "beat"}

    # In the list of people it is undone as it was done, with one tap.
    await ben.room.look_beside()
    await expect(ben.panel.row("Chi").get_by_text("hidden for you")).to_be_visible()
    await expect(ben.panel.beside("Ana", "Hide for me")).to_be_hidden()
    await ben.panel.beside("Chi", "Show again").click()
    await ben.room.look_back()
    await expect(places).to_have_count(0)
    await ben.reads("you always do that", "let us take it slowly", "and another thing")
    assert await ben.kept() == {}


async def test_what_is_hidden_is_not_offered_for_a_copy_either_and_the_page_says_so(talking, ana, ben, chi):
    await chi.says("you always do that")
    await ben.reads("you always do that")
    await ben.says("I am not safe")
    await ana.reads("you always do that", "I am not safe")
    left_out = "Messages of people whom you have hidden are not among them."
    for hidden, offered in ((False, ["you always do that", "I am not safe"]), (True, ["I am not safe"])):
        if hidden:
            await ana.chooses("you always do that", "Hide this person for me")
            await ana.is_told(HIDDEN)
        await ana.unfolds("If somebody may be in danger")
        await ana.presses("Keep a copy to get help")
        await expect(ana.room.asked.locator(".chosen [data-fill=text]")).to_have_text(offered)
        await expect(ana.room.asked.get_by_text(left_out)).to_be_visible(visible=hidden)
        await ana.page.keyboard.press("Escape")
        if not hidden:
            await ana.unfolds("If somebody may be in danger")
    # What a tab keeps of it goes as it came, with one tap.
    await ana.room.deed("Show their messages again").click()
    await ana.is_told("you always do that")


async def test_who_came_for_their_work_is_still_said_to_when_they_left_before_it_was_read(house, cast):
    evening = await house.an_evening(admits_work=True)
    ana, ben, chi = await cast("Ana"), await cast("Ben", **PHONE), await cast("Chi", **PHONE)
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.is_in_the_room()
    await chi.opens(evening.join_path)
    await chi.page.locator("summary").get_by_text("I am here for my work").click()
    await chi.page.get_by_label("I am here for research").check()
    await chi.door.enter("Chi")
    await chi.is_in_the_room()
    await chi.says("one")
    await ben.reads("one")
    # Ben loses touch; Chi says something, and is gone when he is back.
    await ben.loses_the_network()
    await chi.says("two")
    await ana.reads("one", "two")
    await chi.leaves()
    await expect(ana.panel.gone.filter(has_text="Chi")).to_have_count(1)
    await ben.finds_the_network_again()
    await ben.reads("one", "two")
    await expect(ben.room.line("two")).to_contain_text("here for research")


async def test_it_outlives_the_page_and_ends_with_the_session(talking, ana, ben, chi):
    await chi.says("one")
    await ben.reads("one")
    await ben.room.look_beside()
    await ben.panel.beside("Chi", "Hide for me").click()
    await ben.room.look_back()
    await ben.page.reload()
    await ben.is_in_the_room()
    await chi.says("two")
    await ana.reads("one", "two")
    await ana.says("three")
    await ben.reads("", "three")
    assert await ana.page.evaluate("sessionStorage.length") == 0

    await ben.leaves()
    await ben.sees_the_title("You have left")
    assert await ben.kept() == {}


async def test_a_line_for_today_that_somebody_hidden_proposes_is_read_where_people_decide_on_it(
    talking, ana, ben, chi
):
    await chi.says("hello")
    await ben.chooses("hello", "Hide this person for me")
    await chi.room.look_beside()
    await chi.unfolds("What we keep to")
    await chi.page.get_by_label("Anything to add for today?").fill("Ben waits his turn")
    await chi.page.get_by_role("button", name="Propose").click()
    await ana.is_told("Chi proposes for today")
    await ana.unfolds("What we keep to")
    await ana.presses("Ask if all can live with it")
    await ben.is_told("can everybody live with this?")
    await expect(ben.room.notes.filter(has_text="proposes")).to_have_count(0)
    await ben.chooses(HIDDEN, "Show their messages again")
    await ben.reads("hello")


async def test_a_folded_message_is_opened_with_one_tap_and_read_out_to_nobody_before(talking, ana, ben, chi):
    await notes(ben, "hospital", "they kept me for three weeks")
    folded = ana.room.line("hospital")
    text = folded.locator(".line__text")
    await expect(folded.get_by_text("Show it")).to_be_visible()
    await expect(text).to_be_hidden()
    # A message is read out as it comes: there is no button in it, nor the words of one.
    assert "Show it" not in await ana.room.log.aria_snapshot()
    await folded.get_by_text("Show it").click()
    await expect(text).to_have_text("they kept me for three weeks")
    await expect(text).to_be_visible()
    await ana.hears("they kept me for three weeks")
    await folded.get_by_text("Fold it").click()
    await expect(text).to_be_hidden()

    # By keyboard: on the message itself, or by the button that stands beside the log.
    line = chi.room.line("hospital")
    await expect(line).to_be_visible()
    await chi.tabs_to(chi.room.log, backwards=True)
    await chi.types("ArrowUp", "Enter")
    await expect(line.locator(".line__text")).to_be_visible()
    await chi.types("Enter")
    await expect(line.locator(".line__text")).to_be_hidden()
    await chi.tabs_to(chi.room.deed("Show it"))
    await chi.types("Enter")
    await expect(line.locator(".line__text")).to_be_visible()
    await expect(chi.room.deed("Fold it")).to_be_focused()


async def test_who_likes_them_open_has_all_of_them_open(talking, ana, ben):
    await notes(ben, "hospital", "they kept me for three weeks")
    await expect(ana.room.line("hospital")).to_be_visible()
    await expect(ana.room.line("hospital").locator(".line__text")).to_be_hidden()
    await ana.unfolds("How this page is for me")
    choice = ana.page.get_by_label("Messages with a content note")
    await choice.select_option(label="open at once")
    await expect(ana.room.line("hospital").locator(".line__text")).to_be_visible()
    await notes(ben, "work", "they rang again")
    await expect(ana.room.line("work").locator(".line__text")).to_be_visible()
    await choice.select_option(label="folded, until I open them")
    for note in ("hospital", "work"):
        await expect(ana.room.line(note).locator(".line__text")).to_be_hidden()
    assert await ana.kept() == {}
