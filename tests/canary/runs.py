"""The runs: what happens to a session before everything is searched. Each is a whole evening on a stage of its own."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import make_url

from tests.canary import browsers, front, witness
from tests.canary.scene import Scene, Setting, a_scene
from tests.canary.search import Outcome, Search
from tests.canary.shortage import memory_runs_out, records_cannot_be_written
from tests.canary.switches import ON, is_asked_to_tell_more
from tests.canary.wrapped import LAST_STAGE, STAGES, WENT_WRONG
from tests.faults.node import STOPPED, until
from tests.records.postgres import postgres_is_installed, throwaway_postgres

REMEMBERS: Final = (
    *("Redis: key", "Redis: file", "Redis: SLOWLOG", "Redis: MONITOR"),
    *("replica: key", "replica: file", "replica: SLOWLOG"),
)
POSTGRES_LOG: Final = "log of Postgres"
CORE: Final = "core of another process"


def _always() -> None:
    """It can be played everywhere."""


@dataclass(frozen=True, slots=True)
class Run:
    name: str
    what: str
    plays: Callable[[Scene], Awaitable[None]]
    setting: Setting = field(default_factory=Setting)

    why_not: Callable[[], str | None] = _always
    """Why it cannot be played here, in words."""

    records: Callable[[], AbstractContextManager[str | None]] = nullcontext
    """The URL of another database than a SQLite of the run's own."""

    async def of(self, seed: int, **otherwise: Any) -> Outcome:
        """``otherwise``: of its setting."""
        with self.records() as records:
            async with a_scene(self.name, seed, replace(self.setting, **otherwise), records=records) as scene:
                await self.plays(scene)
        return scene.outcome


async def ends_well(scene: Scene) -> None:
    await scene.plants.everything_is_said()
    await scene.plants.hostile_things_are_sent()
    await scene.plants.ends()


async def is_remembered(scene: Scene) -> None:
    await ends_well(scene)
    # Would it have been found? One more, put there on purpose.
    scene.town.redis.do(
        "SET", "on purpose", scene.registry.plant("kept by Redis on purpose", required=REMEMBERS)
    )


async def fails_everywhere(scene: Scene) -> None:
    """The room survives each but the last, which befalls every node at once."""
    plants = scene.plants
    await plants.everything_is_said()
    for stage in (*STAGES, LAST_STAGE):

        async def has_failed(stage: str = stage) -> bool:
            # Once more, where the room was not back yet from the failure before.
            await plants.makes_it_fail(stage)
            return WENT_WRONG.format(stage) in scene.logs

        if stage == LAST_STAGE:
            await plants.everybody_is_heard()
        await until(has_failed, f"something is wrong at {stage}")


LOGS_ALL: Final = (
    *("log_statement=all", "log_min_duration_statement=0", "log_min_error_statement=debug5"),
    *("log_parameter_max_length=-1", "log_parameter_max_length_on_error=-1", "log_connections=on"),
    *("log_min_messages=debug1", "log_error_verbosity=verbose", "debug_print_plan=on", "wal_level=logical"),
)


async def is_logged_by_postgres(scene: Scene) -> None:
    await scene.plants.everything_is_said()
    await scene.plants.hostile_things_are_sent()
    await scene.plants.ends()
    folder = Path(str(make_url(scene.town.nodes[0]._environ["DATABASE_URL"]).query["host"]))
    scene.stage.elsewhere.append(folder)
    asks = await asyncio.create_subprocess_exec(
        *("psql", "-U", "tealight", "-h", folder, "-c", "SELECT * FROM pg_stat_activity", "postgres"),
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await asks.communicate()

    def look(search: Search) -> None:
        search.through("records", "pg_stat_activity", told)
        search.through(POSTGRES_LOG, "log", (folder / "log").read_bytes())
        search.through_folder("records", folder / "data")
        if not any(kind == POSTGRES_LOG for kind, _ in scene.outcome.found):
            scene.outcome.faults.append("R10: Postgres was to log the room's title, and did not")

    scene.looks.append(look)


async def is_told_to_stop(scene: Scene) -> None:
    await scene.plants.everything_is_said()
    for number, node in enumerate(scene.town.nodes):
        await scene.plants.all_is_in_flight(number)
        assert await node.stops() in STOPPED


def dies_by(*signals: signal.Signals) -> Callable[[Scene], Awaitable[None]]:
    """Each node by one of them, while words are on their way through it."""

    async def plays(scene: Scene) -> None:
        if signal.SIGABRT in signals:
            _another_leaves_a_core(scene)
        await scene.plants.everything_is_said()
        for number, (node, what) in enumerate(zip(scene.town.nodes, signals, strict=True)):
            await scene.plants.all_is_in_flight(number)
            node.tells(what)
            assert await node.is_over() == -what

    return plays


_DIES = "import os, sys; words = sys.stdin.read() * 1; os.abort()"
_CORE_PATTERN = Path("/proc/sys/kernel/core_pattern")


def _another_leaves_a_core(scene: Scene) -> None:
    """Would one have been written, and found? A process that forbids nothing, with the same leave, knows a word too."""
    pattern = _CORE_PATTERN.read_text() if _CORE_PATTERN.exists() else "|nobody knows"
    if pattern.startswith(("|", "/")):
        scene.outcome.left_out.append(
            f"the core of another process, to compare: here they go to {pattern.strip()}"
        )
        return
    word = scene.registry.plant("known to another process", required={CORE})
    command = ("/bin/sh", "-c", f'{scene.town.nodes[0].start.command[2].split(";")[0]}; exec "$@"', "sh")
    subprocess.run(
        [*command, sys.executable, "-c", _DIES],
        input=word.encode(),
        cwd=scene.stage.apart,
        check=False,
        capture_output=True,
    )
    if not any(scene.stage.apart.iterdir()):
        scene.outcome.left_out.append("the core of another process, to compare: this machine writes none")
        scene.registry.forget(word)
    scene.looks.append(lambda search: search.through_folder(CORE, scene.stage.apart))


NORMAL = Run("R1", "a normal evening, and everything that a hostile client can send", ends_well)
HOSTILE_REDIS = Run(
    "R7",
    "a Redis that remembers everything: slow log of all, MONITOR, files after every write, a replica",
    is_remembered,
    Setting(hostile=True),
)

FAILING = Run(
    "R2",
    "an exception that quotes what was said, at every stage",
    fails_everywhere,
    Setting(modules=("tests.canary.wrapped",)),
)
TERMINATED = Run("R3", "SIGTERM while words are in flight", is_told_to_stop)
KILLED = Run("R4", "SIGKILL while words are in flight", dies_by(signal.SIGKILL, signal.SIGKILL))
ABORTED = Run(
    "R5",
    "SIGABRT and SIGSEGV, with leave to write a core of any size",
    dies_by(signal.SIGABRT, signal.SIGSEGV),
    Setting(shell="ulimit -c unlimited"),
)
MEMORY = Run("R6", "memory that runs out", memory_runs_out)
SWITCHES = Run(
    "R8", "debug switches of Python and of libraries on", is_asked_to_tell_more, Setting(environ=ON)
)
RECORDS = Run("R9", "records that are locked, and then a full disk", records_cannot_be_written)
POSTGRES = Run(
    "R10",
    "Postgres that logs every statement and its values",
    is_logged_by_postgres,
    why_not=lambda: None if postgres_is_installed() else "no Postgres here",
    records=lambda: throwaway_postgres(*LOGS_ALL),
)


@dataclass(frozen=True, slots=True)
class Apart:
    """A run that needs more than a play."""

    name: str
    what: str
    why_not: Callable[[], str | None]
    plays: Callable[[str, int], Awaitable[Outcome]]

    async def of(self, seed: int) -> Outcome:
        return await self.plays(self.name, seed)


BROWSER = Apart(
    "R11",
    "a browser killed in mid-draft, brought back, left quickly, led Back and Forward (Chromium)",
    browsers.why_not,
    browsers.in_a_browser,
)
FRONT = Apart("R12", "an nginx in front as it comes", front.why_not, partial(front.behind, ours=False))
OUR_FRONT = Apart(
    "R12o", "an nginx in front as ops/nginx.conf has it", front.why_not, partial(front.behind, ours=True)
)
WITNESS = Apart("W", "every byte that goes into a file, told by strace", witness.why_not, witness.witnessed)

RUNS: Final[tuple[Run | Apart, ...]] = (
    *(NORMAL, FAILING, TERMINATED, KILLED, ABORTED, MEMORY, HOSTILE_REDIS),
    *(SWITCHES, RECORDS, POSTGRES, BROWSER, FRONT, OUR_FRONT, WITNESS),
)
