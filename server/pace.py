"""How fast a seat may send, and all members of a room and of a node together: token buckets, wider for facilitators.

Over its own, what a member asks for is refused. What a facilitator asks for never is, nor what cleans up: the connection is
not read for a moment instead, so that whoever floods is bounded all the same, and whoever has to act fast is only heard
late. Over that of the room or the node nobody in particular is to blame: it is busy, and the page asks again.
"""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from rooms.live.words import Role


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many commands a second, and so many at once."""

    rate: float
    at_once: float


Paces = Mapping[Role, Allowance]

# Nobody writes faster than this by hand; a facilitator with many people to care for taps faster than one writes.
PACES: Final[Paces] = MappingProxyType(
    {Role.MEMBER: Allowance(4.0, 20.0), Role.FACILITATOR: Allowance(20.0, 80.0)}
)

# What all members of one room at one node ask for: far above what anybody could read, far below what a node can carry.
ROOM: Final = Allowance(100.0, 400.0)

# What all members at one node ask for, for what floods many rooms at once.
NODE: Final = Allowance(2000.0, 8000.0)

# Connections that one seat opens: a page that is cut off comes back within seconds, and five of them may at once.
OPENINGS: Final = Allowance(0.5, 30.0)


@dataclass(frozen=True, slots=True)
class Bounds:
    """All of them; ``server.crowd`` holds everybody to them."""

    seats: Paces = field(default_factory=lambda: PACES)
    room: Allowance = ROOM
    node: Allowance = NODE
    openings: Allowance = OPENINGS


# What only ever says less, or that somebody worries: nothing that works by itself may stop it.
CLEANS_UP: Final = frozenset(
    {"take_back", "leave", "lower_hand", "go_to_corner", "decline_line", "flag", "flag_about_facilitation"}
)

# All who type a spoken code in this process, together: nobody is told apart, and 387 million codes outlast any patience.
CODES: Final = Allowance(0.1, 60.0)

# Codes that move a seat: those that one seat asks for, and those that are tried at the door of one session.
MOVES: Final = Allowance(0.2, 10.0)

# Each name that somebody tries to sign in with, whether anybody has it or not. An address is never counted: two hundred
# people may share one, and one person may have two hundred.
SIGN_INS: Final = Allowance(1 / 60, 10.0)
_MOST_NAMES: Final = 10_000


class Pace:
    """What is left of an allowance."""

    __slots__ = ("_allowance", "_at", "_left")

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._left = allowance.at_once
        self._at = 0.0

    def takes(self, at: float) -> bool:
        # Written out, for every message is asked this three times.
        allowance = self._allowance
        # A clock that is set back gives nobody anything, and takes nothing from them.
        left = self._left + (at - self._at) * allowance.rate if at > self._at else self._left
        self._at = at
        if left < 1:
            self._left = left
            return False
        self._left = min(left, allowance.at_once) - 1
        return True

    def owes(self, at: float) -> float:
        """Take one though there is none; for how many seconds nothing more should be heard."""
        self._pass_time(at)
        self._left -= 1
        return max(0.0, -self._left / self._allowance.rate)

    def is_whole(self, at: float) -> bool:
        """One that is made anew would be the same."""
        return self._left_at(at) >= self._allowance.at_once

    def _pass_time(self, at: float) -> None:
        self._left = self._left_at(at)
        self._at = at

    def _left_at(self, at: float) -> float:
        allowance = self._allowance
        return min(allowance.at_once, self._left + max(0.0, at - self._at) * allowance.rate)


class PaceOfEach:
    """An allowance for each of many names, which are known here by a salted hash and forgotten with the process."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._salt = secrets.token_bytes(16)
        self._paces: OrderedDict[bytes, Pace] = OrderedDict()

    def takes(self, name: str, at: float) -> bool:
        return self.of(name).takes(at)

    def of(self, name: str) -> Pace:
        """Theirs, to be used at once: it is forgotten when very many others have come since."""
        pace = self.lend(name)
        self.take_back(name, pace)
        return pace

    def lend(self, name: str) -> Pace:
        """Theirs, to be held, and not remembered here until it is given back."""
        return self._paces.pop(self._key(name), None) or Pace(self._allowance)

    def take_back(self, name: str, pace: Pace) -> None:
        self._paces[self._key(name)] = pace
        # Who tries ten thousand names is not slowed by name; guessing one of them still is, unless they try all again.
        if len(self._paces) > _MOST_NAMES:
            self._paces.popitem(last=False)

    def forget(self, at: float) -> None:
        """Everybody who has their whole allowance again."""
        for key in [key for key, pace in self._paces.items() if pace.is_whole(at)]:
            del self._paces[key]

    def _key(self, name: str) -> bytes:
        return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), key=self._salt, digest_size=16).digest()
