"""What exists right now, at every node: each is asked, and of one that does not answer nothing is claimed."""

import asyncio

import pytest

from rooms import receipts
from rooms.engines import EngineDown
from rooms.live.lifecycle import End
from rooms.live.words import OVER
from rooms.receipts import CHANNEL, MOST_ASKED, Everywhere, Holds, Receipts
from tests.host.world import SESSION, Engine, Node, Phone, World


@pytest.fixture
async def evening(world: World, one: Node, two: Node) -> tuple[Phone, Phone]:
    """Ana and Ben at the first node; the second hosts the room too."""
    ana = await world.facilitator("Ana").comes(one)
    ben = await world.member("Ben").comes(one)
    await ana.starts()
    await two.host()
    await world.passes(1)
    return ana, ben


async def asked(node: Node, person: Phone) -> Everywhere:
    return await node.house.everywhere(SESSION, person.actor.seat)


class TestAnotherNode:
    async def test_it_says_itself_what_it_holds_for_the_one_who_asks(self, world, one, two, evening):
        _, ben = evening
        three = await world.node()
        await ben.says("one thing")
        for node in (one, two, three):
            found = await asked(node, ben)
            here, *others = sorted([found.here, *found.others], key=lambda each: each.hosts)
            assert here == Holds()
            assert [(each.messages, each.inside, each.names) for each in others] == [
                (1, True, 2),
                (1, True, 2),
            ]
            assert found.silent == 0

    async def test_it_knows_what_this_person_may_know(self, one, two, evening):
        ana, ben = evening
        await ben.writes("may I ask you something")
        for node in (one, two):
            found = await asked(node, ana)
            assert [each.notes for each in (found.here, *found.others)] == [1, 1]
        stranger = await two.house.everywhere(SESSION, "nobody")
        assert [each.inside for each in (stranger.here, *stranger.others)] == [False, False]
        assert [each.names for each in (stranger.here, *stranger.others)] == [0, 0]

    async def test_at_the_end_each_has_looked_itself(self, world, one, two, evening):
        ana, ben = evening
        await ben.says("the last word")
        for _ in range(2):
            await ana.asks(End())
        assert two.hosting.room.state in OVER
        three = await world.node()
        found = await asked(three, ben)
        assert [(each.over, each.words, each.members) for each in found.others] == [(True, False, True)] * 2
        # Were anything left at one of them, it would be that one that says so.
        two.hosting._following.room = two.hosting.room.with_recent(taken_back=frozenset({"m"}))
        found = await asked(three, ben)
        assert sorted(each.words for each in found.others) == [False, True]

    async def test_one_that_does_not_answer_is_counted_and_nothing_is_claimed_of_it(
        self, world, one, two, evening
    ):
        _, ben = evening
        two.house._receipts._engine = silent = Engine(world.hub)
        silent.whispers = EngineDown(sent=False)
        found = await asked(one, ben)
        assert (found.here.hosts, found.others, found.silent) == (True, (), 1)

    async def test_without_an_engine_nobody_answers(self, one, two, evening):
        _, ben = evening
        one.engine.whispers = EngineDown(sent=False)
        assert (await asked(one, ben)).silent == 1

    async def test_who_asks_too_much_at_once_is_told_of_this_node_alone(self, one, two, evening):
        _, ben = evening
        waiting = one.house._receipts._asked
        waiting |= {str(number): receipts._Waiting({two.engine.node}) for number in range(MOST_ASKED)}
        found = await asked(one, ben)
        assert (found.here.messages, found.others, found.silent) == (0, (), 1)
        waiting.popitem()
        assert (await asked(one, ben)).silent == 0
        assert len(waiting) == MOST_ASKED - 1

    async def test_one_that_missed_the_question_is_heard_at_the_next(self, one, two, evening):
        _, ben = evening
        two.engine.deaf = True
        assert (await asked(one, ben)).silent == 1
        two.engine.deaf = False
        assert (await asked(one, ben)).silent == 0

    async def test_what_is_no_question_and_no_answer_to_one_is_nothing(self, one, two, evening):
        _, ben = evening
        other = receipts._TELL + receipts._encode(receipts._Tell("not asked", "a node", Holds(words=True)))
        for note in (b"ask rubbish", b"something else", other):
            await two.engine.whisper(CHANNEL, note)
        found = await asked(one, ben)
        assert (len(found.others), found.silent) == (1, 0)

    async def test_it_answers_again_when_the_engine_is_back(self, world, one, evening, monkeypatch):
        _, ben = evening
        monkeypatch.setattr(receipts, "RETRY_SECONDS", 0.0)
        async with Engine(world.hub) as engine:
            late = Receipts(engine, lambda _: None)
            engine.down = EngineDown(sent=False)
            answering = asyncio.create_task(late.answer())
            for _ in range(5):
                await asyncio.sleep(0)
            assert engine.refused > 1
            engine.down = None
            while (await asked(one, ben)).silent:
                pass
            answering.cancel()


async def test_a_node_alone_asks_nobody(world, one):
    ana = await world.facilitator("Ana").comes(one)
    one.engine.whispers = EngineDown(sent=False)
    found = await asked(one, ana)
    assert (found.here.hosts, found.others, found.silent) == (True, (), 0)
