"""One open page at a live room where no WebSocket gets through: it reads an answer that does not end, and posts."""

import asyncio
import json
import socket
from collections import deque
from urllib.parse import urlsplit

import httpx2
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Close

from tests.server.browser import Browser
from tests.server.visitor import WAITS, Frame, Visitor

PROTOCOL = {"tealight-protocol": "tealight.1"}


class Streaming(Visitor):
    """The first thing that it sends opens the stream; everything after that is a post of its own."""

    def __init__(
        self, browser: Browser, live_path: str, name: str, *, listening: bool = False, work: str = ""
    ) -> None:
        super().__init__(browser, live_path, name, listening=listening, work=work)
        self.stream = ""
        self.status = 0
        self.head: dict[str, str] = {}
        self.posts_to = browser.url
        self.posted: list[int] = []  # what posts were answered with
        self._buffer = 0
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._rest = b""
        self._events: deque[tuple[str, bytes]] = deque()
        self._held: deque[Frame] = deque()

    # Coming and going

    async def opens(self, *, buffer: int = 0) -> None:
        await self.closes_the_tab()
        self.closed, self.stream, self._buffer, self._rest = None, "", buffer, b""
        self._events.clear()
        self._held.clear()
        self.posts_to = self.browser.url

    async def closes_the_tab(self) -> None:
        if self._writer is not None:
            self._writer.transport.abort()
            self._reader = self._writer = None

    async def is_cut_off(self) -> None:
        await self.closes_the_tab()

    async def greets_and_goes(self) -> None:
        hello = json.dumps({"type": "hello", "at": None, "name": self.name}).encode()
        await self._sends_a_request(hello)
        assert self._writer is not None
        self._writer.close()
        await self._writer.wait_closed()
        self._reader = self._writer = None

    def stops_reading(self) -> None:
        assert self._writer is not None
        self._writer.transport.pause_reading()  # type: ignore[attr-defined]  # every transport of a socket can

    def reads_again(self) -> None:
        assert self._writer is not None
        self._writer.transport.resume_reading()  # type: ignore[attr-defined]  # as above

    # Saying

    async def sends(self, frame: Frame | str | bytes, *, as_text: bool | None = None) -> None:
        text = json.dumps(frame, ensure_ascii=False) if isinstance(frame, dict) else frame
        payload = text.encode() if isinstance(text, str) else text
        if self._reader is None:
            await self.asks_for_a_stream(payload)
        else:
            await self.posts(payload)

    async def says_that_it_goes(self, **headers: str) -> int:
        """As a page does when it is left: whoever carries it may not notice."""
        return (await self.posts(b"", to="gone", **headers)).status_code

    async def posts(self, payload: bytes, *, to: str = "post", **headers: str) -> httpx2.Response:
        answer = await self.browser.http.post(
            f"{self.posts_to}{self.live_path}/{to}",
            content=payload,
            headers={**PROTOCOL, "origin": self.posts_to, "tealight-stream": self.stream, **headers},
        )
        self.posted.append(answer.status_code)
        if answer.status_code == 200:
            self._held += map(json.loads, answer.text.splitlines())
        return answer

    async def asks_for_a_stream(self, payload: bytes, **headers: str) -> None:
        await self._sends_a_request(payload, **headers)
        assert self._reader is not None
        async with asyncio.timeout(WAITS):
            first, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        self.status = int(first.split()[1])
        self.head = dict(line.lower().split(": ", 1) for line in lines if line)
        if self.status == 200:
            kind, name = await self._event()
            assert kind == "stream"
            self.stream = name.decode()

    # Internal

    async def _sends_a_request(self, payload: bytes, **headers: str) -> None:
        where = urlsplit(self.browser.url)
        wire = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if self._buffer:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._buffer)
        wire.setblocking(False)
        await asyncio.get_running_loop().sock_connect(wire, (where.hostname, where.port))
        self._reader, self._writer = await asyncio.open_connection(sock=wire, limit=2**20)
        says = {
            "host": where.netloc,
            "origin": self.browser.origin,
            "cookie": self.browser.cookie_header,
            "content-length": str(len(payload)),
            **PROTOCOL,
            **headers,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in says.items() if value)
        self._writer.write(f"POST {self.live_path}/stream HTTP/1.1\r\n{head}\r\n".encode() + payload)

    async def _receives(self) -> str | bytes:
        # An answer that came in a post's own is about something that comes down the stream: that is looked at first.
        if self._held and (self._held[0].get("seq") or 0) <= (self.at or {"seq": 0})["seq"]:
            return json.dumps(self._held.popleft())
        kind, data = await self._event()
        if kind == "close":
            raise ConnectionClosedError(Close(json.loads(data)["code"], ""), None)
        return data

    async def _event(self) -> tuple[str, bytes]:
        while not self._events:
            *whole, self._rest = (self._rest + await self._chunk()).split(b"\n\n")
            for each in whole:
                fields = dict(line.split(b": ", 1) for line in each.split(b"\n"))
                self._events.append((fields.get(b"event", b"message").decode(), fields[b"data"]))
        return self._events.popleft()

    async def _chunk(self) -> bytes:
        assert self._reader is not None
        try:
            size = int(await self._reader.readuntil(b"\r\n"), 16)
            chunk = await self._reader.readexactly(size + 2)
        except (OSError, asyncio.IncompleteReadError):
            raise ConnectionClosedError(None, None) from None
        assert size, "an answer that ends has said why"
        return chunk[:-2]
