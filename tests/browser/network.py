"""The network of one person: a SOCKS proxy of their own, so that a test can hold it, cut it, and see where it led."""

import asyncio
import contextlib
import struct
from collections.abc import Mapping
from types import TracebackType
from typing import Self

CHUNK = 64 * 1024
OURS = "127.0.0.1"
# Chromium asks its makers what kind of form it sees, whatever the form is. It is not let out, and that is not our doing.
BROWSERS_OWN = ("content-autofill.googleapis.com",)
# What a site that nobody would wonder about answers.
ELSEWHERE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    b'<!doctype html><link rel="icon" href="data:,"><title>Weather</title><h1>Fair, and dry for the most part</h1>'
    b"<textarea></textarea>"
)
# What a proxy says that will not have it.
BARRED = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Network:
    """Every connection that a browser context opens goes through here, and nowhere else.

    hosts: where it is allowed to lead, and to which port of this machine; None: to a page that has nothing to do with us.
    browsers_own: how the names end that a browser asks for by itself. They are not let out either, and are no strangers.
    """

    def __init__(self, hosts: Mapping[str, int | None], browsers_own: tuple[str, ...] = BROWSERS_OWN) -> None:
        self.strangers: list[str] = []
        self.received = 0
        self.was_cut = False
        self.elsewhere_answers = asyncio.Event()
        self._hosts = dict(hosts)
        self._browsers_own = browsers_own
        self._bars_sockets = False
        self._up = asyncio.Event()
        self._down = asyncio.Event()
        self._is_cut = False
        self._up.set()
        self._down.set()
        self.elsewhere_answers.set()
        self._dead_ends: list[asyncio.Event] = []
        self._writers: set[asyncio.StreamWriter] = set()
        self._outward: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self.starts_anew()
        await self._server.wait_closed()

    @property
    def address(self) -> str:
        return f"socks5://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    # What a test does to it

    def cut(self) -> None:
        """Every connection breaks, and no new one comes about."""
        self.was_cut = self._is_cut = True
        self._drop()

    def mend(self) -> None:
        """Connections can be made again; those that were held go on."""
        self._is_cut = False
        self._up.set()
        self._down.set()
        self.elsewhere_answers.set()

    def bars_sockets(self) -> None:
        """As the proxies of some hospitals and offices do: whoever asks for a WebSocket is told that they may not.

        And who goes is not noticed by us: it holds on to our side for as long as we do.
        """
        self.was_cut = self._bars_sockets = True

    def leads_to(self, port: int) -> None:
        """What answers under our name is another server from the next connection on, as behind a load balancer."""
        self._hosts |= {OURS: port}

    def goes_silent(self) -> None:
        """Nothing passes either way, and nobody is told: a tunnel."""
        self.was_cut = True
        self._up.clear()
        self._down.clear()

    def moves_on(self) -> None:
        """Another way is there, as from Wi-Fi to mobile: what was opened on the old one stays silent for good, and nobody
        is told."""
        self.was_cut = True
        self._up.clear()
        self._down.clear()
        self._dead_ends += [self._up, self._down]
        self._up, self._down = asyncio.Event(), asyncio.Event()
        self.mend()

    def is_given_up(self) -> None:
        """Our side has waited long enough, and lets go of every connection. Where nothing passes, nobody hears of it."""
        for writer in self._outward:
            writer.transport.abort()

    def hears_nothing(self) -> None:
        """What the browser sends arrives; what it is answered does not."""
        self.was_cut = True
        self._down.clear()

    def starts_anew(self) -> None:
        """As on the first day, for somebody else."""
        self._drop()
        # What waits on the old ways may end now.
        for passing in self._dead_ends:
            passing.set()
        self._dead_ends = []
        self.mend()
        self.was_cut = self._bars_sockets = False
        self.strangers = []
        self.received = 0

    # Internal

    def _drop(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            host, port = await _greeting(reader, writer)
            if self._is_cut or host not in self._hosts:
                known = host in self._hosts or host.endswith(self._browsers_own)
                self.strangers += [] if known else [f"{host}:{port}"]
            elif (inward := self._hosts[host]) is None:
                await _grant(writer)
                await reader.readuntil(b"\r\n\r\n")
                await self.elsewhere_answers.wait()
                writer.write(ELSEWHERE)
                await writer.drain()
            else:
                await self._join(reader, writer, inward)
        self._writers.discard(writer)
        writer.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
        try:
            theirs, ours = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            # There is no server: to the browser that is a network like one that is cut.
            self.was_cut = True
            raise
        self._writers.add(ours)
        self._outward.add(ours)
        await _grant(writer)
        try:
            if self._bars_sockets:
                asked = await reader.readuntil(b"\r\n\r\n")
                if b"upgrade: websocket" in asked.lower():
                    writer.write(BARRED)
                    return
                ours.write(asked)
                await self._hold_on(reader, writer, theirs, ours)
                return
            await asyncio.gather(
                self._carry(reader, ours, self._up), self._carry(theirs, writer, self._down, counted=True)
            )
        finally:
            self._writers.discard(ours)
            self._outward.discard(ours)
            ours.close()

    async def _hold_on(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        theirs: asyncio.StreamReader,
        ours: asyncio.StreamWriter,
    ) -> None:
        async def carry_up() -> None:
            with contextlib.suppress(OSError):
                while data := await reader.read(CHUNK):
                    await self._up.wait()
                    ours.write(data)

        up = asyncio.create_task(carry_up())
        try:
            while data := await theirs.read(CHUNK):
                await self._down.wait()
                self.received += len(data)
                if not writer.is_closing():
                    writer.write(data)
        finally:
            up.cancel()

    async def _carry(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        passing: asyncio.Event,
        *,
        counted: bool = False,
    ) -> None:
        while data := await source.read(CHUNK):
            await passing.wait()
            if sink.is_closing():
                return
            self.received += len(data) if counted else 0
            sink.write(data)
            await sink.drain()
        await passing.wait()
        if sink.can_write_eof() and not sink.is_closing():
            sink.write_eof()


async def _greeting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
    """SOCKS 5 without a password (RFC 1928): where the browser wants to go."""
    _, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    writer.write(b"\x05\x00")
    *_, kind = await reader.readexactly(4)
    if kind == 3:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode("ascii")
    else:
        host = ".".join(str(octet) for octet in await reader.readexactly(4 if kind == 1 else 16))
    (port,) = struct.unpack(">H", await reader.readexactly(2))
    return host, port


async def _grant(writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
    await writer.drain()
