"""Own hours: a page and a file for who was put down for a session that was held; nobody else's stand in it."""

import csv
from datetime import datetime, timedelta

from rooms.records import rooms, rota, sessions
from rooms.records.sessions import Session
from tests.server.browser import Browser, Page
from tests.server.house import House
from tests.server.test_dates import text

HEADS = ["Date", "Start", "End", "Time zone", "Minutes", "Room", "Part"]


async def held(
    house: House, room_name: str, begins: str, minutes: int, *, zone: str = "Europe/London", **parts: str
) -> Session:
    """A session of the past: it began at this time on the wall, and was over so many minutes later."""
    olu = await house.account("Olu", organiser=True)
    people = {part: await house.account(name) for part, name in parts.items()}
    async with house.database.writing() as conn:
        room = await rooms.create(conn, organiser_id=olu.id, name=room_name, purpose="peer_support")
        session = await sessions.plan(conn, room.id, datetime.fromisoformat(begins), zone, 60)
        assert isinstance(session, Session)
        for part, account in people.items():
            await rota.put_down(conn, [session.id], part, account.id)  # type: ignore[arg-type]  # names of parts
        await sessions.finish(conn, session.id, "held", session.starts_at + timedelta(minutes=minutes))
    return session


async def lines(browser: Browser) -> list[list[str]]:
    answer = await browser.gets("/desk/hours.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="hours.csv"'
    assert answer.headers["cache-control"] == "no-store"
    return list(csv.reader(answer.text.splitlines()))


async def test_a_facilitator_reads_their_hours_by_month_and_takes_them_away(own_house: House):
    await held(own_house, "Tuesday tea", "2026-10-20 19:30", 60, lead="Jo", second="Kay")
    await held(own_house, "Tuesday tea", "2026-11-03 19:30", 75, lead="Jo", second="Kay")
    await held(own_house, "Morning", "2026-11-10 09:00", 60, second="Jo", on_call="Kay")
    jo, kay = await own_house.signed_in("Jo"), await own_house.signed_in("Kay")
    shown = text(Page(await jo.gets("/desk/hours")))
    november, october = shown.index("November 2026 Facilitated: 2 h 15 min"), shown.index("October 2026")
    assert november < shown.index("Tuesday 3 November 2026, 7:30 pm: Tuesday tea, led it, 1 h 15 min")
    assert (
        november < shown.index("Tuesday 10 November 2026, 9:00 am: Morning, was second, 1 h 0 min") < october
    )
    assert "October 2026 Facilitated: 1 h 0 min Tuesday 20 October" in shown
    assert "November 2026 Facilitated: 1 h 15 min · On call: 1 h 0 min" in text(
        Page(await kay.gets("/desk/hours"))
    )
    assert "/desk/hours" in Page(await jo.gets("/desk")).attributes("href")
    assert await lines(jo) == [
        HEADS,
        ["2026-10-20", "19:30", "20:30", "Europe/London", "60", "Tuesday tea", "led it"],
        ["2026-11-03", "19:30", "20:45", "Europe/London", "75", "Tuesday tea", "led it"],
        ["2026-11-10", "09:00", "10:00", "Europe/London", "60", "Morning", "was second"],
    ]


async def test_nobody_sees_the_hours_of_another_not_even_who_organises_all_of_it(own_house: House):
    await held(own_house, "Tuesday tea", "2026-11-03 19:30", 60, lead="Jo")
    for name, organiser in (("Olu", True), ("Eve", False)):
        browser = await own_house.signed_in(name, organiser=organiser)
        answer = await browser.gets("/desk/hours")
        assert "Nothing yet." in answer.text
        assert "/desk/hours.csv" not in answer.text
        assert "Tuesday tea" not in answer.text
        assert await lines(browser) == [HEADS]
    stranger = own_house.browser()
    for path in ("/desk/hours", "/desk/hours.csv"):
        assert (await stranger.gets(path)).headers["location"] == "/sign-in?next=/desk/hours"


async def test_an_evening_that_was_looked_after_stands_in_it_without_anybody_who_came(own_house: House):
    evening = await own_house.evening()
    ana = await evening.facilitates("Ana")
    account = await own_house.account("Ana")
    async with own_house.database.writing() as conn:
        await rota.put_down(conn, [evening.session.id], "lead", account.id)
    await ana.starts()
    await evening.visits("Ben")
    await own_house.passes(minutes=50)
    at_the_desk = await own_house.signed_in("Ana")
    assert await lines(at_the_desk) == [HEADS], "it is not over"
    await ana.ends()
    await ana.sees_that("room", state="ended")
    await own_house.passes(1)
    assert await lines(at_the_desk) == [
        HEADS,
        ["2026-11-26", "19:30", "20:20", "UTC", "50", "Thursday", "led it"],
    ]


async def test_the_file_goes_back_a_year_and_months_are_those_of_the_group(own_house: House):
    await held(own_house, "Long ago", "2025-10-31 12:00", 60, lead="Jo")
    await held(own_house, "A year ago", "2025-11-01 12:00", 60, lead="Jo")
    await held(own_house, "Sydney", "2026-06-01 06:00", 60, zone="Australia/Sydney", lead="Jo")
    await held(own_house, "London", "2026-05-31 22:00", 60, lead="Jo")
    jo = await own_house.signed_in("Jo")
    assert [line[5] for line in await lines(jo)][1:] == ["A year ago", "Sydney", "London"]
    shown = text(Page(await jo.gets("/desk/hours")))
    assert shown.count("June 2026 Facilitated") == shown.count("May 2026 Facilitated") == 1
    assert shown.index("June 2026") < shown.index("May 2026") < shown.index("November 2025")


async def test_the_name_of_a_room_is_no_formula_in_a_spreadsheet(own_house: House):
    names = ("=1+1", '+SUM(A1), "x"', "-2", "@lookup", "＝1+1", "Tea = good")
    for day, name in enumerate(names, start=1):
        await held(own_house, f"{name:3}", f"2026-11-{day:02} 12:00", 60, lead="Jo")
    jo = await own_house.signed_in("Jo")
    found = [line[5].rstrip() for line in await lines(jo)][1:]
    assert found == ["'=1+1", '\'+SUM(A1), "x"', "'-2", "'@lookup", "'＝1+1", "Tea = good"]
