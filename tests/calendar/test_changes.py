"""Before an edit is done it says exactly which dates are added, moved and dropped."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rooms.calendar.changes import Changes, Moved, changed
from rooms.calendar.recurrence import Occurrence, Rule, Split, occurrences, split
from tests.calendar.oracles import utc, wall

TUESDAYS = Rule(wall("2026-11-24T19:30"), "Europe/London", 60, "weekly", times=6)


def dates(rule: Rule) -> tuple[Occurrence, ...]:
    found = occurrences(rule)
    assert isinstance(found, tuple), found
    return found


def edit(rule: Rule, **edits: Any) -> Changes:
    return changed(dates(rule), dates(replace(rule, **edits)))


def moves(changes: Changes) -> list[str]:
    return [f"{moved.before.wall:%d.%m. %H:%M} > {moved.after.wall:%d.%m. %H:%M}" for moved in changes.moved]


def days(found: tuple[Occurrence, ...]) -> list[str]:
    return [f"{one.wall:%d.%m.}" for one in found]


class TestAllOfThem:
    def test_nothing_edited_is_nothing_changed(self):
        assert edit(TUESDAYS) == Changes(dates(TUESDAYS), (), (), ())

    def test_another_time_moves_every_date_on_its_day(self):
        changes = edit(TUESDAYS, first=wall("2026-11-24T20:00"), times=2)
        assert moves(changes) == ["24.11. 19:30 > 24.11. 20:00", "01.12. 19:30 > 01.12. 20:00"]
        assert days(changes.dropped) == ["08.12.", "15.12.", "22.12.", "29.12."]
        assert (changes.kept, changes.added) == ((), ())

    def test_another_length_or_place_is_a_change_on_every_date(self):
        assert len(edit(TUESDAYS, minutes=90).moved) == 6
        assert len(edit(TUESDAYS, zone="Europe/Lisbon").moved) == 6

    def test_another_weekday_moves_every_date_within_its_week(self):
        changes = edit(TUESDAYS, first=wall("2026-11-26T19:30"), times=2)
        assert moves(changes) == ["24.11. 19:30 > 26.11. 19:30", "01.12. 19:30 > 03.12. 19:30"]

    def test_every_other_week_drops_the_others(self):
        changes = edit(TUESDAYS, repeat="fortnightly", times=3)
        assert days(changes.kept) == ["24.11.", "08.12.", "22.12."]
        assert days(changes.dropped) == ["01.12.", "15.12.", "29.12."]
        assert (changes.moved, changes.added) == ((), ())

    def test_a_break_week_drops_its_date_and_adds_one_at_the_end(self):
        changes = edit(TUESDAYS, breaks=(date(2026, 12, 24),))
        assert days(changes.dropped) == ["22.12."]
        assert days(changes.added) == ["05.01."]
        assert changes.moved == ()

    def test_a_date_at_the_end_is_not_a_move_of_one_in_the_same_month(self):
        changes = edit(replace(TUESDAYS, times=3), breaks=(date(2026, 12, 1),))
        assert (days(changes.dropped), days(changes.added), changes.moved) == (["01.12."], ["15.12."], ())

    def test_a_week_later_keeps_all_but_the_first(self):
        changes = edit(TUESDAYS, first=wall("2026-12-01T19:30"))
        assert (days(changes.dropped), days(changes.added), changes.moved) == (["24.11."], ["05.01."], ())

    def test_from_the_fourth_tuesday_to_the_second_monday_each_stays_in_its_month(self):
        monthly = replace(TUESDAYS, repeat="monthly", times=2)
        changes = edit(monthly, first=wall("2026-11-09T19:30"), times=3)
        assert moves(changes) == ["24.11. 19:30 > 09.11. 19:30", "22.12. 19:30 > 14.12. 19:30"]
        assert days(changes.added) == ["11.01."]


class TestThisDate:
    def test_it_is_the_same_meeting_wherever_it_goes(self):
        this = dates(TUESDAYS)[0]
        after = replace(this, wall=wall("2027-02-02T19:30"), starts_at=utc("2027-02-02T19:30"))
        assert changed([this], [after]) == Changes((), (Moved(this, after),), (), ())

    def test_called_off_it_is_dropped(self):
        this = dates(TUESDAYS)[0]
        assert changed([this], []) == Changes((), (), (this,), ())


class TestThisAndLater:
    def test_only_the_later_half_is_touched(self):
        both = split(TUESDAYS, wall("2026-12-15T19:30"))
        assert isinstance(both, Split)
        assert both.later
        changes = edit(both.later, first=wall("2026-12-17T18:00"))
        assert moves(changes) == [
            "15.12. 19:30 > 17.12. 18:00",
            "22.12. 19:30 > 24.12. 18:00",
            "29.12. 19:30 > 31.12. 18:00",
        ]


some_dates = st.lists(
    st.builds(
        lambda day, hour: Occurrence(
            wall("2027-01-01T00:00") + timedelta(days=day, hours=hour),
            "Etc/UTC",
            utc("2027-01-01T00:00") + timedelta(days=day, hours=hour),
            60,
        ),
        st.integers(0, 70),
        st.integers(18, 20),
    ),
    max_size=12,
)


class TestTheSums:
    @given(some_dates, some_dates)
    def test_every_date_of_both_sides_is_named_once(self, old, new):
        changes = changed(old, new)
        kept, moved = changes.kept, changes.moved
        assert Counter([*kept, *(one.before for one in moved), *changes.dropped]) == Counter(old)
        assert Counter([*kept, *(one.after for one in moved), *changes.added]) == Counter(new)
        assert all(one.before != one.after for one in moved)
        for found in (kept, [one.before for one in moved], changes.dropped, changes.added):
            assert list(found) == sorted(found, key=lambda one: one.starts_at)

    @given(some_dates, some_dates)
    def test_the_way_back_is_the_way_there(self, old, new):
        there, back = changed(old, new), changed(new, old)
        assert Counter(there.kept) == Counter(back.kept)
        assert Counter(there.dropped) == Counter(back.added)
        assert Counter(there.added) == Counter(back.dropped)
