"""All the servers that carry rooms, and which room is whose: one server, or the primaries of a cluster."""

import asyncio
from binascii import crc_hqx
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha1
from pathlib import Path

from rooms.engines import EngineDown, EngineUnusable
from rooms.engines.address import Address, Place
from rooms.engines.channel import Channel
from rooms.engines.connection import Refused, Reply, dial
from rooms.engines.seal import Seals
from rooms.engines.shard import Shard
from rooms.engines.unusable import check, in_words

_SLOTS = 16_384
_RETRY_FOR = 0.3  # a redirection
_SURVEY_PAUSE = 0.05
_SURVEY_WHILE_DOWN = 0.5
_MOVING = frozenset({"MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN"})
_NOT_EXECUTED = _MOVING | {
    "NOSCRIPT",
    "LOADING",
    "READONLY",
    "MASTERDOWN",
    "BUSY",
    "OOM",
    "MISCONF",
    "NOAUTH",
}

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


def slot_of(key: str) -> int:
    name = key.encode()
    start = name.find(b"{")
    end = name.find(b"}", start + 1)
    if start >= 0 and end > start + 1:
        name = name[start + 1 : end]
    return crc_hqx(name, 0) % _SLOTS


class Shards:
    """Sends commands to whoever owns their key, and keeps every channel subscribed where it belongs."""

    def __init__(
        self, place: Place, node: str, seals: Seals, channels: dict[str, Channel], probe: float
    ) -> None:
        self._place = place
        self._node = node
        self._seals = seals
        self._channels = channels
        self._probe = probe
        self._shards: dict[Address, Shard] = {}
        self._owners: list[Shard | None] = [None] * _SLOTS
        self._tasks: dict[Address, asyncio.Task[None]] = {}
        self._stale = asyncio.Event()
        self._surveyed: asyncio.Future[None] | None = None

    @property
    def ready(self) -> bool:
        return all(shard.ready for shard in self._shards.values())

    async def open(self) -> None:
        """One attempt to reach them all. Raises EngineUnusable."""
        if self._place.cluster:
            self._assign(await self._first_survey())
        else:
            self._assign([self._place.seeds[0]] * _SLOTS)
        for shard in self._shards.values():
            await shard.open(self._probe_channel(shard), cluster=self._place.cluster)

    async def keep(self) -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                for address, shard in self._shards.items():
                    if address not in self._tasks:
                        self._tasks[address] = group.create_task(shard.keep())
                await self._wait_until_stale()
                await self._follow()

    async def close(self) -> None:
        for shard in self._shards.values():
            await shard.close()

    def subscribe(self, channel: str) -> None:
        if (owner := self._owners[slot_of(channel)]) is not None:
            owner.subscribe(channel)

    def unsubscribe(self, channel: str) -> None:
        if (owner := self._owners[slot_of(channel)]) is not None:
            owner.unsubscribe(channel)

    async def run(self, script: Script, key: str, arguments: Callable[[], Command]) -> Reply:
        try:
            return await self.ask(key, lambda: ("EVALSHA", script.sha, *arguments()))
        except _NoScript:  # a server that has just started knows none
            return await self.ask(key, lambda: ("EVAL", script.source, *arguments()))

    async def ask(self, key: str, command: Callable[[], Command]) -> Reply:
        """The reply, or EngineDown. The command is made anew for each attempt, because a seal serves only once."""
        loop = asyncio.get_running_loop()
        give_up = loop.time() + _RETRY_FOR
        while True:
            if (owner := self._owners[slot_of(key)]) is None:
                raise EngineDown(sent=False)
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

    # Following a cluster

    def _assign(self, addresses: list[Address | None]) -> None:
        """Make the owners these, and move what is subscribed elsewhere."""
        for address in dict.fromkeys(addresses):
            if address is not None and address not in self._shards:
                self._shards[address] = self._shard(address)
        before = self._owners
        self._owners = [None if address is None else self._shards[address] for address in addresses]
        for channel in self._channels:
            old, new = before[slot_of(channel)], self._owners[slot_of(channel)]
            if old is not new:
                if old is not None:
                    old.unsubscribe(channel)
                if new is not None:
                    new.subscribe(channel)

    def _shard(self, address: Address) -> Shard:
        return Shard(
            address,
            self._node,
            self._seals,
            self._probe,
            heard=self._hear,
            opened=lambda shard: self._each_channel(shard, shard.subscribe),
            deaf=lambda shard: self._each_channel(shard, lambda name: self._channels[name].gap()),
            lost=self._suspect,
        )

    def _each_channel(self, shard: Shard, tell: Callable[[str], None]) -> None:
        for channel in self._channels:
            if self._owners[slot_of(channel)] is shard:
                tell(channel)

    def _hear(self, push: list[Reply] | Refused) -> None:
        if isinstance(push, list) and isinstance(name := push[1], bytes):
            channel = self._channels.get(name.decode())
            if push[0] == b"smessage":
                if channel is not None and isinstance(message := push[2], bytes):
                    channel.hear(message)
                return
            if push[0] == b"ssubscribe":
                if channel is not None:
                    channel.confirm()
                return
        self._suspect()  # a slot moved away and took its subscriptions along

    def _probe_channel(self, owner: Shard) -> str:
        """A channel of this node's own in a slot of that server; a server with a hundredth of the slots has one too."""
        names = (f"tealight:{{{self._node}:{attempt}}}:probe" for attempt in range(_SLOTS * 4))
        return next((name for name in names if self._owners[slot_of(name)] is owner), owner.probe_channel)

    def _suspect(self) -> None:
        if self._place.cluster:
            self._stale.set()

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
        patience = _SURVEY_WHILE_DOWN if self._place.cluster and not self.ready else None
        try:
            async with asyncio.timeout(patience):
                await self._stale.wait()
        except TimeoutError:
            pass
        await asyncio.sleep(_SURVEY_PAUSE)  # many complaints, one survey
        self._stale.clear()

    async def _follow(self) -> None:
        surveyed, self._surveyed = self._surveyed, None
        if (owners := await self._survey()) is not None:
            self._assign(owners)
            for shard in self._shards.values():
                shard.move_probe(self._probe_channel(shard))
            for address in self._shards.keys() - set(owners):
                self._tasks.pop(address).cancel()
                await self._shards.pop(address).close()
        if surveyed is not None:
            surveyed.set_result(None)

    async def _survey(self) -> list[Address | None] | None:
        """Which server has which slots, by whoever answers first; None when nobody does."""
        for shard in self._shards.values():
            if (connection := shard.orders.connection) is not None:
                try:
                    return _owners(shard.address, await connection.call("CLUSTER", "SLOTS"))
                except (EngineDown, Refused):
                    continue
        try:
            return await self._first_survey()
        except EngineUnusable:
            return None

    async def _first_survey(self) -> list[Address | None]:
        refusals = []
        for seed in self._place.seeds:
            try:
                connection = await dial(seed, f"tealight-{self._node}", lambda _: None)
            except (OSError, Refused, EngineDown) as error:
                refusals.append(in_words(seed, error))
                continue
            try:
                check(seed, connection.hello, cluster=True)
                owners = _owners(seed, await connection.call("CLUSTER", "SLOTS"))
            except (Refused, EngineDown) as error:
                refusals.append(in_words(seed, error))
            else:
                if None not in owners:
                    return owners
                refusals.append(f"the cluster of {seed} does not serve all of its slots")
            finally:
                connection.abort()
        raise EngineUnusable(refusals[0])


def _owners(asked: Address, slots: Reply) -> list[Address | None]:
    owners: list[Address | None] = [None] * _SLOTS
    for line in slots if isinstance(slots, list) else ():
        match line:
            case [int(first), int(last), [host, int(port), *_], *_]:
                # a node that does not know its own name means: the one you have asked me by
                name = host.decode() if isinstance(host, bytes) and host not in {b"", b"?"} else asked.host
                owners[first : last + 1] = [replace(asked, host=name, port=port)] * (last + 1 - first)
    return owners
