"""Server-sent events about something of which only the newest state matters: what was not sent yet is replaced."""

import asyncio
import random
from contextlib import AbstractContextManager
from typing import Final, cast

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.stream_line import EXTENSION, HEADERS, RESTART_SECONDS, Carrier

HEARTBEAT_SECONDS: Final = 15.0  # what stands between us and a page cuts off what is silent for a minute
STALLED_SECONDS: Final = 20.0
# After a restart pages come back spread out.
_BACK_MILLISECONDS: Final = (1000, 5000)


class Feed:
    """What one page is to be told. Plain and quick; nothing here waits for the page."""

    def __init__(self) -> None:
        self.stirred = asyncio.Event()
        self._newest: bytes | None = None
        self._goodbye: bytes | None = None

    def tell(self, state: bytes) -> None:
        """One line of JSON."""
        self._newest = b"data: %b\n\n" % state
        self.stirred.set()

    def end(self) -> None:
        """The page is told not to come back by itself."""
        self._stop(b"event: over\ndata:\n\n")

    def stop(self) -> None:
        """The page comes back by itself, to whichever server answers."""
        self._stop(b"")

    def take(self) -> tuple[bytes, bool]:
        """What is to be sent now, and whether it is the last."""
        self.stirred.clear()
        newest, self._newest = self._newest, None
        return (newest or b"", False) if self._goodbye is None else (self._goodbye, True)

    def _stop(self, goodbye: bytes) -> None:
        if self._goodbye is None:
            self._goodbye = goodbye
            self.stirred.set()


class Events(Response):
    """An answer that goes on until the page goes, the feed ends, or the server stops. ``while_open``: entered for as long."""

    def __init__(
        self,
        feed: Feed,
        while_open: AbstractContextManager[None],
        *,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        stalled_seconds: float = STALLED_SECONDS,
    ) -> None:
        super().__init__()
        self._feed = feed
        self._while_open = while_open
        self._heartbeat_seconds = heartbeat_seconds
        self._stalled_seconds = stalled_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        # Only our own protocols have it.
        carrier = cast("Carrier | None", scope.get("extensions", {}).get(EXTENSION))
        if carrier is not None:
            carrier.on_shutdown = lambda: self._server_stops(carrier)
        with self._while_open:
            try:
                await self._carry(receive, send, carrier)
            except* OSError:
                pass  # how other servers than ours say that the page is gone
            finally:
                if carrier is not None:
                    carrier.on_shutdown = None

    async def _carry(self, receive: Receive, send: Send, carrier: Carrier | None) -> None:
        async with asyncio.TaskGroup() as both:
            reading = both.create_task(self._read(receive))
            if await self._write(send) or carrier is None:
                reading.cancel()
            else:
                # Then the end of the connection is read, or the server takes it for a mistake that there is no end.
                carrier.cut()

    async def _read(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._feed.stop()

    async def _write(self, send: Send) -> bool:
        """False: it takes nothing any more. A dead network, or a page that hangs."""
        low, high = _BACK_MILLISECONDS
        # Something at once, so that whoever is on the way passes the head on.
        chunk, is_last = b"retry: %d\n\n" % random.randint(low, high), False  # noqa: S311  nobody gains by guessing it
        try:
            while True:
                async with asyncio.timeout(self._stalled_seconds):
                    await send({"type": "http.response.body", "body": chunk, "more_body": not is_last})
                if is_last:
                    return True
                chunk, is_last = await self._next()
        except TimeoutError:
            return False

    async def _next(self) -> tuple[bytes, bool]:
        try:
            async with asyncio.timeout(self._heartbeat_seconds):
                await self._feed.stirred.wait()
        except TimeoutError:
            return b": beat\n\n", False
        return self._feed.take()

    def _server_stops(self, carrier: Carrier) -> None:
        self._feed.stop()
        asyncio.get_running_loop().call_later(RESTART_SECONDS, carrier.cut)
