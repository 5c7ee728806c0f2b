"""One run from its first process to its search: a town on a stage, watched, ended, and looked through."""

import contextlib
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.canary.evening import Plants, an_evening
from tests.canary.search import Outcome, Search
from tests.canary.stage import Stage, watching
from tests.canary.tokens import Registry
from tests.engines.servers import Client, Server, wait_until
from tests.faults.node import Start
from tests.faults.town import Town, a_town

MORE_LOOKS: Final = ("PUBSUB CHANNELS *", "FUNCTION DUMP")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a run is played in. ``hostile``: a Redis that remembers everything, with a copy, and both of them watched."""

    modules: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    shell: str = ""
    hostile: bool = False
    nodes: int = 2
    members: tuple[str, ...] = ("Ben", "Dee", "Eli", "Fay", "Gus")
    shared: bool = True


@dataclass(slots=True)
class Scene:
    outcome: Outcome
    stage: Stage
    town: Town
    plants: Plants
    looks: list[Callable[[Search], None]]
    """Where else to look, when all has ended."""

    @property
    def registry(self) -> Registry:
        return self.outcome.registry

    @property
    def logs(self) -> str:
        return "".join(node.log for node in self.town.nodes)

    @property
    def pids(self) -> list[int]:
        return _pids(self.town)


def _pids(town: Town) -> list[int]:
    return [node.pid for node in town.nodes if node.is_running]


HOSTILE: Final = (
    *("--slowlog-log-slower-than", "0", "--slowlog-max-len", "100000", "--loglevel", "debug"),
    *("--rdbcompression", "no"),
)


class Watcher:
    """Attached by MONITOR: everything that is asked of a server, as it is asked."""

    def __init__(self, server: Server) -> None:
        self.seen = bytearray()
        self._client = Client(server.port)
        self._client.do("MONITOR")
        self._client._socket.settimeout(None)
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while data := self._client._socket.recv(65536):
            self.seen += data

    def ends(self) -> None:
        self._client._socket.shutdown(2)
        self._thread.join()
        self._client.close()


def _swapped(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return re.search(r"^VmSwap:\s+0 kB$", status, re.MULTILINE) is None


class Servers:
    """The Redis of one run, and what stands around it to find out as much as can be found out."""

    def __init__(self, *, hostile: bool) -> None:
        self.main = Server(*(HOSTILE if hostile else ()))
        self.replica: Server | None = None
        self._watchers: list[Watcher] = []
        if hostile:
            try:
                self._surround()
            except BaseException:
                self.close()
                raise

    def _surround(self) -> None:
        self.replica = replica = Server(*HOSTILE, "--replicaof", f"127.0.0.1 {self.main.port}")
        for each in (self.main, replica):
            for name, value in (("appendonly", "yes"), ("appendfsync", "always"), ("save", "1 1")):
                each.do("CONFIG", "SET", name, value)
        wait_until(lambda: b"master_link_status:up" in replica.tell("INFO", "replication"))
        self._watchers = [Watcher(self.main), Watcher(replica)]

    def told(self) -> list[tuple[str, dict[str, bytes]]]:
        """By kind: what they tell whoever asks, their keys, their files, and what they printed."""
        if self.replica is not None:
            with contextlib.closing(Client(self.main.port)) as client:
                client.do("WAIT", 1, 10_000)
        found: list[tuple[str, dict[str, bytes]]] = []
        for name, server in (("Redis", self.main), ("replica", self.replica)):
            if server is None:
                continue
            if self.replica is not None:
                server.do("SAVE")
            more = {asked: repr(server.do(*asked.split())).encode() for asked in MORE_LOOKS}
            for place, content in (server.given_away() | more).items():
                found.append((f"{name}: {place.split()[0]}", {place: content}))
        seen = {f"watcher {number}": bytes(each.seen) for number, each in enumerate(self._watchers)}
        return [*found, ("Redis: MONITOR", seen)] if seen else found

    def close(self) -> None:
        for watcher in self._watchers:
            watcher.ends()
        if self.replica is not None:
            self.replica.close()
        self.main.close()


@contextlib.asynccontextmanager
async def a_scene(
    name: str,
    seed: int,
    setting: Setting,
    *,
    records: str | None = None,
    start: Callable[[Stage], Start] | None = None,
    front: Callable[[Stage, Town], AbstractContextManager[None]] | None = None,
) -> AsyncIterator[Scene]:
    """When its context is left, everything ends that still runs, and then everything is searched.

    front: what stands before the nodes, once they answer.
    """
    began = time.monotonic()
    outcome = Outcome(name, Registry(seed, name))
    looks: list[Callable[[Search], None]] = []
    with TemporaryDirectory(prefix="tealight-canary-") as folder:
        stage = Stage(Path(folder))
        servers = Servers(hostile=setting.hostile)
        try:
            how = (
                start(stage)
                if start is not None
                else stage.start(*setting.modules, environ=setting.environ, shell=setting.shell)
            )
            async with (
                a_town(
                    stage.town, nodes=setting.nodes, redis=Kept(servers.main), start=how, records=records
                ) as town,
                _before(stage, town, front),
                an_evening(town, outcome.registry, members=setting.members) as plants,
            ):
                with watching(lambda: _pids(town)) as opened:
                    yield Scene(outcome, stage, town, plants, looks)
                # While the nodes are there, and once more when they have gone: some of what it tells is about them.
                told = [*servers.told(), ("records", stage.records("while it runs"))]
                outcome.faults += [
                    f"{name}: memory of process {pid} was swapped" for pid in _pids(town) if _swapped(pid)
                ]
                for node in town.nodes:
                    if node.is_running:
                        await node.stops()
            search = Search(outcome)
            for kind, places in (*told, *servers.told()):
                search.through_all(kind, places)
            for look in looks:
                look(search)
        finally:
            servers.close()
        stage.look(search, shared=setting.shared)
        outcome.faults += [
            f"{name}: written, and not in the manifest: {path.replace(str(stage.folder), '…')}"
            for path in sorted({*stage.unlisted(), *(path for path in opened if not stage.allows(path))})
        ]
    outcome.seconds = time.monotonic() - began


@contextlib.asynccontextmanager
async def _before(
    stage: Stage, town: Town, front: Callable[[Stage, Town], AbstractContextManager[None]] | None
) -> AsyncIterator[None]:
    with contextlib.nullcontext() if front is None else front(stage, town):
        yield


class Kept:
    """A server that a town does not close: what it holds is looked at when everybody has gone."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.url, self.start, self.do = server.url, server.start, server.do
        self.freeze, self.thaw, self.kill = server.freeze, server.thaw, server.kill

    def close(self) -> None:
        """Not yet."""
