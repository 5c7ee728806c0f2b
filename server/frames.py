"""The frames of RFC 6455 as bytes: writing ours, and reading a browser's without trusting it.

Nothing here waits, logs or knows a socket. A reader is fed bytes as they come and calls its own methods with what they
mean; a connection inherits from it, so that reading costs no second object and no event on the way.
"""

from struct import Struct
from typing import Final

try:
    from websockets.speedups import apply_mask
except ImportError:  # no C extension on this platform
    from websockets.utils import apply_mask

MAX_MESSAGE: Final = 16 * 1024
MAX_CONTROL: Final = 125

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
FIN, RESERVED, OPCODE, CONTROL, MASKED, LENGTH = 0x80, 0x70, 0x0F, 0x08, 0x80, 0x7F
FIN_TEXT: Final = FIN | TEXT

BROKEN, NOT_TEXT, NOT_UTF8, UNWELCOME, TOO_BIG = 1002, 1003, 1007, 1008, 1009
FAILED, RESTART, TOO_SLOW = 1011, 1012, 4008
NO_CODE, ABNORMAL = 1005, 1006  # never sent

PING_FRAME: Final = bytes((FIN | PING, 0))

_pack_16 = Struct("!BBH").pack
_pack_64 = Struct("!BBQ").pack
_read_16 = Struct("!H").unpack_from
_read_64 = Struct("!Q").unpack_from
_SHORT_TEXT: Final = tuple(bytes((FIN_TEXT, size)) for size in range(126))


def text_frame(payload: bytes) -> bytes:
    """One whole text message."""
    size = len(payload)
    if size < 126:
        return _SHORT_TEXT[size] + payload
    return _pack_16(FIN_TEXT, 126, size) + payload if size < 65536 else frame(TEXT, payload)


def frame(opcode: int, payload: bytes) -> bytes:
    """One whole message, or one control frame, of any kind. We never fragment."""
    first, size = FIN | opcode, len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65536:
        return _pack_16(first, 126, size) + payload
    return _pack_64(first, 127, size) + payload


def close_frame(code: int, reason: str = "") -> bytes:
    """A close frame; a reason that is too long for it loses its end, never half a character."""
    if not may_be_sent(code):
        raise ValueError(f"{code} is not a close code that may be sent")
    words = reason.encode()[: MAX_CONTROL - 2].decode(errors="ignore").encode()
    return frame(CLOSE, code.to_bytes(2, "big") + words)


def may_be_sent(code: int) -> bool:
    """Is this a code that RFC 6455 and the IANA registry let a close frame carry?"""
    return 1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999


class FrameReader:
    """Turns the bytes of one peer into messages, pings and a goodbye; the first breach of the rules ends it.

    While ``attentive`` is false nothing is parsed and what comes is kept: whoever clears it also stops the bytes.
    """

    __slots__ = ("_message", "_rest", "attentive")

    def __init__(self) -> None:
        self.attentive = True
        self._rest = b""
        self._message: bytearray | None = None

    # What a connection makes of it.

    def received(self, payload: bytes) -> None:
        """A whole text message, valid UTF-8."""
        raise NotImplementedError

    def pinged(self, payload: bytes) -> None:
        raise NotImplementedError

    def peer_closed(self, code: int, payload: bytes) -> None:
        """The peer's close frame: its code (1005 if it gave none), and the payload to echo."""
        raise NotImplementedError

    def broke(self, code: int) -> None:
        """The peer broke the rule that this close code stands for. Its later bytes mean nothing any more."""
        raise NotImplementedError

    def tolerates_another(self) -> bool:
        """One more frame that carries no words (control, empty fragment) has come: is that still reasonable?"""
        raise NotImplementedError

    # Reading.

    @property
    def is_unfinished(self) -> bool:
        """Part of a frame, or of a fragmented message, is waiting for its end."""
        return bool(self._rest) or self._message is not None

    def feed(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
            self._rest = b""
        at, end = 0, len(data)
        while end - at >= 2 and self.attentive:
            first, size = data[at], data[at + 1]
            # A whole text message, nearly every frame there is, passes here at once; all else is looked at closely.
            if first != FIN_TEXT or size < MASKED or self._message is not None:
                code = self._breach(first, size)
                if code:
                    return self.broke(code)
            size, body = size - MASKED, at + 6
            if size > MAX_CONTROL:
                code, size, body = _extended(data, at, size)
                if code:
                    return self.broke(code)
            stop = body + size
            if stop > end:
                break
            payload = apply_mask(data[body:stop], data[body - 4 : body])
            at = stop
            code = self._complete(payload) if first == FIN_TEXT else self._other(first, payload)
            if code:
                return self.broke(code)
        if at < end:
            self._rest = data[at:]
        return None

    # Each of these returns the close code that the peer has earned, or 0.

    def _breach(self, first: int, second: int) -> int:
        """Judge a frame by its first two bytes."""
        if first & RESERVED or second < MASKED:
            return BROKEN
        opcode = first & OPCODE
        if opcode & CONTROL:
            lawful = opcode <= PONG and first & FIN and second & LENGTH <= MAX_CONTROL
            return 0 if lawful else BROKEN
        if opcode == CONTINUATION:
            return BROKEN if self._message is None else 0
        if self._message is not None or opcode > BINARY:
            return BROKEN
        return NOT_TEXT if opcode == BINARY else 0

    def _other(self, first: int, payload: bytes) -> int:
        if first & CONTROL:
            return self._control(first & OPCODE, payload)
        return self._fragment(first, payload)

    def _fragment(self, first: int, payload: bytes) -> int:
        # Joined as they come: sixteen thousand fragments of one byte must not cost more than the message they make.
        message = self._message = bytearray() if self._message is None else self._message
        message += payload
        if len(message) > MAX_MESSAGE:
            return TOO_BIG
        if first & FIN:
            self._message = None
            return self._complete(bytes(message))
        return 0 if payload or self.tolerates_another() else UNWELCOME

    def _complete(self, payload: bytes) -> int:
        if not payload.isascii():
            try:
                payload.decode()
            except UnicodeDecodeError:
                return NOT_UTF8
        self.received(payload)
        return 0

    def _control(self, opcode: int, payload: bytes) -> int:
        if opcode == CLOSE:
            return self._goodbye(payload)
        if not self.tolerates_another():
            return UNWELCOME
        if opcode == PING:
            self.pinged(payload)
        return 0

    def _goodbye(self, payload: bytes) -> int:
        code = int.from_bytes(payload[:2], "big") if payload else NO_CODE
        if payload and (len(payload) == 1 or not may_be_sent(code)):
            return BROKEN
        try:
            payload[2:].decode()
        except UnicodeDecodeError:
            return NOT_UTF8
        self.attentive = False
        self.peer_closed(code, payload)
        return 0


def _extended(data: bytes, at: int, size: int) -> tuple[int, int, int]:
    """The close code that a longer form of length deserves, or 0, the length, and where the body begins."""
    body = at + (8 if size == 126 else 14)
    if len(data) < body - 4:
        return 0, 0, body  # not all here yet
    (size, least) = (_read_16(data, at + 2)[0], 126) if size == 126 else (_read_64(data, at + 2)[0], 65536)
    if size < least:  # the shortest form is the only lawful one
        return BROKEN, size, body
    return (TOO_BIG if size > MAX_MESSAGE else 0), size, body
