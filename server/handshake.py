"""The opening handshake of RFC 6455: a request's bytes in, either what it asks for or the refusal it gets."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

Header = tuple[bytes, bytes]

VERSION: Final = b"13"
_breaks: Final = re.compile(rb"[\r\n\0]").search
_MAGIC: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


@dataclass(frozen=True, slots=True)
class Opening:
    """A lawful request for a WebSocket."""

    target: bytes = field(repr=False)
    headers: list[Header] = field(repr=False)
    key: bytes = field(repr=False)
    subprotocols: list[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A request that cannot become a WebSocket, and what the response to it has to say beside the status."""

    status: HTTPStatus
    headers: tuple[Header, ...] = ()


def read_opening(request: bytes) -> Opening | Misfit:
    """Judge the request as uvicorn replays it: one line ``METHOD target HTTP/1.1``, then ``name: value`` lines."""
    first, *lines = request.removesuffix(b"\r\n\r\n").split(b"\r\n")
    method, _, target = first.removesuffix(b" HTTP/1.1").partition(b" ")
    headers: list[Header] = []
    for line in lines:
        name, colon, value = line.partition(b":")
        # A folded line would be a header of its own here, and of its sender's choosing.
        if not colon or not name or name != name.strip():
            return _misfit(HTTPStatus.BAD_REQUEST)
        headers.append((name.lower(), value.strip()))
    if method != b"GET":
        return _misfit(HTTPStatus.METHOD_NOT_ALLOWED, (b"allow", b"GET"))
    if not target.isascii() or b" " in target:
        return _misfit(HTTPStatus.BAD_REQUEST)
    if _values(headers, b"sec-websocket-version") != [VERSION]:
        return _misfit(
            HTTPStatus.UPGRADE_REQUIRED, (b"upgrade", b"websocket"), (b"sec-websocket-version", VERSION)
        )
    keys = _values(headers, b"sec-websocket-key")
    if len(keys) != 1 or not _is_key(keys[0]):
        return _misfit(HTTPStatus.BAD_REQUEST)
    offers = b",".join(_values(headers, b"sec-websocket-protocol")).decode("latin-1").split(",")
    return Opening(target, headers, keys[0], [offer.strip() for offer in offers if offer.strip()])


def switching(key: bytes, subprotocol: str | None, headers: Iterable[Header]) -> bytes:
    """The 101. No extension is ever agreed to: compression costs 40 KB a connection and can be made a bomb."""
    accept = base64.b64encode(hashlib.sha1(key + _MAGIC, usedforsecurity=False).digest())
    ours: list[Header] = [
        (b"upgrade", b"websocket"),
        (b"connection", b"Upgrade"),
        (b"sec-websocket-accept", accept),
    ]
    if subprotocol is not None:
        ours.append((b"sec-websocket-protocol", subprotocol.encode("ascii")))
    return _head(101, [*ours, *headers]) + b"\r\n"


def response(status: int, headers: Sequence[Header], body: bytes = b"") -> bytes:
    """Any other answer, whole; the connection ends with it."""
    kept = [header for header in headers if header[0].lower() not in {b"connection", b"content-length"}]
    closing = [(b"content-length", b"%d" % len(body)), (b"connection", b"close")]
    return _head(status, kept + closing) + b"\r\n" + body


def _misfit(status: HTTPStatus, *headers: Header) -> Misfit:
    return Misfit(status, headers)


def _values(headers: Iterable[Header], name: bytes) -> list[bytes]:
    return [value for header, value in headers if header == name]


def _is_key(key: bytes) -> bool:
    try:
        return len(binascii.a2b_base64(key, strict_mode=True)) == 16
    except binascii.Error:
        return False


def _head(status: int, headers: Iterable[Header]) -> bytes:
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
    lines = [b"HTTP/1.1 %d %b\r\n" % (status, phrase.encode())]
    for name, value in headers:
        line = b"%b: %b" % (name, value)
        # A line break would let a value that came from outside write headers, or a body, of its own.
        if _breaks(line):
            raise ValueError("a line break in a response header")
        lines.append(line + b"\r\n")
    return b"".join(lines)
