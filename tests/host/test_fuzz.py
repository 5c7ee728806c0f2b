"""Random evenings at two nodes: people say, moderate, drop and come back, nodes lose what they hear; all converge.

A seed that fails is an evening to be told: make it a test of its own.
"""

import asyncio
import itertools
import os
import random

import pytest

from rooms.deciding import Done
from rooms.engines import Gap, Position
from rooms.live import Command, Refusal, Terms
from rooms.live.door import Admit, Leave, Remove
from rooms.live.lifecycle import Extend, Pause, Resume
from rooms.live.moderation import Quiet, TakeDown, Unquiet
from rooms.live.talk import Say, TakeBack
from tests.host.world import SESSION, START, Node, Person, Phone, World

SEEDS = range(200 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 12)
STEPS = 150


@pytest.mark.parametrize("seed", SEEDS)
async def test_evening(seed, caplog):
    async with World(Terms(START, seats=8), answer_seconds=0.02) as world:
        evening = Evening(world, await world.two(), random.Random(seed))
        await evening.begins()
        for _ in range(STEPS):
            await evening.goes_on()
        await evening.comes_to_rest()
        evening.has_converged()
    assert "a live room stopped" not in caplog.text


class Evening:
    """Two facilitators and six members, each with at most one phone that is connected or on its way."""

    def __init__(self, world: World, nodes: tuple[Node, Node], dice: random.Random) -> None:
        self.world = world
        self.nodes = nodes
        self.dice = dice
        self.people = [
            *map(world.facilitator, ("Ana", "Jo")),
            *map(world.member, ("Ben", "Chi", "Dov", "Eli", "Fay", "Gus")),
        ]
        self.phones: dict[str, Phone] = {}
        self.pages: list[Phone] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self.words = itertools.count()
        self.said: dict[str, str] = {}
        self.unanswered: list[tuple[Person, str, float]] = []

    async def begins(self) -> None:
        ana = await self.people[0].comes(self.nodes[0])
        self.has_come(ana)
        self.world.clock.at = START
        await ana.starts()

    async def goes_on(self) -> None:
        person = self.dice.choice(self.people)
        phone = self.phones.get(person.id)
        match self.dice.choices(
            ["ask", "move", "time", "deaf", "gap", "slow"], weights=[60, 25, 15, 2, 1, 3]
        )[0]:
            case "ask" if phone is not None and phone.closed is None:
                self.background(self.asks(phone))
            case "move":
                self.background(self.moves(person))
            case "time":
                self.world.clock.at += self.dice.choice([0.1, 0.5, 3.0, 13.0])
                for node in self.nodes:
                    await node.house.pass_time()
            case "deaf":
                node = self.dice.choice(self.nodes)
                node.engine.deaf = not node.engine.deaf
                self.world.hub.tell(SESSION, Gap())
            case "gap":
                self.world.hub.tell(SESSION, Gap())
            case "slow":
                node = self.dice.choice(self.nodes)
                node.engine.slow = not node.engine.slow
            case _:
                pass
        for _ in range(self.dice.randrange(4)):
            await asyncio.sleep(0)

    async def comes_to_rest(self) -> None:
        """The nodes are well again, whoever was on the way arrives, and whoever got no answer asks once more."""
        for node in self.nodes:
            node.engine.deaf = node.engine.slow = False
        self.world.hub.tell(SESSION, Gap())
        await self.settles()
        for person, text, asked_at in self.unanswered.copy():
            phone = self.phones.get(person.id)
            # A page hands words back after a minute: the room knows a ref for two.
            if phone is not None and phone.closed is None and self.world.clock.at < asked_at + 60:
                await self.says(phone, text)
        await self.settles()

    async def settles(self) -> None:
        while self.tasks:
            await asyncio.wait(self.tasks, timeout=0.01)
            self.world.clock.at += 1
            for node in self.nodes:
                await node.house.pass_time()
        await self.world.settles()

    # What people do

    async def moves(self, person: Person) -> None:
        """Comes for the first time, drops, or comes back to either node."""
        phone = self.phones.pop(person.id, None)
        node = self.dice.choice(self.nodes)
        if phone is not None and phone.closed is None:
            phone.drops()
            phone.closed = 0
            if self.dice.random() < 0.5:
                self.phones[person.id] = phone
                return
        came = await (person.comes(node) if phone is None else phone.comes_back(node))
        if came.refusal is None and came.closed is None:
            self.has_come(came)

    def has_come(self, phone: Phone) -> None:
        other = self.phones.get(phone.id)
        if other is not None and other.closed is None:
            phone.drops()
            phone.closed = 0
        else:
            self.phones[phone.id] = phone
        self.pages.append(phone)

    async def asks(self, phone: Phone) -> None:
        command = self.something(phone)
        if isinstance(command, Say):
            await self.says(phone, command.text)
        else:
            await phone.asks(command)

    async def says(self, phone: Phone, text: str) -> None:
        outcome = await phone.asks(Say(text), ref=text.replace(" ", "."))
        if isinstance(outcome, Done):
            self.said[text] = "done"
        elif outcome == Refusal("unavailable"):
            self.said[text] = "unknown"
            self.unanswered.append((phone.person, text, self.world.clock.at))
        else:
            self.said[text] = "refused"

    def something(self, phone: Phone) -> Command:
        if phone.person in self.people[:2] and self.dice.random() < 0.4:
            other = self.dice.choice(self.people[2:]).id
            return self.dice.choice(
                [
                    *[Quiet(other, 2, "unkind")] * 3,
                    *[Unquiet(other)] * 2,
                    *[Admit(None)] * 3,
                    Pause("a_minute"),
                    *[Resume()] * 4,
                    Extend(),
                    *([Remove(other, "unkind")] if self.dice.random() < 0.1 else []),
                    *[TakeDown(self.some_message(phone), "unkind")] * 2,
                ]
            )
        return self.dice.choices(
            [Say(f"word {next(self.words)} of {phone.id}"), TakeBack(self.some_message(phone)), Leave()],
            weights=[30, 3, 1],
        )[0]

    def some_message(self, phone: Phone) -> str:
        return self.dice.choice([message for _, message in phone.texts_with_ids()] or ["s?.1"])

    def background(self, work: object) -> None:
        assert asyncio.iscoroutine(work)
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.is_done)

    def is_done(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        task.result()

    # What must be so in the end

    def has_converged(self) -> None:
        one, two = (node.hosting for node in self.nodes)
        assert one.room.controls == two.room.controls
        assert one.at == two.at
        order: dict[Position, tuple[str, str]] = {}
        for page in self.pages:
            for at, kind, about in page.order:
                assert order.setdefault(at, (kind, about)) == (kind, about), "two orders"
            if page.closed is None and page.at is not None:
                assert page.at == one.at, "a page that is connected is where the room is"
        for page in self.pages:
            texts = [text for text in page.reads() if text]
            assert len(texts) == len(set(texts)), f"something was said twice: {texts}"
            assert not [text for text in texts if self.said.get(text) == "refused"], "a no was carried"
            assert not [
                frame
                for frame in page.shown
                if frame["type"] == "removed"
                and frame["seat"] != page.id
                and page.person not in self.people[:2]
            ]
        for seat in one.room.controls.removed:
            phone = self.phones.get(seat)
            assert phone is None or phone.closed is not None
