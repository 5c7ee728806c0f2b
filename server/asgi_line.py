"""A line over plain ASGI, for servers other than ours and for Starlette's TestClient: slower, with the same manners."""

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from server.connection import UNREAD_LIMIT
from server.frames import ABNORMAL, FAILED, MAX_MESSAGE, NO_CODE, NOT_TEXT, NOT_UTF8, TOO_BIG, TOO_SLOW
from server.line import Batch, Lane, OnGone, OnText
from server.whereabouts import whereabouts

if TYPE_CHECKING:
    from server.circle import Circle

STALLED_SECONDS: Final = 20.0
GOING_AWAY: Final = 1001

log = logging.getLogger(__name__)


class AsgiLine:
    """Two loops while ``run`` is awaited: one reads, one writes what waits in a bounded outbox."""

    circle: "Circle | None"

    def __init__(self, websocket: WebSocket) -> None:
        self.circle = None
        self._websocket = websocket
        self._on_text: OnText | None = None
        self._on_gone: OnGone | None = None
        self._outbox: deque[bytes] = deque()
        self._waiting = 0
        self._goodbye: tuple[int, str] | None = None
        self._code = 0  # how it ended; 0 while it has not
        self._stirred = asyncio.Event()
        self._may_read = asyncio.Event()
        self._may_read.set()

    @property
    def lane(self) -> Lane | None:
        return None

    def listen(self, on_text: OnText, on_gone: OnGone) -> None:
        self._on_text, self._on_gone = on_text, on_gone

    def send(self, payload: bytes) -> None:
        if self._code == 0 and (self.circle is None or not self.circle.note(self, payload)):
            self._put(payload)

    def deliver(self, batch: Batch, sent: int = 0) -> None:
        for payload in batch.payloads:
            self._put(payload)

    def close(self, code: int, reason: str = "") -> None:
        if self._code == 0:
            if self.circle is not None:
                self.circle.remove(self)
            self._end(code, reason)

    def abort(self) -> None:
        # ASGI cannot cut a connection: the shortest goodbye there is.
        if self._code == 0:
            self._outbox.clear()
            self._end(GOING_AWAY)

    def pause_reading(self) -> None:
        self._may_read.clear()

    def resume_reading(self) -> None:
        self._may_read.set()

    async def run(self) -> None:
        """Carry both directions until the end."""
        try:
            async with asyncio.TaskGroup() as both:
                reading = both.create_task(self._read())
                await self._write()
                reading.cancel()
        except* (WebSocketDisconnect, OSError, TimeoutError):
            pass  # the peer went away, or takes nothing: ordinary
        finally:
            self._end(ABNORMAL)
            self._tell_gone()

    async def _read(self) -> None:
        while self._code == 0:
            await self._may_read.wait()
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                self._outbox.clear()
                self._goodbye = None
                self._end(message.get("code") or NO_CODE, say=False)
                return
            if self._code == 0:
                self._hear(message)

    def _hear(self, message: Any) -> None:
        text = message.get("text")
        if text is None:
            self.close(NOT_TEXT)
            return
        try:
            payload = text.encode()
        except UnicodeEncodeError:
            self.close(NOT_UTF8)
            return
        if len(payload) > MAX_MESSAGE:
            self.close(TOO_BIG)
        elif self._on_text is not None:
            try:
                self._on_text(payload)
            except Exception as mishap:  # noqa: BLE001  the boundary: its words may hold what was said
                log.error("on_text failed: %s", whereabouts(mishap))  # noqa: TRY400  no traceback, on purpose
                self.close(FAILED)

    async def _write(self) -> None:
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            while self._outbox:
                payload = self._outbox.popleft()
                self._waiting -= len(payload)
                async with asyncio.timeout(STALLED_SECONDS):
                    await self._websocket.send_text(payload.decode())
            if self._code:
                if self._goodbye is not None:
                    async with asyncio.timeout(STALLED_SECONDS):
                        await self._websocket.close(*self._goodbye)
                return

    def _put(self, payload: bytes) -> None:
        if self._code:
            return
        self._outbox.append(payload)
        self._waiting += len(payload)
        if self._waiting > UNREAD_LIMIT:
            self._outbox.clear()
            self._end(TOO_SLOW)
        self._stirred.set()

    def _end(self, code: int, reason: str = "", *, say: bool = True) -> None:
        """Nothing is delivered or sent any more, but for what is in the outbox and a goodbye."""
        if self._code:
            return
        self._code = code
        self._goodbye = (code, reason) if say else None
        if self.circle is not None:
            self.circle.forget(self)
        self._stirred.set()

    def _tell_gone(self) -> None:
        on_gone, self._on_text, self._on_gone = self._on_gone, None, None
        if on_gone is not None:
            try:
                on_gone(self._code)
            except Exception as mishap:  # noqa: BLE001  as in _hear
                log.error("on_gone failed: %s", whereabouts(mishap))  # noqa: TRY400  no traceback, on purpose
