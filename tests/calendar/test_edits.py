"""The same step for every date of an edit: days are counted, and the time of day is the new one."""

from datetime import timedelta

from rooms.calendar.changes import Moved, changed
from rooms.calendar.edits import stepped
from rooms.calendar.recurrence import Occurrence, Refused, Rule, Settled, Unclear, occurrences
from tests.calendar.oracles import utc, wall

LONDON = "Europe/London"


def dates(rule: Rule) -> tuple[Occurrence, ...]:
    found = occurrences(rule)
    assert isinstance(found, tuple), found
    return found


AUTUMN = dates(Rule(wall("2026-10-13T19:30"), LONDON, 60, "weekly", times=4))


def goes(old, to, **how):
    return stepped(old, frm=old[0].wall, to=wall(to), zone=LONDON, minutes=60, **how)


def test_each_date_goes_as_many_days_further_and_keeps_to_the_wall_clock():
    new = goes(AUTUMN, "2026-10-15T20:00")
    assert isinstance(new, tuple)
    assert [date.wall for date in new] == [
        wall("2026-10-15T20:00"),
        wall("2026-10-22T20:00"),
        wall("2026-10-29T20:00"),
        wall("2026-11-05T20:00"),
    ]
    assert [date.starts_at for date in new][1:3] == [utc("2026-10-22T19:00"), utc("2026-10-29T20:00")]
    assert changed(AUTUMN, new).moved == tuple(map(Moved, AUTUMN, new))


def test_a_date_that_was_moved_alone_goes_from_where_it_is():
    moved_alone = dates(Rule(wall("2026-10-21T18:00"), LONDON, 60))
    new = goes((AUTUMN[0], *moved_alone, *AUTUMN[2:]), "2026-10-14T19:30")
    assert isinstance(new, tuple)
    assert [date.wall.day for date in new] == [14, 22, 28, 4]


def test_a_week_further_drops_the_first_and_adds_one_at_the_end():
    new = goes(AUTUMN, "2026-10-20T19:30")
    assert isinstance(new, tuple)
    changes = changed(AUTUMN, new)
    assert changes.kept == AUTUMN[1:]
    assert changes.dropped == AUTUMN[:1]
    assert [date.wall for date in changes.added] == [AUTUMN[-1].wall + timedelta(weeks=1)]


def test_hours_that_the_clocks_leave_out_or_show_twice_are_asked_about_all_at_once():
    sundays = dates(Rule(wall("2026-10-18T12:00"), LONDON, 60, "weekly", times=25))
    asked = goes(sundays, "2026-10-18T01:30")
    assert isinstance(asked, Unclear)
    assert [(doubt.wall, doubt.why) for doubt in asked.doubts] == [
        (wall("2026-10-25T01:30"), "happens_twice"),
        (wall("2027-03-28T01:30"), "no_such_time"),
    ]
    answers = [Settled(wall("2026-10-25T01:30"), "second"), Settled(wall("2027-03-28T01:30"), "skip")]
    new = goes(sundays, "2026-10-18T01:30", settled=answers)
    assert isinstance(new, tuple)
    assert len(new) == 24
    assert new[1].starts_at == utc("2026-10-25T01:30")


def test_what_cannot_be_planned_at_all_is_refused():
    assert stepped(AUTUMN, frm=AUTUMN[0].wall, to=AUTUMN[0].wall, zone="Mars/Crater", minutes=60) == Refused(
        "unknown_zone"
    )
    assert stepped(AUTUMN, frm=AUTUMN[0].wall, to=AUTUMN[0].wall, zone=LONDON, minutes=600) == Refused(
        "length"
    )
    (last,) = dates(Rule(wall("2026-10-24T01:30"), LONDON, 60))
    skip = [Settled(wall("2026-10-25T01:30"), "skip")]
    assert goes([last], "2026-10-25T01:30", settled=skip) == Refused("no_dates")
