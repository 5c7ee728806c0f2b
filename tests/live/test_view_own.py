"""What a page knows of its own person, so that it shows what can be done without knowing a single rule."""

import pytest

from rooms.live import EVENTS, view
from rooms.live.agreement import ChangeAgreement, KeepToAgreement
from rooms.live.asking import AskForPause
from rooms.live.care import FlagIt, KeepCopy
from rooms.live.company import CarryOn
from rooms.live.door import Decline
from rooms.live.hands import CallNext, RaiseHand
from rooms.live.leading import StepBack
from rooms.live.lifecycle import Resume
from rooms.live.lines import ClaimLine
from rooms.live.lobby import BackToLobby
from rooms.live.modes import SetMode
from rooms.live.temperature import AnswerTemperature, AskTemperature
from rooms.live.words import THE_CLOCK, Audience
from tests.live.cast_care import writes
from tests.live.cast_floor import in_a_turn
from tests.people import Evening, Person, an_evening


def own(who: Person) -> view.Shown:
    return view.you_shown(who.evening.room, who.seat, who.evening.now)


def told_by(evening: Evening, deed: object) -> set[str]:
    """Whose own state is sent anew after this."""
    before = evening.room
    deed()  # type: ignore[operator]
    return view.touched(before, evening.room)


def test_a_composer_is_parked_because_the_server_says_so():
    evening = an_evening()
    ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
    assert own(ben)["held_back"] is None
    assert told_by(evening, lambda: ana.asks(SetMode("hands"))) == {ana.id, ben.id, chi.id}
    assert own(ben)["held_back"] == "raise_a_hand"
    ben.asks(RaiseHand())
    assert told_by(evening, lambda: ana.asks(CallNext())) == {ana.id, ben.id, chi.id}
    assert (own(ben)["held_back"], own(chi)["held_back"]) == (None, "raise_a_hand")


def test_when_a_turn_passes_on_whoever_had_it_and_whoever_has_it_are_told():
    circle, (_, ben, chi) = in_a_turn("Ana", "Ben", "Chi")
    assert own(ben)["held_back"] is None
    assert {ben.id, chi.id} <= told_by(circle, ben.is_done)
    assert (own(ben)["held_back"], own(chi)["held_back"]) == ("not_your_turn", None), "she may begin at once"


def test_who_has_answered_is_told_so_and_nobody_else():
    evening = an_evening()
    ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
    ana.asks(AskTemperature("How is the pace?", ("Fine", "Too fast")))
    assert told_by(evening, lambda: ben.asks(AnswerTemperature(1))) == {ben.id}
    assert (own(ben)["answered"], own(chi)["answered"]) == (True, False)
    evening.passes(minutes=2)
    assert own(ben)["answered"] is False


def test_who_asked_for_a_pause_sees_that_they_did():
    evening = an_evening()
    _, ben, chi = evening.under_way("Ana", "Ben", "Chi")
    assert told_by(evening, lambda: ben.asks(AskForPause())) == {ben.id}
    assert (own(ben)["asked_pause"], own(chi)["asked_pause"]) == (True, False)


def test_each_of_the_last_two_sees_what_they_said():
    evening = an_evening()
    ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
    chi.leaves()
    evening.passes(seconds=1)
    assert view.room_shown(evening.room, Audience.MEMBER)["pair_since"] is not None
    assert told_by(evening, lambda: ben.asks(CarryOn())) == {ben.id}
    assert (own(ben)["carried_on"], own(ana)["carried_on"]) == (True, False)


def test_how_a_private_line_stands_its_owner_sees():
    evening = an_evening()
    ana, ben = evening.under_way("Ana", "Ben")
    assert own(ben)["line"] is None
    assert told_by(evening, lambda: writes(ana, to=ben)) == {ben.id}
    assert own(ben)["line"] == "offered"


def test_whoever_is_asked_to_say_yes_to_another_agreement_sees_to_which():
    evening = an_evening()
    _, ben = evening.under_way("Ana", "Ben")
    evening.ask(ChangeAgreement(4), THE_CLOCK)
    assert own(ben)["to_agree"] == "asked"
    shown = view.room_shown(evening.room, Audience.MEMBER)
    assert (shown["agreement"], shown["agreement_until"]) == (4, evening.now + 300)


def test_facilitators_see_how_many_have_not_said_yes_yet_and_nobody_sees_who():
    evening = an_evening()
    _, ben, chi = evening.under_way("Ana", "Ben", "Chi")
    evening.ask(ChangeAgreement(4), THE_CLOCK)
    assert view.room_shown(evening.room, Audience.FACILITATOR)["to_agree"] == 3
    ben.asks(KeepToAgreement(4))
    assert view.room_shown(evening.room, Audience.FACILITATOR)["to_agree"] == 2
    chi.leaves()
    assert view.room_shown(evening.room, Audience.FACILITATOR)["to_agree"] == 1
    assert "to_agree" not in view.room_shown(evening.room, Audience.MEMBER)
    assert all(
        "to_agree" not in shown for shown in view.people_shown(evening.room, Audience.FACILITATOR).values()
    )


def test_the_time_of_a_check_stands_still_while_nobody_can_talk():
    evening = an_evening()
    ana, _ = evening.under_way("Ana", "Ben")

    def until() -> object:
        check = view.room_shown(evening.room, Audience.MEMBER)["check"]
        assert isinstance(check, dict)
        return check["until"]

    ana.asks(AskTemperature("How is the pace?", ("Fine", "Too fast")))
    assert until() == evening.now + 120
    evening.passes(30)
    ana.pauses()
    assert until() is None
    evening.passes(minutes=5)
    ana.asks(Resume())
    assert until() == evening.now + 120


def test_a_line_is_claimed_by_who_is_here_to_answer_it():
    evening = an_evening()
    ana, ben = evening.under_way("Ana", "Ben")
    jo = evening.facilitator("Jo")
    jo.arrives()
    jo.asks(ClaimLine(ben.id))
    assert view.room_shown(evening.room, Audience.FACILITATOR)["claims"] == {ben.id: jo.id}
    jo.asks(StepBack())
    assert view.room_shown(evening.room, Audience.FACILITATOR)["claims"] == {}
    ana.asks(ClaimLine(ben.id))
    assert view.room_shown(evening.room, Audience.FACILITATOR)["claims"] == {ben.id: ana.id}


def test_facilitators_see_who_was_told_not_this_time_and_can_be_let_in_after_all():
    evening = an_evening(knock_first=True)
    ana, ben = evening.under_way("Ana", "Ben")
    ana.asks(Decline(ben.id, "talk_first"))
    shown = view.people_shown(evening.room, Audience.FACILITATOR)[ben.id]
    assert (shown["place"], shown["declined"]) == ("gone", True)
    ana.admits(ben)
    assert view.people_shown(evening.room, Audience.FACILITATOR)[ben.id]["declined"] is False


def test_flags_wait_for_the_facilitators_who_come_later_and_for_nobody_else():
    evening = an_evening()
    ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
    ben.asks(FlagIt("worried", seat=chi.id, text="Chi went quiet."))
    shown = view.words_shown(evening.room, ana.seat)["flags"]
    assert shown == [
        {
            "verb": "worried",
            "message": "",
            "seat": chi.id,
            "times": 1,
            "words": ["Chi went quiet."],
            "at": evening.now,
        }
    ]
    assert "flags" not in view.words_shown(evening.room, chi.seat)


def test_what_happened_grows_on_every_page():
    evening = an_evening()
    ana, _ = evening.under_way("Ana", "Ben")
    before = view.room_shown(evening.room, Audience.MEMBER)
    ana.pauses()
    lately = view.differences(before, view.room_shown(evening.room, Audience.MEMBER))["lately"]
    assert isinstance(lately, list)
    assert lately[-1] == {"at": evening.now, "what": "paused", "by": "Ana"}


def test_what_facilitators_did_about_themselves_stands_under_their_name():
    evening = an_evening()
    ana, ben = evening.under_way("Ana", "Ben")
    ana.asks(StepBack())
    assert view.words_shown(evening.room, ben.seat)["happened"][-1] == {
        "at": evening.now,
        "what": "stepped_back",
        "by": "Ana",
    }


def test_no_line_of_what_happened_names_whom_it_was_about():
    evening = an_evening()
    ana, ben, chi, dov = evening.under_way("Ana", "Benedict", "Christabel", "Dorothea")
    ana.takes_down(ben.says("hi"))
    ana.quiets(ben)
    ana.asks(KeepCopy((chi.says("help"),)))
    ana.asks(BackToLobby(chi.id, "take_a_breather"))
    ana.removes(dov)
    happened = view.words_shown(evening.room, ana.seat)["happened"]
    assert isinstance(happened, list)
    assert [line["what"] for line in happened] == [
        "started",
        "taken_down",
        "quieted",
        "copy_kept",
        "sent_to_lobby",
        "removed",
    ]
    assert {line["by"] for line in happened} == {"Ana"}
    for person in (ben, chi, dov):
        assert person.name not in str(happened)
        assert person.id not in str(happened)


@pytest.mark.parametrize("name", sorted(name for name, event in EVENTS.items() if event.told))
def test_every_use_of_power_stands_under_who_used_it(name):
    about_facilitators = {"lead_passed", "stepped_back", "came_on_duty", "powers_suspended"}
    assert name in about_facilitators or "by" in EVENTS[name].__dataclass_fields__
