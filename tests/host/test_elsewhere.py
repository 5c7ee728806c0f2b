"""A page at a node that does not host a room can say how it stands, and nothing else."""

from dataclasses import replace

import pytest

from rooms.elsewhere import FRESH_SECONDS
from rooms.engines import Change, EngineDown
from rooms.live import State
from tests.host.world import MINUTE, SESSION, until


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


async def test_what_another_version_wrote_is_not_known_and_breaks_no_page(world, one, two):
    head = world.hub.head(SESSION)
    world.hub.commit(SESSION, Change(head.at.epoch, head.version, (), b'{"state": "dancing", "seats": {}}'))
    assert await two.house.states([SESSION]) == {}


class TestOver:
    """The records say so; the room may go on for those who have a word left in it."""

    async def ends(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await ana.ends_now()
        world.terms[SESSION] = replace(world.terms[SESSION], over=State.ENDED)
        return ana, ben

    async def test_it_is_entered_at_a_node_that_never_heard_of_it(self, world, one, two):
        ana, ben = await self.ends(world, one)
        ben.drops()
        back = await ben.comes_back(two)
        await back.writes("can we talk?")
        await until(lambda: bool(ana.got("line_written")))

    async def test_once_nobody_has_a_word_left_it_is_not_hosted_anew(self, world, one, two):
        ana, _ = await self.ends(world, one)
        await ana.leaves()
        await world.passes(MINUTE)
        assert one.hosting.room.is_finished
        assert await two.house.host(SESSION) is None
        assert (await two.house.states([SESSION])) == {SESSION: State.ENDED}

    async def test_nor_is_one_that_is_forgotten_or_that_was_called_off_before_anybody_came(self, world, one):
        world.terms[SESSION] = replace(world.terms[SESSION], over=State.CANCELLED)
        assert await one.house.host(SESSION) is None
        assert one.finished == []

    async def test_nor_one_that_another_version_wrote(self, world, two):
        world.terms[SESSION] = replace(world.terms[SESSION], over=State.ENDED)
        head = world.hub.head(SESSION)
        world.hub.commit(SESSION, Change(head.at.epoch, head.version, (), b'{"steps": 3}'))
        assert await two.house.host(SESSION) is None

    async def test_where_nobody_can_be_asked_it_is_not_taken_for_over(self, world, one, two):
        await self.ends(world, one)
        two.engine.mute = True
        with pytest.raises(EngineDown):
            await two.house.host(SESSION)
