"""The contract, run for every engine there is."""

import secrets
from collections.abc import AsyncIterator

import pytest

from rooms.engines import Engine
from rooms.engines.memory import Hub, MemoryEngine

pytest.register_assert_rewrite("tests.engines.contract")

from tests.engines.contract import *  # noqa: E402, F403  its tests become this module's
from tests.engines.contract import World  # noqa: E402


class MemoryWorld:
    def __init__(self) -> None:
        self.now = 0.0
        self._hub = Hub(lambda: self.now)
        self._nodes: list[MemoryEngine] = []

    async def open(self) -> Engine:
        node = MemoryEngine(self._hub)
        self._nodes.append(node)
        return await node.__aenter__()

    async def kill(self, node: Engine) -> None:
        assert isinstance(node, MemoryEngine)
        node.vanish()

    async def outlive(self, node: Engine) -> None:
        self.now += 15.0

    async def close(self) -> None:
        for node in self._nodes:
            await node.__aexit__(None, None, None)


@pytest.fixture(params=["memory"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    world = MemoryWorld()
    yield world
    await world.close()


@pytest.fixture
async def engine(world: World) -> Engine:
    return await world.open()


@pytest.fixture
async def pair(world: World) -> tuple[Engine, Engine]:
    return await world.open(), await world.open()


@pytest.fixture
def room() -> str:
    return secrets.token_hex(6)
