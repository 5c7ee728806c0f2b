"""Report slips: a few messages that somebody chose, with the marks by which we know our own without having kept a word.

Each message leaves the server with a mark, a keyed hash of what it says and of whose it is. A slip is written by a browser
out of what stands on its screen. Whoever has the key of the session can tell whether every letter of it was carried so; and
once the key is gone nobody can, whatever anybody kept.
"""

import hmac
from binascii import b2a_base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

import msgspec

KEY_BYTES: Final = 32
MOST: Final = 10
LONGEST: Final = 64 * 1024
_MARK_BYTES: Final = 16
_MARK_LETTERS: Final = 22
_FOR_ADDRESSES: Final = bytes.maketrans(b"+/", b"-_")
_PURPOSE: Final = b"tealight slip"


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a slip, as it stands there."""

    id: str
    name: str = field(repr=False)
    text: str = field(repr=False)
    note: str = field(repr=False)
    slip: str


@dataclass(frozen=True, slots=True)
class _Slip:
    messages: list[Line] = field(repr=False)


_decode: Final = msgspec.json.Decoder(_Slip)
_encode: Final = msgspec.json.Encoder().encode


def mark(key: bytes, message: str, name: str, text: str, note: str) -> str:
    """22 letters. ``message``: its id, which names its author's seat and the moment.

    BLAKE2b with a key is a MAC by itself (RFC 7693), at a third of the price of an HMAC: every message pays it.
    """
    # As JSON, so that no word can be moved from one part into another.
    whole = _encode([message, name, text, note])
    digest = blake2b(whole, key=key, digest_size=_MARK_BYTES, person=_PURPOSE).digest()
    return b2a_base64(digest, newline=False).translate(_FOR_ADDRESSES)[:_MARK_LETTERS].decode("ascii")


def read(written: str) -> tuple[Line, ...] | None:
    """The messages of a slip, whatever stands before and behind them; None: it is none, or too much of one."""
    if len(written) > LONGEST:
        return None
    begins, ends = written.find("{"), written.rfind("}")
    try:
        lines = _decode.decode(written[begins : ends + 1].encode()).messages
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return None
    return tuple(lines) if 1 <= len(lines) <= MOST else None


def which(keys: Sequence[bytes], line: Line) -> int | None:
    """The place of the key under which it was said; None: nobody said that in any of these sessions."""
    given = line.slip.encode("utf-8", "surrogatepass")
    for place, key in enumerate(keys):
        made = mark(key, line.id, line.name, line.text, line.note)
        if hmac.compare_digest(made.encode("ascii"), given):
            return place
    return None
