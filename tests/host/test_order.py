"""Two hosts of one room: one order, no local echo, an answer only after what it answers."""

import asyncio
from itertools import product

from rooms.carrying import MOST_WAITING
from rooms.deciding import Done
from rooms.live import Refusal
from rooms.live.door import Arrive
from rooms.live.talk import Say
from rooms.live.words import State
from tests.host.world import START, Phone


async def test_what_is_said_at_one_node_is_read_at_both_in_one_order(world, one, two):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    chi = await world.member("Chi").comes(two)
    await asyncio.gather(*(phone.says(f"{phone.id} {n}") for n in range(10) for phone in (ana, ben, chi)))
    await world.settles()
    assert len(ana.reads()) == 30
    assert ana.reads() == ben.reads() == chi.reads()


async def test_nothing_is_shown_that_did_not_come_back_from_the_engine(world, one, two):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    await world.settles()
    one.engine.deaf = True
    saying = asyncio.create_task(ben.says("is anybody there?"))
    chi = await world.member("Chi").comes(two)
    assert ben.reads() == ana.reads() == []
    assert not saying.done()
    one.engine.deaf = False
    await chi.says("yes")
    await saying
    ben.is_refused("unavailable")


async def test_the_event_comes_before_its_ack_and_its_number_is_the_one_people_saw(world, one):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    outcome = await ben.asks(Say("hi"))
    assert ben.types()[-2:] == ["said", "ack"]
    assert outcome == Done(ben.shown[-1]["seq"])
    assert ben.shown[-1]["seq"] == ana.shown[-1]["seq"]


async def test_controls_come_with_the_event_that_changed_them(world, one):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    await ana.pauses()
    assert ben.types()[-2:] == ["paused", "controls"]
    assert ana.types()[-3:] == ["paused", "controls", "ack"]
    assert ben.room["state"] == "paused"
    assert ben.room["by"] == "Ana"
    assert "start" not in ben.room["may"]


async def test_of_two_facilitators_at_once_one_is_told_already(world, one, two):
    ana, jo = await world.facilitator("Ana").comes(one), await world.facilitator("Jo").comes(two)
    await world.settles()
    world.clock.at = START
    outcomes = await asyncio.gather(ana.starts(), jo.starts())
    assert sorted(map(type, outcomes), key=str) == [Done, Refusal]
    assert (ana.refusal or jo.refusal) == Refusal("already")
    await world.settles()
    assert len(ana.got("started")) == len(jo.got("started")) == 1
    assert one.hosting.room == two.hosting.room


async def test_however_slowly_the_engine_answers(world, one, two):
    ana, jo = await world.facilitator("Ana").comes(one), await world.facilitator("Jo").comes(two)
    await world.settles()
    world.clock.at = START
    one.engine.slow = two.engine.slow = True
    await asyncio.gather(ana.starts(), jo.starts())
    assert (ana.refusal or jo.refusal) == Refusal("already")
    await world.settles()
    assert one.hosting.room == two.hosting.room


async def test_nothing_said_passes_a_quiet(world, one, two):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    there = await world.member("Ben").comes(two)
    await world.settles()
    quieting, saying = await asyncio.gather(ana.quiets(ben), there.asks(Say("one more thing")))
    await world.settles()
    order = [frame["type"] for frame in ana.shown if frame["type"] in {"said", "quieted"}]
    assert isinstance(quieting, Done)
    if isinstance(saying, Refusal):
        assert saying.why == "quieted"
        assert order == ["quieted"]
    else:
        assert order == ["said", "quieted"]


async def test_a_hundred_who_wait_together_come_in_with_few_commits_and_one_arrival(world, one, two):
    ana = await world.facilitator("Ana").comes(one)
    before = one.engine.commits
    crowd = [world.member(f"Guest {one}{other}") for one, other in product("abcdefghjk", repeat=2)]
    host = one.hosting
    outcomes = await asyncio.gather(*(host.ask(Arrive(each.actor.name), each.actor) for each in crowd))
    await world.settles()
    assert all(isinstance(outcome, Done) for outcome in outcomes)
    assert one.engine.commits - before == 1
    assert len(ana.got("arrived")) == 1
    assert len(ana.got("arrived")[0]["people"]) == 100
    # Nothing of them that is as it always begins.
    told = {"id", "name", "role", "place", "arrived_at", "away_since"}
    assert all(seat.keys() == told for seat in ana.got("arrived")[0]["people"])
    assert len(ana.people) == 101
    assert (await two.host()).room == host.room


async def test_commands_that_wait_together_are_decided_one_after_the_other(world, one):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    before = one.engine.commits
    said, quieted, refused = await asyncio.gather(ben.asks(Say("one")), ana.quiets(ben), ben.asks(Say("two")))
    assert one.engine.commits - before == 1
    assert isinstance(said, Done)
    assert isinstance(quieted, Done)
    assert refused == Refusal("quieted")
    assert ana.reads() == ["one"]


async def test_silence_is_answered_too(world, one):
    await world.under_way(one, "Ana")
    again = Phone(world.facilitator("Ana"), one)
    assert await one.hosting.ask(Arrive("Ana"), again.actor) == Done()


async def test_a_host_that_is_asked_too_much_at_once_says_so(world, one):
    _, ben = await world.under_way(one, "Ana", "Ben")
    one.engine.deaf = True
    asked = [asyncio.create_task(ben.asks(Say("hi"))) for _ in range(MOST_WAITING + 2)]
    await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    assert {task.result() for task in asked if task.done()} == {Refusal("busy")}
    one.engine.deaf = False
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)


async def test_times_and_numbers_only_grow(world, one, two):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    chi = await world.member("Chi").comes(two)
    await asyncio.gather(*(phone.says("hi") for phone in (ana, ben, chi) * 5))
    await world.settles()
    ids = [frame["id"] for frame in ana.shown if frame["type"] == "said"]
    assert len(set(ids)) == 15
    assert one.hosting.room.state is State.LIVE
