"""What is kept for a time only is gone when its time is over, also where nobody comes to ask."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from rooms.records import keeping
from rooms.records.database import Database
from server.whereabouts import whereabouts

EVERY_SECONDS: Final = 3600.0

log = logging.getLogger(__name__)


async def tidy(database: Database, at: datetime) -> None:
    """Once. Where the records cannot be written just now, the next time does it."""
    try:
        async with database.writing() as conn:
            await keeping.sweep(conn, at)
    except Exception as error:  # noqa: BLE001  nobody waits for it
        log.error("the records could not be tidied: %s", whereabouts(error))  # noqa: TRY400  no traceback, on purpose


async def go_on_tidying(database: Database, now: Callable[[], datetime]) -> None:
    """At once, since a server may have been away for long, and every hour. Pages wait for none of it."""
    while True:
        await tidy(database, now())
        await asyncio.sleep(EVERY_SECONDS)
