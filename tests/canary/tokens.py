"""Words that nothing else in the world holds, one for each thing that somebody could say; they are kept in memory alone."""

import hashlib
import itertools
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"
LENGTH: Final = 24
SHORTEST_PIECE: Final = 12
# What stands in an address or a head, a proxy writes down that is left as it comes; nothing that people say does.
PROXY_LOG: Final = "log of a proxy left as it comes"


@dataclass(frozen=True, slots=True)
class Plant:
    """``expected``: the kinds of places in which it may stand; in ``required`` it must, or the search is blind."""

    family: str
    word: str = field(repr=False)
    expected: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()

    @property
    def pieces(self) -> set[bytes]:
        """Whatever is left of it where a line was cut off, forwards and backwards, in small letters."""
        plain = self.word.lower().encode("ascii", "replace")
        return {
            way[start : start + SHORTEST_PIECE]
            for way in (plain, plain[::-1])
            for start in range(len(way) - SHORTEST_PIECE + 1)
        }


class Registry:
    """All plants of a run. The same seed brings the same words; ``name`` tells one run of a programme from the next."""

    def __init__(self, seed: int, name: str = "") -> None:
        self.seed = seed
        self._dice = random.Random(f"{seed} {name}")
        self._plants: list[Plant] = []

    def __iter__(self):
        return iter(self._plants)

    def __len__(self) -> int:
        return len(self._plants)

    def plant(self, family: str, *, expected: Iterable[str] = (), required: Iterable[str] = ()) -> str:
        """A new word, to be said once."""
        word = "zq" + "".join(self._dice.choice(LETTERS) for _ in range(LENGTH - 2))
        self._plants.append(Plant(family, word, frozenset({*expected, *required}), frozenset(required)))
        return word

    def forget(self, word: str) -> None:
        """It was never used after all."""
        self._plants = [plant for plant in self._plants if plant.word != word]

    def note(self, family: str, secret: str, *, expected: Iterable[str] = ()) -> None:
        """A secret that the product made: none of its longer parts may stand anywhere either."""
        known = {plant.word for plant in self._plants}
        for part in _parts(secret):
            if len(part) >= LENGTH and part not in known:
                self._plants.append(Plant(family, part, frozenset(expected)))

    @property
    def families(self) -> dict[str, int]:
        ordered = sorted(plant.family for plant in self._plants)
        return {family: len(list(same)) for family, same in itertools.groupby(ordered)}

    @property
    def digest(self) -> str:
        """Of the list of words, so that it can be told later which they were."""
        return hashlib.sha256("\n".join(plant.word for plant in self._plants).encode()).hexdigest()


def _parts(secret: str) -> list[str]:
    """As they stand between signs that a word does not have; the head of a signed one may be the same in many."""
    for sign in ".~=+/:; ":
        secret = secret.replace(sign, "\n")
    return secret.split("\n")
