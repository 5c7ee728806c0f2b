"""A migrated database for one test, copied from a template that each test process makes once."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from rooms.records.database import Database, open_database
from tests.records.compiled import compile_once

compile_once()


def fresh_database(folder: Path) -> Database:
    """An empty, migrated SQLite database in ``folder``. Whoever asks closes it."""
    return open_database(fresh_file(folder))


def fresh_file(folder: Path) -> str:
    """The same for somebody else to open, by this URL."""
    path = folder / "records.sqlite3"
    path.touch(mode=0o600)
    path.write_bytes(_template())
    return f"sqlite:///{path}"


@cache
def _template() -> bytes:
    # In a thread, because the test that needs it first may be inside a running loop.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(_migrated())).result()


async def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.sqlite3"
        database = open_database(f"sqlite:///{path}")
        await database.migrate()
        await database.close()
        return path.read_bytes()
