"""What's on, and a room's page before anybody joins: only listed rooms, found by the group's own words, at a glance."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from rooms.records import accounts, agreements, notices, rooms, rota, sessions
from rooms.records.agreements import Agreement
from rooms.records.sessions import Session
from server.pages.room import what_changed
from tests.server.browser import Browser, Page
from tests.server.house import START, House
from tests.server.test_dates import text
from tests.server.test_forms import WHOLE_ROOM
from tests.server.test_making import room_id

OpensHouses = Callable[..., Awaitable[House]]


async def made(olu: Browser, name: str, **changed: str) -> str:
    return room_id(await olu.posts("/desk/new", **{**WHOLE_ROOM, "name": name, **changed}))


@pytest.fixture
async def town(another_house: OpensHouses) -> tuple[House, Browser]:
    house = await another_house()
    olu = await house.signed_in("Olu", organiser=True)
    await made(olu, "Night owls", words="voices, men", start="20:00", purpose="social")
    await made(olu, "Early tea", words="voices", start="09:00", date="2026-12-05")
    await made(olu, "Far away", start="14:00", zone="Australia/Sydney")
    await made(olu, "Nobody knows", listed="")
    return house, olu


async def looks(house: House, **wanted: str) -> list[str]:
    browser = house.browser()
    answer = await (browser.posts("/", **wanted) if wanted else browser.gets("/"))
    assert answer.status_code == 200
    assert str(answer.url).endswith("/"), "what somebody looks for stands in no address"
    shown = text(Page(answer))
    return [name for name in ("Night owls", "Early tea", "Far away", "Nobody knows") if name in shown]


async def test_only_what_is_listed_is_shown(town: tuple[House, Browser]):
    assert await looks(town[0]) == ["Night owls", "Early tea", "Far away"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"word": "voices"}, ["Night owls", "Early tea"]),
        ({"word": "men"}, ["Night owls"]),
        ({"word": "nothing like it"}, []),
        ({"part": "evening"}, ["Night owls"]),
        ({"part": "morning"}, ["Early tea"]),
        ({"part": "afternoon"}, ["Far away"]),
        ({"part": "weekend"}, ["Early tea"]),
        ({"part": "midnight"}, ["Night owls", "Early tea", "Far away"]),
        ({"purpose": "social"}, ["Night owls"]),
        ({"word": "voices", "purpose": "peer_support"}, ["Early tea"]),
        ({"purpose": "campaign"}, []),
    ],
)
async def test_it_is_found_by_the_groups_words_by_the_time_of_day_and_by_its_kind(
    town: tuple[House, Browser], wanted: dict[str, str], found: list[str]
):
    assert await looks(town[0], **wanted) == found


async def test_times_are_told_in_the_groups_time_and_uk_time_and_for_the_readers_clock(
    town: tuple[House, Browser],
):
    page = Page(await town[0].browser().gets("/"))
    shown = text(page)
    assert "Wednesday 2 December, 8 pm UK time" in shown
    assert "Wednesday 2 December, 2 pm" in shown
    assert "Wednesday 2 December, 3 am UK time" in shown
    assert sorted(page.attributes("data-offset")) == ["0", "0", "660"]
    assert len(page.attributes("data-local")) == 3


async def test_a_title_says_nothing_about_the_room(town: tuple[House, Browser]):
    _, olu = town
    room = await made(olu, "Bereaved by suicide")
    for path in ("/", f"/room/{room}", f"/desk/rooms/{room}"):
        page = (await olu.gets(path)).text
        title = page[page.index("<title>") : page.index("</title>")]
        assert "Bereaved" not in title


async def test_the_page_of_a_room_says_what_somebody_needs_before_they_join(town: tuple[House, Browser]):
    house, olu = town
    room = await made(
        olu, "Thursday light", repeat="weekly", times="3", lead="me", agreement="Be nice.\nStay."
    )
    async with house.database.writing() as conn:
        await agreements.publish(conn, room, ["Be kind.", "Stay."], house.clock.now)
    shown = text(Page(await house.browser().gets(f"/room/{room}")))
    for said in (
        "Olu. They write and read like everyone else.",
        "Up to 8 people, and those who look after the room.",
        "60 minutes",
        "Wednesday 16 December, 7:30 pm UK time",
        "What changed in it last Be nice.Be kind.",
        "How to leave",
    ):
        assert said in shown


def test_what_changed_is_said_line_by_line():
    def version(n: int, *lines: str) -> Agreement:
        return Agreement(n, lines, START)

    assert what_changed(None, version(1, "a")) is None
    assert what_changed(version(1, "a"), None) is None
    assert what_changed(version(1, "a", "b"), version(2, "b", "a")) is None
    changed = what_changed(version(1, "a", "b"), version(2, "b", "c"))
    assert changed
    assert (changed.added, changed.gone) == (("c",), ("a",))


class Questions:
    """Counts what the records are asked for the sake of a page, and not what the house asks meanwhile of itself."""

    def __init__(self, house: House) -> None:
        self.asked = 0
        self._chores: set[asyncio.Task[Any]] = set()
        event.listen(house.database._writer.sync_engine, "before_cursor_execute", self._count)

    def _count(self, conn, cursor, statement, *_) -> None:
        if asyncio.current_task() not in self._chores:
            self.asked += (
                statement.lstrip().upper().startswith(("SELECT", "UPDATE", "INSERT", "DELETE", "WITH"))
            )

    async def to(self, browser: Browser, path: str) -> int:
        # Whoever is at work before the page is asked for is not at work for it: each page has a task of its own.
        self._chores = asyncio.all_tasks()
        before = self.asked
        assert (await browser.gets(path)).status_code == 200, path
        return self.asked - before


async def test_no_page_asks_the_records_more_for_more_rooms_and_dates(another_house: OpensHouses):
    house = await another_house()
    olu = await house.signed_in("Olu", organiser=True)
    first = await made(olu, "The first", lead="me", repeat="weekly", times="2")
    questions = Questions(house)
    async with house.database.writing() as conn:
        date = await sessions.next_of(conn, first, house.clock.now)
        assert date
        # Whom there is one notice for is asked about once, however many there are.
        await notices.put(conn, date.id, "not_okay", house.clock.now)

    async def asked() -> dict[str, int]:
        await house.passes(61)  # being seen is written down once a minute
        await olu.gets("/health")
        room = f"/desk/rooms/{first}"
        paths = (
            "/",
            "/help",
            f"/room/{first}",
            f"/room/{first}/{date.id}.ics",
            "/desk",
            "/desk/new",
            "/desk/reviews",
            "/desk/hours",
            "/desk/hours.csv",
            "/desk/account",
            "/desk/signposts",
            "/desk/charter",
            "/desk/labels",
            "/desk/everything.json",
            room,
            *(
                f"{room}/{each}"
                for each in ("break", "dates", "edit", "agreement", "people", "share", "poster")
            ),
            f"{room}/dates/{date.id}",
            f"{room}/delete",
        )
        await olu.gets("/desk")
        return {path: await questions.to(olu, path) for path in paths}

    few = await asked()
    # A table each, of those that can be taken away.
    everything = few.pop("/desk/everything.json")
    assert everything <= 20, few
    assert max(few.values()) <= 14, few
    for number in range(15):
        await made(olu, f"Room {number}", words=f"word {number}", repeat="weekly", times="20", lead="me")
    await olu.posts(f"/desk/rooms/{first}/dates", **{**WHOLE_ROOM, "repeat": "weekly", "times": "30"})
    async with house.database.writing() as conn:
        assert len(await rooms.listed(conn)) == 16
        olus = await accounts.by_sign_in_name(conn, "Olu")
        assert olus
        # A year that has been, of which some was not held.
        for week in range(1, 40):
            then = (START - timedelta(weeks=week)).replace(tzinfo=None)
            past = await sessions.plan(conn, first, then, "UTC", 60)
            assert isinstance(past, Session)
            await rota.put_down(conn, [past.id], "lead", olus.id)
            await sessions.finish(conn, past.id, "held" if week % 4 else "not_held", past.ends_at)
            await notices.put(conn, past.id, "not_okay" if week % 4 else "not_held", house.clock.now)
    assert await asked() == {**few, "/desk/everything.json": everything}
    assert house.clock.now - START < timedelta(minutes=30), "still signed in"
