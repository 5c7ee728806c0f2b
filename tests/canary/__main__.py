"""Everything that the canary does, and its receipt; ends with 1 if a word stands anywhere, or if a control stays green.

python -m tests.canary                  (--only R1 R7: some of the runs; --seed N: the words of an earlier receipt)
"""

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.canary import browsers, controls, witness
from tests.canary.evening import a_seed
from tests.canary.receipt import Receipt
from tests.canary.runs import RUNS, Apart, Run
from tests.canary.search import Outcome
from tests.canary.tokens import Registry

FOLDER: Final = Path("var/canary")


async def canary(seed: int, only: set[str]) -> Receipt:
    receipt = Receipt(seed)
    for run in RUNS:
        if only and run.name not in only:
            receipt.left_out.append(f"{run.name}: not asked for")
        elif (why := run.why_not()) is not None:
            receipt.left_out.append(f"{run.name}, {run.what}: {why}")
        else:
            print(f"  {run.name}  {run.what}", file=sys.stderr, flush=True)
            receipt.outcomes.append(await _played(run, seed))
    print("  controls", file=sys.stderr, flush=True)
    receipt.controls += await controls.leaks(seed)
    for part in (browsers, witness):
        if (why := part.why_not()) is None:
            receipt.controls.append(await part.control(seed))
        else:
            receipt.left_out.append(f"a control of {part.KIND}: {why}")
    return receipt


async def _played(run: Run | Apart, seed: int) -> Outcome:
    """A run that breaks off has shown nothing, and says so; the others are played all the same."""
    try:
        return await run.of(seed)
    except Exception as error:  # noqa: BLE001  whatever it was
        why = str(error).partition("\n")[0]
        return Outcome(
            run.name, Registry(seed), faults=[f"{run.name} broke off: {type(error).__name__}: {why}"]
        )


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.canary", description="Does anything that is said stay anywhere?"
    )
    parser.add_argument(
        "--seed", type=int, help="brings the words of a receipt back; without, they are new ones"
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="RUN", help="some of the runs, as R1 R7")
    given = parser.parse_args()
    seed = a_seed() if given.seed is None else given.seed
    receipt = asyncio.run(canary(seed, set(given.only)))
    # Only now may anything be written: until here it would have been a place of its own.
    said = "\n".join(receipt.lines())
    print(said)
    FOLDER.mkdir(parents=True, exist_ok=True)
    stem = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{seed}"
    (FOLDER / f"{stem}.txt").write_text(said + "\n", encoding="utf-8")
    (FOLDER / f"{stem}.json").write_text(receipt.as_json(), encoding="utf-8")
    return 1 if receipt.problems else 0


if __name__ == "__main__":
    sys.exit(main())
