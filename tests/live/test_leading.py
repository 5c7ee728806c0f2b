"""Who leads, who stepped back, and how powers pass on."""

import pytest

from rooms.live.door import Remove
from rooms.live.leading import (
    AssignLead,
    CameOnDuty,
    ComeOnDuty,
    HandOver,
    LeadOffered,
    LeadPassed,
    PowersSuspended,
    StepBack,
    SteppedBack,
    Suspend,
    TakeLead,
)
from rooms.live.lifecycle import Closing, Held
from rooms.live.lobby import SetDoor
from rooms.live.looking import KeptForLook, LookFirst
from rooms.live.moderation import Quiet
from rooms.live.protection import FreezeNames, Shield, SlowMode
from rooms.live.state import MINUTE
from rooms.live.talk import Say
from rooms.live.words import INSIDE, ONLY_FACILITATORS, Audience, Command, State
from tests.live.cast_control import ORGANISER, last, seen_by, two_facilitators
from tests.people import an_evening


class TestHandingOver:
    def test_it_is_offered_and_taken(self):
        evening = an_evening()
        ana, jo = two_facilitators(evening)
        ana.asks(HandOver(jo.id))
        evening.brought(LeadOffered(seat=jo.id, by="Ana"))
        assert seen_by(last(evening)) == ONLY_FACILITATORS
        assert evening.room.controls.lead == ana.id
        jo.asks(TakeLead())
        evening.brought(LeadPassed(seat=jo.id, name="Jo"))
        assert seen_by(last(evening)) == INSIDE
        assert (evening.room.controls.lead, evening.room.controls.offered_lead) == (jo.id, "")
        jo.asks(TakeLead())
        jo.is_refused("already")

    def test_once_and_to_a_facilitator_who_is_there(self):
        evening = an_evening()
        ana, jo, ben = two_facilitators(evening, "Ben")
        ana.asks(HandOver(jo.id))
        ana.asks(HandOver(jo.id))
        ana.is_refused("already")
        ana.asks(HandOver(ana.id))
        ana.is_refused("already")
        for seat in (ben.id, "snobody"):
            ana.asks(HandOver(seat))
            ana.is_refused("not_here")

    def test_only_the_lead_hands_over_and_nobody_takes_what_was_not_offered(self):
        evening = an_evening()
        _, jo = two_facilitators(evening)
        jo.asks(HandOver(jo.id))
        jo.is_refused("only_the_lead")
        jo.asks(TakeLead())
        jo.is_refused("not_allowed")


class TestTheLeadIsGone:
    def test_after_45_seconds_the_longest_here_leads(self):
        evening = an_evening()
        ana, jo = two_facilitators(evening)
        ana.drops()
        evening.waits(45, then=LeadPassed(seat=jo.id, name="Jo"))
        ana.comes_back()
        assert evening.room.controls.lead == jo.id

    def test_back_in_time_they_still_lead(self):
        evening = an_evening()
        ana, _ = two_facilitators(evening)
        ana.drops()
        evening.passes(44)
        ana.comes_back()
        evening.nothing_happens(60)
        assert evening.room.controls.lead == ana.id

    def test_another_may_take_it_at_once(self):
        evening = an_evening()
        ana, jo = two_facilitators(evening)
        ana.drops()
        jo.asks(TakeLead())
        assert evening.room.controls.lead == jo.id

    def test_with_nobody_else_the_room_is_held_and_no_member_is_promoted(self):
        evening = an_evening()
        ana, ben, _ = evening.under_way("Ana", "Ben", "Chi")
        ana.drops()
        evening.waits(45, then=Held())
        ben.asks(TakeLead())
        ben.is_refused("not_allowed")

    def test_where_nobody_leads_a_facilitator_does_who_asks(self):
        evening = an_evening()
        jo = evening.facilitator("Jo")
        jo.arrives(connected=False)
        assert evening.room.controls.lead == ""
        jo.asks(TakeLead())
        assert evening.room.controls.lead == jo.id


class TestTheOrganiserAssigns:
    def test_whoever_facilitates(self):
        evening = an_evening()
        _, jo, ben = two_facilitators(evening, "Ben")
        evening.ask(AssignLead(jo.id), ORGANISER)
        evening.brought(LeadPassed(seat=jo.id, name="Jo"))
        for seat, why in ((jo.id, "already"), (ben.id, "not_here"), ("snobody", "not_here")):
            refusal = evening.ask(AssignLead(seat), ORGANISER)
            evening.looked_at()
            assert getattr(refusal, "why", "") == why

    def test_the_lead_hands_over_instead_so_that_the_other_may_say_no(self):
        evening = an_evening()
        ana, jo = two_facilitators(evening)
        ana.asks(AssignLead(jo.id))
        ana.is_refused("not_allowed")


class TestSteppingBack:
    def test_one_is_a_member_then_and_sees_what_members_see(self):
        evening = an_evening()
        ana, jo = two_facilitators(evening)
        ana.asks(StepBack())
        evening.brought(SteppedBack(seat=ana.id, name="Ana"))
        assert seen_by(last(evening)) == INSIDE
        assert ana.seat.audience is Audience.MEMBER
        assert evening.room.controls.lead == jo.id
        ana.can_speak()
        ana.pauses()
        ana.is_refused("not_allowed")

    def test_and_may_come_on_duty_again_but_not_into_the_lead(self):
        evening = an_evening()
        ana, jo, ben = two_facilitators(evening, "Ben")
        ana.asks(StepBack())
        ana.asks(ComeOnDuty())
        evening.brought(CameOnDuty(seat=ana.id, name="Ana"))
        ana.asks(ComeOnDuty())
        ana.is_refused("already")
        assert evening.room.controls.lead == jo.id
        ben.asks(ComeOnDuty())
        ben.is_refused("not_allowed")

    def test_not_the_lead_leaves_the_lead_where_it_is(self):
        evening = an_evening()
        ana, jo = two_facilitators(evening)
        jo.asks(StepBack())
        assert evening.room.controls.lead == ana.id

    def test_case_18_alone_the_room_is_held_and_then_closed_by_the_server(self):
        evening = an_evening()
        ana, _, _ = evening.under_way("Ana", "Ben", "Chi")
        ana.asks(StepBack())
        evening.waits(45, then=Held())
        until = evening.now + 10 * MINUTE
        evening.waits(minutes=10, then=Closing(ends_at=until + 2 * MINUTE, by="", unattended=True))

    def test_case_18_a_pause_does_not_keep_the_room_waiting(self):
        evening = an_evening()
        ana, _, _ = evening.under_way("Ana", "Ben", "Chi")
        ana.pauses()
        ana.asks(StepBack())
        evening.waits(45, then=Held())
        ana.asks(ComeOnDuty())
        ana.resumes()
        evening.is_now(State.LIVE)


class TestSuspending:
    def test_the_organiser_may_alone(self):
        evening = an_evening()
        ana, _, ben = two_facilitators(evening, "Ben")
        evening.ask(Suspend(ana.id), ORGANISER)
        evening.brought(PowersSuspended(seat=ana.id, name="Ana"))
        assert ana.seat.audience is Audience.MEMBER
        assert evening.room.controls.happened[-1].what == "powers_suspended"
        for seat, why in ((ana.id, "already"), (ben.id, "not_here"), ("snobody", "not_here")):
            refusal = evening.ask(Suspend(seat), ORGANISER)
            evening.looked_at()
            assert getattr(refusal, "why", "") == why

    def test_it_lasts_for_the_session_whatever_they_do(self):
        evening = an_evening()
        ana, *_ = two_facilitators(evening, "Ben", "Chi")
        evening.ask(Suspend(ana.id), ORGANISER)
        ana.asks(ComeOnDuty())
        ana.is_refused("not_allowed")
        ana.leaves()
        evening.passes(minutes=16)
        assert ana.id not in evening.room.controls.seats
        ana.arrives()
        assert ana.seat.audience is Audience.MEMBER
        ana.pauses()
        ana.is_refused("not_allowed")

    def test_what_can_be_done_about_a_member_can_be_done_about_them(self):
        evening = an_evening()
        ana, jo = two_facilitators(evening)
        for ask in (Quiet(jo.id, 5, "unkind"), LookFirst(jo.id, 5), Remove(jo.id, "unkind")):
            ana.asks(ask)
            ana.is_refused("not_allowed")
        evening.ask(Suspend(jo.id), ORGANISER)
        ana.asks(LookFirst(jo.id, 5))
        jo.asks(Say("something unkind"))
        assert isinstance(last(evening), KeptForLook)
        ana.quiets(jo)
        jo.cannot_speak("quieted")
        ana.removes(jo)
        jo.arrives()
        jo.is_refused("removed")

    def test_who_is_suspended_suspends_nobody(self):
        evening = an_evening()
        ana, jo = two_facilitators(evening)
        evening.ask(Suspend(jo.id), ORGANISER)
        jo.asks(Suspend(ana.id))
        jo.is_refused("not_allowed")
        assert evening.room.controls.lead == ana.id

    def test_a_new_session_knows_nothing_of_it(self):
        assert an_evening().room.controls.suspended == ()


@pytest.mark.parametrize(
    "command",
    [
        SlowMode(20),
        FreezeNames(True),
        Shield(True),
        LookFirst(None),
        LookFirst("sben"),
        SetDoor("locked"),
        Quiet("sben", 5, "unkind"),
    ],
    ids=lambda command: command.type,
)
def test_case_20_of_two_facilitators_at_once_the_second_is_told_that_it_is_done(command: Command):
    evening = an_evening()
    ana, jo, _ = two_facilitators(evening, "Ben")
    ana.asks(command)
    before = evening.room
    jo.asks(command)
    jo.is_refused("already")
    assert evening.room is before


@pytest.mark.parametrize(
    "event",
    [SteppedBack("s?", "Nobody"), CameOnDuty("s?", "Nobody"), PowersSuspended("s?", "Nobody")],
    ids=repr,
)
def test_what_is_heard_too_late_breaks_nothing(event):
    evening = an_evening()
    before = evening.room
    evening.fold(event)
    assert evening.room.controls.seats == before.controls.seats
