"""Who comes alone is in at once; who comes in a rush is let in with it, and holds up nobody else."""

import asyncio
from itertools import product

import pytest

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
        rush, room, other = Rush(look_seconds=0.5), Room(), Room()
        while not rush.gathers(room.go):
            pass
        assert all(rush.gathers(room.go) for _ in range(MANY))
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
        assert (
            loop.time() - began >= 2 * LONGEST_SECONDS - 0.001
        )  # the clock of a loop counts whole milliseconds


class TestInARoom:
    @pytest.fixture
    async def people(self, world, one):
        """Ana facilitates, Ben is there; and a rush will not be over by itself."""
        people = await world.under_way(one, "Ana", "Ben")
        one.hosting._carrying._rush = Rush(look_seconds=60)
        return people

    async def test_those_of_a_rush_are_one_commit_and_one_change_of_the_list_of_people(
        self, world, one, people
    ):
        ana, ben = people
        guests = coming(world, MANY + 60)
        before, rosters = one.engine.commits, ben.types().count("controls")
        asked = []
        for guest in guests:
            asked.append(asyncio.ensure_future(one.hosting.ask(Arrive(guest.actor.name), guest.actor)))
            await turns(8)  # each comes at a turn of their own, and would be a commit of their own
        assert one.engine.commits - before == MANY - 1
        # What is said waits for nobody, and takes them along.
        assert isinstance(await ben.asks(Say("come in, all of you")), Done)
        outcomes = await asyncio.gather(*asked)
        assert all(isinstance(outcome, Done) for outcome in outcomes)
        assert one.engine.commits - before == MANY
        assert ben.types().count("controls") - rosters == MANY
        assert len(ana.people) == len(ben.people) == len(guests) + 2

    async def test_a_facilitator_waits_for_no_rush(self, world, one, people):
        while not one.hosting._carrying._rush.gathers(one.hosting._carrying._asked.set):
            pass
        jo = await world.facilitator("Jo").comes(one)
        assert jo.room["state"] == "live"
