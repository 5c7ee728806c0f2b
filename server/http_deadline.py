"""uvicorn's HTTP protocols with a deadline: who sends half a request does not keep a connection for it.

And with an end: an answer that goes on for as long as a session does (``server.stream_line``) is told when the server
stops, and can cut a connection whose reader takes nothing. uvicorn would wait for that reader for ever.

uvicorn's own keep-alive timeout begins after the first response, so a peer that never finishes its headers would stay.
Use ``http="server.http_deadline:RoomHttp"``: httptools where it is installed, else h11.
"""

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from server.guard import without_a_page
from server.handshake import response
from server.stream_line import EXTENSION
from server.sweep import Patience, sweep_of

LARGEST_HEAD = 64 * 1024


def _answer_what_is_no_http(
    transport: asyncio.Transport, server: ServerState, app_state: dict[str, Any]
) -> None:
    """In uvicorn's stead, whose own answer can be told from anybody else's and has no headers that protect."""
    headers = [*server.default_headers, *without_a_page(app_state)]
    transport.write(response(400, headers))
    transport.close()


class H11WithDeadline(H11Protocol):
    """The pure-Python parser."""

    patience: ClassVar[Patience] = Patience()

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._sweep = sweep_of(server_state, self.patience)
        self._awaited: type[h11.IDLE | h11.SEND_BODY] | None = None
        self._is_upgraded = False
        self.on_shutdown: Callable[[], None] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._await(h11.IDLE, self.patience.request)

    def connection_lost(self, exc: Exception | None) -> None:
        self._await(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._awaited is None:
            self._await(h11.IDLE, self.patience.request)
        super().data_received(data)
        state = self.conn.their_state
        if self._is_upgraded:
            self._await(None)
        elif state is h11.SEND_BODY:
            self._await(h11.SEND_BODY, self.patience.body)
        elif state is not h11.IDLE or not self.conn.trailing_data[0]:
            self._await(None)

    def handle_events(self) -> None:
        super().handle_events()
        if self.scope is not None:  # the application is given it, but has not begun
            self.scope["extensions"] = {EXTENSION: self}  # type: ignore[dict-item]  # ours

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._is_upgraded = True
        super().handle_websocket_upgrade(event)

    def send_400_response(self, msg: str) -> None:
        _answer_what_is_no_http(self.transport, self.server_state, self.app_state)

    def shutdown(self) -> None:
        if self.on_shutdown is not None:
            self.on_shutdown()
        super().shutdown()

    def cut(self) -> None:
        self.transport.abort()

    def expired(self) -> None:
        self.transport.abort()

    def _await(self, state: Any, seconds: float = 0.0) -> None:
        if state is None:
            self._sweep.forget(self)
        elif state is not self._awaited:
            self._sweep.expect(self, seconds)
        self._awaited = state


try:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
except ImportError:
    RoomHttp: type[asyncio.Protocol] = H11WithDeadline
else:

    class HttpToolsWithDeadline(HttpToolsProtocol):
        """The C parser."""

        patience: ClassVar[Patience] = Patience()

        def __init__(
            self,
            config: Config,
            server_state: ServerState,
            app_state: dict[str, Any],
            _loop: asyncio.AbstractEventLoop | None = None,
        ) -> None:
            super().__init__(config, server_state, app_state, _loop)
            self._sweep = sweep_of(server_state, self.patience)
            self._head: int | None = 0  # bytes of a request whose headers are not complete
            self.on_shutdown: Callable[[], None] | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
            super().connection_made(transport)
            self._sweep.expect(self, self.patience.request)

        def data_received(self, data: bytes) -> None:
            if self._head is not None:
                self._head += len(data)
            super().data_received(data)
            # The parser itself gathers headers without a bound; h11 stops by itself.
            if self._head is not None and self._head > LARGEST_HEAD:
                self.transport.abort()

        def connection_lost(self, exc: Exception | None) -> None:
            self._sweep.forget(self)
            super().connection_lost(exc)

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self.scope["extensions"] = {EXTENSION: self}  # type: ignore[dict-item]  # ours
            if self._head is None:
                self._head = 0
            if self.cycle is not None:  # the first request has been awaited since the connection was made
                self._sweep.expect(self, self.patience.request)

        def on_headers_complete(self) -> None:
            self._head = None
            if sum(len(name) + len(value) for name, value in self.headers) > LARGEST_HEAD:
                self.transport.abort()
                return
            self._sweep.expect(self, self.patience.body)
            super().on_headers_complete()

        def on_message_complete(self) -> None:
            self._sweep.forget(self)
            super().on_message_complete()

        def handle_websocket_upgrade(self) -> None:
            self._sweep.forget(self)
            if self.cycle is not None and not self.cycle.response_complete:
                # Pipelined behind a request whose response would be written into the WebSocket.
                self.transport.abort()
                return
            super().handle_websocket_upgrade()
            # The parser, the scope and this protocol hold each other: 3 KB that would wait for the garbage collector.
            self.parser = None  # type: ignore[assignment]  # as uvicorn does when the connection is lost
            self.scope.pop("extensions", None)

        def send_400_response(self, msg: str) -> None:
            _answer_what_is_no_http(self.transport, self.server_state, self.app_state)

        def shutdown(self) -> None:
            if self.on_shutdown is not None:
                self.on_shutdown()
            super().shutdown()

        def cut(self) -> None:
            self.transport.abort()

        def expired(self) -> None:
            self.transport.abort()

    RoomHttp = HttpToolsWithDeadline
