"""The scenarios, and the order in which they are run: round after round, every server in each, so that a noisy minute
falls on all of them alike and only ratios within one round are compared."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from bench.load import LoadFailedError, Run, Shape, run
from bench.servers import Server, limit, redis_binary, tealight, two_nodes
from bench.workshop import FOLDER

OURS = Server("Tealight", tealight)
AT_ONCE = Server("C, each by itself", limit("at-once"))
TOGETHER = Server("C, together", limit("together"))
TWO_NODES = Server(
    "Tealight, 2 nodes", two_nodes, "" if redis_binary() else "no valkey-server or redis-server"
)

BUSY = Shape("200x12, 1", 200, 12)
BUSIER = Shape("200x12, 8", 200, 12, window=8)
FAN_OUT = (
    Shape("1x500, 1", 1, 500),
    BUSY,
    Shape("50x20, 8", 50, 20, window=8),
    BUSIER,
    Shape("1x2000, 1", 1, 2000),
)
INBOUND = Shape("500x2, 1", 500, 2)
STORM = Shape("storm of 2,000", 200, 11, seconds=0.3, warm=0.1, at_once=2000)
IDLE = Shape("10,000 idle", 500, 20, seconds=20, warm=1, idle=True)
STEADY = Shape("200x12, steady", 200, 12, seconds=3)
LOAD_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Plan:
    rounds: int
    shapes: tuple[Shape, ...]
    peers: tuple[Server, ...]
    seconds: float
    idle_seconds: float
    tell: Callable[[str], None] = lambda words: print(words, file=sys.stderr, flush=True)

    def timed(self, shape: Shape) -> Shape:
        return replace(shape, seconds=self.seconds)


def limit_for(shape: Shape) -> Server:
    """What a shape is held against: with several in flight, the server that sends together what came together."""
    return TOGETHER if shape.window > 1 else AT_ONCE


def carried_out(plan: Plan) -> list[Run]:
    """Every run, in a file as well, in the order they were made."""
    runs: list[Run] = []
    with (FOLDER / "runs.jsonl").open("w") as file:
        for each in _all(plan, runs):
            runs.append(each)
            file.write(each.as_json() + "\n")
            file.flush()
            plan.tell(_line(each))
    return runs


def read_again() -> list[Run]:
    """The runs of the last benchmark."""
    return [Run(**json.loads(line)) for line in (FOLDER / "runs.jsonl").read_text().splitlines()]


def _all(plan: Plan, so_far: Sequence[Run]) -> Iterator[Run]:
    for number in range(plan.rounds):
        for shape in plan.shapes:
            timed = plan.timed(shape)
            for server in (limit_for(shape), OURS, *plan.peers):
                yield from _one(server, timed, number, plan)
        for shape, server in _ours_alone(plan):
            yield from _one(server, shape, number, plan)
        busy = [each.per_second for each in so_far if (each.server, each.shape) == (OURS.name, BUSY.name)]
        if busy:
            rate = LOAD_SHARE * median(busy) / (STEADY.rooms * STEADY.members)
            for server in (AT_ONCE, OURS):
                yield from _one(server, replace(plan.timed(STEADY), rate=rate), number, plan)
    yield from _one(OURS, replace(IDLE, seconds=plan.idle_seconds), 0, plan)


def _ours_alone(plan: Plan) -> Iterator[tuple[Shape, Server]]:
    yield plan.timed(INBOUND), OURS
    yield STORM, AT_ONCE
    yield STORM, OURS
    yield plan.timed(BUSIER), TWO_NODES


def _one(server: Server, shape: Shape, number: int, plan: Plan) -> Iterator[Run]:
    if server.missing:
        return
    try:
        with server.open(shape) as target:
            yield run(server.name, target, shape, number)
    except (LoadFailedError, RuntimeError) as failed:
        plan.tell(f"left out: {failed}")


def _line(each: Run) -> str:
    seen = each.seen
    return (
        f"{each.round} {each.shape:15} {each.server:22} {each.per_second:9.0f}/s {each.us_per_delivery:7.2f} µs"
        f"  p50 {seen['p50_us']:8.0f}  p99 {seen['p99_us']:8.0f}  core {each.cpu_share:4.2f}"
        f"  load idle {seen['load_idle']:4.2f} of {seen['load_cpu']:4.2f}"
        f"  {seen['joins_per_second']:6.0f} joins/s{'' if each.is_flawless else '  WITH FLAWS'}"
    )
