"""Real processes over a real Redis: ready only while they hear, replaced worker by worker, and refusing what cannot work."""

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed, InvalidMessage

from rooms.records.database import open_database
from server.demo import prepare
from tests.engines.servers import Cluster, Server, closing, free_port
from tests.server.test_command_line import KEY, SECRET, Demo, command, in_this_process
from tests.server.test_two_nodes import children_of, has_ended
from tests.server.visitor import Visitor

pytestmark = pytest.mark.processes

NOTICED = 10.0
HEALED = 10.0
STARTS = 50.0


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    yield cluster
    cluster.close()


class Served:
    """`python -m server run`, a room that is on, and what is printed as errors."""

    def __init__(self, process: asyncio.subprocess.Process, demo: Demo) -> None:
        self.process = process
        self.demo = demo

    async def says(self, path: str) -> int:
        """The status of an answer, given within a second."""
        async with httpx2.AsyncClient(
            base_url=self.demo.url, trust_env=False, verify=False, timeout=1
        ) as http:
            try:
                return (await http.get(path)).status_code
            except httpx2.RemoteProtocolError:
                # Taken by one that goes, and shut before it was read: every browser asks once more then.
                return (await http.get(path)).status_code

    async def comes_to_say(self, path: str, status: int, *, within: float) -> float:
        """How long it took."""
        begun = time.monotonic()
        while time.monotonic() < begun + within:
            with suppress(httpx2.TransportError):
                if await self.says(path) == status:
                    return time.monotonic() - begun
            await asyncio.sleep(0.05)
        raise AssertionError(f"{path} is not {status} within {within} seconds")

    def workers(self) -> set[int]:
        """The processes that it has started and that serve."""
        return {
            child
            for child in children_of(self.process.pid)
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
        }


@asynccontextmanager
async def served(folder: Path, redis: Server, *words: str, **more: str) -> AsyncIterator[Served]:
    port = free_port()
    database_url = f"sqlite:///{folder}/records.db"
    database = open_database(database_url)
    await database.migrate()
    links = await prepare(database, datetime.now(UTC))
    await database.close()
    environ = {
        "SECRET_KEY": KEY,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis.url,
        "PORT": str(port),
        "PUBLIC_URL": f"http://localhost:{port}",
        **more,
    }
    process = await command(folder, "run", *words, **environ)
    printed = {"Join": links.join, "Facilitate": links.facilitate, "Organise": links.organise}
    running = Served(process, Demo(process, port, printed))
    try:
        await running.comes_to_say("/ready", 200, within=STARTS)
        yield running
        for browser in running.demo.browsers:
            await browser.closes()
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.communicate()


@pytest.mark.timeout(150)
async def test_a_node_that_hears_nothing_is_not_ready_until_it_hears_again(tmp_path: Path, redis: Server):
    async with served(tmp_path, redis) as node:
        for _ in range(2):
            redis.freeze()
            try:
                noticed = await node.comes_to_say("/ready", 503, within=NOTICED)
                assert noticed > 0
                assert await node.says("/health") == 200
            finally:
                redis.thaw()
            await node.comes_to_say("/ready", 200, within=HEALED)


async def stays(visitor: Visitor, until: asyncio.Event) -> None:
    """As pages do: hears what comes, and when it is cut off comes back, again and again, missing nothing."""
    while not until.is_set():
        try:
            await visitor._listens()
        except TimeoutError:
            continue
        except ConnectionClosed:
            assert visitor.closed in {1012, 1013, 1006}
            with suppress(ConnectionClosed, InvalidMessage, OSError):
                await visitor.comes_back()
                assert visitor.resumed, f"{visitor.name} may have missed messages"


@pytest.mark.timeout(200)
async def test_workers_are_replaced_one_by_one_while_people_talk(tmp_path: Path, redis: Server):
    numbers = free_port()
    async with served(tmp_path, redis, "--workers", "2", METRICS_PORT=str(numbers)) as node:
        await becomes(lambda: len(node.workers()) == 2)
        before = node.workers()
        await watched(numbers, workers=2)
        ana, ben = await node.demo.facilitates(), await node.demo.visits("Ben")
        for visitor in (ana, ben):
            await visitor.sees_that("you", place="inside")
        await ana.says("before")
        await ana.hears("before", frm="Ana")
        await ben.hears("before", frm="Ana")

        node.process.send_signal(signal.SIGHUP)
        rolled = asyncio.Event()
        staying = [asyncio.create_task(stays(visitor, rolled)) for visitor in (ana, ben)]
        async with asyncio.timeout(100):
            while len(node.workers()) != 2 or node.workers() & before:
                assert await node.says("/health") == 200, "there is always somebody who answers"
                await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        rolled.set()
        await asyncio.gather(*staying)
        for visitor in (ana, ben):
            told = {frame["type"] for frame in visitor.frames}
            assert not {"left", "lost_touch", "returned"} & told
            assert {1012} <= {*visitor.goodbyes}
        await ben.says("after")
        await ana.hears("after", frm="Ben")
        read = await watched(numbers, workers=2)  # each of the new ones has a port for its numbers
        connections = [line for each in read for line in each.splitlines() if "connections{" in line]
        assert sum(float(line.split()[-1]) for line in connections) == 2, "each counts its own"

        os.kill(min(node.workers()), signal.SIGKILL)
        await becomes(lambda: len(node.workers()) == 2)
        await node.comes_to_say("/ready", 200, within=STARTS)


async def watched(first: int, *, workers: int) -> list[str]:
    """What each worker says in numbers, as soon as so many are ready: there is a process before it serves anybody."""
    async with asyncio.timeout(STARTS), httpx2.AsyncClient(trust_env=False, timeout=2) as http:
        while True:
            told = []
            for port in range(first, first + 3):
                with suppress(httpx2.TransportError):
                    told.append((await http.get(f"http://127.0.0.1:{port}/metrics")).text)
            ready = [each for each in told if "tealight_ready 1.0" in each]
            if len(ready) == workers:
                return ready
            await asyncio.sleep(0.1)


@pytest.mark.timeout(150)
async def test_workers_end_with_the_process_that_started_them(tmp_path: Path, redis: Server):
    async with served(tmp_path, redis, "--workers", "2") as node:
        await becomes(lambda: len(node.workers()) == 2)
        workers = node.workers()
        ben = await node.demo.visits("Ben")
        node.process.kill()
        await ben.is_closed(1012)
        await becomes(lambda: all(map(has_ended, workers)), within=10)
        socket.create_server(("127.0.0.1", int(node.demo.url.rpartition(":")[2]))).close()


async def becomes(is_so: Callable[[], bool], within: float = STARTS) -> None:
    async with asyncio.timeout(within):
        while not is_so():  # noqa: ASYNC110  processes come and go without an event for tests
            await asyncio.sleep(0.05)


class TestRefusing:
    """Named in one line at the start, before anybody could come, with exit status 2."""

    def refused(self, folder: Path, redis_url: str) -> str:
        kept = {"SECRET_KEY": KEY, "DATABASE_URL": f"sqlite:///{folder}/records.db"}
        refused = in_this_process("run", **kept, REDIS_URL=redis_url)
        assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (2, "", 1), refused.stderr
        said = refused.stderr.removeprefix("Tealight cannot start. ").strip()
        assert "REDIS_URL" in said
        return said

    @pytest.mark.parametrize(
        ("url", "words"),
        [
            ("http://localhost", "must begin with redis://"),
            ("redis://localhost:port", "a port that is not a number"),
            ("redis://localhost/zero", "a database that is not a number"),
            ("redis://localhost?what=1", "options that mean nothing here"),
            ("unix://redis.sock", "the absolute path of a socket"),
            ("unix:///nowhere/redis.sock", "cannot be reached"),
            ("redis+cluster://localhost/3", "a cluster has only one"),
        ],
    )
    def test_an_address_that_is_none(self, tmp_path: Path, url: str, words: str):
        assert words in self.refused(tmp_path, url)

    def test_nobody_there(self, tmp_path: Path):
        assert "cannot be reached" in self.refused(tmp_path, f"redis://127.0.0.1:{free_port()}")

    def test_a_password_that_is_wanted_or_refused(self, tmp_path: Path):
        with closing(Server("--requirepass", "correct")) as server:
            wanted = self.refused(tmp_path, server.url)
            refused = self.refused(tmp_path, f"redis://:{SECRET}@127.0.0.1:{server.port}")
        assert "wants a password" in wanted
        assert "refuses the user or the password" in refused
        assert SECRET not in refused

    def test_one_for_many_and_many_for_one(self, tmp_path: Path, redis: Server, cluster: Cluster):
        one = self.refused(tmp_path, redis.url.replace("redis://", "redis+cluster://"))
        assert "is a single server" in one
        assert "is part of a cluster" in self.refused(tmp_path, cluster.servers[0].url)

    def test_a_server_of_another_time(self, tmp_path: Path):
        with an_old_one() as port:
            assert "Redis or Valkey 7 or newer" in self.refused(tmp_path, f"redis://127.0.0.1:{port}")

    def test_workers_that_have_no_port(self, tmp_path: Path, redis: Server):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            kept = {"SECRET_KEY": KEY, "DATABASE_URL": f"sqlite:///{tmp_path}/records.db"}
            refused = in_this_process("run", "--workers", "2", **kept, REDIS_URL=redis.url, PORT=port)
        assert refused.exit_code == 2
        assert refused.stderr.splitlines()[-1].startswith(f"Tealight cannot start. PORT: {port} is taken")

    @pytest.mark.parametrize("workers", ["0", "two", "65"])
    def test_a_number_of_workers_that_is_none(self, workers: str):
        refused = in_this_process("run", "--workers", workers, SECRET_KEY=KEY)
        assert refused.exit_code == 2
        assert refused.stderr.startswith("Tealight cannot start. WEB_CONCURRENCY: a whole number")

    def test_a_clock_that_differs_is_a_warning_in_words(
        self, tmp_path: Path, redis: Server, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("rooms.engines.redis._CLOCKS_MAY_DIFFER", -1.0)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            kept = {"SECRET_KEY": KEY, "DATABASE_URL": f"sqlite:///{tmp_path}/records.db"}
            said = in_this_process("run", **kept, REDIS_URL=redis.url, PORT=port).stderr
        assert "this clock and that of Redis are 0 seconds apart: set both by NTP" in said
        assert said.splitlines()[-1].startswith(f"Tealight cannot start. PORT: {port} is taken")


@contextmanager
def an_old_one() -> Iterator[int]:
    """What Redis 6 says of itself when it is greeted."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greets() -> None:
            with suppress(OSError):
                while True:
                    peer, _ = listening.accept()
                    with peer:
                        peer.recv(4096)
                        peer.sendall(
                            b"%2\r\n$7\r\nversion\r\n$5\r\n6.2.1\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n"
                        )
                        peer.recv(4096)

        thread = threading.Thread(target=greets, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)
