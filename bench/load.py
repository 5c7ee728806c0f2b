"""One run of the load against something that listens, and what came of it."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.house import ORIGIN
from bench.workshop import built

LOAD_CORE = "1"


@dataclass(frozen=True, slots=True)
class Shape:
    """How many rooms of how many people, and how much is said at once.

    window: messages in flight per room; the next is said when one came back. rate: so many a second and room instead.
    at_once: how many may be at the door, before the first of them has come in.
    """

    name: str
    rooms: int
    members: int
    window: int = 1
    rate: float = 0.0
    seconds: float = 2.0
    warm: float = 0.6
    idle: bool = False
    at_once: int = 200


@dataclass(frozen=True, slots=True)
class Target:
    """Something that listens: where, how it is spoken to, and whose CPU time and memory count."""

    ports: tuple[int, ...]
    pids: tuple[int, ...]
    wire: str = "plain"
    path: str = "/ws/%d"
    silent_join: bool = False
    guests: Path | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What the load saw. ``cpu`` in seconds per process, in the order of the target's."""

    server: str
    shape: str
    round: int
    seen: dict[str, Any] = field(repr=False)

    @property
    def per_second(self) -> float:
        return float(self.seen["deliveries"] / self.seen["seconds"])

    @property
    def cpu_seconds(self) -> float:
        return float(sum(self.seen["cpu"]))

    @property
    def cpu_share(self) -> float:
        """Of one core, while it was measured."""
        return float(self.cpu_seconds / self.seen["seconds"])

    @property
    def us_per_delivery(self) -> float:
        return float(self.cpu_seconds * 1e6 / max(1, self.seen["deliveries"]))

    @property
    def us_per_message(self) -> float:
        return float(self.cpu_seconds * 1e6 / max(1, self.seen["messages"]))

    @property
    def kb_per_connection(self) -> float:
        return float((self.seen["rss_after_kb"] - self.seen["rss_before_kb"]) / max(1, self.seen["joined"]))

    @property
    def is_flawless(self) -> bool:
        return not any(self.seen[flaw] for flaw in ("lost", "gaps", "repeats", "refused", "dead"))

    def as_json(self) -> str:
        return json.dumps(asdict(self))


class LoadFailedError(Exception):
    """The load could not do its work; its words say why."""


def run(server: str, target: Target, shape: Shape, round_number: int = 0) -> Run:
    options: list[str] = [
        *("--ports", ",".join(map(str, target.ports)), "--pids", ",".join(map(str, target.pids))),
        *("--wire", target.wire, "--path", target.path, "--origin", ORIGIN),
        *("--rooms", str(shape.rooms), "--members", str(shape.members), "--window", str(shape.window)),
        *("--at-once", str(shape.at_once)),
        *("--rate", f"{shape.rate:.3f}", "--seconds", str(shape.seconds), "--warm", str(shape.warm)),
        *(("--silent-join",) if target.silent_join else ()),
        *(("--idle",) if shape.idle else ()),
        *(("--guests", str(target.guests)) if target.guests else ()),
    ]
    done = subprocess.run(
        pinned(LOAD_CORE, [str(built("load")), *options]), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LoadFailedError(f"{server}, {shape.name}: {done.stderr[-400:] or done.returncode}")
    return Run(server, shape.name, round_number, json.loads(done.stdout))


def pinned(core: str, command: Sequence[str]) -> list[str]:
    return ["taskset", "-c", core, *command]
