"""A world for each test: an evening of an hour, doors open."""

from collections.abc import AsyncIterator

import pytest

from rooms.live import Terms
from tests.host.world import START, Node, World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with World(Terms(START, seats=200)) as world:
        yield world


@pytest.fixture
async def one(world: World) -> Node:
    return await world.node()


@pytest.fixture
async def two(world: World, one: Node) -> Node:
    return await world.node()
