"""Called off at the last moment: whoever waits is told at once, and what has begun is not called off."""

import pytest

from rooms.live import Actor, Refusal, State
from rooms.live.calling_off import CalledOff, CallOff
from rooms.live.state import Recent
from rooms.live.words import Audience, Role
from tests.live.cast_care import writes
from tests.people import MINUTE, START, an_evening

OLU = Actor("", Role.ORGANISER, "Olu")


@pytest.mark.parametrize("why", ["moved", "cancelled"])
def test_people_at_the_doors_are_told_and_nobody_else_comes_in(why):
    evening = an_evening()
    ben = evening.member("Ben")
    ben.arrives()
    evening.ask(CallOff(why), OLU)
    evening.brought(CalledOff(why=why, by="Olu"))
    evening.is_now(State.CANCELLED)
    assert evening.room.controls.reason == why
    assert CalledOff(why=why, by="Olu").shown_to(Audience.WAITING)
    evening.member("Chi").arrives()
    evening.looked_at()
    assert evening.ask(CallOff(why), OLU) == Refusal("already")
    evening.looked_at()
    evening.nothing_happens(minutes=600)


def test_no_word_of_those_who_waited_is_left_in_memory():
    evening = an_evening()
    ben = evening.member("Ben")
    ben.arrives()
    writes(ben)
    assert evening.room.recent.lines
    evening.ask(CallOff("cancelled"), OLU)
    assert evening.room.recent == Recent()


def test_it_can_be_called_off_before_the_doors_open():
    evening = an_evening(at=START - 25 * MINUTE)
    evening.ask(CallOff("cancelled"), OLU)
    evening.is_now(State.CANCELLED)
    evening.nothing_happens(minutes=60)


def test_what_has_begun_is_its_facilitators_to_end():
    evening = an_evening()
    ana, ben = evening.under_way("Ana", "Ben")
    for because in (lambda: None, ana.pauses, ana.resumes, ana.begins_closing):
        because()
        assert isinstance(evening.ask(CallOff("cancelled"), OLU), Refusal)
        evening.looked_at()
    ben.can_speak()


def test_only_the_organiser_calls_off_and_only_with_a_known_reason():
    evening = an_evening()
    ana = evening.facilitator("Ana")
    ana.arrives()
    ana.asks(CallOff("cancelled"))
    ana.is_refused("not_allowed")
    assert evening.ask(CallOff("a message that somebody typed"), OLU) == Refusal("invalid")
    evening.looked_at()
    evening.is_now(State.DOORS)
