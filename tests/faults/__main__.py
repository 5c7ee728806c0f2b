"""By hand: a long run of harms by chance, or the table of docs/promises.md.

python -m tests.faults --seconds 600 --seed 7
python -m tests.faults --table          (--long: Redis frozen for 30 and for 60 seconds, too)
"""

import argparse
import asyncio
import secrets
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults import harm
from tests.faults.evening import Harm, Row
from tests.faults.town import Town, a_town
from tests.faults.weather import storms
from tests.faults.wires import FarServer, why_not

TABLE = [
    harm.REDIS_IS_KILLED,
    harm.redis_is_frozen(3.0),
    harm.REDIS_PAUSES,
    harm.SUBSCRIPTIONS_ARE_KILLED,
    harm.SUBSCRIBER_OVERFLOWS,
    harm.COUNTER_IS_DELETED,
    harm.OLDER_COPY,
    harm.OLDER_COPY_THAN_A_CONTROL,
    harm.node_is_killed(),
    harm.node_is_frozen(3.0),
    harm.ROLLING_RESTART,
    harm.somebody_is_cut_off(),
]
LONG = [harm.redis_is_frozen(30.0), harm.redis_is_frozen(60.0)]
HEADINGS = (
    "what breaks",
    "noticed after",
    "healed after",
    "lost, and told",
    "lost in silence",
    "twice",
    "told",
)


async def table(*, long: bool) -> int:
    """Pages here wait as long before they come back as people's do. Returns how many laws were broken."""
    rows: list[Row] = []
    with TemporaryDirectory() as folder:
        near, far, alone = (Path(folder) / name for name in ("near", "far", "alone"))
        for each in (near, far, alone):
            each.mkdir()
        async with a_town(near, haste=1.0) as town:
            rows += [await _row(town, befalls) for befalls in TABLE + (LONG if long else [])]
        async with a_town(alone, nodes=1, haste=1.0) as town:
            only = harm.node_is_killed()
            rows.append(await _row(town, Harm(f"{only.name}, there being no other", only.befalls)))
        if (reason := why_not()) is None:
            async with a_town(far, redis=FarServer(), haste=1.0) as town:
                rows.append(await _row(town, harm.wire_is_cut(10.0)))
        else:
            print(f"left out: the network swallows everything ({reason})", file=sys.stderr)
    print(f"| {' | '.join(HEADINGS)} |\n|{'---|' * len(HEADINGS)}")
    for row in rows:
        print(_line(row))
    return sum(len(row.verdict.broken) for row in rows)


async def _row(town: Town, befalls: Harm) -> Row:
    print(f"  {befalls.name}", file=sys.stderr)
    async with town.evening_of_its_own() as evening:
        row = await evening.suffers(befalls)
    for broken in row.verdict.broken:
        print(f"    BROKEN  {broken}", file=sys.stderr)
    return row


def _line(row: Row) -> str:
    noticed = "nobody could" if row.noticed is None else f"{row.noticed:.1f} s"
    verdict = row.verdict
    silent = sum(words.startswith("no silence") for words in verdict.broken)
    cells = (
        row.name,
        noticed,
        f"{row.healed:.1f} s",
        verdict.lost,
        silent,
        verdict.duplicated,
        verdict.marked,
    )
    return f"| {' | '.join(map(str, cells))} |"


async def weather(seconds: float, seed: int) -> int:
    print(f"python -m tests.faults --seconds {seconds:g} --seed {seed}")
    with TemporaryDirectory() as folder:
        async with a_town(Path(folder), haste=1.0) as town, town.evening_of_its_own() as evening:
            await storms(evening, seconds, seed, lambda name: print(f"  {name}", flush=True))
            verdict = await evening.verdict()
    for broken in verdict.broken:
        print(f"BROKEN  {broken}")
    print(
        f"{len(verdict.broken)} laws broken; {verdict.lost} lost and told, {verdict.duplicated} twice, "
        f"{verdict.marked} times told"
    )
    return len(verdict.broken)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults", description="What breaks while people talk."
    )
    parser.add_argument(
        "--table", action="store_true", help="one harm after another, as docs/promises.md has them"
    )
    parser.add_argument("--long", action="store_true", help="with --table: harms that last a minute, too")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long harms come by chance (60)")
    parser.add_argument("--seed", type=int, help="brings a run back; without, it is a new one, and printed")
    given = parser.parse_args()
    if given.table:
        broken = asyncio.run(table(long=given.long))
    else:
        seed = secrets.randbelow(1_000_000) if given.seed is None else given.seed
        broken = asyncio.run(weather(given.seconds, seed))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
