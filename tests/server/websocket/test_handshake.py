"""The opening: what becomes a WebSocket, what does not, and that the application decides."""

import asyncio
import base64
import hashlib
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import websockets
from starlette.responses import PlainTextResponse
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from server.frames import MAX_MESSAGE
from server.handshake import Misfit, read_opening, switching
from tests.server.websocket.conftest import STACKS
from tests.server.websocket.house import House, open_house
from tests.server.websocket.peer import BINARY, PING, PONG, TEXT, Peer, masked, request


async def scope_teller(websocket: WebSocket) -> None:
    await websocket.accept(subprotocol="tealight.1", headers=[(b"x-room", b"seven")])
    scope = websocket.scope
    await websocket.send_json(
        {
            "path": scope["path"],
            "raw_path": scope["raw_path"].decode(),
            "query": scope["query_string"].decode(),
            "name": websocket.path_params["name"],
            "cookie": websocket.cookies.get("seat"),
            "offered": scope["subprotocols"],
            "client": scope["client"][0],
            "port": scope["server"][1],
            "scheme": scope["scheme"],
        }
    )
    await websocket.close(4000, "that is all")


async def refuser(websocket: WebSocket) -> None:
    await websocket.close()


async def denier(websocket: WebSocket) -> None:
    await websocket.send_denial_response(PlainTextResponse("not from there", 451, {"x-why": "origin"}))


async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    while (message := await websocket.receive())["type"] != "websocket.disconnect":
        await websocket.send_text(message["text"])
        await websocket.send_bytes(message["text"].encode())
    farewells.append(message["code"])


async def stumbler(websocket: WebSocket) -> None:
    raise ValueError("the words of a person")


async def faller(websocket: WebSocket) -> None:
    await websocket.accept()
    raise ValueError("the words of a person")


async def forgetful(websocket: WebSocket) -> None:
    pass


async def brief(websocket: WebSocket) -> None:
    await websocket.accept()


async def splitter(websocket: WebSocket) -> None:
    await websocket.accept(headers=[(b"x-name", b"a\r\nset-cookie: stolen=1")])


farewells: list[int] = []
ENDPOINTS = [refuser, denier, echo, stumbler, faller, forgetful, brief, splitter]
ROUTES = (
    WebSocketRoute("/tell/{name}", scope_teller),
    *(WebSocketRoute(f"/{endpoint.__name__}", endpoint) for endpoint in ENDPOINTS),
)


@pytest.fixture(scope="module", params=STACKS)
def application(request: pytest.FixtureRequest) -> Iterator[House]:
    with open_house(*STACKS[request.param], routes=ROUTES) as house:
        yield house


def answer(house: House, opening: bytes) -> tuple[int, bytes]:
    with Peer(house.port) as peer:
        head = peer.asks(opening)
        return int(head.split()[1]), head + b"\r\n\r\n" + (
            b"" if head.startswith(b"HTTP/1.1 101") else peer.rest()
        )


def test_the_key_is_answered(house: House):
    key = base64.b64encode(b"0123456789abcdef").decode()
    status, head = answer(house, request(sec_websocket_key=key))
    expected = base64.b64encode(hashlib.sha1(key.encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    assert status == 101
    assert b"sec-websocket-accept: " + expected in head


def test_compression_is_never_agreed_to(house: House):
    status, head = answer(
        house, request(sec_websocket_extensions="permessage-deflate; client_max_window_bits")
    )
    assert status == 101
    assert b"extensions" not in head.lower()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"sec_websocket_version": "8"}, 426),
        ({"sec_websocket_version": None}, 426),
        ({"sec_websocket_version": "13, 8"}, 426),
        ({"sec_websocket_key": None}, 400),
        ({"sec_websocket_key": "short"}, 400),
        ({"sec_websocket_key": "!" * 24}, 400),
        ({"sec_websocket_key": base64.b64encode(b"seventeen bytes!!").decode()}, 400),
        ({"method": "PUT"}, 405),
    ],
)
def test_what_is_not_lawful_never_meets_the_application(house: House, changes: dict[str, Any], status: int):
    got, head = answer(house, request(**changes))
    assert got == status
    assert b"connection: close" in head
    assert (b"sec-websocket-version: 13" in head) == (status == 426)
    assert house.lines.empty()


def test_a_second_key_is_refused(house: House):
    twice = request().replace(b"\r\n\r\n", b"\r\nsec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n")
    assert answer(house, twice)[0] == 400


@pytest.mark.parametrize("line", [b" folded: yes", b"nonsense", b": empty", b"name : spaced"])
def test_a_header_that_could_be_read_in_two_ways_is_refused(line: bytes):
    assert isinstance(read_opening(request().replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n\r\n")), Misfit)


def test_a_line_break_cannot_be_smuggled_into_a_response():
    with pytest.raises(ValueError, match="line break"):
        switching(b"key", None, [(b"x", b"a\r\nset-cookie: b")])


def test_who_speaks_before_the_answer_is_cut_off(application: House):
    with Peer(application.port) as peer:
        peer.sends(request("/nowhere-fast"))
        peer.sends(masked(TEXT, b"too soon"))
        assert b"101" not in peer.rest().partition(b"\r\n")[0]


async def test_the_application_sees_an_ordinary_scope(application: House):
    import json

    async with websockets.connect(
        f"ws://127.0.0.1:{application.port}/tell/b%C3%A9n?at=4",
        subprotocols=[websockets.Subprotocol("other"), websockets.Subprotocol("tealight.1")],
        additional_headers={"Cookie": "seat=s4f"},
        proxy=None,
    ) as ben:
        told = json.loads(await ben.recv())
        assert told == {
            "path": "/tell/bén",
            "raw_path": "/tell/b%C3%A9n",
            "query": "at=4",
            "name": "bén",
            "cookie": "s4f",
            "offered": ["other", "tealight.1"],
            "client": "127.0.0.1",
            "port": application.port,
            "scheme": "ws",
        }
        assert ben.subprotocol == "tealight.1"
        assert ben.response is not None
        assert ben.response.headers["x-room"] == "seven"
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await ben.recv()
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4000, "that is all")


def test_a_close_before_accept_is_a_403(application: House):
    assert answer(application, request("/refuser"))[0] == 403
    assert answer(application, request("/no-such-route"))[0] == 403


def test_a_denial_has_its_status_headers_and_body(application: House):
    status, whole = answer(application, request("/denier"))
    assert status == 451
    assert b"x-why: origin" in whole
    assert whole.endswith(b"\r\n\r\nnot from there")


def test_an_endpoint_may_still_receive_and_send_in_the_classic_way(application: House):
    farewells.clear()
    with Peer(application.port) as ben:
        ben.asks(request("/echo"))
        words = [f"message {number}" for number in range(50)]
        ben.sends(b"".join(masked(TEXT, word.encode()) for word in words) + masked(PING, b"?"))
        heard: list[bytes] = []
        while len(heard) < 100:
            first, payload = ben.reads()
            assert first in {TEXT, BINARY}
            heard.append(payload)
        assert heard == [word.encode() for word in words for _ in range(2)]
        assert ben.reads() == (PONG, b"?")
        ben.sends(masked(TEXT, b"x" * (MAX_MESSAGE + 1)))
        assert ben.is_told_goodbye() == 1009
    application.until(lambda: farewells == [1009])


@pytest.mark.parametrize(("path", "status"), [("/stumbler", 500), ("/forgetful", 500), ("/splitter", 500)])
def test_an_endpoint_that_never_answers_is_a_500(application: House, path: str, status: int):
    assert answer(application, request(path))[0] == status


@pytest.mark.parametrize(("path", "code"), [("/faller", 1011), ("/brief", 1000)])
def test_an_endpoint_that_ends_without_listening_ends_the_connection(
    application: House, path: str, code: int
):
    with Peer(application.port) as ben:
        ben.asks(request(path))
        assert ben.is_told_goodbye() == code


def test_what_went_wrong_is_logged_without_a_word_of_it(application: House, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        answer(application, request("/stumbler?secret=query"))
    assert "failed: ValueError at " in caplog.text
    assert "> tests.server.websocket.test_handshake:" in caplog.text
    for secret in ("words of a person", "stumbler", "secret", "127.0.0.1"):
        assert secret not in caplog.text


async def test_a_library_of_others_can_talk_with_us(house: House):
    house.on_text = lambda line, payload: line.send(payload)
    async with websockets.connect(f"ws://127.0.0.1:{house.port}/room", proxy=None) as ben:
        for words in ("hello", "", "ünï" * 3000):
            await ben.send(words)
            assert await asyncio.wait_for(ben.recv(), 5) == words
        await asyncio.wait_for(await ben.ping(), 5)
    assert ben.close_code == 1000
