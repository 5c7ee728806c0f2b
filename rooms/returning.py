"""Whoever comes back to a page that lacks something waits for other hosts of the room to tell it, for a moment."""

import asyncio
from collections.abc import Callable, Iterable

from rooms.engines import Position
from rooms.gathering import Guest

Lacks = Callable[[Guest, Position | None], bool]
LetIn = Callable[[Guest, Position | None], None]


class Returning:
    """Of one host; every method is plain and quick.

    A guest comes with the position after which they know nothing; ``None``: since they came through the door.
    """

    def __init__(self, lacks: Lacks, let_in: LetIn, seconds: float) -> None:
        self._lacks = lacks
        self._let_in = let_in
        self._seconds = seconds
        self._guests: dict[Guest, tuple[Position | None, float]] = {}
        self._give_up: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._guests)

    def wait(self, guests: Iterable[Guest], after: Position | None) -> None:
        """They are let in once they lack nothing, or when ``seconds`` have gone by."""
        until = asyncio.get_running_loop().time() + self._seconds
        self._guests |= dict.fromkeys(guests, (after, until))
        self._watch()

    def look_again(self) -> None:
        """Another host has told something."""
        self._come(0.0)

    def part(self, guest: Guest) -> None:
        """They did not wait for it."""
        self._guests.pop(guest, None)

    def see_off(self, code: int) -> None:
        """Close every connection that waits."""
        while self._guests:
            self._guests.popitem()[0].line.close(code)

    def stop(self) -> None:
        """Nobody is let in by the time any more."""
        if self._give_up is not None:
            self._give_up.cancel()

    def _watch(self) -> None:
        if self._guests and self._give_up is None:
            due = min(until for _, until in self._guests.values())
            self._give_up = asyncio.get_running_loop().call_at(due, self._time_is_up)

    def _time_is_up(self) -> None:
        self._give_up = None
        self._come(asyncio.get_running_loop().time())
        self._watch()

    def _come(self, now: float) -> None:
        for guest, (after, until) in list(self._guests.items()):
            if until <= now or not self._lacks(guest, after):
                del self._guests[guest]
                self._let_in(guest, after)
