"""One run from its first process to its search: a town on a stage, watched, ended, and looked through."""

import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.canary.evening import Plants, an_evening
from tests.canary.search import Outcome, Search
from tests.canary.stage import Stage, watching
from tests.canary.tokens import Registry
from tests.engines.servers import Client, Server, wait_until
from tests.faults.node import Start
from tests.faults.test_hostile import HOSTILE, Watcher
from tests.faults.town import Town, a_town


@dataclass(frozen=True, slots=True)
class Setting:
    """What a run is played in. ``hostile``: a Redis that remembers everything, with a copy, and both of them watched."""

    modules: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    shell: str = ""
    hostile: bool = False
    nodes: int = 2


@dataclass(slots=True)
class Scene:
    outcome: Outcome
    stage: Stage
    town: Town
    plants: Plants

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

    def look(self, search: Search) -> None:
        """At what they tell whoever asks, at their keys, their files, and what they printed."""
        if self.replica is not None:
            with contextlib.closing(Client(self.main.port)) as client:
                client.do("WAIT", 1, 10_000)
        for kind, server in (("Redis", self.main), ("replica of Redis", self.replica)):
            if server is not None:
                if self.replica is not None:
                    server.do("SAVE")
                search.through_all(kind, server.given_away())
                for channels in ("PUBSUB CHANNELS *", "FUNCTION DUMP"):
                    search.through(kind, channels, repr(server.do(*channels.split())).encode())
        for number, watcher in enumerate(self._watchers):
            search.through("MONITOR of Redis", str(number), bytes(watcher.seen))

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
    members: tuple[str, ...] = ("Ben", "Dee", "Eli", "Fay", "Gus"),
    records: str | None = None,
    start: Start | None = None,
) -> AsyncIterator[Scene]:
    """When its context is left, everything ends that still runs, and then everything is searched."""
    began = time.monotonic()
    outcome = Outcome(name, Registry(seed, name))
    with TemporaryDirectory(prefix="tealight-canary-") as folder:
        stage = Stage(Path(folder))
        servers = Servers(hostile=setting.hostile)
        search: Search | None = None
        opened: set[str] = set()
        try:
            how = start or stage.start(*setting.modules, environ=setting.environ, shell=setting.shell)
            async with a_town(
                stage.town, nodes=setting.nodes, redis=Kept(servers.main), start=how, records=records
            ) as town:
                async with an_evening(town, outcome.registry, members=members) as plants:
                    with watching(lambda: _pids(town)) as opened:
                        yield Scene(outcome, stage, town, plants)
                    for node in town.nodes:
                        if node.is_running:
                            await node.stops()
            search = Search(outcome)
            servers.look(search)
        finally:
            servers.close()
        stage.look(search)
        outcome.faults += [
            f"{name}: written, and not in the manifest: {_short(path, stage)}"
            for path in sorted({*stage.unlisted(), *(path for path in opened if not stage.allows(path))})
        ]
    outcome.seconds = time.monotonic() - began


class Kept:
    """A server that a town does not close: what it holds is looked at when everybody has gone."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.url, self.start, self.do = server.url, server.start, server.do
        self.freeze, self.thaw, self.kill = server.freeze, server.thaw, server.kill

    def close(self) -> None:
        """Not yet."""


def _short(path: str, stage: Stage) -> str:
    return path.replace(str(stage.folder), "…")
