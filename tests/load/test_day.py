"""A day's worth of sessions, one after the other, in one process: nothing of them stays in it."""

import asyncio
import gc
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.server.house import START, House, open_house

pytestmark = pytest.mark.processes
HOURS = 24
WARM = 6
MEMBERS = ("Ben", "Chi", "Dee", "Eli", "Fay", "Gus")
SETTLED = 20.0
KEPT_BY_SQLITE = frozenset({"Statement", "ReferenceType"})


async def an_hour(house: House, number: int) -> None:
    """They come, talk, lose touch, leave for good, change their device; it ends, and time goes by."""
    house.clock.at = (START + timedelta(hours=number)).timestamp()
    evening = await house.evening(starts=START + timedelta(hours=number))
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben, chi, dee, *others = [await evening.visits(name) for name in MEMBERS]
    for person in (ben, chi, dee, *others):
        await person.says(f"{person.name} is here, hour {number}")
    await chi.is_cut_off()
    await chi.comes_back()
    await ben.opens_another_tab()
    await dee.leaves()
    await others[0].is_cut_off()
    await house.passes(minutes=4)  # their seat lapses
    await ana.removes(others[1])
    await ana.ends()
    await house.passes(minutes=40)
    await house.sees_everybody_off()
    await house.passes(minutes=10)


async def lets_go(house: House) -> None:
    """Of the last room, as of those before it: until then it holds what it looked at last, which is more at some moments."""
    async with asyncio.timeout(SETTLED):
        while house.home.house._hosts:
            await house.passes(seconds=30)
            await asyncio.sleep(0.02)  # who is let go of ends in a task of its own


def objects() -> Counter[type]:
    """Things that could hold others, by kind, and what was there before the first test not counted.

    Not those of which sqlite3 keeps a certain number for itself: statements, and weak references to its cursors.
    """
    gc.unfreeze()  # what the server has set aside, in whichever second that was, is looked at like everything else
    for _ in range(3):
        gc.collect()
    kinds = Counter(type(each) for each in gc.get_objects())
    return Counter({kind: count for kind, count in kinds.items() if kind.__name__ not in KEPT_BY_SQLITE})


def ours(kind: type) -> bool:
    return kind.__module__.partition(".")[0] in {"rooms", "server", "uvicorn", "starlette", "websockets"}


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.mark.timeout(240)
async def test_after_a_day_of_sessions_everything_is_as_it_was(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        for number in range(WARM):
            await an_hour(house, number)
        await lets_go(house)
        house.home.crowd.forget(time.monotonic() + 60)
        tasks, files, kept = len(asyncio.all_tasks()), open_files(), objects()
        for number in range(WARM, WARM + HOURS):
            await an_hour(house, number)
        await lets_go(house)
        async with asyncio.timeout(SETTLED):
            # The last connections say goodbye to each other.
            while len(asyncio.all_tasks()) > tasks or open_files() > files:  # noqa: ASYNC110  nobody tells
                await asyncio.sleep(0.02)
        house.home.crowd.forget(time.monotonic() + 60)  # as it does every minute
        left = objects() - kept
        assert not [kind for kind in left if ours(kind)]
        # Libraries make some of their own when something is done for the first time.
        assert left.total() < 20 * HOURS, left.most_common(20)
