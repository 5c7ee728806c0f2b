"""Who comes alone is in at once; who comes in a rush is let in with it, and holds up nobody else."""

import asyncio
from itertools import product

from rooms.deciding import Done
from rooms.live.door import Arrive
from rooms.live.talk import Say
from rooms.rush import LONGEST_SECONDS, MANY, Rush
from tests.host.world import until


class Room:
    """What waits to be told that it is time."""

    def __init__(self) -> None:
        self.gone = 0

    def go(self) -> None:
        self.gone += 1


def coming(world, count):
    letters = product("abcdefghjklmnopqrstuvwxyz", repeat=2)
    return [
        world.member(f"Guest {one}{other}") for (one, other), _ in zip(letters, range(count), strict=False)
    ]


async def turns(count):
    for _ in range(count):
        await asyncio.sleep(0)


class TestTheRush:
    async def test_a_few_are_no_rush(self):
        rush, room = Rush(), Room()
        assert not any(rush.gathers(room.go) for _ in range(MANY - 1))

    async def test_whoever_makes_it_many_waits_and_is_called_once(self):
        rush, room, other = Rush(), Room(), Room()
        waits = [rush.gathers(room.go) for _ in range(2 * MANY)]
        assert waits == [False] * (MANY - 1) + [True] * (MANY + 1)
        assert rush.gathers(other.go)
        await until(lambda: room.gone > 0 and other.gone > 0)
        assert (room.gone, other.gone) == (1, 1)

    async def test_after_a_pause_it_is_no_rush_any_more(self):
        rush, room = Rush(), Room()
        while not rush.gathers(room.go):
            pass
        await until(lambda: room.gone == 1)
        await until(lambda: not rush.gathers(room.go))

    async def test_a_rush_without_a_pause_is_let_in_in_time(self):
        rush, room = Rush(), Room()
        loop = asyncio.get_running_loop()
        while not rush.gathers(room.go):
            pass
        began = loop.time()
        while room.gone < 2:
            assert rush.gathers(room.go)
            assert rush.gathers(room.go)
            await asyncio.sleep(0)
        assert loop.time() >= began + 2 * LONGEST_SECONDS


class TestInARoom:
    async def test_those_of_a_rush_are_one_commit_and_one_change_of_the_list_of_people(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        guests = coming(world, MANY + 60)
        before, rosters = one.engine.commits, ben.types().count("controls")
        asked = []
        for guest in guests:
            asked.append(asyncio.ensure_future(one.hosting.ask(Arrive(guest.actor.name), guest.actor)))
            await turns(8)  # each comes at a turn of its own, and would be a commit of its own
        outcomes = await asyncio.gather(*asked)
        assert all(isinstance(outcome, Done) for outcome in outcomes)
        await world.settles()
        assert one.engine.commits - before <= MANY + 2
        assert ben.types().count("controls") - rosters <= MANY + 2
        assert len(ana.people) == len(ben.people) == len(guests) + 2

    async def test_what_is_said_meanwhile_waits_for_nobody_and_takes_them_along(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        rush = one.house._rush
        while not rush.gathers(one.hosting._asked.set):
            pass
        chi = world.member("Chi")
        coming_in = asyncio.ensure_future(one.hosting.ask(Arrive("Chi"), chi.actor))
        await asyncio.sleep(0)
        before = one.engine.commits
        assert isinstance(await ben.asks(Say("hello, Chi")), Done)
        assert isinstance(await coming_in, Done)
        assert one.engine.commits - before == 1
        assert rush.gathers(one.hosting._asked.set), (
            "it was let in by what was said, not by the end of the rush"
        )
        assert ana.reads() == ["hello, Chi"]

    async def test_a_facilitator_waits_for_no_rush(self, world, one):
        await world.under_way(one, "Ana", "Ben")
        rush = one.house._rush
        while not rush.gathers(one.hosting._asked.set):
            pass
        jo = await world.facilitator("Jo").comes(one)
        assert rush.gathers(one.hosting._asked.set)
        assert jo.room["state"] == "live"
