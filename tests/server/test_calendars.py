"""Dates in people's own calendars, read by a parser that is not ours, by a strict one, and saying nothing to others."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import icalendar
import pytest

from rooms.records import feeds, rooms, seasons
from server.pages.calendars import _BEHIND_OF_ALL
from tests.calendar import reader
from tests.server.browser import Browser, Page
from tests.server.house import House
from tests.server.test_dates import Season
from tests.server.test_forms import WHOLE_ROOM
from tests.server.test_making import room_id

SECRET = "Bereaved by suicide; a circle, for us"


@pytest.fixture
async def season(house: House) -> Season:
    olu = await house.signed_in("Olu", organiser=True)
    given = {**WHOLE_ROOM, "name": SECRET, "one_line": "Come, sit; talk.", "repeat": "weekly", "times": "20"}
    made = await olu.posts("/desk/new", **{**given, "listed": ""})
    return Season(house, olu, room_id(made))


async def feed_path(season: Season) -> str:
    async with season.house.database.reading() as conn:
        room = await rooms.find(conn, season.room)
    assert room
    return f"/calendar/{room.feed_token}.ics"


async def events(browser: Browser, path: str) -> list[Any]:
    """As a calendar asks: no cookies, no language; what comes back must be right for two readers."""
    answer = await browser.http.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    reader.read(answer.content)
    return list(walked(answer.content))


def walked(content: bytes) -> Iterator[Any]:
    calendar = icalendar.Calendar.from_ical(content)
    assert not calendar.errors
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        yield event


async def test_a_feed_has_every_date_at_its_moment_through_the_change_of_clocks(season: Season):
    found = await events(season.house.browser(), await feed_path(season))
    dates = await season.dates()
    assert len(found) == 20
    for event, session in zip(found, dates, strict=True):
        assert event.decoded("DTSTART").astimezone(UTC) == session.starts_at
        assert event.decoded("DTEND").astimezone(UTC) == session.ends_at
        assert event["SEQUENCE"] == 0
        assert event["STATUS"] == "CONFIRMED"
    hours = {event.decoded("DTSTART").astimezone(UTC).hour for event in found}
    assert hours == {19, 18}, "winter and summer"


async def test_what_was_moved_is_the_same_event_and_what_was_called_off_stays_in_it(season: Season):
    stranger, path = season.house.browser(), await feed_path(season)
    before = await events(stranger, path)
    await season.does(1, "move", scope="this", date="2026-12-10", start="20:00", minutes="90")
    await season.does(2, "off", scope="this", reason="other", alternative="Another time.")
    after = await events(stranger, path)
    assert [event["UID"] for event in after] == [event["UID"] for event in before]
    moved, off = after[1], after[2]
    assert moved.decoded("DTSTART").astimezone(UTC) == datetime(2026, 12, 10, 20, tzinfo=UTC)
    assert (moved["SEQUENCE"], moved["STATUS"]) == (1, "CONFIRMED")
    assert (off["SEQUENCE"], off["STATUS"]) == (1, "CANCELLED")
    await season.does(2, "back", scope="this")
    again = (await events(stranger, path))[2]
    assert (again["UID"], again["SEQUENCE"], again["STATUS"]) == (off["UID"], 2, "CONFIRMED")


async def test_it_says_nothing_about_what_the_room_is_unless_asked(season: Season):
    stranger, path = season.house.browser(), await feed_path(season)
    discreet = (await stranger.gets(path)).text
    for word in ("Bereaved", "suicide", "Come", "circle"):
        assert word not in discreet
    assert "SUMMARY:Online session" in discreet
    named = await events(stranger, path.replace(".ics", "/open.ics"))
    assert {event["SUMMARY"] for event in named} == {SECRET}
    assert {event["DESCRIPTION"] for event in named} == {"Come, sit; talk."}


async def test_one_date_to_keep(season: Season):
    room = await season.olu.gets(f"/room/{season.room}")
    path = next(href for href in Page(room).attributes("href") if href.endswith(".ics"))
    first = (await season.dates())[0]
    (event,) = await events(season.olu, path)
    assert event.decoded("DTSTART").astimezone(UTC) == first.starts_at
    assert (event["SUMMARY"], event.walk("VALARM")) == ("Online session", [])
    (ringing,) = await events(season.olu, f"{path}?look=open&remind=yes")
    assert ringing["SUMMARY"] == SECRET
    assert len(ringing.walk("VALARM")) == 1
    other = await season.house.evening(listed=True)
    assert (await season.olu.gets(f"/room/{other.room.id}/{first.id}.ics")).status_code == 404


async def test_a_new_address_makes_the_old_one_useless(season: Season):
    stranger, old = season.house.browser(), await feed_path(season)
    await season.olu.posts(f"/desk/rooms/{season.room}", do="new_calendar")
    gone = await stranger.gets(old)
    assert gone.status_code == 404
    assert gone.text == (await stranger.gets("/calendar/never.ics")).text
    new = await feed_path(season)
    assert len(await events(stranger, new)) == 20
    assert new in (await season.olu.gets(f"/desk/rooms/{season.room}")).text


async def test_one_feed_of_all_listed_rooms(season: Season):
    house, stranger = season.house, season.house.browser()
    evening = await house.evening(listed=True)
    assert (await season.olu.posts("/desk/calendar")).headers["location"] == "/desk"
    async with house.database.reading() as conn:
        path = f"/calendar/{await feeds.of_all(conn)}.ics"
        all_listed = [room.id for room in await rooms.listed(conn)]
        known = await seasons.for_calendars(
            conn, all_listed, house.clock.now - _BEHIND_OF_ALL, datetime(2027, 12, 1, tzinfo=UTC)
        )
    assert path in (await stranger.gets("/")).text
    found = await events(stranger, path)
    assert len(found) == len(known)
    assert evening.session.id in {session.id for session in known}
    unlisted = {session.id for session in await season.dates()}
    assert not unlisted & {session.id for session in known}
    await season.olu.posts("/desk/calendar")
    assert (await stranger.gets(path)).status_code == 404
