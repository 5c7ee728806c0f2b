"""Who is called when a room needs somebody, and where it is read that somebody was not okay with how it was run."""

from collections.abc import Awaitable, Callable

from rooms.records import rota
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
