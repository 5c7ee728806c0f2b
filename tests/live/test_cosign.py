"""Grave controls take a second yes: removing, clearing screens, ending for safety, suspending."""

import pytest

from rooms.live.cosign import CosignAsked, CosignSettled
from rooms.live.door import Remove
from rooms.live.grave import SAFETY, ClearScreens, CoSign, EndForSafety, ScreensCleared
from rooms.live.leading import PowersSuspended, StepBack, Suspend
from rooms.live.lifecycle import Ended
from rooms.live.lobby import SetDoor
from rooms.live.looking import LookFirst
from rooms.live.seat import Rename
from rooms.live.talk import Say
from rooms.live.words import INSIDE, ONLY_FACILITATORS, State
from tests.live.cast_care import goes_to_corner, writes
from tests.live.cast_control import ORGANISER, another_facilitator, last, seen_by, two_facilitators, types
from tests.people import an_evening


def asked(answer: object) -> str:
    """The id of the question that waits for a second yes."""
    assert isinstance(answer, tuple)
    (ask,) = answer
    assert isinstance(ask, CosignAsked)
    return ask.ask.id


class TestTheSecondYes:
    def test_what_one_asks_for_another_confirms(self):
        evening = an_evening()
        ana, jo, ben, _ = two_facilitators(evening, "Ben", "Chi")
        question = asked(ana.asks(Remove(ben.id, "unkind")))
        assert seen_by(last(evening)) == ONLY_FACILITATORS
        assert ben.is_inside()
        assert types(jo.asks(CoSign(question))) == ["cosign_settled", "removed", "someone_removed"]
        assert evening.room.controls.cosigns == ()
        jo.asks(CoSign(question))
        jo.is_refused("already")

    def test_the_same_command_of_another_is_a_yes_too(self):
        evening = an_evening()
        ana, jo, ben, _ = two_facilitators(evening, "Ben", "Chi")
        ana.asks(Remove(ben.id, "unkind"))
        jo.asks(Remove(ben.id, "too_fast"))
        assert ben.id in evening.room.controls.removed

    def test_nobody_says_yes_to_themselves(self):
        evening = an_evening()
        ana, _, ben = two_facilitators(evening, "Ben")
        question = asked(ana.asks(Remove(ben.id, "unkind")))
        ana.asks(Remove(ben.id, "unkind"))
        ana.is_refused("waits_for_cosign")
        ana.asks(CoSign(question))
        ana.is_refused("waits_for_cosign")

    @pytest.mark.parametrize("who", ["Ana", "Jo"])
    def test_either_can_say_no(self, who):
        evening = an_evening()
        ana, jo, ben = two_facilitators(evening, "Ben")
        question = asked(ana.asks(Remove(ben.id, "unkind")))
        (ana if who == "Ana" else jo).asks(CoSign(question, yes=False))
        evening.brought(CosignSettled(question))
        assert ben.is_inside()

    def test_it_waits_half_a_minute_and_no_longer(self):
        evening = an_evening()
        ana, jo, ben = two_facilitators(evening, "Ben")
        question = asked(ana.asks(Remove(ben.id, "unkind")))
        evening.waits(30, then=CosignSettled(question))
        assert seen_by(last(evening)) == ONLY_FACILITATORS
        jo.asks(CoSign(question))
        jo.is_refused("already")
        # Now it is a first question again.
        asked(jo.asks(Remove(ben.id, "unkind")))

    @pytest.mark.parametrize("how", ["drops", "leaves", "steps back"])
    def test_where_no_other_is_connected_one_is_enough(self, how):
        evening = an_evening()
        ana, jo, ben, _ = two_facilitators(evening, "Ben", "Chi")
        if how == "drops":
            jo.drops()
        elif how == "leaves":
            jo.leaves()
        else:
            jo.asks(StepBack())
        ana.asks(Remove(ben.id, "unkind"))
        assert ben.id in evening.room.controls.removed

    def test_what_has_become_impossible_meanwhile_is_refused_with_its_own_words(self):
        evening = an_evening()
        ana, jo, ben = two_facilitators(evening, "Ben")
        question = asked(ana.asks(Remove(ben.id, "unkind")))
        evening.room = evening.room.with_controls(removed={ben.id: "unkind"})
        jo.asks(CoSign(question))
        jo.is_refused("already")

    def test_two_questions_wait_side_by_side(self):
        evening = an_evening()
        ana, jo, ben, chi = two_facilitators(evening, "Ben", "Chi")
        one = asked(ana.asks(Remove(ben.id, "unkind")))
        other = asked(jo.asks(Remove(chi.id, "unkind")))
        jo.asks(CoSign(one))
        assert [ask.id for ask in evening.room.controls.cosigns] == [other]


class TestClearingScreens:
    def test_empties_what_waits_for_a_look_too_and_everybody_is_told(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(LookFirst(None))
        ben.asks(Say("words"))
        assert evening.room.recent.looked_at
        ana.asks(ClearScreens())
        evening.brought(ScreensCleared(by="Ana"))
        assert seen_by(last(evening)) == INSIDE
        assert evening.room.recent.looked_at == {}

    def test_with_a_second_yes(self):
        evening = an_evening()
        ana, jo = two_facilitators(evening)
        question = asked(ana.asks(ClearScreens()))
        assert types(jo.asks(CoSign(question))) == ["cosign_settled", "screens_cleared"]
        # Her page has told her that everyone reads that it was her.
        evening.brought(ScreensCleared(by="Ana"))

    def test_with_a_second_yes_when_nobody_knows_any_more_who_asked(self):
        evening = an_evening()
        ana, jo = two_facilitators(evening)
        question = asked(ana.asks(ClearScreens()))
        seats = {name: seat for name, seat in evening.room.controls.seats.items() if name != ana.id}
        evening.room = evening.room.with_controls(seats=seats)
        jo.asks(CoSign(question))
        evening.brought(ScreensCleared(by="Jo"))


class TestEndingForSafety:
    @pytest.mark.parametrize("reason", SAFETY)
    def test_at_once_without_a_minutes_notice(self, reason):
        evening = an_evening()
        (ana,) = evening.under_way("Ana")
        ana.asks(EndForSafety(reason))
        evening.brought(Ended(why="safety"))
        evening.is_now(State.ENDED)

    def test_with_a_second_yes_for_the_reason_that_was_given(self):
        evening = an_evening()
        ana, jo = two_facilitators(evening)
        question = asked(ana.asks(EndForSafety(SAFETY[0])))
        evening.is_now(State.LIVE)
        jo.asks(CoSign(question))
        evening.is_now(State.ENDED)

    def test_never_with_words_of_ones_own(self):
        evening = an_evening()
        (ana,) = evening.under_way("Ana")
        ana.asks(EndForSafety("I am tired"))
        ana.is_refused("invalid")


class TestCase13PowerIsMisused:
    def test_two_facilitators_together_take_the_powers_of_a_third_and_everybody_is_told(self):
        evening = an_evening()
        ana, jo = two_facilitators(evening)
        kim = another_facilitator(evening, "Kim")
        question = asked(jo.asks(Suspend(ana.id)))
        kim.asks(CoSign(question))
        evening.brought(PowersSuspended(seat=ana.id, name="Ana"))
        assert seen_by(last(evening)) == INSIDE
        assert evening.room.controls.lead == jo.id
        ana.pauses()
        ana.is_refused("not_allowed")

    @pytest.mark.parametrize("yes", [True, False])
    def test_whom_it_is_about_has_no_say(self, yes):
        evening = an_evening()
        ana, jo = two_facilitators(evening)
        another_facilitator(evening, "Kim")
        question = asked(jo.asks(Suspend(ana.id)))
        ana.asks(CoSign(question, yes=yes))
        ana.is_refused("not_allowed")

    def test_what_the_suspended_one_asked_for_is_nobodys_first_yes_any_more(self):
        evening = an_evening()
        ana, jo, ben = two_facilitators(evening, "Ben")
        kim = another_facilitator(evening, "Kim")
        question = asked(jo.asks(Remove(ben.id, "unkind")))
        other = asked(kim.asks(ClearScreens()))
        evening.ask(Suspend(jo.id), ORGANISER)
        assert [ask.id for ask in evening.room.controls.cosigns] == [other]
        kim.asks(CoSign(question))
        kim.is_refused("already")
        # Asked again by Kim it is a first question, which takes another's yes.
        again = asked(kim.asks(Remove(ben.id, "unkind")))
        assert ben.is_inside()
        ana.asks(CoSign(again))
        assert ben.id in evening.room.controls.removed

    def test_one_alone_cannot_even_where_nobody_else_is(self):
        evening = an_evening()
        ana, jo = two_facilitators(evening)
        jo.asks(Suspend(ana.id))
        jo.is_refused("needs_two")
        jo.asks(Suspend(jo.id))
        jo.is_refused("not_allowed")

    def test_one_alone_cannot_remove_anybody_while_another_is_there(self):
        evening = an_evening()
        ana, _, ben = two_facilitators(evening, "Ben")
        ana.asks(Remove(ben.id, "unkind"))
        assert ben.is_inside()


def test_case_11_against_doxxing_one_facilitator_acts_alone():
    evening = an_evening()
    _, jo, ben, chi = two_facilitators(evening, "Ben", "Chi")
    message = ben.says("Chi lives at number 4")
    jo.takes_down(message, "private_details")
    jo.quiets(ben, 5, "private_details")
    jo.asks(LookFirst(None))
    jo.asks(SetDoor("knock"))
    assert message in evening.room.controls.down
    assert evening.room.controls.cosigns == ()
    ben.cannot_speak("quieted")
    chi.asks(Say("what?"))
    assert last(evening).type == "kept_for_look"
    dov = evening.member("Dov")
    dov.arrives()
    assert dov.is_waiting()
    # And who was exposed is not alone, may be called otherwise at once, and rest.
    writes(jo, "It is gone from every screen. Somebody may have copied it.", to=chi)
    writes(chi, "thank you")
    chi.asks(Rename("Night owl"))
    goes_to_corner(chi, shown=False)
    assert chi.seat.name == "Night owl"
