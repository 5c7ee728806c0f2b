"""A real uvicorn in a thread, with one endpoint that lets a test do things to lines and circles on its loop."""

import asyncio
import contextlib
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from server.circle import Circle
from server.http_deadline import H11WithDeadline, HttpToolsWithDeadline
from server.line import Line
from server.sweep import Patience
from server.websocket import RoomWebSocket, line_of
from tests.server.websocket.peer import Peer, request

T = TypeVar("T")

# Whoever is visited is pinged, and no test knows when its turn comes: here it never does unless the test says so.
# A deadline is met late, too; who waits for one brings a patience of its own.
UNVISITED = Patience(ping=3600.0)


class Visitor(Peer):
    """A peer whose line the test holds, too."""

    def __init__(self, house: "House", **how: Any) -> None:
        super().__init__(house.port, **how)
        self.greeting = self.asks(request())
        assert self.greeting.startswith(b"HTTP/1.1 101 "), self.greeting
        self.line: RoomWebSocket = house.next(house.lines)
        self.house = house

    def is_read_through_a_straw(self) -> None:
        """Let the kernel take only a little for it, so that writing stops soon when it does not read."""
        transport_socket = self.line.transport.get_extra_info("socket")
        transport_socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4608)

    @property
    def is_slow(self) -> bool:
        return self.line._is_write_paused


class House:
    """What a test does to the server it has started."""

    def __init__(self) -> None:
        self.lines: queue.Queue[Any] = queue.Queue()
        self.heard: queue.Queue[bytes] = queue.Queue()
        self.gone: queue.Queue[int] = queue.Queue()
        self.on_text: Callable[[Line, bytes], None] = lambda line, payload: self.heard.put(payload)
        self.server: uvicorn.Server
        self.loop: asyncio.AbstractEventLoop
        self.port = 0

    def visitor(self, **how: Any) -> Visitor:
        return Visitor(self, **how)

    def do(self, what: Callable[[], T]) -> T:
        """Run it as one turn of the server's loop."""

        async def turn() -> T:
            return what()

        return asyncio.run_coroutine_threadsafe(turn(), self.loop).result(5)

    def tells(self, whom: Circle | Line, *payloads: bytes) -> None:
        """All in one turn of the server's loop."""

        def turn() -> None:
            for payload in payloads:
                whom.send(payload)

        self.do(turn)

    def holds(self, line: Line) -> bool:
        """Does uvicorn still count it as a connection?"""
        return id(line) in map(id, tuple(self.server.server_state.connections))

    def settle(self) -> None:
        """Let every callback that is ready now, and those they schedule, run."""

        async def turns() -> None:
            for _ in range(5):
                await asyncio.sleep(0)

        asyncio.run_coroutine_threadsafe(turns(), self.loop).result(5)

    def until(self, holds: Callable[[], bool]) -> None:
        """Poll the server's loop; a test that waits in vain ends by its own timeout."""

        async def wait() -> None:
            while not holds():  # noqa: ASYNC110  the product has no event for what a test is curious about
                await asyncio.sleep(0.005)

        asyncio.run_coroutine_threadsafe(wait(), self.loop).result(15)

    @staticmethod
    def next(things: "queue.Queue[T]") -> T:
        return things.get(timeout=5)

    async def endpoint(self, websocket: WebSocket) -> None:
        await websocket.accept()
        line = line_of(websocket)
        line.listen(lambda payload: self.on_text(line, payload), self.gone.put)
        self.lines.put(line)
        await line.run()


async def form(incoming: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await incoming.body())))


@contextlib.contextmanager
def open_house(
    loop: str = "uvloop",
    http: str = "httptools",
    patience: Patience | None = None,
    routes: tuple[BaseRoute, ...] = (),
    tls: tuple[str, str] | None = None,
    ws: Any = None,
) -> Iterator[House]:
    house = House()
    patience = patience or UNVISITED
    base = {"httptools": HttpToolsWithDeadline, "h11": H11WithDeadline}[http]
    certificate: dict[str, Any] = {"ssl_certfile": tls[0], "ssl_keyfile": tls[1]} if tls else {}
    config = uvicorn.Config(
        Starlette(
            routes=[
                WebSocketRoute("/room", house.endpoint),
                Route("/form", form, methods=["GET", "POST"]),
                *routes,
            ]
        ),
        port=0,
        # uvicorn's own would stay in force for every test that comes after, in the same process.
        log_config=None,
        log_level="critical",
        loop=loop,
        http=type("Http", (base,), {"patience": patience}),
        ws=ws or type("WebSocketOfTheTest", (RoomWebSocket,), {"patience": patience, "__slots__": ()}),
        lifespan="off",
        timeout_graceful_shutdown=5,
        **certificate,
    )
    house.server = uvicorn.Server(config)
    started = threading.Event()

    async def serve() -> None:
        house.loop = asyncio.get_running_loop()
        serving = asyncio.ensure_future(house.server.serve())
        while not house.server.started and not serving.done():  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.002)
        if house.server.started:
            house.port = house.server.servers[0].sockets[0].getsockname()[1]
        started.set()
        await serving

    factory = config.get_loop_factory()
    assert factory is not None

    def run() -> None:
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield house
    finally:
        house.server.should_exit = True
        thread.join(15)
        assert not thread.is_alive(), "the server did not stop"


def client_tls(certificate: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)
