"""A report slip: everybody inside may write one, and those who wrote the words are told that one was made, and no more."""

import pytest

from rooms.live.care import TOLD_AGAIN, MakeSlip, SlipTold
from rooms.live.seat import Listen
from tests.live.cast_care import sees
from tests.people import an_evening


def told(evening) -> list[str]:
    return [event.seat for event in evening.happened if isinstance(event, SlipTold)]


def test_each_author_is_told_once_and_nobody_else_learns_of_it():
    evening = an_evening()
    ana, ben, chi, dov = evening.under_way("Ana", "Ben", "Chi", "Dov")
    dov.asks(MakeSlip((ben.says("one"), chi.says("two"), ben.says("three"))))
    assert told(evening) == [ben.id, chi.id]
    event = evening.happened[-2]
    assert sees(ben, event) == event
    assert sees(chi, event) is sees(ana, event) is sees(dov, event) is None
    assert not event.numbered
    assert dov.id not in repr(event), "not by whom"


def test_not_where_telling_could_be_dangerous_and_nobody_of_their_own_words():
    evening = an_evening()
    _, ben, dov = evening.under_way("Ana", "Ben", "Dov")
    before = len(evening.happened)
    dov.asks(MakeSlip((ben.says("one"),), danger=True))
    dov.asks(MakeSlip((dov.says("mine"),)))
    assert told(evening) == []
    assert len(evening.happened) == before + 2, "the two messages"


def test_being_told_is_no_way_to_press_somebody():
    evening = an_evening()
    _, ben, dov = evening.under_way("Ana", "Ben", "Dov")
    message = ben.says("one")
    for _ in range(3):
        dov.asks(MakeSlip((message,)))
    assert told(evening) == [ben.id]
    evening.passes(TOLD_AGAIN)
    dov.asks(MakeSlip((message,)))
    assert told(evening) == [ben.id, ben.id]


@pytest.mark.parametrize("count", [0, 11])
def test_a_few_messages_only(count: int):
    evening = an_evening()
    _, ben, dov = evening.under_way("Ana", "Ben", "Dov")
    dov.asks(MakeSlip(tuple(ben.says("hi") for _ in range(count))))
    dov.is_refused("invalid")


def test_of_messages_and_of_nothing_else():
    evening = an_evening()
    _, dov = evening.under_way("Ana", "Dov")
    dov.asks(MakeSlip(("some words of mine",)))
    dov.is_refused("no_such_message")


def test_facilitators_may_and_who_only_listens():
    evening = an_evening()
    ana, ben, chi = evening.under_way("Ana", "Ben", "Chi")
    message = ben.says("one")
    ana.asks(MakeSlip((message,)))
    chi.asks(Listen(on=True))
    chi.asks(MakeSlip((message,)))
    assert told(evening) == [ben.id]


def test_nobody_is_told_whom_the_room_does_not_know():
    evening = an_evening()
    _, ben, dov = evening.under_way("Ana", "Ben", "Dov")
    message = ben.says("one")
    before = evening.room
    for number in range(100):
        dov.asks(MakeSlip(tuple(f"made{number}up{each}.1" for each in range(10))))
    assert evening.room == before
    dov.asks(MakeSlip((message, "madeup.1")))
    assert told(evening) == [ben.id]


def test_that_somebody_was_told_is_known_no_longer_than_it_matters():
    evening = an_evening()
    _, ben, chi, dov = evening.under_way("Ana", "Ben", "Chi", "Dov")
    dov.asks(MakeSlip((ben.says("one"),)))
    evening.passes(TOLD_AGAIN)
    dov.asks(MakeSlip((chi.says("two"),)))
    assert list(evening.room.recent.slips_told_at) == [chi.id]
