"""What holds at one node holds at every node: somebody whose phone comes out elsewhere meets the same room."""

import asyncio

import pytest

from rooms.deciding import Done
from rooms.live import THE_CLOCK, Refusal, Terms
from rooms.live.lobby import SetDoor
from rooms.live.looking import LookFirst
from rooms.live.moves import OfferMove, SeatMoved, UseMove
from rooms.live.protection import SlowMode
from rooms.live.seat import Rename
from rooms.live.talk import Say
from tests.host.world import START, World


async def test_slow_mode_holds_whichever_node_somebody_writes_at_and_is_reckoned_anew_when_changed(
    world, one, two
):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    chi = await world.member("Chi").comes(two)
    await ana.asks(SlowMode(30))
    await ben.says("one")
    await world.settles()
    elsewhere = await ben.comes_back(two)
    await elsewhere.says("two")
    elsewhere.is_refused("slow_mode")
    assert 29 < int(elsewhere.refusal.offers[0]) <= 30
    world.clock.at += 12
    await ana.asks(SlowMode(10))
    await world.settles()
    await elsewhere.says("two")
    await ben.says("three")
    ben.is_refused("slow_mode")
    await world.settles()
    await chi.says("and I")
    await world.settles()
    assert ana.reads() == chi.reads() == ["one", "two", "and I"]


async def test_a_node_that_opens_the_room_in_the_middle_lets_nobody_speak_once_more(world, one, two):
    ana, ben, chi = await world.under_way(one, "Ana", "Ben", "Chi")
    await ana.asks(SlowMode(30))
    await ben.says("one")
    await world.settles()
    world.clock.at += 10
    three = await world.node()
    elsewhere = await ben.comes_back(three)
    await elsewhere.says("two")
    elsewhere.is_refused("slow_mode")
    # It cannot know that Chi has said nothing yet, who waits no longer than the pace is; a newcomer has said nothing.
    quiet = await chi.comes_back(three)
    await quiet.says("and I")
    quiet.is_refused("slow_mode")
    assert int(quiet.refusal.offers[0]) <= 30
    world.clock.at += 1
    dov = await world.member("Dov").comes(three)
    await dov.says("hello")
    world.clock.at += 29
    await elsewhere.says("two")
    await quiet.says("and I")
    await world.settles()
    assert ana.reads() == ["one", "hello", "two", "and I"]


async def test_nor_does_a_node_that_missed_a_moment(world, one, two):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    there = await ben.person.comes(two)
    await ana.asks(SlowMode(30))
    await world.settles()
    two.engine.deaf = True
    await ben.says("one")
    await world.settles()
    two.engine.deaf = False
    await ana.says("not slowed down")
    await world.settles()
    await there.says("two")
    there.is_refused("slow_mode")


async def test_nobody_waits_for_a_pace_that_was_set_after_a_node_opened_the_room(world, one, two):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    elsewhere = await ben.comes_back(await world.node())
    await ana.asks(SlowMode(30))
    await world.settles()
    await elsewhere.says("one")
    await world.settles()
    assert ana.reads() == ["one"]


async def test_of_two_devices_that_write_at_once_under_slow_mode_one_is_asked_to_wait(world, one, two):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    await ana.asks(SlowMode(60))
    tablet = await ben.person.comes(two)
    await world.settles()
    await ben.says("one")
    await world.settles()
    await asyncio.gather(ben.asks(Say("two")), tablet.asks(Say("three")))
    for device in (ben, tablet):
        device.is_refused("slow_mode")


async def test_those_who_waited_before_any_facilitator_came_are_listed_when_one_does_and_a_reload_keeps_the_place(
    world, one, two
):
    ben = await world.member("Ben").comes(one)
    world.clock.at += 60
    chi = await world.member("Chi").comes(two)
    world.clock.at += 60
    ben.drops()
    reloaded = await ben.comes_back(two)
    dov = await world.member("Dov").comes(one)
    world.clock.at += 60
    ana = await world.facilitator("Ana").comes(two)
    await world.settles()
    waiting = [person for person in ana.people.values() if person["place"] == "waiting"]
    assert [person["name"] for person in sorted(waiting, key=lambda each: each["arrived_at"])] == [
        "Ben",
        "Chi",
        "Dov",
    ]
    assert ana.room["waiting"] == reloaded.room["waiting"] == chi.room["waiting"] == dov.room["waiting"] == 3


async def test_a_facilitator_who_drops_comes_back_in_the_same_role_past_the_lobby_a_full_room_and_a_locked_door():
    async with World(Terms(START, seats=2)) as world:
        one, two = await world.two()
        ana, ben, chi = await world.under_way(one, "Ana", "Ben", "Chi")
        await ana.asks(SetDoor("locked"))
        await ana.quiets(ben)
        await world.settles()
        before = ana.people, ana.room["may"]
        ana.drops()
        await world.passes(20)
        again = await ana.comes_back(two)
        await world.settles()
        assert (again.you["role"], again.you["place"], again.you["off_duty"]) == (
            "facilitator",
            "inside",
            False,
        )
        assert (again.people, again.room["may"], again.room["lead"]) == (*before, ana.id)
        await again.unquiets(ben)
        await world.settles()
        assert chi.room["state"] == "live"


@pytest.mark.parametrize("way", ["drops", "leaves", "comes with a new tab", "takes another name"])
async def test_no_way_out_and_in_again_clears_a_quiet_or_a_look(world, one, two, way):
    ana, ben = await world.under_way(one, "Ana", "Ben")
    await ana.asks(LookFirst(ben.id))
    await ana.quiets(ben)
    if way == "drops":
        ben.drops()
        await world.passes(15)
    elif way == "leaves":
        await ben.leaves()
    elif way == "takes another name":
        await ben.asks(Rename("Night owl"))
    again = await ben.person.comes(two)
    await again.says("me again")
    again.is_refused("quieted")
    await ana.unquiets(ben)
    await world.settles()
    await again.asks(Say("me again"))
    await world.settles()
    assert ana.reads() == []
    assert ana.got("kept_for_look")[-1]["text"] == "me again"


async def test_whose_seat_a_code_moves_is_said_by_what_came_of_it_at_whichever_node(world, one, two):
    (_, ben) = await world.under_way(one, "Ana", "Ben")
    await two.host()
    await ben.asks(OfferMove("a" * 64))
    await world.settles()
    outcome = await two.hosting.ask(UseMove("a" * 64), THE_CLOCK)
    assert isinstance(outcome, Done)
    assert outcome.event == SeatMoved(seat=ben.id)
    again = await two.hosting.ask(UseMove("a" * 64), THE_CLOCK)
    assert again == Refusal("no_such_code")
