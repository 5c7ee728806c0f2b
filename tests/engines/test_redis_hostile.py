"""Redis is told nothing, and believed nothing: what is said in a room is found nowhere in it, and what it makes up is dropped."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as some

from rooms.engines import Batch, Change, Committed, Gap, Head, Position, Whisper
from rooms.engines.keys import room_key, seats_key
from rooms.engines.redis import RedisEngine
from tests.engines.contract import committed, control, numbered, say, until
from tests.engines.servers import Client, Server, closing
from tests.examples import examples

SENTINEL = b"zq-nobody-may-keep-this-7f3a"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with closing(Server()) as server:
        yield server


@asynccontextmanager
async def tapped(server: Server, room: str) -> AsyncIterator[list[bytes]]:
    """What goes over the channel of a room, as Redis sees it."""
    taken: list[bytes] = []
    client = Client(server.port)
    client.send("HELLO", 3)
    client.send("SSUBSCRIBE", room_key(room))
    client.read()
    client.read()
    yield taken
    client.send("PING")
    while (reply := client.read()) != b"PONG":
        assert isinstance(reply, list)
        taken.append(reply[2])
    client.close()


async def test_a_sentinel_is_found_nowhere(room: str):
    """In no key, no SLOWLOG, no MONITOR, no file: said, whispered, kept in controls, used as a receipt."""
    hostile = ("--slowlog-log-slower-than", "0", "--slowlog-max-len", "100000", "--appendonly", "yes")
    with closing(Server(*hostile, "--appendfsync", "always", "--loglevel", "debug")) as server:
        server.do("CONFIG", "SET", "slowlog-log-slower-than", "0")
        server.do("CONFIG", "SET", "appendonly", "yes")
        watcher = Client(server.port)
        watcher.do("MONITOR")
        text = SENTINEL.decode()
        async with RedisEngine(server.url, secret=text) as engine, engine.listen(room) as ana:
            head = await engine.load(room)
            change = Change(head.at.epoch, 0, (SENTINEL,), SENTINEL, {f"ana:{text}": 0})
            assert isinstance(await engine.commit(room, change), Committed)
            await engine.whisper(room, SENTINEL)
            await engine.take_seat(room, text)
            assert [type(item) for item in await until(ana, SENTINEL)] == [Batch]
            assert (await engine.load(room)).controls == SENTINEL
            server.do("SAVE")
            found = server.given_away()
            assert sum(place.startswith("key ") for place in found) >= 4
            found["MONITOR"] = everything(watcher)
        assert b"evalsha" in found["SLOWLOG GET -1"].lower()
        assert b"evalsha" in found["MONITOR"].lower()
        assert any(name.endswith(".incr.aof") and content for name, content in found.items())
        assert "file dump.rdb" in found
        for place, content in found.items():
            for shape in (SENTINEL, SENTINEL.hex().encode(), SENTINEL[3:15]):
                assert shape not in content, place


def everything(client: Client) -> bytes:
    taken = b""
    client._socket.settimeout(0.2)
    try:
        while data := client._socket.recv(65536):
            taken += data
    except TimeoutError:
        client.close()
        return taken
    raise AssertionError("the server hung up")


async def test_what_redis_invents_alters_repeats_or_shuffles_is_dropped_and_counted(
    server: Server, room: str
):
    async with (
        RedisEngine(server.url, secret="ours") as here,
        RedisEngine(server.url, secret="theirs") as foreign,
    ):
        async with tapped(server, room) as taken:
            await committed(here, room, b"one")
            await here.whisper(room, b"psst")
            await committed(here, room, b"two")
        one, whisper, two = taken
        epoch = (await here.load(room)).at.epoch.encode()
        async with here.listen(room) as ana:
            await committed(here, room, b"three")
            channel = room_key(room)
            sealed = one.split(b" ", 4)[-1]
            replays = [one, whisper, two, b"commit %s 4 0 %s" % (epoch, sealed)]
            forgeries = [
                b"",
                b"commit",
                b"commit k3v x 0 " + sealed,
                b"commit \xff\xfe 4 0 " + sealed,
                b"commit " + b"9" * 5000 + b" " + b"9" * 5000 + b" 0 " + sealed,
                b"commit %s 4 1 %s" % (epoch, sealed),
                b"commit elsewhere 4 0 " + sealed,
                b"whisper " + sealed,
                b"shout " + sealed,
                one[:-1],
                one[: len(one) // 2],
                *(bytes(one[:-n]) + bytes([one[-n] ^ 1]) + one[len(one) - n + 1 :] for n in (1, 20, 40)),
            ]
            for payload in (*replays, *forgeries):
                server.do("SPUBLISH", channel, payload)
            await foreign.whisper(room, b"we are many")
            theirs = await foreign.load(room)
            await foreign.commit(room, say(theirs, b"never shown"))
            await committed(here, room, b"five")
            heard = await until(ana, b"five")
        # the commit of the other secret took a number that we cannot read: that is a hole, and it is told
        assert heard[0] == Batch(Position(epoch.decode(), 3), 0, (b"three",))
        assert heard[1:] == [Gap(), Batch(Position(epoch.decode(), 5), 0, (b"five",))]
        assert here.dropped == {"replayed": len(replays), "foreign": len(forgeries) + 2}


@examples(
    10,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    noise=some.lists(some.binary(max_size=200), min_size=5, max_size=30),
    words=some.lists(
        some.sampled_from([b"commit", b"whisper", b"0", b"1", b"-1", b"{epoch}", b"{sealed}"]), max_size=8
    ),
    flipped=some.integers(0, 10_000),
)
async def test_bytes_that_nobody_sealed_are_nothing_to_anybody(
    server: Server, room: str, noise: list[bytes], words: list[bytes], flipped: int
):
    """Any bytes, words of ours in any order, and what was sealed with one bit of it changed."""
    async with RedisEngine(server.url, secret="ours") as engine, engine.listen(room) as ana:
        async with tapped(server, room) as taken:
            await committed(engine, room, b"before")
        epoch = (await engine.load(room)).at.epoch.encode()
        sealed = taken[0].split(b" ", 4)[-1]
        made_up = b" ".join(words).replace(b"{epoch}", epoch).replace(b"{sealed}", sealed)
        at = len(taken[0]) - len(sealed) + flipped % len(sealed)
        spoilt = taken[0][:at] + bytes([taken[0][at] ^ 1 << flipped % 8]) + taken[0][at + 1 :]
        told = [*noise, made_up, *(b"commit %s 2 0 %s" % (epoch, each) for each in noise), spoilt]
        for payload in told:
            server.do("SPUBLISH", room_key(room), payload)
        await committed(engine, room, b"after")
        heard = [entry for _, entry in numbered(await until(ana, b"after"))]
        assert heard == [b"before", b"after"]
        assert engine.dropped.get("foreign", 0) + engine.dropped.get("replayed", 0) == len(told)
        await engine.forget(room)


async def test_who_has_just_come_is_not_fooled_by_what_was_said_a_minute_ago(server: Server, room: str):
    async with (
        RedisEngine(server.url, secret="ours") as here,
        RedisEngine(server.url, secret="ours") as there,
    ):
        async with tapped(server, room) as taken:
            head = await here.load(room)
            await here.commit(room, say(head, b"a minute ago"))
        here._server_ahead += 60
        there._server_ahead += 60
        async with there.listen(room) as ben:
            server.do("SPUBLISH", room_key(room), taken[0])
            await committed(here, room, b"now")
            assert [entry for _, entry in numbered(await until(ben, b"now"))] == [b"now"]
        assert there.dropped == {"replayed": 1}


async def test_controls_that_were_tampered_with_are_lost_not_believed(server: Server, room: str):
    async with RedisEngine(server.url, secret="ours") as engine:
        head = await engine.load(room)
        await engine.commit(room, control(head, b"ben is quiet"))
        quiet = server.do("HGET", room_key(room), "controls")
        assert isinstance(quiet, bytes)
        await engine.commit(room, control(await engine.load(room), b"ben is quiet, chi too"))
        for forged in (quiet, quiet[:-1], b"", b"anything"):
            server.do("HSET", room_key(room), "controls", forged)
            assert await engine.load(room) == Head(head.at, 2, None)
        # who still has them puts them back, above both versions
        renewed = await engine.commit(room, Change(head.at.epoch, 2, (), b"ben is quiet, chi too", renew=2))
        assert isinstance(renewed, Committed)
        assert renewed.version == 3
        assert (await engine.load(room)).controls == b"ben is quiet, chi too"
        assert engine.dropped == {"foreign": 4}


async def test_seats_that_redis_invents_are_not_taken(server: Server, room: str):
    async with (
        RedisEngine(server.url, secret="ours") as here,
        RedisEngine(server.url, secret="ours") as there,
    ):
        await here.take_seat(room, "ana")
        sealed = server.do("HGET", seats_key(room), here.node)
        assert isinstance(sealed, bytes)
        assert b"ana" not in sealed
        server.do("HSET", seats_key(room), "made-up", "ben")
        server.do("HSET", seats_key(room), there.node, sealed)
        seating = await there.seats(room)
        assert (seating.live, seating.lapsed) == (frozenset({"ana"}), frozenset())
        assert there.dropped == {"foreign": 2}


async def test_forgetting_leaves_no_key_but_receipts_that_expire(server: Server, room: str):
    async with (
        RedisEngine(server.url, secret="ours", breath=0.05) as here,
        RedisEngine(server.url, secret="ours", breath=0.05) as there,
    ):
        head = await here.load(room)
        await here.commit(room, Change(head.at.epoch, 0, (b"hello",), b"controls", {"ana:1": 0}))
        for node in (here, there):
            await node.take_seat(room, "ana")
        for name in keys_of(server, room):
            assert 0 < int(str(server.do("TTL", name))) <= 86_400
        await here.forget(room)
        # the other node's list of seats does not bring the room back, though it still breathes
        for _ in range(3):
            await there._breathe()
            await there._seats.tell_again()
        (receipt,) = keys_of(server, room)
        assert re.fullmatch(rb"tealight:\{%s\}:once:[0-9a-f]{24}" % room.encode(), receipt)
        assert 0 < int(str(server.do("TTL", receipt))) <= 120


def keys_of(server: Server, room: str) -> list[bytes]:
    names = server.do("KEYS", f"*{room}*")
    assert isinstance(names, list)
    return names


async def test_one_key_after_the_other_can_be_brought_in_while_people_talk(server: Server, room: str):
    async with RedisEngine(server.url, secret="new,old") as new, RedisEngine(server.url, secret="old") as old:
        head = await old.load(room)
        await old.commit(room, control(head, b"doors"))
        async with new.listen(room) as ana:
            assert (await new.load(room)).controls == b"doors"
            await committed(old, room, b"hello")
            assert numbered(await until(ana, b"hello")) == [(1, b"hello")]


async def test_a_whisper_and_a_commit_of_one_node_keep_their_order(server: Server, room: str):
    async with RedisEngine(server.url, secret="x") as engine, engine.listen(room) as ana:
        head = await engine.load(room)
        await asyncio.gather(
            *(
                engine.whisper(room, b"%d" % n) if n % 2 else engine.commit(room, say(head, b"%d" % n))
                for n in range(51)
            )
        )
        heard = await until(ana, b"50")
        notes = [
            item.note if isinstance(item, Whisper) else item.entries[0]
            for item in heard
            if not isinstance(item, Gap)
        ]
        assert notes == [b"%d" % n for n in range(51)]
        assert engine.dropped == {}
