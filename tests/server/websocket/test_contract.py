"""What we rely on in uvicorn, said in words: where one of these fails, uvicorn has moved, and this is what to look at."""

import asyncio
import inspect
from typing import Any

import pytest
import uvicorn
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import get_local_addr, get_remote_addr, is_ssl
from uvicorn.server import Server, ServerState

from server.asgi_line import AsgiLine
from server.http_deadline import RoomHttp
from server.line import Line
from server.websocket import RoomWebSocket
from tests.server.websocket.house import House, open_house
from tests.server.websocket.peer import Peer, request


async def app(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("it is never called")


def source(thing: Any) -> str:
    return inspect.getsource(thing)


def test_uvicorn_takes_our_classes_by_name_as_workers_need_it():
    config = Config(
        app, ws="server.websocket:RoomWebSocket", http="server.http_deadline:RoomHttp", log_config=None
    )
    config.load()
    assert config.ws_protocol_class is RoomWebSocket, (
        "Config no longer loads ws='module:Class' into ws_protocol_class"
    )
    assert config.http_protocol_class is RoomHttp, (
        "Config no longer loads http='module:Class' into http_protocol_class"
    )


def test_the_settings_that_a_protocol_reads_are_there():
    config = Config(app, root_path="/base", log_config=None)
    config.load()
    assert config.loaded_app is not None, (
        "Config.loaded_app is gone: it is the application with uvicorn's middleware"
    )
    assert config.asgi_version == "3.0", "Config.asgi_version has changed"
    assert config.root_path == "/base", "Config.root_path has changed"


def test_the_state_that_all_protocols_share_is_there():
    state = ServerState()
    assert state.connections == set(), (
        "ServerState.connections is no set: shutdown and its waiting go over it"
    )
    assert state.tasks == set(), "ServerState.tasks is no set: shutdown waits for them"
    assert state.default_headers == [], "ServerState.default_headers is no list of pairs"
    assert hash(state), "ServerState cannot be a key any more, and the sweep is found by it"


@pytest.mark.parametrize("protocol", [HttpToolsProtocol, H11Protocol])
def test_an_upgrade_constructs_opens_replays_and_then_hands_over(protocol: type[asyncio.Protocol]):
    """The order matters: we answer from data_received, before the transport knows us."""
    words = source(protocol.handle_websocket_upgrade)  # type: ignore[attr-defined]  # that is the question
    steps = [
        "connections.discard(self)",
        "config=self.config",
        "server_state=self.server_state",
        "app_state=self.app_state",
        "protocol.connection_made(self.transport)",
        "protocol.data_received(b",
        "self.transport.set_protocol(protocol)",
    ]
    places = [words.find(step) for step in steps]
    assert -1 not in places, f"{protocol.__name__} no longer does {steps[places.index(-1)]!r} in an upgrade"
    assert places == sorted(places), f"{protocol.__name__} does the steps of an upgrade in another order"


@pytest.mark.parametrize("http", ["httptools", "h11"])
def test_the_request_is_replayed_whole_in_one_call_with_one_header_per_line(http: str):
    replays: list[bytes] = []

    class Witness(RoomWebSocket):
        __slots__ = ()

        def data_received(self, data: bytes) -> None:
            replays.append(data)
            super().data_received(data)

    with open_house("asyncio", http, ws=Witness) as house, Peer(house.port) as ben:
        ben.asks(request("/room?a=%20b", x_extra="two  words"))
    first, *headers = replays[0].removesuffix(b"\r\n\r\n").split(b"\r\n")
    assert first == b"GET /room?a=%20b HTTP/1.1", "the replayed request line has another form"
    assert b"x-extra: two  words" in headers, (
        "replayed headers are no longer 'name: value' lines with lower-case names"
    )
    assert replays[0].endswith(b"\r\n\r\n"), "the replayed request does not end with an empty line"


def test_shutdown_is_called_on_every_connection_and_its_end_is_waited_for():
    words = source(Server.shutdown)
    assert "connection.shutdown()" in words, "uvicorn no longer calls shutdown() on its connections"
    assert "timeout_graceful_shutdown" in words, "uvicorn no longer bounds its shutdown"
    assert "server_state.connections" in source(Server._wait_tasks_to_complete), (
        "uvicorn waits for something else now"
    )


def test_addresses_come_from_where_they_did():
    for function in (get_local_addr, get_remote_addr, is_ssl):
        assert list(inspect.signature(function).parameters) == ["transport"], f"{function.__name__} has moved"


def test_the_deadline_finds_the_callbacks_it_overrides():
    for name in (
        "on_message_begin",
        "on_headers_complete",
        "on_message_complete",
        "handle_websocket_upgrade",
    ):
        assert callable(getattr(HttpToolsProtocol, name, None)), f"HttpToolsProtocol.{name} is gone"
    assert callable(H11Protocol.handle_websocket_upgrade)
    config = Config(app, log_config=None)
    config.load()
    loop = asyncio.new_event_loop()
    try:
        tools = HttpToolsProtocol(config, ServerState(), {}, loop)
        assert tools.cycle is None, "HttpToolsProtocol.cycle no longer begins as None"
        assert tools.parser is not None, "HttpToolsProtocol.parser is gone"
        assert H11Protocol(config, ServerState(), {}, loop).conn.trailing_data == (b"", False), (
            "H11Protocol.conn is gone"
        )
    finally:
        loop.close()


def test_the_transport_offers_what_the_fast_path_needs(house: House):
    with house.visitor() as ben:
        transport = ben.line.transport
        assert transport.get_extra_info("socket").fileno() >= 0, "transports no longer show their socket"
        assert transport.get_extra_info("sslcontext") is None, "a plain transport claims to be encrypted"
        assert transport.get_protocol() is ben.line, "the transport has not been handed over to us"
        assert transport.get_write_buffer_limits() == (0, 0), (
            "set_write_buffer_limits(high=0) means something else now"
        )


def test_pausing_comes_inside_the_write_that_is_too_much(house: House):
    """The circle relies on it: after a write that leaves something over, the line is out of the fast set."""
    with house.visitor(window=4096) as ben:
        ben.is_read_through_a_straw()

        def pour() -> bool:
            while not ben.line._is_write_paused:
                before = ben.line.transport.get_write_buffer_size()
                assert before == 0, "something was left over, and pause_writing() did not come at once"
                ben.line.transport.write(b"\x81\x7e\x03\xe8" + b"." * 1000)
            return ben.line.transport.get_write_buffer_size() > 0

        assert house.do(pour)


def test_both_kinds_of_line_are_lines():
    for kind in (RoomWebSocket, AsgiLine):
        for name in (name for name in vars(Line) if not name.startswith("_")):
            assert hasattr(kind, name), f"{kind.__name__} has no {name}"


def test_this_is_the_uvicorn_that_was_read():
    assert uvicorn.__version__.startswith("0.54."), (
        "another uvicorn: read protocols/http/*_impl.py, server.py and the tests above, then change this line"
    )
