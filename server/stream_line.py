"""A line where no WebSocket gets through: down, one answer that does not end (server-sent events); up, small posts.

The posts are ``server.posts``'s to receive and judge. What a frame means, and when somebody has to go, is no different
from a WebSocket: whoever listens on this line does not know what it is.
"""

import asyncio
from collections.abc import Callable
from typing import ClassVar, Final, Protocol, cast

from starlette.types import Message, Receive, Scope, Send

from server.frames import ABNORMAL, NOT_UTF8, RESTART
from server.queued_line import QueuedLine
from server.tally import STREAM

EXTENSION: Final = "tealight"
SILENT_SECONDS: Final = 40.0  # a page posts something at every beat, which is every 15
RESTART_SECONDS: Final = 1.0
GOING_AWAY: Final = 1001

HEADERS: Final = [
    (b"content-type", b"text/event-stream"),
    # Not to be kept, and not to be packed or rewritten: whoever does that on the way gathers it first.
    (b"cache-control", b"no-store, no-transform"),
    # nginx would gather it too, in memory and then in a file.
    (b"x-accel-buffering", b"no"),
]


class Carrier(Protocol):
    """What our HTTP protocols let a long answer do with the connection under it."""

    on_shutdown: Callable[[], None] | None

    def cut(self) -> None:
        """End the connection now, whatever is still unsent."""


class StreamLine(QueuedLine):
    """Down: ``data:`` is a frame, ``event: stream`` the name to post under, ``event: close`` the code of the goodbye."""

    way: ClassVar[str] = STREAM
    together: ClassVar[int] = 16 * 1024
    silent_seconds: ClassVar[float] = SILENT_SECONDS

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        super().__init__()
        self._receive = receive
        self._send = send
        # Only our own protocols have it. Any other server waits until a stalled reader takes what it was written.
        self._carrier = cast("Carrier | None", scope.get("extensions", {}).get(EXTENSION))
        self._is_complete = False
        self._turn = asyncio.Lock()
        self._loop = asyncio.get_running_loop()
        self._heard_at = self._loop.time()
        self._silence: asyncio.TimerHandle | None = None

    async def begin(self, name: str = "") -> None:
        """``name``: what posts for this line say that they belong to."""
        await self._send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        # Something at once, so that whoever is on the way passes the head on.
        await self._chunk(b"event: stream\ndata: %b\n\n" % name.encode("ascii"))
        if self._carrier is not None:
            self._carrier.on_shutdown = self._server_stops

    def abort(self) -> None:
        self._goodbye = None
        self._peer_ended(ABNORMAL)
        self._cut()

    async def run(self) -> None:
        self._look_whether_silent()
        try:
            await super().run()
        finally:
            if self._silence is not None:
                self._silence.cancel()
            if self._carrier is not None:
                self._carrier.on_shutdown = None
        if not self._is_complete and self._carrier is not None:
            self._cut()
            await self._read()  # or the server takes it for a mistake that the answer has no end

    async def take(self, posted: bytes) -> None:
        """Frames of one post, each on a line of its own. Posts that come together are heard one after the other, whole.

        Who is on their way out is not heard any more, as on a socket: the goodbye says the rest.
        """
        self._heard_at = self._loop.time()
        async with self._turn:
            for payload in posted.split(b"\n"):
                await self._may_read.wait()
                if self._code == 0 and payload.strip():
                    self._judge(payload)

    def leave(self) -> None:
        """The page has said that it goes. What carries it may hold on to us long after that."""
        self._goodbye = None
        self._peer_ended(GOING_AWAY)

    def _judge(self, payload: bytes) -> None:
        try:
            payload.decode()
        except UnicodeDecodeError:
            self.close(NOT_UTF8)
        else:
            self._hear(payload)

    async def _read(self) -> None:
        """Nothing comes up this way but the end of it."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._goodbye = None
        self._peer_ended(ABNORMAL)

    async def _say(self, payloads: list[bytes]) -> None:
        await self._chunk(b"".join([b"data: %b\n\n" % payload for payload in payloads]))

    async def _say_goodbye(self, code: int, reason: str) -> None:
        await self._chunk(b'event: close\ndata: {"code":%d}\n\n' % code, more=False)
        self._is_complete = True

    async def _chunk(self, body: bytes, *, more: bool = True) -> None:
        message: Message = {"type": "http.response.body", "body": body, "more_body": more}
        await self._send(message)

    def _look_whether_silent(self) -> None:
        """A page that is gone, and whose network did not say so, would keep its seat for a quarter of an hour."""
        due = self._heard_at + self.silent_seconds
        if self._loop.time() < due:
            self._silence = self._loop.call_at(due, self._look_whether_silent)
        else:
            self.abort()

    def _server_stops(self) -> None:
        self.close(RESTART)
        self._loop.call_later(RESTART_SECONDS, self._cut)

    def _cut(self) -> None:
        if self._carrier is not None:
            self._carrier.cut()
