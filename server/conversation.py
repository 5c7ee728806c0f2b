"""What the ASGI application sees of a WebSocket: the handshake it decides on, and a classic receive and send.

It lives from the request until the endpoint returns. An endpoint that has begun to listen on the line returns at once,
and all of this, with its task, its scope and whatever the application hung on it, is freed.
"""

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from starlette.websockets import WebSocketDisconnect
from uvicorn.config import Config
from uvicorn.protocols.utils import get_local_addr, get_remote_addr, is_ssl
from uvicorn.server import ServerState

from server.frames import BINARY, frame, text_frame
from server.guard import without_a_page
from server.handshake import Header, Misfit, Opening, read_opening, response, switching
from server.whereabouts import whereabouts

if TYPE_CHECKING:
    from server.websocket import RoomWebSocket

Message = dict[str, Any]

log = logging.getLogger(__name__)


class Conversation:
    """One run of the application for one WebSocket."""

    __slots__ = (
        "_app_state",
        "_config",
        "_connection",
        "_denial",
        "_events",
        "_is_answered",
        "_opening",
        "_server",
        "_stir",
    )

    def __init__(
        self, connection: "RoomWebSocket", config: Config, server: ServerState, app_state: dict[str, Any]
    ) -> None:
        self._connection = connection
        self._config = config
        self._server = server
        self._app_state = app_state
        self._opening: Opening | None = None
        self._events: deque[Message] = deque([{"type": "websocket.connect"}])
        self._stir: asyncio.Future[None] | None = None
        self._is_answered = False
        self._denial: tuple[int, list[Header], bytearray] | None = None

    # What the connection tells.

    @property
    def has_begun(self) -> bool:
        return self._opening is not None or self._is_answered

    def begin(self, request: bytes) -> None:
        """Start the application, or refuse in its stead what is no WebSocket at all."""
        opening = read_opening(request)
        if isinstance(opening, Misfit):
            self._refuse(self._bare(opening.status, *opening.headers))
            return
        self._opening = opening
        task = self._connection.loop.create_task(self._run(self._scope(opening)))
        self._server.tasks.add(task)
        task.add_done_callback(self._server.tasks.discard)

    def heard(self, payload: bytes) -> None:
        self._put({"type": "websocket.receive", "text": payload.decode()})

    def ended(self, code: int) -> None:
        self._put({"type": "websocket.disconnect", "code": code, "reason": ""})

    def shut_out(self) -> None:
        """The server stops before the application has answered."""
        if not self._is_answered:
            self._refuse(self._bare(503))

    # What the application calls.

    async def receive(self) -> Message:
        while not self._events:
            self._stir = self._connection.loop.create_future()
            self._connection.ask_for_one()
            await self._stir
        return self._events.popleft()

    async def send(self, message: Message) -> None:
        kind = message["type"]
        if self._connection.is_over:
            raise ConnectionAbortedError
        if not self._is_answered:
            self._answer(kind, message)
        elif self._denial is not None and kind == "websocket.http.response.body":
            self._deny(self._denial, message)
        elif self._denial is None and kind == "websocket.send":
            text, data = message.get("text"), message.get("bytes")
            self._connection.write(
                text_frame(text.encode()) if text is not None else frame(BINARY, data or b"")
            )
        elif self._denial is None and kind == "websocket.close":
            self._connection.close(message.get("code") or 1000, message.get("reason") or "")
        else:
            raise RuntimeError(f"{kind} is out of turn")

    # Internal.

    async def _run(self, scope: Message) -> None:
        app: Any = self._config.loaded_app
        try:
            await app(scope, self.receive, self.send)
        except (ConnectionAbortedError, WebSocketDisconnect):
            pass  # the peer went away in the middle: ordinary
        except Exception as mishap:  # noqa: BLE001  the boundary: what an endpoint raises may hold what was said
            log.error("a WebSocket endpoint failed: %s", whereabouts(mishap))  # noqa: TRY400  no traceback, on purpose
            self._give_up(1011)
        else:
            self._give_up(1000)
        finally:
            self._connection.conversation_over()

    def _give_up(self, code: int) -> None:
        if not self._is_answered or self._denial is not None:
            self._refuse(self._bare(500))
        elif code == 1011 or not self._connection.is_heard:
            self._connection.close(code)

    def _answer(self, kind: str, message: Message) -> None:
        assert self._opening is not None
        headers = [*self._server.default_headers, *message.get("headers", ())]
        if kind == "websocket.accept":
            self._connection.accept(switching(self._opening.key, message.get("subprotocol"), headers))
            self._is_answered = True
        elif kind == "websocket.close":
            self._refuse(self._bare(403, *message.get("headers", ())))
        elif kind == "websocket.http.response.start":
            self._denial = (message["status"], headers, bytearray())
            self._is_answered = True
        else:
            raise RuntimeError(f"{kind} before the handshake was answered")

    def _deny(self, denial: tuple[int, list[Header], bytearray], message: Message) -> None:
        status, headers, body = denial
        body += message.get("body", b"")
        if not message.get("more_body", False):
            self._refuse(response(status, headers, bytes(body)))

    def _refuse(self, answer: bytes) -> None:
        self._is_answered = True
        self._connection.refuse(answer)

    def _bare(self, status: int, *headers: Header) -> bytes:
        """What no page of ours answers."""
        sealed = without_a_page(self._app_state)
        return response(status, [*self._server.default_headers, *sealed, *headers])

    def _put(self, event: Message) -> None:
        self._events.append(event)
        if self._stir is not None and not self._stir.done():
            self._stir.set_result(None)

    def _scope(self, opening: Opening) -> Message:
        transport, root = self._connection.transport, self._config.root_path
        path, _, query = opening.target.partition(b"?")
        return {
            "type": "websocket",
            "asgi": {"version": self._config.asgi_version, "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "wss" if is_ssl(transport) else "ws",
            "server": get_local_addr(transport),
            "client": get_remote_addr(transport),
            "root_path": root,
            "path": root + unquote(path.decode("ascii")),
            "raw_path": root.encode("ascii") + path,
            "query_string": query,
            "headers": opening.headers,
            "subprotocols": opening.subprotocols,
            "state": self._app_state.copy(),
            "extensions": {"websocket.http.response": {}, "tealight": self._connection},
        }
