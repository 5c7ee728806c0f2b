"""Whichever node a page comes from, it knows what the others know: with three, one of them has never heard of the room."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from rooms.records import sessions
from tests.engines.servers import Server
from tests.server.browser import Page
from tests.server.house import Evening, House
from tests.server.test_dates import text
from tests.server.visitor import Visitor

Nodes = tuple[House, House, House]
OpensHouses = Callable[..., Awaitable[House]]


@pytest.fixture
async def nodes(another_house: OpensHouses, redis: Server) -> AsyncIterator[Nodes]:
    """The first is where people are; the third opens last, and knows of both others."""
    one = await another_house(redis_url=redis.url)
    two, three = one.another(), one.another()
    await two.opens()
    await three.opens()
    yield one, two, three
    await three.closes()
    await two.closes()


async def under_way(one: House) -> tuple[Evening, Visitor, Visitor]:
    evening = await one.evening(listed=True)
    ana = await evening.facilitates("Ana")
    await ana.starts()
    return evening, ana, await evening.visits("Ben")


async def test_every_page_says_that_it_is_on(nodes: Nodes):
    one, _, three = nodes
    evening, ana, _ = await under_way(one)
    for path, browser in (
        ("/", three.browser()),
        ("/desk", await three.signed_in("Olu", organiser=True)),
        (f"/desk/rooms/{evening.room.id}", await three.signed_in("Ana")),
    ):
        assert "On now" in text(Page(await browser.gets(path))), path
    assert three.home.house.hosted(evening.session.id) is None, "to look is not to host"
    await ana.ends()
    await ana.sees_that("room", state="ended")


async def test_who_has_a_seat_is_sent_in(nodes: Nodes):
    one, _, three = nodes
    evening, ana, ben = await under_way(one)
    ben.browser.goes_to(three.url)
    assert (await ben.browser.gets(evening.door_path)).headers["location"] == evening.live_path
    await ben.is_cut_off()
    await ben.comes_back()
    assert ben.resumed
    await ben.says("round the corner")
    await ana.hears("round the corner", frm="Ben")
    ana.browser.goes_to(three.url)
    now = await ana.browser.follows(await ana.browser.gets(f"/desk/rooms/{evening.room.id}/now"))
    assert (now.status_code, now.url.path) == (200, evening.live_path)


async def test_the_organiser_says_who_leads(nodes: Nodes):
    one, _, three = nodes
    evening, ana, _ = await under_way(one)
    jo = await evening.facilitates("Jo")
    olu = await three.signed_in("Olu", organiser=True)
    path = f"/desk/rooms/{evening.room.id}/dates/{evening.session.id}"
    assert jo.seat in (await olu.gets(path)).text
    assert (await olu.posts(path, do="lead", lead=jo.seat)).status_code == 303
    await ana.sees_that("room", lead=jo.seat)


async def test_a_seat_moves_by_a_code_that_was_asked_for_at_one_and_typed_at_another(nodes: Nodes):
    one, two, three = nodes
    evening, ana, ben = await under_way(one)
    ben.browser.goes_to(three.url)
    code = (await ben.browser.posts(f"{evening.live_path}/move")).text
    tablet = await evening.comes_to_the_door()
    tablet.goes_to(two.url)
    moved = await tablet.posts(f"{evening.door_path}/move", code=code)
    assert moved.headers["location"] == evening.live_path
    there = Visitor(tablet, evening.live_path, "")
    await there.connects()
    assert there.seat == ben.seat
    await there.says("better here")
    await ana.hears("better here", frm="Ben")


async def over_at_the_records(one: House, evening: Evening) -> None:
    await one.passes()
    async with one.database.reading() as conn:
        session = await sessions.find(conn, evening.session.id)
    assert session is not None
    assert session.outcome == "held"


async def test_what_is_left_to_say_after_the_end_is_said_wherever_somebody_comes_back(nodes: Nodes):
    one, _, three = nodes
    evening, ana, ben = await under_way(one)
    await ana.ends()
    await ben.sees("ended")
    await over_at_the_records(one, evening)
    await ben.is_cut_off()
    ben.browser.goes_to(three.url)
    assert three.home.house.hosted(evening.session.id) is None
    assert (await ben.browser.gets(evening.live_path)).status_code == 200
    await ben.comes_back()
    await ben.asks("write_line", seat=None, text="can we talk?")
    assert (await ana.sees("line_written"))["text"] == "can we talk?"
    for node in nodes:
        node.clock.at += 11 * 60
    await one.passes()
    await ben.sees("lines_shut")
    await ben.is_closed(4000)
    assert "This session has ended" in (await ben.browser.gets(evening.live_path)).text


async def test_who_facilitated_talks_it_over_wherever_they_come_back(nodes: Nodes):
    one, _, three = nodes
    evening, ana, ben = await under_way(one)
    jo = await evening.facilitates("Jo")
    await ana.ends()
    await ben.sees("ended")
    await over_at_the_records(one, evening)
    for node in nodes:
        node.clock.at += 11 * 60
    await one.passes()
    await ben.is_closed(4000)
    await ana.is_cut_off()
    ana.browser.goes_to(three.url)
    assert three.home.house.hosted(evening.session.id) is None
    assert (await ana.browser.gets(evening.live_path)).status_code == 200
    await ana.comes_back()
    await ana.asks("write_backchannel", text="how was it for you?")
    assert (await jo.sees("backchannel_written"))["text"] == "how was it for you?"
    ben.browser.goes_to(three.url)
    assert "This session has ended" in (await ben.browser.gets(evening.live_path)).text


async def test_who_is_taken_off_the_room_after_the_end_is_out_wherever_the_organiser_asks_for_it(
    nodes: Nodes,
):
    one, _, three = nodes
    evening, ana, ben = await under_way(one)
    jo = await evening.facilitates("Jo")
    await ana.ends()
    await ben.sees("ended")
    await over_at_the_records(one, evening)
    olu = await three.signed_in("Olu", organiser=True)
    assert three.home.house.hosted(evening.session.id) is None
    account = await one.account("Jo")
    assert (
        await olu.posts(f"/desk/rooms/{evening.room.id}/people", do="off", account=account.id)
    ).status_code == 303
    await jo.is_closed(4000)
    await ben.asks("write_line", seat=None, text="thank you")
    assert (await ana.sees("line_written"))["text"] == "thank you"
    assert not [frame for frame in jo.frames if frame["type"] == "line_written"]
