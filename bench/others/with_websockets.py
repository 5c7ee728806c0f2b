"""The websockets library with its own broadcast()."""

# mypy: ignore-errors
# Its library lives in a venv of the benchmark, not in the project's.
import asyncio
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

ROOMS: dict[str, set[ServerConnection]] = {}


async def talk(socket: ServerConnection) -> None:
    room = ROOMS.setdefault(socket.request.path, set())
    room.add(socket)
    try:
        await socket.send('{"type":"joined"}')
        async for said in socket:
            broadcast(room, said)
    finally:
        room.discard(socket)


async def main() -> None:
    async with serve(
        talk, "127.0.0.1", int(sys.argv[1]), compression=None, backlog=4096, ping_interval=None
    ) as server:
        await server.serve_forever()


with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(main())
