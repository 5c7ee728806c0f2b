"""The contract, run for every engine there is."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from rooms.engines import LIFE_SECONDS, Engine
from rooms.engines.memory import Hub, MemoryEngine
from rooms.engines.redis import RedisEngine
from tests.engines.contract import *  # noqa: F403  its tests become this module's
from tests.engines.contract import World


class MemoryWorld:
    def __init__(self) -> None:
        self.now = 0.0
        self._hub = Hub(lambda: self.now)
        self._nodes: list[MemoryEngine] = []

    async def open(self) -> Engine:
        self._nodes.append(MemoryEngine(self._hub))
        return await self._nodes[-1].__aenter__()

    async def kill(self, node: Engine) -> None:
        assert isinstance(node, MemoryEngine)
        node.vanish()

    async def outlive(self, node: Engine) -> None:
        self.now += LIFE_SECONDS

    async def close(self) -> None:
        for node in self._nodes:
            await node.__aexit__(None, None, None)


class RedisWorld:
    """Its nodes live fast, because the clock is the server's own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._nodes: list[RedisEngine] = []

    async def open(self) -> Engine:
        self._nodes.append(RedisEngine(self._url, secret="between us", breath=0.2, life=1.2))
        return await self._nodes[-1].__aenter__()

    async def kill(self, node: Engine) -> None:
        assert isinstance(node, RedisEngine)
        await node._stop()

    async def outlive(self, node: Engine) -> None:
        async with asyncio.timeout(10):
            for survivor in self._nodes:
                while survivor.ready and await self._is_known(node, survivor):  # noqa: ASYNC110  no event to wait for
                    await asyncio.sleep(0.05)

    async def _is_known(self, node: Engine, survivor: RedisEngine) -> bool:
        return node.node in survivor.nodes or node.node in await survivor._breathing()

    async def close(self) -> None:
        for node in self._nodes:
            await node.__aexit__(None, None, None)


@pytest.fixture(params=["memory", "redis", "cluster"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    world: MemoryWorld | RedisWorld
    match request.param:
        case "memory":
            world = MemoryWorld()
        case "redis":
            world = RedisWorld(request.getfixturevalue("shared_url"))
        case _:
            world = RedisWorld(request.getfixturevalue("cluster").url)
    yield world
    await world.close()


@pytest.fixture
async def engine(world: World) -> Engine:
    return await world.open()


@pytest.fixture
async def pair(world: World) -> tuple[Engine, Engine]:
    return await world.open(), await world.open()
