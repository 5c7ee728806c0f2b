"""A removal is taken back, by the lead alone; and what facilitators read of who knocks after one."""

from rooms.live import view
from rooms.live.door import Remove
from rooms.live.grave import CoSign
from rooms.live.leading import HandOver, TakeLead
from rooms.live.lobby import BackToLobby, SetDoor
from rooms.live.moderation import REASONS
from rooms.live.readmitting import Readmit, Readmitted
from rooms.live.words import ONLY_FACILITATORS, Audience, Door
from tests.live.cast_control import last, seen_by, two_facilitators
from tests.people import Evening, Person, an_evening


def line_of(evening: Evening, person: Person, audience: Audience = Audience.FACILITATOR) -> dict[str, object]:
    """What stands of somebody in the list of people."""
    return {**view.people_shown(evening.room, audience)[person.id]}


class TestReadmitting:
    def test_who_was_inside_comes_in_again_and_the_door_knocks_on_for_others(self):
        evening = an_evening()
        ana, ben, _ = evening.under_way("Ana", "Ben", "Chi")
        ana.removes(ben)
        ana.asks(Readmit(ben.id))
        assert ana.answer == (Readmitted(seat=ben.id, by="Ana"),)
        assert evening.room.controls.removed == {}
        ben.comes_back()
        assert ben.is_inside()
        ben.can_speak()
        assert evening.room.controls.door is Door.KNOCK
        dov = evening.member("Dov")
        dov.arrives()
        assert dov.seat.waiting

    def test_who_had_only_knocked_knocks_again(self):
        evening = an_evening(knock_first=True)
        ana, ben = evening.under_way("Ana", "Ben")
        ana.removes(ben)
        ana.asks(Readmit(ben.id))
        ben.comes_back()
        assert ben.seat.waiting
        ana.admits(ben)
        assert ben.is_inside()

    def test_through_a_locked_door_too(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.removes(ben)
        ana.asks(SetDoor("locked"))
        ana.asks(Readmit(ben.id))
        ben.comes_back()
        assert ben.is_inside()

    def test_what_stood_on_the_seat_stands_on_it_still(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben, 10)
        ana.removes(ben)
        ana.asks(Readmit(ben.id))
        ben.comes_back()
        ben.cannot_speak("quieted")

    def test_they_can_be_removed_again(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.removes(ben)
        ana.asks(Readmit(ben.id))
        ana.removes(ben)
        ben.comes_back()
        ben.is_refused("removed")

    def test_only_the_lead_may(self):
        evening = an_evening()
        ana, jo, ben = two_facilitators(evening, "Ben")
        ana.asks(Remove(ben.id, "unkind"))
        jo.asks(CoSign(evening.room.controls.cosigns[0].id))
        jo.asks(Readmit(ben.id))
        jo.is_refused("only_the_lead")
        ana.asks(HandOver(jo.id))
        jo.asks(TakeLead())
        ana.asks(Readmit(ben.id))
        ana.is_refused("only_the_lead")
        # A removal takes two; taking one back does not.
        jo.asks(Readmit(ben.id))
        assert evening.room.controls.removed == {}

    def test_twice_is_once_and_a_stranger_is_nobody(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.removes(ben)
        ana.asks(Readmit(ben.id))
        ana.asks(Readmit(ben.id))
        ana.is_refused("already")
        ana.asks(Readmit("snobody"))
        ana.is_refused("not_here")

    def test_everybody_reads_that_it_was_done_and_nobody_of_the_others_of_whom(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.removes(ben)
        ana.asks(Readmit(ben.id))
        assert seen_by(last(evening)) == ONLY_FACILITATORS
        happened = evening.room.controls.happened[-1]
        assert (happened.what, happened.by) == ("readmitted", "Ana")
        assert ben.id not in str(view.room_shown(evening.room, chi.seat.audience))

    def test_facilitators_see_who_is_removed_and_that_they_are_not_any_more(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.removes(ben)
        assert line_of(evening, ben)["removed"]
        assert not line_of(evening, chi)["removed"]
        before = evening.room
        ana.asks(Readmit(ben.id))
        told = view.people_changes(before, evening.room, Audience.FACILITATOR)
        assert told == {ben.id: line_of(evening, ben)}
        assert not line_of(evening, ben)["removed"]
        assert view.people_changes(before, evening.room, Audience.MEMBER) == {}

    def test_after_the_room_has_forgotten_whose_seat_it_was(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.removes(ben)
        evening.passes(minutes=16)
        before = evening.room
        ana.asks(Readmit(ben.id))
        assert view.people_changes(before, evening.room, Audience.FACILITATOR) == {}
        ben.comes_back()
        assert ben.seat.waiting


class TestCase4SomebodyKnocksAfterARemoval:
    def test_facilitators_read_how_long_after_it_and_nothing_else(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.removes(ben)
        evening.passes(minutes=2.5)
        dov = evening.member("Dov")
        dov.arrives()
        assert line_of(evening, dov)["knocked_after"] == 2
        assert line_of(evening, chi)["knocked_after"] is None
        assert ben.id not in str(line_of(evening, dov))

    def test_counted_from_the_last_one_and_within_the_minute_it_is_none(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.removes(ben)
        evening.passes(minutes=5)
        ana.removes(chi)
        evening.passes(30)
        dov = evening.member("Dov")
        dov.arrives()
        assert line_of(evening, dov)["knocked_after"] == 0

    def test_it_goes_when_they_are_let_in(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.removes(ben)
        dov = evening.member("Dov")
        dov.arrives()
        ana.admits(dov)
        assert line_of(evening, dov)["knocked_after"] is None

    def test_also_when_that_is_said_while_they_are_away(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.removes(ben)
        dov = evening.member("Dov")
        dov.arrives()
        ana.declines(dov)
        ana.admits(dov)
        assert line_of(evening, dov)["knocked_after"] is None
        dov.arrives()
        assert dov.seat.inside
        assert line_of(evening, dov)["knocked_after"] is None

    def test_who_knocks_again_is_told_of_as_they_come_now(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.removes(ben)
        dov = evening.member("Dov")
        dov.arrives()
        dov.leaves()
        evening.passes(minutes=2)
        dov.arrives()
        assert line_of(evening, dov)["knocked_after"] == 2
        dov.leaves()
        ana.asks(Readmit(ben.id))
        dov.arrives()
        assert line_of(evening, dov)["knocked_after"] is None

    def test_who_was_sent_to_the_lobby_and_knocks_again_is_no_newcomer(self):
        evening = an_evening()
        ana, ben, dov = evening.under_way("Ana", "Ben", "Dov")
        ana.asks(BackToLobby(dov.id, REASONS[0]))
        dov.leaves()
        ana.removes(ben)
        dov.arrives()
        assert dov.seat.waiting
        assert line_of(evening, dov)["knocked_after"] is None

    def test_nobody_is_a_suspect_who_was_here_before_or_comes_long_after(self):
        evening = an_evening()
        ana, ben, chi, _ = evening.under_way("Ana", "Ben", "Chi", "Eli")
        chi.leaves()
        ana.removes(ben)
        chi.arrives()
        assert line_of(evening, chi)["knocked_after"] is None
        evening.passes(minutes=16)
        dov = evening.member("Dov")
        dov.arrives()
        assert dov.seat.waiting
        assert line_of(evening, dov)["knocked_after"] is None

    def test_not_after_a_removal_that_was_taken_back(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.removes(ben)
        ana.asks(Readmit(ben.id))
        dov = evening.member("Dov")
        dov.arrives()
        assert line_of(evening, dov)["knocked_after"] is None
