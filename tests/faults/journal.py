"""What one person went through, in the order in which they did: the only witness that the laws believe."""

import time
from dataclasses import dataclass, field

from rooms.engines import Position


@dataclass(frozen=True, slots=True)
class Came:
    """They are in, from this place of the room's order on. ``since``: when they stood at the door."""

    at: Position
    since: float
    when: float


@dataclass(frozen=True, slots=True)
class Marked:
    """*You may have missed messages*: what comes now comes after ``at``."""

    at: Position
    when: float


@dataclass(frozen=True, slots=True)
class Shown:
    """An event with a number appeared. ``what`` names it, the same for everybody; words only where something was said."""

    at: Position
    what: str
    when: float
    by: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    words: str
    when: float


@dataclass(frozen=True, slots=True)
class Acked:
    """The room has it, says the server."""

    words: str
    when: float


@dataclass(frozen=True, slots=True)
class Refused:
    """They were told no, and have their words back."""

    words: str
    why: str
    when: float


@dataclass(frozen=True, slots=True)
class Went:
    """Out for good: removed, or they left."""

    when: float


Entry = Came | Marked | Shown | Asked | Acked | Refused | Went


@dataclass(slots=True)
class Journal:
    """The entries, which alone are evidence, and beside them what is asked for often."""

    name: str
    entries: list[Entry] = field(default_factory=list)
    asks: int = 0
    acks: int = 0
    last_no: str = ""
    has_read: set[str] = field(default_factory=set)

    def came(self, at: Position, since: float) -> None:
        self.entries.append(Came(at, since, time.monotonic()))

    def marked(self, at: Position) -> None:
        self.entries.append(Marked(at, time.monotonic()))

    def shown(self, at: Position, what: str, by: str = "", words: str = "") -> None:
        self.entries.append(Shown(at, what, time.monotonic(), by, words))
        self.has_read.add(words)

    def asked(self, words: str) -> None:
        self.entries.append(Asked(words, time.monotonic()))
        self.asks += 1

    def acked(self, words: str) -> None:
        self.entries.append(Acked(words, time.monotonic()))
        self.acks += 1

    def refused(self, words: str, why: str) -> None:
        self.entries.append(Refused(words, why, time.monotonic()))
        self.last_no = why

    def went(self) -> None:
        self.entries.append(Went(time.monotonic()))
