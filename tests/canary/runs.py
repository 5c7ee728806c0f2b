"""The runs: what happens to a session before everything is searched. Each is a whole evening on a stage of its own."""

import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tests.canary.scene import Scene, Setting, a_scene
from tests.canary.search import Outcome
from tests.canary.wrapped import LAST_STAGE, STAGES, WENT_WRONG
from tests.faults.node import STOPPED, until

REMEMBERS: Final = (
    *("Redis: key", "Redis: file", "Redis: SLOWLOG", "Redis: MONITOR"),
    *("replica: key", "replica: file", "replica: SLOWLOG"),
)
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

    async def of(self, seed: int, **otherwise: Any) -> Outcome:
        """``otherwise``: of its setting."""
        async with a_scene(self.name, seed, replace(self.setting, **otherwise)) as scene:
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

RUNS: Final = (NORMAL, FAILING, TERMINATED, KILLED, ABORTED, HOSTILE_REDIS)
