"""One seat, from one device to another: with a code that works once, within a minute, for whoever knows the room."""

import pytest

from rooms.live.moves import MOVE_SECONDS
from server.pace import MOVES
from tests.server.browser import Browser, Page
from tests.server.house import Evening, House
from tests.server.streaming import Streaming
from tests.server.visitor import Visitor


async def code_of(browser: Browser, evening: Evening) -> str:
    answer = await browser.posts(f"{evening.live_path}/move")
    assert answer.status_code == 200, answer.text
    return answer.text


async def moves(browser: Browser, evening: Evening, code: str) -> bool:
    """Whether it sits there now; if not, the form says so beside the field and still holds what was typed."""
    answer = await browser.posts(f"{evening.door_path}/move", code=code)
    if answer.status_code == 303:
        assert answer.headers["location"] == evening.live_path
        return True
    assert answer.status_code == 422
    assert "That code does not work" in answer.text
    assert code in Page(answer).attributes("value")
    return False


@pytest.mark.parametrize("page", [Visitor, Streaming], ids=["sockets", "streams"])
async def test_a_seat_moves_with_its_name_its_place_and_its_restrictions(
    evening: Evening, page: type[Visitor]
):
    evening = evening.over(page)
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben = await evening.visits("Ben")
    await ana.quiets(ben)
    await ben.sees_that("you", held_back="quieted")
    tablet = await evening.comes_to_the_door()
    assert await moves(tablet, evening, (await code_of(ben.browser, evening)).upper())
    assert (await ben.sees("seat_moved"))["seat"] == ben.seat
    there = page(tablet, evening.live_path, "")
    await there.connects()
    assert there.seat == ben.seat
    assert there.you["held_back"] == "quieted"
    await ana.asks("unquiet", seat=there.seat)
    await there.sees_that("you", held_back=None)
    await there.says("better here")
    await ana.hears("better here", frm="Ben")


async def test_a_code_works_once_and_the_newest_alone(evening: Evening):
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben = await evening.visits("Ben")
    older, newer = await code_of(ben.browser, evening), await code_of(ben.browser, evening)
    tablet = await evening.comes_to_the_door()
    assert not await moves(tablet, evening, older)
    assert not await moves(tablet, evening, "no such")
    assert await moves(tablet, evening, newer)
    assert not await moves(await evening.comes_to_the_door(), evening, newer)


async def test_a_code_of_another_evening_moves_nobody(house: House, evening: Evening):
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben = await evening.visits("Ben")
    other = await house.evening()
    await (await other.facilitates("Ana")).starts()
    assert not await moves(await other.comes_to_the_door(), other, await code_of(ben.browser, evening))


async def test_after_a_minute_it_is_too_late(own_evening: Evening):
    evening, house = own_evening, own_evening.house
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben = await evening.visits("Ben")
    code = await code_of(ben.browser, evening)
    await house.passes(MOVE_SECONDS + 1)
    assert not await moves(await evening.comes_to_the_door(), evening, code)


async def test_only_who_has_a_seat_is_shown_a_code(evening: Evening):
    ana = await evening.facilitates("Ana")
    at_the_door = await evening.comes_to_the_door()
    for browser in (ana.browser, at_the_door, evening.house.browser()):
        assert (await browser.posts(f"{evening.live_path}/move")).status_code == 404
    ben = await evening.visits("Ben")
    await ben.leaves()
    assert (await ben.browser.posts(f"{evening.live_path}/move")).status_code in {404, 409}


async def test_without_the_link_of_the_room_a_code_is_nothing(evening: Evening):
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben = await evening.visits("Ben")
    stranger = evening.house.browser()
    answer = await stranger.posts(f"{evening.door_path}/move", code=await code_of(ben.browser, evening))
    assert answer.status_code == 404


async def test_who_guesses_is_slowed(evening: Evening):
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben = await evening.visits("Ben")
    guesser = await evening.comes_to_the_door()
    tried = [
        (await guesser.posts(f"{evening.door_path}/move", code=f"zz{number}")).status_code
        for number in range(int(MOVES.at_once) + 1)
    ]
    assert tried[-1] == 429
    assert set(tried[:-1]) == {422}
    asked = [
        (await ben.browser.posts(f"{evening.live_path}/move")).status_code
        for _ in range(int(MOVES.at_once) + 1)
    ]
    assert asked[-1] == 429
    assert set(asked[:-1]) == {200}
