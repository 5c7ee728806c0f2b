"""The WebSocket protocol that uvicorn runs for us, and the line that a connection is from then on.

uvicorn constructs a ``RoomWebSocket`` per upgrade and replays the request to it. The application decides the handshake
through plain ASGI (``server.conversation``). After ``line_of(websocket).listen(...)`` the endpoint returns, and this one
slotted object is all that remains: no task, no coroutine, no queue, no scope. That is 2 KB a connection instead of 25,
and frames that are made once for everybody.
"""

import asyncio
import logging
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from starlette.websockets import WebSocket
from uvicorn.config import Config
from uvicorn.server import ServerState

from server.asgi_line import AsgiLine
from server.connection import ASKED, CLOSING, OPEN, OPENING, UNHEARD, UNREAD_LIMIT, Connection
from server.conversation import Conversation
from server.frames import ABNORMAL, FAILED, RESTART, close_frame, text_frame
from server.line import Batch, Lane, Line, OnGone, OnText
from server.sweep import Patience, sweep_of
from server.tally import SOCKET
from server.whereabouts import whereabouts

if TYPE_CHECKING:
    from server.circle import Circle

EXTENSION: Final = "tealight"

log = logging.getLogger(__name__)


def line_of(websocket: WebSocket) -> Line:
    """The line of an accepted WebSocket: the connection itself under our protocol, a fallback everywhere else."""
    ours = websocket.scope.get("extensions", {}).get(EXTENSION)
    return ours if isinstance(ours, RoomWebSocket) else AsgiLine(websocket)


class RoomWebSocket(Connection):
    """One connection, from the upgrade to its end. Subclass it with another ``patience`` to test."""

    __slots__ = ("_conversation", "_neighbours", "_on_gone", "_on_text", "_socket", "circle")

    patience: ClassVar[Patience] = Patience()
    way: ClassVar[str] = SOCKET
    circle: "Circle | None"

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(sweep_of(server_state, self.patience))
        self._conversation: Conversation | None = Conversation(self, config, server_state, app_state)
        self._neighbours = cast("set[Any]", server_state.connections)
        self._socket: socket.socket | None = None
        self._on_text: OnText | None = None
        self._on_gone: OnGone | None = None
        self.circle = None

    # A line to the rest of the server.

    def listen(self, on_text: OnText, on_gone: OnGone) -> None:
        self._on_text, self._on_gone = on_text, on_gone
        if self._phase is OPEN:
            self.release(UNHEARD)
        else:
            self._tell_gone(ABNORMAL)

    async def run(self) -> None:
        """Nothing to wait for: the transport calls us from here on."""

    def send(self, payload: bytes) -> None:
        if self._phase is OPEN and (self.circle is None or not self.circle.note(self, payload)):
            self.write(text_frame(payload))

    def close(self, code: int, reason: str = "") -> None:
        if self.circle is not None:
            self.circle.remove(self)  # it may be told there why it has to leave, and that must come first
        if self._phase is OPEN:
            self.part(code, close_frame(code, reason))

    def pause_reading(self) -> None:
        if self._phase is OPEN:
            self.hold(ASKED)

    def resume_reading(self) -> None:
        self.release(ASKED)

    @property
    def lane(self) -> Lane | None:
        if self._socket is None or self._is_write_paused or self._phase is not OPEN:
            return None
        return self._socket.send

    def deliver(self, batch: Batch, sent: int = 0) -> None:
        self.write(memoryview(batch.frames)[sent:] if sent else batch.frames)

    # A partner of the conversation that opens it.

    @property
    def is_heard(self) -> bool:
        return self._on_text is not None

    def accept(self, response: bytes) -> None:
        """Become a WebSocket."""
        transport = self.transport
        self._phase = OPEN
        self._sweep.forget(self)
        self._sweep.join(self)
        self.hold(UNHEARD)
        if transport.get_extra_info("sslcontext") is None:
            # From here on every write is tried at once, and whatever is left over pauses writing at once. Otherwise the
            # transport could hold back small writes to the end of the tick, and the lane would overtake them.
            transport.set_write_buffer_limits(high=0)
            # A view: the descriptor belongs to the transport, which closes it after connection_lost().
            descriptor = transport.get_extra_info("socket").fileno()
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 0, fileno=descriptor)
            self._socket.setblocking(False)
            # A worker's sockets come without it: an answer would wait for the one before it to be confirmed.
            with suppress(OSError):
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        else:
            # Encrypted lines have no lane. (asyncio's TLS would pause and resume for ever with a mark of 0.)
            transport.set_write_buffer_limits(high=UNREAD_LIMIT // 4)
        transport.write(response)

    def refuse(self, response: bytes) -> None:
        """Answer with something else than a WebSocket."""
        if self._phase is OPENING:
            self.end(ABNORMAL, CLOSING)
            self.transport.write(response)
            self.transport.close()

    def ask_for_one(self) -> None:
        self.release(UNHEARD)

    def conversation_over(self) -> None:
        self._conversation = None

    # A protocol to its transport and to uvicorn.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._neighbours.add(self)
        self._sweep.expect(self, self.patience.accept)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._neighbours.discard(self)
        if self._socket is not None:
            # A send after this could reach whoever is given the same descriptor next.
            self._socket.detach()
            self._socket = None

    def pause_writing(self) -> None:
        super().pause_writing()
        if self.circle is not None:
            self.circle.pause(self)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.circle is not None and not self._is_write_paused:
            self.circle.resume(self)

    def shutdown(self) -> None:
        """The server stops."""
        if self._phase is OPENING and self._conversation is not None:
            self._conversation.shut_out()
        self.close(RESTART)
        self.loop.call_later(self.patience.restart, self.abort)

    # What a connection leaves to us.

    def opening(self, data: bytes) -> None:
        # The replayed request comes first and whole. A peer that speaks before it was answered breaks the handshake.
        if self._conversation is None or self._conversation.has_begun:
            self.abort()
        else:
            self._conversation.begin(data)

    def received(self, payload: bytes) -> None:
        self._is_dawdling = False
        if self._phase is not OPEN:
            return
        if self._on_text is not None:
            try:
                self._on_text(payload)
            except Exception as mishap:  # noqa: BLE001  the boundary: its words may hold what was said
                log.error("on_text failed: %s", whereabouts(mishap))  # noqa: TRY400  no traceback, on purpose
                self.close(FAILED)
        elif self._conversation is not None:
            self.hold(UNHEARD)
            self._conversation.heard(payload)

    def broke(self, code: int) -> None:
        if self.circle is not None:
            self.circle.remove(self)
        super().broke(code)

    def ended(self, code: int) -> None:
        if self.circle is not None:
            self.circle.forget(self)
        self._tell_gone(code)
        if self._conversation is not None:
            self._conversation.ended(code)

    def _tell_gone(self, code: int) -> None:
        on_gone, self._on_text, self._on_gone = self._on_gone, None, None
        if on_gone is not None:
            self.loop.call_soon(_tell, on_gone, code)


def _tell(on_gone: OnGone, code: int) -> None:
    try:
        on_gone(code)
    except Exception as mishap:  # noqa: BLE001  as in received()
        log.error("on_gone failed: %s", whereabouts(mishap))  # noqa: TRY400  no traceback, on purpose
