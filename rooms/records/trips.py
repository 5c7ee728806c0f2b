"""SQLite in its thread, with one trip there and back for each statement, where the driver alone would make four.

A transaction begins on the way to its first statement, and one that only looked is ended without waiting for it.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Self, TypeAlias

import aiosqlite

_Description: TypeAlias = tuple[tuple[str, None, None, None, None, None, None], ...] | None
_Told: TypeAlias = tuple[_Description, int, int | None, list[Any]]


def connect(*where: Any, **how: Any) -> "Connection":
    """To be awaited; takes what ``sqlite3.connect`` takes. SQLAlchemy asks for it as its ``async_creator_fn``."""
    return Connection(lambda: sqlite3.connect(*where, **how), iter_chunk_size=64)


class Connection(aiosqlite.Connection):
    """The driver's, but that a cursor is no thing in the thread: it is there only while a statement is carried out."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], iter_chunk_size: int) -> None:
        super().__init__(connector, iter_chunk_size)
        # As SQLAlchemy has it for those that it makes: a connection that nobody closed keeps no process from ending.
        self._thread.daemon = True
        self._beginning = ""
        self._only_looks = False

    def begin(self, how: str, *, only_looks: bool) -> None:
        """What the next statement is to be preceded by. ``how``: one or more statements."""
        self._beginning = how
        self._only_looks = only_looks

    async def commit(self) -> None:
        if self._beginning:
            self._beginning = ""
        else:
            await super().commit()

    async def rollback(self) -> None:
        self._beginning = ""
        if not self.in_transaction:
            return
        if self._only_looks:
            # Nothing can come of it, and whatever comes to this connection next stands in line behind it.
            self._tx.put_nowait((None, self._conn.rollback))
        else:
            await super().rollback()

    def cursor(self) -> "Cursor":  # type: ignore[override]  # SQLAlchemy asks of a cursor what ours can do
        return Cursor(self)

    async def carry_out(self, sql: str, values: Sequence[Any], *, often: bool = False) -> _Told:
        """What came of it, and every row. ``often``: once with each of the values."""
        beginning, self._beginning = self._beginning, ""
        told: _Told = await self._execute(_carry_out, self._conn, beginning, sql, values, often)  # type: ignore[no-untyped-call]  # the driver's own
        return told


class Cursor:
    """One statement at a time, all of whose rows are here once it was carried out."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: _Description = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, values: Sequence[Any] = ()) -> None:
        self._take(await self._connection.carry_out(sql, values))

    async def executemany(self, sql: str, values: Sequence[Any]) -> None:
        self._take(await self._connection.carry_out(sql, values, often=True))

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []

    def _take(self, told: _Told) -> None:
        self.description, self.rowcount, self.lastrowid, self._rows = told


def _carry_out(
    connection: sqlite3.Connection, beginning: str, sql: str, values: Sequence[Any], often: bool
) -> _Told:
    if beginning:
        connection.executescript(beginning)
    cursor = connection.cursor()
    try:
        (cursor.executemany if often else cursor.execute)(sql, values)
        rows = cursor.fetchall()
        return cursor.description, cursor.rowcount, cursor.lastrowid, rows
    finally:
        cursor.close()
