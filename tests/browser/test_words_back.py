"""What somebody has written comes back to them whole, or goes where they sent it, whatever others do meanwhile."""

import json
from pathlib import Path

from playwright.async_api import expect

SECRET = "my nurse on ward nine is called Mary"
KEPT = "that was hard to hear"


async def test_words_that_were_looked_at_while_their_writer_was_away_come_back_folded(talking, ana, ben):
    await ana.unfolds("Shield")
    await ana.presses("Look first at everything")
    await ben.is_told("For now a facilitator looks at each message first.")
    note = ben.page.get_by_label("Content note: it folds the message")
    await ben.page.get_by_text("A note, or a wish").click()
    await note.fill("hospital")
    await ben.says(SECRET)
    await ben.is_told("A facilitator is looking at this first.")
    await ben.loses_the_network()
    await ana.panel.side.locator("#looks").get_by_role("button", name="Give back").click()
    await expect(ana.panel.side.locator("#looks")).to_be_hidden()
    await ben.finds_the_network_again()
    await ben.is_told("Only you can read this now. It has private details in it.")
    await ben.room.tray.get_by_role("button", name="Put back in the box").click()
    await expect(ben.room.composer).to_have_value(SECRET)
    await expect(note).to_have_value("hospital")


async def test_a_worry_is_about_its_message_though_that_was_taken_back_meanwhile(talking, ana, ben, chi):
    await ben.says(SECRET)
    await chi.reads(SECRET)
    await chi.chooses(SECRET, "Tell the facilitators")
    await chi.room.asked.get_by_label("In your words, if you like").fill("this worries me")
    await ben.takes_back(SECRET)
    await ana.reads("Taken back by the person who wrote it.")
    await chi.reads("Taken back by the person who wrote it.")
    await chi.room.answer("Tell them")
    await expect(ana.panel.side.locator("#flags li")).to_contain_text("about a message of Ben")
    await expect(ana.panel.side.locator("#flags li")).to_contain_text("this worries me")


async def test_whoever_tells_of_a_worry_reads_that_it_was_sent_and_not_beside_the_next(talking, ben, chi):
    await ben.says(SECRET)
    await ben.says(KEPT)
    await chi.reads(SECRET, KEPT)
    await chi.chooses(KEPT, "Tell the facilitators")
    await chi.room.answer("Tell them")
    sent = chi.page.locator("#deeds .said-beside")
    await expect(sent).to_have_text("Sent.")
    await chi.room.line(SECRET).click()
    await expect(sent).to_have_count(0)


async def test_a_slip_is_written_of_what_still_stands_there_and_says_that_it_is_less(talking, ana, ben, chi):
    for text in (SECRET, KEPT):
        await ben.says(text)
    await chi.reads(SECRET, KEPT)
    await chi.room.look_beside()
    await chi.unfolds("If something is not right")
    await chi.presses("Write a report slip")
    offered = chi.room.asked.locator(".chosen label")
    for text in (SECRET, KEPT):
        await offered.filter(has_text=text).locator("input").check()
    await ana.takes_down(SECRET)
    await expect(offered).to_have_count(1)
    async with chi.page.expect_download() as coming:
        await chi.room.answer("Write it")
    slip = Path(await (await coming.value).path()).read_text("utf-8")  # noqa: ASYNC240  a test reads little
    assert [each["text"] for each in json.loads(slip[slip.index("{") :])["messages"]] == [KEPT]


async def test_what_was_said_stays_in_no_dialog_when_the_screens_are_cleared(talking, ana, ben, chi):
    await ben.says(SECRET)
    await chi.reads(SECRET)
    await chi.room.look_beside()
    await chi.unfolds("If something is not right")
    await chi.presses("Write a report slip")
    await expect(chi.room.asked).to_contain_text(SECRET)
    await chi.room.answer("Not now")
    await expect(chi.page.get_by_text(SECRET)).to_have_count(1)
    await chi.presses("Write a report slip")
    await ana.unfolds("For the whole room, and final")
    await ana.presses("Clear everybody’s screen")
    await ana.room.answer("Clear them")
    await expect(chi.page.get_by_text(SECRET)).to_have_count(0)
    await expect(chi.room.asked).to_be_visible()


async def test_nobody_is_kept_by_a_question_and_enter_is_the_answer(talking, ana, ben):
    await ana.panel.beside("Ben", "Write").click()
    await ana.room.answer("Not now")
    await expect(ana.room.asked).to_have_count(0)
    await ben.says(SECRET)
    await ana.reads(SECRET)
    await ana.chooses(SECRET, "Content note")
    await ana.room.asked.get_by_label("What it is about").fill("hospital")
    await ana.types("Enter")
    await expect(ana.room.asked).to_have_count(0)
    await ben.is_told("hospital")


async def test_last_words_that_came_too_late_can_still_be_read_and_copied(talking, ana, ben):
    await ana.says("soon it is over")
    await ben.reads("soon it is over")
    await ben.loses_the_network()
    await ben.says(SECRET)
    await ana.ends_in_a_minute()
    await ana.ends_now()
    await ana.sees_the_title("This session has ended")
    await ben.finds_the_network_again()
    await ben.sees_the_title("This session has ended")
    await ben.is_told("Not sent.")
    await expect(ben.room.tray).to_contain_text(SECRET)
    await expect(ben.room.tray.get_by_role("button")).to_have_text(["Throw away"])
