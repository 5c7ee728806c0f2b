"""Who is called when a room needs somebody, and where it is read that somebody was not okay with how it was run."""

import asyncio
from collections.abc import Awaitable, Callable

from rooms.records import rota, sessions
from tests.server.browser import Browser, Page
from tests.server.house import Evening, House
from tests.server.test_dates import text

OpensHouses = Callable[..., Awaitable[House]]
NOT_OKAY = "Thursday: somebody was not okay with how it was run"


async def on_call(evening: Evening, name: str) -> Browser:
    account = await evening.house.account(name)
    async with evening.house.database.writing() as conn:
        await rota.put_down(conn, [evening.session.id], "on_call", account.id)
    return await evening.house.signed_in(name)


async def reads(browser: Browser, path: str = "/desk") -> str:
    return text(Page(await browser.gets(path)))


async def test_a_complaint_is_read_by_the_organiser_and_who_is_on_call_and_by_nobody_else(
    own_evening: Evening,
):
    house, room = own_evening.house, f"/desk/rooms/{own_evening.room.id}"
    olu, kay = await house.signed_in("Olu", organiser=True), await on_call(own_evening, "Kay")
    ana = await own_evening.facilitates("Ana")
    await ana.starts()
    ben = await own_evening.visits("Ben")
    await ben.says("a word that is nobody's business")
    for _ in range(2):
        await ben.asks("flag_about_facilitation")
    await house.passes(1)
    for shown in (await reads(olu), await reads(olu, room), await reads(kay)):
        assert NOT_OKAY in shown
        assert "Said 2 times." in shown
        assert "Ben" not in shown
        assert "nobody's business" not in shown
    assert NOT_OKAY not in await reads(ana.browser)
    assert NOT_OKAY not in await reads(ana.browser, room)
    assert (await kay.gets(room)).status_code == 404
    await olu.posts(room, do="read", session=own_evening.session.id)
    assert NOT_OKAY not in await reads(olu, room) + await reads(kay)


async def test_when_nobody_comes_those_who_could_are_called(own_evening: Evening):
    house = own_evening.house
    olu, kay = await house.signed_in("Olu", organiser=True), await on_call(own_evening, "Kay")
    await own_evening.has_facilitator("Jo")
    jo = await house.signed_in("Jo")
    said = "Thursday: no facilitator has come yet."
    ben = await own_evening.visits("Ben")
    assert said not in await reads(olu)
    await house.passes(1, minutes=3)
    await ben.sees("on_call_alerted")
    await house.passes(1)
    for browser in (olu, kay, jo):
        assert said in await reads(browser)
    assert own_evening.live_path in (await jo.gets("/desk")).text, "who facilitates it can go in"
    assert own_evening.live_path not in (await kay.gets("/desk")).text
    ana = await own_evening.facilitates("Ana")
    await ana.starts()
    await ana.ends()
    await house.passes(1)
    assert said not in await reads(olu)


async def test_a_session_that_nobody_facilitated_stands_at_the_desk_until_its_organiser_takes_it_away(
    own_evening: Evening,
):
    house, room = own_evening.house, f"/desk/rooms/{own_evening.room.id}"
    await own_evening.has_facilitator("Jo")
    olu, kay = await house.signed_in("Olu", organiser=True), await on_call(own_evening, "Kay")
    jo, eve = await house.signed_in("Jo"), await house.signed_in("Eve")
    said = "Thursday: no facilitator could be there. It was to begin Thursday 26 November, 7:30 pm UTC."
    await own_evening.visits("Ben")
    await house.passes(1, minutes=5)
    await house.passes(1)
    assert said not in await reads(olu), "it may be held yet"
    await house.passes(1, minutes=6)
    async with asyncio.timeout(10):
        # The room has to have said so, before a sweep can write it down.
        while said not in await reads(olu):
            await house.passes(1)
    for browser in (olu, jo, kay):
        shown = await reads(browser)
        assert said in shown
        assert "Somebody is needed now" not in shown
        assert "Ben" not in shown
    assert said in await reads(olu, room)
    assert said not in await reads(eve)
    # Only its organiser can take it away, and only that: whoever should have come does not hide it from them.
    assert "take it away" not in await reads(jo) + await reads(jo, room) + await reads(kay)
    assert (await jo.posts(room, do="read_missed", session=own_evening.session.id)).status_code == 404
    await olu.posts(room, do="read", session=own_evening.session.id)
    assert "take it away" in await reads(olu)
    answer = await olu.posts(room, do="read_missed", session=own_evening.session.id)
    assert said not in text(Page(answer))
    for browser in (olu, jo, kay):
        assert said not in await reads(browser)


async def test_of_a_session_that_was_held_no_desk_says_that_it_was_not(own_evening: Evening):
    house = own_evening.house
    olu, ana = await house.signed_in("Olu", organiser=True), await own_evening.facilitates("Ana")
    await ana.starts()
    await ana.ends()
    await ana.sees_that("room", state="ended")
    await house.passes(1)
    async with house.database.reading() as conn:
        session = await sessions.find(conn, own_evening.session.id)
    assert session
    assert session.outcome == "held"
    assert "Not held" not in await reads(olu)


async def test_facilitators_read_whom_they_can_call_and_others_do_not(evening: Evening):
    ana = await evening.facilitates("Ana")
    assert "Nobody is on call for this session." in await reads(ana.browser, evening.live_path)
    kay = await on_call(evening, "Kay")
    assert "On call for this session: Kay" in await reads(ana.browser, evening.live_path)
    assert "on call: Kay" in await reads(ana.browser, f"/desk/rooms/{evening.room.id}")
    await ana.starts()
    ben = await evening.visits("Ben")
    assert "Kay" not in await reads(ben.browser, evening.live_path)
    shown = await reads(kay)
    assert "You are on call" in shown
    assert "Thursday: Thursday 26 November" in shown


async def test_where_the_organiser_facilitates_who_complains_is_told_so(evening: Evening):
    await (await evening.facilitates("Ana")).starts()
    ben = await evening.visits("Ben")
    said = "In this room the organiser is one of those who facilitate."
    assert said not in await reads(ben.browser, evening.live_path)
    await evening.has_facilitator("Olu")
    assert said in await reads(ben.browser, evening.live_path)
