"""What a node counts: each thing once, and nothing of who or what it was about."""

import asyncio
from dataclasses import fields

from rooms.deciding import Done
from rooms.engines import EngineDown, Gap
from rooms.live import Refusal, State
from rooms.live.talk import Say
from rooms.tally import BOUNDS, Durations, Tally
from tests.host.world import SESSION, until


def counted(tally: Tally) -> dict[str, int]:
    return {each.name: value for each in fields(tally) if isinstance(value := getattr(tally, each.name), int)}


async def test_an_evening_in_which_nothing_goes_wrong_is_commits_alone(world, one):
    _, ben = await world.under_way(one, "Ana", "Ben")
    before = one.house.tally.committed
    await ben.says("hi")
    assert counted(one.house.tally) == {
        "committed": before + 1,
        "conflicts": 0,
        "repeated": 0,
        "undone": 0,
        "gaps": 0,
    }
    assert sum(one.house.tally.healed.counts) == 0
    assert one.house.census == {State.LIVE: 1}


async def test_what_is_sent_again_is_repeated_and_who_comes_second_conflicts(world, one, two):
    _, ben = await world.under_way(one, "Ana", "Ben")
    await ben.asks(Say("hi"), ref="a1")
    await ben.asks(Say("hi"), ref="a1")
    assert one.house.tally.repeated == 1
    one.engine.contested = True
    assert await ben.asks(Say("again")) == Refusal("busy")
    one.engine.contested = False
    await world.settles()
    assert one.house.tally.conflicts > 0
    assert counted(two.house.tally)["conflicts"] == 0, "each node counts its own"


async def test_what_nobody_knows_of_is_undone(world, one):
    _, ben = await world.under_way(one, "Ana", "Ben")
    one.engine.down = EngineDown(sent=True)
    assert await ben.asks(Say("hi"), ref="a1") == Refusal("unavailable")
    one.engine.down = None
    assert one.house.tally.undone == 1
    assert isinstance(await ben.asks(Say("hi"), ref="a1"), Done)


async def test_a_gap_is_counted_and_how_long_it_took_to_heal(world, one):
    await world.under_way(one, "Ana", "Ben")
    one.engine.down = EngineDown(sent=False)
    world.hub.tell(SESSION, Gap())
    await until(lambda: one.engine.refused > 0)
    assert (one.house.tally.gaps, sum(one.house.tally.healed.counts)) == (1, 0)
    one.engine.down = None
    await until(lambda: sum(one.house.tally.healed.counts) == 1)
    assert one.house.tally.healed.seconds >= 0.4, "it asks again after half a second"


async def test_who_is_apart_is_counted_once_it_is_back(world, one):
    await world.under_way(one, "Ana")
    one.house.show_touch()
    one.engine.unwell = True
    one.house.show_touch()
    one.house.show_touch()
    assert sum(one.house.tally.apart.counts) == 0
    await asyncio.sleep(0)
    one.engine.unwell = False
    one.house.show_touch()
    one.house.show_touch()
    assert sum(one.house.tally.apart.counts) == 1
    assert one.house.tally.apart.longest == one.house.tally.apart.seconds > 0


async def test_nothing_is_dropped_where_there_is_nobody_to_send_it(one):
    assert one.house.dropped == {}


def test_durations_lie_below_their_bounds():
    durations = Durations()
    for seconds in (0.0, BOUNDS[0], BOUNDS[0] + 0.001, BOUNDS[-1], BOUNDS[-1] + 1):
        durations.add(seconds)
    assert durations.counts == [2, 1, *[0] * (len(BOUNDS) - 3), 1, 1]
    assert durations.longest == BOUNDS[-1] + 1
