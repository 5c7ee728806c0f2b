"""A connection that comes back: dialled again whenever it is lost, with short pauses that grow."""

import asyncio
import logging
import random
from collections.abc import Callable

from rooms.engines import EngineDown
from rooms.engines.address import Address
from rooms.engines.connection import Connection, Push, Refused, dial

_PATIENCE = 0.5  # how long a call waits for a link that has only just broken
_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 1.0

_log = logging.getLogger("tealight.engine")


class Link:
    """`opened` is called with every new connection, `closed` whenever one is lost."""

    def __init__(
        self,
        address: Address,
        name: str,
        *,
        heard: Callable[[Push], None],
        opened: Callable[[Connection], None],
        closed: Callable[[], None],
    ) -> None:
        self.connection: Connection | None = None
        self._address = address
        self._name = name
        self._heard = heard
        self._opened = opened
        self._closed = closed
        self._up = asyncio.Event()
        self._patient_until = 0.0

    async def open(self) -> Connection:
        """One attempt; raises what `dial` raises."""
        connection = await dial(self._address, self._name, self._heard)
        self.connection = connection
        self._opened(connection)
        self._up.set()
        return connection

    async def keep(self) -> None:
        """Stay connected until cancelled."""
        pause = _FIRST_PAUSE
        while True:
            if self.connection is not None:
                await self.connection.lost.wait()
                self._went_down()
                pause = _FIRST_PAUSE
            try:
                await self.open()
                _log.info("connected to Redis at %s again", self._address)
            except (OSError, Refused, EngineDown):
                # jitter, so that many nodes do not knock at a server that just came back all at once
                await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  no secret
                pause = min(pause * 2, _LONGEST_PAUSE)

    async def ready(self) -> Connection:
        """The connection, now or in a moment. A link that has been down for longer answers at once."""
        if self.connection is not None and not self.connection.lost.is_set():
            return self.connection
        if self.connection is not None:
            self._went_down()
        try:
            async with asyncio.timeout_at(self._patient_until):
                await self._up.wait()
        except TimeoutError:
            raise EngineDown(sent=False) from None
        return await self.ready()

    def cut(self) -> None:
        """Whoever keeps the link dials again."""
        if self.connection is not None:
            self.connection.abort()

    async def close(self) -> None:
        if self.connection is not None:
            self.connection.abort()
            await self.connection.lost.wait()
            self._went_down()

    def _went_down(self) -> None:
        if self.connection is not None:
            self.connection = None
            _log.info("lost a connection to Redis at %s", self._address)
            self._up.clear()
            self._patient_until = asyncio.get_running_loop().time() + _PATIENCE
            self._closed()
