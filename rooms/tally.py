"""What a node counts of its rooms, in plain numbers: never of one room, of a person or of a word.

Whoever watches reads them when it asks; nothing is told to anybody while people talk.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

BOUNDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)


class Durations:
    """How long something took, each time that it did. ``counts``: as many as lie up to each of BOUNDS, then the longer ones."""

    __slots__ = ("counts", "longest", "seconds")

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0
        self.longest = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds
        self.longest = max(self.longest, seconds)


@dataclass(slots=True)
class Tally:
    """Of all hosts of a node, since it began.

    committed, conflicts, repeated: what became of changes at the engine. ``undone``: nobody here knows what became of it.
    gaps: a host missed something. ``healed``: until it knew again where the room is. ``apart``: until this node, which
        had lost touch with its engine, was back in it.
    """

    committed: int = 0
    conflicts: int = 0
    repeated: int = 0
    undone: int = 0
    gaps: int = 0
    healed: Durations = field(default_factory=Durations)
    apart: Durations = field(default_factory=Durations)
