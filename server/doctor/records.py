"""The database. No word that was said is in it, but names, rooms and dates are."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from rooms.records.database import open_database
from rooms.records.examination import Condition, examine
from server.doctor.finding import Finding
from server.settings import Settings

NAMES: Final = frozenset({"records-readable", "disk", "postgres-tls", "postgres-log"})
_LEAST_FREE: Final = 200 * 1024 * 1024


async def findings(settings: Settings) -> list[Finding]:
    """What the driver raises, where a Postgres cannot be reached."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return list(of_a_file(Path(str(url.database))))
    database = open_database(settings.database_url)
    try:
        return list(of_a_server(await examine(database)))
    finally:
        await database.close()


def of_a_file(file: Path) -> Iterator[Finding]:
    for each in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        if each.exists() and stat.S_IMODE(each.stat().st_mode) & 0o077:
            yield Finding(
                "records-readable",
                f"DATABASE_URL: others on this machine can read {each.name}; chmod 600 {each.name}",
            )
    folder = next(parent for parent in file.absolute().parents if parent.exists())
    free = shutil.disk_usage(folder).free
    if free < _LEAST_FREE:
        yield Finding(
            "disk",
            f"DATABASE_URL: {free // 1024**2} MB are free where it stands, and nothing can be changed when they are gone; "
            "make room",
            grave=False,
        )


def of_a_server(found: Condition) -> Iterator[Finding]:
    if not found.near and not found.tls:
        yield Finding(
            "postgres-tls",
            "DATABASE_URL: names, rooms and dates go over a network as they are; add ?sslmode=verify-full, or give it a "
            "network of its own",
        )
    if found.logs:
        yield Finding(
            "postgres-log",
            f"DATABASE_URL: Postgres writes what it is asked, and so names and rooms, into its log "
            f"({', '.join(found.logs)}); switch that off for this database",
            grave=False,
        )
