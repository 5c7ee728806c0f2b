"""What befalls a town. Each leaves it as it was: what was killed is started again, what was frozen thaws."""

import asyncio
import signal

from rooms.engines.keys import NODES
from tests.faults.evening import Evening, Harm
from tests.faults.node import STOPPED, until
from tests.faults.wires import FarServer


def redis_is_frozen(seconds: float) -> Harm:
    async def befalls(evening: Evening) -> None:
        evening.town.redis.freeze()
        try:
            await asyncio.sleep(seconds)
        finally:
            evening.town.redis.thaw()

    return Harm(f"Redis frozen for {seconds:g} s", befalls)


async def _redis_is_killed(evening: Evening) -> None:
    evening.town.redis.kill()
    await asyncio.sleep(1.0)
    evening.town.redis.start()


REDIS_IS_KILLED = Harm("Redis killed, back empty after 1 s", _redis_is_killed)


async def _subscriptions_are_killed(evening: Evening) -> None:
    evening.town.redis.do("CLIENT", "KILL", "TYPE", "pubsub")


SUBSCRIPTIONS_ARE_KILLED = Harm("every subscription killed", _subscriptions_are_killed)


async def _redis_pauses(evening: Evening) -> None:
    evening.town.redis.do("CLIENT", "PAUSE", 2000)
    await asyncio.sleep(2.0)


REDIS_PAUSES = Harm("`CLIENT PAUSE` for 2 s", _redis_pauses)


async def _counter_is_deleted(evening: Evening) -> None:
    evening.town.redis.do("DEL", evening.key)


COUNTER_IS_DELETED = Harm("the room's counter deleted", _counter_is_deleted)


async def _older_copy(evening: Evening) -> None:
    """The copy lags a few messages behind; no control was used since."""
    copy = evening.town.redis.do("DUMP", evening.key)
    assert isinstance(copy, bytes)
    await evening.have_been_heard()
    evening.is_harmed()
    evening.town.redis.do("RESTORE", evening.key, 0, copy, "REPLACE")


OLDER_COPY = Harm("failover to a copy that lacks the last messages", _older_copy)


async def _older_copy_than_a_control(evening: Evening) -> None:
    copy = evening.town.redis.do("DUMP", evening.key)
    assert isinstance(copy, bytes)
    answer = await evening["Bea"].asks("set_door", door="knock")
    assert answer["type"] == "ack", answer
    await evening.have_been_heard()
    evening.is_harmed()
    evening.town.redis.do("RESTORE", evening.key, 0, copy, "REPLACE")


OLDER_COPY_THAN_A_CONTROL = Harm("failover to a copy that lacks a control", _older_copy_than_a_control)


async def _subscriber_overflows(evening: Evening) -> None:
    """One node hangs while more is published in its rooms than Redis is ready to keep for it."""
    redis, node = evening.town.redis, evening.town.nodes[-1]
    redis.do("CONFIG", "SET", "client-output-buffer-limit", "pubsub 100kb 0 0")
    before = _subscribers(evening)
    node.tells(signal.SIGSTOP)
    try:
        # The kernel holds some megabytes for the node before anything piles up in Redis.
        for _ in range(400):
            redis.do("SPUBLISH", evening.key, b"nonsense " + bytes(200_000))
            if _subscribers(evening) < before:
                break
        assert _subscribers(evening) < before, "nobody was cut off"
        await asyncio.sleep(1.0)
    finally:
        node.tells(signal.SIGCONT)
        redis.do("CONFIG", "SET", "client-output-buffer-limit", "pubsub 32mb 8mb 60")


def _subscribers(evening: Evening) -> int:
    told = evening.town.redis.do("CLIENT", "LIST", "TYPE", "pubsub")
    assert isinstance(told, bytes)
    return len(told.splitlines())


SUBSCRIBER_OVERFLOWS = Harm("a node hangs, and its subscription overflows", _subscriber_overflows)


def node_is_killed(seconds: float = 0.5) -> Harm:
    async def befalls(evening: Evening) -> None:
        node = evening.town.nodes[0]
        await node.is_killed()
        await asyncio.sleep(seconds)
        node.starts()
        await node.is_up()

    return Harm("a node killed under load, and started again", befalls)


def node_is_frozen(seconds: float) -> Harm:
    async def befalls(evening: Evening) -> None:
        node = evening.town.nodes[0]
        node.tells(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            node.tells(signal.SIGCONT)

    return Harm(f"a node frozen for {seconds:g} s", befalls)


async def _rolling_restart(evening: Evening) -> None:
    async def none_is_dead() -> bool:
        return evening.town.redis.do("ZCARD", NODES) == len(evening.town.nodes)

    # One that was killed is counted on for 15 seconds more, and may be one of the two that keep a room.
    await until(none_is_dead, "the killed are forgotten")
    evening.is_harmed()
    for node in evening.town.nodes:
        assert await node.stops() in STOPPED
        node.starts()
        # As whoever rolls them waits: a node that says it is ready hosts its rooms.
        await node.is_up()
        assert evening.hosts == len(evening.town.nodes)


ROLLING_RESTART = Harm("a rolling restart of both nodes", _rolling_restart)


def wire_is_cut(seconds: float) -> Harm:
    async def befalls(evening: Evening) -> None:
        redis = evening.town.redis
        assert isinstance(redis, FarServer)
        redis.part()
        try:
            await asyncio.sleep(seconds)
        finally:
            redis.join()

    return Harm(f"the network swallows everything for {seconds:g} s", befalls)


def somebody_is_cut_off() -> Harm:
    async def befalls(evening: Evening) -> None:
        for person in evening.here[::2]:
            await person.is_cut_off()

    return Harm("half of the people cut off", befalls)
