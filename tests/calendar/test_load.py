"""Ana facilitates: half an hour between two groups, and no more than two a day."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from rooms.calendar.load import A_DAY, GAP, Clash, FullDay, clashes, full_days
from rooms.calendar.recurrence import Occurrence
from tests.calendar.oracles import utc, wall

LONDON = ZoneInfo("Europe/London")


def at(text: str, minutes: int = 60) -> Occurrence:
    """In a London winter, where the wall shows UTC."""
    return Occurrence(wall(text), "Europe/London", utc(text), minutes)


EVENING = at("2026-11-24T19:30")


some_sessions = st.lists(
    st.builds(
        lambda quarters, minutes: Occurrence(
            EVENING.wall + timedelta(minutes=15 * quarters),
            EVENING.zone,
            EVENING.starts_at + timedelta(minutes=15 * quarters),
            minutes,
        ),
        st.integers(0, 40),
        st.sampled_from((30, 60, 90, 120)),
    ),
    max_size=8,
)


class TestClashes:
    def test_half_an_hour_between_two_is_enough(self):
        assert clashes([EVENING], [at("2026-11-24T21:00")]) == ()
        assert clashes([EVENING], [at("2026-11-24T18:00")]) == ()

    def test_a_minute_less_is_not(self):
        late, early = at("2026-11-24T20:59"), at("2026-11-24T18:01")
        assert clashes([EVENING], [late]) == (Clash(EVENING, late),)
        assert clashes([EVENING], [early]) == (Clash(early, EVENING),)

    def test_two_at_once_clash(self):
        assert clashes([EVENING], [EVENING]) == (Clash(EVENING, EVENING),)

    def test_a_long_one_clashes_with_all_that_begin_in_it(self):
        long = at("2026-11-24T18:00", 720)
        assert clashes([long], [at("2026-11-24T19:00", 30), EVENING]) == (
            Clash(long, at("2026-11-24T19:00", 30)),
            Clash(long, EVENING),
            Clash(at("2026-11-24T19:00", 30), EVENING),
        )

    def test_what_clashed_before_is_not_held_against_something_new(self):
        assert clashes([EVENING, at("2026-11-24T20:00")], [at("2026-11-25T19:30")]) == ()

    def test_moments_count_and_not_what_walls_show(self):
        new_york = Occurrence(wall("2026-11-24T14:45"), "America/New_York", utc("2026-11-24T19:45"), 60)
        assert clashes([EVENING], [new_york]) == (Clash(EVENING, new_york),)

    @given(some_sessions, some_sessions)
    def test_every_pair_is_looked_at(self, held, wanted):
        everything = [(one, False) for one in held] + [(one, True) for one in wanted]
        close = sum(
            (new or also_new) and one.starts_at - other.ends_at < GAP and other.starts_at - one.ends_at < GAP
            for n, (one, new) in enumerate(everything)
            for other, also_new in everything[:n]
        )
        assert len(clashes(held, wanted)) == close


class TestFullDays:
    def test_two_a_day_are_enough(self):
        morning, noon, evening = (at(f"2026-11-24T{hour}:00") for hour in (10, 14, 19))
        assert full_days([morning], [noon], LONDON) == ()
        assert full_days([morning, noon], [evening], LONDON) == (
            FullDay(date(2026, 11, 24), (morning, noon, evening)),
        )

    def test_a_day_that_was_full_before_is_left_alone(self):
        full = [at(f"2026-11-24T{hour}:00") for hour in (10, 14, 19)]
        assert full_days(full, [at("2026-11-25T10:00")], LONDON) == ()

    def test_the_day_is_the_one_that_she_lives_in(self):
        three = [at("2026-11-24T20:00"), at("2026-11-24T22:00"), at("2026-11-25T00:00")]
        assert full_days([], three, LONDON) == ()
        (day,) = full_days([], three, ZoneInfo("America/New_York"))
        assert day.day == date(2026, 11, 24)
        assert len(day.sessions) == A_DAY + 1
