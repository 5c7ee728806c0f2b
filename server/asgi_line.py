"""A line over plain ASGI, for servers other than ours and for Starlette's TestClient: slower, with the same manners."""

from typing import Any, Final

from starlette.websockets import WebSocket

from server.frames import MAX_MESSAGE, NO_CODE, NOT_TEXT, NOT_UTF8, TOO_BIG
from server.queued_line import QueuedLine

GOING_AWAY: Final = 1001


class AsgiLine(QueuedLine):
    """A WebSocket of another server's."""

    def __init__(self, websocket: WebSocket) -> None:
        super().__init__()
        self._websocket = websocket

    def abort(self) -> None:
        # ASGI cannot cut a connection: the shortest goodbye there is.
        if self._code == 0:
            self._outbox.clear()
            self._end(GOING_AWAY)

    async def _read(self) -> None:
        while self._code == 0:
            await self._may_read.wait()
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                self._goodbye = None
                self._peer_ended(message.get("code") or NO_CODE)
            elif self._code == 0:
                self._judge(message)

    async def _say(self, payloads: list[bytes]) -> None:
        for payload in payloads:
            await self._websocket.send_text(payload.decode())

    async def _say_goodbye(self, code: int, reason: str) -> None:
        await self._websocket.close(code, reason)

    def _judge(self, message: Any) -> None:
        text = message.get("text")
        if text is None:
            self.close(NOT_TEXT)
            return
        try:
            payload = text.encode()
        except UnicodeEncodeError:
            self.close(NOT_UTF8)
            return
        if len(payload) > MAX_MESSAGE:
            self.close(TOO_BIG)
        else:
            self._hear(payload)
