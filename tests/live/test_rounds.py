"""Rounds: the same time for everybody, one after the other, and what becomes of a turn when something gets in its way."""

import pytest

from rooms.live.conducting import (
    CARDS,
    LONGEST,
    ORDERS,
    SHORTEST,
    BeginRound,
    EndRound,
    GoOnRound,
    PauseRound,
    RoundEnded,
    RoundPaused,
    RoundShortened,
    RoundWentOn,
    ShortenRound,
)
from rooms.live.corner import GoToCorner, LeaveCorner
from rooms.live.door import Left
from rooms.live.floor import AWAY_WAIT, GRACE
from rooms.live.lobby import BackToLobby
from rooms.live.rounds import (
    PREVIEW,
    READY,
    GraceBegan,
    PreviewEnded,
    RoundBegan,
    RoundFinished,
    RoundJoined,
    TurnBegan,
    TurnEnded,
    TurnPassed,
)
from rooms.live.seat import Listen
from rooms.live.talk import Say, TakeBack
from rooms.live.words import Audience, Mode
from tests.live.cast_floor import a_circle, a_round, in_a_turn

TO_A_TURN = PREVIEW + READY


class TestBeginning:
    @pytest.mark.parametrize("card", CARDS)
    @pytest.mark.parametrize("seconds", [SHORTEST, 90, LONGEST])
    def test_with_a_card_and_a_length_that_everybody_reads(self, card, seconds):
        circle, (ana, ben) = a_circle("Ana", "Ben")
        ana.begins_round(card, seconds)
        circle.brought(RoundBegan(card, seconds, (ana.id, ben.id), by="Ana"))
        assert circle.happened[-1].shown_to(Audience.MEMBER) is circle.happened[-1]
        assert circle.happened[-1].shown_to(Audience.CORNERED) is None
        assert circle.room.controls.mode is Mode.ROUND
        assert circle.room.controls.tally["round_began"] == 1

    @pytest.mark.parametrize(
        ("card", "seconds", "order"),
        [
            ("what do you think of Ben", 120, "listed"),
            ("check_in", SHORTEST - 1, "listed"),
            ("check_in", LONGEST + 1, "listed"),
            ("check_in", 120, "loudest_first"),
        ],
    )
    def test_only_with_what_there_is(self, card, seconds, order):
        _, (ana, _) = a_circle("Ana", "Ben")
        ana.begins_round(card, seconds, order)
        ana.is_refused("invalid")

    def test_one_at_a_time(self):
        _, (ana, _) = a_round("Ana", "Ben")
        ana.begins_round()
        ana.is_refused("already")

    def test_facilitators_take_turns_like_everyone_else_on_duty_or_not(self):
        circle, (ana, _) = a_circle("Ana", "Ben")
        jo = circle.facilitator("Jo")
        jo.arrives()
        circle.room = circle.room.with_controls(suspended=(jo.id,))
        ana.begins_round()
        assert circle.order == ["Ana", "Ben", "Jo"]

    def test_who_listens_or_waits_has_no_turn_but_who_is_quieted_or_in_the_corner_has_a_place(self):
        circle, (ana, ben, chi) = a_circle("Ana", "Ben", "Chi", knock_first=True)
        for who in (ben, chi):
            ana.admits(who)
        dov, eli = circle.member("Dov"), circle.member("Eli")
        dov.arrives(listening=True)
        ana.admits(dov)
        eli.arrives()
        ana.quiets(ben)
        chi.asks(GoToCorner(shown=False, leave_be=False))
        ana.begins_round()
        assert circle.order == ["Ana", "Ben", "Chi"]

    def test_not_for_one_alone(self):
        circle, (ana,) = a_circle("Ana")
        circle.member("Ben").arrives(listening=True)
        ana.begins_round()
        ana.is_refused("too_few")

    def test_not_while_nobody_can_talk(self):
        circle, (ana, _) = a_circle("Ana", "Ben")
        ana.drops()
        circle.passes(minutes=11)
        ana.comes_back()
        ana.begins_round()
        ana.is_refused("held")

    @pytest.mark.parametrize(
        "command",
        [BeginRound("check_in"), ShortenRound(60), PauseRound(), GoOnRound(), EndRound()],
        ids=lambda each: each.type,
    )
    def test_members_do_not_conduct(self, command):
        _, (_, ben) = a_round("Ana", "Ben")
        ben.asks(command)
        ben.is_refused("not_allowed")


class TestTheOrder:
    def test_as_people_are_listed(self):
        circle, _ = a_round("Ana", "Ben", "Chi", "Dov")
        assert circle.order == ["Ana", "Ben", "Chi", "Dov"]

    def test_who_volunteers_comes_first_and_their_hands_are_answered_by_it(self):
        circle, (ana, _, chi, dov) = a_circle("Ana", "Ben", "Chi", "Dov")
        dov.raises_hand()
        chi.raises_hand("new")
        ana.begins_round(order="volunteers")
        assert circle.order == ["Dov", "Chi", "Ana", "Ben"]
        assert circle.queue == []

    def test_a_hand_that_asks_for_help_stays_up(self):
        circle, (ana, ben, chi) = a_circle("Ana", "Ben", "Chi")
        ben.raises_hand("help")
        chi.raises_hand()
        ana.begins_round()
        assert circle.queue == ["Ben"]

    def test_shuffled_it_is_another_at_another_time_and_the_same_for_every_node(self):
        orders = set()
        for wait in range(8):
            circle, (ana, *_) = a_circle("Ana", "Ben", "Chi", "Dov")
            circle.passes(wait)
            ana.begins_round(order="shuffle")
            again = BeginRound("check_in", 120, "shuffle")
            assert sorted(circle.order) == ["Ana", "Ben", "Chi", "Dov"]
            circle2, (ana2, *_) = a_circle("Ana", "Ben", "Chi", "Dov")
            circle2.passes(wait)
            ana2.asks(again)
            assert circle2.round == circle.round
            orders.add(tuple(circle.order))
        assert len(orders) > 2

    def test_there_is_no_other(self):
        assert ORDERS == ("shuffle", "listed", "volunteers")


class TestItsCourse:
    def test_a_preview_then_ten_seconds_to_get_ready_then_the_turn(self):
        circle, (ana, ben, _) = a_round("Ana", "Ben", "Chi")
        ana.cannot_speak("not_your_turn")
        circle.waits(15, then=PreviewEnded())
        circle.is_turn_of(ana, "ready")
        circle.waits(10, then=TurnBegan(ana.id, 120.0))
        circle.is_turn_of(ana)
        ana.is_done()
        circle.brought(TurnEnded(ana.id, "passed"))
        circle.is_turn_of(ben, "ready")
        circle.waits(10, then=TurnBegan(ben.id, 120.0))

    def test_only_the_speaker_speaks_in_as_many_parts_as_they_like(self):
        _, (ana, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
        ben.says("This week")
        ben.says("was long.")
        ana.cannot_speak("not_your_turn")
        chi.cannot_speak("not_your_turn")

    def test_who_is_quick_may_begin_while_getting_ready(self):
        circle, (ana, ben) = a_round("Ana", "Ben")
        circle.passes(PREVIEW)
        ana.says("Hello")
        ben.cannot_speak("not_your_turn")
        circle.passes(READY + 120 + GRACE)
        circle.is_turn_of(ben, "ready")
        assert circle.round.done == (ana.id,)

    def test_thirty_seconds_of_grace_and_who_spoke_is_done(self):
        circle, (_, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
        ben.says("Hello")
        circle.comes_to(circle.round.until - 1)
        circle.waits(1, then=GraceBegan(ben.id))
        ben.can_speak()
        circle.comes_to(circle.round.until - 1)
        circle.waits(1, then=TurnEnded(ben.id, "done"))
        circle.is_turn_of(chi, "ready")
        assert circle.round.done == (ben.id,)

    def test_a_message_of_the_turn_that_is_held_for_a_look_counts_as_spoken(self):
        circle, (_, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        circle.room = circle.room.with_controls(look=True)
        ben.asks(Say("Hello"))
        assert circle.round.spoke

    def test_a_draft_that_was_not_sent_is_offered_once_more_at_the_end_and_then_passed(self):
        circle, (_, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
        circle.waits(120, then=GraceBegan(ben.id))
        circle.waits(GRACE, then=TurnEnded(ben.id, "later"))
        assert circle.order == ["Ana", "Chi", "Ben"]
        chi.says("Hello")
        chi.is_done()
        circle.is_turn_of(ben, "ready")
        circle.waits(READY, then=TurnBegan(ben.id, 120.0))
        circle.passes(120)
        assert circle.passes(GRACE) == [TurnEnded(ben.id, "passed"), RoundFinished()]

    def test_when_everybody_had_a_turn_people_talk_as_before(self):
        circle, (ana, ben) = a_circle("Ana", "Ben")
        ana.sets_mode("hands")
        ana.begins_round()
        circle.passes(TO_A_TURN)
        ana.says("Hello")
        ana.is_done()
        circle.brought(TurnEnded(ana.id, "done"))
        circle.passes(READY)
        ben.says("Hello")
        ben.is_done()
        assert circle.happened[-2:] == [TurnEnded(ben.id, "done"), RoundFinished()]
        circle.is_over()
        assert circle.room.controls.mode is Mode.HANDS

    def test_after_sitting_together_too(self):
        circle, (ana, ben) = a_circle("Ana", "Ben")
        ana.sets_mode("parked")
        ana.sets_mode("sit", 5)
        ana.begins_round()
        circle.passes(minutes=5)
        assert circle.room.controls.mode is Mode.ROUND
        ana.ends_round()
        ben.cannot_speak("parked")

    def test_the_called_person_loses_the_word_to_it(self):
        circle, (ana, ben) = a_circle("Ana", "Ben")
        ana.sets_mode("hands")
        ben.raises_hand()
        ana.calls_next()
        ana.begins_round()
        ben.cannot_speak("not_your_turn")
        assert circle.room.controls.called == ""

    def test_a_node_that_slept_gives_the_next_person_a_whole_turn(self):
        circle, (_, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
        ben.says("Hello")
        happened = circle.sleeps_until(circle.now + 200)
        assert happened == (GraceBegan(ben.id),)
        circle.passes(GRACE)
        circle.waits(READY, then=TurnBegan(chi.id, 120.0))

    def test_reactions_and_taking_back_go_on(self):
        _, (_, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        message = ben.says("Hello")
        ben.is_done()
        ben.asks(TakeBack(message))


class TestPassing:
    def test_nobody_is_asked_why_and_nobody_is_told(self):
        circle, (_, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
        ben.passes()
        circle.brought(TurnEnded(ben.id, "passed"))
        circle.is_turn_of(chi, "ready")
        assert ben.id in circle.round.passed

    def test_before_it_comes(self):
        circle, (ana, ben, chi) = a_round("Ana", "Ben", "Chi")
        ben.passes()
        circle.brought(TurnPassed(ben.id))
        ben.passes()
        ben.is_refused("already")
        circle.passes(TO_A_TURN)
        ana.says("Hello")
        ana.is_done()
        circle.is_turn_of(chi, "ready")

    def test_when_everybody_passes_it_is_finished(self):
        circle, (ana, ben) = a_round("Ana", "Ben")
        ana.passes()
        ben.passes()
        circle.comes_to(circle.round.until - 1)
        assert circle.passes(1) == [PreviewEnded(), RoundFinished()]

    def test_a_hand_brings_the_turn_back_at_the_end(self):
        circle, (ana, ben, chi) = a_round("Ana", "Ben", "Chi")
        ana.passes()
        ana.raises_hand()
        circle.brought(RoundJoined(ana.id))
        assert (circle.order, circle.round.passed) == (["Ben", "Chi", "Ana"], ())
        circle.passes(TO_A_TURN)
        ben.passes()
        chi.passes()
        circle.is_turn_of(ana, "ready")
        ben.raises_hand()
        assert circle.order == ["Chi", "Ana", "Ben"]
        circle.is_turn_of(ana, "ready")

    def test_only_who_has_one(self):
        _, (_, ben) = a_circle("Ana", "Ben")
        ben.passes()
        ben.is_refused("no_round")
        ben.is_done()
        ben.is_refused("not_your_turn")
        ben.comes_back_later()
        ben.is_refused("not_your_turn")
        circle, (_, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        ben.says("Hello")
        ben.is_done()
        ben.passes()
        ben.is_refused("already")
        dov = circle.member("Dov")
        dov.arrives()
        dov.passes()
        dov.is_refused("not_your_turn")


class TestComingBackLater:
    def test_once_at_the_end(self):
        circle, (_, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
        ben.comes_back_later()
        circle.brought(TurnEnded(ben.id, "later"))
        circle.is_turn_of(chi, "ready")
        chi.passes()
        circle.passes(READY)
        circle.is_turn_of(ben)
        ben.comes_back_later()
        ben.is_refused("only_once")
        assert circle.round.length == 120.0

    def test_with_what_is_left_of_a_turn_that_was_used_in_part(self):
        circle, (_, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
        circle.passes(50)
        ben.says("I will think about it")
        ben.comes_back_later()
        chi.passes()
        circle.passes(READY)
        assert circle.round.length == pytest.approx(70, abs=0.01)
        ben.is_done()
        assert circle.happened[-2:] == [TurnEnded(ben.id, "done"), RoundFinished()]

    def test_who_had_the_whole_time_and_spoke_is_done(self):
        circle, (_, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        ben.says("Hello")
        circle.passes(125)
        circle.is_turn_of(ben, "grace")
        ben.comes_back_later()
        circle.brought(TurnEnded(ben.id, "done"))

    def test_not_out_of_turn(self):
        _, (_, _, chi) = in_a_turn("Ana", "Ben", "Chi")
        chi.comes_back_later()
        chi.is_refused("not_your_turn")


class TestLateComers:
    def test_join_at_the_end_by_raising_a_hand(self):
        circle, (_, ben) = in_a_turn("Ana", "Ben")
        chi = circle.member("Chi")
        chi.arrives()
        chi.raises_hand()
        circle.brought(RoundJoined(chi.id))
        assert circle.order == ["Ana", "Ben", "Chi"]
        assert circle.queue == []
        ben.is_done()
        circle.is_turn_of(chi, "ready")

    def test_whose_turn_is_still_to_come_needs_no_hand(self):
        _, (_, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
        chi.raises_hand()
        chi.is_refused("already")
        ben.raises_hand()
        ben.is_refused("already")

    def test_who_had_theirs_or_listens_asks_for_afterwards(self):
        circle, (_, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        ben.says("Hello")
        ben.is_done()
        ben.raises_hand("reply")
        dov = circle.member("Dov")
        dov.arrives(listening=True)
        dov.raises_hand()
        assert circle.queue == ["Ben", "Dov"]
        assert dov.id not in circle.round.order


class TestBrokenConnections:
    def test_a_turn_waits_twenty_seconds_with_its_clock_stopped(self):
        circle, (_, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        circle.passes(30)
        ben.drops()
        circle.nothing_happens(AWAY_WAIT - 0.001)
        ben.comes_back()
        circle.waits(90, then=GraceBegan(ben.id))

    def test_then_comes_again_at_the_end_as_a_whole_if_nothing_was_said(self):
        circle, (_, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
        circle.passes(30)
        ben.drops()
        circle.waits(AWAY_WAIT, then=TurnEnded(ben.id, "later"))
        ben.comes_back()
        chi.passes()
        circle.waits(READY, then=TurnBegan(ben.id, 120.0))

    def test_or_with_what_was_left_if_something_was(self):
        circle, (_, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
        circle.passes(30)
        ben.says("Hello")
        ben.drops()
        circle.passes(AWAY_WAIT)
        ben.comes_back()
        chi.passes()
        circle.passes(READY)
        circle.is_turn_of(ben)
        assert circle.round.length == pytest.approx(90, abs=0.01)
        circle.passes(91 + GRACE)
        circle.is_over()
        assert circle.happened[-2:] == [TurnEnded(ben.id, "done"), RoundFinished()]

    def test_away_again_it_is_passed_and_never_called_absent(self):
        circle, (_, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
        ben.drops()
        circle.passes(AWAY_WAIT)
        chi.passes()
        circle.is_turn_of(ben, "ready")
        circle.comes_to(circle.round.until - 1)
        assert circle.passes(1) == [TurnEnded(ben.id, "passed"), RoundFinished()]

    def test_who_is_away_when_the_turn_comes_is_waited_for(self):
        circle, (ana, ben, _) = a_round("Ana", "Ben", "Chi")
        ana.passes()
        ben.drops()
        circle.passes(PREVIEW)
        circle.is_turn_of(ben, "ready")
        circle.passes(19)
        ben.comes_back()
        circle.waits(READY, then=TurnBegan(ben.id, 120.0))

    def test_what_broke_before_anybody_noticed_is_not_lost_to_the_turn(self):
        circle, (_, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        circle.passes(30)
        circle.loses(ben, since=circle.now - 12)
        circle.passes(5)
        ben.comes_back()
        circle.waits(102, then=GraceBegan(ben.id))

    def test_but_no_turn_grows_longer_by_it(self):
        circle, (_, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        circle.passes(5)
        circle.loses(ben, since=circle.now - 12)
        circle.passes(5)
        ben.comes_back()
        circle.waits(120, then=GraceBegan(ben.id))

    def test_others_who_drop_and_come_back_change_nothing(self):
        circle, (_, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
        circle.passes(30)
        chi.drops()
        circle.passes(30)
        chi.comes_back()
        circle.waits(60, then=GraceBegan(ben.id))

    def test_who_leaves_is_not_waited_for(self):
        circle, (_, ben, chi, _) = in_a_turn("Ana", "Ben", "Chi", "Dov")
        ben.leaves()
        assert circle.passes() == [TurnEnded(ben.id, "later")]
        circle.is_turn_of(chi, "ready")
        assert circle.order == ["Ana", "Chi", "Dov", "Ben"]

    def test_and_has_a_place_again_when_they_come_back_in_time(self):
        circle, (_, ben, chi, dov) = in_a_turn("Ana", "Ben", "Chi", "Dov")
        ben.leaves()
        circle.passes()
        ben.comes_back()
        for who in (chi, dov):
            who.passes()
        circle.is_turn_of(ben, "ready")


class TestQuietedOrResting:
    @pytest.mark.parametrize("why", ["quieted", "cornered", "listening", "outside"])
    def test_they_are_skipped_and_keep_a_place_at_the_end(self, why):
        circle, (ana, ben, chi) = a_round("Ana", "Ben", "Chi")
        ana.passes()
        make(why, ana, ben)
        circle.passes(PREVIEW)
        circle.is_turn_of(chi, "ready")
        assert circle.order == ["Ana", "Chi", "Ben"]
        make_not(why, ana, ben)
        chi.passes()
        circle.is_turn_of(ben, "ready")
        circle.passes(READY)
        ben.can_speak()

    @pytest.mark.parametrize("why", ["quieted", "cornered", "listening", "outside"])
    def test_who_still_cannot_speak_then_has_passed(self, why):
        circle, (ana, ben, chi) = a_circle("Ana", "Ben", "Chi")
        dov = circle.member("Dov")
        dov.arrives()
        ana.begins_round()
        ana.passes()
        make(why, ana, ben)
        circle.passes(PREVIEW)
        chi.passes()
        dov.passes()
        circle.brought(RoundFinished())

    @pytest.mark.parametrize("why", ["quieted", "cornered", "listening", "outside"])
    def test_in_the_middle_of_a_turn_it_goes_on_without_them(self, why):
        circle, (ana, ben, chi, _) = in_a_turn("Ana", "Ben", "Chi", "Dov")
        circle.passes(20)
        make(why, ana, ben)
        assert circle.passes() == [TurnEnded(ben.id, "later")]
        circle.is_turn_of(chi, "ready")

    def test_the_others_cannot_tell_from_somebody_who_comes_back_later(self):
        circle, (ana, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        ana.quiets(ben)
        circle.passes()
        ended = circle.happened[-1]
        circle, (_, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        ben.comes_back_later()
        assert circle.happened[-1] == ended

    def test_a_quiet_that_is_over_when_the_turn_comes_costs_nothing(self):
        circle, (ana, ben, chi) = a_round("Ana", "Ben", "Chi", seconds=120)
        ana.quiets(chi, 2)
        circle.passes(TO_A_TURN)
        ana.says("Hello")
        circle.passes(100)
        ana.is_done()
        ben.is_done()
        circle.is_turn_of(chi, "ready")
        assert circle.order == ["Ana", "Ben", "Chi"]


def make(why, facilitator, who):
    match why:
        case "quieted":
            facilitator.quiets(who, 10)
        case "cornered":
            who.asks(GoToCorner(shown=False, leave_be=False))
        case "listening":
            who.asks(Listen(on=True))
        case _:
            facilitator.asks(BackToLobby(who.id, "take_a_breather"))


def make_not(why, facilitator, who):
    match why:
        case "quieted":
            facilitator.unquiets(who)
        case "cornered":
            who.asks(LeaveCorner())
        case "listening":
            who.asks(Listen(on=False))
        case _:
            facilitator.admits(who)


class TestStoppingTheClock:
    def test_a_pause_and_what_was_left_goes_on_after_it(self):
        circle, (ana, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        circle.passes(30)
        ana.pauses()
        circle.nothing_happens(minutes=5)
        ben.cannot_speak("paused")
        ana.resumes()
        circle.is_turn_of(ben)
        circle.waits(90, then=GraceBegan(ben.id))

    @pytest.mark.parametrize("phase", ["preview", "ready", "grace"])
    def test_in_every_phase(self, phase):
        circle, (ana, *_) = a_round("Ana", "Ben", "Chi")
        ana.passes()
        circle.passes({"preview": 5, "ready": PREVIEW + 5, "grace": TO_A_TURN + 125}[phase])
        assert circle.round.phase == phase
        left = circle.round.until - circle.now
        ana.pauses()
        circle.nothing_happens(60)
        ana.resumes()
        circle.nothing_happens(left - 0.001)
        assert circle.passes(0.001) != []

    def test_a_hold_too(self):
        circle, (ana, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        circle.passes(30)
        ana.drops()
        circle.passes(minutes=6)
        ana.comes_back()
        circle.nothing_happens(30)
        ana.resumes()
        circle.waits(90, then=GraceBegan(ben.id))

    def test_it_stands_from_the_moment_that_nobody_leads(self):
        circle, (ana, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        circle.passes(30)
        ana.drops()
        circle.nothing_happens(44)
        ben.can_speak()
        ana.comes_back()
        circle.waits(90, then=GraceBegan(ben.id))

    def test_when_the_lead_drops_it_stands_until_another_leads(self):
        circle, (ana, ben, _) = a_circle("Ana", "Ben", "Chi")
        jo = circle.facilitator("Jo")
        jo.arrives()
        ana.begins_round()
        ana.passes()
        circle.passes(TO_A_TURN + 30)
        ana.drops()
        circle.nothing_happens(44)
        circle.passes(1)
        assert circle.room.controls.lead == jo.id
        circle.waits(90, then=GraceBegan(ben.id))

    def test_another_facilitator_who_drops_does_not_stop_it(self):
        circle, (ana, ben, _) = a_circle("Ana", "Ben", "Chi")
        jo = circle.facilitator("Jo")
        jo.arrives()
        ana.begins_round()
        ana.passes()
        circle.passes(TO_A_TURN + 30)
        jo.drops()
        circle.waits(90, then=GraceBegan(ben.id))

    def test_the_lead_who_drops_in_their_own_turn_goes_on_with_it(self):
        circle, (ana, _) = a_round("Ana", "Ben")
        circle.passes(TO_A_TURN + 30)
        ana.drops()
        circle.nothing_happens(40)
        ana.comes_back()
        circle.waits(90, then=GraceBegan(ana.id))

    def test_or_is_waited_for_when_another_leads_by_then(self):
        circle, (ana, ben) = a_circle("Ana", "Ben")
        jo = circle.facilitator("Jo")
        jo.arrives()
        ana.begins_round()
        circle.passes(TO_A_TURN + 30)
        ana.drops()
        circle.passes(45)
        circle.nothing_happens(AWAY_WAIT - 0.001)
        assert circle.passes(0.001) == [TurnEnded(ana.id, "later")]
        circle.is_turn_of(ben, "ready")

    def test_a_wait_for_somebody_begins_anew_after_a_pause(self):
        circle, (ana, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        ben.drops()
        circle.passes(15)
        ana.pauses()
        circle.nothing_happens(60)
        ana.resumes()
        circle.waits(AWAY_WAIT, then=TurnEnded(ben.id, "later"))

    def test_a_facilitator_stops_it_and_lets_it_go_on(self):
        circle, (ana, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        circle.passes(30)
        ana.pauses_round()
        circle.brought(RoundPaused(by="Ana"))
        ben.can_speak()
        circle.nothing_happens(minutes=4)
        ana.pauses_round()
        ana.is_refused("already")
        ana.goes_on_with_round()
        circle.brought(RoundWentOn(by="Ana"))
        circle.waits(90, then=GraceBegan(ben.id))
        ana.goes_on_with_round()
        ana.is_refused("already")

    def test_a_pause_of_the_room_does_not_lift_that_of_the_round(self):
        circle, (ana, _, _) = in_a_turn("Ana", "Ben", "Chi")
        ana.pauses_round()
        ana.pauses()
        ana.resumes()
        circle.nothing_happens(minutes=5)

    def test_a_turn_may_be_ended_while_it_stands_and_the_next_one_waits_too(self):
        circle, (ana, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
        ana.pauses()
        ben.is_done()
        circle.is_turn_of(chi, "ready")
        circle.nothing_happens(minutes=1)
        ana.resumes()
        circle.waits(READY, then=TurnBegan(chi.id, 120.0))


class TestConducting:
    def test_turns_that_have_not_begun_are_shortened_by_the_same(self):
        circle, (ana, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
        ana.shortens_round(60)
        circle.brought(RoundShortened(60, by="Ana"))
        circle.waits(120, then=GraceBegan(ben.id))
        ben.is_done()
        circle.waits(READY, then=TurnBegan(chi.id, 60.0))

    @pytest.mark.parametrize(
        ("seconds", "why"), [(120, "already"), (121, "invalid"), (SHORTEST - 1, "invalid")]
    )
    def test_never_to_less_than_a_minute_nor_to_more(self, seconds, why):
        _, (ana, _) = a_round("Ana", "Ben")
        ana.shortens_round(seconds)
        ana.is_refused(why)

    def test_it_is_ended_early_with_a_notice(self):
        circle, (ana, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        ana.ends_round()
        circle.brought(RoundEnded(by="Ana"))
        circle.is_over()
        ben.can_speak()

    def test_only_while_there_is_one(self):
        _, (ana, _) = a_circle("Ana", "Ben")
        for ask in (ana.ends_round, ana.pauses_round, ana.goes_on_with_round, lambda: ana.shortens_round(60)):
            ask()
            ana.is_refused("no_round")


class TestOnlyOneLeft:
    def test_it_ends_kindly_when_nobody_else_is_there_to_listen(self):
        circle, (ana, ben) = a_circle("Ana", "Ben")
        jo = circle.facilitator("Jo")
        jo.arrives()
        ana.begins_round()
        ana.leaves()
        circle.passes(TO_A_TURN)
        ben.leaves()
        assert RoundFinished(why="alone") in circle.passes()
        assert circle.room.controls.mode is Mode.OPEN

    def test_who_only_dropped_is_still_there_until_the_seat_is_given_up(self):
        circle, (_, ben) = in_a_turn("Ana", "Ben")
        ben.drops()
        circle.passes(AWAY_WAIT + AWAY_WAIT)
        assert RoundFinished(why="alone") not in circle.happened
        circle, (ana, ben) = a_round("Ana", "Ben", seconds=300)
        circle.passes(TO_A_TURN)
        ana.says("Hello")
        ben.drops()
        circle.nothing_happens(179)
        assert circle.passes(1) == [Left(ben.id), RoundFinished(why="alone")]


@pytest.mark.parametrize(
    "event",
    [PreviewEnded(), TurnBegan("s?", 60.0), GraceBegan("s?"), TurnEnded("s?", "done"), TurnPassed("s?"), RoundJoined("s?"), RoundFinished(), RoundEnded("Ana"), RoundPaused("Ana"), RoundShortened(60, "Ana")],
    ids=repr,
)  # fmt: skip
def test_what_is_heard_too_late_breaks_nothing(event):
    circle, _ = a_circle("Ana", "Ben")
    before = circle.room.controls.round
    circle.fold(event)
    assert circle.room.controls.round is before is None


def test_a_copy_without_its_length_begins_nothing():
    circle, (_, ben, _) = in_a_turn("Ana", "Ben", "Chi")
    before = circle.round
    circle.fold(TurnBegan(ben.id, None))
    assert circle.round == before
