"""The time of a turn: whose business it is, who may have more of it, and the end of the session."""

import pytest

from rooms.live import view
from rooms.live.floor import GRACE, MAY_FINISH, may_finish_until
from rooms.live.lifecycle import NOTICE, Ended
from rooms.live.rounds import PREVIEW, READY, GraceBegan, TurnBegan, TurnEnded
from rooms.live.turns import ExtraTimeSet, MoreTime, SetExtraTime, ShowTimer, TimerShown, TurnExtended
from rooms.live.words import INSIDE, Audience, State
from tests.live.cast_floor import Circle, a_circle, a_round, in_a_turn
from tests.people import an_evening

NOBODY_ELSE = (Audience.MEMBER, Audience.FACILITATOR, Audience.WAITING, Audience.CORNERED)


class TestTheTimer:
    def test_everybody_sees_whose_turn_it_is_and_only_the_speaker_how_long(self):
        began = TurnBegan("sben", 240.0)
        for audience in (Audience.MEMBER, Audience.FACILITATOR):
            assert began.shown_to(audience) == TurnBegan("sben", None)
        assert began.shown_to(Audience.WAITING) is None
        assert began.shown_to(Audience.CORNERED) is None
        assert began.concerns == "sben"
        assert began.shown_to_concerned() == began

    @pytest.mark.parametrize(
        "event", [GraceBegan("sben"), TurnExtended("sben", 60.0), ExtraTimeSet("sben", 2)], ids=repr
    )
    def test_of_grace_and_of_more_time_nobody_else_is_told(self, event):
        assert [event.shown_to(audience) for audience in NOBODY_ELSE] == [None] * 4
        assert not event.numbered
        assert event.concerns == "sben"
        assert event.shown_to_concerned() == event


def others_see(circle: Circle) -> float | None:
    """When the turn is over, as everybody in the room is shown it."""
    shown = [view.room_shown(circle.room, audience)["round"] for audience in INSIDE]
    assert shown[0] == shown[1]
    until = shown[0]["until"]  # type: ignore[index,call-overload]  # of a round that is on
    assert until is None or isinstance(until, float)
    return until


class TestATimerThatIsShown:
    def test_until_a_turn_begins_everybody_sees_when_it_does(self):
        circle, (ana, _, _) = a_round("Ana", "Ben", "Chi")
        assert others_see(circle) == circle.now + PREVIEW
        circle.passes(PREVIEW)
        assert others_see(circle) == circle.now + READY
        ana.pauses_round()
        assert others_see(circle) is None

    def test_by_who_has_the_turn_and_for_as_long_as_they_like(self):
        circle, (_, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
        assert others_see(circle) is None
        ben.asks(ShowTimer(on=True))
        circle.brought(TimerShown(ben.id, on=True))
        assert others_see(circle) == circle.now + 120
        assert ben.id in view.touched(circle.room.with_controls(seats={}), circle.room)
        assert view.you_shown(circle.room, ben.seat, circle.now)["timer_shown"]
        ben.asks(ShowTimer(on=True))
        ben.is_refused("already")
        ben.asks(ShowTimer(on=False))
        assert others_see(circle) is None
        # What one shows is one's own turn, and nobody else's.
        chi.asks(ShowTimer(on=True))
        assert others_see(circle) is None
        ben.is_done()
        circle.passes(READY)
        assert others_see(circle) == circle.now + 120

    def test_nobody_is_told_of_the_choice(self):
        shown = TimerShown("sben", on=True)
        assert [shown.shown_to(audience) for audience in NOBODY_ELSE] == [None] * 4
        assert not shown.numbered
        assert shown.concerns == "sben"

    def test_when_it_is_over_it_is_over_and_grace_stays_the_speakers_own(self):
        circle, (_, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        ben.asks(ShowTimer(on=True))
        until = others_see(circle)
        circle.waits(120, then=GraceBegan(ben.id))
        assert others_see(circle) == until
        ben.needs_more_time()
        assert others_see(circle) == circle.now + 60

    def test_a_connection_that_breaks_is_not_what_they_chose_to_show(self):
        circle, (_, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        ben.asks(ShowTimer(on=True))
        circle.passes(30)
        before = others_see(circle)
        ben.drops()
        assert circle.round.left == 90
        assert others_see(circle) == before
        circle.passes(15)
        ben.comes_back()
        assert others_see(circle) == circle.now + 90

    def test_a_clock_that_stands_shows_no_time(self):
        circle, (ana, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        ben.asks(ShowTimer(on=True))
        ana.pauses_round()
        assert others_see(circle) is None
        ana.goes_on_with_round()
        assert others_see(circle) == circle.now + 120

    def test_a_turn_of_somebody_the_room_has_forgotten_shows_none(self):
        circle, (_, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        ben.asks(ShowTimer(on=True))
        seats = {seat: held for seat, held in circle.room.controls.seats.items() if seat != ben.id}
        circle.room = circle.room.with_controls(seats=seats)
        assert others_see(circle) is None


class TestExtraTime:
    @pytest.mark.parametrize("times", [2, 3])
    def test_set_before_the_round_by_oneself_for_oneself(self, times):
        circle, (ana, ben, chi) = a_circle("Ana", "Ben", "Chi")
        ben.sets_extra_time(times)
        circle.brought(ExtraTimeSet(ben.id, times))
        ana.begins_round()
        ana.passes()
        circle.passes(15)
        circle.waits(READY, then=TurnBegan(ben.id, 120.0 * times))
        circle.waits(120 * times, then=GraceBegan(ben.id))
        ben.is_done()
        circle.waits(READY, then=TurnBegan(chi.id, 120.0))

    def test_also_by_somebody_quieted_or_listening_and_back_again(self):
        circle, (ana, ben) = a_circle("Ana", "Ben")
        ana.quiets(ben)
        ben.sets_extra_time(2)
        ben.sets_extra_time(2)
        ben.is_refused("already")
        ben.sets_extra_time(1)
        chi = circle.member("Chi")
        chi.arrives(listening=True)
        chi.sets_extra_time(3)
        assert (ben.seat.extra, chi.seat.extra) == (1, 3)

    @pytest.mark.parametrize("times", [0, 4, -1])
    def test_no_other_than_these(self, times):
        _, (_, ben) = a_circle("Ana", "Ben")
        ben.asks(SetExtraTime(times))
        ben.is_refused("invalid")

    def test_set_in_a_turn_it_counts_from_the_next_one(self):
        circle, (_, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        ben.sets_extra_time(3)
        circle.waits(120, then=GraceBegan(ben.id))

    def test_a_shortened_round_shortens_it_in_proportion(self):
        circle, (ana, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
        chi.sets_extra_time(2)
        ana.shortens_round(60)
        ben.is_done()
        circle.waits(READY, then=TurnBegan(chi.id, 120.0))

    def test_it_outlives_a_dropped_connection(self):
        _, (_, ben) = a_circle("Ana", "Ben")
        ben.sets_extra_time(2)
        ben.drops()
        ben.comes_back()
        assert ben.seat.extra == 2


class TestMoreTime:
    def test_half_a_turn_once(self):
        circle, (_, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        circle.passes(100)
        ben.needs_more_time()
        circle.brought(TurnExtended(ben.id, 60.0))
        ben.needs_more_time()
        ben.is_refused("only_once")
        circle.waits(80, then=GraceBegan(ben.id))

    def test_half_of_their_own_turn(self):
        circle, (ana, ben) = a_circle("Ana", "Ben")
        ben.sets_extra_time(2)
        ana.begins_round()
        ana.passes()
        circle.passes(15 + READY)
        ben.needs_more_time()
        circle.waits(240 + 120, then=GraceBegan(ben.id))

    def test_in_the_grace_too_which_comes_again_after_it(self):
        circle, (_, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        circle.passes(130)
        ben.says("and")
        ben.needs_more_time()
        circle.comes_to(circle.now + 59)
        ben.can_speak()
        circle.passes(1)
        circle.brought(GraceBegan(ben.id))
        circle.passes(GRACE)
        assert circle.happened[-1] == TurnEnded(ben.id, "done")

    def test_while_the_clock_stands(self):
        circle, (ana, ben, _) = in_a_turn("Ana", "Ben", "Chi")
        circle.passes(100)
        ana.pauses_round()
        ben.needs_more_time()
        circle.nothing_happens(100)
        ana.goes_on_with_round()
        circle.waits(80, then=GraceBegan(ben.id))

    def test_only_in_ones_own_turn_once_it_has_begun(self):
        circle, (ana, ben) = a_round("Ana", "Ben")
        ben.asks(MoreTime())
        ben.is_refused("not_your_turn")
        circle.passes(15)
        ana.needs_more_time()
        ana.is_refused("not_your_turn")
        ana.ends_round()
        ana.needs_more_time()
        ana.is_refused("not_your_turn")


class TestTheEndOfTheSession:
    """It ends two minutes after the hour: the first turn begins at 25 seconds, and would last for two minutes and a half."""

    def a_turn_at_the_end(self, seconds=120):
        return in_a_turn("Ana", "Ben", "Chi", seconds=seconds, minutes=2, closing_minutes=1)

    def test_an_open_turn_may_finish(self):
        circle, (_, ben, _) = self.a_turn_at_the_end()
        ends_at = circle.room.controls.ends_at
        ben.says("Hello")
        assert may_finish_until(circle.room) == circle.round.until + GRACE
        circle.comes_to(ends_at + 20)
        circle.is_now(State.CLOSING)
        ben.can_speak()
        assert may_finish_until(circle.room) == circle.round.until + GRACE
        circle.comes_to(circle.round.until)
        assert may_finish_until(circle.room) == circle.round.until
        ben.is_done()
        assert may_finish_until(circle.room) is None
        assert circle.passes() == [Ended(why="time")]

    def test_with_its_grace_and_then_no_other_begins(self):
        circle, (_, ben, _) = self.a_turn_at_the_end()
        ben.says("Hello")
        ends = circle.round.until + GRACE
        circle.comes_to(ends - 0.001)
        circle.is_now(State.CLOSING)
        assert circle.comes_to(ends) == [TurnEnded(ben.id, "done"), Ended(why="time")]

    def test_for_two_minutes_at_most(self):
        circle, (_, ben, _) = self.a_turn_at_the_end(seconds=300)
        ends = circle.room.controls.ends_at + MAY_FINISH
        assert may_finish_until(circle.room) == ends
        circle.comes_to(ends - 0.001)
        ben.can_speak()
        assert circle.comes_to(ends) == [Ended(why="time")]

    def test_whatever_stops_its_clock(self):
        circle, (ana, _, _) = self.a_turn_at_the_end()
        ana.pauses_round()
        ends = circle.room.controls.ends_at + MAY_FINISH
        assert may_finish_until(circle.room) == ends
        circle.comes_to(ends - 0.001)
        circle.is_now(State.CLOSING)
        assert circle.comes_to(ends) == [Ended(why="time")]

    def test_a_pause_of_the_room_holds_up_nothing(self):
        circle, (ana, _, _) = self.a_turn_at_the_end()
        ana.pauses()
        assert may_finish_until(circle.room) is None
        assert circle.comes_to(circle.room.controls.ends_at)[-1] == Ended(why="time")

    def test_a_facilitator_who_ends_it_means_it(self):
        circle, (ana, _, _) = in_a_turn("Ana", "Ben", "Chi")
        ana.ends()
        assert may_finish_until(circle.room) is None
        circle.waits(NOTICE, then=Ended(why="facilitator"))

    def test_a_turn_that_has_not_begun_is_not_waited_for(self):
        circle, (ana, *_) = a_circle("Ana", "Ben", minutes=1, closing_minutes=0)
        circle.passes(40)
        ana.begins_round()
        circle.comes_to(circle.room.controls.ends_at - 1)
        assert circle.round.phase == "ready"
        assert circle.passes(1)[-1] == Ended(why="time")

    def test_without_a_round_there_is_nothing_to_wait_for(self):
        assert may_finish_until(an_evening().room) is None


@pytest.mark.parametrize("event", [TurnExtended("s?", 60.0), ExtraTimeSet("s?", 2)], ids=repr)
def test_what_is_heard_too_late_breaks_nothing(event):
    circle, _ = in_a_turn("Ana", "Ben", "Chi")
    before = circle.room.controls
    circle.fold(event)
    assert (circle.room.controls.round, circle.room.controls.seats) == (before.round, before.seats)
