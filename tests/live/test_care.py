"""When somebody is not well: flags, the on-call person, and the one copy that may be kept."""

import pytest

from rooms.live import next_deadline
from rooms.live.asides import LobbyNotePosted
from rooms.live.care import (
    CallOnCall,
    CopyKept,
    CopyTold,
    FacilitationFlagged,
    FlagAboutFacilitation,
    Flagged,
    KeepCopy,
    OnCallAlerted,
)
from rooms.live.leading import StepBack
from rooms.live.lifecycle import Closing, Ended, Held, NotHeld
from rooms.live.lines import ClaimLine
from rooms.live.state import MINUTE
from rooms.live.words import Audience, State
from tests.live.cast_care import (
    SECRET,
    another_facilitator,
    asks_for_pause,
    backchannels,
    flags,
    goes_to_corner,
    last,
    nothing_typed_stands_in_controls,
    sees,
    writes,
)
from tests.people import START, an_evening


class TestFlags:
    @pytest.mark.parametrize("verb", ["worried", "not_okay"])
    def test_go_to_every_facilitator_and_nobody_else(self, verb):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        jo = another_facilitator(evening)
        message = ben.says("I give up")
        flags(chi, verb, message=message, text="He means it")
        flagged = last(evening)
        assert flagged == Flagged(verb, message, "", "He means it", chi.id, "Chi")
        assert sees(ana, flagged) == sees(jo, flagged) == flagged
        assert sees(ben, flagged) is None
        assert not flagged.numbered
        nothing_typed_stands_in_controls(evening, "He means it")

    def test_the_author_is_never_told_by_whom_or_at_all(self):
        evening = an_evening()
        _, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        flags(chi, message=ben.says("I give up"))
        flagged = last(evening)
        assert sees(ben, flagged) is None
        assert flagged.concerns is None

    def test_not_even_when_the_author_is_a_facilitator_who_reads_along(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ana.says("Pull yourself together")
        flags(ben, "not_okay", message=message, text="This hurt")
        assert last(evening) == Flagged("not_okay", message, "", "This hurt", "", "")
        flags(ben, "not_okay", seat=ana.id)
        assert last(evening) == Flagged("not_okay", "", ana.id, "", "", "")

    def test_about_a_person_or_about_nothing_in_particular(self):
        evening = an_evening()
        _, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        flags(ben, seat=chi.id)
        assert last(evening) == Flagged("worried", "", chi.id, "", ben.id, "Ben")
        flags(ben)
        assert last(evening) == Flagged("worried", "", "", "", ben.id, "Ben")

    def test_about_somebody_who_has_left(self):
        evening = an_evening()
        _, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        chi.leaves()
        flags(ben, seat=chi.id)
        assert evening.room.recent.flags

    def test_about_the_words_of_somebody_whom_the_room_has_forgotten(self):
        evening = an_evening()
        _, ben, chi, _ = evening.under_way("Ana", "Ben", "Chi", "Dov")
        message = chi.says("You will all be sorry")
        chi.leaves()
        evening.passes(minutes=15)
        assert evening.room.seat(chi.id) is None
        flags(ben, message=message)
        assert last(evening) == Flagged("worried", message, "", "", ben.id, "Ben")

    def test_when_quieted_listening_in_the_corner_paused_and_held(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        dov = evening.member("Dov")
        dov.arrives(listening=True)
        ana.quiets(ben)
        goes_to_corner(chi)
        for person in (ben, chi, dov):
            flags(person)
        ana.pauses()
        flags(ben)
        ana.drops()
        evening.passes(45)
        flags(ben)
        assert evening.room.recent.flags[0].times == 5

    def test_a_flood_of_them_is_shown_as_one_and_none_is_dropped(self):
        evening = an_evening(seats=40)
        _, *members = evening.under_way("Ana", *[f"Number {a}{b}" for a in "abcdef" for b in "uvwxyz"])
        message = members[0].says("I give up")
        before = len(evening.happened)
        for number in range(20):
            for person in members:
                flags(person, message=message, text=str(number))
        flags(members[1], "not_okay", message=message)
        flags(members[1], seat=members[0].id)
        assert len(evening.happened) - before == 20 * len(members) + 2
        shown = [(flag.verb, flag.message, flag.seat, flag.times) for flag in evening.room.recent.flags]
        assert shown == [
            ("worried", message, "", 20 * len(members)),
            ("not_okay", message, "", 1),
            ("worried", "", members[0].id, 1),
        ]
        assert len(evening.room.recent.flags[0].words) == 20

    @pytest.mark.parametrize(
        ("verb", "both", "text", "why"),
        [
            ("angry", False, "", "invalid"),
            ("worried", True, "", "invalid"),
            ("worried", False, "x" * 301, "too_long"),
        ],
    )
    def test_two_verbs_one_thing_and_a_few_words(self, verb, both, text, why):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        message = ben.says("hi")
        flags(ben, verb, message=message, seat=ben.id if both else None, text=text)
        ben.is_refused(why)

    def test_not_what_nobody_said_or_who_was_never_here(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        flags(ben, message="nobody said this.1a")
        ben.is_refused("no_such_message")
        flags(ben, seat="snobody")
        ben.is_refused("not_here")


class TestHowItIsRun:
    def test_goes_past_the_facilitators_of_the_room(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        ben.asks(FlagAboutFacilitation())
        flagged = last(evening)
        assert flagged == FacilitationFlagged()
        assert sees(ana, flagged) is sees(chi, flagged) is sees(ben, flagged) is None
        assert not flagged.reach

    def test_nothing_in_the_room_says_who_it_was_or_that_it_was(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        before = evening.room
        ben.asks(FlagAboutFacilitation())
        after = evening.room
        assert after.recent == before.recent
        assert after.controls == before.with_controls(hidden=before.controls.hidden + 1).controls

    def test_somebody_quieted_may(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.quiets(ben)
        ben.asks(FlagAboutFacilitation())
        evening.brought(FacilitationFlagged())


def alerts(evening):
    return [event.why for event in evening.happened if isinstance(event, OnCallAlerted)]


class TestOnCall:
    def test_facilitators_call_and_the_room_learns_nothing(self):
        evening = an_evening()
        ana, ben, _ = evening.under_way("Ana", "Ben", "Chi")
        jo = another_facilitator(evening)
        told = evening.room.controls.happened
        ana.asks(CallOnCall())
        alerted = OnCallAlerted(why="asked")
        evening.brought(alerted)
        assert sees(ana, alerted) == sees(jo, alerted) == alerted
        assert sees(ben, alerted) is None
        assert alerted.shown_to(Audience.WAITING) is None
        assert evening.room.controls.happened == told
        jo.asks(CallOnCall())
        jo.is_refused("already")

    def test_again_when_nobody_came_for_five_minutes(self):
        evening = an_evening()
        (ana,) = evening.under_way("Ana")
        ana.asks(CallOnCall())
        evening.passes(minutes=4.9)
        ana.asks(CallOnCall())
        ana.is_refused("already")
        evening.passes(minutes=0.1)
        ana.asks(CallOnCall())
        assert alerts(evening) == ["asked", "asked"]

    def test_members_cannot(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(CallOnCall())
        ben.is_refused("not_allowed")

    def test_called_three_minutes_after_a_start_to_which_nobody_came(self):
        evening = an_evening()
        ben = evening.member("Ben")
        ben.arrives()
        evening.comes_to(START + 3 * MINUTE - 0.001)
        assert alerts(evening) == []
        evening.comes_to(START + 3 * MINUTE)
        assert alerts(evening) == ["nobody_came"]
        assert evening.passes(minutes=7) == [NotHeld()]
        assert alerts(evening) == ["nobody_came"]

    def test_those_who_wait_are_told_the_truth(self):
        evening = an_evening()
        ben = evening.member("Ben")
        ben.arrives()
        evening.comes_to(START + 3 * MINUTE)
        assert sees(ben, last(evening)) == OnCallAlerted(why="nobody_came")

    def test_not_while_a_facilitator_is_there(self):
        evening = an_evening()
        evening.facilitator("Ana").arrives()
        evening.comes_to(START + 5 * MINUTE)
        assert alerts(evening) == []

    def test_three_minutes_after_the_only_one_went_away_again(self):
        evening = an_evening()
        ana = evening.facilitator("Ana")
        ana.arrives()
        evening.comes_to(START + 5 * MINUTE)
        ana.leaves()
        evening.passes(minutes=2.9)
        assert alerts(evening) == []
        evening.passes(minutes=0.1)
        assert alerts(evening) == ["nobody_came"]

    def test_any_facilitator_who_comes_then_leads(self):
        evening = an_evening()
        evening.comes_to(START + 5 * MINUTE)
        jo = another_facilitator(evening)
        assert evening.room.controls.lead == jo.id
        jo.starts()

    def test_called_as_soon_as_the_room_is_held_and_once(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        ana.drops()
        evening.passes(44.999)
        assert alerts(evening) == []
        evening.passes(0.001)
        assert evening.happened[-2:] == [Held(), OnCallAlerted(why="held")]
        evening.passes(minutes=9)
        assert alerts(evening) == ["held"]

    def test_each_time_that_it_is_held(self):
        evening = an_evening()
        ana, _ = evening.under_way("Ana", "Ben")
        for _ in range(2):
            ana.drops()
            evening.passes(46)
            ana.comes_back()
            ana.resumes()
        assert alerts(evening) == ["held", "held"]

    def test_also_when_members_asked_for_a_pause_in_vain(self):
        evening = an_evening()
        _, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        asks_for_pause(ben)
        asks_for_pause(chi)
        evening.passes(60)
        assert alerts(evening) == ["held"]

    def test_when_the_only_facilitator_steps_back_the_server_sees_it_through(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(StepBack())
        evening.passes(45)
        evening.is_now(State.HELD)
        assert alerts(evening) == ["held"]
        ben.cannot_speak("held")
        came = evening.passes(minutes=12)
        assert [type(each) for each in came if isinstance(each, Closing | Ended)] == [Closing, Ended]
        assert ana.is_inside()


class TestKeepingACopy:
    def test_everybody_learns_that_and_nobody_of_what(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        message = ben.says(SECRET)
        ana.asks(KeepCopy((message,)))
        kept = next(event for event in evening.happened if isinstance(event, CopyKept))
        assert sees(chi, kept) == sees(ben, kept) == kept == CopyKept(by="Ana")
        assert kept.numbered
        assert evening.room.controls.tally["copy_kept"] == 1
        assert evening.room.controls.happened[-1].what == "copy_kept"
        nothing_typed_stands_in_controls(evening)

    def test_each_author_is_told_what_was_theirs(self):
        evening = an_evening()
        ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
        one, two, three = ben.says("one"), chi.says("two"), ben.says("three")
        ana.asks(KeepCopy((one, two, three, one)))
        told = [event for event in evening.happened if isinstance(event, CopyTold)]
        assert told == [CopyTold(ben.id, (one, three)), CopyTold(chi.id, (two,))]
        assert sees(ben, told[0]) == told[0]
        assert sees(chi, told[0]) is sees(ana, told[0]) is None
        assert not told[0].numbered

    def test_not_where_telling_could_raise_the_danger(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(KeepCopy((ben.says("hi"),), danger=True))
        evening.brought(CopyKept(by="Ana"))

    def test_which_the_lead_decides(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        jo = another_facilitator(evening)
        message = ben.says("hi")
        jo.asks(KeepCopy((message,), danger=True))
        assert jo.is_refused("only_the_lead").offers == ("Ana",)
        jo.asks(KeepCopy((message,)))
        assert isinstance(last(evening), CopyTold)

    def test_or_whoever_is_there_while_nobody_leads(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ben.says("hi")
        evening.room = evening.room.with_controls(lead="")
        ana.asks(KeepCopy((message,), danger=True))
        evening.brought(CopyKept(by="Ana"))

    def test_of_the_words_of_somebody_whom_the_room_has_forgotten(self):
        evening = an_evening()
        ana, ben, *_ = evening.under_way("Ana", "Ben", "Chi", "Dov")
        message = ben.says("I am going to end it")
        ben.leaves()
        evening.passes(minutes=15)
        assert evening.room.seat(ben.id) is None
        ana.asks(KeepCopy((message,)))
        assert evening.happened[-2] == CopyKept(by="Ana")

    @pytest.mark.parametrize("count", [0, 11])
    def test_a_few_messages_only(self, count):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        ana.asks(KeepCopy(tuple(ben.says("hi") for _ in range(count))))
        ana.is_refused("invalid")

    def test_not_what_was_taken_back_or_never_said(self):
        evening = an_evening()
        ana, ben = evening.under_way("Ana", "Ben")
        message = ben.says("hi")
        ben.takes_back(message)
        ana.asks(KeepCopy((message,)))
        ana.is_refused("no_such_message")
        ana.asks(KeepCopy(("nobody said this.1a",)))
        ana.is_refused("no_such_message")

    def test_members_cannot(self):
        evening = an_evening()
        _, ben = evening.under_way("Ana", "Ben")
        ben.asks(KeepCopy((ben.says("hi"),)))
        ben.is_refused("not_allowed")


def test_the_care_card_from_first_to_last_leaves_no_trace_with_the_others():
    """Somebody may be in danger: one facilitator cares for them, the other holds the room."""
    evening = an_evening()
    ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
    jo = another_facilitator(evening)
    message = ben.says("I do not want to be here any more")
    before = len(evening.happened)
    flags(chi, message=message)
    jo.asks(ClaimLine(ben.id))
    backchannels(jo, "I am with Ben, you hold the room")
    writes(jo, "I read you. Are you thinking of ending your life?", to=ben)
    writes(ben, "Yes")
    ana.asks(CallOnCall())
    seen = {
        person.name: [sees(person, event) for event in evening.happened[before:]] for person in (ben, chi)
    }
    assert [type(each).__name__ for each in seen["Ben"] if each] == ["LineWritten", "LineWritten"]
    assert not any(seen["Chi"])
    jo.asks(KeepCopy((message,)))
    assert [sees(chi, event) for event in evening.happened[-2:]] == [CopyKept(by="Jo"), None]


def test_no_word_of_a_third_person_takes_anything_from_who_said_it_but_that_message():
    evening = an_evening()
    ana, ben = evening.under_way("Ana", "Ben")
    ana.takes_down(ben.says("Nurse Miller at St Mary's"), "private_details")
    writes(ana, "Here it is again without her name", to=ben)
    ben.can_speak()


def test_a_lobby_that_waits_in_vain_keeps_what_was_posted_for_it():
    evening = an_evening()
    evening.fold(LobbyNotePosted("sana.1", "sana", "Ana", "We begin late"))
    assert next_deadline(evening.room) is not None
    assert evening.room.recent.lobby_note is not None
