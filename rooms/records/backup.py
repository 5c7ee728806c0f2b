"""Backups of an SQLite database: taken while it is in use, and put back while nobody uses it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import mkstemp
from typing import Final

_OURS: Final = "SELECT version_num FROM alembic_version"


class BackupError(Exception):
    """Why nothing was done, in words for an operator. Never with anything that stands in the records."""


def take(database: Path, to: Path) -> None:
    """A whole copy as it stands at one moment, readable by nobody else. What is there already is not written over."""
    if not database.is_file():
        raise BackupError("there is no database yet")
    if to.exists():
        raise BackupError("there is a file of that name already; a backup is not written over")
    descriptor, name = mkstemp(dir=to.parent, prefix=f".{to.name}-")
    os.close(descriptor)
    made = Path(name)
    try:
        with closing(_reading(database)) as source, closing(sqlite3.connect(made)) as target:
            source.backup(target)
            # One file, which can be carried about: a backup needs no log beside it.
            target.execute("PRAGMA journal_mode=DELETE")
        with made.open("rb") as written:
            os.fsync(written.fileno())
        try:
            # Not renamed: that would write over a file which came about meanwhile.
            to.hardlink_to(made)
        except FileExistsError:
            raise BackupError("there is a file of that name already; a backup is not written over") from None
    finally:
        made.unlink(missing_ok=True)


def restore(backup: Path, database: Path) -> None:
    """Put a backup in the place of the records, whole or not at all.

    Sign-ins and one-time links of back then are left out: they may have been ended or used since.
    """
    if not backup.is_file():
        raise BackupError("there is no such backup")
    _look_at(backup)
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not database.exists():
        database.touch(mode=0o600)
    with closing(_reading(backup)) as source, closing(sqlite3.connect(database, timeout=1)) as target:
        try:
            # In a log, every connection there is holds on to the file: to have it alone is to be alone.
            target.execute("PRAGMA locking_mode=EXCLUSIVE")
            target.execute("PRAGMA journal_mode=DELETE")
            target.execute("PRAGMA secure_delete=ON")
            target.execute("BEGIN EXCLUSIVE")
            target.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise BackupError("the records are in use; stop the server first") from error
        source.backup(target)
        for table in ("sign_ins", "links"):
            target.execute(f"DELETE FROM {table}")  # noqa: S608  two names of ours
        target.commit()
        target.execute("PRAGMA journal_mode=WAL")


def _look_at(backup: Path) -> None:
    """Before anything is written over: whether it is whole, and ours."""
    try:
        with closing(_reading(backup)) as found:
            whole = found.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            ours = found.execute(_OURS).fetchone() is not None
    except sqlite3.DatabaseError as error:
        raise BackupError("that file is not a backup of Tealight") from error
    if not whole or not ours:
        raise BackupError("that backup is damaged")


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
