"""A line that carries what waits in a bounded outbox: what is the same for every carrier that is asked to send, and waits.

``server.asgi_line`` carries a WebSocket so, ``server.stream_line`` an answer that does not end.
"""

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, ClassVar, Final

from starlette.websockets import WebSocketDisconnect

from server.connection import UNREAD_LIMIT
from server.frames import ABNORMAL, FAILED, TOO_SLOW
from server.line import Batch, Lane, OnGone, OnText
from server.tally import SOCKET
from server.whereabouts import whereabouts

if TYPE_CHECKING:
    from server.circle import Circle

STALLED_SECONDS: Final = 20.0

log = logging.getLogger(__name__)


class QueuedLine:
    """Two loops while ``run`` is awaited: one reads, one writes. A subclass knows how."""

    together: ClassVar[int] = 0  # so many bytes may leave in one write; 0: each payload alone
    stalled_seconds: ClassVar[float] = STALLED_SECONDS

    way: ClassVar[str] = SOCKET

    circle: "Circle | None"

    def __init__(self) -> None:
        self.circle = None
        self.was_too_slow = False
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
        raise NotImplementedError

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

    # What a carrier does its own way.

    async def _read(self) -> None:
        """Until the peer has said its last."""
        raise NotImplementedError

    async def _say(self, payloads: list[bytes]) -> None:
        raise NotImplementedError

    async def _say_goodbye(self, code: int, reason: str) -> None:
        raise NotImplementedError

    # What it does with what it reads.

    def _hear(self, payload: bytes) -> None:
        if self._on_text is not None:
            try:
                self._on_text(payload)
            except Exception as mishap:  # noqa: BLE001  the boundary: its words may hold what was said
                log.error("on_text failed: %s", whereabouts(mishap))  # noqa: TRY400  no traceback, on purpose
                self.close(FAILED)

    def _peer_ended(self, code: int) -> None:
        self._outbox.clear()
        self._end(code, say=False)

    # Internal.

    async def _write(self) -> None:
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            while self._outbox:
                some = self._some()
                async with asyncio.timeout(self.stalled_seconds):
                    await self._say(some)
            if self._code:
                if self._goodbye is not None:
                    async with asyncio.timeout(self.stalled_seconds):
                        await self._say_goodbye(*self._goodbye)
                return

    def _some(self) -> list[bytes]:
        payloads, size = [self._outbox.popleft()], 0
        while self._outbox and (size := size + len(payloads[-1])) < self.together:
            payloads.append(self._outbox.popleft())
        self._waiting -= sum(map(len, payloads))
        return payloads

    def _put(self, payload: bytes) -> None:
        if self._code:
            return
        self._outbox.append(payload)
        self._waiting += len(payload)
        if self._waiting > UNREAD_LIMIT:
            self._outbox.clear()
            self.was_too_slow = True
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
