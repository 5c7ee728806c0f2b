"""What one listener has yet to hear: a bounded queue with one reader, which loses nothing without saying so."""

import asyncio
from collections import deque

from rooms.engines import QUEUE_BATCHES, Batch, Gap, Heard

_GAP = Gap()


class Listener:
    """Filled by the engine, read by one ``async for``, which may also ``take`` what is ``waiting``.

    What waits is handed over without a task switch between items.
    """

    __slots__ = ("_closed", "_is_waking", "_loop", "_queue", "_waiter")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: deque[Heard] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._is_waking = False
        self._closed = False

    def put(self, heard: Heard) -> None:
        """Never blocks: a reader that is too slow loses the queue, not the others their time."""
        if len(self._queue) >= QUEUE_BATCHES:
            self._queue.clear()
            self._queue.append(_GAP)
            self._wake()
        self._queue.append(heard)
        if not isinstance(heard, Batch):
            self._wake()  # a reader that missed something must know it before it does anything else
        elif self._waiter is not None and not self._is_waking:
            self._is_waking = True
            self._loop.call_soon(self._wake)

    def close(self) -> None:
        """The reader still gets what waits, then its iteration ends."""
        self._closed = True
        self._wake()

    @property
    def waiting(self) -> Heard | None:
        """What would be heard next, if it is here; ``take`` hears it without waiting for a task to be woken."""
        return self._queue[0] if self._queue else None

    def take(self) -> Heard:
        return self._queue.popleft()

    def __aiter__(self) -> "Listener":
        return self

    async def __anext__(self) -> Heard:
        while not self._queue:
            if self._closed:
                raise StopAsyncIteration
            self._waiter = self._loop.create_future()
            await self._waiter
        return self._queue.popleft()

    def _wake(self) -> None:
        self._is_waking = False
        if self._waiter is None or not (self._queue or self._closed):
            return  # whoever was here in the meantime has taken it
        waiter, self._waiter = self._waiter, None
        if not waiter.done():
            waiter.set_result(None)
