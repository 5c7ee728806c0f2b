"""The line where no WebSocket gets through, on each loop and under each HTTP parser: bounded, and never held up."""

import asyncio
import queue
import socket
from collections.abc import Iterator
from typing import ClassVar

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from server.circle import Circle
from server.connection import UNREAD_LIMIT
from server.stream_line import StreamLine
from tests.server.websocket.conftest import STACKS
from tests.server.websocket.house import House, open_house
from tests.server.websocket.peer import Peer

ASKS = b"POST /stream HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n"


class Impatient(StreamLine):
    stalled_seconds: ClassVar[float] = 0.3


class Stage:
    """One endpoint: its lines, and how they ended."""

    def __init__(self) -> None:
        self.lines: queue.Queue[StreamLine] = queue.Queue()
        self.gone: queue.Queue[int] = queue.Queue()
        self.heard: queue.Queue[bytes] = queue.Queue()

    async def endpoint(self, _: Request) -> Response:
        stage = self

        class Streaming(Response):
            async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
                line = Impatient(scope, receive, send)
                await line.begin("name")
                line.listen(stage.heard.put, stage.gone.put)
                stage.lines.put(line)
                await line.run()

        return Streaming()


@pytest.fixture(params=STACKS)
def stage(request: pytest.FixtureRequest) -> Iterator[tuple[House, Stage]]:
    stage = Stage()
    routes = (Route("/stream", stage.endpoint, methods=["POST"]),)
    with open_house(*STACKS[request.param], routes=routes) as house:
        yield house, stage


def comes(house: House, stage: Stage, peer: Peer) -> StreamLine:
    peer.sends(ASKS)
    line = house.next(stage.lines)
    house.until(lambda: line._silence is not None)
    return line


def through_a_straw(line: StreamLine) -> None:
    """The kernel takes little for it."""
    transport = line._carrier.transport  # type: ignore[union-attr]  # our protocols have one
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4608)


def test_it_is_a_member_of_a_circle_with_the_same_order(stage: tuple[House, Stage]):
    house, acts = stage
    with Peer(house.port) as ben:
        line = comes(house, acts, ben)
        circle = Circle(house.loop)

        def act() -> None:
            circle.send(b"before it came")
            line.send(b"welcome")
            circle.add(line)
            circle.send(b"event 1")
            line.send(b"ack 1")
            circle.send(b"event 2")
            circle.remove(line)
            circle.send(b"after it left")
            line.send(b"alone")
            line.close(4000)
            line.send(b"never said")

        house.do(act)
        told = ben.until(b'"code":4000}\n\n')
        lines = [each for each in told.split(b"\n") if each.startswith((b"data:", b"event:"))]
        assert lines == [
            b"event: stream",
            b"data: name",
            *(b"data: " + each for each in (b"welcome", b"event 1", b"ack 1", b"event 2", b"alone")),
            b"event: close",
            b'data: {"code":4000}',
        ]
        assert house.next(acts.gone) == 4000
        # The answer is whole, and the connection is there for another request.
        ben.until(b"0\r\n\r\n")
        assert ben.asks(b"GET /form HTTP/1.1\r\nhost: localhost\r\n\r\n").startswith(b"HTTP/1.1 200")


def test_who_takes_nothing_is_cut_off(stage: tuple[House, Stage]):
    house, acts = stage
    with Peer(house.port, window=4096) as stuck, Peer(house.port) as ben:
        line, other = comes(house, acts, stuck), comes(house, acts, ben)
        house.do(lambda: through_a_straw(line))
        kept = 0
        while line._code == 0:
            house.tells(line, *[b"." * 1000] * 100)
            house.settle()
            kept = max(kept, line._waiting)
        assert kept <= UNREAD_LIMIT + 1000
        house.tells(other, b"the others are served")
        assert b"the others are served" in ben.until(b"served\n\n")
        assert house.next(acts.gone) == 4008
        house.until(lambda: line._carrier not in house.server.server_state.connections)


def test_who_goes_is_noticed(stage: tuple[House, Stage]):
    house, acts = stage
    with Peer(house.port) as ben:
        comes(house, acts, ben)
    assert house.next(acts.gone) == 1006


def test_what_fails_here_closes_it_and_no_more(stage: tuple[House, Stage]):
    house, acts = stage
    with Peer(house.port) as ben:
        line = comes(house, acts, ben)

        def stumbles(payload: bytes) -> None:
            raise KeyError("a secret")

        house.do(lambda: line.listen(stumbles, acts.gone.put))
        asyncio.run_coroutine_threadsafe(line.take(b"hello"), house.loop).result(5)
        assert b'"code":1011}' in ben.until(b"}\n\n")
        assert house.next(acts.gone) == 1011


def test_the_server_stops_and_says_so_and_waits_for_nobody(stage: tuple[House, Stage]):
    house, acts = stage
    with Peer(house.port, window=4096) as stuck, Peer(house.port) as ben:
        line, other = comes(house, acts, stuck), comes(house, acts, ben)
        house.do(lambda: through_a_straw(line))
        house.tells(line, *[b"." * 1000] * 250)
        house.tells(other, b"a deploy")
        house.server.should_exit = True
        assert b"data: a deploy\n\n" in ben.until(b'"code":1012}\n\n')
        assert {house.next(acts.gone), house.next(acts.gone)} == {1012}
