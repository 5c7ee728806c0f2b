"""A full room: twelve members, each at a browser of their own, and a round that goes to all of them."""

import asyncio

from playwright.async_api import expect

from tests.browser.company import PHONE
from tests.browser.people import Person

NAMES = ("Ben", "Chi", "Dee", "Eli", "Fay", "Gus", "Hal", "Ivy", "Joy", "Kit", "Lou", "May")
GETS_READY = 16
BEGINS = 11
LATER, PASSES, OUT_OF_TOUCH = "Fay", "Kit", "Hal"


async def speaks(person: Person, *texts: str) -> None:
    await person.is_told("Send as many messages as you like.")
    for text in texts:
        await person.says(text)
        await person.reads_last(text)


async def test_a_round_goes_to_twelve_members_at_twelve_browsers(house, cast, ana):
    evening = await house.an_evening(seats=len(NAMES))
    await ana.facilitates(evening)
    await ana.starts()
    members = []
    for name in NAMES:
        members.append(await cast(name, **PHONE))
        await members[-1].joins(evening)
        await members[-1].is_in_the_room()
    everybody = [ana, *members]
    await ana.sees_here("Ana", *NAMES)

    await ana.unfolds("A round")
    begin = ana.panel.side.locator("[data-do=begin_round]")
    await begin.get_by_label("Order").select_option(label="as people came")
    await ana.presses("Begin a round")
    await asyncio.gather(*(person.is_told("A round begins.") for person in everybody))
    said: list[str] = []
    house.time_passes(GETS_READY)
    for person in everybody:
        await person.is_told("Your turn is next.")
        house.time_passes(BEGINS)
        if person.name == LATER:
            await person.room.now("Come back to me").click()
            await person.is_told("Your turn comes again at the end.")
        elif person.name == PASSES:
            await person.room.now("Pass").click()
            await person.is_told("You passed.")
        else:
            texts = [f"{person.name} is here", f"and that is all from {person.name}"]
            await speaks(person, *texts)
            said += texts
            if person.name == OUT_OF_TOUCH:
                # Who has lost touch in their own turn finds it as they left it.
                await person.loses_the_network()
                await person.is_told("We lost touch with the room.")
                await person.writes("one more thing, once I am back")
                await person.finds_the_network_again()
                await expect(person.room.banner).to_have_count(0)
                await person.sends()
                said.append("one more thing, once I am back")
                await person.reads_last(said[-1])
            await person.room.now("Done").click()
            await person.is_told("Thank you. Your turn is over.")
        await asyncio.gather(*(each.reads_last(said[-1]) for each in everybody))

    (later,) = (person for person in members if person.name == LATER)
    await later.is_told("Your turn is next.")
    house.time_passes(BEGINS)
    await speaks(later, "now I know what I wanted to say")
    await later.room.now("Done").click()
    said.append("now I know what I wanted to say")
    over = "Everyone has had a turn. The round is finished."
    await asyncio.gather(*(person.is_told(over) for person in everybody))
    # On a phone the talk is longer by now than what the page keeps drawn.
    for person in everybody:
        assert [frame["text"] for frame in person.heard("said")] == said, person.name
    assert [frame["why"] for person in everybody for frame in person.heard("refused")] == []
