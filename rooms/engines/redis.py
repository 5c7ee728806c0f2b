"""The engine for many processes: Redis or Valkey orders each room and carries what is said, sealed, to every node.

Redis keeps, per room, a hash of four fields, receipts for two minutes and sealed lists of seats: never an entry.
`docs/engine.md` tells what happens in each fault.
"""

import asyncio
import itertools
import logging
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Self

from rooms.engines import (
    BREATH_SECONDS,
    LIFE_SECONDS,
    RECEIPT_SECONDS,
    ROOM_SECONDS,
    Change,
    Committed,
    Conflict,
    EngineDown,
    EngineUnusable,
    Head,
    Hearing,
    Position,
    Repeated,
    Seating,
)
from rooms.engines.address import read_url
from rooms.engines.channel import Channel, packed
from rooms.engines.connection import DEADLINE, Refused, Reply
from rooms.engines.keys import NODES, receipt_key, room_key, seats_key
from rooms.engines.listener import Listener
from rooms.engines.seal import NODE_BYTES, Seals
from rooms.engines.seats import Seats
from rooms.engines.shard import PROBE_SECONDS
from rooms.engines.shards import Command, Script, Shards
from rooms.engines.unusable import in_words

_COMMIT = Script.read("commit.lua")
_BREATHE = Script.read("breathe.lua")
_CLOCKS_MAY_DIFFER = 2.0
_GOODBYE_SECONDS = 1.0
_EAR_PATIENCE = 0.25  # how long a commit waits for a subscription that has only just been lost
_IN_TIME = DEADLINE + 0.3  # by then whoever waited has given up

_log = logging.getLogger("tealight.engine")


class RedisEngine:
    """One node. `secret` may list several, separated by commas: the first seals, all of them open."""

    def __init__(
        self,
        url: str,
        *,
        secret: str,
        breath: float = BREATH_SECONDS,
        life: float = LIFE_SECONDS,
        probe: float = PROBE_SECONDS,
    ) -> None:
        node = secrets.token_bytes(NODE_BYTES)
        self.node = node.hex()
        self._url = url
        self._breath = breath
        self._life_seconds = life
        self._probe_seconds = probe
        self._seals = Seals(secret, node, self._server_time)
        self._server_ahead = time.time() - time.monotonic()
        self._epochs = secrets.token_hex(6)
        self._epoch_numbers = itertools.count()
        self._channels: dict[bytes, Channel] = {}
        self._dropped: Counter[str] = Counter()
        self._nodes: frozenset[str] = frozenset()
        self._shards: Shards
        self._seats: Seats
        self._life: asyncio.Task[None] | None = None

    @property
    def ready(self) -> bool:
        return self._life is not None and not self._life.done() and self._shards.ready

    @property
    def nodes(self) -> frozenset[str]:
        return self._nodes

    @property
    def dropped(self) -> Mapping[str, int]:
        """How many payloads were not what they should be, by kind: foreign, replayed."""
        return self._dropped

    async def __aenter__(self) -> Self:
        place = read_url(self._url)
        if not self._seals.can_seal:
            raise EngineUnusable("SECRET_KEY is empty, and what goes through Redis is sealed with it")
        self._shards = Shards(place, self.node, self._seals, self._channels, self._probe_seconds)
        self._seats = Seats(self.node, self._shards, self._seals, self._dropped)
        try:
            await self._shards.open()
            await self._rehearse()
        except EngineDown as down:
            await self._shards.close()
            refused = down.__cause__ if isinstance(down.__cause__, Refused) else None
            raise EngineUnusable(in_words(place.seeds[0], refused or down)) from None
        except BaseException:
            await self._shards.close()
            raise
        self._life = asyncio.create_task(self._live())
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._life is None:
            return
        try:
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await self._seats.leave_all()
                await self._shards.ask(NODES, lambda: ("ZREM", NODES, self.node))
        except (TimeoutError, EngineDown):
            pass  # nobody to say goodbye to: the seats lapse
        await self._stop()

    # Rooms

    @property
    def at_once(self) -> None:
        return None

    async def load(self, room: str) -> Head:
        # an empty epoch is nobody's: always a conflict, which brings the head
        outcome = await self.commit(room, Change("", 0, ()))
        assert isinstance(outcome, Conflict)
        return outcome.head

    async def commit(self, room: str, change: Change) -> Committed | Repeated | Conflict:
        key = room_key(room)
        receipts = list(change.once)
        version = change.version
        if change.controls is not None:
            version = max(change.version, change.renew) + 1
        next_epoch = self._new_epoch() if change.renew else change.epoch
        channel = self._channels.get(key)
        if change.entries and channel is not None and not channel.subscribed.is_set():
            # Nobody here would hear it: better not said yet than acknowledged and shown to nobody.
            await self._until_subscribed(channel, _EAR_PATIENCE)

        def arguments() -> Command:
            seal = self._seals.seal
            controls = b""
            if change.controls is not None:
                controls = seal("controls", room, next_epoch, version, change.controls)
            return (
                1 + len(receipts),
                key,
                *[receipt_key(room, receipt) for receipt in receipts],
                change.epoch,
                change.version,
                self._new_epoch(),
                int(ROOM_SECONDS),
                int(RECEIPT_SECONDS),
                len(change.entries),
                version,
                next_epoch,
                seal("commit", room, next_epoch, version, packed(change)),
                controls,
                f"{self._server_time() + _IN_TIME:.6f}",
                *change.once.values(),
            )

        match await self._shards.run(_COMMIT, key, arguments):
            case [b"committed", int(seq)]:
                return Committed(Position(next_epoch, seq), version)
            case [b"conflict", bytes(epoch), int(seq), int(held), controls]:
                return Conflict(self._head(room, epoch.decode(), seq, held, controls))
            case [b"repeated", *pairs]:
                return Repeated(_firsts(receipts, pairs))
            case [b"late"]:  # or its clock was set: what we know of it is as old as our last breath
                await self._breathe()
                raise EngineDown(sent=False)
        raise EngineDown(sent=True)

    @asynccontextmanager
    async def listen(self, room: str) -> AsyncIterator[Hearing]:
        key = room_key(room)
        if (channel := self._channels.get(key)) is None:
            channel = self._channels[key] = Channel(room, self._seals, self._dropped)
            self._shards.subscribe(key)
        listener = Listener()
        channel.listeners = (*channel.listeners, listener)
        try:
            await self._until_subscribed(channel)
            yield listener
        finally:
            channel.listeners = tuple(other for other in channel.listeners if other is not listener)
            if not channel.listeners:
                del self._channels[key]
                self._shards.unsubscribe(key)

    async def whisper(self, room: str, note: bytes) -> None:
        key = room_key(room)
        seal = self._seals.seal
        await self._shards.ask(
            key, lambda: ("SPUBLISH", key, b"whisper " + seal("whisper", room, "", 0, note))
        )

    async def forget(self, room: str) -> None:
        self._seats.forget(room)
        await self._shards.ask(room_key(room), lambda: ("DEL", room_key(room), seats_key(room)))

    # Seats

    async def take_seat(self, room: str, seat: str) -> None:
        await self._seats.take(room, seat)

    async def leave_seat(self, room: str, seat: str) -> None:
        await self._seats.leave(room, seat)

    async def seats(self, room: str) -> Seating:
        return await self._seats.read(room, self._breathing)

    # Internal

    def _head(self, room: str, epoch: str, seq: int, version: int, sealed: Reply) -> Head:
        """Controls that do not unseal are controls that were lost: None, although the version says otherwise."""
        controls = None
        if isinstance(sealed, bytes):
            opened = self._seals.open("controls", room, epoch, version, sealed)
            if opened is None:
                self._dropped["foreign"] += 1
            else:
                controls = opened.content
        return Head(Position(epoch, seq), version, controls)

    def _new_epoch(self) -> str:
        return f"{self._epochs}{next(self._epoch_numbers):x}"

    async def _until_subscribed(self, channel: Channel, patience: float = DEADLINE) -> None:
        try:
            async with asyncio.timeout(patience):
                await channel.subscribed.wait()
        except TimeoutError:
            raise EngineDown(sent=False) from None

    async def _breathing(self) -> frozenset[str]:
        since = f"{self._server_time() - self._life_seconds:.6f}"
        names = await self._shards.ask(NODES, lambda: ("ZRANGE", NODES, f"({since}", "+inf", "BYSCORE"))
        return _names(names)

    async def _breathe(self) -> None:
        reply = await self._shards.run(
            _BREATHE, NODES, lambda: (1, NODES, self.node, str(self._life_seconds))
        )
        match reply:
            case [bytes(seconds), bytes(microseconds), nodes]:
                self._server_ahead = int(seconds) + int(microseconds) / 1e6 - time.monotonic()
                self._nodes = _names(nodes)

    async def _rehearse(self) -> None:
        """Do once what will be done always, so that a missing right is told at the start."""
        await self._breathe()
        apart = self._server_time() - time.time()
        if abs(apart) > _CLOCKS_MAY_DIFFER:
            _log.warning("this clock and that of Redis are %.0f seconds apart: set both by NTP", abs(apart))
        head = await self.load(self.node)
        await self.commit(self.node, Change(head.at.epoch, head.version, (b"",), b"", {"rehearsal": 0}))
        await self.take_seat(self.node, self.node)
        await self.leave_seat(self.node, self.node)
        await self.forget(self.node)

    async def _live(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._shards.keep())
                group.create_task(self._keep_breathing())
        finally:  # whatever the reason: who listens must not wait for ever
            for channel in self._channels.values():
                for listener in channel.listeners:
                    listener.close()

    async def _keep_breathing(self) -> None:
        while True:
            await asyncio.sleep(self._breath)
            try:
                await self._breathe()
                await self._seats.tell_again()
            except EngineDown:
                continue  # we are not ready, and everybody who asks is told; the next breath tries again

    async def _stop(self) -> None:
        life, self._life = self._life, None
        assert life is not None
        life.cancel()
        await asyncio.wait([life])
        await self._shards.close()
        if not life.cancelled():
            life.result()  # a task of ours broke: whoever leaves is told

    def _server_time(self) -> float:
        """The clock that all nodes share, without asking for it each time."""
        return time.monotonic() + self._server_ahead


def _names(reply: Reply) -> frozenset[str]:
    return (
        frozenset(name.decode() for name in reply if isinstance(name, bytes))
        if isinstance(reply, list)
        else frozenset()
    )


def _firsts(receipts: list[str], pairs: list[Reply]) -> dict[str, int]:
    numbers = [number for number in pairs if isinstance(number, int)]
    return {receipts[place]: first for place, first in zip(numbers[::2], numbers[1::2], strict=True)}
