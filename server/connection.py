"""One WebSocket over one transport: bounded writing, reading on demand, signs of life, and a goodbye that arrives.

It knows frames and bytes, neither uvicorn nor ASGI nor rooms: ``server.websocket`` adds those.
"""

import asyncio
from enum import Enum, auto
from typing import Final

from server.frames import (
    ABNORMAL,
    CLOSE,
    PING_FRAME,
    PONG,
    TOO_SLOW,
    UNWELCOME,
    FrameReader,
    close_frame,
    frame,
)
from server.sweep import Sweep

UNREAD_LIMIT: Final = 256 * 1024  # of what a peer has not taken; one batch may come on top
READ_WHILE_UNWRITTEN: Final = 64 * 1024  # with more than this waiting for it, a peer is not read either
WORDLESS_PER_SECOND: Final = (
    50  # pings, pongs and empty fragments; a browser sends a pong every twenty seconds
)
IGNORED_LIMIT: Final = 4 * 1024 * 1024  # of what a peer still sends after our close frame


class Phase(Enum):
    """A connection only ever moves down this list."""

    OPENING = auto()
    OPEN = auto()
    CLOSING = (
        auto()
    )  # a close frame, or the end of their bytes, has passed: nothing more is delivered or sent
    DEAF = auto()  # the same, and their bytes cannot be read as frames any more
    GONE = auto()


OPENING, OPEN, CLOSING, DEAF, GONE = Phase

# Why a peer is not read; several may hold at once.
UNHEARD = 1  # nobody listens yet, or a classic endpoint has not asked for more
ASKED = 2  # pause_reading()
UNWRITTEN = 4  # it does not read us


class Connection(FrameReader, asyncio.Protocol):
    """A subclass opens it, and makes something of ``received`` and ``ended``."""

    __slots__ = (
        "_held",
        "_ignored",
        "_is_alive",
        "_is_dawdling",
        "_is_read_paused",
        "_is_write_paused",
        "_kept",
        "_kept_size",
        "_phase",
        "_stuck_at",
        "_sweep",
        "_wordless",
        "_wordless_since",
        "transport",
        "was_too_slow",
    )

    transport: asyncio.Transport

    def __init__(self, sweep: Sweep) -> None:
        super().__init__()
        self._sweep = sweep
        self._phase = OPENING
        # Writing. What cannot be written yet is kept, whole frames by reference.
        self._is_write_paused = False
        self._kept: list[bytes] | None = None
        self._kept_size = 0
        self._stuck_at = 0
        self.was_too_slow = False
        # Reading.
        self._held = 0
        self._is_read_paused = False
        self._is_alive = True
        self._is_dawdling = False
        self._wordless = 0
        self._wordless_since = 0.0
        self._ignored = 0

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        return self._sweep.loop

    @property
    def is_over(self) -> bool:
        return self._phase is not OPENING and self._phase is not OPEN

    def opening(self, data: bytes) -> None:
        """Bytes have come before it is open."""
        raise NotImplementedError

    def ended(self, code: int) -> None:
        """Called once: nothing is delivered or sent from here on."""
        raise NotImplementedError

    # Saying.

    def write(self, frames: bytes | memoryview) -> None:
        """Whole frames, behind all that this connection has been given."""
        if self._phase is not OPEN:
            return
        if self._is_write_paused:
            self._keep(bytes(frames))
        else:
            self.transport.write(frames)

    def part(self, code: int, goodbye: bytes) -> None:
        """Write what is kept and then a close frame, the last thing that this side says."""
        kept = self._kept or []
        self.end(code, CLOSING)
        self.transport.write(b"".join([*kept, goodbye]))

    def end(self, code: int, phase: Phase) -> None:
        was_over, self._phase = self.is_over, phase
        if was_over:
            return
        self._kept = None
        self._sweep.leave(self)
        self._sweep.expect(self, self._sweep.patience.closing)
        self.ended(code)
        self.release(UNHEARD | ASKED | UNWRITTEN)  # their close frame has to be read

    def abort(self) -> None:
        """End it now, whatever is still unsent."""
        if self._phase is not GONE:
            self.end(ABNORMAL, GONE)
            self.transport.abort()

    def _keep(self, frames: bytes) -> None:
        if self._kept is None:
            self._kept, self._kept_size = [], 0
        self._kept.append(frames)
        self._kept_size += len(frames)
        unwritten = self._kept_size + self.transport.get_write_buffer_size()
        if unwritten > UNREAD_LIMIT:
            # It will come back and be told what it missed. What is kept goes, so that the code has a chance to arrive.
            self._kept = None
            self.was_too_slow = True
            self.part(TOO_SLOW, close_frame(TOO_SLOW))
        elif unwritten > READ_WHILE_UNWRITTEN:
            self.hold(UNWRITTEN)

    # Hearing.

    def hold(self, reason: int) -> None:
        """Parse nothing more. The transport is paused when something does come, which is often never."""
        self._held |= reason
        self.attentive = False

    def release(self, reasons: int) -> None:
        if self._held & reasons:
            self._held &= ~reasons
            if not self._held:
                self.attentive = True
                if self._rest or self._is_read_paused:
                    self.loop.call_soon(self._catch_up)

    def _catch_up(self) -> None:
        """Read what came while the peer was held, and then the peer."""
        if self._phase is OPEN or self._phase is CLOSING:
            self.feed(b"")
        if self._is_read_paused and not self._held:
            self._is_read_paused = False
            self.transport.resume_reading()

    # A reader of frames.

    def pinged(self, payload: bytes) -> None:
        self.write(frame(PONG, payload))

    def tolerates_another(self) -> bool:
        now = self.loop.time()
        if now - self._wordless_since >= 1.0:
            self._wordless_since, self._wordless = now, 0
        self._wordless += 1
        return self._wordless <= WORDLESS_PER_SECOND

    def peer_closed(self, code: int, payload: bytes) -> None:
        if self._phase is OPEN:
            self.part(code, frame(CLOSE, payload))
        self.transport.close()

    def broke(self, code: int) -> None:
        if self._phase is not OPEN:
            self.abort()
            return
        self.part(code, close_frame(code))
        self._phase = DEAF
        self.attentive = False
        # Our close frame, then the end of our bytes; theirs are still taken in, because closing while some are unread
        # would reset the connection, and a reset can eat the code before the browser has read it.
        if self.transport.can_write_eof():
            self.transport.write_eof()

    # A protocol to its transport.

    def data_received(self, data: bytes) -> None:
        self._is_alive = True
        if self._phase is OPEN:
            self.feed(data)
            if self._held and not self._is_read_paused:
                self._is_read_paused = True
                self.transport.pause_reading()
        elif self._phase is OPENING:
            self.opening(data)
        elif self._phase is not GONE:
            self._ignored += len(data)
            if self._ignored > IGNORED_LIMIT:
                self.abort()
            elif self._phase is CLOSING:
                self.feed(data)

    def eof_received(self) -> None:
        self.end(ABNORMAL, CLOSING)  # the transport closes by itself now

    def pause_writing(self) -> None:
        self._is_write_paused = True

    def resume_writing(self) -> None:
        self._is_write_paused = False
        self._stuck_at = 0
        if self._kept is not None:
            kept, self._kept = self._kept, None
            self.transport.write(b"".join(kept))  # may pause again at once
        if self.transport.get_write_buffer_size() <= READ_WHILE_UNWRITTEN:
            self.release(UNWRITTEN)

    def connection_lost(self, exc: Exception | None) -> None:
        self.end(ABNORMAL, GONE)
        self._sweep.forget(self)

    # Watched by the sweep.

    def visit(self) -> None:
        if self._is_write_paused:
            waiting = self.transport.get_write_buffer_size()
            if 0 < self._stuck_at <= waiting:
                self.abort()
            self._stuck_at = waiting
            self._is_alive = True  # no ping could be written, so no pong is owed
        elif not self._is_alive and not self._is_read_paused:
            self.abort()
        elif self._is_dawdling and self.is_unfinished and not self._held:
            self.broke(UNWELCOME)
        else:
            self._is_dawdling = self.is_unfinished
            self._is_alive = False
            self.write(PING_FRAME)

    def expired(self) -> None:
        self.abort()
