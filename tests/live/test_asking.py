"""Pause, please: what members can do when it is too much and no facilitator notices."""

import pytest

from rooms.live.asking import ANSWERS, AnswerPauseAsking, PauseAsked, PauseAskingAnswered, PauseAskingOver
from rooms.live.lifecycle import Closing, Held
from rooms.live.state import MINUTE
from rooms.live.words import Audience, State
from tests.live.cast_care import another_facilitator, asks_for_pause, goes_to_corner, last, sees
from tests.people import START, an_evening


def a_room(*members):
    evening = an_evening(seats=20, late_minutes=60)
    return evening, *evening.under_way("Ana", *members)


class TestAsking:
    def test_facilitators_learn_how_many_ask_and_not_who(self):
        evening, ana, ben, chi = a_room("Ben", "Chi")
        asks_for_pause(ben)
        asked = last(evening)
        assert asked == PauseAsked(seat=ben.id, count=1, due=None)
        assert sees(ana, asked) == PauseAsked(seat=None, count=1, due=None)
        assert sees(chi, asked) is None
        assert not asked.numbered

    def test_the_asker_sees_their_own_and_nothing_of_the_others(self):
        evening, _, ben, chi = a_room("Ben", "Chi")
        asks_for_pause(ben)
        asks_for_pause(chi)
        assert sees(chi, last(evening)) == PauseAsked(seat=chi.id, count=None, due=None)

    def test_somebody_who_listens_may_ask(self):
        evening, _, ben = a_room("Ben")
        chi = evening.member("Chi")
        chi.arrives(listening=True)
        asks_for_pause(ben)
        asks_for_pause(chi)
        assert evening.room.controls.pause_due is not None

    def test_not_somebody_quieted_or_waiting_and_facilitators_pause(self):
        _, ana, ben = a_room("Ben")
        ana.quiets(ben)
        asks_for_pause(ben)
        ben.is_refused("quieted")
        asks_for_pause(ana)
        ana.is_refused("not_allowed")

    def test_once_each(self):
        _, _, ben, _ = a_room("Ben", "Chi")
        asks_for_pause(ben)
        asks_for_pause(ben)
        ben.is_refused("already")

    def test_not_when_it_is_paused_already(self):
        _, ana, ben = a_room("Ben")
        ana.pauses()
        asks_for_pause(ben)
        ben.is_refused("already")

    def test_not_in_a_closing_without_a_facilitator(self):
        evening, ana, ben, _ = a_room("Ben", "Chi")
        ana.drops()
        evening.passes(45 + 10 * 60)
        evening.is_now(State.CLOSING)
        asks_for_pause(ben)
        ben.is_refused("held")


class TestQuorum:
    @pytest.mark.parametrize(
        ("members", "needed"), [(1, None), (2, 2), (3, 2), (6, 2), (7, 3), (9, 3), (10, 4), (12, 4)]
    )
    def test_two_or_a_third_whichever_is_more(self, members, needed):
        evening, _, *others = a_room(*[f"Number {letter}" for letter in "abcdefghjkmn"[:members]])
        asked = 0
        for person in others:
            asks_for_pause(person)
            asked += 1
            if evening.room.controls.pause_due is not None:
                break
        assert asked == (needed or members)
        assert (evening.room.controls.pause_due is not None) is (needed is not None)

    def test_those_who_are_away_or_quieted_need_not_ask(self):
        evening, ana, *others = a_room("Ben", "Chi", "Dov", "Eli", "Fay", "Gus", "Hal")
        others[6].drops()
        ana.quiets(others[5])
        asks_for_pause(others[0])
        asks_for_pause(others[1])
        assert evening.room.controls.pause_due == evening.now + MINUTE

    def test_who_asked_and_left_does_not_count(self):
        evening, _, ben, chi, dov = a_room("Ben", "Chi", "Dov")
        asks_for_pause(ben)
        ben.leaves()
        asks_for_pause(chi)
        assert evening.room.controls.pause_due is None
        asks_for_pause(dov)
        assert evening.room.controls.pause_due is not None

    def test_asked_again_when_fewer_are_here_it_may_be_enough(self):
        evening, _, *others = a_room("Ben", "Chi", "Dov", "Eli", "Fay", "Gus", "Hal")
        asks_for_pause(others[0])
        asks_for_pause(others[1])
        assert evening.room.controls.pause_due is None
        others[6].leaves()
        asks_for_pause(others[1])
        assert evening.room.controls.pause_due == evening.now + MINUTE
        assert evening.room.controls.pause_asked == (others[0].id, others[1].id)

    def test_somebody_in_the_corner_counts_and_may_ask(self):
        evening, _, ben, chi = a_room("Ben", "Chi")
        goes_to_corner(ben)
        asks_for_pause(ben)
        asks_for_pause(chi)
        assert evening.room.controls.pause_due is not None

    def test_facilitators_see_when_the_room_will_be_held(self):
        evening, ana, ben, chi = a_room("Ben", "Chi")
        asks_for_pause(ben)
        asks_for_pause(chi)
        assert sees(ana, last(evening)) == PauseAsked(seat=None, count=2, due=evening.now + MINUTE)

    def test_another_who_asks_does_not_put_it_off(self):
        evening, _, ben, chi, dov = a_room("Ben", "Chi", "Dov")
        asks_for_pause(ben)
        asks_for_pause(chi)
        due = evening.room.controls.pause_due
        evening.passes(30)
        asks_for_pause(dov)
        assert evening.room.controls.pause_due == due


class TestNobodyAnswers:
    def test_the_room_is_held_after_a_minute(self):
        evening, _, ben, chi = a_room("Ben", "Chi")
        asks_for_pause(ben)
        asks_for_pause(chi)
        evening.waits(60, then=Held(why="asked"))
        evening.is_now(State.HELD)
        assert evening.room.controls.reason == "asked"
        ben.cannot_speak("held")

    def test_and_waits_for_a_facilitator_to_resume_it(self):
        evening, ana, ben, chi = a_room("Ben", "Chi")
        asks_for_pause(ben)
        asks_for_pause(chi)
        evening.passes(60)
        evening.passes(minutes=2)
        evening.is_now(State.HELD)
        ana.resumes()
        evening.is_now(State.LIVE)
        evening.nothing_happens(minutes=3)
        ben.can_speak()

    def test_or_is_closed_like_any_held_room(self):
        evening, _, ben, chi = a_room("Ben", "Chi")
        asks_for_pause(ben)
        asks_for_pause(chi)
        evening.passes(60)
        assert isinstance(evening.passes(minutes=10)[-1], Closing)

    def test_also_while_it_closes(self):
        evening, ana, ben, chi = a_room("Ben", "Chi")
        ana.begins_closing()
        asks_for_pause(ben)
        asks_for_pause(chi)
        evening.waits(60, then=Held(why="asked"))
        ana.resumes()
        evening.is_now(State.CLOSING)

    def test_the_clock_that_begins_the_closing_does_not_silence_them(self):
        evening, _, ben, chi = a_room("Ben", "Chi")
        evening.comes_to(START + 49.5 * MINUTE)
        asks_for_pause(ben)
        asks_for_pause(chi)
        came = evening.passes(60)
        assert [type(each) for each in came] == [Closing, Held]


class TestAnswering:
    @pytest.mark.parametrize("answer", ANSWERS)
    def test_with_a_card_that_everybody_reads(self, answer):
        evening, ana, ben, chi = a_room("Ben", "Chi")
        asks_for_pause(ben)
        asks_for_pause(chi)
        ana.asks(AnswerPauseAsking(answer))
        answered = PauseAskingAnswered(answer=answer, by="Ana")
        evening.brought(answered)
        assert answered.shown_to(Audience.MEMBER) == answered
        assert evening.room.controls.tally["pause_asking_answered"] == 1
        evening.nothing_happens(minutes=2)

    def test_by_pausing(self):
        evening, ana, ben, chi = a_room("Ben", "Chi")
        asks_for_pause(ben)
        asks_for_pause(chi)
        evening.passes(59.9)
        ana.pauses()
        evening.nothing_happens(minutes=2)
        ana.resumes()
        evening.nothing_happens(minutes=2)
        evening.is_now(State.LIVE)

    def test_they_may_ask_again(self):
        evening, ana, ben, chi = a_room("Ben", "Chi")
        asks_for_pause(ben)
        ana.asks(AnswerPauseAsking("carry_on"))
        asks_for_pause(ben)
        asks_for_pause(chi)
        evening.waits(60, then=Held(why="asked"))

    def test_once_with_a_card_that_there_is_and_only_facilitators(self):
        evening, ana, ben, _ = a_room("Ben", "Chi")
        jo = another_facilitator(evening)
        ana.asks(AnswerPauseAsking("carry_on"))
        ana.is_refused("already")
        asks_for_pause(ben)
        ana.asks(AnswerPauseAsking("no"))
        ana.is_refused("invalid")
        ben.asks(AnswerPauseAsking("carry_on"))
        ben.is_refused("not_allowed")
        ana.asks(AnswerPauseAsking("carry_on"))
        jo.asks(AnswerPauseAsking("carry_on"))
        jo.is_refused("already")


class TestTooFew:
    def test_after_five_minutes_it_is_as_if_nobody_had_asked(self):
        evening, ana, ben, chi, _ = a_room("Ben", "Chi", "Dov")
        asks_for_pause(ben)
        evening.waits(minutes=5, then=PauseAskingOver())
        assert sees(ana, PauseAskingOver()) == PauseAskingOver()
        assert sees(chi, PauseAskingOver()) is None
        asks_for_pause(chi)
        assert evening.room.controls.pause_asked == (chi.id,)
        assert evening.room.controls.pause_due is None

    def test_counted_from_the_last_who_asked(self):
        evening, _, *others = a_room("Ben", "Chi", "Dov", "Eli", "Fay", "Gus", "Hal")
        asks_for_pause(others[0])
        evening.passes(minutes=4)
        asks_for_pause(others[1])
        evening.waits(minutes=5, then=PauseAskingOver())


def test_a_copy_that_names_nobody_adds_nobody():
    evening, *_ = a_room("Ben")
    evening.fold(PauseAsked(seat=None, count=2, due=None))
    assert evening.room.controls.pause_asked == ()
