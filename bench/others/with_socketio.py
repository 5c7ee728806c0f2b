"""python-socketio on uvicorn."""

# mypy: ignore-errors
# Its library lives in a venv of the benchmark, not in the project's.
import sys

import socketio
import uvicorn

server = socketio.AsyncServer(
    async_mode="asgi", http_compression=False, transports=["websocket"], logger=False
)
ROOMS: dict[str, str] = {}


@server.on("join")
async def join(sid: str, room: str) -> None:
    ROOMS[sid] = room
    await server.enter_room(sid, room)
    await server.emit("joined", to=sid)


@server.on("m")
async def talk(sid: str, said: dict[str, str]) -> None:
    await server.emit("m", said, room=ROOMS[sid])


@server.on("disconnect")
async def leave(sid: str, *_: object) -> None:
    ROOMS.pop(sid, None)


uvicorn.run(
    socketio.ASGIApp(server),
    port=int(sys.argv[1]),
    log_level="error",
    ws_per_message_deflate=False,
    backlog=4096,
)
