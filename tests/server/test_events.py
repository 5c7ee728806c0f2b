"""Events that go on: the newest state and no older one, a word now and then, and an end that nobody can put off."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.types import Message, Receive, Scope, Send

from server.events import Events, Feed
from server.http_deadline import H11WithDeadline, RoomHttp
from server.stream_line import EXTENSION
from tests.host.world import until

GET = "GET"
PROTOCOLS = list(dict.fromkeys([RoomHttp, H11WithDeadline]))


class Wire:
    """The server and the page at the other end, of which a test decides what they take."""

    def __init__(self, method: str = GET, *, ours: bool = True) -> None:
        self.scope = {"type": "http", "method": method, "extensions": {EXTENSION: self} if ours else {}}
        self.sent: list[Message] = []
        self.takes = asyncio.Event()
        self.takes.set()
        self.gone = asyncio.Event()
        self.broken = False
        self.on_shutdown: Callable[[], None] | None = None
        self.cuts = 0
        self.is_open = False

    async def send(self, message: Message) -> None:
        if self.broken:
            raise OSError("the page is gone")
        await self.takes.wait()
        self.sent.append(message)

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    def cut(self) -> None:
        self.cuts += 1
        self.gone.set()

    @contextmanager
    def while_open(self) -> Iterator[None]:
        self.is_open = True
        yield
        self.is_open = False

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)

    @property
    def is_whole(self) -> bool:
        return not self.sent[-1].get("more_body", False)

    async def carries(self, events: Events) -> None:
        await events(self.scope, self.receive, self.send)


@pytest.fixture
async def wire() -> Wire:
    return Wire()


async def test_the_newest_state_is_told_and_what_was_not_sent_is_replaced(wire: Wire):
    feed = Feed()
    feed.tell(b"1")
    feed.tell(b"2")
    going = asyncio.create_task(wire.carries(Events(feed, wire.while_open())))
    await until(lambda: b"data: 2\n\n" in wire.body)
    assert wire.is_open
    feed.tell(b"3")
    await until(lambda: b"data: 3\n\n" in wire.body)
    feed.end()
    feed.stop()
    feed.tell(b"4")
    await going
    assert wire.body.startswith(b"retry: ")
    assert wire.body.partition(b"\n\n")[2] == b"data: 2\n\ndata: 3\n\nevent: over\ndata:\n\n"
    assert wire.is_whole
    assert not wire.is_open
    assert wire.on_shutdown is None
    assert (b"x-accel-buffering", b"no") in wire.sent[0]["headers"]
    assert (b"cache-control", b"no-store, no-transform") in wire.sent[0]["headers"]


async def test_what_ends_before_it_begins_says_so(wire: Wire):
    feed = Feed()
    feed.end()
    await wire.carries(Events(feed, wire.while_open()))
    assert wire.body.endswith(b"event: over\ndata:\n\n")
    assert wire.is_whole


async def test_something_is_said_now_and_then_while_nothing_happens(wire: Wire):
    feed = Feed()
    going = asyncio.create_task(wire.carries(Events(feed, wire.while_open(), heartbeat_seconds=0.01)))
    await until(lambda: wire.body.count(b": beat\n\n") >= 2)
    feed.end()
    await going


async def test_a_page_that_goes_leaves_nothing(wire: Wire):
    going = asyncio.create_task(wire.carries(Events(Feed(), wire.while_open())))
    await until(lambda: wire.is_open)
    wire.gone.set()
    await going
    assert not wire.is_open


async def test_a_server_that_stops_lets_the_page_come_back_by_itself(wire: Wire):
    going = asyncio.create_task(wire.carries(Events(Feed(), wire.while_open())))
    await until(lambda: wire.on_shutdown is not None and bool(wire.body))
    assert wire.on_shutdown
    wire.on_shutdown()
    await going
    assert wire.is_whole
    assert b"over" not in wire.body


async def test_a_page_that_takes_nothing_is_seen_off(wire: Wire):
    feed = Feed()
    going = asyncio.create_task(wire.carries(Events(feed, wire.while_open(), stalled_seconds=0.01)))
    await until(lambda: bool(wire.body))
    wire.takes.clear()
    feed.tell(b"1")
    await going
    assert wire.cuts == 1
    assert not wire.is_open


@pytest.mark.parametrize("broken", [False, True])
async def test_at_another_server_a_page_that_is_gone_or_takes_nothing_ends_it_too(broken: bool):
    wire, feed = Wire(ours=False), Feed()
    going = asyncio.create_task(wire.carries(Events(feed, wire.while_open(), stalled_seconds=0.01)))
    await until(lambda: bool(wire.body))
    wire.broken = broken
    wire.takes.clear()
    feed.tell(b"1")
    await going
    assert wire.cuts == 0


async def test_whoever_asks_for_the_head_gets_it_and_opens_nothing():
    wire = Wire("HEAD")
    await wire.carries(Events(Feed(), wire.while_open()))
    assert [message["type"] for message in wire.sent] == ["http.response.start", "http.response.body"]
    assert wire.body == b""
    assert not wire.is_open


# Over our own protocols


class Served:
    """One feed at a real server."""

    def __init__(self, protocol: type[asyncio.Protocol]) -> None:
        self.feed = Feed()
        self.is_open = self.was_open = False
        config = uvicorn.Config(
            self._answers,
            interface="asgi3",
            http=protocol,
            log_config=None,
            lifespan="off",
            timeout_graceful_shutdown=8,
        )
        self._server = uvicorn.Server(config)

    @contextmanager
    def _while_open(self) -> Iterator[None]:
        self.is_open = self.was_open = True
        yield
        self.is_open = False

    async def _answers(self, scope: Scope, receive: Receive, send: Send) -> None:
        events = Events(self.feed, self._while_open(), stalled_seconds=0.2)
        await events(scope, receive, send)

    async def serves(self, listening: socket.socket) -> None:
        await self._server._serve([listening])

    def stops(self) -> None:
        self._server.should_exit = True


@pytest.fixture(params=PROTOCOLS, ids=lambda each: each.__name__)
async def served(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Served, int]]:
    served = Served(request.param)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(served.serves(listening))
        yield served, listening.getsockname()[1]
        served.stops()
        await serving


async def asks(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return reader, writer


async def test_a_server_that_stops_ends_the_answer_whole_and_waits_for_nobody(
    served: tuple[Served, int], caplog: pytest.LogCaptureFixture
):
    server, port = served
    reader, writer = await asks(port)
    await reader.readuntil(b"retry: ")
    server.feed.tell(b"1")
    await reader.readuntil(b"data: 1\n\n")
    server.stops()
    async with asyncio.timeout(4):
        rest = await reader.read()
    assert rest.endswith(b"0\r\n\r\n")
    # The last of it may be read before whoever wrote it goes on.
    await until(lambda: not server.is_open)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    writer.close()


async def test_a_reader_that_takes_nothing_holds_nothing(
    served: tuple[Served, int], caplog: pytest.LogCaptureFixture
):
    server, port = served
    _, writer = await asks(port)
    await until(lambda: server.is_open)
    async with asyncio.timeout(20):
        while server.is_open:
            server.feed.tell(b"." * 1_000_000)
            await asyncio.sleep(0.01)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    writer.close()


async def test_a_page_that_goes_away_is_noticed(served: tuple[Served, int]):
    server, port = served
    reader, writer = await asks(port)
    await reader.readuntil(b"retry: ")
    writer.close()
    await until(lambda: server.was_open and not server.is_open)
