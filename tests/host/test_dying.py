"""Random evenings at three nodes whose clocks differ, one of which dies now and then: nobody loses or repeats a word.

A seed that fails is an evening to be told: make it a test of its own.
"""

import asyncio
import itertools
import os
import random

import pytest

from rooms.deciding import Done
from rooms.live import Terms
from rooms.live.talk import Say
from rooms.live.words import Role
from tests.host.test_recovery import resumed
from tests.host.world import SESSION, START, Node, Phone, World, until

SEEDS = range(200 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 10)
STEPS = 80


@pytest.mark.parametrize("seed", SEEDS)
async def test_evening(seed, caplog):
    async with World(Terms(START, seats=50), answer_seconds=10.0) as world:
        evening = Evening(world, random.Random(seed))
        await evening.begins()
        for _ in range(STEPS):
            await evening.goes_on()
        await evening.ends()
    assert "a live room stopped" not in caplog.text


class Evening:
    """Everybody is inside from the beginning to the end, whatever becomes of their connections."""

    def __init__(self, world: World, dice: random.Random) -> None:
        self.world = world
        self.dice = dice
        self.here: list[Phone] = []
        self.away: list[tuple[int, Phone]] = []
        self.steps = 0
        self.words = itertools.count()
        self.acknowledged: list[str] = []

    async def begins(self) -> None:
        for _ in range(3):
            await self.a_node_starts()
        self.here = await self.world.under_way(self.a_node(), "Ana")
        for name in ("Ben", "Chi", "Dov", "Eli", "Fay"):
            self.here.append(await self.world.member(name).comes(self.a_node()))
        self.world.due[SESSION] = self.world.terms[SESSION]
        await self.two_keep_it()

    async def goes_on(self) -> None:
        self.steps += 1
        match self.dice.choices(["say", "drop", "time", "die"], weights=[50, 15, 15, 5])[0]:
            case "say":
                await self.says(self.dice.choice(self.here))
            case "drop" if len(self.here) > 2:
                # Ana stays, or the room would be held before long.
                phone = self.dice.choice([phone for phone in self.here if phone.actor.role is Role.MEMBER])
                self.here.remove(phone)
                phone.drops()
                self.away.append((self.steps + self.dice.randrange(6), phone))
            case "time":
                await self.world.passes(self.dice.choice([0.1, 0.5, 3.0]))
            case "die":
                await self.one_dies()
            case _:
                pass
        for due, phone in self.away.copy():
            if due <= self.steps:
                self.away.remove((due, phone))
                await self.comes_back(phone)

    async def ends(self) -> None:
        for _, phone in self.away:
            await self.comes_back(phone)
        await self.world.settles()
        first, *others = [phone.reads() for phone in self.here]
        assert all(read == first for read in others)
        assert sorted(first) == sorted(self.acknowledged)
        assert len({phone.at for phone in self.here}) == 1

    # What happens

    async def says(self, phone: Phone) -> None:
        number = next(self.words)
        assert isinstance(await phone.asks(Say(f"word {number}"), ref=f"a{number}"), Done)
        self.acknowledged.append(f"word {number}")

    async def one_dies(self) -> None:
        """In mid-sentence. Whoever was there comes back to another, and asks again for what was not answered."""
        dead = self.dice.choice(self.world.nodes)
        speaker = next((phone for phone in self.here if phone.node is dead), None)
        number = next(self.words)
        word = Say(f"word {number}")
        saying = None
        if speaker is not None:
            saying = asyncio.create_task(speaker.asks(word, ref=f"a{number}"))
            for _ in range(self.dice.randrange(5)):
                await asyncio.sleep(0)
        dead.dies()
        gone = [phone for phone in self.here if phone.node is dead]
        self.here = [phone for phone in self.here if phone.node is not dead]
        for phone in gone:
            await self.comes_back(phone)
        if saying is not None and speaker is not None:
            saying.cancel()
            again = next(phone for phone in self.here if phone.id == speaker.id)
            assert isinstance(await again.asks(word, ref=f"a{number}"), Done)
            self.acknowledged.append(word.text)
        await self.a_node_starts()
        for _ in range(15):
            await self.world.passes(1)
        await self.two_keep_it()

    async def comes_back(self, phone: Phone) -> None:
        again = await phone.comes_back(self.a_node())
        assert resumed(again), "somebody is told that they may have missed something"
        self.here.append(again)

    # Nodes

    def a_node(self) -> Node:
        return self.dice.choice(self.world.nodes)

    async def a_node_starts(self) -> None:
        await self.world.node(skew=self.dice.choice([-20.0, -1.0, 0.0, 0.3, 20.0]))

    async def two_keep_it(self) -> None:
        await self.world.passes(2)
        await until(lambda: sum(node.hosts_it for node in self.world.nodes) >= 2)
        await self.world.settles()
