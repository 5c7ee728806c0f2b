"""A 19:30 stays 19:30: dates of a series against python-dateutil, against rules by hand, and in single known nights."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from rooms.calendar.recurrence import (
    MOST,
    Choice,
    Doubt,
    How,
    Occurrence,
    Refused,
    Repeat,
    Rule,
    Settled,
    Split,
    Unclear,
    occurrences,
    split,
)
from tests.calendar.oracles import (
    ZONES,
    changes_by_hand,
    later_by_dateutil,
    moments_by_dateutil,
    moments_by_hand,
    utc,
    wall,
    walls_by_dateutil,
)

LONDON, NEW_YORK, LORD_HOWE, KOLKATA = ZONES
TUESDAYS = Rule(wall("2026-11-24T19:30"), LONDON, 60, "weekly", times=26)
TEN_YEARS = range(2026, 2036)
QUARTER = timedelta(minutes=15)


def dates(rule: Rule) -> tuple[Occurrence, ...]:
    found = occurrences(rule)
    assert isinstance(found, tuple), found
    return found


def days(rule: Rule) -> list[str]:
    return [f"{one.wall:%Y-%m-%d}" for one in dates(rule)]


def doubts(rule: Rule) -> tuple[Doubt, ...]:
    found = occurrences(rule)
    assert isinstance(found, Unclear), found
    return found.doubts


def placed(doubt: Doubt) -> dict[How, Occurrence]:
    """What each answer would make of it, but for the last: to leave it out."""
    *places, skip = doubt.choices
    assert skip == Choice("skip", None)
    return {choice.how: choice.occurrence for choice in places if choice.occurrence}


def halves(rule: Rule, from_wall: datetime) -> tuple[Rule, Rule]:
    found = split(rule, from_wall)
    assert isinstance(found, Split), found
    assert found.before
    assert found.later
    return found.before, found.later


def settled(rule: Rule, how) -> Rule:
    return replace(rule, settled=tuple(Settled(doubt.wall, how) for doubt in doubts(rule)))


def answered(rule: Rule) -> Rule:
    """Whatever has to be said about nights that the clocks change in, with the first choice for each."""
    answers: tuple[Settled, ...] = ()
    found = occurrences(rule)
    if isinstance(found, Unclear):
        answers = tuple(Settled(doubt.wall, doubt.choices[0].how) for doubt in found.doubts)
    return replace(rule, settled=answers)


# Half of the evenings are nights: that is when clocks change.
times_of_day = st.builds(
    lambda hour, minute: timedelta(hours=hour, minutes=minute),
    st.one_of(st.integers(0, 3), st.integers(0, 23)),
    st.sampled_from((0, 15, 30, 45, 59)),
)
first_dates = st.builds(
    lambda day, time: datetime(day.year, day.month, day.day) + time,  # noqa: DTZ001  a wall clock shows no zone
    st.dates(date(2024, 1, 1), date(2031, 12, 31)),
    times_of_day,
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    first = draw(first_dates)
    repeat: Repeat = draw(st.sampled_from(("weekly", "fortnightly", "monthly", "monthly_last")))
    if repeat == "monthly":
        assume(first.day <= 28)
    while repeat == "monthly_last" and (first + timedelta(weeks=1)).month == first.month:
        first += timedelta(weeks=1)
    times = draw(st.integers(1, MOST))
    weeks_away = draw(st.lists(st.integers(0, 60), max_size=6))
    breaks = tuple(first.date() + timedelta(weeks=n, days=draw(st.integers(-3, 3))) for n in weeks_away)
    return Rule(first, draw(st.sampled_from(ZONES)), 90, repeat, times=times, breaks=breaks)


class TestAgainstDateutil:
    @given(rules())
    def test_every_date_of_every_rule_is_the_same_or_is_asked_about(self, rule):
        walls = walls_by_dateutil(rule)
        moments = {one: moments_by_dateutil(one, rule.zone) for one in walls}
        unclear = [one for one in walls if len(moments[one]) != 1]
        found = occurrences(rule)
        if unclear:
            assert isinstance(found, Unclear)
            assert [doubt.wall for doubt in found.doubts] == unclear
        else:
            assert found == tuple(Occurrence(one, rule.zone, moments[one][0], 90) for one in walls)

    @given(rules())
    def test_what_was_asked_about_is_where_dateutil_has_it(self, rule):
        found = occurrences(rule)
        for doubt in found.doubts if isinstance(found, Unclear) else ():
            moments = moments_by_dateutil(doubt.wall, rule.zone)
            places = placed(doubt)
            if moments:
                assert doubt.why == "happens_twice"
                assert [places["first"].starts_at, places["second"].starts_at] == moments
            else:
                assert doubt.why == "no_such_time"
                assert places["earlier"].wall < doubt.wall < places["later"].wall
                assert places["later"].wall == later_by_dateutil(doubt.wall, rule.zone)
                for one in places.values():
                    assert [one.starts_at] == moments_by_dateutil(one.wall, rule.zone)


@pytest.mark.parametrize("zone", ZONES)
class TestTenYearsByHand:
    def test_half_past_seven_in_the_evening_stays_so(self, zone):
        for year in TEN_YEARS:
            rule = Rule(datetime(year, 1, 6, 19, 30), zone, 60, "weekly", times=52)  # noqa: DTZ001  a wall clock
            found = dates(rule)
            assert len(found) == 52
            for one in found:
                assert one.wall.time() == rule.first.time()
                assert [one.starts_at] == moments_by_hand(one.wall, zone)

    def test_every_quarter_of_an_hour_around_every_change_is_once_never_or_twice(self, zone):
        for year in TEN_YEARS:
            for change in changes_by_hand(zone, year) or (utc(f"{year}-03-28T01:00"),):
                shown = change.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - 16 * QUARTER
                for n in range(32):
                    self.is_like_by_hand(shown + n * QUARTER, zone)

    def is_like_by_hand(self, shown, zone):
        rule = Rule(shown, zone, 60)
        match moments_by_hand(shown, zone):
            case []:
                (doubt,) = doubts(rule)
                assert doubt.why == "no_such_time"
            case [moment]:
                assert dates(rule) == (Occurrence(shown, zone, moment, 60),)
            case both:
                (doubt,) = doubts(rule)
                assert doubt.why == "happens_twice"
                assert [one.starts_at for one in placed(doubt).values()] == both


class TestEvenings:
    def test_in_london_the_winter_and_the_summer_have_one_time_on_the_wall(self):
        found = {one.wall: one.starts_at for one in dates(TUESDAYS)}
        assert len(found) == 26
        assert found[wall("2026-11-24T19:30")] == utc("2026-11-24T19:30")
        assert found[wall("2027-03-23T19:30")] == utc("2027-03-23T19:30")
        assert found[wall("2027-03-30T19:30")] == utc("2027-03-30T18:30")
        assert found[wall("2027-05-18T19:30")] == utc("2027-05-18T18:30")

    def test_an_hour_that_the_change_falls_into_lasts_as_long_as_it_lasts(self):
        (late,) = dates(Rule(wall("2026-10-25T00:30"), LONDON, 90))
        assert late.ends_at == utc("2026-10-25T01:00")
        assert late.ends_at.astimezone(ZoneInfo(LONDON)).replace(tzinfo=None) == wall("2026-10-25T01:00")

    def test_a_single_date_heeds_no_end(self):
        once = Rule(wall("2026-11-24T19:30"), LONDON, 60)
        for leftover in (
            once,
            replace(once, times=0),
            replace(once, times=9),
            replace(once, until=date(2020, 1, 1)),
        ):
            assert days(leftover) == ["2026-11-24"]

    def test_fortnights_keep_their_rhythm_over_a_break(self):
        rule = replace(
            TUESDAYS, repeat="fortnightly", times=4, breaks=(date(2026, 12, 27), date(2026, 12, 10))
        )
        assert days(rule) == ["2026-11-24", "2027-01-05", "2027-01-19", "2027-02-02"]

    def test_a_break_week_is_from_monday_to_sunday_and_moves_the_end(self):
        monday, sunday = date(2026, 11, 30), date(2026, 12, 6)
        for any_day in (monday, sunday):
            assert days(replace(TUESDAYS, times=2, breaks=(any_day,))) == ["2026-11-24", "2026-12-08"]

    def test_a_break_at_the_turn_of_the_year_is_one_week(self):
        rule = Rule(wall("2026-12-24T19:30"), LONDON, 60, "weekly", times=2, breaks=(date(2027, 1, 2),))
        assert days(rule) == ["2026-12-24", "2027-01-07"]

    def test_the_last_day_is_still_one(self):
        assert days(replace(TUESDAYS, times=None, until=date(2026, 12, 8))) == [
            "2026-11-24",
            "2026-12-01",
            "2026-12-08",
        ]
        assert days(replace(TUESDAYS, times=None, until=date(2026, 12, 7))) == ["2026-11-24", "2026-12-01"]
        assert days(replace(TUESDAYS, times=None, until=date(2026, 11, 24))) == ["2026-11-24"]

    def test_the_fourth_tuesday_and_the_last_part_ways(self):
        fourth = replace(TUESDAYS, repeat="monthly", times=3)
        assert days(fourth) == ["2026-11-24", "2026-12-22", "2027-01-26"]
        assert days(replace(fourth, repeat="monthly_last")) == ["2026-11-24", "2026-12-29", "2027-01-26"]

    def test_the_last_thursday_of_a_february_is_found_in_every_year(self):
        rule = Rule(wall("2028-02-24T10:00"), KOLKATA, 60, "monthly_last", times=13)
        assert days(rule)[0] == "2028-02-24"
        assert days(rule)[-1] == "2029-02-22"

    def test_fifty_two_breaks_are_stepped_over(self):
        away = tuple(date(2026, 11, 24) + timedelta(weeks=n) for n in range(MOST))
        found = days(replace(TUESDAYS, times=MOST, breaks=away))
        assert len(found) == MOST
        assert found[0] == "2027-11-23"


class TestNightsOnWhichTheClocksChange:
    def test_the_hour_that_london_jumps_over_is_asked_about(self):
        rule = Rule(wall("2027-03-21T01:30"), LONDON, 60, "weekly", times=3)
        missing = wall("2027-03-28T01:30")
        assert doubts(rule) == (
            Doubt(
                missing,
                "no_such_time",
                (
                    Choice(
                        "earlier", Occurrence(wall("2027-03-28T00:30"), LONDON, utc("2027-03-28T00:30"), 60)
                    ),
                    Choice(
                        "later", Occurrence(wall("2027-03-28T02:30"), LONDON, utc("2027-03-28T01:30"), 60)
                    ),
                    Choice("skip", None),
                ),
            ),
        )
        assert [one.wall for one in dates(settled(rule, "earlier"))] == [
            wall("2027-03-21T01:30"),
            wall("2027-03-28T00:30"),
            wall("2027-04-04T01:30"),
        ]
        assert dates(settled(rule, "later"))[1].starts_at == utc("2027-03-28T01:30")
        assert days(settled(rule, "skip")) == ["2027-03-21", "2027-04-04", "2027-04-11"]

    def test_the_hour_that_london_has_twice_is_asked_about(self):
        rule = Rule(wall("2026-10-25T01:30"), LONDON, 60, "weekly", until=date(2026, 11, 1))
        first, second = dates(settled(rule, "first"))[0], dates(settled(rule, "second"))[0]
        assert [choice.how for choice in doubts(rule)[0].choices] == ["first", "second", "skip"]
        assert (first.starts_at, first.wall.fold) == (utc("2026-10-25T00:30"), 0)
        assert (second.starts_at, second.wall.fold) == (utc("2026-10-25T01:30"), 1)
        assert first.wall == second.wall == wall("2026-10-25T01:30")
        assert days(settled(rule, "skip")) == ["2026-11-01"]

    def test_the_half_hour_of_lord_howe(self):
        (missing,) = doubts(Rule(wall("2026-10-04T02:15"), LORD_HOWE, 60))
        assert [one.wall for one in placed(missing).values()] == [
            wall("2026-10-04T01:45"),
            wall("2026-10-04T02:45"),
        ]
        (twice,) = doubts(Rule(wall("2027-04-04T01:45"), LORD_HOWE, 60))
        assert [one.starts_at for one in placed(twice).values()] == [
            utc("2027-04-03T14:45"),
            utc("2027-04-03T15:15"),
        ]

    def test_a_whole_day_that_never_was(self):
        (friday,) = doubts(Rule(wall("2011-12-30T19:30"), "Pacific/Apia", 60))
        assert [one.wall for one in placed(friday).values()] == [
            wall("2011-12-29T19:30"),
            wall("2011-12-31T19:30"),
        ]

    def test_all_nights_in_question_are_named_at_once(self):
        rule = Rule(wall("2026-03-29T01:30"), LONDON, 60, "weekly", times=31)
        assert [doubt.why for doubt in doubts(rule)] == ["no_such_time", "happens_twice"]

    def test_an_answer_to_another_question_is_none(self):
        rule = Rule(wall("2027-03-28T01:30"), LONDON, 60)
        for beside in (Settled(rule.first, "first"), Settled(wall("2027-03-28T01:31"), "later")):
            assert doubts(replace(rule, settled=(beside,))) == doubts(rule)
        noon = Rule(
            wall("2027-03-28T12:00"), LONDON, 60, settled=(Settled(wall("2027-03-28T12:00"), "skip"),)
        )
        assert days(noon) == ["2027-03-28"]

    def test_what_the_form_carries_besides_the_time_is_no_answer(self):
        rule = Rule(wall("2026-10-25T01:30").replace(fold=1), LONDON, 60)
        assert doubts(rule)[0].wall.fold == 0

    def test_a_year_of_nights_without_the_two_in_question_is_still_fifty_two(self):
        rule = settled(Rule(wall("2026-03-29T01:30"), LONDON, 60, "weekly", times=MOST), "skip")
        # The first Sunday left out makes room for one a year later, which is a question again.
        rule = replace(rule, settled=(*rule.settled, *settled(rule, "skip").settled))
        assert len(rule.settled) == 3
        found = days(rule)
        assert (len(found), found[0], found[-1]) == (MOST, "2026-04-05", "2027-04-11")

    def test_leaving_out_the_only_date_leaves_none(self):
        assert occurrences(settled(Rule(wall("2027-03-28T01:30"), LONDON, 60), "skip")) == Refused("no_dates")


class TestRefusals:
    @pytest.mark.parametrize(
        ("rule", "why"),
        [
            (replace(TUESDAYS, zone="Europe/Atlantis"), "unknown_zone"),
            (replace(TUESDAYS, zone="../../etc/passwd"), "unknown_zone"),
            (replace(TUESDAYS, first=wall("1999-12-31T23:59")), "far_away"),
            (replace(TUESDAYS, first=wall("9999-12-28T19:30")), "far_away"),
            (replace(TUESDAYS, minutes=29), "length"),
            (replace(TUESDAYS, minutes=121), "length"),
            (replace(TUESDAYS, breaks=(date(2026, 12, 25),) * 53), "too_many_exceptions"),
            (
                replace(TUESDAYS, settled=(Settled(wall("2026-12-25T01:30"), "skip"),) * 53),
                "too_many_exceptions",
            ),
            (replace(TUESDAYS, times=None), "endless"),
            (replace(TUESDAYS, until=date(2027, 1, 1)), "two_ends"),
            (replace(TUESDAYS, times=0), "too_few"),
            (replace(TUESDAYS, times=53), "too_many"),
            (replace(TUESDAYS, times=None, until=date(2026, 11, 23)), "ends_before_it_starts"),
            (replace(TUESDAYS, repeat="monthly", first=wall("2026-12-29T19:30")), "not_every_month"),
            (replace(TUESDAYS, repeat="monthly_last", first=wall("2026-12-22T19:30")), "not_the_last"),
            (replace(TUESDAYS, repeat="once", breaks=(date(2026, 11, 24),)), "no_dates"),
        ],
    )
    def test_each_has_its_own_word(self, rule, why):
        assert occurrences(rule) == split(rule, rule.first) == Refused(why)

    @pytest.mark.parametrize("repeat", ["weekly", "fortnightly", "monthly", "monthly_last"])
    def test_an_end_that_is_too_far_away_is_told_with_the_last_one_that_is_not(self, repeat):
        endless = replace(TUESDAYS, repeat=repeat, times=None, until=date.max)
        found = occurrences(endless)
        assert isinstance(found, Refused)
        assert found.why == "too_many"
        assert found.last is not None
        assert dates(replace(endless, until=found.last)) == dates(replace(endless, until=None, times=MOST))

    def test_a_wall_time_that_carries_a_zone_is_a_mistake_of_ours(self):
        with pytest.raises(ValueError, match="a wall time carries no zone"):
            occurrences(replace(TUESDAYS, first=utc("2026-11-24T19:30")))


class TestThisAndLater:
    def test_both_halves_together_are_the_whole(self):
        before, later = halves(TUESDAYS, wall("2027-03-30T00:00"))
        assert before == replace(TUESDAYS, times=18)
        assert later == replace(TUESDAYS, first=wall("2027-03-30T19:30"), times=8)
        assert dates(before) + dates(later) == dates(TUESDAYS)

    def test_the_date_itself_is_the_first_of_the_later_ones(self):
        for cut, first in (
            ("2026-12-01T19:30", "2026-12-01T19:30"),
            ("2026-12-01T19:31", "2026-12-08T19:30"),
        ):
            _, later = halves(TUESDAYS, wall(cut))
            assert later.first == wall(first)

    def test_before_the_first_and_after_the_last_there_is_one_half(self):
        assert split(TUESDAYS, TUESDAYS.first) == Split(None, TUESDAYS)
        assert split(TUESDAYS, wall("2030-01-01T00:00")) == Split(TUESDAYS, None)

    def test_a_date_that_was_put_earlier_is_found_by_its_own_time(self):
        rule = settled(Rule(wall("2027-03-21T01:30"), LONDON, 60, "weekly", times=3), "earlier")
        _, later = halves(rule, wall("2027-03-28T00:30"))
        assert [one.wall for one in dates(later)] == [
            wall("2027-03-28T00:30"),
            wall("2027-04-04T01:30"),
        ]

    def test_a_rule_with_open_questions_is_not_split(self):
        rule = Rule(wall("2027-03-28T01:30"), LONDON, 60, "weekly", times=3)
        assert split(rule, rule.first) == occurrences(rule)

    @given(rules(), st.integers(0, 60), st.booleans())
    @example(replace(TUESDAYS, repeat="fortnightly", breaks=(date(2026, 12, 8),)), 1, True)
    def test_no_date_is_lost_or_won_by_any_cut(self, rule, place, has_a_day):
        rule = answered(rule)
        found = dates(rule)
        if has_a_day:
            rule = replace(rule, times=None, until=found[-1].wall.date())
        cut = found[min(place, len(found) - 1)].wall
        both = split(rule, cut)
        assert isinstance(both, Split)
        before = dates(both.before) if both.before else ()
        later = dates(both.later) if both.later else ()
        assert before + later == found
        assert all(one.wall < cut for one in before)
        assert all(one.wall >= cut for one in later)
