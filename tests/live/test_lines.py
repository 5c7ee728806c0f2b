"""Private lines: one person and the facilitators, wherever that person is, and nobody else."""

import pytest

from rooms.live.door import Arrive
from rooms.live.leading import StepBack
from rooms.live.lifecycle import Ended, NotHeld
from rooms.live.lines import (
    ClaimLine,
    DeclineLine,
    LineClaimed,
    LineDeclined,
    LineReleased,
    LineUnseen,
    LineWritten,
    ReleaseLine,
)
from rooms.live.state import MINUTE
from rooms.live.words import Place
from tests.live.cast_care import (
    SECRET,
    another_facilitator,
    comes_out,
    goes_to_corner,
    last_line,
    line_of,
    nothing_typed_stands_in_controls,
    sees,
    writes,
)
from tests.people import START, an_evening


class TestWriting:
    def test_to_the_facilitators_and_to_nobody_else(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        jo = another_facilitator(evening)
        writes(ben)
        written = last_line(evening)
        assert (written.line, written.seat, written.name, written.text) == (ben.id, ben.id, "Ben", SECRET)
        assert sees(ana, written) == sees(jo, written) == sees(ben, written) == written
        assert sees(chi, written) is None
        assert not written.numbered

    def test_back_to_one_person_and_the_other_facilitators_read_along(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        jo = another_facilitator(evening)
        writes(ben)
        writes(ana, "I am here", to=ben)
        written = last_line(evening)
        assert (written.line, written.seat, written.name) == (ben.id, ana.id, "Ana")
        assert sees(ben, written) == sees(jo, written) == written
        assert sees(chi, written) is None
        assert [note.name for note in line_of(ben)] == ["Ben", "Ana"]

    def test_nobody_else_sees_a_number_pass_by(self):
        evening = an_evening()
        _, ben, _ = evening.under_way("Ana", "Ben", "Chi")
        hidden = evening.room.controls.hidden
        writes(ben)
        assert evening.room.controls.hidden == hidden + 1

    def test_not_from_one_member_to_another(self):
        evening = an_evening()
        _, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        writes(ben, to=chi)
        ben.is_refused("not_allowed")

    def test_naming_ones_own_seat_is_ones_own_line(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        writes(ben, to=ben)
        assert last_line(evening).line == ben.id

    def test_facilitators_have_no_line_to_themselves_or_each_other(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        jo = another_facilitator(evening)
        writes(ana)
        ana.is_refused("invalid")
        writes(ana, to=jo)
        ana.is_refused("invalid")

    def test_not_to_somebody_who_left_or_never_came(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ben.leaves()
        writes(ana, to=ben)
        ana.is_refused("not_here")
        writes(ana, to=evening.member("Nobody"))
        ana.is_refused("not_here")

    @pytest.mark.parametrize(
        ("text", "why"), [("  ", "empty"), ("\u202e", "empty"), ("x" * 1001, "too_long")]
    )
    def test_words_that_can_be_read(self, text, why):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        writes(ben, text)
        ben.is_refused(why)

    def test_what_is_written_stands_in_no_controls_and_no_log(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        writes(ben)
        writes(ana, SECRET, to=ben)
        nothing_typed_stands_in_controls(evening)


class TestWherever:
    """Somebody who cannot speak in the room can always reach a facilitator."""

    def test_in_the_lobby(self):
        evening = an_evening()
        ana, ben = evening.facilitator("Ana"), evening.member("Ben")
        ana.arrives()
        ben.arrives()
        writes(ben)
        assert sees(ana, last_line(evening)) == last_line(evening)
        writes(ana, "You can come in soon", to=ben)
        assert sees(ben, last_line(evening)) == last_line(evening)

    def test_in_the_line_in_front_of_a_full_room(self):
        evening = an_evening(seats=2)
        ana, _, _, dov = evening.under_way("Ana", "Ben", "Chi", "Dov")
        dov.is_refused("full")
        dov.asks(Arrive("Dov", connected=True, in_line=True))
        assert dov.seat.place is Place.QUEUED
        writes(dov)
        assert sees(ana, last_line(evening)) == last_line(evening)

    def test_when_quieted(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben)
        writes(ben)
        assert line_of(ben)

    def test_when_only_listening(self):
        evening = an_evening()
        evening.under_way("Ana")
        ben = evening.member("Ben")
        ben.arrives(listening=True)
        writes(ben)
        assert line_of(ben)

    def test_when_the_room_is_paused_and_when_it_is_held(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.pauses()
        writes(ben)
        ana.drops()
        evening.passes(46)
        writes(ben)
        assert len(line_of(ben)) == 2

    def test_in_the_corner_and_the_answer_comes_there(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        goes_to_corner(ben)
        writes(ben)
        writes(ana, "Take your time", to=ben)
        assert sees(ben, last_line(evening)) == last_line(evening)

    def test_a_facilitator_who_stepped_back_has_a_line_like_everybody(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        jo = another_facilitator(evening)
        jo.asks(StepBack())
        writes(jo)
        assert last_line(evening).line == jo.id
        writes(ana, "rest", to=jo)
        assert sees(jo, last_line(evening)) == last_line(evening)

    def test_somebody_under_age_is_told_in_private_and_nothing_of_it_is_kept(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        writes(ana, "This room is for adults. There is one for you at ...", to=ben)
        assert sees(ben, last_line(evening)) is not None
        assert sees(chi, last_line(evening)) is None
        evening.passes(minutes=15)
        assert line_of(ben) == ()


class TestDeclining:
    def test_a_line_that_a_facilitator_started(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        writes(ana, "Are you all right?", to=ben)
        assert evening.room.controls.lines == {ben.id: "offered"}
        ben.asks(DeclineLine())
        evening.brought(LineDeclined(seat=ben.id))
        assert sees(ana, LineDeclined(ben.id)) == sees(ben, LineDeclined(ben.id)) == LineDeclined(ben.id)
        assert sees(chi, LineDeclined(ben.id)) is None
        writes(ana, "Really?", to=ben)
        ana.is_refused("line_declined")

    def test_once_and_not_before_there_is_one(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ben.asks(DeclineLine())
        ben.is_refused("not_now")
        writes(ana, "hello", to=ben)
        ben.asks(DeclineLine())
        ben.asks(DeclineLine())
        ben.is_refused("already")

    def test_writing_oneself_opens_it_again(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        writes(ana, "hello", to=ben)
        ben.asks(DeclineLine())
        writes(ben)
        assert evening.room.controls.lines == {ben.id: "open"}
        writes(ana, "I am here", to=ben)
        assert evening.room.controls.lines == {ben.id: "open"}

    def test_it_survives_a_reconnect_and_coming_again(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        writes(ana, "hello", to=ben)
        ben.asks(DeclineLine())
        ben.leaves()
        ben.comes_back()
        writes(ana, "hello", to=ben)
        ana.is_refused("line_declined")


class TestTheCorner:
    def test_one_gentle_line_from_the_facilitators_and_no_second(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        jo = another_facilitator(evening)
        writes(ana, "before", to=ben)
        goes_to_corner(ben)
        writes(ana, "We are here", to=ben)
        writes(jo, "Me too", to=ben)
        jo.is_refused("one_gentle_line")

    def test_nothing_for_somebody_who_wants_to_be_left_alone(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        goes_to_corner(ben, leave_be=True)
        writes(ana, "We are here", to=ben)
        ana.is_refused("leave_be")

    @pytest.mark.parametrize("leave_be", [False, True])
    def test_whoever_writes_from_there_is_answered(self, leave_be):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        goes_to_corner(ben, leave_be=leave_be)
        writes(ben)
        writes(ana, "one", to=ben)
        writes(ana, "two", to=ben)
        assert len(line_of(ben)) == 3

    def test_back_in_the_room_they_may_write_as_before(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        goes_to_corner(ben, leave_be=True)
        comes_out(ben)
        writes(ana, "welcome back", to=ben)
        assert line_of(ben)


class TestClaiming:
    def test_ive_got_this_is_told_to_facilitators_only(self):
        evening = an_evening()
        ana, ben, _ = evening.under_way("Ana", "Ben", "Chi")
        jo = another_facilitator(evening)
        jo.asks(ClaimLine(ben.id))
        claimed = LineClaimed(seat=ben.id, by=jo.id, name="Jo")
        evening.brought(claimed)
        assert sees(ana, claimed) == claimed
        assert sees(ben, claimed) is None
        assert evening.room.controls.claims == {ben.id: jo.id}

    def test_only_one_facilitator_at_a_time(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        jo = another_facilitator(evening)
        jo.asks(ClaimLine(ben.id))
        jo.asks(ClaimLine(ben.id))
        jo.is_refused("already")
        ana.asks(ClaimLine(ben.id))
        assert ana.is_refused("claimed").offers == ("Jo",)
        ana.asks(ReleaseLine(ben.id))
        ana.is_refused("claimed")

    def test_letting_go_lets_another_take_it(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        jo = another_facilitator(evening)
        jo.asks(ClaimLine(ben.id))
        jo.asks(ReleaseLine(ben.id))
        released = LineReleased(seat=ben.id, name="Jo")
        evening.brought(released)
        assert sees(ana, released) == released
        assert sees(ben, released) is None
        ana.asks(ReleaseLine(ben.id))
        ana.is_refused("already")
        ana.asks(ClaimLine(ben.id))
        assert evening.room.controls.claims == {ben.id: ana.id}

    def test_who_left_has_nobody_any_more(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        jo = another_facilitator(evening)
        jo.asks(ClaimLine(ben.id))
        jo.leaves()
        ana.asks(ClaimLine(ben.id))
        assert evening.room.controls.claims == {ben.id: ana.id}
        ana.leaves()
        jo.comes_back()
        jo.asks(ReleaseLine(ben.id))
        assert evening.room.controls.claims == {}

    def test_nobody_who_is_not_here(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ben.leaves()
        ana.asks(ClaimLine(ben.id))
        ana.is_refused("not_here")
        ana.asks(ClaimLine("snobody"))
        ana.is_refused("not_here")

    def test_members_cannot(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(ClaimLine(ben.id))
        ben.is_refused("not_allowed")
        ben.asks(ReleaseLine(ben.id))
        ben.is_refused("not_allowed")


class TestNobodySawThis:
    def test_when_no_facilitator_ever_came(self):
        evening = an_evening()
        ben = evening.member("Ben")
        ben.arrives()
        evening.comes_to(START)
        writes(ben)
        note = line_of(ben)[0]
        came = evening.comes_to(START + 10 * MINUTE)
        assert came[-2:] == [LineUnseen(seat=ben.id, notes=(note.id,)), NotHeld()]
        assert line_of(ben) == ()
        unseen = came[-2]
        assert sees(ben, unseen) == unseen
        assert not unseen.reach

    def test_what_a_facilitator_saw_is_not_returned(self):
        evening = an_evening(at=START - 5 * MINUTE)
        ana, ben, chi = evening.facilitator("Ana"), evening.member("Ben"), evening.member("Chi")
        for person in (ana, ben, chi):
            person.arrives()
        writes(ben)
        writes(chi, "seen")
        writes(ana, "wait a little", to=ben)
        evening.comes_to(START)
        ana.leaves()
        writes(ben, "unseen")
        unseen = [each for each in evening.passes(minutes=10) if isinstance(each, LineUnseen)]
        assert [(each.seat, len(each.notes)) for each in unseen] == [(ben.id, 1)]

    def test_when_nobody_came_back_to_a_held_room(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.drops()
        evening.passes(45 + 10 * 60)
        writes(ben)
        came = evening.passes(minutes=2)
        assert [type(each) for each in came if isinstance(each, LineUnseen | Ended)] == [LineUnseen, Ended]

    def test_not_while_a_held_room_still_waits(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.drops()
        evening.passes(46)
        writes(ben)
        evening.passes(minutes=9)
        assert line_of(ben)


def test_a_line_is_a_hundred_notes_long_at_most():
    evening = an_evening()
    _, ben = evening.under_way("Ana", "Ben")
    for number in range(101):
        writes(ben, str(number))
    assert [note.text for note in line_of(ben)] == [str(number) for number in range(1, 101)]


def test_what_is_heard_too_late_breaks_nothing():
    evening = an_evening()
    evening.fold(LineWritten("x.1", "sgone", "sgone", "Gone", "hi"))
    evening.fold(LineUnseen("snobody", ("y.1",)))
    assert len(evening.room.recent.lines) == 1
