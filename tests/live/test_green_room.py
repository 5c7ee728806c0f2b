"""The green room: half an hour before the start facilitators are among themselves. Nobody else's evening depends on it."""

import pytest

from rooms.live import Refusal, State, decide, next_deadline, view
from rooms.live.calling_off import CallOff
from rooms.live.care import CallOnCall
from rooms.live.green_room import ARRIVING, CheckedIn, CheckIn, TakeWorries, WorriesTaken
from rooms.live.leading import HandOver, StepBack, TakeLead
from rooms.live.lifecycle import DoorsOpened, NotHeld
from rooms.live.state import MINUTE
from rooms.live.words import Audience
from tests.live.cast_care import backchannels, sees
from tests.live.cast_control import ORGANISER, last, seen_by
from tests.people import DOORS, START, Evening, Person, an_evening

GREEN = START - 30 * MINUTE


def in_the_green_room(*names: str) -> tuple[Evening, list[Person]]:
    """Half an hour before the start, and all of them facilitate."""
    evening = an_evening(at=GREEN)
    cast = [evening.facilitator(name) for name in names]
    for person in cast:
        person.arrives()
        evening.now += 0.001
    return evening, cast


def arriving(evening: Evening, who: Person, audience: Audience = Audience.FACILITATOR) -> object:
    shown = view.people_shown(evening.room, audience)[who.id]
    return shown.get("arriving", "not to be seen")


class TestTheDoor:
    def test_facilitators_come_from_half_an_hour_before(self):
        evening = an_evening(at=GREEN - 1)
        ana, ben = evening.facilitator("Ana"), evening.member("Ben")
        ana.arrives()
        ana.is_refused("not_now")
        evening.comes_to(GREEN)
        ana.arrives()
        assert ana.is_inside()
        ben.arrives()
        ben.is_refused("not_now")

    def test_those_of_the_members_open_when_they_always_do(self):
        evening, (ana, _) = in_the_green_room("Ana", "Jo")
        ben = evening.member("Ben")
        assert evening.room.terms.doors_at == DOORS
        evening.waits(DOORS - evening.now, then=DoorsOpened())
        ben.arrives()
        assert ben.seat.waiting
        assert ana.is_inside()

    def test_nobody_is_waited_for_any_longer_because_somebody_was_there_early(self):
        evening, (ana,) = in_the_green_room("Ana")
        untouched = an_evening(at=GREEN)
        evening.passes(minutes=5)
        ana.leaves()
        for each in (evening, untouched):
            each.comes_to(DOORS)
            assert each.room.controls.alone_since == DOORS
        evening.comes_to(START)
        evening.is_now(State.DOORS)
        assert next_deadline(evening.room)[0] == START + 3 * MINUTE  # type: ignore[index]  # the call for somebody
        evening.comes_to(START + 10 * MINUTE)
        evening.brought(NotHeld())

    def test_no_hold_and_no_end_is_counted_from_it(self):
        early, (ana,) = in_the_green_room("Ana")
        late = an_evening(at=START - MINUTE)
        jo = late.facilitator("Jo")
        jo.arrives()
        for evening, who in ((early, ana), (late, jo)):
            evening.comes_to(START)
            who.starts()
            who.drops()
        ours, others = early.room.controls, late.room.controls
        assert (ours.alone_since, ours.ends_at, ours.closing_at, ours.started_at) == (
            others.alone_since,
            others.ends_at,
            others.closing_at,
            others.started_at,
        )
        assert next_deadline(early.room) == next_deadline(late.room)

    def test_a_connection_that_breaks_in_it_holds_nothing(self):
        evening, (ana,) = in_the_green_room("Ana")
        ana.drops()
        evening.waits(DOORS - evening.now, then=DoorsOpened())
        ana.comes_back()
        assert ana.is_inside()
        assert evening.room.controls.alone_since is None


class TestHowIAmArriving:
    @pytest.mark.parametrize("card", ARRIVING)
    def test_facilitators_who_are_there_see_the_card(self, card):
        evening, (ana, jo) = in_the_green_room("Ana", "Jo")
        jo.asks(CheckIn(card))
        evening.brought(CheckedIn(seat=jo.id, card=card))
        assert arriving(evening, jo) == card
        assert arriving(evening, ana) == ""

    def test_one_comes_later_and_sees_it_too_and_no_frame_tells_of_it(self):
        evening, (jo,) = in_the_green_room("Jo")
        jo.asks(CheckIn("heavy"))
        # It stands in the list of people alone: what is kept for who lost touch has nothing of it.
        assert seen_by(last(evening)) == set()
        assert last(evening).concerns is None
        ana = evening.facilitator("Ana")
        ana.arrives()
        assert arriving(evening, jo) == "heavy"

    def test_it_is_changed_and_taken_back(self):
        evening, (ana,) = in_the_green_room("Ana")
        ana.asks(CheckIn("calm"))
        ana.asks(CheckIn("calm"))
        ana.is_refused("already")
        ana.asks(CheckIn("tired"))
        assert arriving(evening, ana) == "tired"
        ana.asks(CheckIn(""))
        assert arriving(evening, ana) == ""
        ana.asks(CheckIn("fine, and you?"))
        ana.is_refused("invalid")

    def test_who_checks_in_when_the_doors_are_open_already_can(self):
        evening, (ana,) = in_the_green_room("Ana")
        evening.comes_to(DOORS)
        ana.asks(CheckIn("full"))
        ben = evening.member("Ben")
        ben.arrives()
        assert arriving(evening, ana) == "full"
        assert view.people_shown(evening.room, Audience.WAITING) == {}
        assert arriving(evening, ana, Audience.MEMBER) == "not to be seen"
        assert "arriving" not in view.you_shown(evening.room, ben.seat, evening.now)
        ben.asks(CheckIn("calm"))
        ben.is_refused("not_allowed")

    def test_it_is_gone_with_the_start(self):
        evening, (ana, jo) = in_the_green_room("Ana", "Jo")
        ana.asks(CheckIn("glad"))
        jo.asks(CheckIn("heavy"))
        evening.comes_to(START)
        ana.starts()
        assert [seat.arriving for seat in evening.room.controls.seats.values()] == ["", ""]
        ana.asks(CheckIn("calm"))
        ana.is_refused("not_now")

    def test_it_goes_with_who_goes(self):
        evening, (ana, jo) = in_the_green_room("Ana", "Jo")
        jo.asks(CheckIn("not_leading"))
        jo.leaves()
        assert jo.seat.arriving == ""
        jo.arrives()
        assert arriving(evening, jo) == ""
        assert arriving(evening, ana) == ""

    def test_it_is_gone_when_the_session_does_not_take_place(self):
        evening, (ana, _) = in_the_green_room("Ana", "Jo")
        ana.asks(CheckIn("heavy"))
        evening.ask(CallOff("cancelled"), ORGANISER)
        assert not any(seat.arriving for seat in evening.room.controls.seats.values())

    def test_who_left_before_it_was_carried_out_has_none(self):
        evening, (ana, jo) = in_the_green_room("Ana", "Jo")
        checked_in = decide(evening.room, CheckIn("calm"), jo.actor, evening.now)
        assert not isinstance(checked_in, Refusal)
        jo.leaves()
        evening.comes_to(evening.now + 16 * MINUTE)
        assert jo.id not in evening.room.controls.seats
        before = evening.room
        evening.fold(*checked_in)
        assert evening.room.controls.seats == before.controls.seats
        assert ana.is_inside()


class TestWhoDoesWhat:
    def test_the_first_to_come_leads_and_can_hand_it_over(self):
        evening, (ana, jo) = in_the_green_room("Ana", "Jo")
        assert evening.room.controls.lead == ana.id
        jo.asks(TakeLead())
        jo.is_refused("not_allowed")
        ana.asks(HandOver(jo.id))
        jo.asks(TakeLead())
        assert evening.room.controls.lead == jo.id

    def test_somebody_takes_the_worries_and_the_others_know(self):
        evening, (ana, jo) = in_the_green_room("Ana", "Jo")
        jo.asks(TakeWorries())
        evening.brought(WorriesTaken(seat=jo.id, name="Jo"))
        assert seen_by(last(evening)) == {Audience.FACILITATOR}
        assert view.room_shown(evening.room, Audience.FACILITATOR)["worries"] == jo.id
        assert "worries" not in view.room_shown(evening.room, Audience.MEMBER)
        jo.asks(TakeWorries())
        jo.is_refused("already")
        # It lasts, since worries come later, and another one can relieve them at any time.
        evening.comes_to(START)
        ana.starts()
        assert view.room_shown(evening.room, Audience.FACILITATOR)["worries"] == jo.id
        ana.asks(TakeWorries())
        assert view.room_shown(evening.room, Audience.FACILITATOR)["worries"] == ana.id

    def test_who_is_not_there_looks_after_nobody(self):
        evening, (ana, jo) = in_the_green_room("Ana", "Jo")
        jo.asks(TakeWorries())
        evening.comes_to(START)
        ana.starts()
        jo.asks(StepBack())
        assert view.room_shown(evening.room, Audience.FACILITATOR)["worries"] == ""

    def test_they_write_to_each_other_and_ask_for_the_person_on_call(self):
        evening, (ana, jo) = in_the_green_room("Ana", "Jo")
        backchannels(jo, "a hand on the heart means: please slow down")
        assert sees(ana, last(evening)) == last(evening)
        ana.asks(CallOnCall())
        assert evening.room.controls.alerted == {"asked": evening.now}

    def test_they_are_told_when_the_members_come(self):
        evening, _ = in_the_green_room("Ana")
        assert view.room_shown(evening.room, Audience.FACILITATOR)["doors_at"] == DOORS
        assert "doors_at" not in view.room_shown(evening.room, Audience.WAITING)
