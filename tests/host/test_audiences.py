"""Who is shown what, and who sees nothing of it at all."""

import asyncio

import pytest

from rooms import fanout
from rooms.live import EVENTS, Terms
from rooms.live.talk import Say
from rooms.live.words import Audience
from tests.host.world import START, Phone, World

HIDDEN_FROM_MEMBERS = {name for name, event in EVENTS.items() if Audience.MEMBER not in event.reach}
TOLD_TO_WHO_WAITS = {name for name, event in EVENTS.items() if Audience.WAITING in event.reach}


@pytest.fixture
async def world():
    """Newcomers knock."""
    async with World(Terms(START, seats=200, knock_first=True)) as world:
        yield world


@pytest.fixture
async def evening(world, one, two):
    """Ana and Ben are inside at the first node, Chi at the second; Dov waits there."""
    ana, ben = await world.under_way(one, "Ana", "Ben")
    await ana.admits(ben)
    chi, dov = await world.member("Chi").comes(two), await world.member("Dov").comes(two)
    await world.settles()
    await ana.admits(chi)
    await world.settles()
    return ana, ben, chi, dov


MEMBERS_KNOW = {"name", "role", "listening", "place", "off_duty", "corner", "tag", "work"}


class TestWaiting:
    async def test_no_word_reaches_who_waits(self, world, evening):
        ana, ben, chi, dov = evening
        await ben.says("hi")
        await ana.quiets(chi)
        await ana.pauses()
        await ana.resumes()
        await world.settles()
        assert {"paused", "resumed"} <= set(dov.types()) <= TOLD_TO_WHO_WAITS | {"welcome", "controls"}
        assert not any("seq" in frame for frame in dov.frames)
        assert "Ben" not in str(dov.frames)
        assert dov.people == {}
        assert dov.room["state"] == "live"
        assert {"leave", "write_line"} <= set(dov.room["may"])
        assert not {"say", "react", "raise_hand", "quiet"} & set(dov.room["may"])
        assert dov.you["held_back"] == "waiting"

    async def test_they_follow_no_order(self, evening, two):
        *_, dov = evening
        assert dov.at is None
        two.hosting.beat()
        assert dov.got("beat")[-1]["at"] is None

    async def test_to_be_let_in_is_to_be_welcomed_anew(self, world, evening):
        ana, ben, chi, dov = evening
        await ben.says("before")
        await ana.admits(dov)
        await world.settles()
        assert dov.types().count("welcome") == 2
        assert dov.got("admitted")[-1]["by"] == "Ana"
        assert dov.people.keys() == chi.people.keys()
        assert dov.you["held_back"] is None
        assert dov.at == chi.at
        await ben.says("after")
        await world.settles()
        assert dov.reads() == ["after"]

    async def test_and_from_then_on_nothing_is_missed(self, world, evening, one, two):
        ana, *_, dov = evening
        before = one.engine.commits
        await asyncio.gather(ana.admits(dov), ana.asks(Say("welcome, Dov")))
        await world.settles()
        assert one.engine.commits - before == 1
        assert dov.reads() == ["welcome, Dov"]

    async def test_to_be_declined_is_to_be_told_and_shown_out(self, world, evening):
        ana, ben, _, dov = evening
        await ana.declines(dov)
        await world.settles()
        assert dov.got("declined")[0]["words"] == "talk_first"
        assert dov.closed == fanout.NOT_AVAILABLE
        assert "declined" not in ben.types()
        assert ben.room["waiting"] == 0

    async def test_a_quiet_on_somebody_who_waits_reaches_them_without_a_number(self, world, evening):
        ana, *_, dov = evening
        await ana.quiets(dov)
        await world.settles()
        assert dov.got("quieted")[0]["seat"] == dov.id
        assert "seq" not in dov.got("quieted")[0]


class TestMembers:
    async def test_what_only_facilitators_may_see_is_not_sent(self, world, evening, one):
        ana, ben, chi, dov = evening
        await ana.admits(dov)
        await chi.leaves()
        await world.settles()
        dov.drops()
        await world.passes(12)
        assert {"arrived", "admitted", "left", "lost_touch"} <= set(ana.types())
        assert not [f for f in ben.frames if f["type"] in HIDDEN_FROM_MEMBERS and f["seat"] != ben.id]
        assert set(ben.people[dov.id]) == MEMBERS_KNOW

    async def test_a_quiet_has_a_name_for_the_person_and_for_facilitators_only(self, world, evening):
        ana, ben, chi, _ = evening
        await ana.quiets(chi)
        await world.settles()
        theirs, others, hers = chi.got("quieted"), ben.got("quieted"), ana.got("quieted")
        assert theirs[0]["seat"] == hers[0]["seat"] == chi.id
        assert [frame["seat"] for frame in others] == [None]
        assert others[0] | {"seat": chi.id} != hers[0]
        assert set(map(str, others[0].values())) <= {
            "quieted",
            str(others[0]["seq"]),
            str(others[0]["at"]),
            "Ana",
            "None",
        }
        # The page shows the first copy; what everybody gets under the same number is a repetition to it.
        assert [frame["seat"] for frame in chi.shown if frame["type"] == "quieted"] == [chi.id]
        assert chi.you["held_back"] == "quieted"
        assert ben.people[chi.id].keys() == MEMBERS_KNOW

    async def test_the_end_of_a_quiet_too(self, world, evening):
        ana, ben, chi, _ = evening
        await ana.quiets(chi)
        await ana.unquiets(chi)
        await world.settles()
        assert [frame["seat"] for frame in chi.shown if frame["type"] == "unquieted"] == [chi.id]
        assert [frame["seat"] for frame in ben.shown if frame["type"] == "unquieted"] == [None]
        assert chi.you["held_back"] is None

    async def test_the_author_of_what_is_taken_down_is_told_that_it_is_theirs(self, world, evening):
        ana, ben, chi, _ = evening
        message = await chi.says("her number is 01234")
        await world.settles()
        await ana.takes_down(message)
        await world.settles()
        assert [frame["yours"] for frame in chi.shown if frame["type"] == "taken_down"] == [True]
        assert [frame["yours"] for frame in ben.shown if frame["type"] == "taken_down"] == [False]


class TestRemoving:
    async def test_every_connection_of_the_person_is_told_and_closed_wherever_it_is(
        self, world, evening, two
    ):
        ana, ben, chi, _ = evening
        tablet = await ben.person.comes(two)
        await world.settles()
        await ana.removes(ben)
        await world.settles()
        for screen in (ben, tablet):
            assert screen.got("removed")[0]["reason"] == "unkind"
            assert screen.closed == fanout.REMOVED
        assert set(chi.types()[-2:]) == {"someone_removed", "controls"}
        assert ben.id not in chi.people
        assert ana.people[ben.id]["place"] == "gone"

    async def test_nothing_reaches_them_that_is_said_after_it(self, world, evening, one):
        ana, ben, chi, _ = evening
        before = one.engine.commits
        await asyncio.gather(ana.removes(ben), ana.asks(Say("that was not all right")))
        await world.settles()
        assert one.engine.commits - before == 1
        assert chi.reads() == ["that was not all right"]
        assert ben.reads() == []

    async def test_the_way_back_is_shut_at_every_node(self, world, evening, two):
        ana, ben, *_ = evening
        await ana.removes(ben)
        await world.settles()
        again = await ben.comes_back(two)
        again.is_refused("removed")

    async def test_a_page_that_was_just_about_to_join_is_shown_out(self, world, evening, two):
        ana, ben, *_ = evening
        tablet = Phone(ben.person, two)
        await ana.removes(ben)
        await world.settles()
        two.hosting.join(tablet, None)
        assert tablet.closed == fanout.REMOVED
        assert tablet.frames == []

    async def test_so_is_one_whose_seat_was_given_up_or_forgotten(self, evening, two):
        *_, dov = evening
        await dov.leaves()
        assert dov.closed == fanout.NOT_AVAILABLE
        late = Phone(dov.person, two)
        two.hosting.join(late, None)
        assert late.closed == fanout.NOT_AVAILABLE


class TestTheEnd:
    async def test_everybody_is_told_and_shown_out_and_nothing_is_kept(self, world, evening, one, two):
        ana, ben, *_ = evening
        await ben.says("goodbye")
        await world.settles()
        assert len(one.hosting.people.ring) > 0
        await ana.ends_now()
        await world.settles()
        for phone in evening:
            assert phone.got("ended")[0]["why"] == "facilitator"
            assert phone.room["state"] == "ended"
            assert phone.closed == fanout.OVER
        for node in (one, two):
            assert len(node.hosting.people.ring) == 0
            assert node.hosting.people.seats == set()

    async def test_a_page_that_joins_a_moment_too_late_is_shown_the_same(self, world, evening, two):
        ana, *_, dov = evening
        tablet = Phone(dov.person, two)
        await ana.ends_now()
        await world.settles()
        two.hosting.join(tablet, None)
        assert tablet.closed == fanout.OVER


class TestConnections:
    async def test_two_tabs_are_one_person(self, world, evening, one):
        ana, ben, *_ = evening
        tab = await ben.person.comes(one)
        assert one.hosting.people.seats == {ana.id, ben.id}
        await ana.says("hi")
        assert ben.reads() == tab.reads() == ["hi"]
        assert one.hosting.part(ben) is False
        assert one.hosting.part(tab) is True
        assert one.hosting.people.seats == {ana.id}

    async def test_parting_twice_is_parting_once(self, evening, one):
        _, ben, *_ = evening
        assert one.hosting.part(ben) is True
        assert one.hosting.part(ben) is False

    async def test_a_beat_says_where_the_room_is(self, world, evening, one):
        _, ben, *_ = evening
        await ben.says("hi")
        one.hosting.beat()
        beat = ben.got("beat")[-1]
        assert beat["at"] == {"epoch": ben.at.epoch, "seq": ben.at.seq}
        assert beat["now"] == world.clock.at
