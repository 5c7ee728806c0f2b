"""A browser's end of a WebSocket made of a bare socket, so that it can also do what no browser would."""

import base64
import os
import socket
import ssl
import struct
from typing import Self

TEXT, BINARY, CLOSE, PING, PONG = 0x81, 0x82, 0x88, 0x89, 0x8A


def masked(first: int, payload: bytes = b"", *, mask: bytes = b"\x05\xa0\x7f\x11") -> bytes:
    """A frame as a browser sends it; ``first`` is its whole first byte."""
    size = len(payload)
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 65536:
        head = struct.pack("!BBH", first, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, size)
    key = (mask * (size // 4 + 1))[:size]
    return head + mask + (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")


def request(path: str = "/room", **changes: str | None) -> bytes:
    """An opening request; ``changes`` replace headers (underscores for dashes), None leaves one out."""
    headers: dict[str, str | None] = {
        "host": "localhost",
        "upgrade": "websocket",
        "connection": "Upgrade",
        "sec-websocket-key": base64.b64encode(os.urandom(16)).decode(),
        "sec-websocket-version": "13",
    }
    method = changes.pop("method", "GET")
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    lines = [
        f"{method} {path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in headers.items() if value is not None),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


class Peer:
    """Blocking on purpose: what it waits for has five seconds to come."""

    def __init__(self, port: int, *, window: int | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.socket = socket.socket()
        self.socket.settimeout(5)
        if window is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.connect(("127.0.0.1", port))
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self.unread = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.socket.close()

    def asks(self, opening: bytes) -> bytes:
        """Send a request, read the head of the response."""
        self.socket.sendall(opening)
        while b"\r\n\r\n" not in self.unread:
            self._more()
        head, _, self.unread = self.unread.partition(b"\r\n\r\n")
        return head

    def sends(self, data: bytes) -> None:
        self.socket.sendall(data)

    def says(self, words: str) -> None:
        self.sends(masked(TEXT, words.encode()))

    def reads(self) -> tuple[int, bytes]:
        """The next frame: its first byte and its payload."""
        size, start = self._need(2)[1], 2
        if size == 126:
            size, start = struct.unpack("!H", self._need(4)[2:4])[0], 4
        elif size == 127:
            size, start = struct.unpack("!Q", self._need(10)[2:10])[0], 10
        whole = self._need(start + size)
        first, payload, self.unread = whole[0], whole[start : start + size], whole[start + size :]
        return first, payload

    def hears(self) -> str:
        """The next text; pings of the server in between are answered as a browser would."""
        while True:
            first, payload = self.reads()
            if first == TEXT:
                return payload.decode()
            assert first == PING, (first, payload)
            self.sends(masked(PONG, payload))

    def is_told_goodbye(self) -> int:
        """The code of the close frame, which must be the next thing that is not a ping, and answer it."""
        first, payload = self.reads()
        while first == PING:
            first, payload = self.reads()
        assert first == CLOSE, (first, payload)
        return int.from_bytes(payload[:2], "big") if payload else 1005

    def is_cut_off(self) -> bool:
        """Nothing more but the end of the bytes, clean or not."""
        try:
            return not self.unread and not self.socket.recv(1)
        except ConnectionError:
            return True

    def until(self, end: bytes) -> bytes:
        """All that comes up to these bytes, and them."""
        while end not in self.unread:
            self._more()
        told, _, self.unread = self.unread.partition(end)
        return told + end

    def rest(self) -> bytes:
        """All that is left until the end."""
        try:
            while True:
                self._more()
        except (EOFError, ConnectionError):
            return self.unread

    def resets(self) -> None:
        """Vanish with a RST, as after a power cut."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def _need(self, size: int) -> bytes:
        while len(self.unread) < size:
            self._more()
        return self.unread

    def _more(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise EOFError
        self.unread += data
