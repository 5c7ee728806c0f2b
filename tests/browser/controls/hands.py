"""What somebody does on the page of a live room with more than one press, as people do it."""

from playwright.async_api import Locator, expect

from tests.browser.people import Person


def hand(who: Person, whose: str) -> Locator:
    return who.panel.side.locator(".hands li").filter(has_text=whose)


async def opens_beside(who: Person, *folds: str) -> None:
    await who.room.look_beside()
    for fold in folds:
        await who.unfolds(fold)


async def asks(who: Person, button: Locator, yes: str, **choices: str) -> None:
    """What is asked about before it is done."""
    await button.click()
    await who.room.answer(yes, **choices)


async def outright(who: Person, name: str, button: str) -> None:
    """One press further than what is used most; what others see of it stands there."""
    await who.panel.row(name).get_by_text("More", exact=True).click()
    await who.panel.beside(name, button).click()


async def takes_powers(who: Person, whose: Person) -> None:
    await outright(who, whose.name, "Take their powers")
    await who.room.answer("Take them")


async def lets_go(who: Person, text: str) -> None:
    """Of the message that was chosen: what can be done with it stands over the next ones."""
    await who.room.line(text).click()
    await expect(who.page.locator("#deeds")).to_be_hidden()


async def raises_a_hand(who: Person) -> None:
    await asks(who, who.page.get_by_role("button", name="Raise a hand"), "Raise it")


async def writes_in(place: Locator, label: str, text: str, button: str) -> None:
    await place.get_by_label(label).fill(text)
    await place.get_by_role("button", name=button, exact=True).click()


async def chooses_in(place: Locator, label: str, choice: str, button: str) -> None:
    await place.get_by_label(label).select_option(label=choice)
    await place.get_by_role("button", name=button, exact=True).click()


async def asks_about(who: Person, text: str, deed: str, yes: str, **choices: str) -> None:
    await who.chooses(text, deed)
    await who.room.answer(yes, **choices)


async def folds(who: Person, text: str, note: str) -> None:
    await who.chooses(text, "Content note")
    await who.room.asked.get_by_label("What it is about").fill(note)
    await who.room.answer("Fold it")


async def to_the_corner(who: Person, corner: Locator) -> None:
    await corner.click()
    await who.room.asked.get_by_label("The others may see").check()
    await who.room.answer("Go there")


async def worries(who: Person, text: str) -> None:
    await who.presses("Tell the facilitators about a worry")
    await who.room.asked.get_by_label("In your words, if you like").fill(text)
    await who.room.answer("Tell them")


async def keeps(who: Person, button: str, text: str, yes: str) -> None:
    """A file, on their own device."""
    await who.presses(button)
    await who.room.asked.locator(".chosen label").filter(has_text=text).locator("input").check()
    async with who.page.expect_download():
        await who.room.answer(yes)


async def asks_all(place: Locator, question: str, one: str, another: str) -> None:
    await place.get_by_label("A question").fill(question)
    await place.get_by_label("An answer", exact=True).fill(one)
    await place.get_by_label("Another answer").fill(another)
    await place.get_by_role("button", name="Ask everyone").click()
