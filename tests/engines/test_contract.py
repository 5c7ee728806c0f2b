"""The contract, run for every engine there is."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from rooms.engines import LIFE_SECONDS, Engine
from rooms.engines.keys import NODES
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
    """Its nodes breathe fast. A life is as long as ever: to let it pass, their last breath is moved into the past."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._nodes: list[RedisEngine] = []

    async def open(self) -> Engine:
        self._nodes.append(RedisEngine(self._url, secret="between us", breath=0.1))
        return await self._nodes[-1].__aenter__()

    async def kill(self, node: Engine) -> None:
        assert isinstance(node, RedisEngine)
        await node._stop()

    async def outlive(self, node: Engine) -> None:
        async with asyncio.timeout(10):
            for survivor in [other for other in self._nodes if other.ready]:
                # A survivor's idea of the time is as late as the answer that told it was.
                await survivor._shards.ask(
                    NODES, lambda: ("ZINCRBY", NODES, -int(LIFE_SECONDS) - 5, node.node)
                )
                while node.node in survivor.nodes:  # noqa: ASYNC110  until the survivor breathes
                    await asyncio.sleep(0.01)

    async def close(self) -> None:
        for node in self._nodes:
            await node.__aexit__(None, None, None)


def test_no_engine_offers_a_host_more_than_the_contract():
    for engine, own in ((MemoryEngine, {"vanish"}), (RedisEngine, set())):
        assert public(engine) - own == public(Engine)


def public(kind: type) -> set[str]:
    return {name for name in vars(kind) if not name.startswith("_")}


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
