"""The green room at the server: those who facilitate come in half an hour before, whichever node they reach."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from tests.server.house import START, Evening, House
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]
MINUTE = timedelta(minutes=1)
GREEN = "How am I arriving?"


async def at(node: House, evening: Evening, name: str) -> Visitor:
    """Somebody who facilitates, with their page at that node."""
    await evening.has_facilitator(name)
    visitor = Visitor(await node.signed_in(name), evening.live_path, name)
    await visitor.connects()
    return visitor


async def test_it_opens_half_an_hour_before_and_the_members_door_a_quarter_of_one(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening(starts=START + 31 * MINUTE)
    await evening.has_facilitator("Ana")
    ana, ben = await house.signed_in("Ana"), house.browser()
    await ben.gets(evening.join_path)
    page = await ana.gets(evening.live_path)
    assert "For those who facilitate, it opens 30 minutes before." in page.text
    early = Visitor(ana, evening.live_path, "Ana")
    await early.opens()
    await early.greets()
    await early.is_refused("not_now")

    await house.passes(minutes=1)
    page = await ana.gets(evening.live_path)
    assert GREEN in page.text
    assert "How ready it is, by the desk: Needs a second facilitator." in page.text
    desk = await ana.gets(f"/desk/rooms/{evening.room.id}")
    assert f'href="{evening.live_path}"' in desk.text
    await Visitor(ana, evening.live_path, "Ana").connects()
    for answer in (await ben.gets(evening.door_path), await ben.posts(evening.door_path, name="Ben")):
        assert "The door opens 15 minutes before." in answer.text

    await house.passes(minutes=15)
    onward = await ben.posts(evening.door_path, name="Ben", how="come_in")
    assert onward.headers["location"] == evening.live_path
    assert GREEN not in (await ben.gets(evening.live_path)).text


async def test_its_page_is_not_sent_once_the_session_has_begun(evening: Evening):
    ana = await evening.facilitates("Ana")
    assert GREEN in (await ana.browser.gets(evening.live_path)).text
    await ana.starts()
    assert GREEN not in (await ana.browser.gets(evening.live_path)).text


async def test_those_at_two_nodes_are_in_one_green_room(nodes: tuple[House, House]):
    one, two = nodes
    evening = await one.evening(starts=START + 20 * MINUTE)
    ana, jo = await at(one, evening, "Ana"), await at(two, evening, "Jo")
    await jo.asks("check_in", card="heavy")
    await jo.asks("take_worries")
    await ana.sees("worries_taken")
    await ana.sees_that("room", worries=jo.seat, state="scheduled", lead=ana.seat)
    assert ana.people[jo.seat]["arriving"] == "heavy"
    await ana.asks("write_backchannel", text="I will look after the door")
    assert (await jo.sees("backchannel_written"))["text"] == "I will look after the door"

    # Who comes later, to either node, sees the card; and no frame that is kept for who lost touch tells of it.
    kay = await at(two, evening, "Kay")
    assert kay.people[jo.seat]["arriving"] == "heavy"
    assert not [frame for frame in (*ana.frames, *jo.frames) if frame["type"] == "checked_in"]

    for node in nodes:
        node.clock.at += 5 * 60
    await one.home.house.pass_time()
    await kay.sees_that("room", state="doors")
    ben = await evening.visits("Ben")
    await ben.sees_that("room", state="doors")
    await kay.asks("check_in", card="calm")
    await ana.starts()
    await ben.sees_that("room", state="live")
    await kay.sees_that("room", state="live")
    assert [kay.people[each.seat]["arriving"] for each in (ana, jo, kay)] == ["", "", ""]
    assert "arriving" not in str(ben.frames)
    assert "worries" not in ben.room
