"""The twin room: two rooms of one session, each told of the other by the clock; who stands in line goes, or stays."""

from dataclasses import replace
from typing import Any

import pytest

from rooms.live import THE_CLOCK, LiveRoom, Refusal, State
from rooms.live.agreement import AgreementChanged, ChangeAgreement, KeepToAgreement
from rooms.live.calling_off import CallOff
from rooms.live.discharging import Discharge
from rooms.live.door import Arrive, Leave
from rooms.live.leading import PowersSuspended, StepBack, Suspend
from rooms.live.lifecycle import Closing, Ended, NotHeld, Start, Started
from rooms.live.lobby import SetDoor, TakeOffer
from rooms.live.looking import LookFirst
from rooms.live.next_door import BeginTwin, EndShared, FollowFirst, HearOfTwin, begin_twin
from rooms.live.readmitting import Readmit
from rooms.live.state import Terms
from rooms.live.twin import AnswerTwin, Cross, OpenTwin, TwinAsked, TwinDeclined, TwinOpened
from rooms.live.view import room_shown
from rooms.live.words import Actor, Audience, Door, Place, Role
from rooms.twins import has_open_second, has_second, news_for_first, news_for_second, terms_of_second
from tests.people import MINUTE, START, Evening, Person, an_evening

OLU = Actor("", Role.ORGANISER, "Olu")


class Session:
    """Both rooms, at one time, and a node that hosts both of them."""

    def __init__(self, first: Evening) -> None:
        self.first = first
        self.second = Evening(terms_of_second(first.room.terms))
        self.second.now = first.now

    def tells(self) -> None:
        """The rooms are told of each other, until neither has anything new to be told."""
        for _ in range(5):
            to_second = news_for_second(self.first.room, self.second.room, self.second.now)
            to_first = news_for_first(self.first.room, self.second.room, self.first.now)
            for evening, news in ((self.second, to_second), (self.first, to_first)):
                if news is not None:
                    assert not isinstance(evening.ask(news, THE_CLOCK), Refusal)
            if to_first is None and to_second is None:
                return
        raise AssertionError("the two rooms go on telling each other")

    def passes(self, seconds: float = 0, *, minutes: float = 0) -> None:
        until = self.first.now + seconds + minutes * MINUTE
        while self.first.now < until:
            at = min(self.first.now + 10, until)
            self.first.comes_to(at)
            self.second.comes_to(at)
            self.tells()

    def crosses(self, who: Person) -> Person:
        """Somebody goes from the line of the first room to the second, where they are the same person."""
        there = self.in_second(who)
        self.second.ask(Cross(who.seat), THE_CLOCK)
        there.arrives()
        self.tells()
        return there

    def in_second(self, who: Person) -> Person:
        there = Person(self.second, who.name, who.role)
        there.id = who.id
        return there


def a_full_room(*, started: bool = True) -> tuple[Evening, Person, Person, Person, Person]:
    """Ana leads, Jo is second, two members have the two seats, and Dee stands in line."""
    evening = an_evening(seats=2, late_minutes=60)
    ana, jo = evening.facilitator("Ana"), evening.facilitator("Jo")
    ana.arrives()
    jo.arrives()
    if started:
        evening.comes_to(START)
        ana.starts()
    ben = evening.member("Ben")
    ben.arrives()
    evening.member("Chi").arrives()
    return evening, ana, jo, ben, queues(evening, "Dee")


def queues(evening: Evening, name: str) -> Person:
    who = evening.member(name)
    who.asks(Arrive(name, connected=True, in_line=True))
    return who


def an_open_twin(*, started: bool = True) -> tuple[Session, Person, Person, Person, Person]:
    """Jo has said yes and is in the second room; Ana, Jo there, Ben and Dee."""
    evening, ana, jo, ben, dee = a_full_room(started=started)
    ana.asks(OpenTwin(jo.id))
    jo.asks(AnswerTwin(yes=True))
    session = Session(evening)
    session.tells()
    jo.leaves()
    there = session.in_second(jo)
    there.arrives()
    session.tells()
    return session, ana, there, ben, dee


def twin_seen(room: LiveRoom, audience: Audience) -> dict[str, Any] | None:
    seen: Any = room_shown(room, audience)["twin"]
    return seen if seen is None else dict(seen)


def how_it_stands(evening: Evening) -> dict[str, Any]:
    """As those in the line see it, and they do see it."""
    seen = twin_seen(evening.room, Audience.WAITING)
    assert seen is not None
    return seen


class TestAsking:
    def test_one_facilitator_asks_another_who_says_yes(self):
        evening, ana, jo, _, _ = a_full_room()
        ana.asks(OpenTwin(jo.id))
        evening.brought(TwinAsked(seat=jo.id, name="Jo", until=evening.now + 120, by="Ana"))
        assert not has_second(evening.room)
        jo.asks(AnswerTwin(yes=True))
        evening.brought(TwinOpened(seat=jo.id, by="Jo"))
        assert has_open_second(evening.room)
        # Everybody reads it among what happened.
        assert evening.room.controls.happened[-1].what == "twin_opened"
        ana.asks(OpenTwin(jo.id))
        ana.is_refused("already")

    def test_that_somebody_is_asked_concerns_facilitators_alone(self):
        evening, ana, jo, _, _ = a_full_room()
        ana.asks(OpenTwin(jo.id))
        asked = evening.happened[-1]
        assert [each for each in Audience if asked.shown_to(each)] == [Audience.FACILITATOR]
        assert asked.concerns == jo.id
        for audience in (Audience.MEMBER, Audience.WAITING, Audience.CORNERED):
            assert twin_seen(evening.room, audience) is None
        assert twin_seen(evening.room, Audience.FACILITATOR) == {
            "phase": "asked",
            "seat": jo.id,
            "name": "Jo",
            "welcomes": False,
        }

    def test_who_was_asked_says_no_and_another_may_be_asked(self):
        evening, ana, jo, _, _ = a_full_room()
        ana.asks(OpenTwin(jo.id))
        jo.asks(AnswerTwin(yes=False))
        evening.brought(TwinDeclined(name="Jo"))
        eve = evening.facilitator("Eve")
        eve.arrives()
        ana.asks(OpenTwin(eve.id))
        eve.asks(AnswerTwin(yes=True))
        evening.brought(TwinOpened(seat=eve.id, by="Eve"))

    def test_no_answer_is_a_no_after_two_minutes(self):
        evening, ana, jo, _, _ = a_full_room()
        ana.asks(OpenTwin(jo.id))
        evening.waits(minutes=2, then=TwinDeclined(name="Jo"))
        jo.asks(AnswerTwin(yes=True))
        jo.is_refused("not_now")

    @pytest.mark.parametrize("meanwhile", ["leaves", "steps back", "pauses"])
    def test_nor_is_anybody_asked_who_cannot_any_more(self, meanwhile):
        evening, ana, jo, _, _ = a_full_room()
        ana.asks(OpenTwin(jo.id))
        if meanwhile == "pauses":
            ana.pauses()
        else:
            jo.asks(Leave() if meanwhile == "leaves" else StepBack())
        assert evening.passes() == [TwinDeclined(name="Jo")]

    def test_only_who_was_asked_answers(self):
        _, ana, jo, ben, dee = a_full_room()
        ana.asks(AnswerTwin(yes=True))
        ana.is_refused("not_now")
        ana.asks(OpenTwin(jo.id))
        for who, why in ((ana, "not_now"), (ben, "not_allowed"), (dee, "not_allowed")):
            who.asks(AnswerTwin(yes=True))
            who.is_refused(why)

    def test_nobody_asks_themselves_a_member_or_somebody_who_is_not_here(self):
        _, ana, jo, ben, _ = a_full_room()
        jo.drops()
        for seat in (ana.id, ben.id, jo.id, "nobody"):
            ana.asks(OpenTwin(seat))
            ana.is_refused("not_here")

    def test_without_anybody_in_line_there_is_no_need_of_it(self):
        _, ana, jo, _, dee = a_full_room()
        dee.leaves()
        ana.asks(OpenTwin(jo.id))
        ana.is_refused("nobody_in_line")

    def test_nobody_leaves_a_room_that_would_have_no_facilitator(self):
        _, ana, jo, _, _ = a_full_room()
        ana.asks(OpenTwin(jo.id))
        ana.drops()
        jo.asks(AnswerTwin(yes=True))
        jo.is_refused("needs_two")


class TestTheSecondRoom:
    def test_it_has_its_own_facilitator_the_same_agreement_and_the_same_end(self):
        evening, ana, jo, _, _ = a_full_room()
        ana.extends()
        evening.ask(ChangeAgreement(7), THE_CLOCK)
        ana.asks(SetDoor("knock"))
        ana.asks(OpenTwin(jo.id))
        jo.asks(AnswerTwin(yes=True))
        session = Session(evening)
        assert session.second.room.state is State.SCHEDULED
        session.tells()
        second = session.second.room.controls
        assert (second.state, second.lead, second.door) == (State.DOORS, jo.id, Door.KNOCK)
        assert (second.agreement, second.ends_at, second.closing_at) == (
            7,
            evening.room.controls.ends_at,
            evening.room.controls.closing_at,
        )

    def test_nothing_happens_in_it_before_it_was_begun(self):
        evening, _, jo, _, dee = a_full_room()
        session = Session(evening)
        session.second.nothing_happens(minutes=5)
        assert begin_twin(evening.room) is None
        assert news_for_second(evening.room, session.second.room, evening.now) is None
        for who in (jo, dee):
            session.in_second(who).arrives()
            session.second.looked_at()
        assert session.second.room.controls.seats == {}

    def test_no_other_room_can_be_begun_like_that(self):
        other = Evening(Terms(START))
        begin = BeginTwin("sjo", "Jo", Door.OPEN, START + 60, START, 0, (), ())
        refused = other.ask(begin, THE_CLOCK)
        other.looked_at()
        assert refused == Refusal("not_now")

    def test_it_starts_when_the_first_does_and_its_facilitator_is_there(self):
        session, ana, jo, _, _ = an_open_twin(started=False)
        assert session.second.room.state is State.DOORS
        jo.asks(Start())
        jo.is_refused("with_the_first")
        session.first.comes_to(START)
        session.second.comes_to(START)
        ana.starts()
        session.tells()
        session.second.brought(Started(by=""))

    def test_where_the_first_has_started_it_waits_for_its_facilitator_alone(self):
        evening, ana, jo, _, _ = a_full_room()
        ana.asks(OpenTwin(jo.id))
        jo.asks(AnswerTwin(yes=True))
        session = Session(evening)
        session.passes(30)
        assert session.second.room.state is State.DOORS
        session.in_second(jo).arrives()
        session.tells()
        session.second.is_now(State.LIVE)

    def test_if_they_never_come_it_is_over_and_the_line_stays_a_line(self):
        evening, ana, jo, _, dee = a_full_room()
        ana.asks(OpenTwin(jo.id))
        jo.asks(AnswerTwin(yes=True))
        session = Session(evening)
        session.passes(minutes=11)
        session.second.is_now(State.NOT_HELD)
        assert has_second(evening.room)
        assert not has_open_second(evening.room)
        assert how_it_stands(evening)["phase"] == "over"
        assert dee.seat.place is Place.QUEUED

    def test_other_facilitators_may_look_in_and_do_not_lead_it(self):
        session, ana, jo, _, _ = an_open_twin()
        there = session.in_second(ana)
        there.arrives()
        assert session.second.room.controls.lead == jo.id


class TestGoingThere:
    def test_those_in_line_learn_of_it_when_somebody_facilitates_there(self):
        evening, ana, jo, _, _ = a_full_room()
        ana.asks(OpenTwin(jo.id))
        jo.asks(AnswerTwin(yes=True))
        session = Session(evening)
        session.tells()
        assert how_it_stands(evening)["welcomes"] is False
        session.in_second(jo).arrives()
        session.tells()
        assert how_it_stands(evening) == {"phase": "open", "name": "Jo", "welcomes": True}
        session.in_second(jo).drops()
        session.tells()
        assert how_it_stands(evening)["welcomes"] is False

    def test_who_goes_is_in_and_gives_up_their_place_and_who_stays_is_asked_next(self):
        session, _, _, ben, dee = an_open_twin()
        eli = queues(session.first, "Eli")
        session.passes(20)
        assert dee.seat.place is eli.seat.place is Place.QUEUED, "nobody is moved"
        there = session.crosses(dee)
        there.can_speak()
        assert dee.seat.place is Place.GONE
        assert eli.seat.place is Place.QUEUED
        ben.leaves()
        session.passes()
        session.first.passes()
        eli.asks(TakeOffer())
        eli.can_speak()

    def test_a_seat_that_was_offered_goes_to_the_next_when_somebody_goes(self):
        session, _, _, ben, dee = an_open_twin()
        eli = queues(session.first, "Eli")
        ben.leaves()
        session.first.passes()
        assert [offer.seat for offer in session.first.room.controls.offers] == [dee.id]
        session.crosses(dee)
        session.first.passes()
        assert [offer.seat for offer in session.first.room.controls.offers] == [eli.id]

    def test_it_welcomes_as_many_as_it_has_seats(self):
        session, _, _, _, dee = an_open_twin()
        eli, fay = queues(session.first, "Eli"), queues(session.first, "Fay")
        session.crosses(dee)
        session.crosses(eli)
        assert how_it_stands(session.first)["welcomes"] is False
        assert self.refused(session, fay) == "full"
        assert fay.seat.place is Place.QUEUED

    def test_nobody_comes_past_a_door_that_is_closed_or_without_a_facilitator(self):
        session, _, jo, _, dee = an_open_twin()
        jo.asks(SetDoor("locked"))
        session.tells()
        assert how_it_stands(session.first)["welcomes"] is False
        assert self.refused(session, dee) == "locked"
        jo.asks(SetDoor("open"))
        jo.drops()
        assert self.refused(session, dee) == "not_now"

    def test_where_people_knock_they_knock_there_too(self):
        session, _, jo, _, dee = an_open_twin()
        jo.asks(SetDoor("knock"))
        there = session.crosses(dee)
        assert there.is_waiting()
        jo.admits(there)
        there.can_speak()

    def test_how_long_after_a_removal_somebody_knocked_is_known_there_too(self):
        session, ana, _, ben, _ = an_open_twin()
        ana.removes(ben)
        session.passes(minutes=2)
        queues(session.first, "Eli")
        eli = queues(session.first, "Fay")
        assert eli.seat.place is Place.QUEUED
        there = session.crosses(eli)
        assert there.is_waiting()
        assert there.seat.knocked_after == 2

    def test_under_a_name_that_is_taken_there_nobody_comes(self):
        session, _, _, _, dee = an_open_twin()
        session.crosses(dee)
        dan = queues(session.first, "Dan")
        dan.evening.room = dan.evening.room.seated(dan.evening.now, replace(dan.seat, name="Dee"))
        assert self.refused(session, dan) == "name_taken"

    def test_going_twice_is_going_once(self):
        session, _, _, _, dee = an_open_twin()
        seat = dee.seat
        session.crosses(dee)
        assert session.second.ask(Cross(seat), THE_CLOCK) == ()

    def test_the_link_alone_leads_nobody_into_it(self):
        session, *_ = an_open_twin()
        mal = session.second.member("Mal")
        mal.arrives()
        mal.is_refused("next_door")

    def test_nobody_can_cross_into_a_first_room(self):
        evening, _, _, _, dee = a_full_room()
        refused = evening.ask(Cross(dee.seat), THE_CLOCK)
        evening.looked_at()
        assert refused == Refusal("not_now")

    @staticmethod
    def refused(session: Session, who: Person) -> str:
        outcome = session.second.ask(Cross(who.seat), THE_CLOCK)
        session.second.looked_at()
        assert isinstance(outcome, Refusal)
        return outcome.why


class TestWhatStandsOnASeat:
    def test_who_was_removed_from_the_second_comes_into_neither(self):
        session, _, jo, ben, dee = an_open_twin()
        there = session.crosses(dee)
        jo.removes(there)
        session.tells()
        ben.leaves()
        dee.arrives()
        dee.is_refused("removed")
        dee.asks(Arrive("Dee", in_line=True))
        dee.is_refused("removed")
        # And, as after any removal, the link alone brings nobody in.
        assert session.first.room.controls.door is Door.KNOCK

    def test_who_was_removed_from_the_first_is_out_of_the_second_at_once(self):
        session, ana, _, _, dee = an_open_twin()
        there = session.crosses(dee)
        there.can_speak()
        ana.removes(dee)
        session.tells()
        there.cannot_speak("removed")
        there.arrives()
        there.is_refused("removed")
        assert session.second.room.is_removed(dee.id)
        # Nor is there a way around it by the server's own command.
        assert TestGoingThere.refused(session, dee) == "removed"

    @pytest.mark.parametrize(
        "minutes", [3, 15], ids=["while people may write there", "when all is forgotten there"]
    )
    def test_a_removal_there_outlasts_the_second_room(self, minutes):
        session, ana, jo, ben, dee = an_open_twin()
        there = session.crosses(dee)
        jo.removes(there)
        session.tells()
        jo.ends()
        jo.ends()
        session.passes(minutes=minutes)
        assert session.second.room.state is State.ENDED
        ana.asks(SetDoor("open"))
        ben.leaves()
        dee.arrives()
        dee.is_refused("removed")

    @pytest.mark.parametrize("leaves", [True, False])
    def test_and_so_does_a_quiet(self, leaves):
        session, ana, jo, ben, dee = an_open_twin()
        there = session.crosses(dee)
        jo.quiets(there, 10)
        if leaves:
            there.leaves()
        session.tells()
        jo.ends()
        jo.ends()
        jo.leaves()
        session.passes(minutes=2)
        assert session.second.room.is_finished or dee.id not in session.second.room.controls.seats
        ben.leaves()
        dee.arrives()
        assert dee.is_waiting(), "a facilitator looks first"
        ana.admits(dee)
        dee.can_speak()

    def test_a_removal_outlasts_a_first_room_that_nobody_facilitated_to_its_end(self):
        session, ana, _, _, dee = an_open_twin()
        there = session.crosses(dee)
        ana.removes(dee)
        session.tells()
        ana.asks(StepBack())
        session.passes(minutes=14)
        session.first.is_now(State.ENDED)
        assert session.first.room.controls.removed == {}, "all is forgotten there, but for who facilitated"
        session.second.is_now(State.LIVE)
        there.arrives()
        there.is_refused("removed")

    def test_a_removal_that_is_taken_back_is_taken_back_in_both(self):
        session, _, jo, _, dee = an_open_twin()
        there = session.crosses(dee)
        jo.removes(there)
        session.tells()
        jo.asks(Readmit(there.id))
        session.tells()
        dee.asks(Arrive("Dee", in_line=True))
        assert dee.seat.place is Place.QUEUED

    def test_a_door_that_is_closed_stays_closed_when_somebody_is_removed_next_door(self):
        session, ana, jo, _, dee = an_open_twin()
        ana.asks(SetDoor("locked"))
        there = session.crosses(dee)
        jo.removes(there)
        session.tells()
        assert session.first.room.controls.door is Door.LOCKED

    def test_a_no_at_the_door_goes_along(self):
        session, _, _, _, dee = an_open_twin()
        seat = replace(dee.seat, declined=True)
        session.second.ask(Cross(seat), THE_CLOCK)
        assert session.in_second(dee).is_waiting()

    def test_and_so_does_an_agreement_that_they_have_not_said_yes_to(self):
        session, *_, dee = an_open_twin()
        session.first.ask(ChangeAgreement(2), THE_CLOCK)
        session.tells()
        assert dee.seat.to_agree == "asked"
        there = session.crosses(dee)
        there.cannot_speak("agreement")
        there.asks(KeepToAgreement(2))
        there.can_speak()

    def test_and_so_do_a_quiet_and_a_look_whichever_is_longer(self):
        session, _, jo, _, dee = an_open_twin()
        there = session.crosses(dee)
        jo.quiets(there, 2)
        jo.asks(LookFirst(there.id, 2))
        there.leaves()
        session.tells()
        dee.asks(Arrive("Dee", connected=True, in_line=True))
        longer = replace(dee.seat, quiet_until=jo.evening.now + 600, quiet_reason="unkind", look_until=None)
        session.second.ask(Cross(longer), THE_CLOCK)
        assert there.seat.quiet_until == jo.evening.now + 600
        assert there.seat.quiet_reason == "unkind"
        assert there.seat.look_until == jo.evening.now + 120

    def test_what_stands_on_a_seat_there_is_not_shed_by_coming_back(self):
        session, ana, jo, ben, dee = an_open_twin()
        there = session.crosses(dee)
        jo.quiets(there, 10)
        there.leaves()
        session.tells()
        ben.leaves()
        dee.arrives()
        assert dee.is_waiting(), "a facilitator looks first, though the door is open"
        ana.admits(dee)
        dee.can_speak()

    def test_not_even_for_somebody_who_was_inside_before(self):
        session, _, jo, ben, dee = an_open_twin()
        ben.leaves()
        session.first.passes()
        dee.asks(TakeOffer())
        dee.leaves()
        eli = queues(session.first, "Eli")
        dee.asks(Arrive("Dee", connected=True, in_line=True))
        assert dee.is_inside(), "who was inside comes back"
        dee.leaves()
        session.first.room = session.first.room.seated(
            session.first.now, replace(dee.seat, let_in=False, place=Place.QUEUED)
        )
        there = session.crosses(dee)
        session.first.room = session.first.room.seated(session.first.now, replace(dee.seat, let_in=True))
        jo.quiets(there, 10)
        there.leaves()
        session.tells()
        eli.leaves()
        dee.arrives()
        assert dee.is_waiting()

    def test_nobody_sits_in_both(self):
        session, _, _, ben, dee = an_open_twin()
        there = session.crosses(dee)
        ben.leaves()
        dee.arrives()
        dee.is_refused("next_door")
        there.leaves()
        session.tells()
        dee.arrives()
        dee.can_speak()

    def test_powers_that_are_taken_in_one_room_are_taken_in_both(self):
        session, _, jo, _, _ = an_open_twin()
        eve = session.first.facilitator("Eve")
        eve.arrives()
        there = session.in_second(eve)
        there.arrives()
        session.first.fold(PowersSuspended(seat=eve.id, name="Eve"))
        session.tells()
        session.second.brought(PowersSuspended(seat=eve.id, name="Eve"))
        session.second.fold(PowersSuspended(seat=jo.id, name="Jo"))
        session.tells()
        assert jo.id in session.first.room.controls.suspended

    def test_also_when_they_are_taken_before_the_second_room_has_begun(self):
        evening, ana, jo, _, dee = a_full_room()
        ana.asks(OpenTwin(jo.id))
        jo.asks(AnswerTwin(yes=True))
        evening.ask(Suspend(jo.id), OLU)
        session = Session(evening)
        session.tells()
        there = session.in_second(jo)
        there.arrives()
        assert there.seat.audience is Audience.MEMBER
        assert session.second.room.controls.alone_since is not None, "nobody facilitates there"
        dee.asks(Leave())

    def test_and_whom_the_organiser_takes_off_the_room_is_off_both(self):
        session, _, jo, _, _ = an_open_twin()
        session.first.ask(Discharge(jo.id), OLU)
        session.tells()
        assert jo.id in session.second.room.controls.discharged
        jo.arrives()
        jo.is_refused("not_allowed")

    def test_and_everybody_reads_it_once_in_each(self):
        session, *_ = an_open_twin()
        eve = session.first.facilitator("Eve")
        eve.arrives()
        session.in_second(eve).arrives()
        session.first.ask(Discharge(eve.id), OLU)
        session.tells()
        for evening in (session.first, session.second):
            assert [each.seat for each in evening.happened if isinstance(each, PowersSuspended)] == [eve.id]

    def test_what_was_taken_before_it_was_opened_is_not_given_back_in_it(self):
        evening, ana, jo, _, _ = a_full_room()
        eve = evening.facilitator("Eve")
        eve.arrives()
        evening.fold(PowersSuspended(seat=eve.id, name="Eve"))
        evening.ask(Discharge("smax"), OLU)
        ana.asks(OpenTwin(jo.id))
        jo.asks(AnswerTwin(yes=True))
        session = Session(evening)
        session.tells()
        there = session.in_second(eve)
        there.arrives()
        assert not session.second.room.on_duty(there.seat)
        assert session.second.room.controls.discharged == ("smax",)

    def test_a_changed_agreement_is_asked_about_in_both(self):
        session, *_ = an_open_twin()
        session.first.ask(ChangeAgreement(3), THE_CLOCK)
        session.tells()
        session.second.brought(AgreementChanged(version=3, until=session.second.now + 300))


class TestTheSharedEnd:
    def test_made_longer_in_the_first_it_is_longer_in_both_and_nowhere_else(self):
        session, ana, jo, _, _ = an_open_twin()
        jo.extends()
        jo.is_refused("with_the_first")
        ana.extends()
        session.tells()
        session.second.brought(EndShared(ends_at=START + 70 * MINUTE))
        assert session.second.room.controls.closing_at == START + 60 * MINUTE
        session.passes(minutes=65)
        session.second.is_now(State.CLOSING)
        session.passes(minutes=6)
        session.first.is_now(State.ENDED)
        session.second.is_now(State.ENDED)

    def test_also_when_both_are_closing_already(self):
        session, ana, _, _, _ = an_open_twin()
        session.passes(minutes=55)
        session.second.is_now(State.CLOSING)
        closing_at = session.second.room.controls.closing_at
        ana.extends()
        session.tells()
        assert session.second.room.controls.ends_at == START + 70 * MINUTE
        assert session.second.room.controls.closing_at == closing_at

    def test_an_end_that_is_brought_forward_is_brought_forward_in_both(self):
        session, ana, _, _, _ = an_open_twin()
        ana.ends()
        session.tells()
        session.second.brought(EndShared(ends_at=session.first.now + 60))
        session.passes(5)
        assert any(isinstance(each, Closing) for each in session.second.happened)
        session.passes(60)
        session.second.is_now(State.ENDED)

    def test_when_the_first_is_over_at_once_the_second_has_a_minute(self):
        session, ana, _, _, _ = an_open_twin()
        ana.ends()
        ana.ends()
        session.tells()
        session.passes(50)
        assert session.second.room.state is State.CLOSING
        session.passes(15)
        session.second.is_now(State.ENDED)
        assert not has_open_second(session.first.room)

    def test_its_facilitator_may_end_it_before(self):
        session, ana, jo, _, _ = an_open_twin()
        jo.begins_closing()
        ana.extends()
        session.tells()
        jo.ends()
        ana.extends()
        session.tells()
        session.passes(70)
        session.second.brought(Ended(why="facilitator"))
        session.first.is_now(State.LIVE)
        assert how_it_stands(session.first)["phase"] == "over"

    def test_that_nobody_facilitates_the_first_is_no_end_of_the_second(self):
        session, ana, _, _, _ = an_open_twin()
        ana.leaves()
        session.passes(minutes=14)
        session.first.is_now(State.ENDED)
        assert session.first.room.controls.reason == "unattended"
        session.second.is_now(State.LIVE)
        session.passes(minutes=50)
        session.second.is_now(State.ENDED)

    def test_nor_is_a_longer_end_any_of_a_room_to_which_nobody_came_back(self):
        session, ana, jo, _, _ = an_open_twin()
        jo.leaves()
        session.passes(minutes=11)
        assert session.second.room.controls.unattended
        ana.extends()
        session.passes(minutes=3)
        session.second.is_now(State.ENDED)

    def test_called_off_both_are(self):
        session, _, _, _, _ = an_open_twin(started=False)
        session.first.ask(CallOff("moved"), OLU)
        session.tells()
        session.second.is_now(State.CANCELLED)
        assert session.second.room.controls.reason == "moved"

    def test_not_held_neither_is(self):
        session, ana, _, _, _ = an_open_twin(started=False)
        ana.leaves()
        session.passes(minutes=26)
        session.first.is_now(State.NOT_HELD)
        session.second.brought(NotHeld())

    def test_the_clock_brings_no_begin_to_a_second_that_was_begun(self):
        session, *_ = an_open_twin()
        begin = begin_twin(session.first.room)
        assert isinstance(begin, BeginTwin)
        refused = session.second.ask(begin, THE_CLOCK)
        session.second.looked_at()
        assert isinstance(refused, Refusal)

    def test_a_room_that_is_no_second_follows_none_and_one_without_a_second_hears_of_none(self):
        evening, ana, jo, _, _ = a_full_room()
        before = evening.room
        follow = FollowFirst(State.ENDED, "time", evening.now, 9, {"sben": "removed"}, {jo.id: "Jo"}, ())
        hear = HearOfTwin(State.LIVE, True, {"sben": "removed"}, {jo.id: "Jo"})
        for news in (follow, hear):
            refused = evening.ask(news, THE_CLOCK)
            evening.looked_at()
            assert refused == Refusal("not_now")
        assert evening.room is before
        ana.asks(OpenTwin(jo.id))
        refused = evening.ask(hear, THE_CLOCK)
        evening.looked_at()
        assert refused == Refusal("not_now")
