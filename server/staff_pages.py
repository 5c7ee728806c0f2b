"""The live pages of people who signed in: one that is open keeps a sign-in from going idle, and ends when it does."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from rooms.records import sign_ins
from rooms.records.database import Database
from server.line import Line
from server.whereabouts import whereabouts

SIGN_IN_AGAIN: Final = 4001
LOOK_SECONDS: Final = 1.0  # signing out reaches every node within two
SEEN_SECONDS: Final = 60.0

log = logging.getLogger(__name__)


class StaffPages:
    """Those of this node. The records are asked, which all nodes share: whoever signs out where, it is noticed here."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._lines: dict[str, set[Line]] = {}
        self._seen = 0.0

    def add(self, sign_in: str, line: Line) -> None:
        """From the handshake on: whoever says hello late must not have been forgotten by then."""
        self._lines.setdefault(sign_in, set()).add(line)

    def remove(self, sign_in: str, line: Line) -> None:
        lines = self._lines.get(sign_in, set())
        lines.discard(line)
        if not lines:
            self._lines.pop(sign_in, None)

    async def look(self) -> None:
        """Close the pages whose sign-in has ended, and have the others seen."""
        if not self._lines:
            return
        at = self._clock()
        now, asked = datetime.fromtimestamp(at, UTC), list(self._lines)
        async with self._database.reading() as conn:
            opened = await sign_ins.still_open(conn, asked, now)
        for ended in set(asked) - opened:
            for line in list(self._lines.get(ended, ())):
                line.close(SIGN_IN_AGAIN)
        if opened and at >= self._seen + SEEN_SECONDS:
            self._seen = at
            async with self._database.writing() as conn:
                await sign_ins.seen(conn, opened, now)

    async def keep_looking(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001  records that cannot be asked now can be asked again
                log.warning("the sign-ins cannot be looked at: %s", whereabouts(error))
            await asyncio.sleep(LOOK_SECONDS)
