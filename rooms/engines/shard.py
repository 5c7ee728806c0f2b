"""One primary server: a link to command it, a link to hear it, and a probe that goes the whole way round.

A subscription can be deaf while everything else looks well: half-open sockets, a server that accepts and delivers
nothing. So every node publishes to itself through each server, and believes only what it hears.
"""

import asyncio
import secrets
from collections.abc import Callable

from rooms.engines import EngineDown, EngineUnusable
from rooms.engines.address import Address
from rooms.engines.connection import DEADLINE, Connection, Refused, Reply
from rooms.engines.link import Link
from rooms.engines.seal import Seals
from rooms.engines.unusable import check, in_words

PROBE_SECONDS = 2.0


class Shard:
    """`heard` gets what comes off the channels, `opened` is told that the hearing link wants its subscriptions,
    `deaf` that whatever was said since the last probe may be lost, `lost` that this server may be gone."""

    def __init__(
        self,
        address: Address,
        node: str,
        seals: Seals,
        probe: float,
        *,
        heard: Callable[[list[Reply] | Refused], None],
        opened: Callable[["Shard"], None],
        deaf: Callable[["Shard"], None],
        lost: Callable[[], None],
    ) -> None:
        self.address = address
        self.probe_channel = ""
        self._node = node
        self._seals = seals
        self._probe_seconds = probe
        self._heard = heard
        self._opened = opened
        self._deaf = deaf
        self._hears = False
        self._awaited: tuple[bytes, asyncio.Future[None]] | None = None
        self._probe_now = asyncio.Event()
        name = f"tealight-{node}"
        self.orders = Link(address, name, heard=heard, opened=lambda _: None, closed=lost)
        self.ear = Link(address, name, heard=self._hear, opened=self._subscribe, closed=self._ear_closed)

    @property
    def ready(self) -> bool:
        return self._hears and self.orders.connection is not None and not self.orders.connection.lost.is_set()

    async def open(self, probe_channel: str, *, cluster: bool) -> None:
        """One attempt to reach it. Raises EngineUnusable."""
        self.probe_channel = probe_channel
        try:
            connection = await self.orders.open()
            check(self.address, connection.hello, cluster=cluster)
            await connection.call("SPUBLISH", probe_channel, "")
            await self.ear.open()
        except (OSError, Refused, EngineDown) as error:
            raise EngineUnusable(in_words(self.address, error)) from None
        self._hears = await self._probe()
        if not self._hears:
            raise EngineUnusable(
                f"Redis at {self.address} does not deliver what is published to its channels"
            )

    async def keep(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.orders.keep())
            group.create_task(self.ear.keep())
            group.create_task(self._watch())

    async def close(self) -> None:
        await self.orders.close()
        await self.ear.close()

    def move_probe(self, channel: str) -> None:
        if channel != self.probe_channel:
            self.probe_channel = channel
            self.ear.cut()

    def subscribe(self, channel: str) -> None:
        if (connection := self.ear.connection) is not None:
            connection.send("SSUBSCRIBE", channel)

    def unsubscribe(self, channel: str) -> None:
        if (connection := self.ear.connection) is not None:
            connection.send("SUNSUBSCRIBE", channel)

    # The probe

    async def _watch(self) -> None:
        misses = 0
        while True:
            try:
                async with asyncio.timeout(self._probe_seconds):
                    await self._probe_now.wait()
            except TimeoutError:
                pass
            self._probe_now.clear()
            if await self._probe():
                misses, self._hears = 0, True
            elif (misses := misses + 1) >= 2:
                misses, self._hears = 0, False
                self._deaf(self)
                self.ear.cut()

    async def _probe(self) -> bool:
        token = secrets.token_bytes(8)
        heard = asyncio.get_running_loop().create_future()
        self._awaited = token, heard
        sealed = self._seals.seal("probe", self._node, "", 0, token)
        try:
            async with asyncio.timeout(DEADLINE):
                connection = await self.orders.ready()
                await connection.call("SPUBLISH", self.probe_channel, sealed)
                await heard
        except (EngineDown, Refused, TimeoutError):
            return False
        finally:
            self._awaited = None
        return True

    def _hear(self, push: list[Reply] | Refused) -> None:
        if isinstance(push, list) and push[1] == self.probe_channel.encode():
            self._hear_probe(push)
        else:
            self._heard(push)

    def _hear_probe(self, push: list[Reply]) -> None:
        match push:
            case [b"ssubscribe", _, _]:
                self._probe_now.set()
            case [b"smessage", _, bytes(sealed)] if self._awaited is not None:
                opened = self._seals.open("probe", self._node, "", 0, sealed)
                token, heard = self._awaited
                if opened is not None and opened.content == token and not heard.done():
                    heard.set_result(None)

    def _subscribe(self, connection: Connection) -> None:
        connection.send("SSUBSCRIBE", self.probe_channel)
        self._opened(self)

    def _ear_closed(self) -> None:
        self._hears = False
