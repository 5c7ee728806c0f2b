"""A1, A8 and A9, as far as no other story tells them: clocks that differ, claimed addresses, and what time gives away."""

import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from server import passwords
from server.door import HALF_SECONDS, SKEW_SECONDS, Door
from server.pace import SIGN_INS
from tests.server.browser import Browser
from tests.server.house import Evening, House
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]
# What a neighbour on this machine may cost; a page that asked the records once more, or hashed something, costs more.
NOTICEABLE = 0.005
TIMES = 60


async def test_a1_half_a_sign_in_from_a_node_whose_clock_is_ahead_is_believed_and_no_later_one(house: House):
    ana = await house.account("Ana")
    door = Door(house.settings, house.database)
    now = house.clock.now
    for ahead in (20, SKEW_SECONDS):
        half = door.half_sign_in(ana, now + timedelta(seconds=ahead))
        assert door.who_is_half_in(half, now) == ana.id
    far = door.half_sign_in(ana, now + timedelta(seconds=SKEW_SECONDS + 1))
    assert door.who_is_half_in(far, now) is None
    assert door.who_is_half_in(half, now + timedelta(seconds=HALF_SECONDS + SKEW_SECONDS)) is None


@pytest.mark.parametrize(
    "how", ["a bit is another", "it is cut", "of another seat", "of another room", "a megabyte"]
)
async def test_a1_a_seat_that_was_tampered_with_opens_nothing(evening: Evening, how: str):
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben, chi = await evening.visits("Ben"), await evening.visits("Chi")
    elsewhere = await (await evening.house.evening()).visits("Ben")
    name = f"seat-{evening.session.id}"
    seat = ben.browser.cookies[name]
    theirs = elsewhere.browser.cookies[f"seat-{elsewhere.live_path.rsplit('/', 1)[1]}"]
    value = {
        "a bit is another": seat[:-10] + ("A" if seat[-10] != "A" else "B") + seat[-9:],
        "it is cut": seat.partition(".")[0],
        "of another seat": f"{chi.seat}.{seat.partition('.')[2]}",
        "of another room": theirs,
        # As much of it as fits into a request at all; more is refused before anybody looks at it.
        "a megabyte": "x" * 30_000,
    }[how]
    mal = evening.house.browser()
    mal.holds(name, value)
    assert (await mal.gets(evening.live_path)).status_code == 404
    tab = Visitor(mal, evening.live_path, "Mal")
    await tab.opens()
    await tab.is_closed(4004)
    # The very one, copied, is Ben's seat: whoever has somebody's cookies is that somebody.
    mal.holds(name, seat)
    await tab.connects()
    assert tab.seat == ben.seat


async def test_a8_who_claims_another_address_each_time_is_slowed_all_the_same(another_house: OpensHouses):
    house = await another_house()
    await house.account("Ana", password_hash=await passwords.hashed("a long password"))
    many = int(SIGN_INS.at_once)
    answers = []
    for number in range(many + 1):
        browser = house.browser()
        browser.http.headers.update(
            {"x-forwarded-for": f"203.0.113.{number}", "forwarded": f"for=203.0.113.{number}"}
        )
        answers.append(await browser.posts("/sign-in", sign_in_name="Ana", password=f"guess {number}"))
    assert [answer.status_code for answer in answers] == [422] * many + [429]


async def times_of_each(browser: Browser, *paths: str) -> list[list[float]]:
    """Asked for in turn, so that whatever else this machine does befalls all of them alike."""
    took: dict[str, list[float]] = {path: [] for path in paths}
    for _ in range(TIMES):
        for path in paths:
            began = time.perf_counter()
            answer = await browser.gets(path)
            took[path].append(time.perf_counter() - began)
            assert answer.status_code == 404
    return list(took.values())


@pytest.mark.parametrize("pattern", ["/room/{room}", "/door/{session}", "/live/{session}"])
async def test_a9_neither_the_words_nor_the_time_tell_whether_a_thing_exists(evening: Evening, pattern: str):
    stranger = evening.house.browser()
    there = pattern.format(room=evening.room.id, session=evening.session.id)
    nowhere = pattern.format(room="x" * 16, session="x" * 16)
    one, other = await stranger.gets(there), await stranger.gets(nowhere)
    assert one.content == other.content
    varying = {"date"}
    assert {k: v for k, v in one.headers.items() if k not in varying} == {
        k: v for k, v in other.headers.items() if k not in varying
    }
    exists, does_not = await times_of_each(stranger, there, nowhere)
    # What lies within the spread of the answers themselves nobody can tell from here, and less so from afar.
    below, _, above = statistics.quantiles([*exists, *does_not], n=4)
    told = abs(statistics.median(exists) - statistics.median(does_not))
    assert told < max(NOTICEABLE, above - below)
