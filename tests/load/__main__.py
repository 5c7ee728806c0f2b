"""By hand: a full house for as long as one likes.

python -m tests.load --minutes 30
"""

import argparse
import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.town import a_town
from tests.load.full_house import Told, a_full_house


async def _talked(seconds: float) -> Told:
    with TemporaryDirectory() as folder:
        async with a_town(Path(folder)) as town, a_full_house(town) as house:
            return await house.talks(seconds)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description="A full house.")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long they talk (30)")
    told = asyncio.run(_talked(60 * parser.parse_args().minutes))
    print(told)
    for broken in told.broken:
        print(f"BROKEN  {broken}")
    return 1 if told.broken else 0


if __name__ == "__main__":
    sys.exit(main())
