"""How people talk: changing it, sitting together, cards for all to read."""

import pytest

from rooms.live.conducting import RoundEnded
from rooms.live.hands import HandRaised
from rooms.live.modes import LONGEST_PROMPT, ModeChanged, Prompt, Prompted, SetMode, SitEnded
from rooms.live.words import Audience, Mode, State
from tests.live.cast_floor import a_circle, a_round
from tests.people import MINUTE, an_evening


class TestChangingTheMode:
    def test_everybody_reads_who_changed_it_and_it_holds_at_once(self):
        circle, (ana, ben) = a_circle("Ana", "Ben")
        ben.can_speak()
        ana.sets_mode("parked")
        circle.brought(ModeChanged(Mode.PARKED, None, by="Ana"))
        assert circle.room.controls.tally["mode_changed"] == 1
        ben.cannot_speak("parked")
        ana.cannot_speak("parked")
        ana.sets_mode("open")
        ben.can_speak()

    def test_a_session_begins_as_the_organiser_set_it(self):
        _, (ana, ben) = a_circle("Ana", "Ben", mode=Mode.HANDS)
        ben.cannot_speak("raise_a_hand")
        ben.raises_hand()
        ana.calls(ben)
        ben.can_speak()

    @pytest.mark.parametrize(
        ("mode", "minutes"),
        [("round", None), ("loud", None), ("", None), ("open", 5), ("sit", 0), ("sit", 31)],
    )
    def test_only_to_what_there_is(self, mode, minutes):
        _, (ana, _) = a_circle("Ana", "Ben")
        ana.sets_mode(mode, minutes)
        ana.is_refused("invalid")

    @pytest.mark.parametrize("mode", ["open", "hands", "parked", "sit"])
    def test_the_second_of_two_facilitators_is_told(self, mode):
        _, (ana, _) = a_circle("Ana", "Ben")
        if mode != "open":
            ana.sets_mode(mode)
        ana.sets_mode(mode)
        ana.is_refused("already")

    def test_before_the_start_and_in_a_pause_but_not_while_the_room_is_held(self):
        evening = an_evening()
        ana = evening.facilitator("Ana")
        ana.arrives()
        ana.asks(SetMode("hands"))
        assert evening.room.controls.mode is Mode.HANDS
        ana.starts()
        ana.pauses()
        ana.asks(SetMode("open"))
        ana.drops()
        evening.passes(45)
        evening.is_now(State.HELD)
        ana.comes_back()
        ana.asks(SetMode("hands"))
        ana.is_refused("held")

    def test_members_cannot(self):
        _, (_, ben) = a_circle("Ana", "Ben")
        ben.sets_mode("parked")
        ben.is_refused("not_allowed")

    def test_leaving_hands_takes_the_word_back_but_leaves_them_up(self):
        circle, (ana, ben, chi) = a_circle("Ana", "Ben", "Chi")
        ana.sets_mode("hands")
        ben.raises_hand()
        chi.raises_hand()
        ana.calls_next()
        ana.sets_mode("open")
        assert (circle.room.controls.called, circle.queue) == ("", ["Chi"])
        ana.sets_mode("hands")
        ben.cannot_speak("raise_a_hand")
        assert circle.queue == ["Chi"]

    @pytest.mark.parametrize("mode", ["open", "hands", "sit", "parked"])
    def test_a_round_is_ended_with_words_of_its_own_first(self, mode):
        circle, (ana, _) = a_round("Ana", "Ben")
        ana.sets_mode(mode)
        assert circle.happened[-2:] == [RoundEnded(by="Ana"), ModeChanged(Mode(mode), None, by="Ana")]
        circle.is_over()
        assert circle.room.controls.mode == mode

    def test_inside_everybody_is_told(self):
        changed = ModeChanged(Mode.SIT, None, by="Ana")
        assert changed.shown_to(Audience.MEMBER) == changed
        assert changed.shown_to(Audience.WAITING) is None
        assert changed.shown_to(Audience.CORNERED) is None


class TestSittingTogether:
    def test_nobody_writes_and_it_ends_by_itself(self):
        circle, (ana, ben) = a_circle("Ana", "Ben")
        ana.sets_mode("sit", 5)
        circle.brought(ModeChanged(Mode.SIT, circle.now + 5 * MINUTE, by="Ana"))
        ben.cannot_speak("sitting")
        ana.cannot_speak("sitting")
        circle.waits(minutes=5, then=SitEnded(why="time"))
        ben.can_speak()

    def test_without_a_time_it_goes_on(self):
        circle, (ana, ben) = a_circle("Ana", "Ben")
        ana.sets_mode("sit")
        circle.nothing_happens(minutes=14)
        ben.cannot_speak("sitting")

    @pytest.mark.parametrize("reason", ["", "reply", "new", "help"])
    def test_any_hand_ends_it(self, reason):
        circle, (ana, ben) = a_circle("Ana", "Ben")
        ana.sets_mode("sit", 5)
        ben.raises_hand(reason)
        assert circle.happened[-2:] == [HandRaised(ben.id, reason), SitEnded(why="hand")]
        assert circle.room.controls.mode_until is None
        ben.can_speak()

    def test_also_a_hand_that_was_up_already(self):
        circle, (ana, ben) = a_circle("Ana", "Ben")
        ben.raises_hand()
        ana.sets_mode("sit")
        ben.raises_hand()
        circle.brought(SitEnded(why="hand"))
        assert circle.queue == ["Ben"]

    def test_somebody_who_came_to_listen_may_end_it_too(self):
        circle, (ana, _) = a_circle("Ana", "Ben")
        chi = circle.member("Chi")
        chi.arrives(listening=True)
        ana.sets_mode("sit")
        chi.raises_hand()
        circle.brought(SitEnded(why="hand"))

    @pytest.mark.parametrize(("before", "why"), [("hands", "raise_a_hand"), ("parked", "parked")])
    def test_afterwards_people_talk_as_before_and_no_more_freely(self, before, why):
        circle, (ana, ben) = a_circle("Ana", "Ben")
        ana.sets_mode(before)
        ana.sets_mode("sit", 2)
        circle.passes(5)
        ana.sets_mode("sit", 5)
        circle.passes(minutes=5)
        assert circle.room.controls.mode == before
        ben.cannot_speak(why)

    def test_another_time_may_be_set_meanwhile(self):
        circle, (ana, _) = a_circle("Ana", "Ben")
        ana.sets_mode("sit", 5)
        circle.passes(9)
        ana.sets_mode("sit", 5)
        ana.is_refused("already")
        ana.sets_mode("sit", 10)
        circle.waits(minutes=10, then=SitEnded(why="time"))
        ana.sets_mode("sit", 5)
        ana.sets_mode("sit")
        circle.nothing_happens(minutes=4)
        assert circle.room.controls.mode_until is None

    def test_a_pause_stops_its_clock(self):
        circle, (ana, _) = a_circle("Ana", "Ben")
        ana.sets_mode("sit", 5)
        circle.passes(minutes=2)
        ana.pauses()
        circle.nothing_happens(minutes=8)
        ana.resumes()
        circle.waits(minutes=3, then=SitEnded(why="time"))

    def test_so_does_a_hold_and_a_pause_that_becomes_one(self):
        circle, (ana, _) = a_circle("Ana", "Ben")
        ana.sets_mode("sit", 5)
        circle.passes(minutes=2)
        ana.pauses()
        circle.passes(minutes=1)
        ana.drops()
        circle.passes(minutes=3)
        circle.is_now(State.HELD)
        ana.comes_back()
        ana.resumes()
        circle.is_now(State.LIVE)
        circle.waits(minutes=3, then=SitEnded(why="time"))

    def test_with_a_time_it_begins_only_while_time_goes_on(self):
        _, (ana, _) = a_circle("Ana", "Ben")
        ana.pauses()
        ana.sets_mode("sit", 5)
        ana.is_refused("not_now")
        ana.sets_mode("sit")

    def test_one_event_that_comes_too_late_changes_nothing(self):
        circle, _ = a_circle("Ana", "Ben")
        before = circle.room
        circle.fold(SitEnded(why="time"))
        assert circle.room == before


class TestCards:
    def test_a_card_is_posted_for_everybody_to_read_in_any_mode(self):
        circle, (ana, _) = a_circle("Ana", "Ben")
        ana.sets_mode("sit")
        ana.prompts("  What helped this week? ")
        circle.brought(Prompted("What helped this week?", by="Ana"))
        assert Prompted.numbered
        assert circle.happened[-1].shown_to(Audience.WAITING) is None

    def test_its_words_are_carried_and_stand_nowhere(self):
        circle, (ana, _) = a_circle("Ana", "Ben")
        before = circle.room.controls
        ana.prompts("What helped?")
        assert "helped" not in repr(circle.happened[-1])
        assert "helped" not in repr(Prompt("What helped?"))
        assert circle.room.controls.tally == {**before.tally, "prompted": 1}
        assert "helped" not in repr(circle.room)

    @pytest.mark.parametrize(
        ("text", "why"), [("", "empty"), ("\u2066 \n", "empty"), ("x" * (LONGEST_PROMPT + 1), "too_long")]
    )
    def test_with_words_and_not_too_many(self, text, why):
        _, (ana, _) = a_circle("Ana", "Ben")
        ana.prompts(text)
        ana.is_refused(why)

    def test_in_a_pause_but_not_before_the_start_and_by_facilitators_only(self):
        evening = an_evening()
        ana = evening.facilitator("Ana")
        ana.arrives()
        ana.asks(Prompt("Welcome"))
        ana.is_refused("not_now")
        ana.starts()
        ana.pauses()
        ana.asks(Prompt("Back in a moment"))
        evening.brought(Prompted("Back in a moment", by="Ana"))
        ben = evening.member("Ben")
        ben.arrives()
        ana.admits(ben)
        ben.asks(Prompt("Me too"))
        ben.is_refused("not_allowed")
