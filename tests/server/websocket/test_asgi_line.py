"""The same line over any other ASGI server: slower, with the same manners."""

import asyncio
import contextlib
import queue
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.asgi_line import AsgiLine
from server.circle import Circle
from server.connection import UNREAD_LIMIT
from server.frames import MAX_MESSAGE
from server.line import Line
from server.websocket import line_of
from tests.server.websocket.house import open_house
from tests.server.websocket.peer import Peer, masked, request


class Stage:
    """One endpoint; what a visitor says runs the act of that name, on the server's side."""

    def __init__(self, **acts: Callable[[Line, Circle], Any]) -> None:
        self.acts = acts
        self.gone: queue.Queue[int] = queue.Queue()
        self.heard: list[bytes] = []
        self.lines: list[Line] = []

    async def endpoint(self, websocket: WebSocket) -> None:
        await websocket.accept()
        line = line_of(websocket)
        circle = Circle(asyncio.get_running_loop())
        self.lines.append(line)

        def on_text(payload: bytes) -> None:
            self.heard.append(payload)
            act = self.acts.get(payload.decode())
            if act is not None:
                act(line, circle)

        line.listen(on_text, self.gone.put)
        await line.run()

    @contextlib.contextmanager
    def visited(self) -> Iterator[WebSocketTestSession]:
        client = TestClient(Starlette(routes=[WebSocketRoute("/room", self.endpoint)]))
        with client.websocket_connect("/room") as session:
            yield session


def goodbye(session: WebSocketTestSession) -> int:
    """The code of the close, after whatever texts come before it."""
    while True:
        try:
            session.receive_text()
        except WebSocketDisconnect as left:
            return int(left.code)


def test_it_is_chosen_where_our_protocol_is_not():
    stage = Stage()
    with stage.visited() as ben:
        ben.send_text("hello")
        ben.close(1000)
    assert isinstance(stage.lines[0], AsgiLine)
    assert stage.gone.get(timeout=5) == 1000
    assert stage.heard == [b"hello"]


def test_it_is_a_member_of_a_circle_with_the_same_order():
    def act(line: Line, circle: Circle) -> None:
        circle.send(b"before it came")
        line.send(b"welcome")
        circle.add(line)
        circle.send(b"event 1")
        line.send(b"ack 1")
        circle.send(b"event 2")
        circle.remove(line)
        circle.send(b"after it left")
        line.send(b"alone")
        line.close(4000, "over")
        line.send(b"never said")

    stage = Stage(go=act)
    with stage.visited() as ben:
        ben.send_text("go")
        told = ["welcome", "event 1", "ack 1", "event 2", "alone"]
        assert [ben.receive_text() for _ in told] == told
        assert goodbye(ben) == 4000
    assert stage.gone.get(timeout=5) == 4000
    assert stage.gone.empty()


@pytest.mark.parametrize(
    ("say", "code"),
    [
        (lambda ben: ben.send_bytes(b"binary"), 1003),
        (lambda ben: ben.send_text("x" * (MAX_MESSAGE + 1)), 1009),
        (lambda ben: ben.send_text("\ud800"), 1007),
        (lambda ben: ben.send_text("stumble"), 1011),
    ],
    ids=["binary", "too big", "not UTF-8", "an exception"],
)
def test_it_ends_for_the_same_reasons(say: Callable[[WebSocketTestSession], None], code: int):
    def stumble(line: Line, circle: Circle) -> None:
        raise KeyError("a secret")

    stage = Stage(stumble=stumble)
    with stage.visited() as ben:
        say(ben)
        assert goodbye(ben) == code
    assert stage.gone.get(timeout=5) == code


def test_its_outbox_is_bounded():
    def pour(line: Line, circle: Circle) -> None:
        circle.add(line)
        for _ in range(UNREAD_LIMIT // 1000 + 2):
            circle.send(b"." * 1000)

    stage = Stage(pour=pour)
    with stage.visited() as ben:
        ben.send_text("pour")
        assert goodbye(ben) == 4008
    assert stage.gone.get(timeout=5) == 4008


def test_abort_drops_what_waits():
    def act(line: Line, circle: Circle) -> None:
        circle.add(line)
        line.send(b"never read")
        line.abort()
        line.abort()

    stage = Stage(go=act)
    with stage.visited() as ben:
        ben.send_text("go")
        with pytest.raises(WebSocketDisconnect) as left:
            ben.receive_text()
        assert left.value.code == 1001
    assert stage.gone.get(timeout=5) == 1001


def test_it_can_be_held_back():
    def hold(line: Line, circle: Circle) -> None:
        def go_on() -> None:
            line.send(b"%d" % len(stage.heard))
            line.resume_reading()

        line.pause_reading()
        asyncio.get_running_loop().call_later(0.02, go_on)

    stage = Stage(hold=hold)
    with stage.visited() as ben:
        for words in ("hold", "second", "third"):
            ben.send_text(words)
        assert ben.receive_text() == "1"
    assert stage.gone.get(timeout=5) == 1000
    assert stage.heard == [b"hold", b"second", b"third"]


def test_it_runs_under_the_protocol_that_uvicorn_brings():
    def act(line: Line, circle: Circle) -> None:
        circle.add(line)
        circle.send(b"event")
        line.send(b"ack")
        line.close(4000)

    stage = Stage(go=act)
    routes = (WebSocketRoute("/stage", stage.endpoint),)
    with open_house(ws="websockets-sansio", routes=routes) as house, Peer(house.port) as ben:
        assert ben.asks(request("/stage")).startswith(b"HTTP/1.1 101")
        ben.says("go")
        assert [ben.hears(), ben.hears()] == ["event", "ack"]
        assert ben.is_told_goodbye() == 4000
        ben.sends(masked(0x88, (4000).to_bytes(2, "big")))
        assert stage.gone.get(timeout=5) == 4000
    assert isinstance(stage.lines[0], AsgiLine)
