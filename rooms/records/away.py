"""Whether the records are away for a while (locked, on a full disk, starting anew), as against a mistake of ours."""

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneIsFree

# Locked by another process, no room left, a disk that fails, a file system that was made read-only, a file that is not there.
_SQLITE: Final = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_READONLY",
    "SQLITE_CANTOPEN",
)
# Its connection, its resources (a full disk among them), whoever stops or starts it, its system, a lock; and that it takes no
# writes just now, because another one is to do that.
_POSTGRES: Final = ("08", "53", "57", "58", "55P03", "25006")
# Which is nobody's fault where something is to be written, and ours where it is only to be read.
WRITES_REFUSED: Final = frozenset({"SQLITE_READONLY", "25006"})


class RecordsAway(Exception):  # noqa: N818  as EngineDown: it is a state of things, not a fault
    """The records cannot be read or written just now. ``why``: the database's own name for it, and nothing else.

    Of what was to be written there is nothing or, where the answer to the last word of it was lost, all. Ask again later.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def why_away(error: Exception) -> str:
    """The database's own name for it; empty: they are not away, it is something else."""
    if isinstance(error, NoneIsFree):
        return "no connection is free"
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        name: str = getattr(cause, "sqlite_errorname", "")
        return name if name.startswith(_SQLITE) else ""
    state: str | None = getattr(cause, "sqlstate", None)
    if state is not None:
        return state if state.startswith(_POSTGRES) else ""
    # Without one: it did not come from Postgres, but from the way to it.
    return "no connection" if isinstance(error, OperationalError | InterfaceError) else ""
