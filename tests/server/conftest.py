"""A house that stands for all tests of the server, and an evening of its own for each test in it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from argon2 import PasswordHasher

from server import passwords
from tests.engines.servers import Server, closing
from tests.server.house import START, Evening, House, open_house

# What a guess costs is looked at in test_passwords.py; everywhere else it would be a tenth of the time of all tests.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NOBODY = CHEAP.hash("nobody has this password")


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    monkeypatch.setattr(passwords, "_NOBODY", NOBODY)


@pytest.fixture(scope="session")
async def standing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
async def house(standing: House) -> AsyncIterator[House]:
    """The one house of all tests, whose clock nobody moves; who came in this test goes home after it."""
    yield standing
    await standing.sees_everybody_off()
    assert standing.clock.now == START, "move the clock of another house: this one is everybody's"


@pytest.fixture
async def evening(house: House) -> Evening:
    return await house.evening()


@pytest.fixture
async def another_house(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Callable[..., Awaitable[House]]]:
    """Opens houses for one test alone, which may move their clocks, restart them, or set them up otherwise."""
    async with AsyncExitStack() as houses:

        async def opened(**how: Any) -> House:
            return await houses.enter_async_context(open_house(tmp_path_factory.mktemp("house"), **how))

        yield opened


@pytest.fixture
async def own_house(another_house: Callable[..., Awaitable[House]]) -> House:
    """One whose clock may be moved, and in which nobody else has anything."""
    return await another_house()


@pytest.fixture
async def own_evening(own_house: House) -> Evening:
    """In a house of its own, whose clock may be moved."""
    return await own_house.evening()


@pytest.fixture(scope="module")
def redis() -> Iterator[Server]:
    """A Redis for the stories of one file, which may freeze it."""
    with closing(Server()) as server:
        yield server


@pytest.fixture
async def nodes(
    another_house: Callable[..., Awaitable[House]], redis: Server
) -> AsyncIterator[tuple[House, House]]:
    """Two with the same records and the same Redis."""
    one = await another_house(redis_url=redis.url)
    two = one.another()
    await two.opens()
    yield one, two
    await two.closes()
