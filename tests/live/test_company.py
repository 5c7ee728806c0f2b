"""Two who are left: a group does not turn into a talk for two without both wanting it."""

from rooms.live.company import CarriedOn, CarryOn, OnlyTwoLeft, OthersAreHere
from rooms.live.door import Left
from rooms.live.lifecycle import Closing, Held
from rooms.live.state import MINUTE
from rooms.live.words import Audience, State
from tests.live.cast_care import another_facilitator, goes_to_corner
from tests.people import START, an_evening


def two_are_left():
    evening = an_evening(late_minutes=60)
    ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
    chi.leaves()
    assert evening.passes(0) == [OnlyTwoLeft()]
    return evening, ana, ben, chi


class TestOnlyTwoLeft:
    def test_both_are_told_at_once(self):
        two_are_left()
        assert OnlyTwoLeft().shown_to(Audience.MEMBER) == OnlyTwoLeft()
        assert OnlyTwoLeft().shown_to(Audience.FACILITATOR) == OnlyTwoLeft()
        assert OnlyTwoLeft().shown_to(Audience.WAITING) is None

    def test_five_minutes_later_the_room_begins_to_close(self):
        evening, _, ben, _ = two_are_left()
        at = evening.now + 5 * MINUTE
        evening.waits(minutes=5, then=Closing(ends_at=at + 10 * MINUTE, by=""))
        evening.is_now(State.CLOSING)
        ben.can_speak()

    def test_never_longer_than_the_session(self):
        evening = an_evening(late_minutes=60, closing_minutes=5)
        ana, _, chi = evening.under_way("Ana", "Ben", "Chi")
        assert ana.is_inside()
        evening.comes_to(START + 49 * MINUTE)
        chi.leaves()
        evening.passes(0)
        evening.waits(minutes=5, then=Closing(ends_at=START + 59 * MINUTE, by=""))
        again = an_evening(late_minutes=60, closing_minutes=5)
        ana, _, chi = again.under_way("Ana", "Ben", "Chi")
        again.comes_to(START + 49.5 * MINUTE)
        chi.leaves()
        again.passes(0)
        again.waits(minutes=5, then=Closing(ends_at=START + 59.5 * MINUTE, by=""))

    def test_one_who_dropped_is_waited_for_first(self):
        evening = an_evening(late_minutes=60)
        _, _, chi = evening.under_way("Ana", "Ben", "Chi")
        chi.drops()
        evening.nothing_happens(179)
        assert evening.passes(1) == [Left(seat=chi.id), OnlyTwoLeft()]

    def test_one_who_came_alone_is_no_surprise_to_anybody(self):
        evening = an_evening(late_minutes=60)
        evening.under_way("Ana", "Ben")
        evening.nothing_happens(minutes=30)

    def test_two_facilitators_are_company(self):
        evening = an_evening(late_minutes=60)
        _, _, chi = evening.under_way("Ana", "Ben", "Chi")
        jo = another_facilitator(evening)
        chi.leaves()
        evening.nothing_happens(minutes=5)
        jo.leaves()
        assert evening.passes(0) == [OnlyTwoLeft()]

    def test_a_facilitator_alone_or_two_members_are_not_two(self):
        evening = an_evening(late_minutes=60)
        _, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ben.leaves()
        chi.leaves()
        evening.nothing_happens(minutes=5)
        again = an_evening(late_minutes=60)
        ana, *_ = again.under_way("Ana", "Ben", "Chi")
        ana.leaves()
        assert again.passes(50) == [Held()]

    def test_a_facilitator_in_the_corner_is_nobody_to_talk_to(self):
        evening = an_evening(late_minutes=60)
        ana, _, chi = evening.under_way("Ana", "Ben", "Chi")
        goes_to_corner(ana)
        chi.leaves()
        evening.nothing_happens(seconds=44)


class TestCarryingOn:
    def test_when_both_say_so(self):
        evening, ana, ben, _ = two_are_left()
        ana.asks(CarryOn())
        evening.brought(CarriedOn(seat=ana.id))
        ben.asks(CarryOn())
        evening.nothing_happens(minutes=14)
        evening.is_now(State.LIVE)

    def test_not_when_only_one_does(self):
        evening, ana, _, _ = two_are_left()
        ana.asks(CarryOn())
        assert isinstance(evening.passes(minutes=5)[-1], Closing)

    def test_once_each_and_only_when_it_is_asked(self):
        evening, ana, ben, chi = two_are_left()
        ben.asks(CarryOn())
        ben.asks(CarryOn())
        ben.is_refused("already")
        chi.comes_back()
        chi.asks(CarryOn())
        chi.is_refused("not_now")
        evening.passes(0)
        ana.asks(CarryOn())
        ana.is_refused("not_now")

    def test_somebody_quieted_may(self):
        evening, ana, ben, _ = two_are_left()
        ana.quiets(ben)
        ben.asks(CarryOn())
        assert evening.room.controls.carry_on == (ben.id,)

    def test_somebody_who_comes_ends_the_question(self):
        evening, _, _, chi = two_are_left()
        evening.passes(minutes=4)
        chi.comes_back()
        assert evening.passes(0) == [OthersAreHere()]
        assert not OthersAreHere().reach
        evening.nothing_happens(minutes=10)

    def test_the_next_time_it_is_asked_anew(self):
        evening, ana, ben, chi = two_are_left()
        ana.asks(CarryOn())
        ben.asks(CarryOn())
        chi.comes_back()
        evening.passes(minutes=10)
        chi.leaves()
        assert evening.passes(0) == [OnlyTwoLeft()]
        assert isinstance(evening.passes(minutes=5)[-1], Closing)

    def test_another_facilitator_has_not_said_so_yet(self):
        evening, ana, ben, _ = two_are_left()
        ana.asks(CarryOn())
        ben.asks(CarryOn())
        another_facilitator(evening)
        ana.leaves()
        assert isinstance(evening.passes(minutes=5)[-1], Closing)


class TestPaused:
    def test_the_time_of_a_pause_does_not_count(self):
        evening, ana, *_ = two_are_left()
        evening.passes(minutes=4)
        ana.pauses()
        evening.nothing_happens(minutes=5)
        ana.resumes()
        evening.nothing_happens(minutes=4.9)
        assert isinstance(evening.passes(minutes=0.1)[-1], Closing)
