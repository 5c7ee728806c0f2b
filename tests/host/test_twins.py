"""Both rooms of a session over houses of hosts: opened, told of each other, wound up together, and kept by the same nodes."""

from dataclasses import replace

import pytest

from rooms import fanout
from rooms.deciding import Done
from rooms.engines import EngineDown
from rooms.live import THE_CLOCK, Refusal, State, Terms
from rooms.live.care import CallOnCall, OnCallAlerted
from rooms.live.door import Arrive
from rooms.live.lobby import TakeOffer
from rooms.live.twin import AnswerTwin, Cross, OpenTwin
from rooms.live.words import Place
from rooms.twins import second_of
from tests.host.world import MINUTE, SESSION, START, Node, Phone, World, until

SECOND = second_of(SESSION)


@pytest.fixture
def small(world: World) -> World:
    world.terms[SESSION] = Terms(START, seats=2, late_minutes=60)
    return world


async def stands_in_line(world: World, node: Node, name: str) -> Phone:
    """They come by the door of a full room, and their page joins them in the line."""
    who = world.member(name)
    outcome = await (await node.host()).ask(Arrive(name, in_line=True), who.actor)
    assert not isinstance(outcome, Refusal)
    return await who.comes(node)


async def an_open_twin(world: World, one: Node, other: Node) -> tuple[Phone, Phone, Phone, Phone]:
    """Ana, and Ben who has a seat, at one node; Jo in the second room, and Dee who stands in line, at the other."""
    ana, ben, _ = await world.under_way(one, "Ana", "Ben", "Chi")
    jo = await world.facilitator("Jo").comes(other)
    dee = await stands_in_line(world, other, "Dee")
    await ana.asks(OpenTwin(jo.id))
    await world.settles()
    await jo.asks(AnswerTwin(yes=True))
    await world.settles()
    there = await jo.person.comes(other, key=SECOND)
    await jo.leaves()
    await tells(world)
    return ana, there, ben, dee


async def tells(world: World) -> None:
    """The sweeps of every node, until all of them know."""
    for _ in range(4):
        await world.passes(0.5)


async def crosses(node: Node, who: Phone) -> Phone:
    seat = (await node.host()).room.controls.seats[who.id]
    outcome = await (await node.host(SECOND)).ask(Cross(seat), THE_CLOCK)
    assert isinstance(outcome, Done), outcome
    return await who.person.comes(node, key=SECOND)


class TestTwoNodes:
    async def test_who_goes_is_heard_there_whichever_node_they_come_from_and_who_stays_takes_the_next_seat(
        self, small, one, two
    ):
        ana, jo, ben, dee = await an_open_twin(small, one, two)
        eli = await stands_in_line(small, two, "Eli")
        assert dee.room["twin"] == {"phase": "open", "name": "Jo", "welcomes": True}
        assert (dee.you["place"], dee.you["in_line"]) == ("queued", 1)
        there = await crosses(one, dee)
        await tells(small)
        assert dee.closed == fanout.NOT_AVAILABLE
        assert eli.you["in_line"] == 1
        await there.says("a room of our own")
        await small.settles()
        assert jo.reads() == there.reads() == ["a room of our own"]
        assert ana.reads() == ben.reads() == []
        await ben.leaves()
        await tells(small)
        await eli.asks(TakeOffer())
        await small.settles()
        assert eli.you["place"] == "inside"
        await eli.says("made it")
        await small.settles()
        assert ana.reads() == ["made it"]
        assert jo.reads() == ["a room of our own"]

    async def test_when_a_node_dies_the_other_has_both_rooms_and_what_was_said_in_them(self, small, one, two):
        _, _, _, dee = await an_open_twin(small, one, two)
        there = await crosses(one, dee)
        await tells(small)
        await there.says("before")
        await small.settles()
        one.dies()
        back = await there.comes_back(two)
        await back.says("after")
        assert back.reads() == ["before", "after"]

    async def test_a_third_node_that_hosts_neither_lets_people_into_both(self, small, one, two):
        await an_open_twin(small, one, two)
        three = await small.node()
        host = await three.host(SECOND)
        assert host.room.state is State.LIVE
        fay = await stands_in_line(small, three, "Fay")
        there = await crosses(three, fay)
        await tells(small)
        await there.says("hello")
        assert there.reads() == ["hello"]

    async def test_after_the_end_whoever_has_a_word_left_in_the_second_finds_it_at_every_node(
        self, small, one, two
    ):
        ana, jo, _, _ = await an_open_twin(small, one, two)
        await ana.ends_now()
        await small.passes(1)
        await jo.ends_now()
        await ana.leaves()
        # The records know by now, and what was first has nothing left in it.
        for _ in range(50):
            await small.passes(1)
        assert one.finished == [(SESSION, State.ENDED)]
        small.terms[SESSION] = replace(small.terms[SESSION], over=State.ENDED)
        three = await small.node()
        assert await three.house.host(SESSION) is None
        back = await jo.person.comes(three, key=SECOND)
        assert back.room["state"] == "ended"
        assert back.you["debrief_until"] is not None
        await back.leaves()
        for _ in range(12):
            await small.passes(MINUTE)
        four = await small.node()
        assert await four.house.host(SECOND) is None

    async def test_a_removal_in_one_room_closes_the_page_in_the_other(self, small, one, two):
        ana, _, _, dee = await an_open_twin(small, one, two)
        there = await crosses(two, dee)
        await tells(small)
        await ana.removes(there)
        await tells(small)
        assert there.closed == fanout.REMOVED


class TestOneNode:
    async def test_there_is_no_second_room_before_somebody_said_yes_to_it(self, small, one):
        await small.under_way(one, "Ana")
        assert await one.house.host(SECOND) is None
        assert await one.house.host(second_of("unknown")) is None

    async def test_the_house_opens_it_when_they_did_and_nobody_finds_it_unbegun(self, small, one):
        ana, _, _ = await small.under_way(one, "Ana", "Ben", "Chi")
        jo = await small.facilitator("Jo").comes(one)
        await stands_in_line(small, one, "Dee")
        await ana.asks(OpenTwin(jo.id))
        await small.passes(0.5)
        assert one.house.hosted(SECOND) is None
        await jo.asks(AnswerTwin(yes=True))
        # The engine takes its time about the new room, and the sweeps go on.
        one.engine.mute = True
        await one.house.pass_time()
        opening = one.house.hosted(SECOND)
        assert opening is not None
        await one.house.pass_time()
        assert not opening.open.is_set()
        one.engine.mute = False
        await until(lambda: one.house.hosted(SECOND) is not None and one.house.hosted(SECOND).open.is_set())
        host = await one.house.host(SECOND)
        assert host is not None
        assert host.room.state is State.DOORS
        await tells(small)
        assert host.room.controls.lead == jo.id

    async def test_where_it_cannot_be_begun_nobody_comes_in_and_the_next_who_tries_may(self, small, one):
        ana, _, _ = await small.under_way(one, "Ana", "Ben", "Chi")
        jo = await small.facilitator("Jo").comes(one)
        await stands_in_line(small, one, "Dee")
        await ana.asks(OpenTwin(jo.id))
        await jo.asks(AnswerTwin(yes=True))
        await small.passes(0.5)
        one.engine.down = EngineDown(sent=False)
        assert await one.house.host(SECOND) is None
        one.engine.down = None
        assert await one.house.host(SECOND) is not None

    async def test_the_session_is_over_when_both_rooms_are_and_only_it_is_written_down(self, small, one):
        ana, jo, _, _ = await an_open_twin(small, one, one)
        await ana.ends_now()
        await small.passes(1)
        assert one.finished == []
        assert jo.room["state"] in {"live", "closing"}
        for _ in range(70):
            await small.passes(1)
        assert jo.room["state"] == "ended"
        assert one.finished == [(SESSION, State.ENDED)]
        for phone in (ana, jo):
            await phone.leaves()
        for _ in range(20):
            await small.passes(MINUTE)
        assert one.house.hosted(SECOND) is None
        await small.passes(MINUTE)
        assert one.house.hosted(SESSION) is None
        assert one.finished == [(SESSION, State.ENDED)]
        assert [small.hub.head(key).controls for key in (SESSION, SECOND)] == [None, None]

    async def test_a_call_from_the_second_room_is_a_call_from_the_session(self, small, one):
        _, jo, _, _ = await an_open_twin(small, one, one)
        await jo.asks(CallOnCall())
        await small.passes(1)
        assert [(key, type(event)) for key, event in one.noticed] == [(SESSION, OnCallAlerted)]

    async def test_nobody_is_moved_and_who_stays_in_line_stands_there(self, small, one):
        _, _, _, dee = await an_open_twin(small, one, one)
        for _ in range(60):
            await small.passes(1)
        assert one.hosting.room.controls.seats[dee.id].place is Place.QUEUED
        assert dee.closed is None

    async def test_what_is_known_already_is_committed_by_nobody(self, small, one, two):
        await an_open_twin(small, one, two)
        before = one.engine.commits + two.engine.commits
        for _ in range(5):
            await small.passes(0.5)
        assert one.engine.commits + two.engine.commits == before
