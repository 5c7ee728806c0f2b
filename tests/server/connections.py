"""What carries a browser's requests: the same client, over connections that cost a tenth of its own.

Thousands of stories ask for a page or two each, and what the client does for proxies, retries and encryption was a tenth
of the time of all of them.
"""

import asyncio
import select
from collections.abc import AsyncIterator
from typing import cast

import httptools
import httpx2

CHUNK = 256 * 1024
WAITS = 10  # seconds


class Connections(httpx2.AsyncBaseTransport):
    """Those of one browser. An idle one is taken again, as long as the server did not hang up meanwhile."""

    def __init__(self) -> None:
        self._idle: list[_Connection] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        connection = await self._one_to(request.url)
        try:
            answer = await connection.asks(request)
        except BaseException:
            connection.closes()
            raise
        return httpx2.Response(answer.status, headers=answer.headers, stream=_Body(self, connection, answer))

    async def aclose(self) -> None:
        while self._idle:
            self._idle.pop().closes()

    def gives_back(self, connection: "_Connection") -> None:
        self._idle.append(connection)

    async def _one_to(self, url: httpx2.URL) -> "_Connection":
        where = url.host, cast("int", url.port)
        while self._idle:
            connection = self._idle.pop()
            if connection.where == where and not connection.is_over:
                return connection
            connection.closes()
        try:
            reader, writer = await asyncio.open_connection(*where)
        except OSError as error:
            raise httpx2.ConnectError(str(error)) from error
        return _Connection(where, reader, writer)


class _Connection:
    def __init__(
        self, where: tuple[str, int], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.where = where
        self._reader = reader
        self._writer = writer

    @property
    def is_over(self) -> bool:
        """Whether the server hung up, which our loop may not have read yet."""
        if self._reader.at_eof() or self._writer.is_closing():
            return True
        heard = select.poll()
        heard.register(self._writer.get_extra_info("socket").fileno(), select.POLLIN)
        return bool(heard.poll(0))

    def closes(self) -> None:
        self._writer.close()

    async def asks(self, request: httpx2.Request) -> "_Answer":
        answer = _Answer(without_body=request.method == "HEAD")
        head = b"".join(b"%b: %b\r\n" % header for header in request.headers.raw)
        self._writer.write(
            b"%b %b HTTP/1.1\r\n%b\r\n" % (request.method.encode(), request.url.raw_path, head)
        )
        try:
            await self._sends_the_body(request)
            while not answer.has_begun:
                await self.reads_more(answer)
        except OSError as error:
            raise httpx2.WriteError(str(error)) from error
        return answer

    async def reads_more(self, answer: "_Answer") -> None:
        try:
            async with asyncio.timeout(WAITS):
                read = await self._reader.read(CHUNK)
        except OSError as error:
            raise httpx2.ReadError(str(error)) from error
        if not read:
            raise httpx2.RemoteProtocolError("The server hung up before its answer was there.")
        answer.feed(read)

    async def _sends_the_body(self, request: httpx2.Request) -> None:
        in_pieces = "transfer-encoding" in request.headers
        async for piece in cast("httpx2.AsyncByteStream", request.stream):
            self._writer.write(b"%x\r\n%b\r\n" % (len(piece), piece) if in_pieces and piece else piece)
            await self._writer.drain()
        if in_pieces:
            self._writer.write(b"0\r\n\r\n")


class _Answer:
    """As it comes in."""

    def __init__(self, *, without_body: bool) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.pieces: list[bytes] = []
        self.has_begun = self.is_whole = self.may_go_on = False
        self._without_body = without_body
        self._parser = httptools.HttpResponseParser(self)

    def feed(self, read: bytes) -> None:
        try:
            self._parser.feed_data(read)
        except httptools.HttpParserError as error:
            raise httpx2.RemoteProtocolError(str(error)) from error

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()
        self.may_go_on = self._parser.should_keep_alive()
        self.has_begun = self.status >= 200
        if self._without_body:
            self.is_whole = True

    def on_body(self, piece: bytes) -> None:
        self.pieces.append(piece)

    def on_message_complete(self) -> None:
        self.is_whole = self.has_begun


class _Body(httpx2.AsyncByteStream):
    def __init__(self, connections: Connections, connection: _Connection, answer: _Answer) -> None:
        self._connections = connections
        self._connection = connection
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            pieces, self._answer.pieces = self._answer.pieces, []
            for piece in pieces:
                yield piece
            if self._answer.is_whole:
                return
            await self._connection.reads_more(self._answer)

    async def aclose(self) -> None:
        if self._answer.is_whole and self._answer.may_go_on:
            self._connections.gives_back(self._connection)
        else:
            self._connection.closes()
