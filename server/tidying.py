"""What is kept for a time only is gone when its time is over, also where nobody comes to ask."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from rooms.house import log_failure
from rooms.records import counts, erasure, notices
from rooms.records.database import Database

EVERY_SECONDS: Final = 3600.0


async def tidy(database: Database, at: datetime) -> None:
    """Once. Where the records cannot be written just now, the next time does it."""
    try:
        async with database.writing() as conn:
            await erasure.sweep(conn, at)
            await notices.sweep(conn, at)
            await counts.sweep(conn, at)
    except Exception as error:  # noqa: BLE001  nobody waits for it, and a server must come up without it
        log_failure("the records could not be tidied", error)


async def go_on_tidying(database: Database, now: Callable[[], datetime]) -> None:
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        await tidy(database, now())
