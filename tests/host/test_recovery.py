"""Coming back: a replay without a hole, or the honest word that something may be missing."""

import asyncio

import pytest

from rooms import codec
from rooms.deciding import Done
from rooms.engines import RECEIPT_SECONDS, Change, EngineDown, Gap, Position
from rooms.live import Refusal, State, Terms
from rooms.live.agreement import ProposeLine
from rooms.live.lifecycle import ALONE_GRACE, LINES_AFTER, Start
from rooms.live.state import Recent
from rooms.live.talk import Say
from tests.host.world import SESSION, START, Phone, World, until


def missed(phone: Phone) -> list[str]:
    """What came with the first welcome."""
    return [frame["text"] for frame in phone.frames if frame["type"] == "said"]


def resumed(phone: Phone) -> bool:
    return bool(phone.got("welcome")[0]["resumed"])


class TestResuming:
    async def test_what_was_missed_follows_at_once_and_nothing_is_missing(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await ben.says("one")
        ben.drops()
        await ana.says("two")
        await ana.pauses()
        await ana.resumes()
        await ana.says("three")
        again = await ben.comes_back()
        assert resumed(again)
        assert missed(again) == ["two", "three"]
        assert again.reads() == ["one", "two", "three"]
        assert again.at == ana.at

    async def test_nothing_missed_is_resumed_too(self, world, one):
        _, ben = await world.under_way(one, "Ana", "Ben")
        ben.drops()
        again = await ben.comes_back()
        assert resumed(again)
        assert missed(again) == []

    async def test_at_another_node_it_is_the_same(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await two.house.host(SESSION)
        ben.drops()
        await ana.says("hi")
        await world.settles()
        again = await ben.comes_back(two)
        assert resumed(again)
        assert missed(again) == ["hi"]

    async def test_and_at_one_that_opened_the_room_since(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        ben.drops()
        await ana.says("hi")
        again = await ben.comes_back(two)
        assert resumed(again)
        assert missed(again) == ["hi"]

    async def test_after_more_than_three_minutes_it_is_not_pretended(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await ana.says("one")
        ben.drops()
        await ana.says("two")
        world.clock.at += 179
        await ana.says("three")
        assert missed(await ben.comes_back()) == ["two", "three"]
        world.clock.at += 2
        await ana.says("four")
        again = await ben.comes_back()
        assert not resumed(again)
        assert missed(again) == []
        assert again.at == ana.at

    async def test_nor_after_more_than_two_hundred_events(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        ben.drops()
        for number in range(200):
            await ana.says(f"{number}")
        assert len(missed(await ben.comes_back())) == 200
        await ana.says("one more")
        assert not resumed(await ben.comes_back())

    async def test_a_node_that_lags_behind_shows_nothing_twice(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await two.house.host(SESSION)
        await world.settles()
        two.engine.lagging = asyncio.Event()
        await ana.says("one")
        again = await ben.comes_back(two)
        assert resumed(again)
        assert two.hosting.at < again.at
        two.engine.lagging.set()
        await ana.says("two")
        await world.settles()
        assert again.got("said")[0]["text"] == "one"
        assert again.reads() == ["one", "two"]

    async def test_a_position_of_another_time_is_not_believed(self, world, one):
        _, ben = await world.under_way(one, "Ana", "Ben")
        at = one.hosting.at
        assert ben.at == at
        assert not resumed(await ben.person.comes(one, after=Position("another", at.seq)))
        assert not resumed(await ben.person.comes(one, after=Position(at.epoch, -1)))

    async def test_a_newcomer_sees_no_backlog_whatever_position_they_name(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        start = Position(ben.at.epoch, 1)
        await ben.says("before Chi")
        chi = await world.member("Chi").comes(one, after=start)
        assert not resumed(chi)
        assert "before Chi" not in str(chi.frames)
        await ana.says("after Chi")
        again = await chi.comes_back()
        assert resumed(again)
        assert not resumed(await chi.person.comes(one, after=start))

    async def test_who_left_and_came_back_replays_nothing_of_the_time_between(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        at = ben.at
        await ben.leaves()
        await ana.says("while Ben was out")
        again = await ben.person.comes(one, after=at)
        assert not resumed(again)
        assert "while Ben was out" not in str(again.frames)

    async def test_who_waits_replays_nothing(self):
        async with World(Terms(START, knock_first=True)) as world:
            node = await world.node()
            ana, ben = await world.under_way(node, "Ana", "Ben")
            await ana.says("inside only")
            again = await ben.person.comes(node, after=Position(node.hosting.at.epoch, 1))
            assert not resumed(again)
            assert "inside only" not in str(again.frames)

    async def test_where_the_organiser_keeps_no_catch_up_there_is_none(self):
        async with World(Terms(START, keeps_catch_up=False)) as world:
            node = await world.node()
            ana, ben = await world.under_way(node, "Ana", "Ben")
            await ana.says("one")
            assert resumed(await ben.comes_back())
            ben.drops()
            await ana.says("two")
            assert not resumed(await ben.comes_back())

    async def test_a_facilitator_replays_what_only_facilitators_see_too(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        ana.drops()
        await ben.leaves()
        await world.member("Chi").comes(one)
        again = await ana.comes_back()
        assert resumed(again)
        assert {"left", "arrived"} <= set(again.types())

    async def test_ones_own_copy_is_replayed_to_oneself(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        message = await ben.says("her number is 01234")
        ben.drops()
        await ana.quiets(ben)
        await ana.takes_down(message)
        again = await ben.comes_back()
        assert again.got("quieted")[0]["seat"] == ben.id
        assert again.got("taken_down")[0]["yours"] is True


class TestTakingBack:
    @pytest.mark.parametrize("by_facilitator", [False, True], ids=["taken back", "taken down"])
    async def test_what_is_taken_back_is_replayed_to_nobody(self, world, one, two, by_facilitator):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        chi = await world.member("Chi").comes(two)
        await world.settles()
        for phone in (ana, chi):
            phone.drops()
        message = await ben.says("her number is 01234")
        await ben.says("sorry")
        await (ana.takes_down(message) if by_facilitator else ben.takes_back(message))
        await world.settles()
        for phone in (ana, chi):
            again = await phone.comes_back()
            assert resumed(again)
            assert again.reads() == ["", "sorry"]
            assert "01234" not in str(again.frames)
        for node in (one, two):
            kept = [frame for kept in node.hosting.people.ring._kept for frame in kept.every_frame]
            assert not [frame for frame in kept if b"01234" in frame]

    async def test_even_after_the_ring_let_go_of_it(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        message = await ben.says("hi")
        world.clock.at += 181
        await ana.says("hello")
        assert await ben.takes_back(message) == Done(ana.at.seq)


class TestSendingAgain:
    async def test_the_same_ref_is_carried_once(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await ben.says("hi", ref="a1")
        assert await ben.asks(Say("hi"), ref="a1") == Done()
        again = await ben.comes_back(two)
        assert await again.asks(Say("hi"), ref="a1") == Done()
        await world.settles()
        assert ana.reads() == ["hi"]

    async def test_so_is_one_that_is_sent_twice_at_once(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        first, second = await asyncio.gather(ben.asks(Say("hi"), ref="a1"), ben.asks(Say("hi"), ref="a1"))
        assert first == second == Done(ana.at.seq)
        assert ana.reads() == ["hi"]

    async def test_beside_a_repetition_what_is_new_is_carried(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await ben.says("one", ref="a1")
        await asyncio.gather(ben.asks(Say("one"), ref="a1"), ben.asks(Say("two"), ref="a2"))
        assert ana.reads() == ["one", "two"]

    async def test_a_ref_is_a_persons_own(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await ana.says("one", ref="a1")
        await ben.says("two", ref="a1")
        assert ana.reads() == ["one", "two"]

    async def test_what_was_carried_is_not_refused_for_what_happened_since(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await ben.says("hi", ref="a1")
        await ana.quiets(ben)
        assert await ben.asks(Say("hi"), ref="a1") == Done()
        await world.settles()
        there = await ben.comes_back(two)
        assert await there.asks(Say("hi"), ref="a1") == Done()
        assert await there.asks(Say("something else"), ref="a2") == Refusal("quieted")
        assert ana.reads() == ["hi"]

    async def test_nor_for_what_it_did_itself(self, world, one):
        ana = await world.facilitator("Ana").comes(one)
        world.clock.at = START
        assert isinstance(await ana.asks(Start(), ref="s1"), Done)
        assert await ana.asks(Start(), ref="s1") == Done()
        assert await ana.asks(Start(), ref="s2") == Refusal("already")

    async def test_a_refusal_is_no_receipt(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await ana.pauses()
        assert await ben.asks(Say("hi"), ref="a1") == Refusal("paused")
        await ana.resumes()
        assert isinstance(await ben.asks(Say("hi"), ref="a1"), Done)
        assert ana.reads() == ["hi"]


class TestGaps:
    async def test_a_node_that_lost_something_says_so_and_goes_on_right(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        chi, dov = await world.member("Chi").comes(two), await world.member("Dov").comes(two)
        await world.settles()
        two.engine.deaf = True
        await ben.says("lost on the way to Chi")
        await ana.removes(dov)
        await ana.quiets(ben)
        await until(lambda: two.engine.lost >= 3)
        two.engine.deaf = False
        await ana.says("heard again")
        await world.settles()
        assert chi.types().count("welcome") == 2
        assert chi.got("welcome")[-1]["resumed"] is False
        assert chi.at == ana.at
        assert dov.closed is not None
        assert two.hosting.room.controls == one.hosting.room.controls
        await ana.says("and on")
        await world.settles()
        assert chi.reads()[-1] == "and on"
        assert (await dov.comes_back()).refusal == Refusal("removed")

    async def test_a_gap_in_which_nothing_was_lost_disturbs_nobody(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await world.settles()
        world.hub.tell(SESSION, Gap())
        await ana.says("hi")
        assert ben.types().count("welcome") == 1

    async def test_a_hole_in_the_numbers_is_a_gap_whoever_says_so(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await world.settles()
        listeners, world.hub.listeners = world.hub.listeners, {}
        head = world.hub.head(SESSION)
        world.hub.commit(SESSION, Change(head.at.epoch, head.version, (b"said 1.0 {}",)))
        world.hub.listeners = listeners
        await ana.says("hi")
        await world.settles()
        assert ben.got("welcome")[-1]["resumed"] is False
        assert ben.at == ana.at

    async def test_an_end_that_was_lost_is_an_end(self, world, one, two):
        ana, _ = await world.under_way(one, "Ana", "Ben")
        chi = await world.member("Chi").comes(two)
        await world.settles()
        two.engine.deaf = True
        await ana.ends_now()
        await until(lambda: two.engine.lost >= 2)
        two.engine.deaf = False
        world.hub.tell(SESSION, Gap())
        await world.settles()
        assert chi.room["state"] == "ended"
        await world.passes(LINES_AFTER + 1)
        assert chi.closed == 4000

    async def test_and_so_is_the_end_of_what_is_written_afterwards(self, world, one, two):
        ana, _ = await world.under_way(one, "Ana", "Ben")
        chi = await world.member("Chi").comes(two)
        await ana.ends_now()
        await world.settles()
        two.engine.deaf = True
        await ana.leaves()
        await world.passes(ALONE_GRACE + 1, one)
        await until(lambda: one.hosting.room.is_finished)
        two.engine.deaf = False
        world.hub.tell(SESSION, Gap())
        await world.settles()
        assert chi.closed == 4000
        assert two.hosting.room.recent == Recent()

    async def test_waiting_people_are_told_the_state_as_it_is_too(self):
        async with World(Terms(START, knock_first=True)) as world:
            one, two = await world.two()
            ana, _ = await world.under_way(one, "Ana", "Ben")
            chi = await world.member("Chi").comes(two)
            await world.settles()
            two.engine.deaf = True
            await ana.admits(chi)
            await until(lambda: two.engine.lost >= 1)
            two.engine.deaf = False
            await ana.says("hi")
            await world.settles()
            assert chi.you["place"] == "inside"
            await ana.says("welcome")
            await world.settles()
            assert chi.reads()[-1] == "welcome"


class TestAnEngineThatFails:
    @pytest.mark.parametrize("sent", [False, True])
    async def test_down_is_said_and_nothing_is_carried_twice(self, world, one, sent):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        one.engine.down = EngineDown(sent=sent)
        assert await ben.asks(Say("hi"), ref="a1") == Refusal("unavailable")
        one.engine.down = None
        await ben.says("hi", ref="a1")
        assert ana.reads() == ["hi"]

    async def test_an_echo_that_does_not_come_is_given_up_after_five_seconds(self, world, one):
        _, ben = await world.under_way(one, "Ana", "Ben")
        one.engine.deaf = True
        saying = asyncio.create_task(ben.asks(Say("hi"), ref="a1"))
        await until(lambda: one.engine.lost > 0)
        world.clock.at += 5
        one.hosting.pass_time()
        assert not saying.done()
        world.clock.at += 0.1
        one.hosting.pass_time()
        assert await saying == Refusal("unavailable")
        one.engine.deaf = False
        assert await ben.asks(Say("hi"), ref="a1") == Done()

    async def test_so_is_what_somebody_else_did_first(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        chi = await world.member("Chi").comes(two)
        await world.settles()
        two.engine.deaf = True
        await ana.quiets(chi)
        await until(lambda: two.engine.lost > 0)
        saying = asyncio.create_task(chi.asks(Say("hi")))
        await until(lambda: two.hosting._following._echo is not None)
        world.clock.at += 5.1
        two.hosting.pass_time()
        assert await saying == Refusal("quieted")
        assert ben.reads() == []

    async def test_a_room_that_never_comes_to_rest_is_busy(self, world, one):
        _, ben = await world.under_way(one, "Ana", "Ben")
        one.engine.contested = True
        assert await ben.asks(Say("hi")) == Refusal("busy")
        one.engine.contested = False
        await world.settles()
        assert isinstance(await ben.asks(Say("hi")), Done)

    async def test_who_was_answered_is_not_answered_again_when_it_goes_down_over_the_rest(self, world, one):
        ana, ben, chi = await world.under_way(one, "Ana", "Ben", "Chi")
        await ana.quiets(chi)
        one.engine.answers = 1
        said, refused = await asyncio.gather(ben.asks(Say("hi")), chi.asks(Say("hi")))
        assert said == Done(ana.at.seq)
        assert refused == Refusal("unavailable")

    async def test_a_load_that_fails_is_tried_again(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        one.engine.deaf = True
        saying = asyncio.create_task(ben.asks(Say("lost")))
        await until(lambda: one.engine.lost > 0)
        one.engine.down, one.engine.deaf = EngineDown(sent=False), False
        world.hub.tell(SESSION, Gap())
        await until(lambda: one.engine.refused > 0)
        one.engine.down = None
        assert await saying == Refusal("unavailable")
        assert ana.got("welcome")[-1]["resumed"] is False

    async def test_a_node_that_only_learns_that_it_is_over_forgets_its_words_too(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        chi = await world.member("Chi").comes(two)
        await ben.asks(ProposeLine("No phones at the table"))
        await world.settles()
        assert two.hosting.room.recent.proposals
        two.engine.deaf = True
        await ana.ends_now()
        two.engine.deaf = False
        world.hub.tell(SESSION, Gap())
        await until(lambda: chi.room["state"] == "ended")
        assert two.hosting.room.recent == Recent()

    async def test_a_node_that_misses_a_moment_afterwards_keeps_the_private_words(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        chi = await world.member("Chi").comes(two)
        await ana.ends_now()
        await chi.writes("may I ask you something?")
        await world.settles()
        two.engine.deaf = True
        await ben.writes("and I?")
        two.engine.deaf = False
        world.hub.tell(SESSION, Gap())
        await ben.writes("please")
        await world.settles()
        assert [note.text for note in two.hosting.room.recent.lines[chi.id]] == ["may I ask you something?"]
        again = await chi.comes_back(one)
        assert again.room["state"] == "ended"
        assert again.closed is None


class TestAnEngineThatForgets:
    async def test_flushed_it_is_given_the_room_back_quiets_and_removals_included(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        chi, dov = await world.member("Chi").comes(two), await world.member("Dov").comes(two)
        await ana.quiets(ben)
        await ana.removes(dov)
        await world.settles()
        before, epoch = one.hosting.room.controls, one.hosting.at.epoch
        world.hub.forget(SESSION)
        await ana.says("where were we")
        await world.settles()
        after = one.hosting.room.controls
        assert (after.seats, after.removed) == (before.seats, before.removed)
        assert two.hosting.room == one.hosting.room
        assert one.hosting.at.epoch != epoch
        assert ana.at == chi.at == Position(one.hosting.at.epoch, 1)
        for phone in (ana, ben, chi):
            assert phone.got("welcome")[-1]["resumed"] is False
        assert await ben.asks(Say("hi")) == Refusal("quieted")
        await chi.says("at the beginning")
        await world.settles()
        assert ana.reads()[-1] == ben.reads()[-1] == "at the beginning"

    async def test_words_whose_sender_was_never_told_are_not_said_twice(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        chi = await world.member("Chi").comes(two)
        await ben.says("hi", ref="a1")
        await world.settles()
        world.hub.forget(SESSION)
        world.hub._receipts.clear()
        assert await ben.asks(Say("hi"), ref="a1") == Done()
        await ben.comes_back(two)
        assert await ben.asks(Say("hi"), ref="a1") == Done()
        await ben.says("something else", ref="a2")
        await world.settles()
        assert ana.reads() == chi.reads() == ["hi", "something else"]

    async def test_receipts_that_it_still_has_are_not_in_the_way(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await ben.says("hi", ref="a1")
        await ana.says("hello", ref="a1")
        receipts = world.hub._receipts[SESSION]
        del receipts[next(key for key in receipts if ben.id in key)]
        world.hub.forget(SESSION)
        assert await ben.asks(Say("hi"), ref="a1") == await ana.asks(Say("hello"), ref="a1") == Done()
        await world.settles()
        assert ana.reads() == ["hi", "hello"]

    async def test_a_host_knows_them_as_long_as_an_engine_would(self, world, one):
        _, ben = await world.under_way(one, "Ana", "Ben")
        await ben.says("hi", ref="a1")
        await world.passes(RECEIPT_SECONDS, one)
        await ben.says("ho", ref="a2")
        assert len(one.hosting._following._receipts) == 1

    async def test_both_hosts_may_notice_at_once(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        chi = await world.member("Chi").comes(two)
        await ana.quiets(ben)
        await world.settles()
        world.hub.forget(SESSION)
        await asyncio.gather(ana.asks(Say("one")), chi.asks(Say("two")))
        await world.settles()
        assert one.hosting.room == two.hosting.room
        for phone in (ana, chi):
            assert phone.got("welcome")[-1]["resumed"] is False
        await ana.says("three")
        await world.settles()
        assert ana.at == chi.at
        assert one.hosting.room.controls.seats[ben.id].quiet_until is not None

    async def test_a_host_that_knows_nothing_may_have_begun_anew_meanwhile(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await ana.quiets(ben)
        await world.settles()
        one.engine.deaf = True
        world.hub.forget(SESSION)
        chi = await world.member("Chi").comes(two)
        await world.settles()
        assert chi.you["place"] == "waiting"
        one.engine.deaf = False
        world.hub.tell(SESSION, Gap())
        await ana.says("where were we")
        await world.settles()
        assert one.hosting.room == two.hosting.room
        assert one.hosting.room.controls.seats[ben.id].quiet_until is not None
        assert ana.at == one.hosting.at == two.hosting.at

    async def test_and_bring_it_back_at_once(self, world, one, two):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await world.member("Chi").comes(two)
        await ana.quiets(ben)
        await world.settles()
        world.hub.forget(SESSION)
        one.engine.slow = two.engine.slow = True
        world.hub.tell(SESSION, Gap())
        await world.settles()
        assert one.hosting.room == two.hosting.room
        assert world.hub.head(SESSION).controls is not None
        assert one.hosting.room.controls.seats[ben.id].quiet_until is not None

    async def test_controls_that_come_back_without_an_event_are_taken_up(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await world.settles()
        head = world.hub.head(SESSION)
        closing = one.hosting.room.with_controls(state=State.CLOSING).controls
        world.hub.commit(SESSION, Change(head.at.epoch, head.version, (), codec.encode_controls(closing)))
        await world.settles()
        assert ana.room["state"] == ben.room["state"] == "closing"

    async def test_an_older_copy_does_not_bring_an_older_room_back(self, world, one):
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await world.settles()
        older = world.hub.head(SESSION)
        await ana.quiets(ben)
        await ana.says("lost with the newer copy")
        await world.settles()
        held = world.hub._rooms[SESSION]
        held.seq, held.version, held.controls = older.at.seq, older.version, older.controls
        world.hub.tell(SESSION, Gap())
        await world.settles()
        assert one.hosting.at.epoch != older.at.epoch
        assert await ben.asks(Say("hi")) == Refusal("quieted")
        await ana.says("here")
        assert ben.reads()[-2:] == ["lost with the newer copy", "here"]
        assert world.hub.head(SESSION).version > older.version

    async def test_an_older_copy_that_lacks_words_alone_is_told_to_everybody(self, world, one, two):
        """No control tells it from the newer one; its numbers do, and nobody may take them for what they have seen."""
        ana, ben = await world.under_way(one, "Ana", "Ben")
        chi = await world.member("Chi").comes(two)
        await ana.admits(chi)
        await ana.says("one")
        await ana.says("two")
        await world.settles()
        before = one.hosting.at
        world.hub._rooms[SESSION].seq -= 2
        world.hub.tell(SESSION, Gap())
        await world.settles()
        assert one.hosting.at == two.hosting.at
        assert one.hosting.at.epoch != before.epoch
        for phone in (ana, ben, chi):
            assert phone.got("welcome")[-1]["resumed"] is False
        await ana.says("three")
        await world.settles()
        assert ben.reads()[-3:] == chi.reads()[-3:] == ["one", "two", "three"]

    async def test_nothing_is_said_before_it_is_known_where_the_room_is(self, world, one):
        """It would be taken for something missed: acknowledged, and shown to nobody."""
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await world.settles()
        one.engine.mute = True
        world.hub.tell(SESSION, Gap())
        assert await ana.asks(Say("one"), ref="again") == Refusal("unavailable")
        one.engine.mute = False
        while (outcome := await ana.asks(Say("one"), ref="again")) == Refusal("unavailable"):
            pass  # on a slow machine it has not tried again yet
        assert isinstance(outcome, Done)
        await world.settles()
        assert ben.reads() == ["one"]
        assert len(ben.got("welcome")) == 1, "and nobody is told that they may have missed it"

    async def test_nobody_is_told_it_was_said_when_it_got_a_number_for_the_second_time(self, world, one):
        """Not even when the numbers have grown back to where they were by the time anybody looks."""
        ana, ben = await world.under_way(one, "Ana", "Ben")
        await ana.says("one")
        await world.settles()
        before = one.hosting.at
        world.hub._rooms[SESSION].seq -= 1
        assert await ana.asks(Say("two"), ref="again") == Refusal("unavailable")
        await world.settles()
        assert one.hosting.at.epoch != before.epoch
        assert ben.got("welcome")[-1]["resumed"] is False
        await ana.says("three")
        await world.settles()
        assert ben.reads()[-2:] == ["one", "three"]

    async def test_a_room_in_which_nothing_had_happened_begins_anew(self, world, one):
        host = await one.host()
        await world.settles()
        world.hub.forget(SESSION)
        world.hub.tell(SESSION, Gap())
        await world.settles()
        assert isinstance(await world.member("Ben").comes(one), Phone)
        assert host.room.controls.seats.keys() == {"sben"}
