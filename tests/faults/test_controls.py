"""Two facilitators on two nodes, and a person who floods: controls have one order, and nothing said slips past them."""

import asyncio
import random
import time
from typing import Final

import pytest

from rooms.engines import Position
from tests.faults.evening import Evening
from tests.faults.journal import Journal, Shown
from tests.faults.person import Frame, Person

pytestmark = pytest.mark.timeout(400)

WITHIN: Final = 0.05
RACES: Final = 200
# A facilitator may tap twenty times a second.
PACE: Final = 0.06


async def races(first: Person, one: Frame, second: Person, other: Frame) -> tuple[Frame, Frame]:
    """Both ask within fifty milliseconds; which of them is ahead is left to chance."""
    dice = random.Random()

    async def asks(person: Person, command: Frame) -> Frame:
        await asyncio.sleep(dice.random() * WITHIN)
        return await person.asks(**command)

    began = time.monotonic()
    answers = await asyncio.gather(asks(first, one), asks(second, other))
    await asyncio.sleep(max(0.0, PACE - (time.monotonic() - began)))
    return answers[0], answers[1]


def happened(journal: Journal, *events: str) -> list[str]:
    """What one person was shown of these events, in the order of it."""
    shown = (entry.what for entry in journal.entries if isinstance(entry, Shown))
    return [what for what in shown if what.partition(" at ")[0] in events]


def outcome(answer: Frame) -> str:
    word: str = answer["why"] if answer["type"] == "refused" else "done"
    return word


async def test_two_hundred_races_have_one_order_and_one_winner(evening: Evening):
    ana, bea, ben = evening["Ana"], evening["Bea"], evening["Ben"]
    doors = ["locked", "open"]
    done = 0
    for race in range(RACES):
        lock: Frame = {"command": "set_door", "door": doors[race // 2 % 2]}
        match race % 4:
            case 0 | 2:  # both the same: one does it, the other is told
                answers = await races(ana, lock, bea, lock)
                assert sorted(map(outcome, answers)) == ["already", "done"], race
                done += 1
            case 1:  # one against the other; it is as the first leaves it now
                answers = await races(ana, lock, bea, {**lock, "door": doors[doors.index(lock["door"]) - 1]})
                assert outcome(answers[1]) == "done"
                assert outcome(answers[0]) in {"already", "done"}
                done += [outcome(answer) for answer in answers].count("done")
                # Back to where the next race begins.
                reset = await ana.asks(**lock)
                done += outcome(reset) == "done"
            case _:
                quiet: Frame = {"command": "quiet", "seat": ben.seat, "minutes": 2, "reason": "unkind"}
                answers = await races(ana, quiet, bea, {"command": "unquiet", "seat": ben.seat})
                assert outcome(answers[0]) == "done"
                assert outcome(answers[1]) in {"already", "done"}
                done += [outcome(answer) for answer in answers].count("done")
                ended = await bea.asks("unquiet", seat=ben.seat)
                done += outcome(ended) == "done"
    verdict = await evening.verdict()
    assert verdict.broken == []
    orders = [happened(each.journal, "door_set", "quieted", "unquieted") for each in evening.people]
    assert all(order == orders[0] for order in orders)
    assert len(orders[0]) == done, "each that was told done happened, and nothing else did"


def place_of(journal: Journal, event: str) -> Position:
    return next(
        entry.at
        for entry in journal.entries
        if isinstance(entry, Shown) and entry.what.partition(" at ")[0] == event
    )


def said_by(name: str, evening: Evening) -> set[Position]:
    """Every place of the order at which anybody was shown words of theirs."""
    return {
        entry.at
        for person in evening.people
        for entry in person.journal.entries
        if isinstance(entry, Shown) and entry.by == name
    }


async def test_nothing_said_lands_after_the_quiet(evening: Evening):
    """Each floods at one node, and is quieted at the other in the midst of it."""
    before = 0
    for name in ("Ben", "Chi", "Dee", "Eli"):
        person = evening[name]
        facilitator = evening["Bea" if person.node == 0 else "Ana"]
        assert person.node != facilitator.node
        journal = evening["Ana"].journal
        so_far = len(journal.entries)
        flood = asyncio.create_task(person.floods(18, every=0.01))
        await asyncio.sleep(0.08)
        answer = await facilitator.asks("quiet", seat=person.seat, minutes=2, reason="take_a_breather")
        assert outcome(answer) == "done"
        await flood
        # The answer to something asked after the flood, on the same connection, comes after the flood.
        await person.asks("take_back", message="nobody.0")
        # And whatever either node had on its way to anybody has come, once both have seen something later.
        await evening["Ana"].asks("slow_mode", seconds=10)
        await evening["Bea"].asks("slow_mode", seconds=0)
        quieted = place_of(Journal("Ana", journal.entries[so_far:]), "quieted")
        places = said_by(name, evening)
        assert not {at for at in places if at >= quieted}, "said after the quiet"
        before += len(places)
        await facilitator.asks("unquiet", seat=person.seat)
    assert before > 0, "somebody got a word in before"
    assert before < 4 * 18, "the quiet came in the midst"
    verdict = await evening.verdict()
    assert verdict.broken == []


async def test_nothing_said_lands_after_the_removal_and_nothing_reaches_the_removed(evening: Evening):
    for name in ("Ben", "Chi"):
        person = evening[name]
        second, first = ("Bea", "Ana") if person.node == 0 else ("Ana", "Bea")
        answer = await evening[first].asks("remove", seat=person.seat, reason="unkind")
        assert outcome(answer) == "done", "it waits for a second yes"
        journal = evening["Ana"].journal
        so_far = len(journal.entries)
        flood = asyncio.create_task(person.floods(18, every=0.01))
        await asyncio.sleep(0.08)
        answer = await evening[second].asks("remove", seat=person.seat, reason="unkind")
        assert outcome(answer) == "done"
        await flood
        await evening.are_whole()
        removed = place_of(Journal("Ana", journal.entries[so_far:]), "someone_removed")
        assert not {at for at in said_by(name, evening) if at >= removed}, "said after the removal"
        assert person.closed == 4003
        shown = [entry.at for entry in person.journal.entries if isinstance(entry, Shown)]
        assert max(shown) < removed, "shown to somebody who was out"
    verdict = await evening.verdict()
    assert verdict.broken == []
