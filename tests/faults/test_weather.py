"""Harms by chance. ``TEALIGHT_FAULT_SECONDS`` and ``TEALIGHT_FAULT_SEED`` set how long, and bring one run back."""

import os
import secrets

import pytest

from tests.faults.evening import Evening
from tests.faults.weather import storms

SECONDS = float(os.environ.get("TEALIGHT_FAULT_SECONDS") or 60)
# In CI the same one always, as hypothesis does it there: what is new is looked for elsewhere.
SEED = int(
    os.environ.get("TEALIGHT_FAULT_SEED") or (7 if os.environ.get("CI") else secrets.randbelow(1_000_000))
)


@pytest.mark.timeout(SECONDS + 400)
async def test_whatever_comes_nothing_is_lost_in_silence(evening: Evening):
    befell: list[str] = []
    print(f"python -m tests.faults --seconds {SECONDS:g} --seed {SEED}")
    await storms(evening, SECONDS, SEED, befell.append)
    print("\n".join(befell))
    assert befell
    verdict = await evening.verdict()
    assert verdict.broken == []
