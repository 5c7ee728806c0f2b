"""After the end, or a calling off: for ten minutes people can write to the facilitators who stay, and nothing else."""

import pytest

from rooms.live import Actor, State, next_deadline, view
from rooms.live.afterwards import DebriefOver, LinesShut, lines_shut_at
from rooms.live.calling_off import CallOff
from rooms.live.door import Left
from rooms.live.grave import EndForSafety
from rooms.live.leading import ComeOnDuty, StepBack, Suspend
from rooms.live.lifecycle import LINES_AFTER
from rooms.live.lines import ClaimLine, DeclineLine, LineUnseen, ReleaseLine
from rooms.live.state import Note, Recent
from rooms.live.words import EVERYONE, OVER, Audience, Role
from tests.live.cast_care import backchannels, goes_to_corner, last_line, line_of, sees, writes
from tests.live.cast_control import last, seen_by, two_facilitators
from tests.people import MINUTE, Evening, Person, an_evening

OLU = Actor("", Role.ORGANISER, "Olu")


def ended(*names: str) -> tuple[Evening, list[Person]]:
    """Ana has just ended it."""
    evening = an_evening()
    cast = evening.under_way("Ana", *names)
    cast[0].ends()
    cast[0].ends()
    evening.is_now(State.ENDED)
    return evening, cast


def is_finished(evening: Evening) -> None:
    assert evening.room.is_finished
    assert evening.room.recent == Recent()
    assert next_deadline(evening.room) is None


class TestTenMinutes:
    def test_whoever_likes_writes_and_is_answered(self):
        evening, (ana, ben, chi) = ended("Ben", "Chi")
        writes(ben, "that was a lot")
        written = last_line(evening)
        assert sees(ana, written) == written
        assert sees(chi, written) is None
        writes(ana, "shall we talk it over?", to=ben)
        assert sees(ben, last_line(evening)) == last_line(evening)
        assert len(line_of(ben)) == 2

    def test_then_everything_is_forgotten_and_everybody_shown_out(self):
        evening, (ana, ben) = ended("Ben")
        writes(ben)
        assert evening.room.controls.lines_until == lines_shut_at(evening.room)
        evening.comes_to(evening.room.controls.since + LINES_AFTER)
        evening.brought(LinesShut())
        assert seen_by(last(evening)) == EVERYONE
        assert evening.room.controls.lines == evening.room.controls.claims == {}
        assert evening.room.recent == Recent()
        assert list(evening.room.controls.seats) == [ana.id]
        writes(ben)
        ben.is_refused("not_here")
        ben.comes_back()
        ben.is_refused("over")
        evening.passes(minutes=20)
        is_finished(evening)
        writes(ben)
        ben.is_refused("over")

    def test_nothing_from_before_the_end_is_kept_for_it(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        writes(ben, "before")
        backchannels(ana)
        ana.ends()
        ana.ends()
        assert evening.room.recent == Recent()
        writes(ben, "after")
        assert [note.text for note in line_of(ben)] == ["after"]

    def test_from_the_waiting_room_and_the_quiet_corner_too(self):
        evening = an_evening(knock_first=True)
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.admits(ben)
        goes_to_corner(ben)
        ana.ends()
        ana.ends()
        for person in (ben, chi):
            writes(person)
            assert sees(ana, last_line(evening)) == last_line(evening)

    def test_nothing_can_be_said_to_everybody_and_nobody_new_comes_in(self):
        evening, (ana, ben) = ended("Ben")
        ben.cannot_speak("over")
        dov = evening.member("Dov")
        dov.arrives()
        dov.is_refused("over")
        ana.pauses()
        ana.is_refused("over")
        for audience in Audience:
            assert view.room_shown(evening.room, audience)["open"] is False

    def test_facilitators_look_after_people_together(self):
        evening = an_evening()
        ana, jo, ben = two_facilitators(evening, "Ben")
        ana.asks(EndForSafety("too_much_for_one_evening"))
        jo.asks(EndForSafety("too_much_for_one_evening"))
        writes(ben)
        jo.asks(ClaimLine(ben.id))
        ana.asks(ClaimLine(ben.id))
        ana.is_refused("claimed")
        backchannels(ana, "thank you, Jo")
        jo.asks(ReleaseLine(ben.id))
        ben.asks(DeclineLine())
        writes(ana, to=ben)
        ana.is_refused("line_declined")

    def test_whose_connection_breaks_comes_back_and_who_left_does_not(self):
        evening, (_, ben, chi) = ended("Ben", "Chi")
        ben.drops()
        evening.passes(60)
        ben.comes_back()
        writes(ben)
        chi.leaves()
        evening.brought(Left(chi.id))
        chi.arrives()
        chi.is_refused("over")
        ben.drops()
        evening.waits(minutes=3, then=Left(ben.id))
        ben.comes_back()
        ben.is_refused("over")


class TestOnlyWithAFacilitator:
    def test_it_is_shut_when_they_have_left(self):
        evening, (ana, ben) = ended("Ben")
        evening.passes(30)
        ana.leaves()
        evening.passes(44.999)
        assert ben.is_inside()
        assert evening.passes(0.001) == [LinesShut(), DebriefOver()]
        is_finished(evening)

    def test_a_facilitator_who_is_back_in_time_keeps_it_open(self):
        evening, (ana, _) = ended("Ben")
        ana.drops()
        evening.passes(40)
        ana.comes_back()
        evening.nothing_happens(60)
        assert not evening.room.is_finished

    def test_what_nobody_saw_any_more_is_its_writers_again(self):
        evening, (ana, ben) = ended("Ben")
        ana.leaves()
        writes(ben)
        note = last_line(evening).id
        assert evening.passes(45) == [LineUnseen(seat=ben.id, notes=(note,)), LinesShut(), DebriefOver()]

    def test_a_room_to_which_nobody_came_back_is_finished_with_its_end(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.leaves()
        evening.passes(minutes=20)
        evening.is_now(State.ENDED)
        is_finished(evening)
        writes(ben)
        ben.is_refused("over")

    def test_and_so_is_one_that_could_not_be_held(self):
        evening = an_evening()
        ben = evening.member("Ben")
        ben.arrives()
        evening.passes(minutes=30)
        evening.is_now(State.NOT_HELD)
        is_finished(evening)


class TestCase8CalledOff:
    @pytest.mark.parametrize("why", ["moved", "cancelled"])
    def test_who_waited_can_write_to_a_facilitator_who_is_there_for_ten_minutes(self, why):
        evening = an_evening()
        ana, ben = evening.facilitator("Ana"), evening.member("Ben")
        ana.arrives()
        ben.arrives()
        evening.ask(CallOff(why), OLU)
        writes(ben, "I came a long way")
        assert sees(ana, last_line(evening)) == last_line(evening)
        writes(ana, "I am sorry", to=ben)
        evening.passes(minutes=10)
        evening.brought(LinesShut())
        is_finished(evening)

    def test_what_facilitators_wrote_to_each_other_goes_with_the_lines(self):
        evening = an_evening()
        ana, ben = evening.facilitator("Ana"), evening.member("Ben")
        ana.arrives()
        ben.arrives()
        evening.ask(CallOff("cancelled"), OLU)
        evening.room = evening.room.with_recent(
            backchannel=(Note("n", ana.id, "Ana", "oh dear", evening.now),)
        )
        evening.passes(minutes=10)
        is_finished(evening)

    def test_where_none_is_there_it_is_finished_at_once(self):
        evening = an_evening()
        ben = evening.member("Ben")
        ben.arrives()
        evening.ask(CallOff("cancelled"), OLU)
        is_finished(evening)


class TestTheDebrief:
    def test_those_who_facilitated_talk_it_over_for_half_an_hour(self):
        evening = an_evening()
        ana, jo, ben = two_facilitators(evening, "Ben")
        ana.ends()
        ana.ends()
        evening.passes(minutes=11)
        assert ben.id not in evening.room.controls.seats
        backchannels(jo, "what stayed with me")
        written = last(evening)
        assert sees(ana, written) == written
        assert seen_by(written) == {Audience.FACILITATOR}
        assert (
            view.you_shown(evening.room, ana.seat, evening.now)["debrief_until"] == evening.now + 19 * MINUTE
        )
        evening.passes(minutes=19)
        evening.brought(DebriefOver())
        assert seen_by(last(evening)) == set()
        is_finished(evening)
        backchannels(ana)
        ana.is_refused("over")

    def test_what_is_written_in_it_goes_after_a_quarter_of_an_hour(self):
        evening, (ana, _) = ended("Ben")
        backchannels(ana)
        evening.passes(minutes=14)
        # The private lines were shut meanwhile, and took nothing of it along.
        assert evening.room.recent.backchannel
        evening.passes(minutes=1)
        assert evening.room.recent.backchannel == ()

    def test_members_know_nothing_of_it(self):
        evening, (_, ben) = ended("Ben")
        assert view.you_shown(evening.room, ben.seat, evening.now)["debrief_until"] is None
        assert "debrief_until" not in view.room_shown(evening.room, Audience.MEMBER)

    def test_each_is_told_that_it_is_over(self):
        evening, (ana, _) = ended("Ben")
        before = evening.room
        evening.passes(minutes=30)
        assert ana.id in view.touched(before, evening.room)

    def test_case_18_it_waits_for_one_who_stepped_back(self):
        evening = an_evening()
        ana, ben, _ = evening.under_way("Ana", "Ben", "Chi")
        ana.asks(StepBack())
        evening.passes(minutes=15)
        evening.is_now(State.ENDED)
        # Nobody facilitates, so nobody can be written to; but she is not left alone with it.
        assert lines_shut_at(evening.room) is None
        assert list(evening.room.controls.seats) == [ana.id]
        writes(ben)
        ben.is_refused("not_here")
        ana.asks(ComeOnDuty())
        backchannels(ana, "that was too much")
        assert sees(ana, last(evening)) == last(evening)

    def test_it_is_theirs_too_who_were_in_the_quiet_corner_at_the_end(self):
        evening = an_evening()
        ana, jo, ben = two_facilitators(evening, "Ben")
        for who in (jo, ben):
            goes_to_corner(who)
        ana.says("what they did not want to hear")
        ana.ends()
        ana.ends()
        assert jo.seat.audience is Audience.FACILITATOR
        assert jo.seat.inside_since == evening.room.controls.since, "nothing of before is told them"
        backchannels(jo, "how was it?")
        writes(ben, "I am back")
        ana.leaves()
        evening.passes(60)
        assert evening.room.controls.lines_until is not None, "Jo is there for those who write"

    def test_nobody_is_written_to_who_was_there_in_the_quiet_corner_alone(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        goes_to_corner(ana)
        evening.passes(minutes=13)
        evening.is_now(State.ENDED)
        assert evening.room.controls.lines_until is None
        assert ben.id not in evening.room.controls.seats
        backchannels(ana, "to whoever comes to talk it over")

    def test_another_facilitator_of_the_room_can_come_to_it(self):
        evening, _ = ended("Ben")
        jo = evening.facilitator("Jo")
        jo.arrives()
        assert jo.is_inside()
        evening.passes(minutes=30)
        late = evening.facilitator("Late")
        late.arrives()
        late.is_refused("over")

    def test_who_lost_their_powers_does_not(self):
        evening = an_evening()
        ana, jo, _ = two_facilitators(evening, "Ben")
        evening.ask(Suspend(jo.id), OLU)
        ana.ends()
        ana.ends()
        assert view.you_shown(evening.room, jo.seat, evening.now)["debrief_until"] is None
        evening.passes(minutes=10)
        assert jo.id not in evening.room.controls.seats
        jo.arrives()
        jo.is_refused("over")

    def test_no_private_line_is_opened_in_it_again(self):
        evening = an_evening()
        ana, jo, _ = two_facilitators(evening, "Ben")
        jo.asks(StepBack())
        ana.ends()
        ana.ends()
        evening.passes(minutes=11)
        writes(jo, "are you there?")
        jo.is_refused("over")
        assert evening.room.recent == Recent()

    def test_it_is_over_when_the_last_connection_has_been_gone_for_a_while(self):
        evening, (ana, _) = ended("Ben")
        evening.passes(minutes=12)
        ana.drops()
        evening.passes(40)
        ana.comes_back()
        evening.nothing_happens(60)
        ana.drops()
        evening.waits(45, then=DebriefOver())

    def test_there_is_none_for_a_session_that_was_called_off(self):
        evening = an_evening()
        ana = evening.facilitator("Ana")
        ana.arrives()
        evening.ask(CallOff("cancelled"), OLU)
        assert evening.room.controls.debrief_until is None


def test_before_the_end_there_is_no_such_time():
    evening = an_evening()
    evening.under_way("Ana", "Ben")
    assert evening.room.state not in OVER
    assert lines_shut_at(evening.room) is None
    assert not evening.room.is_finished


@pytest.mark.parametrize("how", sorted(OVER))
def test_a_session_of_which_only_the_records_know_that_it_is_over_is_not_begun_anew(how: State):
    evening = an_evening(over=how)
    is_finished(evening)
    evening.passes(minutes=30)
    ana = evening.facilitator("Ana")
    ana.arrives()
    ana.is_refused("over")
    evening.is_now(how)
