"""Who was removed can write to the organiser, once: sealed in the records, and read by nobody who removed them."""

from datetime import timedelta

from sqlalchemy import select

from rooms.records import tables
from tests.server.browser import Browser, Page
from tests.server.house import Evening
from tests.server.test_called import on_call, reads
from tests.server.test_dates import text
from tests.server.visitor import Visitor

WORDS = "I was only asking about the bus home.\nPlease look at it again."
ASKED = "1 person who was removed wrote to you."


async def removed(evening: Evening) -> tuple[Visitor, Visitor]:
    """Ana facilitates; Ben was asked to leave."""
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben = await evening.visits("Ben")
    await ana.removes(ben)
    return ana, ben


def at(evening: Evening) -> str:
    return f"/door/{evening.session.id}/review"


async def writes(browser: Browser, evening: Evening, words: str = WORDS) -> Page:
    form = Page(await browser.gets(at(evening)))
    answer = await browser.posts(at(evening), said=words, ticket=form.filled("ticket"))
    assert answer.status_code == 200, answer.text
    return Page(answer)


async def test_the_organiser_and_who_was_on_call_read_it_and_those_who_facilitate_do_not(
    own_evening: Evening,
):
    house = own_evening.house
    olu, kay = await house.signed_in("Olu", organiser=True), await on_call(own_evening, "Kay")
    ana, ben = await removed(own_evening)
    sent = text(await writes(ben.browser, own_evening))
    assert "It is with the organiser now" in sent
    for reader in (olu, kay):
        assert ASKED in await reads(reader)
        shown = await reads(reader, "/desk/reviews")
        assert "I was only asking about the bus home." in shown
        assert "Ben" not in shown
        assert "Thursday: " in shown
    assert ASKED not in await reads(ana.browser)
    assert "bus home" not in await reads(ana.browser, "/desk/reviews")


async def test_in_the_records_it_is_sealed_and_says_nobody(own_evening: Evening):
    _, ben = await removed(own_evening)
    await writes(ben.browser, own_evening)
    async with own_evening.house.database.reading() as conn:
        row = (await conn.execute(select(tables.reviews))).one()
    assert b"bus" not in row.sealed
    assert ben.seat not in row.id
    assert row.session_id == own_evening.session.id


async def test_it_is_written_once_and_what_is_written_again_is_given_back(own_evening: Evening):
    olu = await own_evening.house.signed_in("Olu", organiser=True)
    _, ben = await removed(own_evening)
    await writes(ben.browser, own_evening)
    again = text(await writes(ben.browser, own_evening, "And another thing."))
    assert "You have written to the organiser before" in again
    assert "And another thing." in again
    assert "And another thing." not in await reads(olu, "/desk/reviews")


async def test_only_the_organiser_takes_it_away(own_evening: Evening):
    house = own_evening.house
    olu, kay = await house.signed_in("Olu", organiser=True), await on_call(own_evening, "Kay")
    _, ben = await removed(own_evening)
    await writes(ben.browser, own_evening)
    async with house.database.reading() as conn:
        review = (await conn.scalars(select(tables.reviews.c.id))).one()
    await kay.posts("/desk/reviews", review=review)
    assert "bus home" in await reads(olu, "/desk/reviews")
    await olu.posts("/desk/reviews", review=review)
    for reader in (olu, kay):
        assert "Nothing to look at." in await reads(reader, "/desk/reviews")


async def test_who_was_not_removed_learns_nothing_of_such_a_page(own_evening: Evening):
    ana, _ = await removed(own_evening)
    chi = await own_evening.visits("Chi")
    stranger = own_evening.house.browser()
    nothing = (await stranger.gets("/door/unknown/review")).text
    for browser in (chi.browser, ana.browser, stranger):
        answer = await browser.gets(at(own_evening))
        assert answer.status_code == 404
        assert text(Page(answer)) == text(Page(await browser.gets("/door/unknown/review")))
        assert (await browser.posts(at(own_evening), said=WORDS, ticket="")).status_code == 404
    assert nothing


async def test_a_form_that_was_filled_in_slowly_is_not_lost_with_the_room(own_evening: Evening):
    house = own_evening.house
    ana, ben = await removed(own_evening)
    ticket = Page(await ben.browser.gets(at(own_evening))).filled("ticket")
    await ana.ends()
    for _ in range(3):
        await house.passes(minutes=45)
    assert (await ben.browser.gets(at(own_evening))).status_code == 404
    chi = house.browser()
    assert (await chi.posts(at(own_evening), said=WORDS, ticket=ticket)).status_code == 404, "it is Ben's"
    house.clock.at += timedelta(days=8).total_seconds()
    assert (await ben.browser.posts(at(own_evening), said=WORDS, ticket=ticket)).status_code == 404
    house.clock.at -= timedelta(days=2).total_seconds()
    assert (await ben.browser.posts(at(own_evening), said=WORDS, ticket=ticket)).status_code == 200


async def test_what_needs_another_look_comes_back_filled_in(own_evening: Evening):
    _, ben = await removed(own_evening)
    ticket = Page(await ben.browser.gets(at(own_evening))).filled("ticket")
    for said in ("", "   ", "x" * 1001):
        answer = await ben.browser.posts(at(own_evening), said=said, ticket=ticket)
        page = Page(answer)
        assert answer.status_code == 422
        assert page.faults == {"said": "Please write something, and keep it to 1,000 letters."}
        assert page.filled("said") == said
        assert page.filled("ticket") == ticket


async def test_with_another_key_it_says_that_it_cannot_be_opened(own_evening: Evening):
    house = own_evening.house
    _, ben = await removed(own_evening)
    await writes(ben.browser, own_evening)
    await house.restarts(keys=("quite another key of this server, as long as it must be",))
    olu = await house.signed_in("Olu", organiser=True)
    assert "This cannot be opened any more" in await reads(olu, "/desk/reviews")
