"""Turns, hands, the quiet corner, a private line and one's own choices, without a pointer."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.company import Company
from tests.browser.people import Person

DESK = {"width": 640, "height": 600}
GETS_READY = 16
BEGINS = 11


@pytest.fixture
async def ben(cast: Company) -> Person:
    return await cast("Ben", viewport=DESK)


@pytest.fixture
async def chi(cast: Company) -> Person:
    return await cast("Chi", viewport=DESK)


async def presses(person: Person, where: Locator, *, backwards: bool = False) -> None:
    await person.tabs_to(where, backwards=backwards)
    await person.types("Enter")


async def stands_somewhere(person: Person) -> None:
    """The keyboard was not thrown back to the top of the page."""
    assert await person.page.evaluate(
        "document.activeElement !== document.body && document.activeElement.id !== 'main'"
    )


async def test_a_round_in_which_one_speaks_in_two_parts_and_one_comes_back_later_and_passes(
    house, talking, ana, ben, chi
):
    side = ana.panel.side
    await presses(ana, side.locator("summary").get_by_text("A round", exact=True))
    await ana.tabs_to(side.locator("[data-do=begin_round]").get_by_label("Order"))
    await ana.page.keyboard.type("as people")
    await presses(ana, ana.panel.button("Begin a round"))
    for member in (ben, chi):
        await member.hears("You can pass.")
    for member in (ben, chi):
        await member.tabs_to(member.room.composer)
    house.time_passes(GETS_READY)
    await ana.hears("Your turn is next.")
    house.time_passes(BEGINS)
    await ana.hears("Your turn. Send as many messages as you like.")
    await ana.tabs_to(ana.room.composer, backwards=True)
    await ana.page.keyboard.type("good to see you")
    await ana.types("Enter")
    await ben.reads("good to see you")
    await presses(ana, ana.room.now("Done"), backwards=True)
    await ana.hears("Thank you. Your turn is over.")
    await stands_somewhere(ana)

    # Getting ready moves nobody: who writes already goes on writing.
    await ben.hears("Your turn is next. Take a breath; you can begin to write.")
    await expect(ben.room.composer).to_be_focused()
    await ben.page.keyboard.type("it was a long week")
    house.time_passes(BEGINS)
    await ben.hears("Your turn. Send as many messages as you like.")
    await expect(ben.room.composer).to_be_focused()
    await expect(ben.room.send).to_be_enabled()
    await ben.types("Enter")
    await ben.reads("good to see you", "it was a long week")
    await ben.page.keyboard.type("and it ended well")
    await ben.types("Enter")
    await chi.reads("good to see you", "it was a long week", "and it ended well")
    await presses(ben, ben.room.now("Done"), backwards=True)
    await ben.hears("Thank you. Your turn is over.")
    await stands_somewhere(ben)

    await chi.hears("Your turn is next.")
    house.time_passes(BEGINS)
    await chi.hears("Your turn. Send as many messages as you like.")
    await presses(chi, chi.room.now("Come back to me"), backwards=True)
    await chi.hears("Your turn comes again at the end.")
    await stands_somewhere(chi)
    house.time_passes(BEGINS)
    await presses(chi, chi.room.now("Pass"), backwards=True)
    await chi.hears("You passed.")
    await chi.is_told("Everyone has had a turn. The round is finished.")
    # Where she stood has gone; the talk itself is next to it.
    await expect(chi.room.now("Pass")).to_be_hidden()
    await expect(chi.room.log).to_be_focused()


async def test_raised_hands_from_the_first_to_the_last(talking, ana, ben, chi):
    side = ana.panel.side
    await presses(ana, side.locator("summary").get_by_text("How we talk", exact=True))
    await presses(ana, ana.panel.button("By raised hands"))
    await ben.is_told("Raise a hand to ask for it.")
    raise_hand = ben.page.get_by_role("button", name="Raise a hand")
    await presses(ben, raise_hand)
    await expect(ben.room.asked.get_by_role("button", name="Not now")).to_be_focused()
    await ben.types("Escape")
    await expect(raise_hand).to_be_focused()
    await ben.types("Enter")
    await ben.tabs_to(ben.room.asked.get_by_role("combobox"), backwards=True)
    await ben.page.keyboard.type("something")
    await presses(ben, ben.room.asked.get_by_role("button", name="Raise it"))
    await ben.is_told("Your hand is up.")
    await stands_somewhere(ben)
    await presses(chi, chi.page.get_by_role("button", name="Raise a hand"))
    await presses(chi, chi.room.asked.get_by_role("button", name="Raise it"))
    await chi.is_told("Your hand is up.")
    await presses(chi, chi.room.now("Lower it"), backwards=True)
    await expect(chi.room.now("Lower it")).to_be_hidden()
    await stands_somewhere(chi)

    await presses(ana, ana.panel.button("Call the next hand"))
    await ben.hears("You have the word.")
    await ben.tabs_to(ben.room.composer)
    await ben.page.keyboard.type("thank you for waiting")
    await ben.types("Enter")
    await ana.reads("thank you for waiting")
    await presses(ben, ben.room.now("Done"), backwards=True)
    await ana.is_told("Ben is done.")
    await stands_somewhere(ben)


async def test_to_the_quiet_corner_and_back(talking, ana, ben):
    await presses(ben, ben.page.get_by_role("button", name="Quiet corner"))
    await ben.tabs_to(ben.room.asked.get_by_label("Please leave me be"), backwards=True)
    await ben.types("Space")
    await presses(ben, ben.room.asked.get_by_role("button", name="Go there"))
    await ben.is_told("You are out of the talk, and your seat is kept.")
    await ben.is_told("Facilitators leave you be")
    await ben.hears("The quiet corner")
    await ben.tabs_to(ben.page.get_by_label("Write to them").locator("visible=true"))
    await ben.page.keyboard.type("I am all right, it was a lot")
    await presses(ben, ben.page.get_by_role("button", name="Send to them").locator("visible=true"))
    await ana.is_told("I am all right, it was a lot")
    await presses(ben, ben.page.get_by_role("button", name="Come back"), backwards=True)
    await ben.is_in_the_room()
    await ben.tabs_to(ben.room.composer)
    await ben.page.keyboard.type("hello again")
    await ben.types("Enter")
    await ana.reads("hello again")


async def test_a_private_line_there_and_back(talking, ana, ben):
    await presses(ben, ben.page.get_by_role("button", name="Private line"))
    # The sheet opens where one writes.
    write = ben.panel.side.get_by_label("Write to them")
    await expect(write).to_be_focused()
    await ben.page.keyboard.type("may I ask you something")
    await presses(ben, ben.panel.side.get_by_role("button", name="Send to them"))
    await expect(write).to_have_value("")

    await ana.hears("Ben has written in a private line.")
    await ana.tabs_to(ana.panel.side.locator("#lines").get_by_label("Answer"))
    await ana.page.keyboard.type("of course")
    await presses(ana, ana.panel.side.locator("#lines").get_by_role("button", name="Send", exact=True))
    await ben.hears("Ana has written to you privately.")
    await expect(ben.panel.side.locator(".private__notes")).to_contain_text("of course")
    await presses(ben, ben.room.back, backwards=True)
    await expect(ben.page.get_by_role("button", name="Private line")).to_be_visible()
    await ana.reads()


async def test_a_choice_of_ones_own(talking, ben):
    await presses(ben, ben.room.people_button, backwards=True)
    side = ben.panel.side
    await presses(ben, side.locator("summary").get_by_text("How this page is for me"))
    await ben.tabs_to(side.get_by_label("Size of the words"))
    await ben.page.keyboard.type("largest")
    whole = ben.page.locator("html")
    await expect(whole).to_have_attribute("data-size", "largest")
    await presses(ben, side.get_by_role("button", name="As it was at first"))
    await expect(whole).not_to_have_attribute("data-size", "largest")
    assert await ben.kept() == {}
    await presses(ben, side.locator("summary").get_by_text("My seat"), backwards=True)
    await presses(ben, side.get_by_role("button", name="Only listen from now on"))
    await ben.is_told("You are listening. That is a full way of being here.")
    await ben.types("Escape")
    await expect(ben.room.people_button).to_be_focused()
