"""One primary server: a link to command it, a link to hear it, and a probe that goes the whole way round.

A subscription can be deaf while everything else looks well: half-open sockets, a server that accepts and delivers
nothing. So every node publishes to itself through each server, and believes only what it hears.
"""

import asyncio
import secrets
from typing import Protocol

from rooms.engines import EngineDown, EngineUnusable
from rooms.engines.address import Address
from rooms.engines.connection import DEADLINE, Connection, Push, Refused
from rooms.engines.link import Link
from rooms.engines.seal import Seals
from rooms.engines.unusable import check, in_words

PROBE_SECONDS = 2.0


class Hearer(Protocol):
    """Whoever has channels on a shard."""

    def heard(self, push: Push) -> None:
        """What came off a channel, or an error that nobody waited for."""

    def ear_opened(self, shard: "Shard") -> None:
        """The hearing link is new: it wants its subscriptions."""

    def ear_closed(self, shard: "Shard") -> None:
        """The hearing link is lost, and every subscription with it."""

    def gone_deaf(self, shard: "Shard") -> None:
        """What was said since the last probe may not have been heard."""

    def orders_closed(self) -> None:
        """A server may be gone."""


class Shard:
    def __init__(
        self, address: Address, node: str, seals: Seals, probe_seconds: float, hearer: Hearer
    ) -> None:
        self.address = address
        self.probe_channel = b""
        self._node = node
        self._seals = seals
        self._probe_seconds = probe_seconds
        self._hearer = hearer
        self._hears = False
        self._token = b""
        self._probe_heard: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._probe_now = asyncio.Event()
        name = f"tealight-{node}"
        self.orders = Link(
            address, name, heard=hearer.heard, opened=lambda _: None, closed=hearer.orders_closed
        )
        self.ear = Link(address, name, heard=self._hear, opened=self._subscribe, closed=self._ear_closed)

    @property
    def ready(self) -> bool:
        return self._hears and self.orders.connection is not None and not self.orders.connection.lost.is_set()

    async def open(self, probe_channel: bytes, *, cluster: bool) -> None:
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

    def move_probe(self, channel: bytes) -> None:
        """Its slot went to another server."""
        if channel != self.probe_channel:
            self.probe_channel = channel
            self.subscribe(channel)

    def subscribe(self, channel: bytes) -> None:
        if (connection := self.ear.connection) is not None:
            connection.send("SSUBSCRIBE", channel)

    def unsubscribe(self, channel: bytes) -> None:
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
                pass  # nothing happened, which is no proof of anything
            self._probe_now.clear()
            if await self._probe():
                misses, self._hears = 0, True
            elif (misses := misses + 1) >= 2:
                misses, self._hears = 0, False
                self._hearer.gone_deaf(self)
                self.ear.cut()

    async def _probe(self) -> bool:
        self._token = secrets.token_bytes(8)
        heard: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._probe_heard = heard
        sealed = self._seals.seal("probe", self._node, "", 0, self._token)
        try:
            connection = await self.orders.ready()
            await connection.call("SPUBLISH", self.probe_channel, sealed)
        except (EngineDown, Refused):
            return False
        timer = heard.get_loop().call_later(min(DEADLINE, self._probe_seconds), _settle, heard, False)
        try:
            return await heard
        finally:
            timer.cancel()

    def _hear(self, push: Push) -> None:
        match push:
            case [b"ssubscribe", self.probe_channel, _]:
                self._probe_now.set()
            case [b"smessage", self.probe_channel, bytes(sealed)]:
                opened = self._seals.open("probe", self._node, "", 0, sealed)
                if opened is not None and opened.content == self._token:
                    _settle(self._probe_heard, True)
            case _:
                self._hearer.heard(push)

    def _subscribe(self, connection: Connection) -> None:
        connection.send("SSUBSCRIBE", self.probe_channel)
        self._hearer.ear_opened(self)

    def _ear_closed(self) -> None:
        self._hears = False
        self._hearer.ear_closed(self)


def _settle(answer: asyncio.Future[bool], so: bool) -> None:
    if not answer.done():
        answer.set_result(so)
