"""What only the memory engine can show: time, which here is a number."""

import asyncio

import pytest

from rooms.engines import (
    RECEIPT_SECONDS,
    ROOM_SECONDS,
    Batch,
    Committed,
    Heard,
    Position,
    Repeated,
    open_engine,
)
from rooms.engines.listener import Listener
from rooms.engines.memory import Hub, MemoryEngine
from tests.engines.contract import committed, control, say, until


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def entries(heard: list[Heard]) -> list[tuple[bytes, ...]]:
    return [item.entries for item in heard if isinstance(item, Batch)]


async def test_a_receipt_lasts_two_minutes_and_leaves_nothing_behind():
    clock = Clock()
    hub = Hub(clock)
    async with MemoryEngine(hub) as engine:
        head = await engine.load("tuesday")
        await engine.commit("tuesday", say(head, b"hello", once={"ana:1": 0}))
        clock.now += RECEIPT_SECONDS / 2
        await engine.commit("tuesday", say(head, b"hi", once={"ben:1": 0}))
        clock.now += RECEIPT_SECONDS / 2 - 0.001
        assert await engine.commit("tuesday", say(head, b"hello", once={"ana:1": 0})) == Repeated(
            {"ana:1": 1}
        )
        clock.now += 0.001
        assert isinstance(await engine.commit("tuesday", say(head, b"hello", once={"ana:1": 0})), Committed)
        clock.now += RECEIPT_SECONDS
        await engine.commit("wednesday", say(await engine.load("wednesday"), b"hi", once={"chi:1": 0}))
        assert list(hub._receipts) == ["wednesday"]


async def test_a_room_nobody_forgot_is_forgotten_a_day_after_its_last_commit():
    clock = Clock()
    async with MemoryEngine(Hub(clock)) as engine:
        first = await engine.load("tuesday")
        clock.now += ROOM_SECONDS - 1
        await engine.commit("tuesday", control(first, b"doors"))
        clock.now += ROOM_SECONDS - 1
        assert (await engine.load("tuesday")).controls == b"doors"
        await engine.load("wednesday")
        clock.now += 1
        assert (await engine.load("tuesday")).at.epoch != first.at.epoch
        clock.now += ROOM_SECONDS
        await engine.load("thursday")
        assert list(engine._hub._rooms) == ["thursday"]


async def test_a_node_alone_needs_no_url_and_no_hub():
    async with open_engine(None, secret="kept by nobody") as engine:
        assert engine.nodes == {engine.node}
        async with engine.listen("tuesday") as ana:
            await committed(engine, "tuesday", b"hello")
            assert len(await until(ana, b"hello")) == 1


async def test_what_has_come_can_be_heard_without_waiting_and_is_heard_once():
    async with MemoryEngine() as engine, engine.listen("tuesday") as ana:
        assert ana.waiting is None
        await committed(engine, "tuesday", b"one", b"two")
        assert ana.waiting is ana.take()
        assert ana.waiting is None
        await committed(engine, "tuesday", b"three")
        assert entries(await until(ana, b"three")) == [(b"three",)]


async def test_a_reader_that_was_taken_from_while_it_waited_goes_on_waiting():
    async with MemoryEngine() as engine, engine.listen("tuesday") as ana, asyncio.TaskGroup() as tasks:
        heard = tasks.create_task(until(ana, b"two"))
        await asyncio.sleep(0)
        await committed(engine, "tuesday", b"one")
        ana.take()
        await committed(engine, "tuesday", b"two")
        assert entries(await heard) == [(b"two",)]


async def test_what_a_person_typed_is_in_no_repr():
    async with MemoryEngine() as engine, engine.listen("tuesday") as ana:
        head = await engine.load("tuesday")
        change = control(head, b"sentinel", b"sentinel")
        await engine.whisper("tuesday", b"sentinel")
        told: list[object] = [
            change,
            await engine.commit("tuesday", change),
            await engine.commit("tuesday", change),
        ]
        told += await until(ana, b"sentinel")
        assert "sentinel" not in repr([*told, await engine.load("tuesday"), engine._hub._rooms])


async def test_who_stops_listening_as_something_comes_takes_nothing_with_them():
    listener = Listener()
    reading: asyncio.Future[Heard] = asyncio.ensure_future(anext(listener))
    await asyncio.sleep(0)
    said = Batch(Position("epoch", 1), 0, (b"hello",))
    listener.put(said)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await asyncio.sleep(0)
    assert listener.waiting is said
    assert await anext(listener) is said
