"""What time alone brings about, to the second."""

from itertools import product

import pytest

from rooms.live import Terms, next_deadline
from rooms.live.afterwards import DebriefOver, LinesShut
from rooms.live.door import Arrive, Forgot, KnockFirst, Left
from rooms.live.leading import StepBack
from rooms.live.lifecycle import Closing, DoorsOpened, Ended, Held, NotHeld, Started
from rooms.live.lobby import SeatOffered, SetDoor
from rooms.live.moderation import Unquieted
from rooms.live.words import DEADLINES, Door, State
from tests.people import DOORS, MINUTE, START, Evening, an_evening

CROWD = [f"Guest {letter}" for letter in "abcdefghjkmnopqrstuw"]
END = START + 60 * MINUTE
CLOSING = END - 10 * MINUTE


class TestDoors:
    @pytest.mark.parametrize(
        ("knock_first", "door"), [(False, Door.OPEN), (True, Door.KNOCK)], ids=["open", "knock"]
    )
    def test_they_open_a_quarter_of_an_hour_before(self, knock_first, door):
        evening = Evening(Terms(starts_at=START, knock_first=knock_first))
        evening.comes_to(DOORS - 10)
        evening.waits(10, then=DoorsOpened())
        evening.is_now(State.DOORS)
        assert evening.room.controls.door is door

    def test_a_facilitator_may_be_there_before_them(self):
        evening = Evening(Terms(starts_at=START))
        evening.comes_to(DOORS - 10 * MINUTE)
        ana, ben = evening.facilitator("Ana"), evening.member("Ben")
        ben.arrives()
        ben.is_refused("not_now")
        ana.arrives()
        assert ana.is_inside()
        evening.waits(minutes=10, then=DoorsOpened())
        evening.nothing_happens(minutes=60)

    def test_one_who_left_again_is_missed_from_the_start_on(self):
        evening = Evening(Terms(starts_at=START))
        evening.comes_to(DOORS - 10 * MINUTE)
        ana = evening.facilitator("Ana")
        ana.arrives()
        ana.leaves()
        evening.waits(minutes=10, then=DoorsOpened())
        assert evening.passes(minutes=5) == [Forgot(seats=(ana.id,))]
        evening.waits(minutes=20, then=NotHeld())


class TestNobodyFacilitates:
    def test_not_held_ten_minutes_after_the_start(self):
        evening = an_evening()
        ben = evening.member("Ben")
        ben.arrives()
        evening.waits(minutes=25, then=NotHeld())
        evening.is_now(State.NOT_HELD)
        assert evening.room.controls.door is Door.SHUT
        ben.comes_back()
        ben.is_refused("over")

    def test_or_as_long_after_as_the_organiser_set(self):
        evening = an_evening(wait_minutes=20)
        evening.waits(minutes=35, then=NotHeld())

    def test_one_who_came_and_went_is_waited_for_from_then_on(self):
        evening = an_evening()
        ana = evening.facilitator("Ana")
        ana.arrives()
        evening.comes_to(START + 5 * MINUTE)
        ana.drops()
        evening.waits(minutes=10, then=NotHeld())

    def test_one_who_is_there_and_never_starts_keeps_the_doors_until_the_end(self):
        evening = an_evening()
        evening.facilitator("Ana").arrives()
        evening.comes_to(START)
        evening.waits(minutes=60, then=NotHeld())

    def test_one_who_took_a_seat_at_the_door_and_never_connected_does_not_count(self):
        evening = an_evening()
        evening.facilitator("Ana").arrives(connected=False)
        assert evening.passes(minutes=15) == [Left(seat="sana")]
        evening.waits(minutes=10, then=NotHeld())

    def test_doors_that_a_restarted_server_opens_late_stay_open_for_ten_minutes(self):
        evening = Evening(Terms(starts_at=START))
        assert evening.sleeps_until(START + 30 * MINUTE) == (DoorsOpened(),)
        evening.waits(minutes=10, then=NotHeld())


class TestStartingItself:
    def test_at_the_hour_if_a_facilitator_is_there(self):
        evening = an_evening(starts_itself=True)
        ana, ben = evening.facilitator("Ana"), evening.member("Ben")
        ana.arrives()
        ben.arrives()
        evening.waits(minutes=15, then=Started(by=""))
        assert ben.is_inside()

    def test_as_soon_as_one_comes_if_she_is_late(self):
        evening = an_evening(starts_itself=True)
        evening.comes_to(START + 3 * MINUTE)
        evening.facilitator("Ana").arrives()
        assert evening.passes() == [Started(by="")]

    def test_never_without_one(self):
        evening = an_evening(starts_itself=True)
        evening.waits(minutes=25, then=NotHeld())


class TestAlone:
    def test_held_after_45_seconds_closing_after_ten_minutes_ended_after_two(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.drops()
        gone = evening.now
        ben.can_speak()
        evening.comes_to(gone)
        evening.waits(45, then=Held())
        evening.waits(minutes=10, then=Closing(ends_at=gone + 45 + 12 * MINUTE, by="", unattended=True))
        ben.cannot_speak("held")
        evening.comes_to(gone + 45 + 10 * MINUTE)
        evening.waits(minutes=2, then=Ended(why="unattended"))

    def test_counted_from_when_the_connection_broke_not_from_when_it_was_noticed(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        evening.passes(12)
        evening.loses(ana, since=evening.now - 12)
        evening.waits(33, then=Held())

    def test_no_countdown_begins_again_because_somebody_else_leaves_or_comes(self):
        evening = an_evening()
        ana, ben, chi, dov = evening.under_way("Ana", "Ben", "Chi", "Dov")
        jo = evening.facilitator("Jo")
        jo.arrives()
        jo.asks(StepBack())
        ana.drops()
        gone = evening.now
        evening.passes(30)
        ben.leaves()
        jo.leaves()
        evening.waits(15, then=Held())
        evening.passes(minutes=5)
        chi.leaves()
        ben.comes_back()
        jo.arrives()
        closing = gone + 45 + 10 * MINUTE
        assert evening.comes_to(closing - 0.001) == []
        assert evening.comes_to(closing) == [Closing(ends_at=closing + 2 * MINUTE, by="", unattended=True)]
        evening.passes(minutes=1)
        dov.leaves()
        chi.comes_back()
        evening.waits(minutes=1, then=Ended(why="unattended"))

    def test_of_two_the_later_one_counts(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        jo = evening.facilitator("Jo")
        jo.arrives()
        evening.passes(20)
        evening.loses(ana, since=evening.now - 1)
        evening.loses(jo, since=evening.now - 10)
        evening.waits(44, then=Held())

    def test_while_another_is_there_nothing_is_held(self):
        evening = an_evening()
        ana, *_ = evening.under_way("Ana", "Ben", "Chi")
        jo = evening.facilitator("Jo")
        jo.arrives()
        ana.leaves()
        evening.nothing_happens(minutes=5)

    def test_leaving_counts_like_dropping(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        ana.leaves()
        evening.waits(45, then=Held())

    def test_coming_back_in_time_is_as_if_nothing_had_been(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.drops()
        evening.nothing_happens(44)
        ana.comes_back()
        evening.nothing_happens(minutes=5)
        ben.can_speak()

    def test_the_closing_is_held_too(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        evening.comes_to(CLOSING + MINUTE)
        ana.drops()
        evening.waits(45, then=Held())
        ben.cannot_speak("held")


class TestTheHour:
    def test_knock_first_after_a_quarter_then_closing_then_the_end(self):
        evening = an_evening()
        evening.under_way("Ana", "Ben")
        evening.waits(minutes=15, then=KnockFirst())
        assert evening.room.controls.door is Door.KNOCK
        evening.waits(minutes=35, then=Closing(ends_at=END, by=""))
        assert evening.room.controls.by == ""
        evening.waits(minutes=10, then=Ended(why="time"))
        evening.waits(minutes=10, then=LinesShut())
        evening.waits(minutes=20, then=DebriefOver())
        assert next_deadline(evening.room) is None

    def test_late_entry_is_counted_from_when_it_was_started(self):
        evening = an_evening(late_minutes=5)
        ana = evening.facilitator("Ana")
        ana.arrives()
        evening.comes_to(START + 3 * MINUTE)
        ana.starts()
        evening.waits(minutes=5, then=KnockFirst())

    def test_whoever_opens_the_door_after_that_is_not_overruled(self):
        evening = an_evening(late_minutes=15)
        ana, *_ = evening.under_way("Ana", "Ben")
        evening.passes(minutes=20)
        ana.asks(SetDoor("open"))
        evening.nothing_happens(minutes=20)
        evening.member("Chi").arrives()
        assert evening.room.controls.seats["schi"].inside

    def test_whoever_opens_it_earlier_has_opened_it_until_then(self):
        evening = an_evening(late_minutes=15)
        ana, *_ = evening.under_way("Ana", "Ben")
        evening.passes(minutes=5)
        ana.asks(SetDoor("knock"))
        ana.asks(SetDoor("open"))
        evening.waits(minutes=10, then=KnockFirst())

    def test_where_newcomers_knock_anyway_nothing_is_announced(self):
        evening = an_evening(knock_first=True)
        evening.under_way("Ana", "Ben")
        evening.waits(minutes=50, then=Closing(ends_at=END, by=""))

    def test_where_people_come_and_go_the_door_stays_open(self):
        evening = an_evening(stays_open=True)
        evening.under_way("Ana", "Ben")
        evening.waits(minutes=50, then=Closing(ends_at=END, by=""))
        assert evening.room.controls.door is Door.OPEN

    def test_a_server_that_slept_finds_everything_at_once_and_in_order(self):
        evening = an_evening()
        ana, ben, _ = evening.under_way("Ana", "Ben", "Chi")
        ana.quiets(ben)
        assert evening.sleeps_until(END + 60 * MINUTE) == (
            Unquieted(seat=ben.id, by=""),
            KnockFirst(),
            Closing(ends_at=END, by=""),
            Ended(why="time"),
        )


def test_a_crowd_that_falls_due_at_once_is_seen_to_a_hundred_at_a_time():
    evening = an_evening(seats=150)
    ana = evening.facilitator("Ana")
    ana.arrives()
    for one, other in product("abcdefghjkm", "abcdefghjk"):
        evening.member(f"Guest {one}{other}").arrives(connected=False)
    lapsed = evening.sleeps_until(DOORS + 4 * MINUTE)
    assert len(lapsed) == 100
    assert len(evening.tick()) == 10
    assert evening.tick() == ()


class TestACrowdThatGoesTogether:
    def test_each_lapses_and_all_are_forgotten_in_one_step(self):
        evening = an_evening(seats=30)
        _, *crowd = evening.under_way("Ana", *CROWD)
        for person in crowd:
            person.drops()
            evening.passes(0.1)
        assert evening.sleeps_until(START + 4 * MINUTE) == tuple(Left(seat=person.id) for person in crowd)
        assert evening.comes_to(START + 19 * MINUTE) == [
            KnockFirst(),
            Forgot(seats=tuple(person.id for person in crowd)),
        ]
        assert evening.room.members == 0

    def test_what_falls_due_in_between_happens_in_between(self):
        evening = an_evening(late_minutes=4)
        _, ben, chi, dov, _ = evening.under_way("Ana", "Ben", "Chi", "Dov", "Eve")
        evening.passes(minutes=0.5)
        ben.drops()
        evening.passes(minutes=1)
        chi.drops()
        assert evening.sleeps_until(START + 5 * MINUTE) == (Left(ben.id), KnockFirst(), Left(chi.id))
        dov.can_speak()

    def test_what_their_going_brings_about_happens_after_all_of_them_went(self):
        evening = an_evening(seats=2)
        _, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        eve, fay = evening.member("Eve"), evening.member("Fay")
        for person in (eve, fay):
            person.asks(Arrive(person.name, connected=True, in_line=True))
        ben.drops()
        chi.drops()
        assert evening.sleeps_until(START + 4 * MINUTE) == (
            Left(ben.id),
            Left(chi.id),
            SeatOffered(eve.id),
            SeatOffered(fay.id),
        )

    def test_every_seat_is_looked_at_once_and_not_once_for_each_that_lapses(self, monkeypatch):
        looks = []

        def counted(_):
            looks.append("a look")
            yield from ()

        evening = an_evening(seats=30)
        _, *crowd = evening.under_way("Ana", *CROWD)
        for person in crowd:
            person.drops()
        monkeypatch.setattr("rooms.live.deadlines.DEADLINES", [*DEADLINES, counted])
        assert len(evening.sleeps_until(START + 4 * MINUTE)) == len(crowd)
        # And once more, whether their going brought anything about.
        assert len(looks) == 2


class TestSeats:
    def test_a_quiet_is_over_when_it_is_over(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben, 10)
        evening.waits(minutes=10, then=Unquieted(seat=ben.id, by=""))
        ben.can_speak()

    def test_a_member_who_drops_keeps_the_seat_for_three_minutes(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.drops()
        evening.waits(minutes=3, then=Left(seat=ben.id))

    def test_so_does_one_who_waits(self):
        evening = an_evening()
        ben = evening.member("Ben")
        ben.arrives(connected=False)
        evening.waits(minutes=3, then=Left(seat=ben.id))

    def test_a_facilitator_for_fifteen(self):
        evening = an_evening()
        ana, jo = evening.facilitator("Ana"), evening.facilitator("Jo")
        ana.arrives()
        jo.arrives()
        jo.drops()
        evening.waits(minutes=15, then=Left(seat=jo.id))

    def test_a_seat_that_was_given_up_is_forgotten_after_fifteen(self):
        evening = an_evening()
        ana, ben = evening.facilitator("Ana"), evening.member("Ben")
        ana.arrives()
        ben.arrives()
        ben.leaves()
        evening.waits(minutes=15, then=Forgot(seats=(ben.id,)))
        assert ben.id not in evening.room.controls.seats

    def test_but_not_before_a_quiet_on_it_is_over(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ben.leaves()
        evening.passes(minutes=14)
        ana.quiets(ben, 10)
        assert Forgot(seats=(ben.id,)) not in evening.passes(minutes=9)
        ben.comes_back()
        ben.cannot_speak("quieted")

    def test_a_ghost_never_keeps_its_owner_out(self):
        evening = an_evening(seats=3, late_minutes=60)
        ana, ben, _, _ = evening.under_way("Ana", "Ben", "Chi", "Dov")
        ben.drops()
        # Neither the seat nor the name, while the room still takes Ben to be there.
        ben.comes_back()
        assert ben.is_inside()
        ben.drops()
        evening.waits(minutes=3, then=Left(seat=ben.id))
        eli = evening.member("Eli")
        eli.arrives()
        assert eli.is_inside()
        # Nor the name that is still kept for Ben, nor the room that has filled up since.
        ben.comes_back()
        assert ben.is_inside()
        ben.can_speak()
        ana.pauses()

    def test_coming_back_in_time_keeps_it(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.drops()
        evening.passes(minutes=2)
        ben.comes_back()
        evening.nothing_happens(minutes=10)
        assert ben.is_inside()


def test_nothing_is_due_any_more_once_it_is_over():
    evening = an_evening()
    evening.facilitator("Ana").arrives()
    evening.comes_to(END)
    evening.is_now(State.NOT_HELD)
    assert next_deadline(evening.room) is None
