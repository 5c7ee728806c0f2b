"""All the servers that carry rooms, and which room is whose: one server, or the primaries of a cluster."""

import asyncio
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha1
from itertools import groupby
from pathlib import Path

from rooms.engines import EngineDown, EngineUnusable
from rooms.engines.address import Address, Place
from rooms.engines.channel import Channel
from rooms.engines.cluster import SLOTS, ask_a_member, ask_a_seed, slot_of
from rooms.engines.connection import Push, Refused, Reply
from rooms.engines.keys import probe_key
from rooms.engines.seal import Seals
from rooms.engines.shard import Shard

_RETRY_FOR = 0.25  # a redirection
_SURVEY_PAUSE = 0.05
_SURVEY_WHILE_UNWELL = 0.5
_MOVING = frozenset({"MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN"})
_NOT_EXECUTED = _MOVING | {"LOADING", "READONLY", "MASTERDOWN", "BUSY", "OOM", "MISCONF", "NOAUTH"}

Command = tuple[bytes | str | int, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """Lua that Redis runs as one step, known to it by its hash."""

    source: str
    sha: str

    @classmethod
    def read(cls, name: str) -> "Script":
        source = Path(__file__).with_name(name).read_text("utf-8")
        return cls(source, sha1(source.encode(), usedforsecurity=False).hexdigest())


class _NoScript(Exception):  # noqa: N818  read as a word
    pass


class Shards:
    """Sends commands to whoever owns their key, and keeps every channel subscribed where it belongs."""

    def __init__(
        self, place: Place, node: str, seals: Seals, channels: dict[bytes, Channel], probe_seconds: float
    ) -> None:
        self._place = place
        self._node = node
        self._seals = seals
        self._channels = channels
        self._probe_seconds = probe_seconds
        self._shards: dict[Address, Shard] = {}
        self._owners: list[Shard] = []
        self._tasks: dict[Address, asyncio.Task[None]] = {}
        self._stale = asyncio.Event()
        self._surveyed: asyncio.Future[None] | None = None

    @property
    def ready(self) -> bool:
        return all(shard.ready for shard in self._shards.values())

    async def open(self) -> None:
        """One attempt to reach them all. Raises EngineUnusable."""
        seeds = self._place.seeds
        self._assign(
            await ask_a_seed(seeds, f"tealight-{self._node}") if self._place.cluster else [seeds[0]] * SLOTS
        )
        for shard in self._shards.values():
            await shard.open(self._probe_channel(shard), cluster=self._place.cluster)

    async def keep(self) -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                for address in self._shards.keys() - self._tasks.keys():
                    self._tasks[address] = group.create_task(self._shards[address].keep())
                await self._wait_until_stale()
                await self._follow()

    async def close(self) -> None:
        for shard in self._shards.values():
            await shard.close()

    def subscribe(self, channel: bytes) -> None:
        self._owner(channel).subscribe(channel)

    def unsubscribe(self, channel: bytes) -> None:
        self._owner(channel).unsubscribe(channel)

    async def run(self, script: Script, key: bytes, arguments: Callable[[], Command]) -> Reply:
        try:
            return await self.ask(key, lambda: ("EVALSHA", script.sha, *arguments()))
        except _NoScript:  # a server that has just started knows none
            return await self.ask(key, lambda: ("EVAL", script.source, *arguments()))

    async def ask(self, key: bytes, command: Callable[[], Command]) -> Reply:
        """The reply, or EngineDown. The command is made anew for each attempt, because a seal serves only once."""
        give_up = asyncio.get_running_loop().time() + _RETRY_FOR
        while True:
            owner = self._owner(key)
            connection = await owner.orders.ready()
            try:
                return await connection.call(*command())
            except Refused as refused:
                if refused.code == "NOSCRIPT":
                    raise _NoScript from None
                if refused.code == "READONLY":  # it was demoted: its name may lead elsewhere now
                    owner.orders.cut()
                if refused.code not in _MOVING or not self._place.cluster:
                    raise EngineDown(sent=refused.code not in _NOT_EXECUTED) from refused
            await self._next_survey(give_up)

    # What the shards tell

    def heard(self, push: Push) -> None:
        match push:
            case [b"smessage", bytes(name), bytes(message)]:
                if (channel := self._channels.get(name)) is not None:
                    channel.hear(message)
            case [b"ssubscribe", bytes(name), _]:
                if (channel := self._channels.get(name)) is not None:
                    channel.confirm()
            case [b"sunsubscribe", bytes(name), _]:
                if (channel := self._channels.get(name)) is not None:  # its slot went away and took it along
                    channel.lapse()
                    self._stale.set()
            case _:
                self._stale.set()

    def ear_opened(self, shard: Shard) -> None:
        for name in self._names_on(shard):
            shard.subscribe(name)

    def ear_closed(self, shard: Shard) -> None:
        for name in self._names_on(shard):
            self._channels[name].lapse()

    def gone_deaf(self, shard: Shard) -> None:
        for name in self._names_on(shard):
            self._channels[name].gap()

    def orders_closed(self) -> None:
        self._stale.set()

    # Who owns what

    def _owner(self, key: bytes) -> Shard:
        return self._owners[slot_of(key)]

    def _names_on(self, shard: Shard) -> Iterator[bytes]:
        return (name for name in self._channels if self._owner(name) is shard)

    def _assign(self, addresses: list[Address]) -> None:
        """Make these the owners, and subscribe anew whatever is not subscribed where it belongs."""
        before, self._owners = self._owners, []
        for address, slots in groupby(addresses):
            if address not in self._shards:
                self._shards[address] = Shard(address, self._node, self._seals, self._probe_seconds, self)
            self._owners += [self._shards[address]] * len(list(slots))
        for name, channel in self._channels.items():
            old, new = before[slot_of(name)], self._owner(name)
            if old is not new:
                old.unsubscribe(name)
                channel.lapse()
            if not channel.subscribed.is_set():
                new.subscribe(name)

    def _probe_channel(self, shard: Shard) -> bytes:
        """A channel of this node's own in a slot of that server."""
        return next(
            name
            for attempt in range(SLOTS * 64)
            if self._owner(name := probe_key(self._node, attempt)) is shard
        )

    # Following a cluster as it changes

    async def _next_survey(self, give_up: float) -> None:
        if self._surveyed is None:
            self._surveyed = asyncio.get_running_loop().create_future()
        self._stale.set()
        try:
            async with asyncio.timeout_at(give_up):
                await asyncio.shield(self._surveyed)
        except TimeoutError:
            raise EngineDown(sent=False) from None

    async def _wait_until_stale(self) -> None:
        well = self.ready and all(channel.subscribed.is_set() for channel in self._channels.values())
        try:
            async with asyncio.timeout(None if well else _SURVEY_WHILE_UNWELL):
                await self._stale.wait()
        except TimeoutError:
            pass  # look again while something is amiss
        await asyncio.sleep(_SURVEY_PAUSE)  # many complaints, one survey
        self._stale.clear()

    async def _follow(self) -> None:
        surveyed, self._surveyed = self._surveyed, None
        addresses = await self._survey()
        self._assign(addresses)
        for shard in list(self._shards.values()):
            if shard.address in addresses:
                shard.move_probe(self._probe_channel(shard))
            else:
                self._tasks.pop(shard.address).cancel()
                del self._shards[shard.address]
                await shard.close()
        if surveyed is not None:
            surveyed.set_result(None)

    async def _survey(self) -> list[Address]:
        """The owner of every slot by whoever answers first; where nobody knows better, the owner it had."""
        held = [shard.address for shard in self._owners]
        if not self._place.cluster:
            return held
        for shard in random.sample(list(self._shards.values()), len(self._shards)):
            if (connection := shard.orders.connection) is not None:
                try:
                    found = await ask_a_member(shard.address, connection)
                except (EngineDown, Refused):
                    continue
                return [new or old for new, old in zip(found, held, strict=True)]
        try:
            return await ask_a_seed(self._place.seeds, f"tealight-{self._node}")
        except EngineUnusable:
            return held
