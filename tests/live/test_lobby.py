"""The door's position, the line in front of a full room, and a word in private outside."""

import pytest

from rooms.live.door import Admit, Admitted, Arrive, Arrived, Decline, Declined, Removed, Returned
from rooms.live.lobby import (
    SHORTEST_LINE,
    BackToLobby,
    CapacitySet,
    DoorSet,
    LineClosed,
    OfferOver,
    OfferTaken,
    SeatOffered,
    SentToLobby,
    SetCapacity,
    SetDoor,
    SomeoneOutside,
    TakeOffer,
    in_line,
)
from rooms.live.moderation import REASONS
from rooms.live.view import touched
from rooms.live.words import EVERYONE, INSIDE, ONLY_FACILITATORS, Door, Place
from tests.live.cast_care import sees, writes
from tests.live.cast_control import last, seen_by, two_facilitators
from tests.people import Evening, Person, an_evening


def queues(evening: Evening, name: str) -> Person:
    who = evening.member(name)
    who.asks(Arrive(name, connected=True, in_line=True))
    evening.now += 0.001
    return who


def a_full_room() -> tuple[Evening, Person, Person, Person]:
    """Three seats, all taken."""
    evening = an_evening(seats=3)
    ana, ben, chi, _ = evening.under_way("Ana", "Ben", "Chi", "Gil")
    return evening, ana, ben, chi


class TestTheDoor:
    @pytest.mark.parametrize("door", [Door.KNOCK, Door.LOCKED])
    def test_set_and_set_back_and_everybody_is_told(self, door):
        evening = an_evening()
        (ana,) = evening.under_way("Ana")
        ana.asks(SetDoor(door))
        evening.brought(DoorSet(door=door, by="Ana"))
        assert seen_by(last(evening)) == EVERYONE
        ana.asks(SetDoor(door))
        ana.is_refused("already")
        ana.asks(SetDoor("open"))
        assert evening.room.controls.door is Door.OPEN

    def test_it_cannot_be_shut_on_people(self):
        evening = an_evening()
        (ana,) = evening.under_way("Ana")
        for door in ("shut", "ajar"):
            ana.asks(SetDoor(door))
            ana.is_refused("invalid")


class TestCapacity:
    def test_up_to_four_more_or_fewer_and_nobody_who_is_in_loses_a_seat(self):
        evening = an_evening(seats=6)
        ana, *others = evening.under_way("Ana", "Ben", "Chi", "Dee")
        ana.asks(SetCapacity(10))
        evening.brought(CapacitySet(seats=10, by="Ana"))
        assert seen_by(last(evening)) == ONLY_FACILITATORS
        ana.asks(SetCapacity(2))
        assert evening.room.capacity == 2
        assert all(each.is_inside() for each in others)
        ana.asks(SetCapacity(2))
        ana.is_refused("already")
        for seats in (11, 1):
            ana.asks(SetCapacity(seats))
            ana.is_refused("invalid")

    def test_never_fewer_than_two(self):
        evening = an_evening(seats=3)
        (ana,) = evening.under_way("Ana")
        ana.asks(SetCapacity(1))
        ana.is_refused("invalid")


class TestBackToTheLobby:
    @pytest.mark.parametrize("reason", REASONS)
    def test_with_a_reason_and_the_others_learn_only_that_somebody_is_outside(self, reason):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.asks(BackToLobby(ben.id, reason))
        sent, outside = evening.happened[-2:]
        assert sent == SentToLobby(seat=ben.id, reason=reason, by="Ana")
        assert outside == SomeoneOutside()
        assert sees(ben, sent) == sent
        assert sees(chi, sent) is None
        assert (seen_by(sent), seen_by(outside)) == (ONLY_FACILITATORS, INSIDE)
        ben.cannot_speak("waiting")
        writes(ben, to=None)

    def test_letting_them_in_again_brings_them_back(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(BackToLobby(ben.id, "unkind"))
        ana.asks(BackToLobby(ben.id, "unkind"))
        ana.is_refused("already")
        ana.admits(ben)
        ben.can_speak()
        ben.leaves()
        ben.comes_back()
        assert ben.is_inside()

    def test_the_link_is_no_way_back_in_though_the_door_is_open(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(BackToLobby(ben.id, "unkind"))
        ben.leaves()
        ben.comes_back()
        assert ben.is_waiting()

    def test_not_a_facilitator_not_who_is_gone_and_never_with_words_of_ones_own(self):
        evening = an_evening()
        ana, jo, ben = two_facilitators(evening, "Ben")
        ana.asks(BackToLobby(jo.id, "unkind"))
        ana.is_refused("not_allowed")
        ana.asks(BackToLobby(ben.id, "rude"))
        ana.is_refused("invalid")
        ben.leaves()
        for seat in (ben.id, "snobody"):
            ana.asks(BackToLobby(seat, "unkind"))
            ana.is_refused("not_here")


class TestDecliningIsReversed:
    def test_mass_decline_can_be_reversed_one_after_the_other(self):
        evening = an_evening(knock_first=True)
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        for who in (ben, chi):
            ana.asks(Decline(who.id, "full"))
        for who in (ben, chi):
            ana.asks(Admit(who.id))
            assert who.seat.place is Place.GONE
            who.comes_back()
            who.can_speak()

    def test_once_is_enough(self):
        evening = an_evening(knock_first=True)
        ana, ben = evening.under_way("Ana", "Ben")
        ana.declines(ben)
        ana.admits(ben)
        ana.admits(ben)
        ana.is_refused("not_here")

    def test_who_was_declined_knocks_though_the_door_is_open_now(self):
        evening = an_evening(knock_first=True)
        ana, ben = evening.under_way("Ana", "Ben")
        ana.declines(ben)
        ana.asks(SetDoor("open"))
        ben.comes_back()
        assert ben.is_waiting()
        ana.admits(ben)
        ben.can_speak()

    def test_nor_is_a_no_waited_out(self):
        evening = an_evening(late_minutes=60)
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(BackToLobby(ben.id, "unkind"))
        ben.leaves()
        evening.passes(minutes=30)
        ben.arrives()
        assert ben.is_waiting()

    def test_nor_is_anybody_who_was_asked_outside_let_in_with_the_crowd(self):
        evening = an_evening(knock_first=True)
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.admits(ben)
        ana.asks(BackToLobby(ben.id, "unkind"))
        ana.admits_everybody()
        assert chi.is_inside()
        assert ben.is_waiting()
        ana.admits_everybody()
        ana.is_refused("already")
        ana.admits(ben)
        assert ben.is_inside()

    def test_nor_does_the_start_let_them_in(self):
        evening = an_evening()
        ana, ben, chi = evening.facilitator("Ana"), evening.member("Ben"), evening.member("Chi")
        for who in (ana, ben, chi):
            who.arrives()
        ana.declines(ben)
        ben.comes_back()
        ana.starts()
        assert ben.is_waiting()
        assert chi.is_inside()

    def test_who_was_removed_stays_removed(self):
        evening = an_evening(knock_first=True)
        ana, ben = evening.under_way("Ana", "Ben")
        ana.declines(ben)
        ana.removes(ben)
        ana.admits(ben)
        ana.is_refused("not_here")


class TestCase6TheRoomIsFull:
    def test_who_wants_to_waits_in_line_first_come_first(self):
        evening, _, _, _ = a_full_room()
        dee = evening.member("Dee")
        dee.arrives()
        dee.is_refused("full")
        dee, eli = queues(evening, "Dee"), queues(evening, "Eli")
        assert [seat.id for seat in in_line(evening.room)] == [dee.id, eli.id]
        dee.cannot_speak("waiting")
        evening.nothing_happens()

    def test_facilitators_always_enter(self):
        evening, _, _, _ = a_full_room()
        jo = evening.facilitator("Jo")
        jo.arrives()
        assert jo.is_inside()

    def test_a_seat_that_comes_free_is_offered_to_the_first_alone(self):
        evening, ana, ben, chi = a_full_room()
        dee, eli = queues(evening, "Dee"), queues(evening, "Eli")
        ben.leaves()
        assert evening.passes() == [SeatOffered(seat=dee.id)]
        offered = last(evening)
        assert sees(dee, offered) == offered
        assert sees(eli, offered) is sees(chi, offered) is None
        assert sees(ana, offered) == offered
        eli.asks(TakeOffer())
        eli.is_refused("offer_over")
        dee.asks(TakeOffer())
        evening.brought(OfferTaken(seat=dee.id))
        assert sees(dee, last(evening)) == last(evening)
        dee.can_speak()
        dee.asks(TakeOffer())
        dee.is_refused("offer_over")

    def test_nobody_passes_those_in_line(self):
        evening, _, ben, _ = a_full_room()
        queues(evening, "Dee")
        ben.leaves()
        evening.passes()
        eli = evening.member("Eli")
        eli.arrives()
        eli.is_refused("full")

    def test_after_a_minute_the_offer_goes_to_the_next_and_the_first_stands_behind_them(self):
        evening, _, ben, _ = a_full_room()
        dee, eli = queues(evening, "Dee"), queues(evening, "Eli")
        ben.leaves()
        evening.passes()
        evening.nothing_happens(59.999)
        assert evening.passes(0.001) == [OfferOver(seat=dee.id), SeatOffered(seat=eli.id)]
        assert sees(dee, OfferOver(seat=dee.id)) is not None
        dee.asks(TakeOffer())
        dee.is_refused("offer_over")
        assert [seat.id for seat in in_line(evening.room)] == [eli.id, dee.id]

    def test_who_leaves_the_line_with_an_offer_leaves_it_to_the_next_at_once(self):
        evening, _, ben, _ = a_full_room()
        dee, eli = queues(evening, "Dee"), queues(evening, "Eli")
        ben.leaves()
        evening.passes()
        dee.leaves()
        assert evening.passes() == [OfferOver(seat=dee.id), SeatOffered(seat=eli.id)]

    def test_whose_connection_broke_is_not_asked(self):
        evening, _, ben, _ = a_full_room()
        dee, eli = queues(evening, "Dee"), queues(evening, "Eli")
        dee.drops()
        ben.leaves()
        assert evening.passes() == [SeatOffered(seat=eli.id)]

    def test_more_seats_are_offered_to_the_line_each_to_another(self):
        evening, ana, _, _ = a_full_room()
        dee, eli = queues(evening, "Dee"), queues(evening, "Eli")
        ana.asks(SetCapacity(5))
        assert evening.passes() == [SeatOffered(seat=dee.id), SeatOffered(seat=eli.id)]

    def test_at_a_door_that_knocks_the_offer_leads_to_the_lobby(self):
        evening, ana, ben, _ = a_full_room()
        dee = queues(evening, "Dee")
        ana.asks(SetDoor("knock"))
        ben.leaves()
        evening.passes()
        dee.asks(TakeOffer())
        assert dee.is_waiting()

    def test_nor_does_it_lead_past_a_no(self):
        evening, ana, ben, _ = a_full_room()
        ana.asks(BackToLobby(ben.id, "unkind"))
        ben.leaves()
        evening.member("Dee").arrives()
        ben.asks(Arrive("Ben", connected=True, in_line=True))
        ana.asks(SetCapacity(4))
        assert evening.passes() == [SeatOffered(seat=ben.id)]
        ben.asks(TakeOffer())
        assert ben.is_waiting()

    @pytest.mark.parametrize("door", ["locked", "paused"])
    def test_nobody_is_asked_into_a_locked_or_a_paused_room(self, door):
        evening, ana, ben, _ = a_full_room()
        dee = queues(evening, "Dee")
        if door == "locked":
            ana.asks(SetDoor("locked"))
        else:
            ana.pauses()
        ben.leaves()
        evening.nothing_happens(30)
        if door == "locked":
            ana.asks(SetDoor("open"))
        else:
            ana.resumes()
        assert evening.passes() == [SeatOffered(seat=dee.id)]

    @pytest.mark.parametrize("then", [[], ["pauses"]])
    def test_nobody_joins_the_line_of_a_room_that_is_closing_or_was_when_it_was_paused(self, then):
        evening, ana, _, _ = a_full_room()
        ana.begins_closing()
        for verb in then:
            getattr(ana, verb)()
        dee = evening.member("Dee")
        dee.asks(Arrive("Dee", connected=True, in_line=True))
        dee.is_refused("full")

    def test_nobody_stands_behind_more_than_could_ever_come_in(self):
        evening, *_ = a_full_room()
        line = [queues(evening, f"Person {number}") for number in range(SHORTEST_LINE)]
        dee = evening.member("Dee")
        dee.asks(Arrive("Dee", connected=True, in_line=True))
        dee.is_refused("full")
        assert in_line(evening.room) == [evening.room.seat(each.id) for each in line]
        line[0].asks(Arrive("Person 0", connected=True, in_line=True))
        line[0].leaves()
        dee.asks(Arrive("Dee", connected=True, in_line=True))
        assert in_line(evening.room)[-1].id == dee.id

    def test_the_line_of_a_large_room_is_longer(self):
        evening = an_evening(seats=SHORTEST_LINE)
        evening.under_way("Ana", *(f"Person {number}" for number in range(SHORTEST_LINE)))
        for number in range(2 * SHORTEST_LINE):
            queues(evening, f"Another {number}")
        dee = evening.member("Dee")
        dee.asks(Arrive("Dee", connected=True, in_line=True))
        dee.is_refused("full")
        assert len(in_line(evening.room)) == 2 * SHORTEST_LINE

    def test_the_line_closes_at_closing(self):
        evening, ana, ben, _ = a_full_room()
        dee, eli = queues(evening, "Dee"), queues(evening, "Eli")
        ben.leaves()
        evening.passes()
        ana.begins_closing()
        assert evening.passes() == [LineClosed(seats=(dee.id, eli.id))]
        assert evening.room.controls.offers == ()
        assert dee.seat.place is eli.seat.place is Place.GONE


@pytest.mark.parametrize(
    "event",
    [
        SentToLobby("s?", "unkind", "Ana"),
        SeatOffered("s?"),
        OfferTaken("s?"),
        OfferOver("s?"),
        LineClosed(()),
    ],
    ids=repr,
)
def test_what_is_heard_too_late_breaks_nothing(event):
    evening = an_evening()
    before = evening.room
    evening.fold(event)
    assert evening.room.controls.seats == before.controls.seats


def test_whose_offer_or_powers_change_is_told_how_they_stand_now():
    evening, ana, ben, _ = a_full_room()
    dee = queues(evening, "Dee")
    ben.leaves()
    before = evening.room
    evening.fold(SeatOffered(seat=dee.id))
    assert dee.id in touched(before, evening.room)
    before = evening.room
    assert ana.id in touched(before, before.with_controls(suspended=(ana.id,)))


@pytest.mark.parametrize(
    "event",
    [Admitted("sben", "Ana"), Declined("sben", "full", "Ana"), Removed("sben", "unkind", "Ana")],
    ids=lambda event: event.type,
)
def test_what_is_decided_at_the_door_is_told_to_whom_it_concerns_and_to_facilitators(event):
    assert event.concerns == "sben"
    assert seen_by(event) == ONLY_FACILITATORS


def test_a_crowd_arrives_as_one():
    assert Arrived(people=()).merged(Arrived(people=())) == Arrived(people=())
    assert Arrived(people=()).merged(SomeoneOutside()) is None


def test_nobody_is_told_that_somebody_returned_who_only_just_came():
    assert seen_by(Returned(seat="sben", first=True)) == set()
    assert seen_by(Returned(seat="sben")) == ONLY_FACILITATORS
