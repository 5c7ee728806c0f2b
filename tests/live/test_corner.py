"""The quiet corner: out of the room, and nothing lost; and how somebody would like to be answered."""

import pytest

from rooms.live import view
from rooms.live.corner import CornerNudged, LeftCorner, SetTag, TagSet, WentToCorner
from rooms.live.hands import RaiseHand
from rooms.live.lifecycle import Held
from rooms.live.talk import TAGS, Said
from rooms.live.words import Audience, State
from tests.live.cast_care import another_facilitator, comes_out, goes_to_corner, sees
from tests.people import an_evening


class TestGoing:
    def test_nothing_that_is_said_is_sent_there(self):
        evening = an_evening()
        _, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        goes_to_corner(ben)
        chi.says("hello")
        assert isinstance(evening.happened[-1], Said)
        assert sees(ben, evening.happened[-1]) is None
        ben.cannot_speak("cornered")

    def test_the_seat_and_what_stands_on_it_stay(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben, 10)
        before = ben.seat
        goes_to_corner(ben)
        comes_out(ben)
        after = ben.seat
        assert (after.quiet_until, after.place, after.name) == (before.quiet_until, before.place, before.name)
        ben.cannot_speak("quieted")

    def test_the_hand_stays_up(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(RaiseHand(""))
        goes_to_corner(ben)
        assert [hand.seat for hand in evening.room.controls.hands] == [ben.id]

    def test_a_dropped_connection_brings_nobody_out(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        goes_to_corner(ben)
        ben.drops()
        ben.comes_back()
        assert ben.seat.audience is Audience.CORNERED

    def test_somebody_quieted_may(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben)
        goes_to_corner(ben)
        assert ben.seat.corner_since == evening.now

    def test_in_a_pause_and_in_a_hold(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.pauses()
        goes_to_corner(ben)
        ana.drops()
        evening.passes(45)
        goes_to_corner(chi)
        comes_out(ben)
        assert chi.seat.corner_since is not None

    def test_not_somebody_who_waits(self):
        evening = an_evening(knock_first=True)
        _, ben = evening.under_way("Ana", "Ben")
        goes_to_corner(ben)
        ben.is_refused("waiting")

    def test_twice_changes_what_the_others_may_know_and_nothing_else(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        goes_to_corner(ben, shown=True)
        since = ben.seat.corner_since
        goes_to_corner(ben, shown=True)
        ben.is_refused("already")
        evening.passes(30)
        goes_to_corner(ben, shown=False, leave_be=True)
        assert (ben.seat.corner_since, ben.seat.corner_shown, ben.seat.leave_be) == (since, False, True)


class TestWhoKnows:
    def test_facilitators_and_the_person_are_told_and_no_number_tells_the_others(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        goes_to_corner(ben)
        went = evening.happened[-1]
        assert isinstance(went, WentToCorner)
        assert sees(ana, went) == sees(ben, went) == went
        assert sees(chi, went) is None
        comes_out(ben)
        back = evening.happened[-1]
        assert isinstance(back, LeftCorner)
        assert sees(ana, back) == sees(ben, back) == back
        assert sees(chi, back) is None
        assert not went.numbered
        assert not back.numbered

    @pytest.mark.parametrize("audience", Audience)
    @pytest.mark.parametrize("shown", [True, False], ids=["shown", "not shown"])
    def test_the_choice_holds_in_every_list_of_people(self, audience, shown):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        before = view.people_shown(evening.room, audience).get(ben.id, {})
        goes_to_corner(ben, shown=shown)
        after = view.people_shown(evening.room, audience).get(ben.id, {})
        if audience is Audience.FACILITATOR:
            assert after["corner"] is True
        elif audience is Audience.MEMBER and shown:
            assert after == {**before, "corner": True}
        else:
            assert after == before

    def test_facilitators_see_who_wants_to_be_left_alone(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        goes_to_corner(ben, shown=False, leave_be=True)
        assert view.people_shown(evening.room, Audience.FACILITATOR)[ben.id]["leave_be"] is True
        assert "leave_be" not in view.people_shown(evening.room, Audience.MEMBER)[ben.id]

    def test_nobody_watches_unseen_from_there(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        goes_to_corner(ben, shown=False)
        assert ben.id in view.people_shown(evening.room, Audience.MEMBER)


class TestComingBack:
    def test_how_long_it_was_is_told(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        goes_to_corner(ben)
        since = evening.now
        evening.passes(minutes=6)
        comes_out(ben)
        evening.brought(LeftCorner(seat=ben.id, since=since))
        ben.can_speak()

    def test_what_was_said_meanwhile_is_not_replayed(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        goes_to_corner(ben)
        evening.passes(minutes=1)
        comes_out(ben)
        assert ben.seat.inside_since == evening.now

    def test_the_next_time_begins_with_nothing_chosen(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        goes_to_corner(ben, shown=True, leave_be=True)
        comes_out(ben)
        assert (ben.seat.corner_since, ben.seat.corner_shown, ben.seat.leave_be) == (None, False, False)
        comes_out(ben)
        ben.is_refused("already")


class TestNudge:
    def test_after_twenty_minutes_once_and_to_that_person_only(self):
        evening = an_evening(late_minutes=60)
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        goes_to_corner(ben)
        nudged = CornerNudged(seat=ben.id)
        evening.waits(minutes=20, then=nudged)
        assert sees(ben, nudged) == nudged
        assert sees(chi, nudged) is sees(ana, nudged) is None
        assert ben.seat.corner_since is not None
        evening.nothing_happens(minutes=20)

    def test_not_after_they_came_back_and_anew_the_next_time(self):
        evening = an_evening(late_minutes=60)
        _, ben, _ = evening.under_way("Ana", "Ben", "Chi")
        goes_to_corner(ben)
        evening.passes(minutes=19)
        comes_out(ben)
        evening.nothing_happens(minutes=5)
        goes_to_corner(ben)
        evening.waits(minutes=20, then=CornerNudged(seat=ben.id))

    def test_not_while_they_are_not_connected(self):
        evening = an_evening(late_minutes=60)
        _, ben, _ = evening.under_way("Ana", "Ben", "Chi")
        goes_to_corner(ben)
        evening.passes(minutes=19)
        ben.drops()
        evening.nothing_happens(minutes=2)
        ben.comes_back()
        assert evening.passes(0) == [CornerNudged(seat=ben.id)]

    def test_a_changed_choice_does_not_begin_it_anew(self):
        evening = an_evening(late_minutes=60)
        _, ben, _ = evening.under_way("Ana", "Ben", "Chi")
        goes_to_corner(ben)
        evening.passes(minutes=10)
        goes_to_corner(ben, shown=False)
        evening.waits(minutes=10, then=CornerNudged(seat=ben.id))


class TestAFacilitatorRests:
    def test_they_do_not_look_after_the_room_meanwhile(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        goes_to_corner(ana)
        ana.pauses()
        ana.is_refused("not_allowed")
        assert any(isinstance(each, Held) for each in evening.passes(45))
        evening.is_now(State.HELD)

    def test_and_do_again_when_they_come_back(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        goes_to_corner(ana)
        evening.passes(44)
        comes_out(ana)
        evening.passes(10)
        evening.is_now(State.LIVE)
        ana.pauses()

    def test_another_looks_after_it(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        another_facilitator(evening)
        goes_to_corner(ana)
        evening.passes(minutes=5)
        evening.is_now(State.LIVE)


class TestTags:
    @pytest.mark.parametrize("tag", TAGS[1:])
    def test_shown_beside_the_name_to_everybody_inside(self, tag):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(SetTag(tag))
        evening.brought(TagSet(seat=ben.id, tag=tag))
        assert view.people_shown(evening.room, Audience.MEMBER)[ben.id]["tag"] == tag
        assert not TagSet(ben.id, tag).reach
        ben.asks(SetTag(""))
        assert ben.seat.tag == ""

    def test_only_those_there_are_and_each_once(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(SetTag("no advice please"))
        ben.is_refused("invalid")
        ben.asks(SetTag(""))
        ben.is_refused("already")

    def test_it_steers_and_never_blocks(self):
        evening = an_evening()
        _, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ben.asks(SetTag("just_listen"))
        chi.can_speak()


@pytest.mark.parametrize(
    "event",
    [WentToCorner("s?", 1.0, True, True), LeftCorner("s?", 1.0), CornerNudged("s?"), TagSet("s?", "ideas")],
    ids=repr,
)
def test_what_is_heard_too_late_breaks_nothing(event):
    evening = an_evening()
    before = evening.room.controls.seats
    evening.fold(event)
    assert evening.room.controls.seats == before
