"""Hold for a look: who reads first, what becomes of it, and that nobody else ever learns."""

import pytest

from rooms.live.looking import (
    LOOK_MINUTES,
    RETURNS,
    GiveBack,
    KeptForLook,
    LookedAt,
    LookFirst,
    LookingFirst,
    PassOn,
    SeatLookedAt,
)
from rooms.live.moderation import TakeDown, TakenDown
from rooms.live.seat import Rename
from rooms.live.talk import Said, Say, TakeBack, TakenBack
from rooms.live.view import room_shown
from rooms.live.words import INSIDE, ONLY_FACILITATORS, Audience
from tests.live.cast_care import goes_to_corner, sees
from tests.live.cast_control import last, seen_by, two_facilitators
from tests.people import MINUTE, Evening, Person, an_evening


def says_held(who: Person, text: str = "is this fine?") -> str:
    who.asks(Say(text))
    who.evening.now += 0.001
    held = last(who.evening)
    assert isinstance(held, KeptForLook)
    return held.message


def with_a_held_message() -> tuple[Evening, Person, Person, str]:
    evening = an_evening()
    ana, ben = evening.under_way("Ana", "Ben")
    ana.asks(LookFirst(ben.id))
    return evening, ana, ben, says_held(ben)


class TestWhoIsLookedAtFirst:
    def test_everybody_but_facilitators_while_the_room_is_and_everybody_inside_knows(self):
        evening = an_evening()
        ana, jo, ben, chi = two_facilitators(evening, "Ben", "Chi")
        ana.asks(LookFirst(None))
        evening.brought(LookingFirst(on=True, by="Ana"))
        assert seen_by(last(evening)) == INSIDE
        says_held(ben)
        says_held(chi)
        ana.can_speak()
        jo.can_speak()
        ana.asks(LookFirst(None))
        ana.is_refused("already")
        ana.asks(LookFirst(None, 0))
        ben.can_speak()
        ana.asks(LookFirst(None, 0))
        ana.is_refused("already")

    @pytest.mark.parametrize("minutes", LOOK_MINUTES)
    def test_one_person_for_a_while_and_exactly_that_long(self, minutes):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(LookFirst(ben.id, minutes))
        evening.brought(SeatLookedAt(seat=ben.id, until=evening.now + minutes * MINUTE, by="Ana"))
        evening.waits(minutes=minutes, then=SeatLookedAt(seat=ben.id, until=None, by=""))
        ben.can_speak()

    def test_of_one_person_only_they_and_facilitators_are_told(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.asks(LookFirst(ben.id))
        event = last(evening)
        assert sees(ben, event) == event
        assert sees(ana, event) == event
        assert sees(chi, event) is None
        assert seen_by(event) == ONLY_FACILITATORS
        assert all(each.what != "seat_looked_at" for each in evening.room.controls.happened)
        chi.can_speak()

    def test_longer_is_possible_and_shorter_is_done_already(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(LookFirst(ben.id, 5))
        ana.asks(LookFirst(ben.id, 2))
        ana.is_refused("already")
        ana.asks(LookFirst(ben.id, 5))
        ana.is_refused("already")
        ana.asks(LookFirst(ben.id, 10))
        ana.asks(LookFirst(ben.id, 0))
        assert ben.seat.look_until is None
        ana.asks(LookFirst(ben.id, 0))
        ana.is_refused("already")

    def test_not_a_facilitator_nobody_unknown_and_only_for_times_there_are(self):
        evening = an_evening()
        ana, jo, ben = two_facilitators(evening, "Ben")
        ana.asks(LookFirst(jo.id))
        ana.is_refused("not_allowed")
        ana.asks(LookFirst("snobody"))
        ana.is_refused("not_here")
        for minutes in (1, 11, -2):
            ana.asks(LookFirst(ben.id, minutes))
            ana.is_refused("invalid")

    def test_leaving_a_new_name_and_a_reconnect_clear_nothing(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(LookFirst(ben.id))
        ben.asks(Rename("Night owl"))
        ben.drops()
        ben.comes_back()
        ben.leaves()
        ben.comes_back()
        says_held(ben)


class TestWhatIsHeld:
    def test_its_author_and_facilitators_see_it_and_nobody_else(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.asks(LookFirst(ben.id))
        ben.asks(Say("words", note="hard", tag="just_listen"))
        held = last(evening)
        assert sees(ben, held) == sees(ana, held) == held
        assert sees(chi, held) is None
        assert seen_by(held) == ONLY_FACILITATORS
        assert "words" not in repr(held)

    def test_held_messages_are_invisible_to_late_joiners(self):
        evening, _, _, message = with_a_held_message()
        dee = evening.member("Dee")
        dee.arrives()
        for audience in set(Audience) - {Audience.FACILITATOR}:
            assert message not in str(room_shown(evening.room, audience))
            assert "is this fine?" not in str(room_shown(evening.room, audience))
        assert "is this fine?" not in str(evening.room.controls)

    def test_after_two_minutes_it_goes_back_because_nobody_looked(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(LookFirst(None))
        ben.asks(Say("words"))
        held = last(evening)
        assert isinstance(held, KeptForLook)
        evening.waits(minutes=2, then=LookedAt(message=held.message, seat=ben.id, outcome="nobody_looked"))
        assert evening.room.recent.looked_at == {}
        ana.asks(PassOn(held.message))
        ana.is_refused("no_such_message")

    def test_taken_back_by_its_author_it_can_no_longer_be_passed_on_and_the_others_hear_nothing(self):
        evening, ana, ben, message = with_a_held_message()
        ben.asks(TakeBack(message))
        evening.brought(LookedAt(message=message, seat=ben.id, outcome="taken_back"))
        assert seen_by(last(evening)) == ONLY_FACILITATORS
        ana.asks(PassOn(message))
        ana.is_refused("no_such_message")

    def test_a_taking_back_heard_from_elsewhere_ends_the_look_too(self):
        evening, _, _, message = with_a_held_message()
        evening.fold(TakenBack(message))
        assert evening.room.recent.looked_at == {}


class TestPassingOn:
    def test_everybody_reads_it_as_it_was_written(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(LookFirst(None))
        ben.asks(Say("words", note="hard", tag="just_listen"))
        held = last(evening)
        assert isinstance(held, KeptForLook)
        ana.asks(PassOn(held.message))
        looked, said = evening.happened[-2:]
        assert looked == LookedAt(message=held.message, seat=ben.id, outcome="passed_on")
        assert said == Said(held.message, ben.id, "Ben", "words", "hard", "just_listen")
        assert seen_by(looked) == ONLY_FACILITATORS
        assert sees(ben, looked) == looked
        ana.asks(PassOn(held.message))
        ana.is_refused("no_such_message")

    def test_not_what_was_taken_down_meanwhile(self):
        evening, ana, _, message = with_a_held_message()
        evening.fold(TakenDown(message, "other", "Ana"))
        ana.asks(PassOn(message))
        ana.is_refused("no_such_message")

    def test_nor_is_it_taken_down_which_everybody_would_read(self):
        evening, ana, _, message = with_a_held_message()
        ana.asks(TakeDown(message, "other"))
        ana.is_refused("no_such_message")
        ana.asks(PassOn(message))
        ana.asks(TakeDown(message, "other"))
        evening.brought(TakenDown(message, "other", "Ana"))

    def test_a_quiet_that_came_meanwhile_stops_it(self):
        _, ana, ben, message = with_a_held_message()
        ana.quiets(ben)
        ana.asks(PassOn(message))
        ana.is_refused("quieted")

    def test_not_into_a_pause(self):
        _, ana, _, message = with_a_held_message()
        ana.pauses()
        ana.asks(PassOn(message))
        ana.is_refused("not_now")
        ana.resumes()
        ana.asks(PassOn(message))

    def test_not_of_somebody_who_went_to_the_corner_or_away(self):
        _, ana, ben, message = with_a_held_message()
        goes_to_corner(ben)
        ana.asks(PassOn(message))
        ana.is_refused("cornered")
        ben.leaves()
        ana.asks(PassOn(message))
        ana.is_refused("waiting")


class TestGivingBack:
    @pytest.mark.parametrize("words", RETURNS)
    def test_to_its_author_with_words(self, words):
        evening, ana, ben, message = with_a_held_message()
        ana.asks(GiveBack(message, words))
        evening.brought(LookedAt(message=message, seat=ben.id, outcome="given_back", words=words))
        ana.asks(GiveBack(message, words))
        ana.is_refused("no_such_message")

    def test_never_with_words_of_ones_own(self):
        _, ana, _, message = with_a_held_message()
        ana.asks(GiveBack(message, "you are rude"))
        ana.is_refused("invalid")


@pytest.mark.parametrize(
    "event", [SeatLookedAt("snobody", None, ""), LookedAt("snobody.1a", "snobody", "passed_on")], ids=repr
)
def test_what_is_heard_too_late_breaks_nothing(event):
    evening = an_evening()
    before = evening.room
    evening.fold(event)
    assert evening.room.controls.seats == before.controls.seats
