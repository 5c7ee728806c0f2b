"""The course of a session: start, pause, resume, hold, closing, extend, end."""

import pytest

from rooms.live.lifecycle import PAUSES, Closing, Ended, Extended, Paused, Resumed, Started
from rooms.live.words import Door, State
from tests.people import MINUTE, START, an_evening

END = START + 60 * MINUTE
CLOSING = END - 10 * MINUTE


class TestStarting:
    def test_a_facilitator_starts_and_everybody_who_waits_comes_in(self):
        evening = an_evening()
        ana, ben, chi = evening.facilitator("Ana"), evening.member("Ben"), evening.member("Chi")
        for each in (ana, ben, chi):
            each.arrives()
        assert ben.is_waiting()
        evening.passes(minutes=5)
        ana.starts()
        evening.is_now(State.LIVE)
        evening.brought(Started(by="Ana"))
        assert ben.is_inside()
        assert chi.is_inside()
        assert ben.seat.inside_since == evening.now
        assert evening.room.controls.started_at == evening.now
        ben.can_speak()

    def test_where_newcomers_knock_those_who_wait_go_on_waiting(self):
        evening = an_evening(knock_first=True)
        ana, ben, chi = evening.facilitator("Ana"), evening.member("Ben"), evening.member("Chi")
        for each in (ana, ben, chi):
            each.arrives()
        ana.admits(chi)
        ana.starts()
        assert ben.is_waiting()
        assert chi.is_inside()

    def test_the_second_of_two_facilitators_is_told_that_it_is_done(self):
        evening = an_evening()
        ana, jo = evening.facilitator("Ana"), evening.facilitator("Jo")
        ana.arrives()
        jo.arrives()
        ana.starts()
        jo.starts()
        jo.is_refused("already")

    def test_a_room_does_not_start_before_its_doors(self):
        evening = an_evening(at=START - 20 * MINUTE)
        ana = evening.facilitator("Ana")
        ana.arrives()
        ana.starts()
        ana.is_refused("not_now")


class TestPausing:
    @pytest.mark.parametrize("reason", PAUSES)
    def test_nobody_speaks_in_a_pause_and_everybody_sees_who_and_why(self, reason):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.pauses(reason)
        evening.brought(Paused(by="Ana", reason=reason))
        evening.is_now(State.PAUSED)
        assert (evening.room.controls.by, evening.room.controls.reason) == ("Ana", reason)
        ben.cannot_speak("paused")
        ana.cannot_speak("paused")

    def test_the_end_does_not_move(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.pauses()
        evening.passes(minutes=20)
        ana.resumes()
        evening.brought(Resumed(by="Ana"))
        evening.is_now(State.LIVE)
        assert (evening.room.controls.closing_at, evening.room.controls.ends_at) == (CLOSING, END)
        assert evening.room.controls.reason == ""
        ben.can_speak()

    def test_a_reason_is_a_card_and_never_words_of_ones_own(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        ana.pauses("because Ben cried")
        ana.is_refused("invalid")

    def test_a_pause_in_the_closing_goes_back_to_the_closing(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        evening.comes_to(CLOSING)
        ana.pauses()
        evening.passes(minutes=1)
        ana.resumes()
        evening.is_now(State.CLOSING)
        assert evening.room.controls.closing_at == CLOSING
        ben.can_speak()

    def test_a_pause_over_the_beginning_of_the_closing_ends_in_it(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        evening.comes_to(CLOSING - MINUTE)
        ana.pauses()
        evening.nothing_happens(minutes=2)
        ana.resumes()
        assert evening.passes() == [Closing(ends_at=END, by="")]

    def test_a_pause_does_not_outlast_the_end(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        evening.comes_to(CLOSING - MINUTE)
        ana.pauses()
        evening.waits(minutes=11, then=Ended(why="time"))

    def test_pausing_and_resuming_twice_is_said_to_be_done_already(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        ana.resumes()
        ana.is_refused("already")
        ana.pauses()
        ana.pauses()
        ana.is_refused("already")


class TestHolding:
    def test_a_facilitator_who_comes_back_resumes_and_the_time_is_given_back(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.drops()
        evening.passes(45)
        evening.is_now(State.HELD)
        ben.cannot_speak("held")
        evening.passes(minutes=4)
        ana.comes_back()
        evening.is_now(State.HELD)
        ana.resumes()
        evening.is_now(State.LIVE)
        assert evening.room.controls.ends_at == END + 4 * MINUTE
        assert evening.room.controls.closing_at == CLOSING + 4 * MINUTE
        ben.can_speak()

    def test_another_facilitator_may_take_it_up(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.drops()
        evening.passes(minutes=2)
        jo = evening.facilitator("Jo")
        jo.arrives()
        jo.resumes()
        ben.can_speak()

    def test_a_held_pause_resumes_into_what_the_pause_interrupted(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        evening.comes_to(CLOSING)
        ana.pauses()
        ana.drops()
        evening.passes(45)
        evening.is_now(State.HELD)
        ana.comes_back()
        ana.resumes()
        evening.is_now(State.CLOSING)
        ben.can_speak()

    def test_a_member_is_never_made_a_facilitator(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.leaves()
        evening.passes(minutes=1)
        ben.resumes()
        ben.is_refused("not_allowed")

    def test_a_closing_that_the_server_began_can_be_taken_back(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.drops()
        evening.passes(45 + 10 * MINUTE)
        evening.is_now(State.CLOSING)
        ben.cannot_speak("held")
        ana.comes_back()
        ben.cannot_speak("held")
        ana.resumes()
        evening.is_now(State.LIVE)
        assert evening.room.controls.ends_at == END
        assert evening.room.controls.closing_at == CLOSING
        ben.can_speak()

    def test_taken_back_after_the_hour_there_are_two_minutes_left_to_close(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        evening.comes_to(END - MINUTE)
        ana.drops()
        evening.passes(45 + 10 * MINUTE)
        ana.comes_back()
        ana.resumes()
        assert evening.room.controls.ends_at == evening.now + 2 * MINUTE
        assert evening.passes() == [Closing(ends_at=evening.now + 2 * MINUTE, by="")]
        ben.can_speak()

    def test_a_facilitator_who_pauses_an_unattended_closing_can_still_take_it_back(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.drops()
        evening.passes(45 + 10 * MINUTE)
        ana.comes_back()
        ana.pauses()
        ana.resumes()
        evening.is_now(State.LIVE)
        ben.can_speak()


class TestClosing:
    def test_begun_early_it_is_as_long_as_a_closing_is(self):
        evening = an_evening(closing_minutes=5)
        ana, ben = evening.under_way("Ana", "Ben")
        ana.begins_closing()
        evening.brought(Closing(ends_at=evening.now + 5 * MINUTE, by="Ana"))
        assert evening.room.controls.closing_at == evening.now
        ben.can_speak()
        evening.comes_to(START + 5 * MINUTE)
        evening.brought(Ended(why="time"))

    def test_begun_out_of_a_pause_near_the_end_the_end_does_not_move(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        evening.comes_to(CLOSING - MINUTE)
        ana.pauses()
        evening.passes(minutes=3)
        ana.begins_closing()
        evening.brought(Closing(ends_at=END, by="Ana"))

    def test_begun_twice_it_is_begun_once(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        ana.begins_closing()
        ana.begins_closing()
        ana.is_refused("already")
        ana.resumes()
        ana.is_refused("already")


class TestExtending:
    def test_ten_minutes_twice_at_most(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        ana.extends()
        evening.brought(Extended(ends_at=END + 10 * MINUTE, by="Ana"))
        assert evening.room.controls.closing_at == CLOSING + 10 * MINUTE
        ana.extends()
        assert evening.room.controls.ends_at == END + 20 * MINUTE
        ana.extends()
        ana.is_refused("too_many_extends")

    def test_not_into_another_session_of_the_room_or_of_who_facilitates(self):
        evening = an_evening(free_until=END + 10 * MINUTE)
        ana, _ = evening.under_way("Ana", "Ben")
        ana.extends()
        ana.extends()
        ana.is_refused("booked")
        assert evening.room.controls.ends_at == END + 10 * MINUTE

    def test_a_closing_goes_on_closing(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        evening.comes_to(CLOSING)
        ana.extends()
        evening.is_now(State.CLOSING)
        assert evening.room.controls.closing_at == CLOSING
        evening.waits(minutes=20, then=Ended(why="time"))

    def test_so_does_one_that_is_paused(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        evening.comes_to(CLOSING)
        ana.pauses()
        ana.extends()
        assert evening.room.controls.closing_at == CLOSING
        assert evening.room.controls.ends_at == END + 10 * MINUTE

    def test_it_takes_back_the_notice_that_the_room_ends(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        ana.ends()
        ana.extends()
        assert evening.room.controls.ending is False
        ana.ends()
        evening.is_now(State.CLOSING)
        assert evening.room.controls.ends_at == evening.now + MINUTE


class TestEnding:
    def test_first_a_minutes_notice_then_the_end(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.ends()
        evening.brought(Closing(ends_at=evening.now + MINUTE, by="Ana", ending=True))
        ben.can_speak()
        evening.comes_to(START + MINUTE)
        evening.brought(Ended(why="facilitator"))
        evening.is_now(State.ENDED)
        assert evening.room.controls.reason == "facilitator"
        assert evening.room.controls.door is Door.SHUT

    def test_said_twice_it_ends_now(self):
        evening = an_evening()
        ana, jo, ben = evening.facilitator("Ana"), evening.facilitator("Jo"), evening.member("Ben")
        ana.arrives()
        jo.arrives()
        ana.starts()
        ben.arrives()
        ana.ends()
        jo.ends()
        evening.brought(Ended(why="facilitator"))
        jo.ends()
        jo.is_refused("already")
        ben.cannot_speak("over")

    def test_near_the_end_the_notice_does_not_lengthen_it(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        evening.comes_to(END - 20)
        ana.ends()
        evening.waits(20, then=Ended(why="facilitator"))

    def test_the_notice_has_the_time_that_a_hold_took(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        evening.comes_to(END - MINUTE)
        ana.drops()
        evening.passes(minutes=5)
        ana.comes_back()
        ana.ends()
        ben.can_speak()
        assert evening.room.controls.ends_at == END + 4 * MINUTE + 15

    def test_a_facilitator_who_gives_notice_and_goes_does_not_leave_a_held_room_behind(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        ana.ends()
        ana.drops()
        evening.waits(60, then=Ended(why="facilitator"))

    def test_a_pause_within_the_notice_does_not_stop_it(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        ana.ends()
        ana.pauses()
        evening.waits(60, then=Ended(why="facilitator"))

    def test_closing_out_of_that_pause_still_ends_it(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        ana.ends()
        ana.pauses()
        ana.begins_closing()
        evening.waits(60, then=Ended(why="facilitator"))
