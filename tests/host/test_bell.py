"""A bell for those few who wait for it."""

import asyncio

import pytest

from rooms.bell import Bell


async def test_who_waits_goes_on_when_it_is_rung_and_who_comes_later_at_once():
    bell, heard = Bell(), []

    async def waits(name: str) -> None:
        await bell.wait()
        heard.append(name)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(waits("ana"))
        tasks.create_task(waits("ben"))
        await asyncio.sleep(0)
        assert not heard
        assert not bell.is_set()
        bell.set()
        bell.set()
    assert heard == ["ana", "ben"]
    assert bell.is_set()
    await waits("chi")
    assert heard[-1] == "chi"


async def test_who_waited_goes_on_though_it_was_silenced_before_their_turn():
    bell = Bell()
    ana = asyncio.ensure_future(bell.wait())
    await asyncio.sleep(0)
    bell.set()
    bell.clear()
    await ana
    assert not bell.is_set()


async def test_who_gave_up_is_not_waited_for_and_the_others_are_still_told():
    bell = Bell()
    ana, ben = (asyncio.ensure_future(bell.wait()) for _ in range(2))
    await asyncio.sleep(0)
    ana.cancel()
    bell.set()  # before ana has had a turn to go away
    await ben
    with pytest.raises(asyncio.CancelledError):
        await ana
    bell.clear()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await bell.wait()
