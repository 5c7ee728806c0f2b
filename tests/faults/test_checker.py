"""The laws themselves: journals planted with every crime must turn the checker red, and honest ones must not."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from rooms.engines import Position
from tests.faults.checker import TOLD_WITHIN, Verdict, check
from tests.faults.journal import Acked, Asked, Came, Entry, Journal, Marked, Shown, Went


def at(seq: int, epoch: str = "e") -> Position:
    return Position(epoch, seq)


def said(seq: int, words: str, by: str = "Ana", epoch: str = "e") -> Shown:
    return Shown(at(seq, epoch), f"said {words}", 10.0 + seq, by, words)


def an_evening() -> dict[str, Journal]:
    """Ana says a, b and c; Ben and Chi are there; Chi lost touch over b, and was told."""
    talk: list[Entry] = []
    for when, words in enumerate("abc", start=2):
        talk += [Asked(words, float(when)), Acked(words, when + 0.5)]
    return {
        "Ana": Journal("Ana", [Came(at(0), 0.0, 1.0), *talk, said(1, "a"), said(2, "b"), said(3, "c")]),
        "Ben": Journal("Ben", [Came(at(0), 0.0, 1.0), said(1, "a"), said(2, "b"), said(3, "c")]),
        "Chi": Journal("Chi", [Came(at(0), 0.0, 1.0), said(1, "a"), Marked(at(2), 5.0), said(3, "c")]),
    }


def judge(evening: dict[str, Journal]) -> Verdict:
    return check(list(evening.values()))


def test_an_honest_evening_breaks_no_law_and_its_loss_is_counted():
    verdict = judge(an_evening())
    assert verdict == Verdict(broken=[], lost=1, duplicated=0, marked=1)


def test_a_room_that_was_renewed_is_one_order_still():
    evening = an_evening()
    for journal in evening.values():
        journal.entries.append(Marked(at(0, "f"), 20.0))
    evening["Ben"].entries += [
        Asked("d", 21.0),
        Acked("d", 22.0),
        said(1, "d", "Ben", "f"),
    ]
    for name in ("Ana", "Chi"):
        evening[name].entries.append(said(1, "d", "Ben", "f"))
    assert judge(evening).broken == []


def test_who_comes_late_is_owed_nothing_from_before():
    evening = an_evening()
    evening["Dee"] = Journal("Dee", [Came(at(2), 3.8, 3.9), said(3, "c")])
    assert judge(evening).broken == []


def test_who_was_removed_is_owed_nothing_from_after():
    evening = an_evening()
    evening["Ben"].entries[2:] = [Went(3.2)]
    assert judge(evening).broken == []


def test_what_nobody_was_shown_may_be_acknowledged_if_everybody_was_told():
    evening = an_evening()
    evening["Ana"].entries += [Asked("d", 30.0), Acked("d", 31.0)]
    for journal in evening.values():
        journal.entries.append(Marked(at(4), 32.0))
    verdict = judge(evening)
    assert (verdict.broken, verdict.lost) == ([], 4)


# Crimes: what is done to the evening, and the law that must name it.


def _a_word_is_swallowed(evening: dict[str, Journal]) -> None:
    evening["Ben"].entries.pop()


def _a_word_is_swallowed_in_the_middle(evening: dict[str, Journal]) -> None:
    del evening["Ben"].entries[2]


def _the_mark_is_left_out(evening: dict[str, Journal]) -> None:
    del evening["Chi"].entries[2]


def _the_mark_is_too_small(evening: dict[str, Journal]) -> None:
    evening["Chi"].entries[1:] = [Marked(at(1), 5.0), said(3, "c")]


def _nobody_is_shown_what_was_acknowledged(evening: dict[str, Journal]) -> None:
    evening["Ana"].entries += [Asked("d", 30.0), Acked("d", 31.0)]


def _the_mark_came_before_the_loss(evening: dict[str, Journal]) -> None:
    for journal in evening.values():
        journal.entries.append(Marked(at(3), 29.0))
    _nobody_is_shown_what_was_acknowledged(evening)


def _the_mark_came_much_too_late(evening: dict[str, Journal]) -> None:
    _nobody_is_shown_what_was_acknowledged(evening)
    for journal in evening.values():
        journal.entries.append(Marked(at(3), 31.0 + TOLD_WITHIN + 1))


def _two_nodes_two_orders(evening: dict[str, Journal]) -> None:
    evening["Ben"].entries[2:] = [said(2, "c"), said(3, "b")]


def _epochs_in_two_orders(evening: dict[str, Journal]) -> None:
    evening["Ana"].entries += [Marked(at(0, "f"), 20.0), Marked(at(0, "g"), 21.0)]
    evening["Ben"].entries += [Marked(at(0, "g"), 20.0), Marked(at(0, "f"), 21.0)]


def _back_in_time(evening: dict[str, Journal]) -> None:
    evening["Ben"].entries += [Marked(at(1), 20.0)]


def _shown_twice(evening: dict[str, Journal]) -> None:
    evening["Ben"].entries.append(said(3, "c"))


def _carried_twice(evening: dict[str, Journal]) -> None:
    again = replace(said(4, "c"), what="said c, under another id")
    for journal in evening.values():
        journal.entries.append(again)


def _carried_twice_and_each_sees_one(evening: dict[str, Journal]) -> None:
    again = replace(said(4, "c"), what="said c, under another id")
    evening["Ben"].entries[3:] = [Marked(at(3), 20.0), again]


def _shown_before_they_came(evening: dict[str, Journal]) -> None:
    evening["Dee"] = Journal("Dee", [Came(at(1), 3.8, 3.9), said(2, "b"), said(3, "c")])


def _shown_at_the_door(evening: dict[str, Journal]) -> None:
    evening["Dee"] = Journal("Dee", [said(3, "c")])


def _shown_after_they_were_removed(evening: dict[str, Journal]) -> None:
    evening["Ben"].entries[3:] = [Went(3.8), said(3, "c")]


def _put_in_somebodys_mouth(evening: dict[str, Journal]) -> None:
    for journal in evening.values():
        journal.entries.append(said(4, "d", "Ben"))


def _said_by_another(evening: dict[str, Journal]) -> None:
    evening["Ben"].entries[1] = said(1, "a", "Ben")


CRIMES: list[tuple[Callable[[dict[str, Journal]], None], str]] = [
    (_a_word_is_swallowed, "no silence"),
    (_a_word_is_swallowed_in_the_middle, "no hole"),
    (_a_word_is_swallowed_in_the_middle, "no silence"),
    (_the_mark_is_left_out, "no silence"),
    (_the_mark_is_too_small, "no hole"),
    (_the_mark_is_too_small, "no silence"),
    (_nobody_is_shown_what_was_acknowledged, "no silence"),
    (_the_mark_came_before_the_loss, "no silence"),
    (_the_mark_came_much_too_late, "no silence"),
    (_two_nodes_two_orders, "one order"),
    (_epochs_in_two_orders, "one order"),
    (_back_in_time, "one order"),
    (_shown_twice, "no repeat"),
    (_shown_twice, "no hole"),
    (_carried_twice, "no repeat"),
    (_carried_twice_and_each_sees_one, "no repeat"),
    (_shown_before_they_came, "own time"),
    (_shown_at_the_door, "own time"),
    (_shown_after_they_were_removed, "own time"),
    (_put_in_somebodys_mouth, "no ghost"),
    (_said_by_another, "no ghost"),
]


@pytest.mark.parametrize(
    ("crime", "law"), CRIMES, ids=[f"{crime.__name__[1:]}: {law}" for crime, law in CRIMES]
)
def test_a_crime_is_named(crime: Callable[[dict[str, Journal]], None], law: str):
    evening = an_evening()
    crime(evening)
    broken = judge(evening).broken
    assert any(words.startswith(f"{law}: ") for words in broken), broken


def test_a_repeat_is_counted():
    evening = an_evening()
    _shown_twice(evening)
    assert judge(evening).duplicated == 1
