"""One trip to SQLite's thread for a statement, and nothing of what the driver does lost on the way."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from rooms.records import tables, trips
from rooms.records.away import RecordsAway
from rooms.records.database import Database, open_database
from tests.records.template import fresh_database, fresh_file

ROWS = [
    {"id": f"account{n:09}", "name": f"Ana {n}", "sign_in_name": f"ana{n}", "is_organiser": False}
    for n in range(3)
]


async def writes(database: Database, rows: list[dict[str, object]]) -> None:
    async with database.writing() as conn:
        await conn.execute(insert(tables.accounts), rows)


async def names(database: Database) -> list[str]:
    async with database.reading() as conn:
        found = await conn.scalars(select(tables.accounts.c.name).order_by(tables.accounts.c.name))
    return list(found)


class Counted(trips.Connection):
    """Tells how often somebody went to the thread."""

    trips = 0

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        self.trips += 1
        return await super()._execute(fn, *args, **kwargs)


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[Counted]:
    opened = Counted(lambda: sqlite3.connect(tmp_path / "some.sqlite3", isolation_level=None), 64)
    await opened
    await opened.executescript("CREATE TABLE seats (id INTEGER PRIMARY KEY, name TEXT)")
    opened.trips = 0
    yield opened
    await opened.close()


async def test_a_statement_and_all_that_came_of_it_are_one_trip(connection: Counted):
    cursor = connection.cursor()
    await cursor.execute("INSERT INTO seats (name) VALUES (?)", ("Ana",))
    assert (cursor.lastrowid, cursor.rowcount, cursor.description) == (1, 1, None)
    assert await cursor.fetchall() == []
    await cursor.executemany("INSERT INTO seats (name) VALUES (?)", [("Ben",), ("Chi",)])
    assert cursor.rowcount == 2
    await cursor.execute("SELECT name FROM seats ORDER BY id")
    assert cursor.description is not None
    assert [column[0] for column in cursor.description] == ["name"]
    assert await cursor.fetchall() == [("Ana",), ("Ben",), ("Chi",)]
    assert await cursor.fetchall() == []
    await cursor.close()
    assert connection.trips == 3


async def test_what_was_not_fetched_is_gone_with_the_cursor(connection: Counted):
    cursor = connection.cursor()
    await cursor.execute("SELECT 'what Ana wrote'")
    await cursor.close()
    assert await cursor.fetchall() == []


async def test_a_mistake_is_told_as_the_driver_tells_it_and_the_connection_goes_on(connection: Counted):
    cursor = connection.cursor()
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await cursor.execute("SELECT * FROM nowhere")
    await cursor.execute("SELECT 1")
    assert await cursor.fetchall() == [(1,)]


@pytest.fixture
async def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Database, Counted]]:
    """Records, and the one connection to them that is open."""
    opened: list[Counted] = []

    def connect(*where: Any, **how: Any) -> Counted:
        opened.append(Counted(lambda: sqlite3.connect(*where, **how), 64))
        return opened[-1]

    fresh_file(tmp_path)
    monkeypatch.setattr(trips, "connect", connect)
    database = open_database(f"sqlite:///{tmp_path}/records.sqlite3")
    async with database.reading() as conn:
        await conn.execute(text("SELECT 1"))
    (only,) = opened
    await only.execute("SELECT 1")  # behind the end of that look, for which nobody waited
    only.trips = 0
    yield database, only
    await database.close()


async def test_two_looks_at_the_records_in_one_view_are_two_trips(records: tuple[Database, Counted]):
    """The pages of a whole house wait on it."""
    database, only = records
    async with database.reading() as conn:
        await conn.execute(select(tables.accounts))
        assert only.in_transaction
        await conn.execute(select(tables.rooms))
    assert only.trips == 2
    # Whatever comes next stands in line behind the end of it.
    await only.execute("SELECT 1")
    assert not only.in_transaction


async def test_to_write_is_a_trip_for_each_statement_and_one_that_keeps_it(records: tuple[Database, Counted]):
    database, only = records
    await writes(database, ROWS)
    assert only.trips == 2
    assert not only.in_transaction
    only.trips = 0
    with pytest.raises(IntegrityError):
        await writes(database, ROWS)
    assert only.trips == 2
    assert not only.in_transaction


async def test_whoever_asks_for_nothing_makes_no_trip(records: tuple[Database, Counted]):
    database, only = records
    async with database.reading():
        pass
    async with database.writing():
        pass
    with pytest.raises(KeyError):
        async with database.writing():
            raise KeyError
    assert only.trips == 0


async def test_many_rows_are_written_at_once_or_not_at_all(tmp_path: Path):
    database = fresh_database(tmp_path)
    await writes(database, ROWS[1:])
    with pytest.raises(IntegrityError):
        await writes(database, ROWS)
    assert await names(database) == ["Ana 1", "Ana 2"]
    await database.close()


async def test_who_cannot_begin_to_write_in_time_is_told_and_then_can(tmp_path: Path):
    patient, impatient = fresh_database(tmp_path), open_database(f"sqlite:///{tmp_path}/records.sqlite3")
    async with impatient.reading() as conn:
        await conn.exec_driver_sql("PRAGMA busy_timeout=1")
    async with patient.writing() as conn:
        await conn.execute(insert(tables.accounts), ROWS[:1])
        with pytest.raises(RecordsAway, match="SQLITE_BUSY"):
            await writes(impatient, ROWS[1:])
    await writes(impatient, ROWS[1:])
    assert await names(patient) == ["Ana 0", "Ana 1", "Ana 2"]
    await patient.close()
    await impatient.close()
