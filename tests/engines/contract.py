"""The promises of every engine, as tests. `test_contract.py` says which engines they are run for.

A test gets `engine` (one node), `pair` (two nodes that share rooms), `room` (a name nobody else uses) and `world`,
which opens nodes, kills them, and lets a node's life pass. Nothing sleeps to prove an absence: a later marker is
committed, and what came before it is looked at.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

import pytest

from rooms.engines import (
    QUEUE_BATCHES,
    Batch,
    Change,
    Committed,
    Conflict,
    Engine,
    Gap,
    Head,
    Heard,
    Position,
    Repeated,
    Seating,
    Whisper,
)

Pair = tuple[Engine, Engine]


class World(Protocol):
    """What a test of an engine can do to it from outside."""

    async def open(self) -> Engine: ...
    async def kill(self, node: Engine) -> None: ...
    async def outlive(self, node: Engine) -> None: ...


def say(head: Head, *entries: bytes, once: dict[str, int] | None = None) -> Change:
    return Change(head.at.epoch, head.version, entries, once=once or {})


def control(head: Head, controls: bytes, *entries: bytes, renew: int = 0) -> Change:
    return Change(head.at.epoch, head.version, entries, controls, renew=renew)


async def committed(engine: Engine, room: str, *entries: bytes) -> Committed:
    """Commit as hosts do: decide again on a conflict."""
    head = await engine.load(room)
    while isinstance(outcome := await engine.commit(room, say(head, *entries)), Conflict):
        head = outcome.head
    assert isinstance(outcome, Committed)
    return outcome


async def until(ear: AsyncIterator[Heard], marker: bytes) -> list[Heard]:
    """Everything heard up to and including the entry that is the marker."""
    heard: list[Heard] = []
    async with asyncio.timeout(20):
        async for item in ear:
            heard.append(item)
            if isinstance(item, Batch) and marker in item.entries:
                break
    return heard


def numbered(heard: list[Heard]) -> list[tuple[int, bytes]]:
    """What was heard, entry by entry, with the numbers."""
    return [
        (batch.at.seq - len(batch.entries) + 1 + index, entry)
        for batch in heard
        if isinstance(batch, Batch)
        for index, entry in enumerate(batch.entries)
    ]


class TestOrder:
    async def test_a_room_never_heard_of_begins_at_nothing_and_stays_the_same(self, pair: Pair, room: str):
        here, there = pair
        head = await here.load(room)
        assert (head.at.seq, head.version, head.controls) == (0, 0, None)
        assert await there.load(room) == head

    async def test_two_nodes_hear_one_order(self, pair: Pair, room: str):
        here, there = pair
        async with here.listen(room) as ana, there.listen(room) as ben:
            await asyncio.gather(
                *(committed(here, room, b"ana %d" % n) for n in range(40)),
                *(committed(there, room, b"ben %d" % n, b"and again") for n in range(40)),
            )
            await committed(here, room, b"that was it")
            by_ana = numbered(await until(ana, b"that was it"))
            by_ben = numbered(await until(ben, b"that was it"))
        assert by_ana == by_ben
        assert [seq for seq, _ in by_ana] == list(range(1, 40 + 80 + 2))

    async def test_a_hundred_commits_at_once_take_a_hundred_numbers(self, engine: Engine, room: str):
        head = await engine.load(room)
        outcomes = await asyncio.gather(
            *(engine.commit(room, say(head, b"%d" % n, once={f"ana:{n}": 0})) for n in range(100))
        )
        seqs = [outcome.at.seq for outcome in outcomes if isinstance(outcome, Committed)]
        assert sorted(seqs) == list(range(1, 101))
        assert (await engine.load(room)).at == Position(head.at.epoch, 100)

    async def test_commits_of_one_node_keep_the_order_in_which_it_made_them(self, engine: Engine, room: str):
        head = await engine.load(room)
        async with engine.listen(room) as ana:
            await asyncio.gather(*(engine.commit(room, say(head, b"%d" % n)) for n in range(50)))
            assert numbered(await until(ana, b"49")) == [(n + 1, b"%d" % n) for n in range(50)]

    async def test_the_committer_hears_itself_with_the_numbers_it_was_told(self, engine: Engine, room: str):
        head = await engine.load(room)
        async with engine.listen(room) as ana:
            outcome = await engine.commit(room, say(head, b"hello", b"everyone"))
            assert outcome == Committed(Position(head.at.epoch, 2), 0)
            assert await until(ana, b"hello") == [
                Batch(Position(head.at.epoch, 2), 0, (b"hello", b"everyone"))
            ]

    async def test_who_listens_learns_which_receipts_were_given(self, pair: Pair, room: str):
        here, there = pair
        head = await here.load(room)
        async with there.listen(room) as ben:
            await here.commit(room, say(head, b"hello", once={"ana:1": 0, "ana:2": 0}))
            (batch,) = await until(ben, b"hello")
        assert isinstance(batch, Batch)
        assert batch.once == ("ana:1", "ana:2")

    async def test_what_is_carried_at_once_is_there_to_be_heard_at_once(self, engine: Engine, room: str):
        head = await engine.load(room)
        async with engine.listen(room) as ana:
            if engine.at_once is None:
                assert isinstance(await engine.commit(room, say(head, b"hello")), Committed)
                assert numbered(await until(aiter(ana), b"hello")) == [(1, b"hello")]
                return
            outcome = engine.at_once(room, say(head, b"hello"))
            assert outcome == Committed(Position(head.at.epoch, 1), 0)
            assert ana.waiting == ana.take() == Batch(Position(head.at.epoch, 1), 0, (b"hello",))
            assert isinstance(engine.at_once(room, control(head, b"{}")), Committed)
            assert isinstance(engine.at_once(room, say(head, b"too late")), Conflict)

    async def test_bytes_arrive_as_they_were_sent(self, pair: Pair, room: str):
        here, there = pair
        entries = (b"", bytes(range(256)), b"\r\n$-1\r\n", "käse 🧀".encode(), b"x" * 65_536)
        async with there.listen(room) as ben:
            await committed(here, room, *entries)
            (batch,) = await until(ben, b"")
        assert isinstance(batch, Batch)
        assert batch.entries == entries

    async def test_everybody_who_listens_on_one_node_hears_everything(self, engine: Engine, room: str):
        async with engine.listen(room) as ana, engine.listen(room) as ben:
            await committed(engine, room, b"hello")
            assert await until(ana, b"hello") == await until(ben, b"hello")

    async def test_another_room_hears_nothing(self, pair: Pair, room: str):
        here, there = pair
        async with here.listen(room) as ana, there.listen(room) as ben:
            await here.whisper(room + "-next-door", b"psst")
            await committed(here, room + "-next-door", b"not for you")
            await committed(here, room, b"for you")
            assert numbered(await until(ana, b"for you")) == [(1, b"for you")]
            assert len(await until(ben, b"for you")) == 1


class TestControls:
    async def test_new_controls_ride_along_and_raise_the_version(self, pair: Pair, room: str):
        here, there = pair
        head = await here.load(room)
        async with there.listen(room) as ben:
            outcome = await here.commit(room, control(head, b"\x00quiet", b"quieted"))
            assert outcome == Committed(Position(head.at.epoch, 1), 1)
            assert await until(ben, b"quieted") == [Batch(outcome.at, 1, (b"quieted",), b"\x00quiet")]
        assert await there.load(room) == Head(outcome.at, 1, b"\x00quiet")

    async def test_controls_alone_take_no_number_and_are_heard(self, pair: Pair, room: str):
        here, there = pair
        head = await here.load(room)
        async with there.listen(room) as ben:
            assert await here.commit(room, control(head, b"locked")) == Committed(head.at, 1)
            await committed(here, room, b"marker")
            heard = await until(ben, b"marker")
        assert heard[0] == Batch(head.at, 1, (), b"locked")
        assert numbered(heard) == [(1, b"marker")]

    async def test_empty_controls_are_controls(self, engine: Engine, room: str):
        head = await engine.load(room)
        async with engine.listen(room) as ana:
            await engine.commit(room, control(head, b"", b"cleared"))
            (batch,) = await until(ana, b"cleared")
        assert isinstance(batch, Batch)
        assert (batch.version, batch.controls) == (1, b"")
        assert (await engine.load(room)).controls == b""

    async def test_words_leave_controls_and_version_alone(self, engine: Engine, room: str):
        head = await engine.load(room)
        await engine.commit(room, control(head, b"locked"))
        assert (await committed(engine, room, b"hello")).version == 1
        assert (await engine.load(room)).controls == b"locked"

    async def test_a_decision_on_old_controls_appends_nothing_and_is_given_the_head(
        self, pair: Pair, room: str
    ):
        here, there = pair
        seen_by_ben = await there.load(room)
        async with here.listen(room) as ana:
            await here.commit(room, control(seen_by_ben, b"ben is quiet", b"quieted"))
            outcome = await there.commit(room, say(seen_by_ben, b"too late", once={"ben:1": 0}))
            assert outcome == Conflict(Head(Position(seen_by_ben.at.epoch, 1), 1, b"ben is quiet"))
            await committed(here, room, b"marker")
            assert numbered(await until(ana, b"marker")) == [(1, b"quieted"), (2, b"marker")]
        # what was refused left no receipt: the same words may be tried again
        assert isinstance(await there.commit(room, say(outcome.head, b"sorry", once={"ben:1": 0})), Committed)

    async def test_another_epoch_is_a_conflict_whatever_the_version(self, engine: Engine, room: str):
        head = await engine.load(room)
        assert await engine.commit(room, Change("long ago", 0, (b"hello",))) == Conflict(head)

    async def test_a_room_that_was_never_loaded_answers_a_commit_with_its_head(
        self, engine: Engine, room: str
    ):
        outcome = await engine.commit(room, Change("a guess", 0, (b"hello",)))
        assert outcome == Conflict(await engine.load(room))

    async def test_of_two_facilitators_at_once_one_wins_and_the_other_is_told(self, pair: Pair, room: str):
        here, there = pair
        head = await here.load(room)
        for _ in range(20):
            outcomes = await asyncio.gather(
                here.commit(room, control(head, b"removed", b"removed")),
                there.commit(room, control(head, b"readmitted", b"readmitted")),
            )
            assert {type(outcome) for outcome in outcomes} == {Committed, Conflict}
            head = await here.load(room)
            assert Conflict(head) in outcomes

    async def test_renewed_controls_stand_above_what_was_lost_and_what_is_there(
        self, engine: Engine, room: str
    ):
        head = await engine.load(room)
        outcome = await engine.commit(room, control(head, b"ben is quiet", renew=7))
        assert isinstance(outcome, Committed)
        assert outcome.version == 8
        outcome = await engine.commit(room, control(await engine.load(room), b"ben is still quiet", renew=3))
        assert isinstance(outcome, Committed)
        assert await engine.load(room) == Head(outcome.at, 9, b"ben is still quiet")

    async def test_a_renewed_room_begins_a_new_epoch(self, pair: Pair, room: str):
        """Numbers that were given once may have stood for something else."""
        here, there = pair
        async with there.listen(room) as ben:
            old = await committed(here, room, b"one", b"two")
            head = await here.load(room)
            renewed = await here.commit(room, control(head, b"controls", b"three", renew=1))
            assert isinstance(renewed, Committed)
            assert renewed.at.epoch not in {"", old.at.epoch}
            assert renewed == Committed(Position(renewed.at.epoch, 1), 2)
            assert await here.commit(room, say(head, b"late")) == Conflict(Head(renewed.at, 2, b"controls"))
            last = await committed(here, room, b"marker")
            assert last.at == Position(renewed.at.epoch, 2)
            assert [item for item in await until(ben, b"marker") if isinstance(item, Batch)][1:] == [
                Batch(renewed.at, 2, (b"three",), b"controls"),
                Batch(last.at, 2, (b"marker",)),
            ]


class TestRepeats:
    async def test_a_repeat_is_silent_and_names_the_first_number(self, pair: Pair, room: str):
        here, there = pair
        head = await here.load(room)
        async with there.listen(room) as ben:
            await here.commit(room, say(head, b"hello", b"hi", once={"ana:1": 0, "chi:1": 1}))
            for node in pair:
                assert await node.commit(room, say(head, b"hi", once={"chi:1": 0})) == Repeated({"chi:1": 2})
            await committed(here, room, b"marker")
            assert [entry for _, entry in numbered(await until(ben, b"marker"))] == [
                b"hello",
                b"hi",
                b"marker",
            ]

    async def test_one_repeat_among_others_holds_them_all_back_and_only_it_is_named(
        self, engine: Engine, room: str
    ):
        head = await engine.load(room)
        await engine.commit(room, say(head, b"one", once={"ana:1": 0}))
        both = say(head, b"zero", b"one", b"two", once={"ben:0": 0, "ana:1": 1, "ana:2": 2})
        assert await engine.commit(room, both) == Repeated({"ana:1": 1})
        rest = say(head, b"zero", b"two", once={"ben:0": 0, "ana:2": 1})
        assert await engine.commit(room, rest) == Committed(Position(head.at.epoch, 3), 0)

    async def test_a_repeat_is_found_before_the_version_is_looked_at(self, engine: Engine, room: str):
        head = await engine.load(room)
        await engine.commit(room, say(head, b"hello", once={"ana:1": 0}))
        await engine.commit(room, control(head, b"ana is quiet"))
        assert await engine.commit(room, say(head, b"hello", once={"ana:1": 0})) == Repeated({"ana:1": 1})
        again = Change("long ago", 99, (b"hello",), once={"ana:1": 0})
        assert await engine.commit(room, again) == Repeated({"ana:1": 1})

    async def test_twenty_times_the_same_at_once_is_said_once(self, pair: Pair, room: str):
        head = await pair[0].load(room)
        change = say(head, b"hello", once={"ana:1": 0})
        outcomes = await asyncio.gather(*(pair[n % 2].commit(room, change) for n in range(20)))
        assert outcomes.count(Committed(Position(head.at.epoch, 1), 0)) == 1
        assert outcomes.count(Repeated({"ana:1": 1})) == 19

    async def test_a_receipt_for_controls_alone_names_the_head(self, engine: Engine, room: str):
        head = await engine.load(room)
        await committed(engine, room, b"hello")
        lock = Change(head.at.epoch, 0, (), b"locked", once={"ana:2": 0})
        assert await engine.commit(room, lock) == Committed(Position(head.at.epoch, 1), 1)
        assert await engine.commit(room, lock) == Repeated({"ana:2": 1})

    async def test_receipts_belong_to_their_room(self, engine: Engine, room: str):
        for name in (room, room + "-next-door"):
            head = await engine.load(name)
            assert isinstance(await engine.commit(name, say(head, b"hi", once={"ana:1": 0})), Committed)


class TestListening:
    async def test_listening_before_loading_loses_nothing(self, pair: Pair, room: str):
        here, there = pair
        head = await here.load(room)

        async def talk() -> None:
            for n in range(200):
                await here.commit(room, say(head, b"%d" % n))
                await asyncio.sleep(0)

        async with asyncio.TaskGroup() as group, here.listen(room) as ana:
            group.create_task(talk())
            await until(ana, b"20")
            async with there.listen(room) as ben:
                seen = await there.load(room)
                heard = numbered(await until(ben, b"199"))
        after = [(seq, entry) for seq, entry in heard if seq > seen.at.seq]
        assert after == [(n + 1, b"%d" % n) for n in range(seen.at.seq, 200)]

    async def test_a_slow_listener_is_told_of_a_gap_and_the_others_hear_it_all(self, pair: Pair, room: str):
        here, there = pair
        head = await here.load(room)
        heard: list[Heard] = []
        async with here.listen(room) as slow, here.listen(room) as ana, there.listen(room) as ben:
            said = QUEUE_BATCHES * 2 + 50
            for start in range(0, said, 250):
                lines = [b"%d" % n for n in range(start, min(start + 250, said))]
                await asyncio.gather(*(here.commit(room, say(head, line)) for line in lines))
                heard += await until(ana, lines[-1])
                assert Gap() not in await until(ben, lines[-1])
            late = await until(slow, b"%d" % (said - 1))
        assert numbered(heard) == [(n + 1, b"%d" % n) for n in range(said)]
        assert late.count(Gap()) == 1
        assert late[0] == Gap()
        assert [seq for seq, _ in numbered(late)] == list(range(said - len(late) + 2, said + 1))
        assert len(late) <= QUEUE_BATCHES

    async def test_who_stops_listening_leaves_the_others_alone_and_may_come_back(
        self, engine: Engine, room: str
    ):
        async with engine.listen(room) as ana:
            for n in range(5):
                async with engine.listen(room) as chi:
                    await committed(engine, room, b"%d" % n)
                    assert numbered(await until(chi, b"%d" % n)) == [(n + 1, b"%d" % n)]
            assert [seq for seq, _ in numbered(await until(ana, b"4"))] == [1, 2, 3, 4, 5]

    async def test_many_come_and_go_at_once_and_none_is_left_deaf(self, engine: Engine, room: str):
        async def drop_in(n: int) -> None:
            async with engine.listen(room) as ear:
                line = b"%d" % n
                await committed(engine, room, line)
                assert line in [entry for _, entry in numbered(await until(ear, line))]

        for _ in range(5):
            async with asyncio.TaskGroup() as group:
                for n in range(20):
                    group.create_task(drop_in(n))

    async def test_a_reader_that_is_cancelled_in_mid_wait_loses_nothing(self, engine: Engine, room: str):
        async with engine.listen(room) as ana:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0):
                    await anext(ana)
            await committed(engine, room, b"hello")
            assert numbered(await until(ana, b"hello")) == [(1, b"hello")]

    async def test_a_whisper_reaches_every_host_and_takes_no_number(self, pair: Pair, room: str):
        here, there = pair
        async with here.listen(room) as ana, there.listen(room) as ben:
            await here.whisper(room, b"who has 41 to 44?")
            await committed(here, room, b"marker")
            for ear in (ana, ben):
                heard = await until(ear, b"marker")
                assert heard[0] == Whisper(b"who has 41 to 44?")
                assert numbered(heard) == [(1, b"marker")]

    async def test_a_whisper_comes_after_what_was_known_to_who_whispers(self, pair: Pair, room: str):
        """Whoever is asked for what came before a head has heard all of that by then."""
        here, there = pair
        async with here.listen(room) as ana:
            for number in range(50):
                line = b"%d" % number
                await committed(here, room, line)
                head = await there.load(room)
                await there.whisper(room, b"what was %d?" % head.at.seq)
                heard = await until(ana, line)
                assert numbered(heard) == [(head.at.seq, line)]
                assert await anext(ana) == Whisper(b"what was %d?" % head.at.seq)

    async def test_a_whisper_may_be_a_megabyte(self, pair: Pair, room: str):
        here, there = pair
        note = bytes(range(256)) * 4096
        async with there.listen(room) as ben:
            await here.whisper(room, note)
            assert await anext(ben) == Whisper(note)

    async def test_a_whisper_to_nobody_is_fine(self, engine: Engine, room: str):
        await engine.whisper(room, b"anyone?")
        assert (await engine.load(room)).at.seq == 0


class TestSeats:
    async def test_a_seat_is_live_from_taking_to_leaving(self, pair: Pair, room: str):
        here, there = pair
        await here.take_seat(room, "ana")
        await here.take_seat(room, "ana")
        await there.take_seat(room, "ben")
        assert await there.seats(room) == Seating(frozenset({"ana", "ben"}), frozenset())
        assert await here.seats(room + "-next-door") == Seating(frozenset(), frozenset())
        await here.leave_seat(room, "chi")
        await here.leave_seat(room, "ana")
        await here.leave_seat(room, "ana")
        assert await there.seats(room) == Seating(frozenset({"ben"}), frozenset())

    async def test_a_seat_with_tabs_on_two_nodes_is_live_until_both_let_go(self, pair: Pair, room: str):
        here, there = pair
        await here.take_seat(room, "chi")
        await there.take_seat(room, "chi")
        await there.leave_seat(room, "chi")
        assert (await there.seats(room)).live == {"chi"}
        await here.leave_seat(room, "chi")
        assert (await there.seats(room)).live == frozenset()

    async def test_a_seat_lapses_when_its_node_stops_and_not_before(
        self, world: World, pair: Pair, room: str
    ):
        here, there = pair
        await here.take_seat(room, "ana")
        await here.take_seat(room, "chi")
        await there.take_seat(room, "ben")
        await there.take_seat(room, "chi")
        await world.kill(there)
        assert (await here.seats(room)) == Seating(frozenset({"ana", "ben", "chi"}), frozenset())
        await world.outlive(there)
        assert await here.seats(room) == Seating(frozenset({"ana", "chi"}), frozenset({"ben"}))
        await here.take_seat(room, "ben")
        assert await here.seats(room) == Seating(frozenset({"ana", "ben", "chi"}), frozenset())

    async def test_a_node_that_says_goodbye_takes_its_seats_along(self, world: World, room: str):
        here, there = await world.open(), await world.open()
        await here.take_seat(room, "ana")
        await there.take_seat(room, "ben")
        await there.take_seat(room + "-next-door", "ben")
        await there.__aexit__(None, None, None)
        assert await here.seats(room) == Seating(frozenset({"ana"}), frozenset())
        assert await here.seats(room + "-next-door") == Seating(frozenset(), frozenset())

    async def test_nodes_know_who_breathes(self, world: World, pair: Pair):
        here, there = pair
        assert here.node != there.node
        assert {here.node, there.node} <= there.nodes
        await world.kill(here)
        await world.outlive(here)
        assert here.node not in there.nodes
        assert there.node in there.nodes


class TestEndings:
    async def test_a_forgotten_room_begins_anew_but_for_its_receipts(self, pair: Pair, room: str):
        here, there = pair
        before = await here.load(room)
        await here.commit(room, say(before, b"hello", once={"ana:1": 0}))
        await here.commit(room, control(before, b"ended"))
        await here.take_seat(room, "ana")
        await there.forget(room)
        assert (await here.seats(room)) == Seating(frozenset(), frozenset())
        after = await here.load(room)
        assert (after.at.seq, after.version, after.controls) == (0, 0, None)
        assert after.at.epoch != before.at.epoch
        assert await here.commit(room, say(after, b"hello", once={"ana:1": 0})) == Repeated({"ana:1": 1})

    async def test_forgetting_what_nobody_knows_is_fine(self, engine: Engine, room: str):
        await engine.forget(room)
        await engine.forget(room)

    async def test_who_listens_to_a_forgotten_room_hears_its_new_beginning(self, engine: Engine, room: str):
        async with engine.listen(room) as ana:
            await committed(engine, room, b"before")
            await engine.forget(room)
            await committed(engine, room, b"after")
            assert numbered(await until(ana, b"after")) == [(1, b"before"), (1, b"after")]

    async def test_a_node_is_ready_while_it_is_open(self, world: World):
        node = await world.open()
        assert node.ready
        await node.__aexit__(None, None, None)
        assert not node.ready

    async def test_leaving_an_engine_ends_its_listeners_and_leaves_no_task(self, world: World, room: str):
        before = asyncio.all_tasks()
        node = await world.open()
        async with node.listen(room) as ana, node.listen(room + "-next-door") as chi:
            await node.take_seat(room, "ana")
            await committed(node, room, b"hello")
            await until(ana, b"hello")
            reader = asyncio.create_task(anext(chi, None))
            await asyncio.sleep(0)
            await node.__aexit__(None, None, None)
            assert [item async for item in ana] == []
            assert await reader is None
        assert asyncio.all_tasks() == before
