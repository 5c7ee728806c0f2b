"""Whatever happens to Redis while people talk: one order, nothing twice, nothing lost without a word about it."""

import pytest

from tests.faults import harm
from tests.faults.evening import Evening, Harm

pytestmark = pytest.mark.timeout(400)

HARMS = [
    harm.REDIS_IS_KILLED,
    harm.redis_is_frozen(3.0),
    harm.SUBSCRIPTIONS_ARE_KILLED,
    harm.REDIS_PAUSES,
    harm.SUBSCRIBER_OVERFLOWS,
    harm.COUNTER_IS_DELETED,
    harm.OLDER_COPY,
    harm.OLDER_COPY_THAN_A_CONTROL,
]


@pytest.mark.parametrize("befalls", HARMS, ids=lambda befalls: befalls.name)
async def test_nothing_is_lost_in_silence(evening: Evening, befalls: Harm):
    row = await evening.suffers(befalls)
    assert row.verdict.broken == []
