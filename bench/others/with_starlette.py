"""Plain Starlette, as a tutorial would write it: a room of sockets, one send after the other."""

# mypy: ignore-errors
# Its library lives in a venv of the benchmark, not in the project's.
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

ROOMS: dict[str, set[WebSocket]] = {}


async def talk(socket: WebSocket) -> None:
    await socket.accept()
    room = ROOMS.setdefault(socket.path_params["room"], set())
    room.add(socket)
    try:
        await socket.send_text('{"type":"joined"}')
        while True:
            said = await socket.receive_text()
            for member in list(room):
                try:
                    await member.send_text(said)
                except (WebSocketDisconnect, RuntimeError):
                    room.discard(member)
    except WebSocketDisconnect:
        pass
    finally:
        room.discard(socket)


uvicorn.run(
    Starlette(routes=[WebSocketRoute("/ws/{room}", talk)]),
    port=int(sys.argv[1]),
    log_level="error",
    ws_per_message_deflate=False,
    backlog=4096,
)
