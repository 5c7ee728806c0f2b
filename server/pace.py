"""How fast one connection may send: a token bucket each, wider for whoever facilitates."""

from collections.abc import Mapping
from dataclasses import dataclass
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

# All who type a spoken code in this process, together: nobody is told apart, and 387 million codes outlast any patience.
CODES: Final = Allowance(0.1, 60.0)


class Pace:
    """What is left of an allowance."""

    __slots__ = ("_allowance", "_at", "_left")

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._left = allowance.at_once
        self._at = 0.0

    def takes(self, at: float) -> bool:
        allowance = self._allowance
        self._left = min(allowance.at_once, self._left + (at - self._at) * allowance.rate)
        self._at = at
        if self._left < 1:
            return False
        self._left -= 1
        return True
