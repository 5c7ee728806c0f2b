"""The living agreement: lines for today that all can live with, and a text that changes while people are here."""

import pytest

from rooms.live import THE_CLOCK, Actor
from rooms.live.agreement import (
    AgreementChanged,
    AgreementDue,
    AgreementKept,
    ChangeAgreement,
    Checking,
    DropLine,
    KeepToAgreement,
    LineAgreed,
    LineDropped,
    LineObjected,
    LineProposed,
    Object,
)
from rooms.live.looking import LookFirst
from rooms.live.state import MINUTE
from rooms.live.temperature import AskTemperature
from rooms.live.words import Audience, Role
from tests.live.cast_care import (
    SECRET,
    another_facilitator,
    goes_to_corner,
    last,
    nothing_typed_stands_in_controls,
    proposes,
    puts_to_the_group,
    sees,
    writes,
)
from tests.people import an_evening


def a_circle():
    evening = an_evening(late_minutes=60)
    return evening, *evening.under_way("Ana", "Ben", "Chi")


class TestProposing:
    def test_everybody_inside_reads_it(self):
        evening, ana, ben, chi = a_circle()
        line = proposes(ben, SECRET)
        proposed = last(evening)
        assert proposed == LineProposed(line, ben.id, "Ben", SECRET)
        assert sees(ana, proposed) == sees(chi, proposed) == proposed
        assert proposed.shown_to(Audience.WAITING) is proposed.shown_to(Audience.CORNERED) is None
        assert evening.room.recent.proposals[line].text == SECRET
        nothing_typed_stands_in_controls(evening)

    def test_somebody_who_listens_has_a_say(self):
        evening, *_ = a_circle()
        dov = evening.member("Dov")
        dov.arrives(listening=True)
        assert proposes(dov)

    def test_what_keeps_somebody_from_talking_keeps_them_from_this(self):
        _, ana, ben, chi = a_circle()
        ana.quiets(ben)
        proposes(ben)
        ben.is_refused("quieted")
        goes_to_corner(chi)
        proposes(chi)
        chi.is_refused("cornered")
        ana.pauses()
        proposes(ana)
        ana.is_refused("paused")

    def test_nothing_passes_a_look_that_way(self):
        _, ana, ben, _ = a_circle()
        ana.asks(LookFirst(None))
        proposes(ben)
        ben.is_refused("looked_at_first")

    @pytest.mark.parametrize(("text", "why"), [(" ", "empty"), ("x" * 301, "too_long")])
    def test_short_and_not_empty(self, text, why):
        _, _, ben, _ = a_circle()
        proposes(ben, text)
        ben.is_refused(why)

    def test_ten_at_a_time(self):
        _, _, ben, _ = a_circle()
        lines = [proposes(ben, str(number)) for number in range(10)]
        proposes(ben)
        ben.is_refused("many_proposals")
        ben.asks(DropLine(lines[0]))
        assert proposes(ben)


class TestDropping:
    def test_ones_own_or_as_a_facilitator_anybodys(self):
        evening, ana, ben, chi = a_circle()
        one, two = proposes(ben), proposes(ben)
        chi.asks(DropLine(one))
        chi.is_refused("not_yours")
        ben.asks(DropLine(one))
        evening.brought(LineDropped(one))
        ana.asks(DropLine(two))
        assert evening.room.recent.proposals == {}
        ana.asks(DropLine(two))
        ana.is_refused("no_such_line")

    def test_a_check_of_it_is_over(self):
        evening, ana, ben, _ = a_circle()
        line, other = proposes(ben), proposes(ben)
        puts_to_the_group(ana, line)
        ben.asks(DropLine(other))
        assert evening.room.controls.check is not None
        ben.asks(DropLine(line))
        assert evening.room.controls.check is None


class TestChecking:
    def test_if_nobody_objects_for_a_minute_it_stands_for_today(self):
        evening, ana, ben, _ = a_circle()
        line = proposes(ben, "Phones away")
        puts_to_the_group(ana, line)
        evening.brought(Checking(line=line, until=evening.now + 60, by="Ana"))
        evening.waits(60, then=LineAgreed(line=line, text="Phones away"))
        assert evening.room.recent.today == ("Phones away",)
        assert evening.room.recent.proposals == {}
        assert evening.room.controls.check is None

    def test_the_lead_puts_it_to_the_group(self):
        evening, _, ben, _ = a_circle()
        jo = another_facilitator(evening)
        line = proposes(ben)
        for person, why in ((ben, "not_allowed"), (jo, "only_the_lead")):
            puts_to_the_group(person, line)
            person.is_refused(why)

    def test_one_at_a_time(self):
        evening, ana, ben, _ = a_circle()
        one, two = proposes(ben), proposes(ben)
        puts_to_the_group(ana, one)
        puts_to_the_group(ana, one)
        ana.is_refused("already")
        puts_to_the_group(ana, two)
        ana.is_refused("check_runs")
        evening.passes(60)
        puts_to_the_group(ana, two)

    def test_not_what_nobody_proposed(self):
        _, ana, *_ = a_circle()
        puts_to_the_group(ana, "sben.1a")
        ana.is_refused("no_such_line")

    def test_the_text_is_gone_with_the_session_and_twenty_at_most(self):
        evening, *_ = a_circle()
        for number in range(21):
            evening.fold(LineAgreed(line="x.1", text=str(number)))
        assert evening.room.recent.today == tuple(str(number) for number in range(1, 21))

    def test_a_pause_stops_its_time_and_gives_all_of_it_again(self):
        evening, ana, ben, _ = a_circle()
        line = proposes(ben)
        puts_to_the_group(ana, line)
        evening.passes(30)
        ana.pauses()
        evening.nothing_happens(minutes=5)
        ana.resumes()
        evening.nothing_happens(59)
        assert [type(each) for each in evening.passes(1)] == [LineAgreed]

    def test_a_node_that_does_not_know_the_words_leaves_it_to_one_that_does(self):
        evening, ana, ben, _ = a_circle()
        line = proposes(ben)
        puts_to_the_group(ana, line)
        evening.room = evening.room.with_recent(proposals={})
        evening.nothing_happens(64)
        assert evening.passes(1) == [LineDropped(line)]
        assert evening.room.controls.check is None


class TestObjecting:
    def test_one_press_opens_the_talk_again_at_once(self):
        evening, ana, ben, chi = a_circle()
        line = proposes(ben)
        puts_to_the_group(ana, line)
        evening.passes(59)
        chi.asks(Object(line))
        evening.brought(LineObjected(line=line))
        assert evening.room.controls.check is None
        evening.nothing_happens(minutes=5)
        assert line in evening.room.recent.proposals
        assert evening.room.recent.today == ()

    def test_nobody_learns_who(self):
        evening, ana, ben, chi = a_circle()
        line = proposes(ben)
        puts_to_the_group(ana, line)
        chi.asks(Object(line))
        objected = last(evening)
        assert sees(ana, objected) == sees(ben, objected) == sees(chi, objected) == objected
        assert objected.concerns is None
        assert chi.id not in repr(objected)
        after = evening.room
        assert {**after.controls.tally} == {"started": 1}

    def test_everybody_inside_may(self):
        evening, ana, ben, _ = a_circle()
        dov = evening.member("Dov")
        dov.arrives(listening=True)
        ana.quiets(ben)
        line = proposes(ana)
        for person in (ana, ben, dov):
            puts_to_the_group(ana, line)
            person.asks(Object(line))
            evening.brought(LineObjected(line=line))

    def test_in_a_pause_too(self):
        evening, ana, ben, _ = a_circle()
        line = proposes(ben)
        puts_to_the_group(ana, line)
        ana.pauses()
        ben.asks(Object(line))
        evening.brought(LineObjected(line=line))

    def test_only_while_it_is_asked_and_to_that_line(self):
        _, ana, ben, _ = a_circle()
        line = proposes(ben)
        ben.asks(Object(line))
        ben.is_refused("already")
        puts_to_the_group(ana, line)
        ben.asks(Object("sben.1a"))
        ben.is_refused("no_such_line")

    def test_a_temperature_is_nothing_to_object_to(self):
        evening, ana, ben, _ = a_circle()
        ana.asks(AskTemperature("How are you?", ("well", "so-so")))
        ben.asks(Object(evening.room.controls.check.id))
        ben.is_refused("invalid")

    def test_a_line_that_is_checked_no_more(self):
        evening, _, ben, _ = a_circle()
        line = proposes(ben)
        before = evening.room
        evening.fold(LineObjected(line=line))
        assert evening.room == before


def changes(evening, version=2, actor=THE_CLOCK):
    return evening.ask(ChangeAgreement(version), actor)


class TestAChangedAgreement:
    def test_everybody_is_told_at_once(self):
        evening, *_ = a_circle()
        changes(evening)
        changed = AgreementChanged(version=2, until=evening.now + 5 * MINUTE)
        evening.brought(changed)
        assert all(changed.shown_to(audience) == changed for audience in Audience)

    def test_who_says_yes_talks_on(self):
        evening, _, ben, _ = a_circle()
        changes(evening)
        ben.can_speak()
        ben.asks(KeepToAgreement(2))
        assert ben.seat.to_agree == ""
        evening.passes(minutes=6)
        ben.can_speak()

    def test_who_does_not_listens_after_five_minutes_until_they_do(self):
        evening, _, ben, chi = a_circle()
        changes(evening)
        ben.asks(KeepToAgreement(2))
        evening.waits(minutes=5, then=AgreementDue())
        chi.cannot_speak("agreement")
        ben.can_speak()
        writes(chi)
        chi.asks(KeepToAgreement(2))
        chi.can_speak()

    def test_somebody_who_listened_before_still_does(self):
        evening, *_ = a_circle()
        dov = evening.member("Dov")
        dov.arrives(listening=True)
        changes(evening)
        evening.passes(minutes=5)
        dov.asks(KeepToAgreement(2))
        dov.cannot_speak("listening")

    def test_nobody_learns_who_has_not_said_yes(self):
        evening, ana, ben, chi = a_circle()
        changes(evening)
        ben.asks(KeepToAgreement(2))
        kept = last(evening)
        assert kept == AgreementKept(seat=ben.id)
        assert sees(ana, kept) is sees(chi, kept) is None
        assert not AgreementDue().reach
        assert sum(1 for seat in evening.room.controls.seats.values() if seat.to_agree) == 2

    def test_facilitators_are_asked_too_and_never_silenced(self):
        evening, ana, *_ = a_circle()
        changes(evening)
        evening.passes(minutes=5)
        assert ana.seat.to_agree == "asked"
        ana.can_speak()
        ana.asks(KeepToAgreement(2))
        assert ana.seat.to_agree == ""

    def test_leaving_and_coming_back_is_no_yes(self):
        evening, _, ben, _ = a_circle()
        changes(evening)
        evening.passes(minutes=4)
        ben.leaves()
        evening.passes(minutes=1)
        ben.comes_back()
        ben.cannot_speak("agreement")

    def test_who_comes_afterwards_has_read_it_at_the_door(self):
        evening, *_ = a_circle()
        changes(evening)
        dov = evening.member("Dov")
        dov.arrives()
        evening.passes(minutes=6)
        dov.can_speak()
        dov.asks(KeepToAgreement(2))
        dov.is_refused("already")

    def test_a_yes_is_to_the_version_one_has_read(self):
        evening, _, ben, chi = a_circle()
        changes(evening)
        ben.asks(KeepToAgreement(2))
        changes(evening, 3)
        ben.asks(KeepToAgreement(2))
        ben.is_refused("agreement")
        evening.passes(minutes=5)
        ben.cannot_speak("agreement")
        changes(evening, 4)
        chi.cannot_speak("agreement")

    def test_only_newer_versions(self):
        evening, *_ = a_circle()
        changes(evening)
        assert changes(evening).why == "already"
        evening.looked_at()

    def test_the_organiser_or_the_server_in_their_name_and_nobody_else(self):
        evening, ana, ben, _ = a_circle()
        changes(evening, 2, Actor(seat="", role=Role.ORGANISER))
        for person in (ana, ben):
            person.asks(ChangeAgreement(3))
            person.is_refused("not_allowed")

    def test_those_who_wait_are_asked_as_well(self):
        evening = an_evening()
        ben = evening.member("Ben")
        ben.arrives()
        changes(evening)
        ben.asks(KeepToAgreement(2))
        assert ben.seat.to_agree == ""


def test_what_is_heard_too_late_breaks_nothing():
    evening = an_evening()
    before = evening.room.controls.seats
    evening.fold(AgreementKept("snobody"))
    assert evening.room.controls.seats == before
