"""The house: rooms opened and let go, deadlines carried out once, hosts that break, houses that close."""

import asyncio
import json
from dataclasses import replace
from itertools import pairwise

import pytest

from rooms import codec, fanout
from rooms.deciding import Done
from rooms.engines import Change, EngineDown, Whisper
from rooms.following import MOST_NOTICES
from rooms.gathering import Welcome
from rooms.live import Actor, Refusal, State, Terms
from rooms.live.care import CallOnCall, FacilitationFlagged, FlagAboutFacilitation, OnCallAlerted
from rooms.live.door import Arrive, Leave
from rooms.live.lifecycle import Extend
from rooms.live.talk import Say
from rooms.live.words import Door, Role
from tests.host.world import MINUTE, SESSION, START, Phone, World, until


class Ear:
    """Somebody who facilitates, their page, and its line, that counts the beats of the room."""

    def __init__(self) -> None:
        self.actor = Actor("sana", Role.FACILITATOR, "Ana")
        self.line = self
        self.beats = 0

    def welcome(self, _: Welcome) -> None: ...

    def send(self, payload: bytes) -> None:
        self.beats += json.loads(payload)["type"] == "beat"

    def close(self, code: int, reason: str = "") -> None: ...


class TestOpening:
    async def test_a_room_is_opened_by_whoever_comes_first(self, one):
        assert one.house.hosted(SESSION) is None
        first, second = await asyncio.gather(one.house.host(SESSION), one.house.host(SESSION))
        assert first is second is one.house.hosted(SESSION)

    async def test_a_session_that_there_is_not_cannot_be_entered(self, one):
        assert await one.house.host("unknown") is None

    async def test_time_passes_in_a_room_to_which_nobody_has_come(self, world, one):
        world.due[SESSION] = world.terms[SESSION]
        await world.passes(11)
        await until(lambda: one.house.hosted(SESSION) is not None and one.hosting.open.is_set())
        await world.passes(1)
        assert one.hosting.room.state == State.DOORS
        await world.passes(30 * MINUTE)
        assert one.hosting.room.state == State.NOT_HELD

    async def test_whoever_comes_finds_the_doors_as_they_should_be_by_now(self, world, one):
        world.clock.at = START - 15 * MINUTE
        ben = await world.member("Ben").comes(one)
        assert ben.room["state"] == "doors"

    async def test_an_engine_that_cannot_be_reached_opens_nothing(self, world, one):
        one.engine.down = EngineDown(sent=False)
        with pytest.raises(EngineDown):
            await one.house.host(SESSION)
        one.engine.down = None
        assert isinstance(await world.member("Ben").comes(one), Phone)

    async def test_nor_does_one_that_takes_too_long(self, world):
        node = await world.node(open_seconds=0.01)
        node.engine.mute = True
        with pytest.raises(EngineDown):
            await node.house.host(SESSION)

    async def test_ready_is_what_the_engine_says(self, one):
        await until(lambda: one.house.ready)
        one.engine.vanish()
        assert one.house.ready is False


class TestTouch:
    async def test_people_are_told_when_the_node_is_apart_and_when_it_is_back(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        one.house.show_touch()
        before = len(ben.frames)
        one.engine.unwell = True
        for _ in range(3):
            one.house.show_touch()
        assert ana.room["apart"] is ben.room["apart"] is True
        assert ben.types()[before:] == ["controls"]
        ben.drops()
        again = await ben.comes_back()
        assert again.room["apart"] is True
        one.engine.unwell = False
        one.house.show_touch()
        assert ana.room["apart"] is again.room["apart"] is False

    async def test_the_house_looks_by_itself_though_its_sweep_waits(self, world, one):
        _, ben = await world.under_way(one, "Ana", "Ben")
        waiting = asyncio.Event()
        world.meanwhile = waiting.wait
        world.terms["s0"] = Terms(START - 90 * MINUTE)
        await one.house.host("s0")
        one.engine.unwell = True
        await until(lambda: ben.room["apart"])
        waiting.set()
        world.meanwhile = None

    async def test_who_waits_at_the_door_is_told_too(self):
        async with World(Terms(START, knock_first=True)) as world:
            node = await world.node()
            await world.under_way(node, "Ana")
            ben = await world.member("Ben").comes(node)
            node.engine.unwell = True
            node.house.show_touch()
            assert ben.you["place"] == "waiting"
            assert ben.room["apart"] is True


class TestTime:
    async def test_two_houses_carry_out_each_deadline_once(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        chi = await world.member("Chi").comes(two)
        for _ in range(95):
            await world.passes(MINUTE)
        for phone in (ana, ben, chi):
            told = [
                frame["type"] for frame in phone.shown if frame["type"] in {"knock_first", "closing", "ended"}
            ]
            assert told == ["knock_first", "closing", "ended"]
            assert phone.closed == fanout.OVER

    async def test_beats_carry_the_position_every_fifteen_seconds(self, world, one):
        _, ben = await world.under_way(one, "Ana", "Ben")
        await world.passes(15)
        before = len(ben.got("beat"))
        await world.passes(14)
        assert len(ben.got("beat")) == before
        await world.passes(1)
        assert len(ben.got("beat")) == before + 1
        assert ben.got("beat")[-1]["at"]["seq"] == ben.at.seq

    async def test_rooms_that_open_together_beat_one_after_the_other(self, world, one):
        """A frame to everybody in the house at once would hold up whoever says something in that moment."""
        sessions = [f"room{number}" for number in range(4)]
        world.due |= dict.fromkeys(sessions, world.terms[SESSION])
        await world.passes(3)
        ears = [Ear() for _ in sessions]
        for session, ear in zip(sessions, ears, strict=True):
            host = await one.host(session)
            await host.ask(Arrive(name="Ana", listening=False, connected=True), ear.actor)
            host.join(ear, None)
        heard: list[tuple[int, ...]] = []
        for _ in range(60):
            await world.passes(0.5)
            heard.append(tuple(ear.beats for ear in ears))
        assert heard[-1] == (2, 2, 2, 2), "in thirty seconds"
        assert all(sum(now) - sum(before) <= 1 for before, now in pairwise(heard))

    async def test_what_was_said_last_goes_from_the_ring_though_nothing_more_is_said(self, world, one):
        _, ben = await world.under_way(one, "Ana", "Ben")
        await ben.says("hi")
        await world.passes(60)
        assert len(one.hosting.people.ring) > 0
        await world.passes(180)
        await world.passes(15)
        assert len(one.hosting.people.ring) == 0

    async def test_records_that_fail_stop_nothing_else_and_are_told_again(self, world, one, caplog):
        world.terms["s0"] = Terms(START - 90 * MINUTE)
        await one.house.host("s0")
        ana, ben = await world.under_way(one, "Ana", "Ben")
        world.records_fail = True
        ben.drops()
        await world.passes(12)
        await ana.ends_now()
        await world.passes(1)
        assert ana.got("lost_touch")
        assert one.finished == []
        assert "a room could not be seen to: OSError" in caplog.text
        assert "what the database said" not in caplog.text
        world.records_fail = False
        await world.passes(1)
        assert dict(one.finished) == {"s0": State.NOT_HELD, SESSION: State.ENDED}

    async def test_time_goes_on_by_itself_whatever_fails(self, world, one, caplog):
        """The only test that waits for the house to look at the clock of its own accord."""
        await world.under_way(one, "Ana", "Ben")
        await world.passes(1)
        world.calendar_fails = True
        world.clock.at += 10
        await until(lambda: "a sweep failed: OSError" in caplog.text)
        world.calendar_fails = False
        one.engine.down = EngineDown(sent=False)
        world.clock.at += 10
        await until(lambda: "presence waits" in caplog.text)
        one.engine.down = None
        world.calendar_hangs = asyncio.Event()
        world.clock.at += 10
        await world.calendar_hangs.wait()
        # Nobody has an answer, and nobody ever will.
        world.clock.at = START + 16 * MINUTE
        await until(lambda: one.hosting.room.controls.door is Door.KNOCK)

    async def test_a_room_whose_deadlines_nobody_can_work_out_stops_time_in_no_other(
        self, world, one, monkeypatch, caplog
    ):
        world.terms["s0"] = world.terms[SESSION]
        broken = await one.house.host("s0")
        await world.under_way(one, "Ana", "Ben")

        def breaks() -> None:
            raise ValueError("what somebody said")

        monkeypatch.setattr(broken, "pass_time", breaks)
        world.clock.at = START + 16 * MINUTE
        await world.passes(0)
        assert one.hosting.room.controls.door is Door.KNOCK
        assert "the deadlines of a room could not be carried out: ValueError" in caplog.text
        assert "what somebody said" not in caplog.text

    async def test_a_room_that_breaks_while_another_is_seen_to_is_passed_over(self, world, one):
        world.terms["s0"] = Terms(START - 90 * MINUTE)
        await one.house.host("s0")
        await world.under_way(one, "Ana", "Ben")

        async def breaking() -> None:
            break_down(world)
            await until(lambda: one.house.hosted(SESSION) is None)

        world.meanwhile = breaking
        await world.passes(1)
        world.meanwhile = None
        assert one.finished == [("s0", State.NOT_HELD)]


class TestWhatIsPlannedMeanwhile:
    async def test_a_session_planned_right_after_this_one_keeps_it_from_being_made_longer(self, world, one):
        ana, _ = await world.under_way(one, "Ana", "Ben")
        end = one.hosting.room.controls.ends_at
        world.due[SESSION] = replace(world.terms[SESSION], free_until=end + 5 * MINUTE, seats=2)
        await world.passes(31)
        await ana.asks(Extend())
        ana.is_refused("booked")
        assert one.hosting.room.terms.seats == world.terms[SESSION].seats, "nothing else changes under people"
        world.due[SESSION] = world.terms[SESSION]
        await world.passes(31)
        await ana.asks(Extend())
        assert one.hosting.room.controls.ends_at == end + 10 * MINUTE


class TestWhatConcernsPeopleOutside:
    async def test_every_host_passes_it_on_and_the_room_learns_nothing(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await world.member("Chi").comes(two)
        await world.settles()
        before = len(ana.types())
        await ben.asks(FlagAboutFacilitation())
        await world.settles()
        await world.passes(1)
        assert one.noticed == two.noticed == [(SESSION, FacilitationFlagged())]
        assert ana.types()[before:] == []
        await ana.asks(CallOnCall())
        await world.passes(1)
        assert one.noticed[1:] == [(SESSION, OnCallAlerted(why="asked"))]

    async def test_however_often_somebody_says_so_a_call_for_somebody_is_not_lost(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        world.records_fail = True
        for _ in range(MOST_NOTICES + 2):
            await ben.asks(FlagAboutFacilitation())
        await ana.asks(CallOnCall())
        await world.settles()
        world.records_fail = False
        await world.passes(1)
        assert one.noticed == [
            *[(SESSION, FacilitationFlagged())] * MOST_NOTICES,
            (SESSION, OnCallAlerted(why="asked")),
        ]

    async def test_what_cannot_be_told_now_is_told_later(self, world, one, caplog):
        _, ben = await world.under_way(one, "Ana", "Ben")
        world.records_fail = True
        await ben.asks(FlagAboutFacilitation())
        await world.passes(1)
        assert one.noticed == []
        assert "what happened in a room could not be passed on: OSError" in caplog.text
        assert "what the database said" not in caplog.text
        world.records_fail = False
        await world.passes(1)
        assert one.noticed == [(SESSION, FacilitationFlagged())]


class TestTheEnd:
    async def test_each_house_tells_the_records_once(self, world, one, two):
        ana, _ = await world.under_way(one, "Ana", "Ben")
        await world.member("Chi").comes(two)
        await ana.ends_now()
        await world.settles()
        for _ in range(3):
            await world.passes(10)
        assert one.finished == two.finished == [(SESSION, State.ENDED)]

    async def test_a_node_that_dies_at_the_end_leaves_it_to_the_other_to_tell_how_many_came(self):
        async with World(Terms(START, counts=True)) as world:
            one, two = await world.two()
            ana, *_ = await world.under_way(one, "Ana", "Ben", "Dov", "Eli")
            for name in ("Chi", "Fay"):
                await world.member(name).comes(two)
            await ana.ends_now()
            await world.settles()
            one.dies()
            for _ in range(2):
                await world.passes(1)
            assert (one.finished, two.finished) == ([], [(SESSION, State.ENDED)])
            assert two.turnouts == ["5_to_9"]

    async def test_a_quarter_of_an_hour_later_every_trace_is_gone(self, world, one):
        ana, _ = await world.under_way(one, "Ana", "Ben")
        epoch = one.hosting.at.epoch
        await ana.ends_now()
        await ana.leaves()
        await world.passes(1)
        await world.passes(60)
        await world.passes(0)
        await world.passes(15 * MINUTE - 61)
        assert one.house.hosted(SESSION) is not None
        await world.passes(1)
        assert one.house.hosted(SESSION) is None
        assert world.hub.head(SESSION).at.epoch != epoch

    async def test_or_a_minute_after_those_who_facilitated_have_talked_it_over(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await world.member("Chi").comes(two)
        epoch = one.hosting.at.epoch
        await ana.ends_now()
        for _ in range(29):
            await world.passes(MINUTE)
        assert (ana.closed, ben.closed) == (None, fanout.OVER)
        for node in (one, two):
            assert list(node.hosting.room.controls.seats) == [ana.id]
        await world.passes(MINUTE + 1)
        assert ana.closed == fanout.OVER
        for node in (one, two):
            assert len(node.hosting.people.ring) == 0
        await world.passes(0)
        await world.passes(MINUTE)
        assert one.house.hosted(SESSION) is two.house.hosted(SESSION) is None
        assert world.hub.head(SESSION).at.epoch != epoch


class TestBreaking:
    async def test_a_host_that_breaks_is_replaced_and_people_come_back(self, world, one, caplog):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await ana.quiets(ben)
        broken = one.hosting
        break_down(world)
        await until(lambda: one.house.hosted(SESSION) is None)
        assert ana.closed == ben.closed == fanout.RESTARTING
        assert "a live room stopped" in caplog.text
        assert "nonsense" not in caplog.text
        again = await ben.comes_back()
        assert one.hosting is not broken
        assert again.you["held_back"] == "quieted"
        assert again.got("welcome")[0]["resumed"] is False

    async def test_one_that_cannot_be_hosted_yet_is_no_room_that_broke(self, world, one, caplog):
        one.engine.down = EngineDown(sent=False)
        with pytest.raises(EngineDown):
            await world.facilitator("Ana").comes(one)
        assert "a room waits to be hosted" in caplog.text
        assert "a live room stopped" not in caplog.text
        assert one.house.hosted(SESSION) is None
        one.engine.down = None
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await ben.says("hi")
        assert ana.reads() == ["hi"]

    async def test_a_connection_of_the_old_host_parts_from_the_new_one_in_peace(self, world, one):
        _, ben = await world.under_way(one, "Ana", "Ben")
        break_down(world)
        await until(lambda: one.house.hosted(SESSION) is None)
        ben.drops()
        again = await ben.comes_back()
        ben.drops()
        assert again.closed is None
        assert one.hosting.people.seats == {ben.id}

    async def test_a_whisper_is_nothing_to_a_room(self, world, one):
        _, ben = await world.under_way(one, "Ana", "Ben")
        await one.engine.whisper(SESSION, b"psst")
        world.hub.tell(SESSION, Whisper(b"psst"))
        assert isinstance(await ben.asks(Say("hi")), Done)


def break_down(world: World) -> None:
    """Something is in the room's order that no version of ours can read."""
    head = world.hub.head(SESSION)
    world.hub.commit(SESSION, Change(head.at.epoch, head.version, (b"nonsense 1.0 {}",)))


class TestClosingTheHouse:
    async def test_everybody_is_asked_to_come_back_and_nobody_has_left(self):
        async with World(Terms(START)) as world:
            node = await world.node()
            ana, ben = await world.under_way(node, "Ana", "Ben")
            controls = codec.encode_controls(node.hosting.room.controls)
        assert ana.closed == ben.closed == fanout.RESTARTING
        assert world.hub.head(SESSION).controls == controls

    async def test_whoever_still_waits_for_an_answer_gets_one(self):
        async with World(Terms(START)) as world:
            node = await world.node()
            _, ben = await world.under_way(node, "Ana", "Ben")
            node.engine.deaf = True
            host = node.hosting
            carried = asyncio.create_task(ben.asks(Say("one")))
            await until(lambda: node.engine.lost > 0)
            waiting = asyncio.create_task(ben.asks(Say("two")))
            await until(lambda: len(host._carrying._requests) == 1)
        assert await carried == await waiting == Refusal("unavailable")
        assert await host.ask(Leave(), ben.actor) == Refusal("unavailable")

    async def test_a_room_that_breaks_over_a_word_ends_here_and_its_people_come_back(self, world, caplog):
        node = await world.node()
        ana, ben = await world.under_way(node, "Ana", "Ben")
        broken = node.hosting
        broken.people.ring = None  # as by a fault of ours
        assert await ben.asks(Say("of all evenings")) == Refusal("unavailable")
        await until(lambda: ana.closed == ben.closed == fanout.RESTARTING)
        assert "a live room stopped" in caplog.text
        assert "evenings" not in caplog.text
        assert await node.host() is not broken
        assert await world.member("Chi").comes(node)

    async def test_an_error_goes_out_through_the_house_and_the_house_still_closes(self):
        world = World(Terms(START))
        node = await world.node()
        ana, _ = await world.under_way(node, "Ana", "Ben")
        with pytest.RaisesGroup(KeyError):
            await fails_in(world)
        assert ana.closed == fanout.RESTARTING
        assert node.engine.ready is False


async def fails_in(world: World) -> None:
    async with world:
        raise KeyError


class TestReadiness:
    async def test_not_before_it_hosts_what_was_due_when_it_began(self, world):
        world.due = dict(world.terms)
        node = await world.node(mute=True)
        await until(lambda: node.house.hosted(SESSION) is not None)
        assert node.engine.ready
        assert not node.house.ready
        node.engine.mute = False
        await until(lambda: node.house.ready)
        assert node.hosts_it

    async def test_once_it_has_been_a_room_that_opens_anew_makes_nobody_wait(self, world):
        world.due = dict(world.terms)
        node = await world.node()
        await until(lambda: node.house.ready)
        node.house._let_go(SESSION, fanout.RESTARTING)
        node.engine.mute = True
        world.clock.at += 10
        await node.house.pass_time()
        assert not node.hosts_it
        assert node.house.hosted(SESSION) is not None
        assert node.house.ready

    async def test_not_before_it_knows_what_is_due(self, world):
        world.calendar_fails = True
        node = await world.node()
        for _ in range(3):
            world.clock.at += 10
            with pytest.raises(OSError, match="database"):
                await node.house.pass_time()
            assert not node.house.ready
        world.calendar_fails = False
        await world.passes(10)
        assert node.house.ready

    async def test_a_room_that_is_due_later_or_opens_slowly_makes_nobody_wait(self, world, one):
        await until(lambda: one.house.ready)
        one.engine.mute = True
        world.due = dict(world.terms)
        world.clock.at += 10
        await one.house.pass_time()
        assert not one.hosts_it
        assert one.house.ready
        one.engine.unwell = True
        assert not one.house.ready
