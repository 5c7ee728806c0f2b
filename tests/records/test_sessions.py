from datetime import UTC, datetime, timedelta

import pytest

from rooms.records import sessions
from rooms.records.sessions import Refused, Session

MINUTE = timedelta(minutes=1)
THURSDAY = datetime(2026, 11, 26, 19, 30)  # noqa: DTZ001  a wall clock shows no zone
LONDON = "Europe/London"
LORD_HOWE = "Australia/Lord_Howe"  # whose clocks change by half an hour


def wall(text):
    return datetime.fromisoformat(text)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def planned(database, room, at=THURSDAY, zone=LONDON, minutes=60, **choices):
    async with database.writing() as conn:
        return await sessions.plan(conn, room.id, at, zone, minutes, **choices)


async def session(database, room, **choices):
    made = await planned(database, room, **choices)
    assert isinstance(made, Session)
    return made


async def found(database, made):
    async with database.reading() as conn:
        return await sessions.find(conn, made.id)


async def finished(database, made, outcome, at):
    async with database.writing() as conn:
        return await sessions.finish(conn, made.id, outcome, at)


async def cancelled(database, made, at):
    async with database.writing() as conn:
        return await sessions.cancel(conn, made.id, at)


class TestPlanning:
    async def test_a_session_is_found_as_it_was_planned(self, database, circle):
        made = await session(database, circle)
        assert await found(database, made) == made
        assert made.wall == THURSDAY
        assert made.starts_at == utc("2026-11-26T19:30")
        assert made.ends_at == utc("2026-11-26T20:30")
        assert made.doors_at == utc("2026-11-26T19:00")
        assert made.starts_at.tzinfo is UTC
        assert (made.wait_minutes, made.starts_itself, made.outcome) == (10, False, None)

    async def test_summer_time_is_taken_off(self, database, circle):
        made = await session(database, circle, at=wall("2027-06-03T19:30"))
        assert made.starts_at == utc("2027-06-03T18:30")

    async def test_a_time_that_the_clocks_jump_over_is_refused_in_words(self, database, circle):
        for zone, shown in (
            (LONDON, "2027-03-28T01:00"),
            (LONDON, "2027-03-28T01:30"),
            (LONDON, "2027-03-28T01:59"),
            (LORD_HOWE, "2026-10-04T02:00"),
            (LORD_HOWE, "2026-10-04T02:29"),
        ):
            for fold in (None, 0, 1):
                refused = await planned(database, circle, at=wall(shown), zone=zone, fold=fold)
                assert isinstance(refused, Refused)
                assert refused.why == "no_such_time"
                assert wall(shown).strftime("%H:%M") in refused.say
                assert "there is no such time" in refused.say
                assert refused.moments == ()

    async def test_the_minutes_beside_a_change_are_as_good_as_any(self, database, circle):
        for zone, shown, starts_at in (
            (LONDON, "2027-03-28T00:59", "2027-03-28T00:59"),
            (LONDON, "2027-03-28T02:00", "2027-03-28T01:00"),
            (LONDON, "2026-10-25T00:59", "2026-10-24T23:59"),
            (LONDON, "2026-10-25T02:00", "2026-10-25T02:00"),
            (LORD_HOWE, "2026-10-04T01:59", "2026-10-03T15:29"),
            (LORD_HOWE, "2026-10-04T02:30", "2026-10-03T15:30"),
            (LORD_HOWE, "2027-04-04T01:29", "2027-04-03T14:29"),
            (LORD_HOWE, "2027-04-04T02:00", "2027-04-03T15:30"),
        ):
            for fold in (None, 0, 1):
                made = await session(database, circle, at=wall(shown), zone=zone, fold=fold)
                assert made.starts_at == utc(starts_at)
                assert await found(database, made) == made

    async def test_a_time_that_the_clocks_show_twice_is_asked_about(self, database, circle):
        for zone, shown, first, second in (
            (LONDON, "2026-10-25T01:00", "2026-10-25T00:00", "2026-10-25T01:00"),
            (LONDON, "2026-10-25T01:59", "2026-10-25T00:59", "2026-10-25T01:59"),
            (LORD_HOWE, "2027-04-04T01:30", "2027-04-03T14:30", "2027-04-03T15:00"),
            (LORD_HOWE, "2027-04-04T01:59", "2027-04-03T14:59", "2027-04-03T15:29"),
        ):
            refused = await planned(database, circle, at=wall(shown), zone=zone)
            assert isinstance(refused, Refused)
            assert refused.why == "happens_twice"
            assert "twice" in refused.say
            assert refused.moments == (utc(first), utc(second))
            for fold, moment in enumerate(refused.moments):
                made = await session(database, circle, at=wall(shown), zone=zone, fold=fold)
                assert made.starts_at == moment
                assert await found(database, made) == made

    async def test_a_place_that_is_not_on_the_map_is_refused_in_words(self, database, circle):
        for zone in ("", "Atlantis", "Europe", "../../etc/passwd", "/etc/passwd", "a\x00b", "x" * 99):
            refused = await planned(database, circle, zone=zone)
            assert isinstance(refused, Refused)
            assert refused.why == "unknown_zone"

    async def test_a_year_out_of_reach_is_refused_in_words(self, database, circle):
        for shown in ("0001-01-01T00:00", "1999-12-31T19:30", "9999-12-31T23:59"):
            refused = await planned(database, circle, at=wall(shown), zone="Pacific/Kiritimati")
            assert isinstance(refused, Refused)
            assert refused.why == "far_away"

    async def test_too_short_or_too_long_is_refused_in_words(self, database, circle):
        for minutes in (0, 29, 121, 720):
            refused = await planned(database, circle, minutes=minutes)
            assert refused == Refused("length", "A session lasts 30 to 120 minutes.")

    async def test_a_demo_starts_itself_and_may_last_half_a_day(self, database, circle):
        made = await session(database, circle, minutes=720, starts_itself=True, wait_minutes=60)
        assert await found(database, made) == made
        refused = await planned(database, circle, minutes=721, starts_itself=True)
        assert refused == Refused("length", "A session lasts 30 to 720 minutes.")

    async def test_a_wall_time_that_carries_a_zone_is_a_mistake_of_ours(self, database, circle, now):
        with pytest.raises(ValueError, match="a wall time carries no zone"):
            await planned(database, circle, at=now)

    async def test_a_wait_without_end_is_a_mistake_of_ours(self, database, circle):
        with pytest.raises(ValueError, match="minutes to wait is not within 1 to 720"):
            await planned(database, circle, wait_minutes=0)


class TestFinding:
    async def test_there_is_no_session_by_any_other_id(self, database, circle):
        await session(database, circle)
        async with database.reading() as conn:
            for asked in ("", "nosuchsession", "a\x00b", circle.id):
                assert await sessions.find(conn, asked) is None

    async def test_the_next_of_a_room_is_the_one_that_is_on_and_then_the_one_after(self, database, circle):
        later = await session(database, circle, at=THURSDAY + timedelta(days=7))
        first = await session(database, circle)

        async def next_at(at):
            async with database.reading() as conn:
                return await sessions.next_of(conn, circle.id, at)

        assert await next_at(first.starts_at - timedelta(days=30)) == first
        assert await next_at(first.starts_at + 59 * MINUTE) == first
        # Facilitators may have made it longer, and holds gave back what they took.
        assert await next_at(first.ends_at + 119 * MINUTE) == first
        assert await next_at(first.ends_at + 120 * MINUTE) == later
        await finished(database, first, "held", first.ends_at)
        assert await next_at(first.ends_at) == later
        await cancelled(database, later, first.ends_at)
        assert await next_at(first.ends_at) is None

    async def test_around_are_those_with_open_doors_until_somebody_closes_them(self, database, circle):
        made = await session(database, circle)
        later = await session(database, circle, at=THURSDAY + timedelta(days=1))

        async def around(at):
            async with database.reading() as conn:
                return await sessions.around(conn, at)

        assert await around(made.doors_at - timedelta(seconds=1)) == ()
        assert await around(made.doors_at) == (made,)
        async with database.reading() as conn:
            assert await sessions.around(conn, later.doors_at, but={made.id}) == (later,)
        # However late: if the server was away over its end, somebody must still find it and say what became of it.
        assert await around(later.starts_at + timedelta(days=3)) == (made, later)
        await finished(database, made, "not_held", made.starts_at)
        await cancelled(database, later, later.doors_at)
        assert await around(later.starts_at) == ()


class TestClosing:
    async def test_the_first_outcome_stays(self, database, circle):
        made = await session(database, circle)
        assert await finished(database, made, "held", made.ends_at)
        assert not await finished(database, made, "not_held", made.ends_at + MINUTE)
        assert not await cancelled(database, made, made.ends_at + MINUTE)
        now_found = await found(database, made)
        assert (now_found.outcome, now_found.closed_at, now_found.cancelled_at) == (
            "held",
            made.ends_at,
            None,
        )

    async def test_what_is_called_off_is_neither_held_nor_called_off_again(self, database, circle, now):
        made = await session(database, circle)
        assert await cancelled(database, made, now)
        assert not await cancelled(database, made, now + MINUTE)
        assert not await finished(database, made, "held", made.ends_at)
        now_found = await found(database, made)
        assert (now_found.outcome, now_found.closed_at, now_found.cancelled_at) == (None, None, now)

    async def test_what_does_not_exist_cannot_be_closed(self, database, now):
        async with database.writing() as conn:
            assert not await sessions.finish(conn, "nosuchsession", "held", now)
            assert not await sessions.cancel(conn, "nosuchsession", now)


class TestLatelyOver:
    async def test_what_was_closed_or_called_off_since_and_nothing_that_goes_on(self, database, circle):
        held, called_off, on, long_ago = [
            await session(database, circle, at=THURSDAY + timedelta(days=7 * week)) for week in range(4)
        ]
        since = held.ends_at
        assert await finished(database, long_ago, "held", since)
        assert await finished(database, held, "held", since + MINUTE)
        assert await cancelled(database, called_off, since + MINUTE)
        async with database.reading() as conn:
            over = await sessions.over_since(conn, [circle.id], since, on.starts_at)
            assert {each.id for each in over} == {held.id, called_off.id}
            assert on.id not in {each.id for each in over}
            assert await sessions.over_since(conn, ["another"], since, on.starts_at) == ()
            # Nobody can have been where no door was open.
            early = called_off.starts_at - sessions.DOORS - MINUTE
            assert [each.id for each in await sessions.over_since(conn, [circle.id], since, early)] == [
                held.id
            ]
