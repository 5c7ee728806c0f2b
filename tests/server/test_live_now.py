"""Live now at the desk: how rooms stand and a band of seats, as it changes, for whoever is signed in and no longer."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import event

from rooms.elsewhere import FRESH_SECONDS
from rooms.engines import EngineDown
from rooms.records import rooms, sessions
from rooms.records.sessions import Session
from server import live_now
from server.live_now import MOST_DESKS
from tests.engines.servers import Server
from tests.host.world import until
from tests.server.browser import Browser, Page
from tests.server.house import Evening, House
from tests.server.test_counts import NAMES
from tests.server.test_dates import text
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]
Now = list[dict[str, Any]]
PROMISE = 2.0
WAITS = 10
# For what is not about how soon it is.
looks_often = pytest.mark.usefixtures("looking_often")


class Desk:
    """A page that listens, as a browser does: the last state that it was told, and whether it was told to stop."""

    def __init__(self, answer: httpx2.Response) -> None:
        self.headers = answer.headers
        self.told: list[Now] = []
        self.is_over = self.has_ended = False
        self._lines = answer.aiter_lines()

    async def listens(self) -> None:
        async for line in self._lines:
            if line == "event: over":
                self.is_over = True
            elif line.startswith("data: "):
                self.told.append(json.loads(line.removeprefix("data: ")))
                return
        self.has_ended = True

    async def reads(self, *words: str) -> None:
        """What is on comes to be this."""
        async with asyncio.timeout(WAITS):
            while not self.told or [each["words"] for each in self.told[-1]] != list(words):
                await self.listens()
                assert not self.has_ended, self.told

    async def ends(self) -> None:
        async with asyncio.timeout(WAITS):
            while not self.has_ended:
                await self.listens()


@asynccontextmanager
async def listening(browser: Browser) -> AsyncIterator[Desk]:
    async with browser.http.stream("GET", "/desk/now") as answer:
        assert answer.status_code == 200
        yield Desk(answer)


async def olus(house: House) -> Browser:
    return await house.signed_in("Olu", organiser=True)


@pytest.fixture
def looking_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_now, "LOOK_SECONDS", 0.05)


@looks_often
async def test_it_tells_how_a_room_stands_as_it_changes_and_nobodys_name(own_house: House):
    evening = await own_house.evening()
    olu = await olus(own_house)
    async with listening(olu) as desk:
        await desk.listens()
        ana = await evening.facilitates("Ana")
        await desk.reads("The doors are open, under 5 seats taken")
        await ana.starts()
        await desk.reads("On now, under 5 seats taken")
        people = [await evening.visits(name) for name in NAMES]
        await desk.reads("On now, 5 to 9 seats taken")
        await people[0].says("a word that stays in the room")
        await ana.pauses()
        await desk.reads("On now, paused, 5 to 9 seats taken")
        (room,) = desk.told[-1]
        assert room == {
            "room": evening.room.id,
            "name": "Thursday",
            "state": "paused",
            "words": "On now, paused, 5 to 9 seats taken",
            "told": "Thursday: On now, paused",
        }
        await ana.ends()
        await desk.reads()
        everything = json.dumps(desk.told)
        assert not any(word in everything for word in ("Ana", *NAMES, "stays"))
    assert desk.headers["content-type"] == "text/event-stream"
    assert desk.headers["cache-control"].startswith("no-store")
    assert desk.headers["x-accel-buffering"] == "no"
    await until(lambda: not own_house.home.live_now._desks)


async def test_the_page_is_right_without_a_script(own_evening: Evening):
    evening = own_evening
    ana = await evening.facilitates("Ana")
    await ana.starts()
    for who in (await olus(evening.house), ana.browser):
        assert "Live now Thursday On now, under 5 seats taken" in text(Page(await who.gets("/desk")))
    await ana.ends()
    await ana.sees_that("room", state="ended")
    page = Page(await (await evening.house.signed_in("Ana")).gets("/desk"))
    assert "On now" not in text(page)


@looks_often
async def test_everybody_is_told_of_their_own_rooms_alone(own_evening: Evening):
    evening = own_evening
    ana = await evening.facilitates("Ana")
    await ana.starts()
    pat = await evening.house.signed_in("Pat", organiser=True)
    async with listening(ana.browser) as hers, listening(pat) as theirs:
        await hers.reads("On now, under 5 seats taken")
        await theirs.reads()
        account = await evening.house.account("Ana")
        async with evening.house.database.writing() as conn:
            await rooms.remove_facilitator(conn, evening.room.id, account.id)
        await hers.reads()


@looks_often
async def test_of_two_sessions_of_a_room_the_one_that_is_on_is_told_of(own_house: House):
    evening = await own_house.evening()
    async with own_house.database.writing() as conn:
        soon = (own_house.clock.now + timedelta(minutes=25)).replace(tzinfo=None)
        assert isinstance(await sessions.plan(conn, evening.room.id, soon, "UTC", 60), Session)
    ana = await evening.facilitates("Ana")
    await ana.starts()
    async with listening(ana.browser) as desk:
        await desk.reads("On now, under 5 seats taken")


# Until the sign-in ends


async def test_signed_out_it_ends_and_so_it_does_for_one_who_is_removed(own_house: House):
    await own_house.evening()
    olu = await olus(own_house)
    async with listening(olu) as desk:
        await desk.listens()
        began = time.monotonic()
        await olu.posts("/sign-out")
        await desk.ends()
        assert time.monotonic() - began < PROMISE
        assert desk.is_over
    assert (await olu.gets("/desk/now")).headers["location"] == "/sign-in"


@looks_often
async def test_a_desk_that_is_left_open_keeps_nobody_signed_in(own_house: House):
    await own_house.evening()
    olu = await olus(own_house)
    async with listening(olu) as desk:
        await desk.listens()
        own_house.clock.at += 29 * 60
        async with listening(olu) as again:
            await again.listens()
        own_house.clock.at += 60
        await desk.ends()
        assert desk.is_over
    assert (await olu.gets("/desk")).headers["location"] == "/sign-in"


@looks_often
async def test_the_oldest_of_too_many_is_told_to_stop(own_house: House):
    await own_house.evening()
    browsers = [await olus(own_house) for _ in range(MOST_DESKS + 1)]
    pat = await own_house.signed_in("Pat", organiser=True)
    async with AsyncExitStack() as open_desks:
        theirs = await open_desks.enter_async_context(listening(pat))
        await theirs.reads()
        desks = [await open_desks.enter_async_context(listening(browser)) for browser in browsers]
        for desk in desks[1:]:
            await desk.listens()
        await desks[0].ends()
        assert [desk.is_over for desk in (theirs, *desks)] == [False, True, *[False] * MOST_DESKS]


@looks_often
async def test_a_server_that_stops_waits_for_no_desk_and_the_page_comes_back_by_itself(own_house: House):
    await own_house.evening()
    olu = await olus(own_house)
    async with listening(olu) as desk:
        await desk.listens()
        began = time.monotonic()
        await own_house.restarts()
        assert time.monotonic() - began < 3
        await desk.ends()
        assert not desk.is_over
    async with listening(olu) as again:
        await again.reads("The doors are open, under 5 seats taken")


# What it costs, and what it does without


async def test_one_reading_serves_all_desks_and_none_is_made_for_none(own_house: House):
    await own_house.evening()
    home = own_house.home
    statements: list[str] = []

    def noted(*given: Any) -> None:
        statements.append(given[2])

    engine = own_house.database._reader.sync_engine
    event.listen(engine, "before_cursor_execute", noted)
    try:
        await home.live_now.look()
        assert [each for each in statements if "sign_ins" in each] == []
        browsers = [await olus(own_house), await olus(own_house), await own_house.signed_in("Pat")]
        async with AsyncExitStack() as desks:
            for browser in browsers:
                await desks.enter_async_context(listening(browser))
            await until(lambda: len(home.live_now._desks) == len(browsers))
            statements.clear()
            # Whatever else the house asks meanwhile, nothing else comes between the two statements of one look.
            await home.live_now.look()
            first = next(place for place, each in enumerate(statements) if "token_hash IN" in each)
            looked = statements[first:]
            assert ["UNION" in each for each in looked] == [False, True]
    finally:
        event.remove(engine, "before_cursor_execute", noted)


async def test_where_an_engine_does_not_answer_nothing_is_told_and_a_sign_out_still_counts(
    own_house: House, monkeypatch: pytest.MonkeyPatch
):
    evening = await own_house.evening()
    ana = await evening.facilitates("Ana")
    await ana.starts()
    olu = await olus(own_house)

    waits = asyncio.Event()

    async def never(sessions: object) -> None:
        waits.set()
        await asyncio.Event().wait()

    async with listening(olu) as desk:
        await desk.reads("On now, under 5 seats taken")
        monkeypatch.setattr(own_house.home.house, "glances", never)
        await waits.wait()
        began = time.monotonic()
        await olu.posts("/sign-out")
        await desk.ends()
        assert time.monotonic() - began < PROMISE


@looks_often
async def test_records_that_cannot_be_asked_are_asked_again(own_house: House, monkeypatch, caplog):
    await own_house.evening()
    olu = await olus(own_house)
    desks = own_house.home.live_now._desks

    async def down(sessions: object) -> None:
        raise EngineDown(sent=False)

    with monkeypatch.context() as broken:
        broken.setattr(own_house.home.house, "glances", down)
        async with listening(olu) as desk:
            await until_slowly(lambda: "what is on cannot be looked at: EngineDown" in caplog.text)
            broken.undo()
            await desk.listens()
    await until(lambda: not desks)


async def until_slowly(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAITS):
        while not condition():  # noqa: ASYNC110  as in tests.host.world
            await asyncio.sleep(0.05)


# Whichever node is asked


async def test_a_room_that_another_node_hosts_and_a_sign_out_at_another_node(
    another_house: OpensHouses, redis: Server
):
    one = await another_house(redis_url=redis.url)
    two, three = one.another(), one.another()
    await two.opens()
    await three.opens()
    try:
        evening = await one.evening()
        ana = await evening.facilitates("Ana")
        await ana.starts()
        people: list[Visitor] = [await evening.visits(name) for name in NAMES]
        olu = await olus(three)
        async with listening(olu) as desk:
            await desk.reads("On now, 5 to 9 seats taken")
            assert three.home.house.hosted(evening.session.id) is None, "to look is not to host"
            await ana.pauses()
            three.clock.at += FRESH_SECONDS
            await desk.reads("On now, paused, 5 to 9 seats taken")
            assert len(people) == 5
            olu.goes_to(two.url)
            began = time.monotonic()
            await olu.posts("/sign-out")
            await desk.ends()
            assert time.monotonic() - began < PROMISE
    finally:
        await three.closes()
        await two.closes()
