"""The network between the nodes and Redis swallows what it is given, and hangs up on nobody."""

from pathlib import Path

import pytest

from tests.faults import harm
from tests.faults.town import a_town
from tests.faults.wires import FarServer, why_not

pytestmark = pytest.mark.timeout(400)


async def test_a_cut_wire_loses_nothing_in_silence(tmp_path: Path):
    if (reason := why_not()) is not None:
        pytest.skip(reason)
    async with a_town(tmp_path, redis=FarServer()) as town, town.evening_of_its_own() as evening:
        row = await evening.suffers(harm.wire_is_cut(4.0))
        assert row.verdict.broken == []
        assert row.noticed is not None
        assert row.noticed < 4.0, "people and the load balancer learn of it while it lasts"
