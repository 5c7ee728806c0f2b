"""A run of harms by chance, one after another, while people talk: the same seed brings the same run."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Final

from tests.faults import harm
from tests.faults.evening import TALKS_EVERY, Evening, Harm
from tests.faults.person import talking

HARMS: Final = [
    harm.REDIS_IS_KILLED,
    harm.redis_is_frozen(0.7),
    harm.redis_is_frozen(2.5),
    harm.SUBSCRIPTIONS_ARE_KILLED,
    harm.REDIS_PAUSES,
    harm.COUNTER_IS_DELETED,
    harm.OLDER_COPY,
    harm.SUBSCRIBER_OVERFLOWS,
    harm.somebody_is_cut_off(),
    harm.node_is_killed(),
    harm.node_is_frozen(1.5),
    harm.ROLLING_RESTART,
]
CALM: Final = 1.5


async def storms(
    evening: Evening, seconds: float, seed: int, tell: Callable[[str], None] = lambda _: None
) -> None:
    """Nobody waits for one harm to be healed before the next; who does is ``Evening.verdict``, at the end."""
    dice = random.Random(seed)
    end = time.monotonic() + seconds
    async with talking(evening.here, TALKS_EVERY):
        while time.monotonic() < end:
            befalls: Harm = dice.choice(HARMS)
            tell(befalls.name)
            await befalls.befalls(evening)
            await asyncio.sleep(dice.random() * CALM)
