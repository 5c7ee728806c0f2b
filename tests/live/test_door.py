"""At the door: who arrives, waits, is let in, leaves, drops and comes back."""

import pytest

from rooms.live.door import (
    DECLINES,
    Admitted,
    Arrived,
    Declined,
    Forgot,
    Left,
    Lose,
    LostTouch,
    Removed,
    Returned,
    SomeoneRemoved,
)
from rooms.live.moderation import REASONS
from rooms.live.protection import FreezeNames
from rooms.live.seat import Listen, Rename
from rooms.live.state import LiveRoom
from rooms.live.words import Door, Place, State
from tests.people import DOORS, START, an_evening


class TestArriving:
    def test_before_the_start_people_wait_and_facilitators_do_not(self):
        evening = an_evening()
        ana, ben = evening.facilitator("Ana"), evening.member("Ben")
        ana.arrives()
        ben.arrives()
        assert ana.is_inside()
        assert ben.is_waiting()
        assert ben.seat.inside_since is None
        evening.brought(Arrived(people=(ben.seat,)))

    def test_while_the_door_is_open_one_walks_in(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        assert ben.is_inside()
        assert ben.seat.let_in

    @pytest.mark.parametrize("state", [State.PAUSED, State.HELD, State.CLOSING])
    def test_nobody_walks_in_on_a_pause_a_hold_or_a_closing(self, state):
        evening = an_evening(late_minutes=120)
        ana, _ = evening.under_way("Ana", "Ben")
        match state:
            case State.PAUSED:
                ana.pauses()
            case State.HELD:
                ana.leaves()
                evening.passes(45)
            case _:
                ana.begins_closing()
        evening.is_now(state)
        dov = evening.member("Dov")
        dov.arrives()
        assert dov.is_waiting()
        dov.leaves()

    def test_late_one_knocks(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        evening.passes(minutes=15)
        dov = evening.member("Dov")
        dov.arrives()
        dov.cannot_speak("waiting")
        ana.admits(dov)
        dov.can_speak()

    def test_the_name_is_tidied(self):
        evening = an_evening()
        ben = evening.member("Ben")
        ben.arrives("  Ben \u200b  the\u00a0 Tall ")
        assert ben.seat.name == "Ben the Tall"

    def test_a_name_like_somebody_elses_is_refused_with_three_that_are_free(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        other = evening.member("Someone")
        other.arrives("\u0412\u0435n")  # both letters are Cyrillic
        offers = other.is_refused("name_taken").offers
        assert len(offers) == 3
        other.arrives(offers[0])
        assert other.seat.name == offers[0]
        assert ben.seat.name == "Ben"

    def test_a_member_cannot_be_called_facilitator_and_a_facilitator_can(self):
        evening = an_evening()
        ben = evening.member("Ben")
        ben.arrives("Facilitator Ben")
        ben.is_refused("name_like_role")
        ana = evening.facilitator("Ana")
        ana.arrives("Host Ana")
        assert ana.is_inside()

    def test_arriving_again_changes_nothing_not_even_the_name(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        before = evening.room
        assert ben.arrives("Benjamin", listening=True) == ()
        assert evening.room is before

    def test_a_seat_taken_at_the_door_is_filled_by_the_page_and_nobody_is_told_of_a_return(self):
        evening = an_evening()
        ben = evening.member("Ben")
        ben.arrives(connected=False)
        assert ben.seat.away_since == evening.now
        evening.passes(2)
        ben.arrives()
        evening.brought(Returned(seat=ben.id, first=True))
        assert ben.seat.away_since is None


class TestRoomForAll:
    def test_as_many_as_there_are_seats_and_facilitators_always(self):
        evening = an_evening(seats=2)
        evening.under_way("Ana", "Ben", "Chi")
        dov, jo = evening.member("Dov"), evening.facilitator("Jo")
        dov.arrives()
        dov.is_refused("full")
        jo.arrives()
        assert jo.is_inside()

    def test_a_seat_that_was_given_up_is_free(self):
        evening = an_evening(seats=2)
        _, ben, _ = evening.under_way("Ana", "Ben", "Chi")
        ben.leaves()
        dov = evening.member("Dov")
        dov.arrives()
        assert dov.is_inside()

    def test_who_has_been_inside_is_let_in_again_though_the_seat_was_taken(self):
        evening = an_evening(seats=2)
        _, ben, _ = evening.under_way("Ana", "Ben", "Chi")
        ben.leaves()
        evening.member("Dov").arrives()
        ben.comes_back()
        assert ben.is_inside()

    def test_who_was_declined_does_not_get_past_a_full_room_that_way(self):
        evening = an_evening(seats=1)
        ana, ben = evening.facilitator("Ana"), evening.member("Ben")
        ana.arrives()
        ben.arrives()
        ana.declines(ben)
        evening.member("Chi").arrives()
        ben.comes_back()
        ben.is_refused("full")

    def test_a_locked_door_is_locked_but_for_who_has_been_inside(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        dov = evening.member("Dov")
        evening.passes(minutes=15)
        dov.arrives()
        ana.declines(dov)
        ben.leaves()
        evening.room = locked(evening.room)
        dov.comes_back()
        dov.is_refused("locked")
        ben.comes_back()
        assert ben.is_inside()


def locked(room: LiveRoom) -> LiveRoom:
    """No control locks a door yet; the door knows the lock already."""
    return room.with_controls(door=Door.LOCKED)


class TestComingForOnesWork:
    def test_said_once_it_stands_on_the_seat_whatever_they_do_then(self):
        evening = an_evening(admits_work=True)
        evening.under_way("Ana", "Ben")
        dov = evening.member("Dov")
        dov.arrives(work="worker")
        dov.asks(Rename("Somebody else"))
        evening.passes(minutes=10)
        dov.leaves()
        dov.arrives("Dov again", connected=False)
        assert (dov.seat.name, dov.seat.work) == ("Dov again", "worker")

    def test_it_can_be_said_by_coming_in_once_more(self):
        evening = an_evening(admits_work=True)
        _, ben = evening.under_way("Ana", "Ben")
        assert ben.seat.work == ""
        ben.leaves()
        ben.arrives(work="student")
        assert ben.seat.work == "student"

    def test_only_where_the_organiser_lets_people_come_for_it(self):
        evening = an_evening()
        evening.under_way("Ana", "Ben")
        dov = evening.member("Dov")
        dov.arrives(work="research")
        dov.is_refused("no_work")
        assert dov.id not in evening.room.controls.seats
        dov.arrives()
        assert dov.is_inside()

    def test_only_as_what_there_is_a_word_for(self):
        evening = an_evening(admits_work=True)
        dov = evening.member("Dov")
        dov.arrives(work="a spy")
        dov.is_refused("invalid")

    def test_facilitators_are_there_as_facilitators(self):
        evening = an_evening()
        ana = evening.facilitator("Ana")
        ana.arrives(work="worker")
        assert ana.seat.work == ""


class TestLettingIn:
    def test_one_person(self):
        evening = an_evening()
        ana, ben, chi = (
            evening.facilitator("Ana"),
            evening.member("Ben"),
            evening.member("Chi"),
        )
        for each in (ana, ben, chi):
            each.arrives()
        ana.admits(ben)
        evening.brought(Admitted(seat=ben.id, by="Ana"))
        assert ben.is_inside()
        assert chi.is_waiting()
        ben.cannot_speak("not_now")

    def test_everybody_who_waits(self):
        evening = an_evening()
        ana, ben, chi = (
            evening.facilitator("Ana"),
            evening.member("Ben"),
            evening.member("Chi"),
        )
        for each in (ana, ben, chi):
            each.arrives()
        ana.admits_everybody()
        assert ana.answer == (Admitted(ben.id, "Ana"), Admitted(chi.id, "Ana"))
        ana.admits_everybody()
        ana.is_refused("already")

    def test_nobody_who_is_in_already_or_gone_or_unknown(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.admits(ben)
        ana.is_refused("already")
        chi.leaves()
        ana.admits(chi)
        ana.is_refused("not_here")
        ana.admits(evening.member("Nobody"))
        ana.is_refused("not_here")


class TestDeclining:
    @pytest.mark.parametrize("words", DECLINES)
    def test_with_words_and_one_may_knock_again(self, words):
        evening = an_evening()
        ana, ben = evening.facilitator("Ana"), evening.member("Ben")
        ana.arrives()
        ben.arrives()
        ana.declines(ben, words)
        evening.brought(Declined(seat=ben.id, words=words, by="Ana"))
        assert ben.seat.place is Place.GONE
        ben.comes_back()
        ana.admits(ben)
        assert ben.is_inside()

    def test_never_with_words_of_ones_own(self):
        evening = an_evening()
        ana, ben = evening.facilitator("Ana"), evening.member("Ben")
        ana.arrives()
        ben.arrives()
        ana.declines(ben, "you smell")
        ana.is_refused("invalid")

    def test_nobody_who_is_in_already_or_gone(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ana.declines(ben)
        ana.is_refused("already")
        chi.leaves()
        ana.declines(chi)
        ana.is_refused("not_here")


class TestLeaving:
    def test_without_a_word_to_the_others(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.leaves()
        evening.brought(Left(seat=ben.id))
        assert not Left.numbered
        assert ben.seat.left_at == evening.now
        ben.cannot_speak("not_here")
        ben.leaves()
        ben.is_refused("not_here")

    def test_coming_back_needs_no_second_knock(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.leaves()
        evening.passes(minutes=14)
        ben.comes_back()
        assert ben.is_inside()
        evening.passes(minutes=2)
        dov = evening.member("Dov")
        dov.arrives()
        assert dov.is_waiting()
        ben.leaves()
        ben.comes_back()
        assert ben.is_inside()
        assert ben.seat.inside_since == evening.now
        assert ben.seat.left_at is None

    def test_who_only_waited_waits_again(self):
        evening = an_evening(knock_first=True)
        _, ben = evening.under_way("Ana", "Ben")
        ben.leaves()
        ben.comes_back()
        assert ben.is_waiting()

    def test_a_quiet_is_not_left_behind(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben, 10)
        ben.leaves()
        ben.comes_back()
        ben.cannot_speak("quieted")

    def test_a_listener_may_come_back_to_talk(self):
        evening = an_evening()
        evening.under_way("Ana")
        chi = evening.member("Chi")
        chi.arrives(listening=True)
        chi.cannot_speak("listening")
        chi.leaves()
        chi.comes_back()
        chi.can_speak()

    def test_who_waits_may_come_to_mean_to_listen_only_and_the_other_way_round(self):
        evening = an_evening()
        ana, chi, dov = evening.facilitator("Ana"), evening.member("Chi"), evening.member("Dov")
        ana.arrives()
        chi.arrives()
        dov.arrives(listening=True)
        chi.asks(Listen(on=True))
        dov.asks(Listen(on=False))
        assert chi.is_waiting()
        assert dov.is_waiting()
        evening.comes_to(START)
        ana.starts()
        chi.cannot_speak("listening")
        dov.can_speak()

    def test_a_name_is_kept_for_whoever_just_left(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.leaves()
        other = evening.member("Someone")
        other.arrives("Ben")
        other.is_refused("name_taken")
        assert Forgot(seats=(ben.id,)) in evening.passes(minutes=15)
        other.arrives("Ben")
        assert other.seat.name == "Ben"


class TestComingBackUnderAnotherName:
    def test_is_a_change_of_name_like_any_other(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.leaves()
        ben.arrives("  Night   owl ", connected=False)
        assert (ben.seat.name, ben.seat.renamed_at) == ("Night owl", evening.now)
        ben.asks(Rename("Owl"))
        ben.is_refused("renamed_lately")
        ben.leaves()
        ben.arrives("Night  owl", connected=False)
        assert ben.seat.renamed_at == evening.now

    def test_once_in_ten_minutes(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(Rename("Night owl"))
        evening.passes(599.999)
        ben.leaves()
        ben.arrives("Ben", connected=False)
        assert ben.is_inside()
        assert ben.seat.name == "Night owl"
        ben.leaves()
        evening.passes(0.001)
        ben.arrives("Ben", connected=False)
        assert ben.seat.name == "Ben"

    def test_is_not_to_be_had_while_names_are_frozen(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(FreezeNames(on=True))
        for other in ("Robin", "Ana", "x" * 300):
            ben.leaves()
            ben.arrives(other, connected=False)
            assert ben.is_inside()
            assert (ben.seat.name, ben.seat.renamed_at) == ("Ben", None)
        # Whoever comes for the first time has to be called something.
        chi = evening.member("Chi")
        chi.arrives(connected=False)
        assert chi.seat.name == "Chi"

    def test_no_page_that_comes_back_by_itself_brings_the_old_one_back(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(Rename("Night owl"))
        evening.passes(minutes=20)
        ben.drops()
        evening.passes(minutes=4)
        assert ben.seat.place is Place.GONE
        # Its page was loaded when they were called Ben still.
        ben.arrives("Ben", connected=True)
        assert ben.is_inside()
        assert ben.seat.name == "Night owl"

    def test_facilitators_are_called_as_their_account_says(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        ana.asks(FreezeNames(on=True))
        ana.leaves()
        ana.arrives("Ana Lee")
        assert ana.seat.name == "Ana Lee"


class TestRemoving:
    @pytest.mark.parametrize("reason", REASONS)
    def test_the_others_learn_that_one_person_has_left_and_the_door_knocks(self, reason):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.removes(ben, reason)
        assert ana.answer == (Removed(ben.id, reason, "Ana"), SomeoneRemoved())
        assert evening.room.controls.removed == {ben.id: reason}
        assert evening.room.controls.door is Door.KNOCK
        ben.cannot_speak("removed")

    def test_never_with_words_of_ones_own(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.removes(ben, "because I say so")
        ana.is_refused("invalid")

    def test_there_is_no_way_back(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.removes(ben)
        ben.comes_back()
        ben.is_refused("removed")
        ana.admits(ben)
        ana.is_refused("not_here")
        evening.passes(minutes=16)
        assert ben.id not in evening.room.controls.seats
        ben.comes_back()
        ben.is_refused("removed")
        ana.removes(ben)
        ana.is_refused("already")

    def test_one_who_waits_goes_unseen(self):
        evening = an_evening(knock_first=True)
        ana, ben = evening.under_way("Ana", "Ben")
        ana.removes(ben)
        assert ana.answer == (Removed(ben.id, "unkind", "Ana"),)
        assert evening.room.controls.door is Door.KNOCK

    def test_one_who_left_cannot_come_back(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ben.leaves()
        ana.removes(ben)
        assert ana.answer == (Removed(ben.id, "unkind", "Ana"),)
        ben.comes_back()
        ben.is_refused("removed")

    def test_facilitators_cannot_remove_each_other_nor_anybody_unknown(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        jo = evening.facilitator("Jo")
        jo.arrives()
        ana.removes(jo)
        ana.is_refused("not_allowed")
        ana.removes(evening.member("Nobody"))
        ana.is_refused("not_here")


class TestDropping:
    def test_only_facilitators_are_told_and_nothing_else_changes(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        evening.passes(1)
        ben.drops()
        evening.brought(LostTouch(seat=ben.id, since=evening.now))
        assert not LostTouch.numbered
        assert ben.is_inside()
        evening.passes(30)
        since = ben.seat.inside_since
        ben.comes_back()
        evening.brought(Returned(seat=ben.id))
        assert ben.seat.inside_since == since

    def test_noticed_twice_it_is_told_once(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.drops()
        before = len(evening.happened)
        ben.drops()
        assert len(evening.happened) == before

    def test_who_has_left_or_was_never_there_cannot_be_lost(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.leaves()
        before = len(evening.happened)
        ben.drops()
        evening.member("Nobody").drops()
        assert len(evening.happened) == before

    def test_nobody_is_missing_since_a_time_to_come(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        evening.loses(ben, since=evening.now + 60)
        assert ben.seat.away_since == evening.now

    def test_a_page_cannot_say_it_of_others(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(Lose(ben.id, evening.now))
        ana.is_refused("not_allowed")


class TestEventsOfSomebodyWhoIsForgotten:
    """A fold never refuses, whatever order a healed engine hands it."""

    @pytest.mark.parametrize(
        "event", [Admitted("s?", "Ana"), Left("s?"), LostTouch("s?", DOORS), Returned("s?")], ids=repr
    )
    def test_they_change_nothing_but_the_count_of_what_is_hidden(self, event):
        evening = an_evening(at=START)
        before = evening.room
        evening.fold(event)
        hidden = evening.room.controls.hidden
        assert hidden == before.controls.hidden + 1
        assert evening.room.with_controls(hidden=before.controls.hidden) == before


class TestTheNameOfAFacilitator:
    def test_is_taken_by_no_member_even_before_she_comes(self):
        evening = an_evening(reserved=("Ana",))
        ben = evening.member("Ben")
        ben.arrives("Ana")
        ben.is_refused("name_taken")
        ben.arrives("Аnа")
        ben.is_refused("name_taken")

    def test_never_keeps_her_out_of_her_own_room(self):
        evening = an_evening()
        evening.member("Ben").arrives("Ana")
        ana = evening.facilitator("Ana")
        ana.arrives("Ana")
        assert ana.is_inside()
