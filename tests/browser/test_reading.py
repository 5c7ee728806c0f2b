"""Reading: the view stays where the reader put it, and every message comes once to ears as to eyes."""

import pytest
from playwright.async_api import expect

from tests.browser.people import Person

# What a screen reader would be told of: everything that is added to the log, or put anew where something stood.
WATCHES = """() => {
  globalThis.added = [];
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes)
      if (node.nodeType === 1) globalThis.added.push(node.querySelector(".line__text")?.textContent ?? node.textContent);
  }).observe(document.querySelector("#log"), { childList: true, subtree: true });
}"""

# A page hears of it with the next frame.
SCROLLS_UP = """log => new Promise((then) => {
  log.parentElement.scrollTo(0, 0);
  requestAnimationFrame(() => setTimeout(then));
})"""


@pytest.fixture
async def talking(evening, ana, ben) -> tuple[Person, Person]:
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.is_in_the_room()
    return ana, ben


async def top(person: Person) -> float:
    return float(await person.page.evaluate("document.querySelector('#scroller').scrollTop"))


async def test_new_words_do_not_move_the_view_of_who_reads_further_up(talking):
    ana, ben = talking
    for number in range(8):
        await ana.says(f"{number}: " + "a long thought, told without haste. " * 6)
        await ben.reads_last(f"{number}: " + ("a long thought, told without haste. " * 6).strip())
    await expect(ben.room.line("7: a long thought")).to_be_in_viewport()
    at_the_end = await top(ben)
    assert at_the_end > 0

    await ben.room.log.evaluate(SCROLLS_UP)
    unread = ben.page.locator("#unread")
    await ana.says("one more")
    await expect(ben.page.get_by_role("button", name="One new message", exact=True)).to_be_visible()
    await ana.says("and another")
    await expect(ben.page.get_by_role("button", name="2 new messages", exact=True)).to_be_visible()
    assert await top(ben) == 0

    await unread.click()
    await expect(unread).to_be_hidden()
    await expect(ben.room.line("and another")).to_be_in_viewport()
    assert await top(ben) > at_the_end
    await ana.says("with you again")
    await expect(ben.room.line("with you again")).to_be_in_viewport()
    await expect(unread).to_be_hidden()


async def test_every_message_is_announced_once_and_neither_history_nor_buttons_are_read_out(talking):
    ana, ben = talking
    await ana.says("before")
    await ben.reads("before")
    await ben.page.evaluate(WATCHES)
    await expect(ben.room.log).to_have_attribute("role", "log")

    await ana.says("one")
    await ben.reads("before", "one")
    # What a facilitator does, a lost connection and a replay draw the page anew, but not what stands in the log.
    await ana.pauses()
    await ben.is_told("Ana has paused the room.")
    await ana.presses("Go on")
    await ben.loses_the_network()
    await ana.says("two")
    await ana.reads("before", "one", "two")
    await ben.finds_the_network_again()
    await ben.reads("before", "one", "two")
    await ben.room.line("one").click()
    await expect(ben.page.locator("#deeds")).to_be_visible()

    added = await ben.page.evaluate("added")
    assert [words for words in added if words in {"before", "one", "two"}] == ["one", "two"]
    # What can be done with a message stands beside the log, not in what is read out of it.
    await expect(ben.room.log.get_by_role("button")).to_have_count(0)
