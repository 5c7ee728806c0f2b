"""People who come all at once, after a restart or at eight sharp: those of a room are let in together.

Whoever comes changes what everybody in the room is shown, so that ten who come one by one cost ten commits and some
fifty frames, and ten who come together one commit and one frame each. While many come, nobody is let in before there is a
pause, or before a moment has passed; who comes alone never waits.
"""

import asyncio
from collections.abc import Callable
from typing import Final

MANY: Final = 20  # within one look: more than this process lets in one by one without others waiting for it
LOOK_SECONDS: Final = 0.05
LONGEST_SECONDS: Final = 0.4


class Rush:
    """Of one process, for all its rooms: what is scarce in a rush is its one processor."""

    def __init__(self, look_seconds: float = LOOK_SECONDS) -> None:
        """look_seconds: how long nobody may come for it to be over."""
        self._look_seconds = look_seconds
        self._waiting: set[Callable[[], None]] = set()
        self._came = 0
        self._since = 0.0
        self._until: float | None = None

    def gathers(self, go: Callable[[], None]) -> bool:
        """Somebody comes. True: there is a rush, and ``go`` is called, once for all that gave it, when it is time."""
        self._came += 1
        if self._until is None and not self._begins():
            return False
        self._waiting.add(go)
        return True

    def _begins(self) -> bool:
        loop = asyncio.get_running_loop()
        now = loop.time()
        if now >= self._since + self._look_seconds:
            self._since, self._came = now, 1
        if self._came < MANY:
            return False
        self._until = now + LONGEST_SECONDS
        self._look_again(loop)
        return True

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        is_over = self._came < MANY
        if is_over or self._until is None or loop.time() >= self._until:
            self._until = None if is_over else loop.time() + LONGEST_SECONDS
            waiting, self._waiting = self._waiting, set()
            for go in waiting:
                go()
        if not is_over:
            self._look_again(loop)

    def _look_again(self, loop: asyncio.AbstractEventLoop) -> None:
        self._came = 0
        loop.call_later(self._look_seconds, self._look)
