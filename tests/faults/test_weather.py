"""Harms by chance. ``TEALIGHT_FAULT_SECONDS`` and ``TEALIGHT_FAULT_SEED`` set how long, and bring one run back."""

import os
import secrets
from pathlib import Path

import pytest

from tests.faults.town import a_town
from tests.faults.weather import storms

SECONDS = float(os.environ.get("TEALIGHT_FAULT_SECONDS") or 20)
SEED = int(os.environ.get("TEALIGHT_FAULT_SEED") or secrets.randbelow(1_000_000))


@pytest.mark.timeout(SECONDS + 240)
async def test_whatever_comes_nothing_is_lost_in_silence(tmp_path: Path):
    befell: list[str] = []
    print(f"python -m tests.faults --seconds {SECONDS:g} --seed {SEED}")
    async with a_town(tmp_path) as town, town.evening_of_its_own() as evening:
        try:
            await storms(evening, SECONDS, SEED, befell.append)
            verdict = await evening.verdict()
        except AssertionError:
            print("\n".join(befell))
            raise
    print("\n".join(befell))
    assert verdict.broken == []
    assert befell
