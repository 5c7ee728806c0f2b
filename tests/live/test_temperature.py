"""The temperature check: totals at the end, never who said what, and no number that is not true."""

from dataclasses import asdict

import pytest

from rooms.live.temperature import (
    AnswerTemperature,
    AskTemperature,
    TemperatureAnswered,
    TemperatureAsked,
    TemperatureTaken,
)
from rooms.live.words import Audience
from tests.live.cast_care import SECRET, goes_to_corner, last, proposes, puts_to_the_group, sees
from tests.people import an_evening

ANSWERS = ("go on", "slower", "a break")


def a_circle(*, asked=True):
    evening = an_evening(late_minutes=60)
    cast = evening.under_way("Ana", "Ben", "Chi", "Dov")
    if asked:
        cast[0].asks(AskTemperature("How is this for you?", ANSWERS))
    return evening, *cast


def answers(who, answer):
    who.asks(AnswerTemperature(answer))


class TestAsking:
    def test_everybody_inside_is_asked(self):
        evening, ana, ben, _, _ = a_circle()
        asked = last(evening)
        assert asked == TemperatureAsked(
            evening.room.controls.check.id, "How is this for you?", ANSWERS, until=evening.now + 120, by="Ana"
        )
        assert sees(ana, asked) == sees(ben, asked) == asked
        assert asked.shown_to(Audience.CORNERED) is None
        assert evening.room.recent.question == ("How is this for you?", *ANSWERS)

    def test_what_is_asked_stands_in_no_controls_and_no_log(self):
        evening, ana, *_ = a_circle(asked=False)
        ana.asks(AskTemperature(SECRET, (SECRET, "no")))
        assert SECRET not in str(asdict(evening.room.controls))
        assert SECRET not in repr((evening.room, evening.happened, AskTemperature(SECRET, (SECRET,))))

    @pytest.mark.parametrize(
        ("question", "given", "why"),
        [
            ("", ANSWERS, "empty"),
            ("x" * 141, ANSWERS, "too_long"),
            ("?", ("one",), "invalid"),
            ("How?", ("one",), "invalid"),
            ("How?", ("a", "b", "c", "d", "e"), "invalid"),
            ("How?", ("a", "a"), "invalid"),
            ("How?", ("a", " "), "empty"),
            ("How?", ("a", "x" * 41), "too_long"),
        ],
    )
    def test_one_short_question_and_two_to_four_answers(self, question, given, why):
        _, ana, *_ = a_circle(asked=False)
        ana.asks(AskTemperature(question, given))
        ana.is_refused(why)

    def test_one_check_at_a_time(self):
        _, ana, ben, *_ = a_circle()
        ana.asks(AskTemperature("And now?", ANSWERS))
        ana.is_refused("check_runs")
        puts_to_the_group(ana, proposes(ben))
        ana.is_refused("check_runs")

    def test_facilitators_ask(self):
        _, _, ben, *_ = a_circle(asked=False)
        ben.asks(AskTemperature("How?", ANSWERS))
        ben.is_refused("not_allowed")


class TestAnswering:
    def test_nobody_sees_it_not_even_that_it_was_given(self):
        evening, ana, ben, chi, _ = a_circle()
        answers(ben, 1)
        answered = last(evening)
        assert answered == TemperatureAnswered(seat=ben.id, answer=1)
        assert not answered.reach
        assert sees(ana, answered) is sees(ben, answered) is sees(chi, answered) is None

    def test_what_was_answered_is_counted_and_who_did_is_noted_apart(self):
        evening, _, ben, chi, _ = a_circle()
        answers(ben, 1)
        answers(chi, 1)
        assert evening.room.recent.votes == {1: 2}
        assert evening.room.controls.check.answered == (ben.id, chi.id)

    def test_once_for_every_seat_also_after_coming_back(self):
        _, _, ben, *_ = a_circle()
        answers(ben, 1)
        answers(ben, 2)
        ben.is_refused("already")
        ben.leaves()
        ben.comes_back()
        answers(ben, 2)
        ben.is_refused("already")

    @pytest.mark.parametrize("answer", [-1, 3])
    def test_only_answers_that_there_are(self, answer):
        _, _, ben, *_ = a_circle()
        answers(ben, answer)
        ben.is_refused("invalid")

    def test_only_while_it_is_asked(self):
        evening, ana, ben, *_ = a_circle(asked=False)
        answers(ben, 0)
        ben.is_refused("not_now")
        puts_to_the_group(ana, proposes(ben))
        answers(ben, 0)
        ben.is_refused("not_now")
        before = evening.room.with_controls(check=None)
        assert TemperatureAnswered(ben.id, 0).evolve(before, evening.now) == before

    def test_quieted_listening_and_facilitating_people_too(self):
        evening, ana, ben, *_ = a_circle()
        ana.quiets(ben)
        eli = evening.member("Eli")
        eli.arrives(listening=True)
        for person in (ana, ben, eli):
            answers(person, 0)
        assert evening.room.recent.votes == {0: 3}


class TestTheTotals:
    def test_after_two_minutes_and_nothing_is_kept(self):
        evening, ana, ben, chi, dov = a_circle()
        check = evening.room.controls.check.id
        for person, answer in ((ana, 0), (ben, 2), (chi, 2), (dov, 0)):
            answers(person, answer)
        taken = TemperatureTaken(id=check, totals=(2, 0, 2))
        evening.waits(120, then=taken)
        assert sees(ben, taken) == taken
        recent = evening.room.recent
        assert (recent.question, recent.votes, recent.votes_for) == ((), {}, "")
        assert evening.room.controls.check is None

    @pytest.mark.parametrize("given", [0, 1, 2])
    def test_none_where_so_few_answered_that_they_could_be_told_apart(self, given):
        evening, _, *members = a_circle()
        check = evening.room.controls.check.id
        for person in members[:given]:
            answers(person, 1)
        evening.waits(120, then=TemperatureTaken(id=check, totals=(), why="few"))

    def test_a_pause_stops_its_time(self):
        evening, ana, *_ = a_circle()
        evening.passes(100)
        ana.pauses()
        evening.nothing_happens(minutes=3)
        ana.resumes()
        evening.nothing_happens(119)
        assert [type(each) for each in evening.passes(1)] == [TemperatureTaken]

    def test_a_node_that_missed_an_answer_leaves_the_totals_to_one_that_did_not(self):
        evening, _, *members = a_circle()
        check = evening.room.controls.check.id
        for person in members:
            answers(person, 1)
        evening.room = evening.room.with_recent(votes={1: 2})
        evening.nothing_happens(124)
        assert evening.passes(1) == [TemperatureTaken(id=check, totals=(), why="unknown")]

    def test_a_node_that_missed_the_question_counts_nothing_of_another(self):
        evening, _, *members = a_circle()
        evening.room = evening.room.with_recent(votes_for="sana.1a", votes={0: 3}, question=())
        for person in members:
            answers(person, 1)
        assert evening.room.recent.votes == {0: 3}
        assert evening.passes(125)[-1].why == "unknown"

    def test_somebody_in_the_corner_is_not_told(self):
        evening, _, ben, *_ = a_circle()
        goes_to_corner(ben)
        evening.passes(120)
        assert sees(ben, last(evening)) is None
