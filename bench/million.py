"""A million seats on paper: the cost model applied to rooms that talk as rooms do, dealt out to cores by name.

Not a measurement. It asks how many cores and how much memory the model says, and how unevenly chance deals out the
rooms: the busiest core decides, not the mean. The dice are the same every time.
"""

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.figures import CostModel

SEATS, MEMBERS = 1_000_000, 12
MESSAGES_A_MINUTE = 10.0  # of a room that is talking; lively ones reach three times that
MOST_BUSY = 0.4  # of a core: beyond it waiting grows faster than work
NODE_HOP_US = 60.0  # over Redis at a low rate each message wakes every process that has somebody of the room
CORES = (16, 32, 64, 128, 256)


@dataclass(frozen=True, slots=True)
class Core:
    busy: float
    gigabytes: float


def planned(model: "CostModel") -> str:
    room_count = SEATS // MEMBERS
    dice = random.Random(1)
    # A few rooms talk much more than most: log-normal around the mean, as talk is.
    rates = [MESSAGES_A_MINUTE / 60 * dice.lognormvariate(-0.32, 0.8) for _ in range(room_count)]
    lines = [
        f"| {SEATS:,} seats, {sum(rates):,.0f} messages a second | mean core | busiest core | memory of it |",
        "| --- | --- | --- | --- |",
    ]
    for count in CORES:
        cores = _dealt(model, rates, count, dice)
        busy = [core.busy for core in cores]
        enough = " (enough)" if max(busy) <= MOST_BUSY else ""
        lines.append(
            f"| {count} cores{enough} | {sum(busy) / count:.0%} | {max(busy):.0%} | "
            f"{max(core.gigabytes for core in cores):.1f} GB |"
        )
    return "\n".join(lines)


def _dealt(model: "CostModel", rates: list[float], count: int, dice: random.Random) -> list[Core]:
    busy, rooms = [0.0] * count, [0] * count
    for rate in rates:
        core = dice.randrange(count)
        busy[core] += rate * (model.message + NODE_HOP_US + MEMBERS * model.delivery) / 1e6
        rooms[core] += 1
    return [
        Core(spent, held * MEMBERS * model.kilobytes / 1e6) for spent, held in zip(busy, rooms, strict=True)
    ]
