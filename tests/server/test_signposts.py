"""Who else can help: kept by the organisers, shown on every page, and looked at before it is too old to be relied on."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from rooms.records import signposts, tables
from server.signposts import Board
from server.words import choose
from tests.server.browser import Browser, Page
from tests.server.house import House
from tests.server.test_dates import text
from tests.server.test_forms import MARKUP, is_marked_wrong

OpensHouses = Callable[..., Awaitable[House]]
PATH = "/desk/signposts"
OURS = {
    "name-1": "The crisis café",
    "contact-1": "0161 496 0000",
    "hours-1": "6 to 11 in the evening",
    "cost-1": "Free",
}
REMINDER = "Nobody has looked for half a year whether those under “Help now” still answer."


@pytest.fixture
async def olu(own_house: House) -> Browser:
    return await own_house.signed_in("Olu", organiser=True)


async def saves(olu: Browser, **fields: str):
    known = Page(await olu.gets(PATH)).filled("known")
    return await olu.posts(PATH, **{"known": known, **fields})


async def reads(browser: Browser, path: str) -> str:
    return text(Page(await browser.gets(path)))


async def test_until_somebody_keeps_a_list_there_is_the_one_we_begin_with(own_house: House, olu: Browser):
    for path in ("/", "/help", "/nothing"):
        assert "Samaritans" in await reads(own_house.browser(), path)
    page = Page(await olu.gets(PATH))
    assert page.filled("name-2") == "Samaritans"
    assert "Nobody here has looked at them yet" in text(page)


async def test_what_an_organiser_keeps_is_on_every_page_with_the_day_it_was_looked_at(
    own_house: House, olu: Browser
):
    assert (await saves(olu, **OURS)).headers["location"] == PATH
    evening = await own_house.evening()
    ben = await evening.comes_to_the_door()
    for path in ("/", "/help", "/nothing", evening.door_path, f"/room/{evening.room.id}"):
        shown = await reads(ben, path)
        assert "The crisis café" in shown
        assert "6 to 11 in the evening · Free" in shown
        assert "Looked at on 26 November 2026" in shown
        assert "Samaritans" not in shown
        assert "999 in the UK" in shown, "whatever is kept, this stays"
    assert "tel:01614960000" in Page(await ben.gets("/help")).attributes("href")


async def test_that_place_is_never_empty(own_house: House, olu: Browser):
    await saves(olu, **OURS)
    await saves(olu)
    assert "Samaritans" in await reads(own_house.browser(), "/")


async def test_after_half_a_year_the_organiser_is_reminded_until_somebody_has_looked(
    own_house: House, olu: Browser
):
    assert REMINDER not in await reads(olu, "/desk"), "who has no room yet has other things to do"
    await own_house.evening()
    assert REMINDER in await reads(olu, "/desk")
    two = {**OURS, "name-2": "Samaritans", "contact-2": "116 123"}
    await saves(olu, **two)
    assert REMINDER not in await reads(olu, "/desk")
    own_house.clock.at += timedelta(days=180).total_seconds()
    olu = await own_house.signed_in("Olu", organiser=True)
    ana = await own_house.signed_in("Ana")
    assert REMINDER in await reads(olu, "/desk")
    assert REMINDER not in await reads(ana, "/desk")
    await saves(olu, **two, **{"looked-1": "1"})
    assert REMINDER in await reads(olu, "/desk"), "the other one was not looked at"
    shown = await reads(olu, PATH)
    assert "Last looked at on 25 May 2027" in shown
    assert "Last looked at on 26 November 2026" in shown
    await saves(olu, **two, **{"looked-2": "1"})
    assert REMINDER not in await reads(olu, "/desk")


async def test_what_is_written_anew_was_looked_at_by_that(own_house: House, olu: Browser):
    await saves(olu, **OURS)
    own_house.clock.at += timedelta(days=200).total_seconds()
    olu = await own_house.signed_in("Olu", organiser=True)
    await saves(olu, **{**OURS, "contact-1": "0161 496 0001"})
    assert "Last looked at on 14 June 2027" in await reads(olu, PATH)


async def test_when_one_was_looked_at_the_records_say_and_no_form(own_house: House, olu: Browser):
    await saves(olu, **OURS)
    answer = await saves(
        olu, **{**OURS, "name-2": "Nameless", "checked-1": "1 January 2001", "checked-2": "today"}
    )
    shown = text(Page(answer))
    assert answer.status_code == 422, "the second cannot be reached"
    assert shown.count("Last looked at on") == 1
    assert "Last looked at on 26 November 2026" in shown


async def test_the_second_of_two_loses_nothing(own_house: House, olu: Browser):
    pat = await own_house.signed_in("Pat", organiser=True)
    known = Page(await pat.gets(PATH)).filled("known")
    await saves(olu, **OURS)
    late = await pat.posts(PATH, known=known, **{"name-1": "Pat's", "contact-1": "1"})
    page = Page(late)
    assert (late.status_code, page.filled("name-1")) == (409, "Pat's")
    assert "Somebody changed this while you were writing." in text(page)
    assert "The crisis café" in await reads(pat, "/help")
    again = await pat.posts(PATH, known=page.filled("known"), **{"name-1": "Pat's", "contact-1": "1"})
    assert again.status_code == 303
    assert "Pat's" in await reads(pat, "/help")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name-1": ""}, "name-1"),
        ({"contact-1": " "}, "contact-1"),
        ({"hours-1": "x" * 81}, "hours-1"),
        ({"cost-1": "a\x07"}, "cost-1"),
        ({"name-12": "The last"}, "contact-12"),
    ],
)
async def test_what_does_not_fit_is_named_beside_its_field(olu: Browser, changed, field):
    answer = await saves(olu, **{**OURS, **changed})
    page = Page(answer)
    assert (answer.status_code, page.faults.keys()) == (422, {field})
    assert is_marked_wrong(page, field)


async def test_what_was_typed_is_shown_as_it_was_typed(own_house: House, olu: Browser):
    await saves(olu, **{**OURS, "name-1": MARKUP[:60]})
    for path in (PATH, "/help", "/nothing"):
        assert "<script>alert" not in (await olu.gets(path)).text


async def test_a_server_that_comes_up_knows_them_and_keeps_them_when_the_records_fail(
    own_house: House, olu: Browser, caplog
):
    await saves(olu, **OURS)
    await own_house.restarts()
    board = own_house.home.board
    assert [post.name for post in board.shown(choose("en"))] == ["The crisis café"]
    async with own_house.database.writing() as conn:
        await conn.run_sync(tables.signposts.drop)
    await board.read(own_house.database)
    assert [post.name for post in board.shown(choose("en"))] == ["The crisis café"]
    assert "what stands on every page could not be read" in caplog.text


async def test_another_server_reads_them_within_a_minute(own_house: House, olu: Browser, monkeypatch):
    monkeypatch.setattr("server.signposts.EVERY_SECONDS", 0.01)
    board = Board()
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(board.go_on_reading(own_house.database))
        await saves(olu, **OURS)
        while [post.name for post in board.shown(choose("en"))] != ["The crisis café"]:  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.01)
        reading.cancel()
    async with own_house.database.reading() as conn:
        assert len(await signposts.every(conn)) == 1
