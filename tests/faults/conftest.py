"""A town that stands for all tests that leave it whole, and an evening of its own for each of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults.evening import Evening
from tests.faults.town import Town, a_town


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.processes)


@pytest.fixture(scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with a_town(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest.fixture
async def evening(town: Town) -> AsyncIterator[Evening]:
    async with town.evening_of_its_own() as evening:
        yield evening
