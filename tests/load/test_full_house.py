"""``python -m tests.load --minutes 30`` is the same for longer."""

import os
from pathlib import Path

import pytest

from tests.faults.town import a_town
from tests.load.full_house import PER_SECOND, ROOMS, SEATS, a_full_house

pytestmark = pytest.mark.processes
SECONDS = float(os.environ.get("TEALIGHT_LOAD_SECONDS") or 60)
SOON_MS = 250


@pytest.mark.timeout(SECONDS + 300)
async def test_l2_a_full_house_reads_the_same_in_the_same_order_and_soon(tmp_path: Path) -> None:
    async with a_town(tmp_path) as town, a_full_house(town) as house:
        told = await house.talks(SECONDS)
    print(told)
    assert told.broken == []
    # A second for the last who are late: what is asked for is that people talked, and not how fast this machine is.
    assert told.said >= ROOMS * PER_SECOND * (SECONDS - 1)
    assert told.read == told.said * SEATS
    assert told.within(0.99) < SOON_MS
