"""Where the numbers are read: a port of its own, which nobody reaches through the one that people use.

The same process answers on it, in the same loop: what it says is of one moment, and costs nothing while nobody asks. Of
several workers each takes the first free port from METRICS_PORT on; one more is for who is being replaced.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from rooms.tally import Durations
from server.settings import Settings, metrics_ports
from server.whereabouts import whereabouts

PATH: Final = b"/metrics"
TICK_SECONDS: Final = 0.25
_HEAD: Final = 8 * 1024
_HEAD_SECONDS: Final = 5.0
_MOST: Final = 16

log = logging.getLogger(__name__)


class Lag:
    """How late the event loop is: something is due four times a second, and looks when its turn comes."""

    def __init__(self) -> None:
        self.durations = Durations()
        self._loop = asyncio.get_running_loop()
        self._due = self._loop.time() + TICK_SECONDS
        self._timer = self._loop.call_at(self._due, self._look)

    def _look(self) -> None:
        now = self._loop.time()
        self.durations.add(max(0.0, now - self._due))
        self._due = now + TICK_SECONDS
        self._timer = self._loop.call_at(self._due, self._look)

    def stop(self) -> None:
        self._timer.cancel()


class Scrape:
    """One GET at a time on a connection, and nothing else is understood."""

    def __init__(self, read: Callable[[], bytes], content_type: str) -> None:
        self._read = read
        self._content_type = content_type.encode("ascii")
        self._answering: set[asyncio.Task[None]] = set()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        try:
            if len(self._answering) < _MOST:
                self._answering.add(task)
                async with asyncio.timeout(_HEAD_SECONDS):
                    head = await reader.readuntil(b"\r\n\r\n")
                    writer.write(self._answer_to(head))
                    await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            pass  # whoever it is asks again
        finally:
            self._answering.discard(task)
            writer.close()

    def _answer_to(self, head: bytes) -> bytes:
        method, _, rest = head.partition(b" ")
        if method != b"GET" or rest.partition(b" ")[0].partition(b"?")[0] != PATH:
            return _response(b"404 Not Found", b"text/plain", b"")
        return _response(b"200 OK", self._content_type, self._read())

    def stop(self) -> None:
        for task in self._answering:
            task.cancel()


@asynccontextmanager
async def scraped(
    settings: Settings, read_of: Callable[[Durations], Callable[[], bytes]], content_type: str
) -> AsyncIterator[int | None]:
    """While it lasts, numbers can be read; yields the port. None: there was none to be had, which ends no evening."""
    assert settings.metrics_port is not None
    lag = Lag()
    scrape = Scrape(read_of(lag.durations), content_type)
    server, port = await _listening(scrape, settings.metrics_addr, settings.metrics_port, settings.workers)
    if port is None:
        log.error(
            "METRICS_PORT, METRICS_ADDR: none of %d from %d on can be listened on there; nobody can read the numbers",
            metrics_ports(settings.workers),
            settings.metrics_port,
        )
    try:
        yield port
    finally:
        lag.stop()
        scrape.stop()
        if server is not None:
            server.close()


async def _listening(
    scrape: Scrape, address: str, first: int, workers: int
) -> tuple[asyncio.Server | None, int | None]:
    for port in range(first, min(first + metrics_ports(workers), 65536)):
        try:
            return await asyncio.start_server(scrape.answer, address, port, limit=_HEAD), port
        except OSError as error:
            log.debug("a port for numbers is taken: %s", whereabouts(error))
    return None, None


def _response(status: bytes, content_type: bytes, body: bytes) -> bytes:
    return (
        b"HTTP/1.1 %b\r\ncontent-type: %b\r\ncontent-length: %d\r\ncache-control: no-store\r\n"
        b"x-content-type-options: nosniff\r\nconnection: close\r\n\r\n%b"
    ) % (status, content_type, len(body), body)
