"""A town that stands for all tests that leave it whole, and an evening of its own for each of them."""

from collections.abc import AsyncIterator

import pytest

pytest.register_assert_rewrite(
    *(f"tests.faults.{name}" for name in ("evening", "harm", "node", "person", "town")),
    *(f"tests.server.{name}" for name in ("browser", "house", "visitor")),
)

from tests.faults.evening import Evening  # noqa: E402  their asserts are rewritten first
from tests.faults.town import Town, a_town  # noqa: E402  their asserts are rewritten first


@pytest.fixture(scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with a_town(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest.fixture
async def evening(town: Town) -> AsyncIterator[Evening]:
    async with town.evening_of_its_own() as evening:
        yield evening
