"""aiohttp on uvloop."""

# mypy: ignore-errors
# Its library lives in a venv of the benchmark, not in the project's.
import sys

import uvloop
from aiohttp import WSMsgType, web

ROOMS: dict[str, set[web.WebSocketResponse]] = {}


async def talk(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    room = ROOMS.setdefault(request.match_info["room"], set())
    room.add(socket)
    try:
        await socket.send_str('{"type":"joined"}')
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                for member in list(room):
                    try:
                        await member.send_str(message.data)
                    except ConnectionError:
                        room.discard(member)
    finally:
        room.discard(socket)
    return socket


app = web.Application()
app.router.add_get("/ws/{room}", talk)
web.run_app(
    app,
    host="127.0.0.1",
    port=int(sys.argv[1]),
    backlog=4096,
    access_log=None,
    print=None,
    loop=uvloop.new_event_loop(),
)
