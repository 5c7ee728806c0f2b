"""Who has the word: every control, pressed by hand, and who reads what came of it."""

import re

from playwright.async_api import expect

from tests.browser.company import Company
from tests.browser.controls.hands import asks, chooses_in, hand, opens_beside, raises_a_hand
from tests.browser.effects import Effects, goes, reads
from tests.browser.house import House
from tests.browser.people import Person
from tests.browser.states import under_way

SHOWN = "Time left, as they chose to show: "


async def raised_hands(house: House, cast: Company, effect: Effects) -> None:
    """One at a time."""
    ana, ben, chi = await under_way(await house.an_evening(), cast)
    await ana.unfolds("How we talk")
    changed = "Ana has changed how we talk: one at a time, by raised hands."
    await effect(ana, "set_mode", ana.presses("By raised hands"), reads(changed, ana, ben, chi))
    await effect(
        ben,
        "raise_hand",
        raises_a_hand(ben),
        reads("Your hand is up. You are next.", ben),
        reads("Ben", ana, at=".hands"),
    )
    await effect(chi, "raise_hand", raises_a_hand(chi), reads("Your hand is up. You are number 2.", chi))
    await effect(
        ana,
        "move_hand",
        asks(
            ana, hand(ana, "Chi").get_by_role("button", name="To the front"), "Move it", Why="not heard yet"
        ),
        reads("Ana has moved the hand of Chi: not heard yet.", ana, ben, chi),
        reads("You are number 2.", ben),
    )
    await effect(
        ana,
        "skip_hand",
        hand(ana, "Chi").get_by_role("button", name="Later").click(),
        reads("Ana comes back to you later. Your hand stays up.", chi),
        reads("Ana comes back to Chi later.", ana, ben),
    )
    await effect(
        ana,
        "call",
        hand(ana, "Chi").get_by_role("button", name="Give the word").click(),
        reads("You have the word.", chi),
        reads("Chi has the word.", ana, ben),
    )
    await effect(
        chi,
        "done",
        chi.room.now("Done").click(),
        goes("You have the word.", chi),
        reads("Nobody has the word just now.", ana, ben),
    )
    await effect(
        ana,
        "call_next",
        ana.presses("Call the next hand"),
        reads("You have the word.", ben),
        reads("Ben has the word.", ana, chi),
    )
    await raises_a_hand(chi)
    await effect(
        chi,
        "lower_hand",
        chi.room.now("Lower it").click(),
        goes("Your hand is up.", chi),
        goes("Chi", ana, at=".hands"),
    )
    await raises_a_hand(chi)
    await chi.is_told("Your hand is up.")
    await effect(
        ana,
        "clear_hands",
        ana.presses("Lower all hands"),
        reads("Ana has lowered all hands.", ana, ben, chi),
        goes("Your hand is up.", chi),
    )


async def a_round(house: House, cast: Company, effect: Effects) -> None:
    """A turn each, and what one can do with it."""
    ana, ben, chi = await under_way(await house.an_evening(), cast)
    await ben.page.get_by_role("button", name="My seat").click()
    longer = ben.panel.side.locator("[data-do=set_extra_time]")
    await effect(
        ben,
        "set_extra_time",
        chooses_in(longer, "My turns in a round", "twice as long", "Keep"),
        reads("Now: twice as long", ben),
    )
    await effect(
        ben,
        "show_timer",
        ben.presses("Show others how long my turn still is"),
        reads("While it is your turn, everybody sees how long it still is.", ben),
    )
    await ben.room.look_back()
    await ana.unfolds("A round")
    begin = ana.panel.side.locator("[data-do=begin_round]")
    await effect(
        ana,
        "begin_round",
        chooses_in(begin, "Order", "as people came", "Begin a round"),
        reads("Ana begins a round:", ana, ben, chi),
        reads("You are number 2. You can pass.", ben),
    )
    house.time_passes(16)
    await ana.is_told("Your turn is next.")
    await effect(
        ana,
        "pass_turn",
        ana.room.now("Pass").click(),
        reads("You passed.", ana),
        reads("Your turn is next.", ben),
        reads("Ben gets ready.", chi),
    )
    await effect(
        ana,
        "pause_round",
        ana.presses("Stop the clock"),
        reads("Ana has stopped the clock of the round. Nobody loses time.", ana, ben, chi),
    )
    await effect(
        ana, "go_on_round", ana.presses("Let it go on"), reads("Ana lets the round go on.", ana, ben, chi)
    )
    house.time_passes(11)
    await ben.is_told("of your turn left")
    # Of four minutes. How much of them is over when it is looked at hangs on how fast the machine is.
    await reads_that_is_left(chi, "[34]")
    house.time_passes(125)
    await expect(ben.room.now("More time")).to_be_visible()
    for other in (ana, chi):
        await reads_that_is_left(other, "1")
    await effect(
        ben,
        "more_time",
        ben.room.now("More time").click(),
        goes("More time", ben, at="#now"),
        reads(f"{SHOWN}3:", ana, chi),
    )
    await effect(
        ana,
        "shorten_round",
        chooses_in(
            ana.panel.side.locator("[data-do=shorten_round]"),
            "Make the turns to come shorter",
            "1 minute",
            "Shorten",
        ),
        reads("Ana has made the turns to come shorter, all by the same.", ana, ben, chi),
    )
    await effect(
        ben,
        "come_back_later",
        ben.room.now("Come back to me").click(),
        reads("Your turn comes after this one.", ben),
        reads("Your turn is next.", chi),
        reads("Chi gets ready.", ana),
    )
    await effect(
        ana,
        "end_round",
        asks(ana, ana.panel.button("End the round"), "End it"),
        reads("Ana has ended the round.", ana, ben, chi),
    )
    await opens_beside(ben, "How this page is for me")
    await ben.presses("As it was at first")


async def reads_that_is_left(who: Person, minutes: str) -> None:
    await expect(
        who.page.get_by_text(re.compile(f"{SHOWN}{minutes}:")).locator("visible=true")
    ).to_be_visible()
