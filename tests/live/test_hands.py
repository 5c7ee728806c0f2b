"""Hands: asking for the word, in an order that everybody sees."""

import pytest

from rooms.live.corner import GoToCorner
from rooms.live.hands import (
    HAND_REASONS,
    MOVES,
    Call,
    Called,
    CallNext,
    ClearHands,
    Finished,
    HandLowered,
    HandMoved,
    HandRaised,
    HandsCleared,
    HandSkipped,
    MoveHand,
    SkipHand,
)
from rooms.live.state import Hand
from rooms.live.words import Audience
from tests.live.cast_floor import a_circle


def hands_up(*names):
    """Everybody but the facilitator has a hand up, in a room that talks by hands."""
    circle, cast = a_circle("Ana", *names)
    cast[0].sets_mode("hands")
    for person in cast[1:]:
        person.raises_hand()
        circle.now += 1
    circle.now += 10
    return circle, cast


class TestRaisingAHand:
    @pytest.mark.parametrize("reason", HAND_REASONS)
    def test_with_or_without_a_reason_and_everybody_inside_sees_it(self, reason):
        circle, (_, ben) = a_circle("Ana", "Ben")
        ben.raises_hand(reason)
        circle.brought(HandRaised(ben.id, reason))
        assert circle.room.controls.hands == (Hand(ben.id, reason, circle.now),)
        assert circle.happened[-1].shown_to(Audience.MEMBER) is circle.happened[-1]
        assert circle.happened[-1].shown_to(Audience.CORNERED) is None

    def test_only_for_reasons_that_there_are(self):
        _, (_, ben) = a_circle("Ana", "Ben")
        ben.raises_hand("because I must")
        ben.is_refused("invalid")

    def test_first_come_first_and_twice_is_once(self):
        circle, (_, ben, _) = hands_up("Ben", "Chi")
        ben.raises_hand()
        ben.is_refused("already")
        assert circle.queue == ["Ben", "Chi"]

    def test_another_reason_keeps_the_place(self):
        circle, (_, ben, _) = hands_up("Ben", "Chi")
        since = circle.room.controls.hands[0].since
        ben.raises_hand("help")
        assert circle.room.controls.hands[0] == Hand(ben.id, "help", since)
        assert circle.queue == ["Ben", "Chi"]

    def test_a_dropped_connection_keeps_the_place(self):
        circle, (_, ben, _) = hands_up("Ben", "Chi")
        ben.drops()
        circle.passes(60)
        ben.comes_back()
        assert circle.queue == ["Ben", "Chi"]

    def test_who_leaves_lets_it_go(self):
        circle, (ana, ben, chi, dov) = hands_up("Ben", "Chi", "Dov")
        ben.leaves()
        ana.removes(chi)
        assert circle.queue == ["Dov"]
        dov.drops()
        circle.passes(minutes=3)
        assert circle.queue == []

    def test_somebody_who_listens_may_and_somebody_quieted_may_not(self):
        circle, (ana, ben) = a_circle("Ana", "Ben")
        chi = circle.member("Chi")
        chi.arrives(listening=True)
        chi.raises_hand()
        ana.quiets(ben)
        ben.raises_hand()
        ben.is_refused("quieted")
        assert circle.queue == ["Chi"]

    def test_not_from_the_quiet_corner_where_the_hand_that_is_up_stays_up(self):
        circle, (_, ben, _) = hands_up("Ben", "Chi")
        ben.asks(GoToCorner(shown=False, leave_be=False))
        ben.raises_hand("help")
        ben.is_refused("cornered")
        assert circle.queue == ["Ben", "Chi"]

    def test_in_a_pause_but_not_while_the_room_is_held(self):
        circle, (ana, ben, chi) = a_circle("Ana", "Ben", "Chi")
        ana.pauses()
        ben.raises_hand()
        ana.drops()
        circle.passes(45)
        chi.raises_hand()
        chi.is_refused("held")
        ben.lowers_hand()
        assert circle.queue == []


class TestLoweringIt:
    def test_ones_own(self):
        circle, (_, ben, _) = hands_up("Ben", "Chi")
        ben.lowers_hand()
        circle.brought(HandLowered(ben.id))
        assert circle.queue == ["Chi"]
        ben.lowers_hand()
        ben.is_refused("already")

    def test_somebody_quieted_may_for_it_only_asks_for_less(self):
        circle, (ana, ben) = hands_up("Ben")
        ana.quiets(ben)
        ben.lowers_hand()
        assert circle.queue == []


class TestCalling:
    def test_only_the_called_person_may_speak(self):
        circle, (ana, ben, chi) = hands_up("Ben", "Chi")
        ben.cannot_speak("raise_a_hand")
        ana.calls_next()
        circle.brought(Called(ben.id, by="Ana"))
        assert circle.queue == ["Chi"]
        ben.can_speak()
        ben.can_speak()
        chi.cannot_speak("raise_a_hand")
        ana.cannot_speak("raise_a_hand")
        assert circle.room.controls.tally["called"] == 1

    def test_until_they_are_done(self):
        circle, (ana, ben, chi) = hands_up("Ben", "Chi")
        ana.calls_next()
        chi.is_done()
        chi.is_refused("not_your_turn")
        ben.is_done()
        circle.brought(Finished(ben.id))
        ben.cannot_speak("raise_a_hand")
        ana.calls_next()
        circle.brought(Called(chi.id, by="Ana"))

    def test_or_until_the_next_is_called(self):
        circle, (ana, ben, _) = hands_up("Ben", "Chi")
        ana.calls_next()
        circle.passes(60)
        ana.calls_next()
        ben.cannot_speak("raise_a_hand")

    def test_of_two_facilitators_who_call_at_once_the_second_takes_the_word_from_nobody(self):
        circle, (ana, ben, _) = hands_up("Ben", "Chi")
        jo = circle.facilitator("Jo")
        jo.arrives()
        ana.calls_next()
        jo.calls_next()
        jo.is_refused("already")
        ben.can_speak()
        circle.passes(3)
        jo.calls_next()
        ben.cannot_speak("raise_a_hand")

    def test_who_could_not_use_it_now_is_passed_by_and_keeps_the_place(self):
        circle, (ana, ben, chi, dov, eli) = hands_up("Ben", "Chi", "Dov", "Eli")
        ben.drops()
        ana.quiets(chi)
        dov.asks(GoToCorner(shown=False, leave_be=False))
        ana.calls_next()
        circle.brought(Called(eli.id, by="Ana"))
        assert circle.queue == ["Ben", "Chi", "Dov"]
        circle.passes(10)
        ana.calls_next()
        ana.is_refused("no_hands")
        ben.comes_back()
        ana.calls_next()
        circle.brought(Called(ben.id, by="Ana"))

    def test_somebody_who_listens_is_called_and_stops_listening_to_speak(self):
        circle, (ana, _) = a_circle("Ana", "Ben")
        ana.sets_mode("hands")
        chi = circle.member("Chi")
        chi.arrives(listening=True)
        chi.raises_hand()
        ana.calls_next()
        circle.brought(Called(chi.id, by="Ana"))
        chi.cannot_speak("listening")

    def test_out_of_turn_whoever_has_a_hand_up(self):
        circle, (ana, _, chi) = hands_up("Ben", "Chi")
        ana.calls(chi)
        chi.can_speak()
        assert circle.queue == ["Ben"]
        ana.calls(chi)
        ana.is_refused("already")

    def test_nobody_is_made_to_speak_who_did_not_ask(self):
        _, (ana, ben, _) = hands_up("Ben", "Chi")
        ben.lowers_hand()
        ana.calls(ben)
        ana.is_refused("no_hand")

    def test_facilitators_may_take_the_word_themselves(self):
        _, (ana, _) = hands_up("Ben")
        ana.calls(ana)
        ana.can_speak()
        ana.is_done()
        ana.cannot_speak("raise_a_hand")

    def test_nobody_who_is_not_inside(self):
        circle, (ana, ben) = hands_up("Ben")
        ana.calls(circle.member("Nobody"))
        ana.is_refused("not_here")
        ben.leaves()
        ana.calls(ben)
        ana.is_refused("not_here")

    def test_only_where_people_talk_by_hands(self):
        _, (ana, ben) = a_circle("Ana", "Ben")
        ben.raises_hand()
        ana.calls_next()
        ana.is_refused("other_mode")
        ana.calls(ben)
        ana.is_refused("other_mode")

    def test_the_word_outlives_a_dropped_connection_but_not_leaving(self):
        circle, (ana, ben, _) = hands_up("Ben", "Chi")
        ana.calls_next()
        ben.drops()
        circle.passes(30)
        ben.comes_back()
        ben.can_speak()
        ben.leaves()
        assert circle.room.controls.called == ""
        ben.comes_back()
        ben.cannot_speak("raise_a_hand")

    def test_a_quiet_stops_the_called_person_and_gives_back_no_more(self):
        _, (ana, ben) = hands_up("Ben")
        ana.calls_next()
        ana.quiets(ben)
        ben.cannot_speak("quieted")
        ana.unquiets(ben)
        ben.can_speak()
        ana.sets_mode("parked")
        ben.cannot_speak("parked")


class TestTheQueue:
    def test_somebody_is_skipped_and_stands_last(self):
        circle, (ana, ben, _, dov) = hands_up("Ben", "Chi", "Dov")
        ana.skips(ben)
        circle.brought(HandSkipped(ben.id, by="Ana"))
        assert circle.queue == ["Chi", "Dov", "Ben"]
        ana.skips(ben)
        ana.is_refused("already")
        dov.lowers_hand()
        ana.skips(dov)
        ana.is_refused("no_hand")

    @pytest.mark.parametrize("reason", MOVES)
    def test_a_hand_is_moved_for_a_reason_that_everybody_reads(self, reason):
        circle, (ana, _, _, dov) = hands_up("Ben", "Chi", "Dov")
        ana.moves(dov, 0, reason)
        circle.brought(HandMoved(dov.id, 0, reason, by="Ana"))
        assert circle.happened[-1].shown_to(Audience.MEMBER) is circle.happened[-1]
        assert circle.queue == ["Dov", "Ben", "Chi"]
        ana.moves(dov, 1, reason)
        assert circle.queue == ["Ben", "Dov", "Chi"]

    @pytest.mark.parametrize(("place", "reason"), [(0, ""), (0, "I like Dov"), (-1, "help"), (3, "help")])
    def test_never_without_one_or_to_a_place_that_is_not(self, place, reason):
        _, (ana, _, _, dov) = hands_up("Ben", "Chi", "Dov")
        ana.moves(dov, place, reason)
        ana.is_refused("invalid")

    def test_where_it_is_already_or_without_a_hand(self):
        _, (ana, ben) = hands_up("Ben")
        ana.moves(ben, 0)
        ana.is_refused("already")
        ben.lowers_hand()
        ana.moves(ben, 0)
        ana.is_refused("no_hand")

    def test_all_are_cleared_at_once(self):
        circle, (ana, _, _) = hands_up("Ben", "Chi")
        ana.clears_hands()
        circle.brought(HandsCleared(by="Ana"))
        assert circle.queue == []
        ana.clears_hands()
        ana.is_refused("already")

    def test_each_of_it_is_told_by_name_of_who_did_it_and_nobody_else(self):
        circle, (ana, ben, chi) = hands_up("Ben", "Chi")
        ana.skips(ben)
        ana.moves(ben, 0)
        ana.calls(chi)
        ana.clears_hands()
        told = [(each.what, each.by) for each in circle.room.controls.happened[-4:]]
        assert told == [(what, "Ana") for what in ("hand_skipped", "hand_moved", "called", "hands_cleared")]

    @pytest.mark.parametrize(
        "command",
        [CallNext(), Call("schi"), SkipHand("schi"), MoveHand("schi", 0, "help"), ClearHands()],
        ids=lambda each: each.type,
    )
    def test_members_touch_nobodys_place(self, command):
        _, (_, ben, _) = hands_up("Ben", "Chi")
        ben.asks(command)
        ben.is_refused("not_allowed")


@pytest.mark.parametrize("event", [HandLowered("s?"), HandSkipped("s?", "Ana"), HandMoved("s?", 0, "help", "Ana")], ids=repr)  # fmt: skip
def test_what_is_heard_too_late_breaks_nothing(event):
    circle, _ = hands_up("Ben", "Chi")
    before = circle.room.controls.hands
    circle.fold(event)
    assert circle.room.controls.hands == before
