"""The records' cast: Ana organises and facilitates the Thursday circle, Ben helps her with it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rooms.records import accounts, rooms
from rooms.records.accounts import Account
from rooms.records.database import Database, open_database
from rooms.records.rooms import Room
from tests.records.postgres import emptied, postgres_is_installed, throwaway_postgres
from tests.records.template import fresh_database


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    database = fresh_database(tmp_path)
    yield database
    await database.close()


@pytest.fixture(scope="session")
async def one_postgres() -> AsyncIterator[Database]:
    if not postgres_is_installed():
        pytest.skip("NOT RUN ON POSTGRES: neither initdb nor postgres is installed here")
    with throwaway_postgres() as url:
        database = open_database(url)
        await database.migrate()
        yield database
        await database.close()


@pytest.fixture
async def postgres(one_postgres: Database) -> Database:
    async with one_postgres.writing() as conn:
        await conn.exec_driver_sql(emptied())
    return one_postgres


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Database)
    return found


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 26, 18, 30, tzinfo=UTC)


@pytest.fixture
async def ana(database: Database) -> Account:
    async with database.writing() as conn:
        made = await accounts.create(conn, name="Ana", sign_in_name="ana@example.org", is_organiser=True)
    assert made
    return made


@pytest.fixture
async def ben(database: Database) -> Account:
    async with database.writing() as conn:
        made = await accounts.create(conn, name="Ben", sign_in_name="ben", is_organiser=False)
    assert made
    return made


@pytest.fixture
async def circle(database: Database, ana: Account) -> Room:
    async with database.writing() as conn:
        return await rooms.create(
            conn,
            organiser_id=ana.id,
            name="Thursday circle",
            purpose="peer_support",
            one_line="An hour together.",
        )
