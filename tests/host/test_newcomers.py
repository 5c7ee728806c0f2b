"""Between the door and the first page of a newcomer others see them, and speak to them: none of that may be lost."""

import asyncio

from rooms.live import Terms
from rooms.live.door import Admit
from rooms.live.lobby import SetDoor
from rooms.ring import LONGEST_SECONDS
from tests.host.world import START, World


async def greeted(world, one):
    """Chi has come through the door, and Ana has said hello, while Chi's page is on its way."""
    (ana,) = await world.under_way(one, "Ana")
    chi = world.member("Chi")
    await chi.comes_through_the_door(one)
    await ana.says("hello Chi")
    return ana, chi


async def test_what_is_said_while_their_page_is_on_its_way_is_on_it(world, one, two):
    (ana,) = await world.under_way(one, "Ana")
    await ana.says("before")
    chi = world.member("Chi")
    await chi.comes_through_the_door(two)
    await world.settles()
    assert "Chi" in [person["name"] for person in ana.people.values()]
    await ana.says("hello Chi")
    await ana.says("make yourself at home")
    await world.settles()
    page = await chi.comes(two)
    assert page.got("welcome")[0]["resumed"] is False
    assert page.reads() == ["hello Chi", "make yourself at home"]
    await ana.says("there you are")
    await world.settles()
    assert page.reads() == ["hello Chi", "make yourself at home", "there you are"]


async def test_so_it_is_at_a_node_that_opens_the_room_for_that_page(world, one, two):
    _, chi = await greeted(world, one)
    page = await chi.comes(two)
    assert page.reads() == ["hello Chi"]


async def test_where_nobody_knows_it_any_more_the_page_begins_empty(world, one, two):
    ana, chi = await greeted(world, one)
    one.engine.whispers = asyncio.Event()
    page = await chi.comes(two)
    assert page.reads() == []
    await ana.says("there you are")
    await world.settles()
    assert page.reads() == ["there you are"]


async def test_a_page_that_is_loaded_again_or_a_second_one_begins_empty(world, one, two):
    _, chi = await greeted(world, one)
    first = await chi.comes(one)
    assert first.reads() == ["hello Chi"]
    for node in (one, two):
        assert (await chi.comes(node)).reads() == []


async def test_who_left_and_comes_again_by_the_door_reads_from_then_on(world, one, two):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    await ben.leaves()
    await ana.says("he has gone")
    world.clock.at += 10
    await ben.person.comes_through_the_door(two)
    await ana.says("hello again")
    await world.settles()
    assert (await ben.person.comes(two)).reads() == ["hello again"]


async def test_who_was_let_in_meanwhile_reads_from_then_on(world, one, two):
    (ana,) = await world.under_way(one, "Ana")
    await ana.asks(SetDoor("knock"))
    chi = world.member("Chi")
    await chi.comes_through_the_door(two)
    await ana.says("who is that at the door?")
    await ana.asks(Admit(chi.id))
    await ana.says("come in, Chi")
    await world.settles()
    assert (await chi.comes(two)).reads() == ["come in, Chi"]


async def test_who_still_waits_reads_nothing(world, one, two):
    (ana,) = await world.under_way(one, "Ana")
    await ana.asks(SetDoor("knock"))
    chi = world.member("Chi")
    await chi.comes_through_the_door(one)
    await ana.says("not for those outside")
    page = await chi.comes(two)
    assert (page.at, page.reads()) == (None, [])
    await ana.admits(page)
    await ana.says("come in, Chi")
    await world.settles()
    assert page.reads() == ["come in, Chi"]


async def test_a_room_that_keeps_nothing_begins_empty():
    async with World(Terms(START, keeps_catch_up=False)) as world:
        one = await world.node()
        ana, chi = await greeted(world, one)
        page = await chi.comes(one)
        assert page.reads() == []
        await ana.says("there you are")
        assert page.reads() == ["there you are"]


async def test_a_page_that_took_longer_than_anything_is_kept_begins_empty(world, one):
    _, chi = await greeted(world, one)
    world.clock.at += LONGEST_SECONDS + 1
    one.hosting.people.ring.expire(world.clock())
    assert (await chi.comes(one)).reads() == []
