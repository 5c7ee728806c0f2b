"""One person is one seat, whatever their tabs and their network do."""

import asyncio

from playwright.async_api import Route, expect

from tests.browser.pages import Room


async def test_a_second_tab_is_the_same_seat_and_closing_one_does_not_end_it(evening, ana, ben):
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.is_in_the_room()
    first = ben.page

    second = await ben.opens_a_second_tab()
    await expect(Room(second).composer).to_be_visible()
    await ana.says("welcome")
    await ben.reads("welcome")
    await expect(Room(second).words).to_have_text(["welcome"])
    await ana.sees_here("Ana", "Ben")

    await first.close()
    ben.at(second)
    await ben.says("still here")
    await ana.reads("welcome", "still here")
    await ana.sees_here("Ana", "Ben")
    assert ana.heard("left") == ana.heard("lost_touch") == []


async def test_loading_the_page_again_keeps_the_seat_and_shows_no_backlog(evening, ana, ben):
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.says("before")
    await ana.reads("before")

    await ben.page.reload()
    await ben.is_in_the_room()
    await ana.says("after")

    await ben.reads("after")
    await ana.sees_here("Ana", "Ben")


async def test_what_is_said_to_a_newcomer_whose_page_is_still_loading_is_on_it(evening, ana, ben):
    await ana.facilitates(evening)
    await ana.starts()
    await ana.says("before")
    slow = asyncio.Event()

    async def holds(route: Route) -> None:
        await slow.wait()
        await route.continue_()

    await ben.page.route("**/js/room.js", holds)
    await ben.joins(evening)
    await ana.sees_here("Ana", "Ben")
    await ana.says("hello Ben")
    await ana.says("make yourself at home")
    await ana.reads("before", "hello Ben", "make yourself at home")
    slow.set()
    await ben.reads("hello Ben", "make yourself at home")
    await ben.says("thank you")
    await ana.reads("before", "hello Ben", "make yourself at home", "thank you")
    await ben.page.unroute("**/js/room.js")


async def test_a_message_whose_answer_was_lost_is_carried_once(evening, ana, ben):
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.is_in_the_room()

    ben.network.hears_nothing()
    await ben.says("did that arrive?")
    await ana.reads("did that arrive?")
    await expect(ben.room.tray).to_contain_text("did that arrive?")
    await expect(ben.room.tray).to_contain_text("Sending")
    ben.network.cut()
    ben.network.mend()

    await ben.reads("did that arrive?")
    await expect(ben.room.tray).to_be_empty()
    await ana.says("it did")
    await ana.reads("did that arrive?", "it did")
    await ben.reads("did that arrive?", "it did")


async def test_what_was_said_in_a_tunnel_comes_out_at_its_end(evening, ana, ben):
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.is_in_the_room()

    ben.network.goes_silent()
    await ana.says("one")
    await ben.says("two")
    await expect(ben.room.tray).to_contain_text("Sending")
    await ana.says("three")
    await ana.reads("one", "three")
    await ben.reads()
    ben.network.mend()

    await ben.reads("one", "three", "two")
    await ana.reads("one", "three", "two")
    await expect(ben.room.tray).to_be_empty()


async def test_a_worry_that_was_told_while_she_was_away_is_counted_once(evening, ana, ben):
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.is_in_the_room()
    await ana.loses_the_network()
    await ben.sends_by_hand(type="flag", verb="worried", message=None, seat=None, text="It is too loud.")
    await ben.says("hello?")
    await ben.reads("hello?")
    await ana.finds_the_network_again()
    await ana.reads("hello?")
    flags = ana.panel.side.locator("#flags")
    await expect(flags).to_contain_text("It is too loud.")
    await expect(flags.get_by_text("2 times")).to_be_hidden()
    assert [frame["why"] for frame in ben.heard("refused")] == []
