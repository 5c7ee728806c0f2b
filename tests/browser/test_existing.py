"""What exists right now, and what is left at the end: anybody can look, and what stands there is true."""

from playwright.async_api import expect


async def test_somebody_looks_at_what_exists_and_at_the_end_at_what_is_left(evening, ana, ben):
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.says("one thing")
    await ana.reads("one thing")
    await ana.says("another")
    await ben.reads("one thing", "another")
    await ben.writes("and a draft")

    await ben.room.look_beside()
    await ben.unfolds("What exists right now")
    box = ben.panel.side.locator("#exists")
    held = "this server holds {} in its memory"
    await expect(box).to_contain_text(held.format("2 messages"))
    await expect(box).to_contain_text("It holds 2 names of people who are here or wait.")
    await expect(box).to_contain_text("On this page there are 2 messages, in its memory alone.")
    await expect(box.get_by_text("What you are writing is here and nowhere else.")).to_be_visible()
    await expect(box.get_by_text("This device keeps")).to_be_hidden()
    await ana.says("a third")
    await ben.reads("one thing", "another", "a third")
    await ben.page.get_by_role("button", name="Look again").click()
    await expect(box).to_contain_text(held.format("3 messages"))
    await expect(box).to_contain_text("On this page there are 3 messages")
    await ben.room.look_back()

    await ana.ends_in_a_minute()
    await ana.ends_now()
    await ben.sees_the_title("This session has ended")
    await ben.is_told("This server looked in its memory, and holds no word of this session any more.")
    await ana.is_told("This server looked in its memory, and holds no word of this session any more.")


async def test_who_is_out_of_touch_is_told_so_and_can_look_again(evening, ana, ben):
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.is_in_the_room()
    await ben.room.look_beside()
    await ben.unfolds("What exists right now")
    await ben.is_told("This server holds no message")
    await ben.loses_the_network()
    await ben.page.get_by_role("button", name="Look again").click()
    await ben.is_told("We lost touch with the room. Please try again in a moment.")
    await expect(ben.panel.side.locator("#exists li")).to_have_count(0)
    await ben.finds_the_network_again()
    await ben.page.get_by_role("button", name="Look again").click()
    await ben.is_told("This server holds no message in its memory just now.")
