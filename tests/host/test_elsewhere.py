"""A page at a node that does not host a room can say how it stands, and nothing else."""

from rooms.elsewhere import FRESH_SECONDS
from rooms.live import State
from tests.host.world import SESSION


async def test_a_node_that_does_not_host_it_knows_that_it_is_on(world, one, two):
    three = await world.node()
    ana = await world.facilitator("Ana").comes(one)
    await ana.starts()
    for node in world.nodes:
        assert await node.house.states([SESSION, "never heard of"]) == {SESSION: State.LIVE}
    assert two.house.hosted(SESSION) is three.house.hosted(SESSION) is None


async def test_it_asks_once_in_two_seconds_however_many_look(world, one, two):
    (ana,) = await world.under_way(one, "Ana")
    assert await two.house.states([SESSION]) == {SESSION: State.LIVE}
    await ana.pauses()
    assert await one.house.states([SESSION]) == {SESSION: State.PAUSED}
    assert await two.house.states([SESSION]) == {SESSION: State.LIVE}
    world.clock.at += FRESH_SECONDS
    assert await two.house.states([SESSION]) == {SESSION: State.PAUSED}


async def test_where_nobody_can_be_asked_nothing_is_said(world, one, two):
    await world.under_way(one, "Ana")
    two.engine.mute = True
    assert await two.house.states([SESSION]) == {}
    two.engine.mute, two.engine.unwell = False, True
    assert await two.house.states([SESSION]) == {}
    two.engine.unwell = False
    assert await two.house.states([SESSION]) == {SESSION: State.LIVE}


async def test_a_node_alone_asks_nobody(world, one):
    assert await one.house.states([SESSION]) == {}
    assert SESSION not in world.hub._rooms
