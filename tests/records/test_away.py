"""Records that are away for a while are told from a mistake of ours, on both databases and by what each of them really says."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from rooms.records import accounts, tables
from rooms.records.away import RecordsAway, why_away
from rooms.records.database import Database, open_database
from tests.records.postgres import Postgres, postgres_is_installed, stoppable_postgres


async def writes(database: Database, name: str = "Ana") -> None:
    async with database.writing() as conn:
        await accounts.create(conn, name=name, sign_in_name=name, is_organiser=True)


async def adds(database: Database, *rows: dict[str, object]) -> None:
    async with database.writing() as conn:
        await conn.execute(insert(tables.accounts), rows)


async def there_are(database: Database) -> int:
    async with database.reading() as conn:
        return len((await conn.execute(select(tables.accounts))).all())


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[Postgres]:
    if not postgres_is_installed():
        pytest.skip("NOT RUN ON POSTGRES: neither initdb nor postgres is installed here")
    with stoppable_postgres() as server:
        yield server


async def test_a_mistake_of_ours_is_none(database: Database):
    for said in ("SELECT nothing FROM accounts", "SELECT 1 FROM nowhere", "SELEKT 1"):
        for opened in (database.reading, database.writing):
            with pytest.raises(DBAPIError):
                async with opened() as conn:
                    await conn.execute(text(said))
    await writes(database)
    async with database.reading() as conn:
        row = (await conn.execute(select(tables.accounts))).mappings().one()
    with pytest.raises(IntegrityError):
        await adds(database, dict(row))


async def test_whoever_reads_and_writes_all_the_same_made_one_too(database: Database):
    with pytest.raises(DBAPIError):
        async with database.reading() as conn:
            await accounts.create(conn, name="Ana", sign_in_name="ana", is_organiser=True)


async def test_a_file_without_room_or_a_way_to_it_is(sqlite: Database, tmp_path: Path):
    async with sqlite.writing() as conn:
        await conn.exec_driver_sql("PRAGMA max_page_count=1")
    many = [
        {"id": f"a{n}", "name": "Ana", "sign_in_name": f"{n} {'x' * 200}", "is_organiser": False}
        for n in range(300)
    ]
    with pytest.raises(RecordsAway, match="SQLITE_FULL"):
        await adds(sqlite, *many)
    assert await there_are(sqlite) == 0, "all of it or nothing"
    await sqlite.close()
    (tmp_path / "records.sqlite3").rename(tmp_path / "elsewhere")
    (tmp_path / "records.sqlite3").mkdir()
    with pytest.raises(RecordsAway, match="SQLITE_CANTOPEN"):
        await there_are(sqlite)
    assert not await sqlite.checkpoint()


def test_a_file_that_may_only_be_read_is(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "some")) as conn:
        conn.execute("CREATE TABLE here (a)")
    with (
        closing(sqlite3.connect(f"file:{tmp_path / 'some'}?mode=ro", uri=True)) as conn,
        pytest.raises(sqlite3.OperationalError) as caught,
    ):
        conn.execute("INSERT INTO here VALUES (1)")
    assert why_away(caught.value) == "SQLITE_READONLY"
    assert why_away(OperationalError(None, None, caught.value)) == "SQLITE_READONLY"


async def test_so_many_at_once_that_no_connection_is_free_is(sqlite: Database):
    sqlite._writer.sync_engine.pool._timeout = 0.01  # type: ignore[attr-defined]  # of the pool there is
    async with asyncio.TaskGroup() as tasks:
        are_in, may_go = [asyncio.Event() for _ in range(15)], asyncio.Event()

        async def sits(is_in: asyncio.Event) -> None:
            async with sqlite.reading():
                is_in.set()
                await may_go.wait()

        for each in are_in:
            tasks.create_task(sits(each))
        for each in are_in:
            await each.wait()
        with pytest.raises(RecordsAway, match="no connection is free"):
            await there_are(sqlite)
        may_go.set()
    assert await there_are(sqlite) == 0


async def test_a_postgres_that_ends_or_is_not_there_is_and_when_it_is_back_all_is_well(
    own_postgres: Postgres,
):
    database = open_database(own_postgres.url)
    await database.migrate()
    await writes(database, "Ana")

    async def loses_it_half_way() -> None:
        async with database.writing() as conn:
            await accounts.create(conn, name="Ben", sign_in_name="Ben", is_organiser=True)
            await asyncio.to_thread(own_postgres.stops)
            await conn.execute(select(tables.accounts))

    with pytest.raises(RecordsAway, match=r"57P01|no connection"):
        await loses_it_half_way()
    with pytest.raises(RecordsAway, match="no connection"):
        await there_are(database)
    await asyncio.to_thread(own_postgres.starts)
    assert await there_are(database) == 1, "nothing of Ben is half there"
    await writes(database, "Ben")
    assert await there_are(database) == 2
    await database.close()


async def test_a_postgres_that_does_not_answer_in_time_is(
    own_postgres: Postgres, monkeypatch: pytest.MonkeyPatch
):
    one = open_database(own_postgres.url)
    await one.migrate()
    # Nobody learns more from a test that waits as long as people do.
    monkeypatch.setattr("rooms.records.database._BUSY_MILLISECONDS", 50)
    monkeypatch.setattr("rooms.records.database._STATEMENT_MILLISECONDS", 100)
    two = open_database(own_postgres.url)
    async with one.writing():
        with pytest.raises(RecordsAway, match="55P03"):
            await writes(two, "Ana")
    with pytest.raises(RecordsAway, match="57014"):
        async with two.reading() as conn:
            await conn.execute(text("SELECT pg_sleep(60)"))
    await writes(two, "Ana")
    async with two._rebuilding() as conn:
        for patience in ("lock_timeout", "statement_timeout"):
            assert (await conn.execute(text(f"SHOW {patience}"))).scalar() == "0", (
                "a migration takes its time"
            )
    for each in (one, two):
        await each.close()


async def test_a_postgres_that_takes_no_writes_for_now_is(own_postgres: Postgres):
    before, after = open_database(own_postgres.url), open_database(own_postgres.url)
    await before.migrate()
    # Whoever is connected already is not told of it.
    async with before.writing() as conn:
        await conn.execute(text("ALTER ROLE tealight SET default_transaction_read_only = on"))
    with pytest.raises(RecordsAway, match="25006"):
        await writes(after, "Chi")
    async with before.writing() as conn:
        await conn.execute(text("ALTER ROLE tealight RESET default_transaction_read_only"))
    await after.close()
    await writes(after, "Chi")
    for each in (before, after):
        await each.close()
