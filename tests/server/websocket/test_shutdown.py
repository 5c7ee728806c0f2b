"""The server stops: everybody is told 1012, and nobody can hold it up."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from server.sweep import Patience
from tests.server.websocket.conftest import STACKS
from tests.server.websocket.house import House, open_house
from tests.server.websocket.peer import Peer, masked, request
from tests.server.websocket.test_lines import fill

PROGRAM = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from server.websocket import line_of

async def room(websocket):
    await websocket.accept()
    line = line_of(websocket)
    line.listen(lambda payload: [line.send(b"." * 1000) for _ in range(250)], lambda code: None)
    await line.run()

uvicorn.run(
    Starlette(routes=[WebSocketRoute("/room", room)]),
    port=0,
    loop=sys.argv[1],
    http="server.http_deadline:RoomHttp",
    ws="server.websocket:RoomWebSocket",
    timeout_graceful_shutdown=5,
)
"""


@contextlib.contextmanager
def process(loop: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, loop],
        cwd=Path(__file__).parents[3],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as server:
        assert server.stderr is not None
        line = ""
        while "running on" not in line:
            line = server.stderr.readline()
            assert line, "the server did not start"
        try:
            yield server, int(line.partition("127.0.0.1:")[2].split()[0])
        finally:
            server.kill()


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_who_never_reads_does_not_hold_up_a_restart(loop: str):
    with (
        process(loop) as (server, port),
        Peer(port, window=4096) as stuck,
        Peer(port) as ben,
        Peer(port) as half,
    ):
        for peer in (stuck, ben):
            assert peer.asks(request()).startswith(b"HTTP/1.1 101")
        half.sends(b"GET / HTTP/1.1\r\nhost")
        for _ in range(40):
            stuck.says("more")  # until our side is full of what it does not read
        ben.says("more")
        for _ in range(250):
            ben.hears()
        begun = time.monotonic()
        server.send_signal(signal.SIGTERM)
        assert ben.is_told_goodbye() == 1012
        ben.sends(masked(0x88, (1012).to_bytes(2, "big")))
        server.wait(10)
        assert time.monotonic() - begun <= 6
        assert server.stderr is not None
        said = server.stderr.read()
        assert "Traceback" not in said
        assert "exceeded" not in said
        assert "/room" not in said


async def undecided(websocket: WebSocket) -> None:
    await websocket.receive()
    await websocket._receive()


@pytest.fixture(params=STACKS)
def stopping(request: pytest.FixtureRequest) -> Iterator[House]:
    routes = (WebSocketRoute("/undecided", undecided),)
    with open_house(*STACKS[request.param], patience=Patience(restart=0.2), routes=routes) as house:
        yield house


def test_everybody_is_told_1012_behind_what_was_said(stopping: House):
    with (
        stopping.visitor() as ben,
        stopping.visitor(window=4096) as stuck,
        stopping.visitor() as leaving,
        Peer(stopping.port) as early,
    ):
        fill(stuck, stopping)
        stopping.do(lambda: leaving.line.close(4000))
        early.sends(request("/undecided"))
        stopping.until(lambda: bool(stopping.server.server_state.tasks))
        stopping.do(lambda: ben.line.send(b"a deploy"))
        stopping.server.should_exit = True
        assert ben.hears() == "a deploy"
        assert ben.is_told_goodbye() == 1012
        assert ben.is_cut_off()  # it does not even answer
        assert early.rest().startswith(b"HTTP/1.1 503")
        assert leaving.is_told_goodbye() == 4000
        assert sorted(stopping.next(stopping.gone) for _ in range(3)) == [1012, 1012, 4000]
