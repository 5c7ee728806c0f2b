"""The second room of a session, by its addresses: who is led there, who is not, and what their cookie is good for."""

from collections.abc import Awaitable, Callable

import pytest

from rooms.live.words import State
from rooms.twins import second_of
from tests.server.browser import Browser
from tests.server.house import Evening, House
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]


@pytest.fixture
async def small(request, another_house: OpensHouses) -> Evening:
    """A room with two seats, in a house of its own, with either engine."""
    with_redis = getattr(request, "param", "memory") == "redis"
    house = await another_house(redis_url=request.getfixturevalue("redis").url if with_redis else None)
    return await house.evening(seats=2, listed=True)


with_both_engines = pytest.mark.parametrize("small", ["memory", "redis"], indirect=True)


def second_path(evening: Evening, what: str = "live") -> str:
    return f"/{what}/{second_of(evening.session.id)}"


async def in_line(evening: Evening, name: str) -> Visitor:
    browser = await evening.comes_to_the_door()
    onward = await browser.posts(evening.door_path, name=name, how="come_in", line="yes")
    assert onward.headers["location"] == evening.live_path
    visitor = Visitor(browser, evening.live_path, name)
    await visitor.connects()
    return visitor


async def goes(evening: Evening, browser: Browser) -> str:
    answer = await browser.posts(f"{evening.door_path}/twin")
    return str(answer.headers["location"])


async def turns_to_the_second(evening: Evening, who: Visitor) -> Visitor:
    """They press the button in the line, or in the panel, and their page is another one from then on."""
    assert await goes(evening, who.browser) == second_path(evening)
    page = await who.browser.gets(second_path(evening))
    assert page.status_code == 200
    assert f'data-socket="{second_path(evening)}"' in page.text
    there = Visitor(who.browser, second_path(evening), who.name)
    await there.connects()
    return there


async def is_so(evening: Evening, condition: Callable[[], bool]) -> None:
    """Sweep after sweep, until both rooms have heard of each other."""
    for _ in range(200):
        if condition():
            return
        await evening.house.passes(0.1)
    raise AssertionError("it never came to be so")


async def an_open_twin(evening: Evening) -> tuple[Visitor, Visitor, Visitor, Visitor]:
    """Ana, and Ben, in the first room; Jo in the second; Dee stands in line and reads that she could go there."""
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben, _ = await evening.visits("Ben"), await evening.visits("Chi")
    jo = await evening.facilitates("Jo")
    dee = await in_line(evening, "Dee")
    await ana.asks("open_twin", seat=jo.seat)
    await jo.sees("twin_asked")
    await jo.asks("answer_twin", yes=True)
    await ben.sees("twin_opened")
    there = await turns_to_the_second(evening, jo)
    await jo.is_closed(4004)
    first = evening.host.room
    assert first.controls.twin is not None
    await is_so(evening, lambda: bool((twin := evening.host.room.controls.twin) and twin.welcomes))
    await dee.catches_up()
    assert dee.room["twin"] == {"phase": "open", "name": "Jo", "welcomes": True}
    return ana, there, ben, dee


@with_both_engines
async def test_who_stands_in_line_goes_to_the_second_room_and_talks_there_and_who_stays_takes_the_next_seat(
    small: Evening,
):
    ana, jo, ben, dee = await an_open_twin(small)
    eli = await in_line(small, "Eli")
    there = await turns_to_the_second(small, dee)
    assert there.you["place"] == "inside"
    await there.says("hello Jo")
    await jo.hears("hello Jo", frm="Dee")
    await is_so(small, lambda: not small.host.people.seats >= {there.seat})
    await dee.is_closed(4004)
    await ben.leaves()
    await is_so(small, lambda: bool(small.host.room.controls.offers))
    await eli.sees("seat_offered")
    await eli.asks("take_offer")
    await eli.sees_that("you", place="inside")
    await eli.says("hello Ana")
    await ana.hears("hello Ana", frm="Eli")
    # The page loads again, and the address of its door leads back to it.
    door = await dee.browser.gets(second_path(small, "door"))
    assert door.headers["location"] == second_path(small)


async def test_the_button_moves_nobody_who_has_a_seat_or_none_and_only_from_the_line(small: Evening):
    _, _, ben, dee = await an_open_twin(small)
    # Ben has a seat: he is led to the door of the second room, and from there back to his own.
    assert await goes(small, ben.browser) == second_path(small, "door")
    back = await ben.browser.gets(second_path(small, "door"))
    assert back.headers["location"] == small.door_path
    stranger = await small.comes_to_the_door()
    assert (await stranger.posts(f"{small.door_path}/twin")).status_code == 404
    assert (await dee.browser.posts(f"{second_path(small, 'door')}/twin")).status_code == 404
    # Nor does the address of the second room lead anybody in.
    page = await stranger.gets(second_path(small))
    assert page.headers["location"] == f"/door/{second_of(small.session.id)}"
    door = await stranger.gets(page.headers["location"])
    assert door.headers["location"] == small.door_path
    unknown = await small.house.browser().gets("/live/nothing.twin")
    assert unknown.status_code == 404
    # And a page made by hand that opens the second room's socket with the cookie of the first is turned away.
    crafted = Visitor(ben.browser, second_path(small), "Ben")
    await crafted.opens()
    await crafted.greets()
    await crafted.is_refused("next_door")
    await crafted.is_closed(4004)


async def test_where_there_is_no_second_room_its_addresses_lead_to_the_door(small: Evening):
    ana = await small.facilitates("Ana")
    await ana.starts()
    ben = await small.visits("Ben")
    for browser in (ana.browser, ben.browser):
        assert (await browser.gets(second_path(small))).headers["location"] == small.door_path
        assert await goes(small, browser) == small.door_path


async def test_who_cannot_come_in_there_reads_why_and_still_stands_in_line(small: Evening):
    _, jo, _, dee = await an_open_twin(small)
    await jo.asks("set_door", door="locked")
    answer = await dee.browser.posts(f"{small.door_path}/twin")
    assert answer.status_code == 409
    assert "You still stand in line" in answer.text
    assert f'href="{small.live_path}"' in answer.text
    assert dee.you["place"] == "queued"


@with_both_engines
async def test_who_was_removed_in_the_second_room_comes_back_into_neither(small: Evening):
    _, jo, ben, dee = await an_open_twin(small)
    there = await turns_to_the_second(small, dee)
    await jo.removes(there)
    await there.is_closed(4003)
    await is_so(small, lambda: small.host.room.is_removed(there.seat))
    await ben.leaves()
    back = await dee.browser.posts(small.door_path, name="Dee", how="come_in")
    assert back.status_code == 403
    again = Visitor(dee.browser, small.live_path, "Dee")
    await again.opens()
    await again.greets()
    await again.is_refused("removed")
    await again.is_closed(4003)


async def test_who_sits_in_the_second_room_is_led_there_from_the_door_until_they_leave_it(small: Evening):
    _, _, _, dee = await an_open_twin(small)
    there = await turns_to_the_second(small, dee)
    await is_so(small, lambda: small.host.room.next_door(there.seat) == "here")
    onward = await dee.browser.posts(small.door_path, name="Dee", how="come_in")
    assert onward.headers["location"] == second_path(small, "door")
    await there.leaves()
    await is_so(small, lambda: small.host.room.next_door(there.seat) == "")
    line = await dee.browser.posts(small.door_path, name="Dee", how="come_in", line="yes")
    assert line.headers["location"] == small.live_path


async def test_a_seat_there_moves_to_another_device_with_a_code_that_is_shown_at_the_one_door(small: Evening):
    _, jo, _, dee = await an_open_twin(small)
    there = await turns_to_the_second(small, dee)
    code = (await dee.browser.posts(f"{second_path(small)}/move")).text
    phone = await small.comes_to_the_door()
    answer = await phone.posts(f"{small.door_path}/move", code=code)
    assert answer.headers["location"] == second_path(small)
    moved = Visitor(phone, second_path(small), "Dee")
    await moved.connects()
    assert moved.seat == there.seat
    await moved.says("from my phone")
    await jo.hears("from my phone", frm="Dee")


async def test_whom_the_organiser_takes_off_the_room_is_out_of_the_second_at_once(small: Evening):
    _, jo, _, _ = await an_open_twin(small)
    account = await small.house.account("Jo")
    olu = await small.house.signed_in("Olu", organiser=True)
    await olu.posts(f"/desk/rooms/{small.room.id}/people", do="off", account=account.id)
    await jo.is_closed(4004)


@with_both_engines
async def test_the_session_is_over_when_both_rooms_are(small: Evening):
    ana, jo, _, _ = await an_open_twin(small)
    await ana.ends()
    await is_so(small, lambda: small.host.room.state is State.ENDED)
    await jo.sees("end_shared")
    await small.house.passes(30)
    assert (await jo.browser.gets(second_path(small))).status_code == 200
    await small.house.passes(40)
    await jo.sees("ended")
