"""How many came: nothing unless the organiser asked for it, and then a band, said beforehand to everybody who comes."""

import asyncio
import csv
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from rooms.live import State
from rooms.records import counts, sessions, tables
from rooms.records.counts import Count
from rooms.records.words import Band
from server.pages.counts import HIGH, STEP, WIDE, WIDEST, turnout
from server.words import choose
from tests.server.browser import Browser, Page
from tests.server.house import Evening, House
from tests.server.test_dates import text
from tests.server.test_editing import GIVEN
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]
NAMES = ("Ben", "Chi", "Dov", "Eli", "Fay")
SAID = "How many came is kept as a band for 12 months (under 5, 5 to 9, 10 or more); never who."


async def written(house: House) -> list[tuple[str, str]]:
    async with house.database.reading() as conn:
        return [(row.session_id, row.band) for row in await conn.execute(select(tables.counts))]


async def held(evening: Evening, *names: str, at: tuple[House, ...] = ()) -> list[Visitor]:
    """Ana begins it and ends it; the others come between, at one node after the other."""
    ana = await evening.facilitates("Ana")
    await ana.starts()
    people = []
    for number, name in enumerate(names):
        browser = await evening.comes_to_the_door()
        if at:
            browser.goes_to(at[number % len(at)].url)
        await browser.posts(evening.door_path, name=name, how="come_in")
        people.append(Visitor(browser, evening.live_path, name))
        await people[-1].connects()
    await ana.ends()
    await ana.sees_that("room", state="ended")
    return [ana, *people]


async def is_closed(evening: Evening, house: House) -> None:
    await house.passes()
    async with house.database.reading() as conn:
        session = await sessions.find(conn, evening.session.id)
    assert session
    assert session.outcome == "held"


async def desk(evening: Evening, who: Browser) -> str:
    return text(Page(await who.gets(f"/desk/rooms/{evening.room.id}")))


async def test_it_is_off_until_the_organiser_asks_for_it_and_then_everybody_reads_so_before(
    another_house: OpensHouses,
):
    house = await another_house()
    evening = await house.evening(starts=house.clock.now + timedelta(hours=2))
    ben, olu = house.browser(), await house.signed_in("Olu", organiser=True)
    path = f"/desk/rooms/{evening.room.id}"
    await ben.gets(evening.join_path)
    assert SAID not in text(Page(await ben.gets(f"/room/{evening.room.id}")))
    assert "How many came" not in await desk(evening, olu)
    assert (await olu.gets(f"{path}/counts.csv")).status_code == 404
    assert "keeps_counts" not in Page(await olu.gets(f"{path}/edit")).values
    await olu.posts(f"{path}/edit", **GIVEN, keeps_counts="1")
    assert Page(await olu.gets(f"{path}/edit")).values["keeps_counts"] == "1"
    assert text(Page(await ben.gets(f"/room/{evening.room.id}"))).count(SAID) == 2
    assert "Nothing is kept yet." in await desk(evening, olu)
    house.clock.at += 7200
    assert SAID in text(Page(await ben.gets(evening.door_path)))
    inside = await evening.visits("Ben")
    await house.passes()
    await held(evening)
    assert SAID in (await inside.browser.gets(f"{evening.live_path}/now")).json()
    await is_closed(evening, house)
    assert await written(house) == [(evening.session.id, "under_5")]


async def test_a_room_that_keeps_none_keeps_none(own_evening: Evening):
    evening, house = own_evening, own_evening.house
    _, ben, *_ = await held(evening, *NAMES)
    assert SAID not in (await ben.browser.gets(f"{evening.live_path}/now")).json()
    await is_closed(evening, house)
    assert await written(house) == []


async def test_the_desk_shows_bands_and_neither_a_number_nor_a_name(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening(keeps_counts=True, listed=True)
    ana, *_ = await held(evening, *NAMES)
    await is_closed(evening, house)
    olu, path = await house.signed_in("Olu", organiser=True), f"/desk/rooms/{evening.room.id}"
    for who in (olu, ana.browser):
        page = Page(await who.gets(path))
        assert "Thursday 26 November 2026, 7:30" in text(page)
        assert "pm5 to 9" in text(page)
        assert not any(name in text(page) for name in NAMES)
        assert [tag for tag, _ in page.tags].count("rect") == 1
    file = await olu.gets(f"{path}/counts.csv")
    assert file.headers["content-type"].startswith("text/csv")
    assert file.headers["content-disposition"] == 'attachment; filename="counts.csv"'
    assert file.headers["cache-control"] == "no-store"
    assert list(csv.reader(file.text.splitlines())) == [
        ["Date", "Time", "How many came"],
        ["2026-11-26", "19:30", "5 to 9"],
    ]
    assert (await ana.browser.gets(f"{path}/counts.csv")).text == file.text
    pat = await house.signed_in("Pat", organiser=True)
    assert (await pat.gets(f"{path}/counts.csv")).status_code == 404
    assert (await ana.browser.posts(path, do="forget_counts")).status_code == 404
    assert await written(house) == [(evening.session.id, "5_to_9")]


async def test_no_cell_of_the_file_can_be_a_formula_or_a_date_by_mistake(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening(keeps_counts=True)
    async with house.database.writing() as conn:
        await conn.execute(tables.rooms.update().values(name="=HYPERLINK(A1)", one_line="@SUM(A1)"))
    await held(evening, "Ben")
    await is_closed(evening, house)
    olu = await house.signed_in("Olu", organiser=True)
    file = (await olu.gets(f"/desk/rooms/{evening.room.id}/counts.csv")).text
    cells = [cell for line in csv.reader(file.splitlines()) for cell in line]
    assert len(cells) == 6
    assert all(cell[0].isalnum() for cell in cells)
    assert not {"5-9", "5–9"} & set(cells)
    assert "HYPERLINK" not in file


async def test_switched_off_what_was_kept_can_be_seen_and_forgotten(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening(keeps_counts=True)
    await held(evening, "Ben")
    await is_closed(evening, house)
    olu, path = await house.signed_in("Olu", organiser=True), f"/desk/rooms/{evening.room.id}"
    assert "It is switched off" not in await desk(evening, olu)
    await olu.posts(f"{path}/edit", **GIVEN)
    assert "It is switched off: no session is counted any more." in await desk(evening, olu)
    assert (await olu.gets(f"{path}/counts.csv")).status_code == 200
    assert "How many came" not in text(Page(await olu.posts(path, do="forget_counts")))
    assert await written(house) == []
    assert (await olu.gets(f"{path}/counts.csv")).status_code == 404


async def test_after_twelve_months_a_server_that_comes_up_takes_it_away(another_house: OpensHouses):
    house = await another_house()
    old, young = await house.evening(keeps_counts=True), await house.evening(keeps_counts=True)
    for evening in (old, young):
        await held(evening)
        await is_closed(evening, house)
        house.clock.at += 60
    house.clock.at += (counts.KEPT - timedelta(minutes=2)).total_seconds()
    assert len(await written(house)) == 2
    await house.restarts()
    async with asyncio.timeout(10):
        while await written(house) != [(young.session.id, "under_5")]:  # noqa: ASYNC110  a test watches from outside
            await asyncio.sleep(0)


# On more than one node


async def test_two_nodes_count_the_same_people_and_write_it_once(nodes: tuple[House, House]):
    one, two = nodes
    evening = await one.evening(keeps_counts=True)
    ana, ben, *_ = await held(evening, *NAMES, at=nodes)
    for node in nodes:
        host = node.home.house.hosted(evening.session.id)
        assert host
        assert (host.room.state, host.room.controls.turnout) == (State.ENDED, "5_to_9")
        assert host.room.controls.took_part is None
    for node in (two, one, two):
        await is_closed(evening, node)
    assert await written(one) == [(evening.session.id, "5_to_9")]
    await ben.closes_the_tab()
    await ana.closes_the_tab()


# The plot

MONDAY = datetime(2026, 11, 2, 19, 30)  # noqa: DTZ001  a wall clock shows no zone


def bars(*sessions: tuple[int, Band]) -> list[tuple[float, float, float, float]]:
    kept = [Count(MONDAY + timedelta(days=days), band) for days, band in sessions]
    return [(bar.x, bar.y, bar.width, bar.height) for bar in turnout(choose("en"), kept).bars]


def test_a_place_a_week_from_edge_to_edge_and_a_step_a_band():
    assert bars((0, "under_5"), (7, "5_to_9"), (28, "10_or_more")) == [
        (0, HIGH - STEP, WIDEST, STEP),
        ((WIDE - WIDEST) / 4, HIGH - 2 * STEP, WIDEST, 2 * STEP),
        (WIDE - WIDEST, HIGH - 3 * STEP, WIDEST, 3 * STEP),
    ]
    assert bars((0, "under_5")) == [(0, HIGH - STEP, WIDEST, STEP)]


def test_those_of_one_week_share_its_place():
    assert bars((1, "under_5"), (6, "under_5")) == [
        (0, HIGH - STEP, WIDEST / 2, STEP),
        (WIDEST / 2, HIGH - STEP, WIDEST / 2, STEP),
    ]


def test_a_year_of_weeks_fits_and_no_bar_covers_another():
    year = bars(*[(7 * week, "10_or_more") for week in range(53)])
    assert all(x - before - width > 0 for (before, _, width, _), (x, *_) in pairwise(year))
    assert year[-1][0] + year[-1][2] == pytest.approx(WIDE, abs=0.02)
    assert {y for _, y, _, _ in year} == {HIGH - 3 * STEP}


def test_nothing_is_nothing():
    assert bars() == []
