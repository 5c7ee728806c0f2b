"""A season of Tuesdays: planned together, changed in part, and never half."""

from datetime import UTC, datetime, timedelta

import pytest

from rooms.calendar.changes import changed
from rooms.calendar.recurrence import Rule, occurrences
from rooms.records import rooms, rota, seasons, sessions

LONDON = "Europe/London"
FIRST = datetime(2026, 12, 1, 19, 30)  # noqa: DTZ001  a wall clock shows no zone
WEEK = timedelta(weeks=1)


def dates(times=4, repeat="weekly", first=FIRST):
    found = occurrences(Rule(first, LONDON, 60, repeat, times=times))
    assert isinstance(found, tuple)
    return found


async def planned(database, room, times=4, repeat="weekly"):
    async with database.writing() as conn:
        return await seasons.plan(conn, room.id, repeat, dates(times, repeat))


async def shown(database, room, at):
    async with database.reading() as conn:
        return await seasons.of_room(conn, room.id, at)


async def concerned(database, session, scope, at, **how):
    async with database.reading() as conn:
        return [each.id for each in await seasons.concerned(conn, session, scope, at, **how)]


async def test_a_season_is_found_as_it_was_planned(database, circle, now):
    made = await planned(database, circle, 26)
    assert len(made) == 26
    assert await shown(database, circle, now) == made
    assert {each.series_id for each in made} == {made[0].series_id}
    assert made[0].series_id
    assert [each.occurrence for each in made] == list(dates(26))
    async with database.reading() as conn:
        assert await seasons.repeat_of(conn, made[0].series_id) == "weekly"
        assert await seasons.repeat_of(conn, "nothing") is None
        assert await sessions.find(conn, made[3].id) == made[3]


async def test_one_date_alone_is_no_series(database, circle, now):
    (only,) = await planned(database, circle, 1, "once")
    assert only.series_id is None
    for scope in ("this", "later", "all"):
        assert await concerned(database, only, scope, now) == [only.id]


async def test_a_session_longer_than_people_should_sit_is_not_planned(database, circle):
    found = occurrences(Rule(FIRST, LONDON, 60))
    assert isinstance(found, tuple)
    long = type(found[0])(found[0].wall, LONDON, found[0].starts_at, 600)
    with pytest.raises(ValueError, match="minutes"):
        async with database.writing() as conn:
            await seasons.plan(conn, circle.id, "once", [long])


async def test_an_edit_is_about_this_date_or_the_later_ones_or_all_that_are_left(database, circle, now):
    made = await planned(database, circle)
    other = await planned(database, circle)
    ids = [each.id for each in made]
    assert await concerned(database, made[1], "this", now) == ids[1:2]
    assert await concerned(database, made[1], "later", now) == ids[1:]
    assert await concerned(database, made[1], "all", now) == ids
    assert await concerned(database, made[3], "all", made[1].starts_at) == ids[2:], "what began is left alone"
    async with database.writing() as conn:
        await seasons.call_off(conn, [ids[2]], "holiday", "", now)
        await sessions.finish(conn, ids[0], "held", now)
    assert await concerned(database, made[1], "all", now) == [ids[1], ids[3]]
    assert await concerned(database, made[1], "all", now, called_off=True) == [ids[2]]
    assert await concerned(database, other[0], "all", now) == [each.id for each in other]


async def test_called_off_with_a_reason_and_taken_back(database, circle, now):
    made = await planned(database, circle)
    ids = [each.id for each in made[:2]]
    async with database.writing() as conn:
        assert await seasons.call_off(conn, ids, "holiday", "Come to the drop-in.", now) == 2
        assert await seasons.call_off(conn, ids, "other", "", now) == 0
    first, _, third, _ = await shown(database, circle, now)
    assert (first.cancelled_at, first.reason, first.alternative) == (now, "holiday", "Come to the drop-in.")
    assert (first.sequence, first.changed_at, third.sequence) == (1, now, 0)
    assert "drop-in" not in repr(first)
    later = now + timedelta(hours=1)
    async with database.writing() as conn:
        assert await seasons.take_place_after_all(conn, ids, later) == 2
        assert await seasons.take_place_after_all(conn, ids, later) == 0
    first, *_ = await shown(database, circle, now)
    assert (first.cancelled_at, first.reason, first.alternative) == (None, None, "")
    assert (first.sequence, first.changed_at) == (2, later)


async def test_what_would_have_begun_does_not_take_place_after_all(database, circle, now):
    made = await planned(database, circle)
    async with database.writing() as conn:
        await seasons.call_off(conn, [made[0].id], "other", "", now)
        doors = made[0].starts_at - sessions.DOORS
        assert await seasons.take_place_after_all(conn, [made[0].id], doors) == 0


async def test_an_alternative_has_an_end(database, circle, now):
    with pytest.raises(ValueError, match="alternative"):
        async with database.writing() as conn:
            await seasons.call_off(conn, [], "other", "x" * 141, now)


async def test_a_season_a_week_later_moves_nothing_that_can_stay(database, circle, now):
    made = await planned(database, circle)
    new = tuple(dates(4, first=FIRST + WEEK))
    async with database.writing() as conn:
        await rota.put_down(conn, [made[0].id], "lead", circle.organiser_id)
        await seasons.move(conn, made, changed([each.occurrence for each in made], new), now)
    first, *kept, last = await shown(database, circle, now)
    assert (first.id, first.reason) == (made[0].id, "moved")
    assert kept == list(made[1:])
    assert (last.occurrence, last.series_id) == (new[-1], made[0].series_id)
    async with database.reading() as conn:
        parts = await rota.of_sessions(conn, [last.id])
    assert parts[last.id]["lead"].id == circle.organiser_id, "who was put down for the season comes along"
    assert await concerned(database, first, "this", now, called_off=True) == [], "it has another date"


async def test_a_moved_session_stays_the_same_one(database, circle, now):
    made = await planned(database, circle)
    new = tuple(dates(4, first=FIRST.replace(hour=20)))
    async with database.writing() as conn:
        changes = changed([each.occurrence for each in made], new)
        await seasons.move(conn, made, changes, now)
    moved = await shown(database, circle, now)
    assert [each.id for each in moved] == [each.id for each in made]
    assert [each.occurrence for each in moved] == list(new)
    assert {(each.sequence, each.changed_at) for each in moved} == {(1, now)}


async def test_where_people_may_be_waiting_another_session_takes_the_place(database, circle, now):
    made = await planned(database, circle)
    new = tuple(dates(4, first=FIRST.replace(hour=20)))
    async with database.writing() as conn:
        await rota.put_down(conn, [made[0].id], "lead", circle.organiser_id)
        changes = changed([each.occurrence for each in made], new)
        await seasons.move(conn, made, changes, now, anew={made[0].id})
    old, instead, *others = await shown(database, circle, now)
    assert (old.id, old.reason, old.occurrence) == (made[0].id, "moved", made[0].occurrence)
    assert instead.occurrence == new[0]
    assert instead.id != made[0].id
    assert [each.id for each in others] == [each.id for each in made[1:]]
    async with database.reading() as conn:
        assert set(await rota.of_sessions(conn, [instead.id])) == {instead.id}


async def test_a_break_ends_for_all_that_is_still_to_come(database, circle, now):
    made = await planned(database, circle)
    async with database.writing() as conn:
        await seasons.call_off(conn, [each.id for each in made[:3]], "pause", "", now)
        await seasons.call_off(conn, [made[3].id], "holiday", "", now)
        assert await seasons.end_the_break(conn, circle.id, made[0].starts_at) == 2
        assert await seasons.end_the_break(conn, circle.id, now) == 1
    assert [each.reason for each in await shown(database, circle, now)] == [None, None, None, "holiday"]


async def test_namesakes_are_other_rooms_of_the_same_organiser(database, ana, ben, circle, now):
    made = await planned(database, circle)
    async with database.writing() as conn:
        twin = await rooms.create(conn, organiser_id=ana.id, name=circle.name, purpose="social")
        await rooms.create(conn, organiser_id=ben.id, name=circle.name, purpose="social")
    async with database.reading() as conn:
        last = made[-1].ends_at
        assert await seasons.days_of_namesakes(conn, circle, now, last) == frozenset()
        assert await seasons.days_of_namesakes(conn, twin, now, last) == {each.wall.date() for each in made}


async def test_what_lies_between_two_moments(database, circle, now):
    made = await planned(database, circle)
    async with database.writing() as conn:
        await seasons.call_off(conn, [made[1].id], "other", "", now)
    async with database.reading() as conn:
        between = await seasons.between(conn, circle.id, made[0].starts_at, made[3].starts_at)
    assert [each.id for each in between] == [made[0].id, made[2].id]


async def test_calendars_are_told_of_what_was_called_off_and_not_of_what_nobody_held(database, circle, now):
    made = await planned(database, circle)
    async with database.writing() as conn:
        await seasons.call_off(conn, [made[1].id], "other", "", now)
        await sessions.finish(conn, made[0].id, "held", now)
        await sessions.finish(conn, made[2].id, "not_held", now)
    async with database.reading() as conn:
        told = await seasons.for_calendars(conn, [circle.id], now, datetime(2027, 1, 1, tzinfo=UTC))
    assert [each.id for each in told] == [made[0].id, made[1].id, made[3].id]


async def test_the_next_date_of_many_rooms_in_one_question(database, ana, circle, now):
    made = await planned(database, circle)
    async with database.writing() as conn:
        other = await rooms.create(conn, organiser_id=ana.id, name="No dates", purpose="social")
        await seasons.call_off(conn, [made[0].id], "other", "", now)
    async with database.reading() as conn:
        following = await sessions.next_of_each(conn, [circle.id, other.id], now)
        assert following == {circle.id: await sessions.next_of(conn, circle.id, now)}
        assert await sessions.next_of_each(conn, [other.id], now) == {}


async def test_what_comes_next_in_listed_rooms_the_soonest_first(database, ana, circle, now):
    made = await planned(database, circle)
    async with database.writing() as conn:
        for name, listed in (("Before it", True), ("Hidden", False)):
            room = await rooms.create(conn, organiser_id=ana.id, name=name, purpose="social", listed=listed)
            early = await sessions.plan(conn, room.id, FIRST - timedelta(hours=1), LONDON, 60)
            assert isinstance(early, sessions.Session)
            if listed:
                before = early
    async with database.reading() as conn:
        coming = await sessions.coming_of_listed(conn, now)
        assert [each.session_id for each in coming] == [before.id, made[0].id]
        assert coming[1] == (made[0].id, circle.id, "peer_support", FIRST)
        assert await sessions.find_each(conn, [made[1].id, "x"]) == {made[1].id: made[1]}
        # Of one that runs over, whatever its length, and which an index must not pass over.
        at = before.ends_at + sessions.OVERRUN
        assert [each.session_id for each in await sessions.coming_of_listed(conn, at)] == [made[0].id]


class TestRota:
    async def test_each_part_is_one_persons(self, database, circle, ana, ben, now):
        made = await planned(database, circle)
        ids = [each.id for each in made]
        async with database.writing() as conn:
            await rota.put_down(conn, ids, "lead", ana.id)
            await rota.put_down(conn, ids, "second", ben.id)
            await rota.put_down(conn, ids[:1], "lead", ben.id)
            await rota.put_down(conn, ids[1:2], "second", None)
            await rota.put_down(conn, [], "second", ana.id)
        async with database.reading() as conn:
            parts = await rota.of_sessions(conn, ids)
        assert parts[ids[0]] == {"lead": ben, "second": ben}
        assert parts[ids[1]] == {"lead": ana}
        assert parts[ids[2]] == {"lead": ana, "second": ben}

    async def test_somebody_is_taken_off_whatever_part_they_had(self, database, circle, ana, ben, now):
        made = await planned(database, circle)
        ids = [each.id for each in made]
        async with database.writing() as conn:
            await rota.put_down(conn, ids, "lead", ana.id)
            await rota.put_down(conn, ids, "second", ben.id)
            await rota.take_off(conn, ids[:3], ana.id)
        async with database.reading() as conn:
            parts = await rota.of_sessions(conn, ids)
        assert [set(parts[each]) for each in ids] == [{"second"}, {"second"}, {"second"}, {"lead", "second"}]

    async def test_what_somebody_has_before_them(self, database, circle, ana, ben, now):
        made = await planned(database, circle)
        async with database.writing() as conn:
            await rota.put_down(conn, [each.id for each in made], "lead", ana.id)
            await rota.put_down(conn, [made[3].id], "on_call", ben.id)
            await seasons.call_off(conn, [made[1].id], "other", "", now)
        async with database.reading() as conn:
            each = await rota.to_come_of_each(conn, [ana.id, ben.id], made[0].ends_at)
        assert {who: [session.id for session in theirs] for who, theirs in each.items()} == {
            ana.id: [made[2].id, made[3].id]
        }


class TestTheGroupsOwnWords:
    async def test_they_replace_each_other(self, database, circle):
        async with database.writing() as conn:
            await rooms.put_words(conn, circle.id, ["voices", "men"])
            await rooms.put_words(conn, circle.id, ["young people", "men"])
        async with database.reading() as conn:
            assert await rooms.words_of_each(conn, [circle.id]) == {circle.id: ("men", "young people")}
        async with database.writing() as conn:
            await rooms.put_words(conn, circle.id, [])
        async with database.reading() as conn:
            assert await rooms.words_of_each(conn, [circle.id]) == {}

    async def test_they_are_few_and_short(self, database, circle):
        for words in (["x"], ["x" * 31], [f"word {n}" for n in range(7)]):
            with pytest.raises(ValueError, match="of the group"):
                async with database.writing() as conn:
                    await rooms.put_words(conn, circle.id, words)


async def test_who_helps_in_many_rooms_in_one_question(database, ana, ben, circle):
    async with database.writing() as conn:
        other = await rooms.create(conn, organiser_id=ana.id, name="Another", purpose="social")
        for room, who in ((circle, ben), (circle, ana), (other, ben)):
            await rooms.add_facilitator(conn, room.id, who.id)
    async with database.reading() as conn:
        assert await rooms.facilitators_of_each(conn, [circle.id, other.id]) == {
            circle.id: (ana, ben),
            other.id: (ben,),
        }
        assert await rooms.find_each(conn, [circle.id, other.id, "nowhere"]) == {
            room.id: await rooms.find(conn, room.id) for room in (circle, other)
        }
        assert await rooms.helpers_of(conn, ana.id) == (ana, ben)
        assert await rooms.helpers_of(conn, ben.id) == ()


async def test_in_which_sessions_somebody_may_be_just_now(database, ana, circle, now):
    made = await planned(database, circle)
    async with database.writing() as conn:
        other = await rooms.create(conn, organiser_id=ana.id, name="Another", purpose="social")
        await seasons.plan(conn, other.id, "once", dates(1, "once"))
        await sessions.finish(conn, made[0].id, "held", now)
    async with database.reading() as conn:
        at = made[1].starts_at - sessions.DOORS
        assert [each.id for each in await sessions.open_of(conn, [circle.id], at)] == [made[1].id]
        assert await sessions.open_of(conn, [circle.id], at - timedelta(seconds=1)) == ()


async def test_what_was_wished_for_once_is_planned_once_however_often_it_is_asked(database, circle, now):
    async def asks(wish, times=4):
        async with database.writing() as conn:
            return await seasons.plan(conn, circle.id, "weekly", dates(times), once=wish)

    made = await asks("Olu's")
    assert await asks("Olu's") == made == await shown(database, circle, now)
    other = await asks("another of Olu's")
    assert {each.id for each in other}.isdisjoint(each.id for each in made)
    assert len(await shown(database, circle, now)) == 8


async def test_why_is_said_once_of_one_that_was_called_off_without_a_word(database, circle, now):
    silent, planned_still, said = await planned(database, circle, 3)
    async with database.writing() as conn:
        await sessions.cancel(conn, silent.id, now)
        await seasons.call_off(conn, [said.id], "holiday", "", now)
        done = [
            await seasons.say_why(conn, each, "other", "Come to the café.", now)
            for each in (silent.id, silent.id, planned_still.id, said.id, "nothing")
        ]
    assert done == [True, False, False, False, False]
    found = {each.id: each for each in await shown(database, circle, now)}
    assert (found[silent.id].reason, found[silent.id].alternative) == ("other", "Come to the café.")
    assert found[silent.id].sequence == 2
    assert found[planned_still.id] == planned_still
    assert found[said.id].reason == "holiday"
