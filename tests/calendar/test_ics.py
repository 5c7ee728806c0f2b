"""Files for calendars: read by a strict reader, by python-dateutil, and by icalendar where that is installed."""

import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rooms.calendar.ics import Entry, Look, Words, feed, one
from rooms.calendar.recurrence import Occurrence, Rule, Settled, occurrences
from tests.calendar.oracles import ZONES, utc, wall
from tests.calendar.reader import Calendar, Component, read, unescaped

NOW = utc("2026-11-22T09:00")
OPEN = Look(is_discreet=False)
TITLE = "Bereaved by suicide: Tuesday circle"


def dates(rule: Rule) -> tuple[Occurrence, ...]:
    found = occurrences(rule)
    assert isinstance(found, tuple), found
    return found


TUESDAYS = dates(Rule(wall("2026-11-24T19:30"), "Europe/London", 60, "weekly", times=26))
TUESDAY = Entry(
    id="k3v9",
    occurrence=TUESDAYS[0],
    sequence=0,
    changed_at=utc("2026-11-20T08:00"),
    neutral_url="https://rooms.example/d/k3v9",
    words=Words(
        TITLE, "https://rooms.example/bereaved-by-suicide/k3v9", "Bring tea; talk, or don't.\nOne hour."
    ),
)
SEASON = [replace(TUESDAY, id=f"s{n}", occurrence=date) for n, date in enumerate(TUESDAYS)]


def event(data: bytes) -> Component:
    (only,) = read(data).events
    return only


def told(words: str) -> str:
    return unescaped(
        event(one(replace(TUESDAY, words=replace(TUESDAY.words, title=words)), at=NOW, look=OPEN))["SUMMARY"]
    )


def is_seen(sign: str) -> bool:
    return sign == "\t" or unicodedata.category(sign) not in {"Cc", "Cs"}


def agrees(calendar: Calendar, found: Component, occurrence: Occurrence) -> bool:
    return (
        calendar.moment(found, "DTSTART") == occurrence.starts_at
        and calendar.moment(found, "DTEND") == occurrence.ends_at
    )


class TestOneSession:
    def test_a_discreet_one_is_known_to_the_octet(self):
        assert one(TUESDAY, at=NOW).decode().split("\r\n") == [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Online sessions//Calendar//EN",
            "CALSCALE:GREGORIAN",
            "BEGIN:VTIMEZONE",
            "TZID:Europe/London",
            "BEGIN:STANDARD",
            "DTSTART:20251231T000000",
            "TZOFFSETFROM:+0000",
            "TZOFFSETTO:+0000",
            "TZNAME:GMT",
            "END:STANDARD",
            "BEGIN:DAYLIGHT",
            "DTSTART:20260329T010000",
            "TZOFFSETFROM:+0000",
            "TZOFFSETTO:+0100",
            "TZNAME:BST",
            "END:DAYLIGHT",
            "BEGIN:STANDARD",
            "DTSTART:20261025T020000",
            "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0000",
            "TZNAME:GMT",
            "END:STANDARD",
            "END:VTIMEZONE",
            "BEGIN:VEVENT",
            "UID:cd3d662c-2639-57f3-85c1-091f58d0ee23",
            "DTSTAMP:20261122T090000Z",
            "LAST-MODIFIED:20261120T080000Z",
            "SEQUENCE:0",
            "DTSTART;TZID=Europe/London:20261124T193000",
            "DTEND;TZID=Europe/London:20261124T203000",
            "STATUS:CONFIRMED",
            "SUMMARY:Online session",
            "CLASS:PRIVATE",
            "URL:https://rooms.example/d/k3v9",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]

    def test_an_open_one_says_what_it_is(self):
        found = event(one(TUESDAY, at=NOW, look=OPEN))
        assert found["SUMMARY"] == TITLE
        assert unescaped(found["DESCRIPTION"]) == TUESDAY.words.description
        assert found["URL"] == TUESDAY.words.url
        assert "CLASS" not in found.properties

    def test_an_open_one_with_nothing_to_add_adds_nothing(self):
        bare = replace(TUESDAY, words=replace(TUESDAY.words, description=""))
        assert "DESCRIPTION" not in event(one(bare, at=NOW, look=OPEN)).properties

    def test_moved_it_is_the_same_session_with_a_higher_number(self):
        moved = replace(TUESDAY, occurrence=TUESDAYS[1], sequence=1, changed_at=NOW)
        before, after = event(one(TUESDAY, at=NOW)), event(one(moved, at=NOW))
        assert before["UID"] == after["UID"]
        assert (before["SEQUENCE"], after["SEQUENCE"]) == ("0", "1")
        assert after["LAST-MODIFIED"] == "20261122T090000Z"
        assert event(one(SEASON[1], at=NOW))["UID"] != after["UID"]

    def test_open_or_discreet_it_is_the_same_session_but_its_id_is_not_told(self):
        assert event(one(TUESDAY, at=NOW))["UID"] == event(one(TUESDAY, at=NOW, look=OPEN))["UID"]
        assert TUESDAY.id not in event(one(TUESDAY, at=NOW))["UID"]

    def test_cancelled_it_says_so_and_rings_no_more(self):
        cancelled = replace(TUESDAY, is_cancelled=True, sequence=1)
        found = event(one(cancelled, at=NOW, look=Look(has_alarm=True)))
        assert found["STATUS"] == "CANCELLED"
        assert found.parts == []

    def test_whoever_wants_it_is_reminded_a_quarter_of_an_hour_before(self):
        for look, words in ((Look(has_alarm=True), "Online session"), (replace(OPEN, has_alarm=True), TITLE)):
            (alarm,) = event(one(TUESDAY, at=NOW, look=look)).parts
            assert (alarm["ACTION"], alarm["TRIGGER"], alarm["DESCRIPTION"]) == ("DISPLAY", "-PT15M", words)
        assert event(one(TUESDAY, at=NOW)).parts == []

    def test_moments_are_told_in_utc_wherever_they_come_from(self):
        summer = datetime.fromisoformat("2027-07-01T10:00:00+01:00")
        found = event(one(replace(TUESDAY, changed_at=summer), at=summer))
        assert found["DTSTAMP"] == found["LAST-MODIFIED"] == "20270701T090000Z"

    def test_a_moment_without_a_zone_is_a_mistake_of_ours(self):
        with pytest.raises(ValueError, match="a moment carries its zone"):
            one(TUESDAY, at=wall("2026-11-22T09:00"))


class TestDiscretion:
    @pytest.mark.parametrize("look", [Look(), Look(has_alarm=True), Look(neutral_title="Sesiwn ar-lein")])
    def test_nothing_of_the_topic_is_anywhere_in_the_file(self, look):
        for data in (
            one(TUESDAY, at=NOW, look=look),
            one(replace(TUESDAY, is_cancelled=True), at=NOW, look=look),
            feed(SEASON, name=TITLE, at=NOW, look=look),
        ):
            text = read(data).text.lower()
            for word in ("bereaved", "suicide", "circle", "tea", "talk", "tealight", "peer", "support"):
                assert word not in text

    def test_the_neutral_title_is_in_the_readers_language(self):
        look = Look(neutral_title="Sesiwn ar-lein")
        calendar = read(feed(SEASON, name=TITLE, at=NOW, look=look))
        assert {found["SUMMARY"] for found in calendar.events} == {"Sesiwn ar-lein"}
        assert calendar.root["X-WR-CALNAME"] == calendar.root["NAME"] == "Sesiwn ar-lein"

    def test_what_was_typed_is_in_no_repr(self):
        assert "ereaved" not in repr(TUESDAY)
        assert "rooms.example" not in repr(TUESDAY)


class TestAFeed:
    def test_a_season_over_both_winters_and_the_summer(self):
        calendar = read(feed(SEASON, name="What's on", at=NOW, look=OPEN))
        assert list(calendar.zones) == ["Europe/London"]
        assert len(calendar.events) == 26
        assert all(agrees(calendar, *pair) for pair in zip(calendar.events, TUESDAYS, strict=True))
        assert calendar.root["NAME"] == "What's on"
        assert calendar.root["REFRESH-INTERVAL"] == "PT1H"

    def test_several_places_are_each_told_once(self):
        everywhere = [
            Entry(f"{zone}{n}", date, 0, NOW, "https://rooms.example/d/1", TUESDAY.words)
            for zone in ZONES
            for n, date in enumerate(dates(Rule(wall("2026-03-01T19:30"), zone, 90, "fortnightly", times=40)))
        ]
        calendar = read(feed(everywhere, name="All", at=NOW))
        assert set(calendar.zones) == set(ZONES)
        for found, entry in zip(calendar.events, everywhere, strict=True):
            assert agrees(calendar, found, entry.occurrence)

    def test_an_empty_one_is_still_a_calendar(self):
        calendar = read(feed([], name="What's on", at=NOW, look=OPEN))
        assert calendar.root.parts == []

    def test_a_cancelled_one_stays(self):
        calendar = read(feed([replace(SEASON[0], is_cancelled=True), *SEASON[1:]], name="", at=NOW))
        assert [found["STATUS"] for found in calendar.events].count("CANCELLED") == 1
        assert len(calendar.events) == 26


class TestNightsOnWhichTheClocksChange:
    @pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe"])
    def test_every_quarter_of_an_hour_of_the_night_is_the_one_that_is_meant(self, zone):
        nights = {"Europe/London": "2026-10-24T22:00", "America/New_York": "2026-11-01T04:00"}
        start = utc(nights.get(zone, "2027-04-03T12:00"))
        for n in range(24):
            moment = start + timedelta(minutes=15 * n)
            meant = Occurrence(wall("2026-01-01T00:00"), zone, moment, 90)
            calendar = read(one(replace(TUESDAY, occurrence=meant), at=NOW))
            assert agrees(calendar, calendar.events[0], meant)

    def test_the_second_of_two_hours_is_told_in_utc(self):
        twice = Rule(wall("2026-10-25T01:30"), "Europe/London", 60)
        first, second = (
            event(
                one(
                    replace(
                        TUESDAY, occurrence=dates(replace(twice, settled=(Settled(twice.first, how),)))[0]
                    ),
                    at=NOW,
                )
            )
            for how in ("first", "second")
        )
        assert first.properties["DTSTART"] == ("", "20261025T003000Z")
        assert second.properties["DTSTART"] == ("", "20261025T013000Z")


class TestWhatPeopleType:
    @given(st.text(max_size=200))
    @example("a\\nb\\;c,d;e\\")
    @example("x" * 74 + "é" + "😀" * 40)
    @example("\ud800 half a pair")
    @example("Evening\r\nATTENDEE:mailto:eve@example.org")
    def test_it_arrives_as_it_was_but_for_what_cannot_be_seen(self, typed):
        lines = re.split("\r\n|[\n\v\f\r\x85\u2028\u2029]", typed)
        assert told(typed) == "\n".join("".join(filter(is_seen, line)) for line in lines)

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
    def test_no_kind_of_line_break_begins_a_property(self, end):
        evil = replace(
            TUESDAY.words, title=f"Evening{end}ATTENDEE:mailto:eve", description=f"{end}END:VEVENT{end}"
        )
        found = event(one(replace(TUESDAY, words=evil), at=NOW, look=replace(OPEN, has_alarm=True)))
        assert "ATTENDEE" not in found.properties
        assert found["SUMMARY"] == "Evening\\nATTENDEE:mailto:eve"
        assert found["DESCRIPTION"] == "\\nEND:VEVENT\\n"

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "javascript:alert(1)",
            "https://a.example/\r\nATTENDEE:b",
            "https://a.example/ b",
            "https://ä.example/",
        ],
    )
    def test_a_link_that_is_none_is_a_mistake_of_ours_and_is_not_quoted(self, url):
        with pytest.raises(ValueError, match=r"a link is one word of ASCII that begins with http$"):
            one(replace(TUESDAY, neutral_url=url), at=NOW)
        with pytest.raises(ValueError, match=r"a link is one word of ASCII that begins with http$"):
            one(replace(TUESDAY, words=replace(TUESDAY.words, url=url)), at=NOW, look=OPEN)

    @pytest.mark.parametrize("length", range(60, 80))
    @pytest.mark.parametrize("sign", ["x", "é", "茶", "😀"])
    def test_lines_are_folded_between_characters(self, length, sign):
        typed = "x" * length + sign * 60
        assert told(typed) == typed


class TestIcalendar:
    def test_it_reads_the_same_dates_and_words(self):
        icalendar = pytest.importorskip("icalendar", reason="NOT READ BY ICALENDAR: it is not installed here")
        entries = [replace(SEASON[0], is_cancelled=True, sequence=2), *SEASON[1:]]
        calendar = icalendar.Calendar.from_ical(
            feed(entries, name="What's on", at=NOW, look=replace(OPEN, has_alarm=True))
        )
        found = calendar.walk("VEVENT")
        assert [component.errors for component in calendar.walk() if component.errors] == []
        for component, entry in zip(found, entries, strict=True):
            assert component.decoded("DTSTART").astimezone(UTC) == entry.occurrence.starts_at
            assert component.decoded("DTEND").astimezone(UTC) == entry.occurrence.ends_at
            assert str(component["SUMMARY"]) == TITLE
            assert str(component["DESCRIPTION"]) == TUESDAY.words.description
            assert int(component["SEQUENCE"]) == entry.sequence
        assert [str(component["STATUS"]) for component in found][:2] == ["CANCELLED", "CONFIRMED"]
        assert [len(component.walk("VALARM")) for component in found] == [0] + 25 * [1]
        assert calendar.calendar_name == "What's on"
        (zone,) = calendar.walk("VTIMEZONE")
        moments = {date.starts_at: date.wall for date in TUESDAYS}
        place = zone.to_tz(lookup_tzid=False)
        assert {moment.astimezone(place).replace(tzinfo=None) for moment in moments} == set(moments.values())
