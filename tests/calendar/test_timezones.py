"""What a calendar is told about the clocks of a place is what the place's clocks do, in every year that is covered."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from rooms.calendar.timezones import vtimezone
from tests.calendar.oracles import ZONES, changes_by_hand, clock_in, moments_by_dateutil, utc
from tests.calendar.reader import Component, read

# Backwards by law, backwards for Ramadan, once and for good, a day that never was, and no clocks to change at all.
ODD = ("Europe/Dublin", "Africa/Casablanca", "Europe/Istanbul", "Pacific/Apia", "Etc/UTC")


def told(zone: str, from_at: datetime, to_at: datetime) -> tuple[str, Component]:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Us//Tests//EN"]
    lines += [*vtimezone(ZoneInfo(zone), from_at, to_at), "END:VCALENDAR"]
    calendar = read("".join(f"{line}\r\n" for line in lines).encode())
    return calendar.text, calendar.zones[zone]


def onsets(zone: Component) -> list[tuple[str, str, str, str]]:
    return [(one.name, one["DTSTART"], one["TZOFFSETFROM"], one["TZOFFSETTO"]) for one in zone.parts]


class TestOneYearOfLondon:
    def test_it_is_told_change_by_change(self):
        _, london = told("Europe/London", utc("2027-02-02T19:30"), utc("2027-11-02T19:30"))
        assert onsets(london) == [
            ("STANDARD", "20261231T000000", "+0000", "+0000"),
            ("DAYLIGHT", "20270328T010000", "+0000", "+0100"),
            ("STANDARD", "20271031T020000", "+0100", "+0000"),
        ]
        assert [one["TZNAME"] for one in london.parts] == ["GMT", "BST", "GMT"]


class TestOtherPlaces:
    def test_a_place_whose_clocks_are_left_alone_has_one_line(self):
        _, kolkata = told("Asia/Kolkata", utc("2026-01-01T00:00"), utc("2035-12-31T23:59"))
        assert onsets(kolkata) == [("STANDARD", "20251231T053000", "+0530", "+0530")]

    def test_the_irish_winter_is_not_summer_time(self):
        _, dublin = told("Europe/Dublin", utc("2027-01-01T00:00"), utc("2027-01-02T00:00"))
        assert {one["TZOFFSETTO"] for one in dublin.all("DAYLIGHT")} <= {"+0100"}

    def test_half_an_hour_on_lord_howe(self):
        _, island = told("Australia/Lord_Howe", utc("2027-06-01T00:00"), utc("2027-06-01T00:00"))
        assert onsets(island) == [
            ("DAYLIGHT", "20261231T110000", "+1100", "+1100"),
            ("STANDARD", "20270404T020000", "+1100", "+1030"),
            ("DAYLIGHT", "20271003T020000", "+1030", "+1100"),
        ]


class TestTenYears:
    @pytest.mark.parametrize("zone", ZONES)
    def test_every_change_by_hand_is_there_and_no_other(self, zone):
        _, place = told(zone, utc("2026-06-01T00:00"), utc("2035-06-01T00:00"))
        changes = [moment for year in range(2026, 2036) for moment in changes_by_hand(zone, year) or ()]
        found = [
            datetime.strptime(one["DTSTART"] + one["TZOFFSETFROM"], "%Y%m%dT%H%M%S%z").astimezone(UTC)
            for one in place.parts[1:]
        ]
        assert found == sorted(changes)
        for before, after in pairwise(place.parts):
            assert before["TZOFFSETTO"] == after["TZOFFSETFROM"]

    @pytest.mark.parametrize("zone", [*ZONES, *ODD])
    def test_whoever_believes_the_file_is_never_wrong(self, zone):
        first = 2010 if zone == "Pacific/Apia" else 2015
        text, _ = told(zone, utc(f"{first}-01-01T00:00"), utc(f"{first + 9}-12-31T23:59"))
        moment = clock_in(text, zone)
        shown = datetime(first, 1, 1, 1, 30)  # noqa: DTZ001  a wall clock
        while shown.year < first + 10:
            expected = moments_by_dateutil(shown, zone)
            if expected:
                assert moment(shown) == expected[0]
            shown += timedelta(hours=53)
