"""When the garbage collector looks at what has been here for long.

Left to itself it looks through everything whenever a quarter more is there than the last time, and nobody hears anything
meanwhile: 60 ms with 2,400 people, on an evening on which it finds next to nothing, and four times up to 150 ms while
10,000 come in. So it looks at what is young by itself, and never at the rest: whatever has been here for a while is set aside
every few seconds, and looked through when nobody is here, or once in a while.
"""

import asyncio
import gc
import time
from collections.abc import Callable
from typing import Final

SETTLE_SECONDS: Final = 10.0
QUIET_SECONDS: Final = 600.0
LONGEST_SECONDS: Final = (
    3600.0  # what a connection leaves behind, a kilobyte perhaps, would else stay for ever
)
_NEVER: Final = 1_000_000_000


def begin() -> None:
    """Set aside what a server has begun with. From here on nothing old is looked through but by ``Settling``."""
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)
    gc.collect()
    gc.freeze()


class Settling:
    """``connected``: how many people are here. ``clock``: seconds, never backwards."""

    def __init__(self, connected: Callable[[], int], clock: Callable[[], float] = time.monotonic) -> None:
        self._connected = connected
        self._clock = clock
        self._looked_at = clock()

    def settle(self) -> None:
        """Set aside what is here, once what is young has been looked at; everything, if it is time for that."""
        waited = self._clock() - self._looked_at
        if waited >= (LONGEST_SECONDS if self._connected() else QUIET_SECONDS):
            self._looked_at += waited
            gc.unfreeze()
            gc.collect()
        else:
            gc.collect(1)
        gc.freeze()

    async def go_on(self) -> None:
        while True:
            await asyncio.sleep(SETTLE_SECONDS)
            self.settle()
