"""More than one node: who keeps a room, who asks whom for what was said, and what is left when a node dies or goes."""

import asyncio

from rooms import fanout
from rooms.engines import EngineDown, Position
from rooms.live import Terms
from rooms.live.corner import GoToCorner
from rooms.neighbours import Ask, _encode
from rooms.standby import keepers
from tests.host.test_recovery import missed, resumed
from tests.host.world import MINUTE, SESSION, START, Node, Phone, World, until


async def both_keep(world: World) -> None:
    """Both nodes look for rooms to keep, and find this one."""
    world.due[SESSION] = world.terms[SESSION]
    await world.passes(2)
    await until(lambda: all(node.hosts_it for node in world.nodes))
    await world.settles()


class TestKeepers:
    def test_two_of_them_the_same_for_everybody_and_evenly(self):
        nodes = [f"node {number}" for number in range(5)]
        rooms = [f"room {number}" for number in range(1000)]
        kept = {room: keepers(room, nodes) for room in rooms}
        assert all(len(each) == 2 for each in kept.values())
        assert kept == {room: keepers(room, reversed(nodes)) for room in rooms}
        for node in nodes:
            assert 300 < sum(node in each for each in kept.values()) < 500

    def test_one_that_dies_moves_only_its_own_rooms(self):
        nodes = [f"node {number}" for number in range(5)]
        for number in range(200):
            before = keepers(f"room {number}", nodes)
            after = keepers(f"room {number}", nodes[1:])
            assert before - {nodes[0]} <= after

    def test_a_node_alone_keeps_everything(self):
        assert keepers("room", ["node"]) == {"node"}


class TestStandby:
    async def test_of_three_nodes_two_host_a_room_to_which_nobody_has_come(self, world):
        nodes = [await world.node() for _ in range(3)]
        world.due[SESSION] = world.terms[SESSION]
        await world.passes(2)
        chosen = keepers(SESSION, [node.engine.node for node in nodes])
        assert {node.engine.node for node in nodes if node.house.hosted(SESSION)} == chosen
        assert [len(node.engine.nodes) for node in nodes] == [3, 3, 3]

    async def test_when_one_of_them_dies_the_third_takes_its_place(self, world):
        nodes = [await world.node() for _ in range(3)]
        world.due[SESSION] = world.terms[SESSION]
        await world.passes(2)
        dead = next(node for node in nodes if node.house.hosted(SESSION))
        dead.dies()
        await world.passes(15)
        assert all(node.house.hosted(SESSION) for node in world.nodes)

    async def test_who_was_at_a_node_that_died_misses_nothing_at_the_other(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await both_keep(world)
        ben.drops()
        await ana.says("one")
        await ana.says("two")
        one.dies()
        again = await ben.comes_back(two)
        assert resumed(again)
        assert missed(again) == ["one", "two"]

    async def test_also_of_what_was_said_before_the_other_opened_it(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        ben.drops()
        await ana.says("before anybody stood by")
        await both_keep(world)
        await until(lambda: not two.hosting.people.ring.lacks(ben.at))
        one.dies()
        again = await ben.comes_back(two)
        assert missed(again) == ["before anybody stood by"]

    async def test_a_node_to_which_nobody_comes_any_more_lets_go_of_a_room_that_others_keep(self, world):
        nodes = [await world.node() for _ in range(3)]
        chosen = keepers(SESSION, [node.engine.node for node in nodes])
        third = next(node for node in nodes if node.engine.node not in chosen)
        ben = await world.member("Ben").comes(third)
        await world.passes(4 * MINUTE)
        assert third.house.hosted(SESSION)
        ben.drops()
        await world.passes(1)
        await world.passes(179)
        assert third.house.hosted(SESSION)
        await third.house.host(SESSION)  # somebody looks in, and the time begins again
        await world.passes(2)
        await world.passes(179)
        assert third.house.hosted(SESSION)
        await world.passes(1)
        assert third.house.hosted(SESSION) is None

    async def test_but_not_of_one_that_it_keeps(self, world, one, two):
        await both_keep(world)
        for _ in range(3):
            await world.passes(3 * MINUTE)
        assert one.hosts_it
        assert two.hosts_it


class TestAsking:
    async def test_each_is_told_what_they_may_know_and_no_more(self, world, one, two):
        ana, ben, chi = await world.under_way(one, "Ana", "Ben", "Chi")
        message = await chi.says("her number is 01234")
        for phone in (ana, ben):
            phone.drops()
        await chi.takes_back(message)
        await chi.leaves()
        await world.member("Dov").comes(one)
        anas, bens = await ana.comes_back(two), await ben.comes_back(two)
        assert resumed(anas)
        assert resumed(bens)
        assert {"left", "arrived"} <= set(anas.types())
        assert not {"left", "arrived"} & set(bens.types())
        assert anas.at == bens.at == one.hosting.at
        assert "01234" not in str([anas.got("said"), bens.got("said")])

    async def test_ones_own_copy_comes_too(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        ben.drops()
        await ana.quiets(ben)
        again = await ben.comes_back(two)
        assert again.got("quieted")[0]["seat"] == ben.id

    async def test_who_comes_from_before_their_own_time_is_still_told_nothing_of_it(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        at = ben.at
        await ben.leaves()
        await ana.says("while Ben was out")
        again = await ben.person.comes(two, after=at)
        assert not resumed(again)
        assert "while Ben was out" not in str(again.frames)

    async def test_where_the_organiser_keeps_no_catch_up_nobody_asks(self):
        async with World(Terms(START, keeps_catch_up=False)) as world:
            one, two = await world.two()
            ana, ben = await world.under_way(one, "Ana", "Ben")
            ben.drops()
            await ana.says("hi")
            assert not resumed(await ben.comes_back(two))

    async def test_if_nobody_answers_it_is_said_honestly_and_soon(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        ben.drops()
        await ana.says("hi")
        one.engine.deaf = True
        again = await ben.comes_back(two)
        assert not resumed(again)
        assert again.at == two.hosting.at

    async def test_a_clock_that_is_behind_opens_no_time_that_was_not_theirs(self, world, one, two):
        """Ben is out while something is said by a node whose clock is ahead; he comes in again by one that is behind."""
        ana, ben = await world.under_way(one, "Ana", "Ben")
        at = ben.at
        await ben.leaves()
        world.clock.at += 30
        await ana.says("while Ben was out")
        world.clock.at -= 30
        again = await ben.person.comes(two, after=at)
        await world.settles()
        assert not two.hosting.people.ring.lacks(at)
        assert not resumed(again)
        again.drops()
        again.at = at
        assert not resumed(await again.comes_back())
        assert "while Ben was out" not in str(again.frames)

    async def test_what_an_engine_does_not_carry_is_not_waited_for_long(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        ben.drops()
        await ana.says("hi")
        two.engine.whispers = EngineDown(sent=False)
        assert not resumed(await ben.comes_back(two))

    async def test_who_goes_while_the_others_are_asked_is_gone(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        ben.drops()
        await ana.says("hi")
        one.engine.deaf = True
        host = await two.host()
        again = Phone(ben.person, two)
        host.join(again, Position(ben.at.epoch, ben.at.seq))
        assert not host.is_empty
        assert not host.part(again)
        assert host.is_empty
        assert again.frames == []

    async def test_who_waits_when_the_node_stops_is_asked_to_come_back(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        ben.drops()
        await ana.says("hi")
        one.engine.deaf = True
        stopping = Node(world)
        async with stopping.house:
            host = await stopping.host()
            again = Phone(ben.person, stopping)
            host.join(again, ben.at)
        assert again.closed == fanout.RESTARTING

    async def test_a_gap_that_another_node_can_close_is_closed_and_not_shown(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        chi = await world.member("Chi").comes(two)
        eve = await world.member("Eve").comes(two)
        await eve.asks(GoToCorner(shown=False, leave_be=False))
        await world.settles()
        world.clock.at += 6
        two.engine.deaf = True
        await ben.says("one")
        await ana.says("two")
        await until(lambda: two.engine.lost >= 2)
        two.engine.deaf = False
        await ben.says("three")
        await world.settles()
        assert chi.reads() == ["one", "two", "three"]
        assert chi.got("welcome")[-1]["resumed"] is True
        assert "said" not in eve.types()
        await ana.says("four")
        await world.settles()
        assert chi.reads()[-1] == "four"
        assert chi.at == ana.at


class TestNotes:
    """What goes over the channel between two hosts of a room, each with a ring of its own."""

    async def test_what_cannot_be_read_is_nothing(self, world, one, two):
        _, ben = await world.under_way(one, "Ana", "Ben")
        before = len(ben.frames)
        for note in (b"ask ", b"tell ", b"ask \xc1", b"tell \x81\xa1x\x01", b"psst", b""):
            await two.engine.whisper(SESSION, note)
        await ben.says("hi")
        assert ben.types()[before:] == ["said", "ack"]

    async def test_one_who_asks_too_often_is_answered_once(self, world, one):
        ana, _ = await world.under_way(one, "Ana", "Ben")
        await ana.says("hi")
        at = one.hosting.at
        asked = b"ask " + _encode(Ask("somebody", at.epoch, 0, at.seq))
        async with one.engine.listen(SESSION) as ear:
            for moment in (0.0, 1.0):
                world.clock.at += moment
                for _ in range(5):
                    await one.engine.whisper(SESSION, asked)
                while not (await anext(ear)).note.startswith(b"tell "):
                    pass
            await ana.says("marker")
            assert (await anext(ear)).entries

    async def test_nobody_answers_themselves_nor_another_time_nor_what_they_have_not_heard(self, world, one):
        ana, _ = await world.under_way(one, "Ana", "Ben")
        await ana.says("hi")
        at = one.hosting.at
        asks = [
            Ask(one.engine.node, at.epoch, 0, at.seq),
            Ask("somebody", "another", 0, at.seq),
            Ask("somebody", at.epoch, 0, at.seq + 1),
            Ask("somebody", at.epoch, at.seq, at.seq),
        ]
        notes = one.hosting._neighbours._notes
        for ask in asks:
            one.hosting._neighbours.hear(b"ask " + _encode(ask), at)
        assert not notes

    async def test_so_many_may_ask_at_once_and_no_more(self, world, one):
        ana, _ = await world.under_way(one, "Ana", "Ben")
        await ana.says("hi")
        at = one.hosting.at
        for number in range(20):
            ask = Ask(f"node {number}", at.epoch, 0, at.seq)
            one.hosting._neighbours.hear(b"ask " + _encode(ask), at)
        assert len(one.hosting._neighbours._notes) == 8

    async def test_a_crowd_that_comes_back_asks_once(self, world, one, two):
        ana, *crowd = await world.under_way(one, "Ana", "Ben", "Chi", "Dov")
        for phone in crowd:
            phone.drops()
        await ana.says("hi")
        one.engine.deaf = True
        host = await two.host()
        assert host.people.ring.lacks(crowd[0].at)
        async with two.engine.listen(SESSION) as ear:
            for moment in (0.0, 1.0, 3.9, 0.1):
                world.clock.at += moment
                for phone in crowd:
                    host.join(Phone(phone.person, two), phone.at)
            await until(lambda: not host._neighbours._notes)
            await two.engine.whisper(SESSION, b"marker")
            asked = []
            while (heard := await anext(ear)).note != b"marker":
                asked.append(heard.note[:4])
        assert asked == [b"ask "], "the first was asked before anybody listened"


class TestGoing:
    async def test_a_node_that_stops_hands_over_what_others_lack(self, world, one):
        """The other node has heard nothing of it: its question never arrived."""
        going = Node(world)
        async with going.house:
            ana, ben = await world.under_way(going, "Ana", "Ben")
            ben.drops()
            await ana.says("hi")
            one.engine.whispers = EngineDown(sent=False)
            await one.host()
            await world.settles()
            assert one.hosting.people.ring.lacks(ben.at)
        assert ana.closed == fanout.RESTARTING
        await until(lambda: not one.hosting.people.ring.lacks(ben.at))
        again = await ben.comes_back(one)
        assert missed(again) == ["hi"]

    async def test_one_that_cannot_does_not_wait_for_it(self, world, one, caplog, monkeypatch):
        monkeypatch.setattr("rooms.house.HAND_OVER_SECONDS", 0.01)
        going = Node(world)
        async with going.house:
            ana, _ = await world.under_way(going, "Ana", "Ben")
            await ana.says("hi")
            going.engine.whispers = asyncio.Event()
        assert "could not be handed over" in caplog.text

    async def test_a_deploy_announces_nothing(self, world, one):
        """Everybody is at the node that stops, and comes back to the other one within the grace."""
        going = Node(world)
        world.nodes.append(going)
        async with going.house:
            ana, ben, chi = await world.under_way(going, "Ana", "Ben", "Chi")
            await both_keep(world)
            await ana.says("hi")
            await world.settles()
        world.nodes.remove(going)
        assert ana.closed == ben.closed == chi.closed == fanout.RESTARTING
        await world.passes(6)
        pages = [await phone.comes_back(one) for phone in (ana, ben, chi)]
        for _ in range(4):
            await world.passes(10)
        for page in pages:
            assert resumed(page)
            assert not {"left", "arrived", "lost_touch", "returned"} & set(page.types())
