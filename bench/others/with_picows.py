"""picows, a WebSocket server in Cython."""

# mypy: ignore-errors
# Its library lives in a venv of the benchmark, not in the project's.
import asyncio
import sys

import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_create_server

ROOMS: dict[str, set[WSTransport]] = {}


class Member(WSListener):
    def __init__(self, room: str) -> None:
        self.room = ROOMS.setdefault(room, set())

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.room.add(transport)
        transport.send(WSMsgType.TEXT, b'{"type":"joined"}')

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT:
            said = frame.get_payload_as_bytes()
            for member in self.room:
                member.send(WSMsgType.TEXT, said)
        elif frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()
        elif frame.msg_type == WSMsgType.PING:
            transport.send_pong(frame.get_payload_as_bytes())

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.room.discard(transport)


async def main() -> None:
    server = await ws_create_server(
        lambda request: Member(request.path.decode()), "127.0.0.1", int(sys.argv[1]), backlog=4096
    )
    await server.serve_forever()


with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(main())
