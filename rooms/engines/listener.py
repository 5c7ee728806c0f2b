"""What one listener has yet to hear: a bounded queue with one reader, which loses nothing without saying so."""

import asyncio
from collections import deque

from rooms.engines import QUEUE_BATCHES, Gap, Heard

_GAP = Gap()


class Listener:
    """Filled by the engine, read by one `async for`; what waits is handed over without a task switch between items."""

    __slots__ = ("_closed", "_queue", "_waiter")

    def __init__(self) -> None:
        self._queue: deque[Heard] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._closed = False

    def put(self, heard: Heard) -> None:
        """Never blocks: a reader that is too slow loses the queue, not the others their time."""
        if len(self._queue) >= QUEUE_BATCHES:
            self._queue.clear()
            self._queue.append(_GAP)
        self._queue.append(heard)
        self._wake()

    def close(self) -> None:
        """The reader still gets what waits, then its iteration ends."""
        self._closed = True
        self._wake()

    def __aiter__(self) -> "Listener":
        return self

    async def __anext__(self) -> Heard:
        while not self._queue:
            if self._closed:
                raise StopAsyncIteration
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return self._queue.popleft()

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)
