"""The laws, over the journals of everybody who was in one room. Every sentence is said once, so words name a message.

one order    a number belongs to one event, an event to one number, and nobody meets the epochs in another order
no hole      between two marks every number is there, once, and they only grow
no repeat    nothing is shown twice, and nothing said once stands in the room twice
no silence   what was acknowledged is shown to everybody who was inside, or lies in a stretch they were told they missed
own time     nobody is shown what was said before they came or after they were out
no ghost     nothing is shown that its author did not say
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rooms.engines import Position
from tests.faults.journal import Acked, Asked, Came, Journal, Marked, Shown, Went

# For words that nobody at all was shown: how long after the acknowledgement people may be left without a mark.
TOLD_WITHIN = 60.0


@dataclass(slots=True)
class Verdict:
    """``broken`` is empty, or a law was broken. The figures count what the laws allow.

    lost: how often somebody was not shown what was acknowledged, each time within a stretch they were told they missed.
    duplicated: how often something was shown twice (which is always broken, too).
    marked: how often somebody was told that they may have missed something.
    """

    broken: list[str] = field(default_factory=list)
    lost: int = 0
    duplicated: int = 0
    marked: int = 0


@dataclass(slots=True)
class _Stretch:
    """What one person was shown between two marks, from ``at`` on."""

    at: Position
    when: float
    shown: list[Shown] = field(default_factory=list)

    @property
    def end(self) -> Position:
        return self.shown[-1].at if self.shown else self.at


@dataclass(slots=True)
class _Life:
    """One journal, read."""

    name: str
    came: Came | None = None
    went: float | None = None
    stretches: list[_Stretch] = field(default_factory=list)
    asked: dict[str, float] = field(default_factory=dict)
    acked: dict[str, float] = field(default_factory=dict)

    @property
    def shown(self) -> list[Shown]:
        return [each for stretch in self.stretches for each in stretch.shown]


def check(journals: Sequence[Journal]) -> Verdict:
    return _Court(journals).judged()


class _Court:
    def __init__(self, journals: Sequence[Journal]) -> None:
        self.verdict = Verdict()
        self.lives = [self._read(journal) for journal in journals]
        self.order = self._order_of_epochs()
        self.asked = {words: (life.name, at) for life in self.lives for words, at in life.asked.items()}
        self.acked = {words: at for life in self.lives for words, at in life.acked.items()}
        self.places: dict[str, Position] = {}

    def judged(self) -> Verdict:
        self._one_order()
        for life in self.lives:
            self._no_hole(life)
            self._no_repeat(life)
            self._own_time(life)
            self._no_ghost(life)
        for life in self.lives:
            self._no_silence(life)
        return self.verdict

    def _broken(self, law: str, who: str, what: str) -> None:
        self.verdict.broken.append(f"{law}: {who}: {what}")

    def _read(self, journal: Journal) -> _Life:
        life = _Life(journal.name)
        for entry in journal.entries:
            match entry:
                case Came():
                    life.came = entry
                    life.stretches.append(_Stretch(entry.at, entry.when))
                case Marked():
                    self.verdict.marked += 1
                    life.stretches.append(_Stretch(entry.at, entry.when))
                case Shown():
                    if life.came is None:
                        self._broken("own time", life.name, f"{entry.what} before they came in")
                    else:
                        life.stretches[-1].shown.append(entry)
                case Asked():
                    life.asked[entry.words] = entry.when
                case Acked():
                    life.acked[entry.words] = entry.when
                case Went():
                    life.went = entry.when
        return life

    # One order

    def _order_of_epochs(self) -> dict[str, int]:
        """Epochs in an order that everybody's journal agrees with."""
        after: dict[str, set[str]] = {}
        for life in self.lives:
            epochs = [stretch.at.epoch for stretch in life.stretches]
            for epoch in epochs:
                after.setdefault(epoch, set())
            for before, later in pairwise(epochs):
                if before != later:
                    after[later].add(before)
        order: dict[str, int] = {}
        while len(order) < len(after):
            free = [epoch for epoch, before in after.items() if epoch not in order and before <= order.keys()]
            if not free:
                self._broken("one order", "everybody", "epochs were met in different orders")
                free = [epoch for epoch in after if epoch not in order]
            order[free[0]] = len(order)
        return order

    def _one_order(self) -> None:
        events: dict[Position, tuple[str, str]] = {}
        numbers: dict[str, Position] = {}
        for life in self.lives:
            for shown in life.shown:
                what, who = events.setdefault(shown.at, (shown.what, life.name))
                if what != shown.what:
                    self._broken(
                        "one order", life.name, f"{shown.at} is {shown.what}, and for {who} it is {what}"
                    )
                if numbers.setdefault(shown.what, shown.at) != shown.at:
                    self._broken(
                        "one order", life.name, f"{shown.what} is {shown.at} and {numbers[shown.what]}"
                    )
                if shown.words:
                    self.places.setdefault(shown.words, shown.at)

    def _key(self, at: Position) -> tuple[int, int]:
        return (self.order.get(at.epoch, -1), at.seq)

    # One person's laws

    def _no_hole(self, life: _Life) -> None:
        for stretch in life.stretches:
            expected = stretch.at.seq
            for shown in stretch.shown:
                expected += 1
                if shown.at.epoch != stretch.at.epoch or shown.at.seq != expected:
                    self._broken("no hole", life.name, f"{shown.at} where number {expected} comes next")
                    expected = shown.at.seq
        for before, later in pairwise(life.stretches):
            if self._key(later.at) < self._key(before.end):
                self._broken("one order", life.name, f"back from {before.end} to {later.at}")

    def _no_repeat(self, life: _Life) -> None:
        seen: set[str] = set()
        for shown in life.shown:
            names = {shown.what, shown.words} - {""}
            if names & seen:
                self.verdict.duplicated += 1
                self._broken("no repeat", life.name, f"{shown.what} is shown twice")
            seen |= names
            place = self.places.get(shown.words)
            if place is not None and place != shown.at:
                self._broken("no repeat", life.name, f"{shown.words} stands at {place} and at {shown.at}")

    def _own_time(self, life: _Life) -> None:
        for shown in life.shown:
            if shown.words not in self.asked:
                continue
            known = self.acked.get(shown.words)
            if life.came is not None and known is not None and known < life.came.since:
                self._broken("own time", life.name, f"{shown.words} was said before they came")
            if life.went is not None and self.asked[shown.words][1] > life.went:
                self._broken("own time", life.name, f"{shown.words} was said when they were out")

    def _no_ghost(self, life: _Life) -> None:
        for shown in life.shown:
            if shown.words and self.asked.get(shown.words, ("nobody", 0.0))[0] != shown.by:
                self._broken("no ghost", life.name, f"{shown.words} is shown as by {shown.by}")

    def _no_silence(self, life: _Life) -> None:
        if life.came is None:
            return
        shown = {each.words for each in life.shown}
        for words, acked in self.acked.items():
            if words in shown or self._is_not_owed(life, words, acked):
                continue
            if self._is_marked(life, words, acked):
                self.verdict.lost += 1
            else:
                self._broken(
                    "no silence", life.name, f"{words} was acknowledged, and neither shown nor marked"
                )

    def _is_not_owed(self, life: _Life, words: str, acked: float) -> bool:
        assert life.came is not None
        place = self.places.get(words)
        if life.went is not None and (
            acked >= life.went or (place and self._key(place) > self._key(life.stretches[-1].end))
        ):
            return True
        if place is None:
            return acked < life.came.when
        return self._key(place) <= self._key(life.came.at)

    def _is_marked(self, life: _Life, words: str, acked: float) -> bool:
        place = self.places.get(words)
        if place is None:
            # Nobody was shown it. Then everybody must have been told, after it was said and soon.
            asked = self.asked[words][1]
            return any(asked <= stretch.when <= acked + TOLD_WITHIN for stretch in life.stretches[1:])
        return any(
            self._key(before.end) < self._key(place) <= self._key(later.at)
            for before, later in pairwise(life.stretches)
        )
