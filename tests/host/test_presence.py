"""Whose connections are where, and who has been missing too long: told after a grace, to facilitators only."""

import pytest

from rooms.engines import EngineDown
from rooms.live import THE_CLOCK, Terms
from rooms.live.door import Lose
from tests.host.test_house import break_down
from tests.host.world import MINUTE, SESSION, START, Node, Phone, World, until


def away(node: Node, phone: Phone) -> float | None:
    return node.hosting.room.controls.seats[phone.id].away_since


async def test_who_drops_is_missed_after_twelve_seconds_and_from_when_it_broke(world, one):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    broke = world.clock.at
    ben.drops()
    await world.passes(11.999)
    assert away(one, ben) is None
    await world.passes(0.001)
    assert away(one, ben) == broke
    assert ana.got("lost_touch")[-1]["seat"] == ben.id
    assert ana.people[ben.id]["away"] == broke


async def test_a_reload_is_told_to_nobody(world, one):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    ben.drops()
    await world.passes(3)
    await ben.comes_back()
    await world.passes(30)
    assert not ana.got("lost_touch")
    assert not ana.got("returned")


async def test_coming_back_later_is_told_to_facilitators(world, one):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    ben.drops()
    await world.passes(12)
    again = await ben.comes_back()
    assert away(one, ben) is None
    assert ana.got("returned")[-1]["seat"] == ben.id
    assert not again.got("returned")


async def test_a_second_tab_keeps_the_seat(world, one):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    tab = await ben.person.comes(one)
    ben.drops()
    await world.passes(30)
    assert not ana.got("lost_touch")
    tab.drops()
    await world.passes(30)
    assert ana.got("lost_touch")


async def test_so_does_a_connection_at_another_node(world, one, two):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    tablet = await ben.person.comes(two)
    await world.passes(1)
    ben.drops()
    for _ in range(10):
        await world.passes(6)
    assert not ana.got("lost_touch")
    tablet.drops()
    await world.passes(1)
    await world.passes(12)
    assert len(ana.got("lost_touch")) == 1


async def test_moving_from_one_node_to_another_is_no_loss(world, one, two):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    await two.house.host(SESSION)
    await world.passes(1)
    ben.drops()
    await world.passes(1)
    await ben.comes_back(two)
    for _ in range(10):
        await world.passes(6)
    assert not ana.got("lost_touch")


async def test_a_node_that_vanishes_is_noticed_by_the_other(world, one, two):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    chi = await world.member("Chi").comes(two)
    await world.passes(1)
    two.engine.vanish()
    await world.passes(14, one)
    assert away(one, chi) is None
    # Its life runs out; at the next look Chi is missed, and told missing after the grace.
    await world.passes(5, one)
    missed = world.clock.at
    await world.passes(11, one)
    assert away(one, chi) is None
    await world.passes(1, one)
    assert away(one, chi) == missed
    assert away(one, ben) is None
    assert ana.got("lost_touch")[-1]["seat"] == chi.id


async def test_a_facilitator_who_is_missed_was_gone_since_the_link_broke(world, one):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    ana.drops()
    await world.passes(12)
    await world.passes(32.9)
    assert ben.room["state"] == "live"
    await world.passes(0.1)
    assert ben.room["state"] == "held"


async def test_after_a_restart_everybody_has_the_grace_to_come_back():
    async with World(Terms(START)) as world:
        before = await world.node()
        ana, ben = await world.under_way(before, "Ana", "Ben")
        break_down(world)
        await until(lambda: before.house.hosted(SESSION) is None)
        again = await ana.comes_back()
        await world.passes(11.9)
        assert again.people[ben.id]["away"] is None
        await world.passes(0.1)
        await world.passes(12)
        assert again.people[ben.id]["away"] is not None
        assert again.people[ana.id]["away"] is None


async def test_who_never_comes_back_to_a_host_that_broke_is_missed_all_the_same(world, one):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    await world.passes(1)
    break_down(world)
    await until(lambda: one.house.hosted(SESSION) is None)
    ana.drops()
    again = await ben.comes_back()
    for _ in range(4):
        await world.passes(6)
    assert away(one, ana) is not None
    await world.passes(45)
    assert again.room["state"] == "held"


async def test_nobody_is_missed_because_the_engine_was_away(world, one, two):
    """Nobody could say that they are here; the first node that can look must not take the others for gone."""
    ana, ben = await world.under_way(one, "Ana", "Ben")
    bea = await world.facilitator("Bea").comes(two)
    await world.passes(6, one)
    assert two.engine.looks == 0, "Bea's node has not told where she is"
    for node in (one, two):
        node.engine.down = EngineDown(sent=False)
    for _ in range(10):
        with pytest.raises(EngineDown):
            await world.passes(6, one)
    for node in (one, two):
        node.engine.down = None
    await world.passes(6, one)
    assert away(one, bea) is None
    await world.passes(1)
    for _ in range(6):
        await world.passes(6)
    assert not ana.got("lost_touch")
    assert not bea.got("lost_touch")
    assert ben.room["state"] == "live"


async def test_who_was_taken_for_lost_though_they_were_here_is_found(world, one):
    """A node that hung looks dead to the others, and has kept its people all the same."""
    ana, ben = await world.under_way(one, "Ana", "Ben")
    one.hosting.submit(Lose(ben.id, world.clock.at), THE_CLOCK, lambda _: None)
    await world.settles()
    assert away(one, ben) is not None
    await world.passes(0.5)
    assert away(one, ben) is None
    assert ana.got("returned")[-1]["seat"] == ben.id


async def test_who_left_is_not_missed(world, one):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    await ben.leaves()
    for _ in range(5):
        await world.passes(MINUTE / 2)
    assert not ana.got("lost_touch")


async def test_nobody_is_looked_for_more_often_than_every_five_seconds(world, one):
    _, ben = await world.under_way(one, "Ana", "Ben")
    await world.passes(5)
    await two_looks(world, one)
    assert away(one, ben) is None


async def two_looks(world: World, node: Node) -> None:
    before = node.engine.looks
    await world.passes(0.5)
    await world.passes(0.5)
    assert node.engine.looks == before
    await world.passes(4)
    assert node.engine.looks == before + 1
