"""Against haste and against raids: slow mode, frozen names, the shield, and the room putting it up itself."""

import pytest

from rooms.live.door import Admit, Arrived
from rooms.live.lobby import SetDoor
from rooms.live.looking import KeptForLook, LookFirst
from rooms.live.moderation import Quiet, TakeDown
from rooms.live.protection import (
    PACES,
    FreezeNames,
    NamesFrozen,
    PaceSet,
    Shield,
    Shielded,
    ShieldLowered,
    SlowMode,
    is_raid,
)
from rooms.live.seat import Rename
from rooms.live.state import Seat
from rooms.live.talk import Said, Say
from rooms.live.words import INSIDE, Door, Place, Role
from tests.live.cast_care import proposes
from tests.live.cast_control import last, seen_by, two_facilitators
from tests.people import MINUTE, START, Evening, an_evening

LATE = START + 15 * MINUTE


def come(evening: Evening, how_many: int, first: int = 0) -> None:
    for number in range(first, first + how_many):
        evening.member(f"Guest{number}").arrives()


class TestSlowMode:
    def test_one_message_each_so_many_seconds_and_the_wait_is_said(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(SlowMode(20))
        evening.brought(PaceSet(seconds=20, by="Ana"))
        ben.says("one")
        ben.says("two")
        assert ben.is_refused("slow_mode").offers == ("20",)
        evening.passes(12)
        ben.says("two")
        assert ben.is_refused("slow_mode").offers == ("8",)
        evening.passes(8)
        ben.says("two")

    def test_recalculates_when_changed(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(SlowMode(60))
        ben.says("one")
        evening.passes(15)
        ben.cannot_speak("slow_mode")
        ana.asks(SlowMode(10))
        ben.can_speak()
        ana.asks(SlowMode(60))
        assert ben.says("again") == ""
        assert ben.is_refused("slow_mode").offers == ("60",)
        ana.asks(SlowMode(0))
        ben.can_speak()

    def test_a_line_for_today_is_words_like_any_other(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(SlowMode(20))
        ben.says("one")
        proposes(ben)
        ben.is_refused("slow_mode")
        evening.passes(20)
        proposes(ben)
        ben.cannot_speak("slow_mode")
        for _ in range(3):
            proposes(ana)

    def test_each_seat_has_its_own_time_and_no_reconnect_or_new_name_clears_it(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.asks(SlowMode(30))
        ben.says("one")
        chi.can_speak()
        ben.drops()
        ben.comes_back()
        ben.asks(Rename("Night owl"))
        ben.cannot_speak("slow_mode")
        ben.leaves()
        ben.comes_back()
        ben.cannot_speak("slow_mode")

    def test_automatic_limits_never_hit_facilitators_or_what_cleans_up(self):
        evening = an_evening()
        ana, jo, ben = two_facilitators(evening, "Ben")
        ana.asks(SlowMode(60))
        ana.asks(LookFirst(None))
        for who in (ana, jo, ana, jo):
            who.can_speak()
        message = ana.says("one")
        ana.takes_back(message)
        jo.asks(TakeDown(jo.last_message, "other"))
        jo.asks(Quiet(ben.id, 5, "unkind"))

    def test_only_the_paces_that_there_are_and_each_once(self):
        evening = an_evening()
        (ana,) = evening.under_way("Ana")
        for seconds in (*PACES[1:], 0):
            ana.asks(SlowMode(seconds))
            ana.asks(SlowMode(seconds))
            ana.is_refused("already")
        for seconds in (-10, 15, 3600):
            ana.asks(SlowMode(seconds))
            ana.is_refused("invalid")

    def test_what_was_held_for_a_look_counts_as_said(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(SlowMode(30))
        ana.asks(LookFirst(None))
        ben.asks(Say("one"))
        assert isinstance(last(evening), KeptForLook)
        ben.asks(Say("two"))
        assert ben.is_refused("slow_mode").offers == ("30",)


class TestFrozenNames:
    def test_nobody_changes_theirs_until_it_is_over(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(FreezeNames(True))
        evening.brought(NamesFrozen(on=True, by="Ana"))
        ana.asks(FreezeNames(True))
        ana.is_refused("already")
        ben.asks(Rename("Night owl"))
        ben.is_refused("names_frozen")
        ana.asks(FreezeNames(False))
        ben.asks(Rename("Night owl"))
        ana.asks(FreezeNames(False))
        ana.is_refused("already")


class TestTheShield:
    def test_in_one_tap_knock_first_names_frozen_newcomers_looked_at_and_a_slower_pace(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        evening.passes(10)
        ana.asks(Shield(True))
        evening.brought(Shielded(by="Ana"))
        ana.asks(Shield(True))
        ana.is_refused("already")
        controls = evening.room.controls
        assert (controls.door, controls.names_frozen, controls.slow) == (Door.KNOCK, True, 20)
        evening.passes(1)
        chi = evening.member("Chi")
        chi.arrives()
        assert chi.is_waiting()
        ana.admits(chi)
        ben.can_speak()

    def test_lowering_it_gives_back_what_it_took_and_leaves_the_door(self):
        evening = an_evening()
        (ana,) = evening.under_way("Ana")
        ana.asks(Shield(True))
        ana.asks(Shield(False))
        evening.brought(ShieldLowered(by="Ana"))
        controls = evening.room.controls
        assert (controls.shield, controls.names_frozen, controls.slow) == (False, False, 0)
        assert controls.look_newcomers_since is None
        assert controls.door is Door.KNOCK
        ana.asks(Shield(False))
        ana.is_refused("already")

    @pytest.mark.parametrize("pace", PACES)
    @pytest.mark.parametrize("frozen", [True, False])
    def test_lifting_it_never_gives_more_than_before_it(self, pace, frozen):
        evening = an_evening()
        (ana,) = evening.under_way("Ana")
        if pace:
            ana.asks(SlowMode(pace))
        if frozen:
            ana.asks(FreezeNames(True))
        ana.asks(Shield(True))
        assert evening.room.controls.slow == max(pace, 20)
        ana.asks(Shield(False))
        assert evening.room.controls.slow == pace
        assert evening.room.controls.names_frozen is frozen

    def test_what_was_changed_by_hand_under_it_stays(self):
        evening = an_evening()
        (ana,) = evening.under_way("Ana")
        ana.asks(FreezeNames(True))
        ana.asks(Shield(True))
        ana.asks(SlowMode(60))
        ana.asks(FreezeNames(False))
        ana.asks(Shield(False))
        assert evening.room.controls.slow == 60
        assert evening.room.controls.names_frozen is False

    def test_a_locked_door_stays_locked(self):
        evening = an_evening()
        (ana,) = evening.under_way("Ana")
        ana.asks(SetDoor("locked"))
        ana.asks(Shield(True))
        assert evening.room.controls.door is Door.LOCKED

    def test_each_part_can_be_undone_alone(self):
        evening = an_evening()
        (ana,) = evening.under_way("Ana")
        ana.asks(Shield(True))
        ana.asks(LookFirst(None, 0))
        ana.asks(SlowMode(0))
        ana.asks(FreezeNames(False))
        ana.asks(SetDoor("open"))
        assert evening.room.controls.shield


class TestCase14ARaid:
    def test_six_newcomers_within_a_minute_once_everybody_has_come_put_up_the_shield(self):
        evening = an_evening(seats=8)
        evening.under_way("Ana")
        evening.comes_to(LATE)
        come(evening, 5)
        assert evening.passes(0) == []
        evening.now += 59
        come(evening, 1, first=5)
        assert evening.passes(0) == [Shielded(by="")]
        # Those who came with the raid, a moment ago, are newcomers too.
        assert evening.room.controls.look_newcomers_since == LATE
        assert evening.room.controls.happened[-1].by == ""

    def test_the_sixth_after_a_minute_does_not(self):
        evening = an_evening()
        evening.under_way("Ana")
        evening.comes_to(LATE)
        come(evening, 5)
        evening.now += 60
        come(evening, 1, first=5)
        evening.nothing_happens()

    def test_everybody_coming_at_the_start_is_no_raid(self):
        evening = an_evening()
        evening.under_way("Ana")
        evening.comes_to(LATE - 1)
        come(evening, 8)
        assert not is_raid(evening.room, evening.now)
        evening.nothing_happens(0.5)

    def test_a_large_room_bears_half_its_seats_in_a_minute(self):
        evening = an_evening(seats=16)
        evening.under_way("Ana")
        evening.comes_to(LATE)
        come(evening, 8)
        evening.nothing_happens()
        come(evening, 1, first=8)
        assert evening.passes(0) == [Shielded(by="")]

    @pytest.mark.parametrize("place", [Place.WAITING, Place.QUEUED])
    def test_more_than_twice_as_many_knocks_as_seats(self, place):
        evening = an_evening(seats=2)
        evening.under_way("Ana")
        evening.comes_to(LATE)
        for number in range(5):
            assert not is_raid(evening.room, evening.now)
            evening.now += 61
            seat = Seat(
                id=f"sg{number}",
                name=f"Guest{number}",
                role=Role.MEMBER,
                place=place,
                arrived_at=evening.now,
            )
            evening.fold(Arrived(people=(seat,)))
        assert is_raid(evening.room, evening.now)

    def test_the_room_does_not_put_it_up_again_after_a_facilitator_took_it_down(self):
        evening = an_evening()
        ana, *_ = evening.under_way("Ana")
        evening.comes_to(LATE)
        come(evening, 6)
        assert evening.passes(0) == [Shielded(by="")]
        assert not is_raid(evening.room, evening.now)
        ana.asks(Shield(False))
        evening.nothing_happens(5)

    def test_not_in_a_pause(self):
        evening = an_evening()
        ana, *_ = evening.under_way("Ana")
        evening.comes_to(LATE)
        ana.pauses()
        come(evening, 6)
        evening.nothing_happens()

    def test_people_inside_stay_where_they_are_and_their_words_pass(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        evening.comes_to(LATE)
        come(evening, 6)
        evening.passes(0)
        ben.can_speak()


@pytest.mark.parametrize(
    "event", [PaceSet(20, "Ana"), NamesFrozen(True, "Ana"), Shielded("Ana"), ShieldLowered("Ana")], ids=repr
)  # fmt: skip
def test_everybody_inside_is_told_of_protection_and_nobody_outside(event):
    assert seen_by(event) == INSIDE
    assert event.told


def test_a_newcomer_under_the_shield_is_looked_at_first_and_others_are_not():
    evening = an_evening()
    ana, ben = evening.under_way("Ana", "Ben")
    evening.passes(10)
    ana.asks(Shield(True))
    chi = evening.member("Chi")
    chi.arrives()
    ana.asks(Admit(chi.id))
    ben.says("passes")
    assert isinstance(last(evening), Said)
    chi.asks(Say("held"))
    assert isinstance(last(evening), KeptForLook)
