"""The database: how it is opened, how a transaction begins, how its tables come to be, how it is put away."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Container, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import cast

from sqlalchemy import URL, Connection, NullPool, Pool, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from rooms.records import migrations, trips
from rooms.records.away import WRITES_REFUSED, RecordsAway, why_away

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_BUSY_MILLISECONDS = 5_000
_BUSY_MILLISECONDS_MIGRATING = 60_000
_BUSY_MILLISECONDS_CLOSING = 300
_STATEMENT_MILLISECONDS = 15_000
# Of the way to a Postgres, by libpq: one that is silent is given up in a quarter of a minute. An operator's URL may say otherwise.
_WAY = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
# Postgres would let two writers interleave. SQLite does not, and records are written so seldom that having the one
# rule in both is worth more than the speed. The number is any that nothing else in the same database locks.
_ONE_WRITER = text("SELECT pg_advisory_xact_lock(132780391)")
# Whoever migrates may take minutes, and so may those who wait until it is done.
_UNHURRIED = text("SELECT set_config('lock_timeout', '0', true), set_config('statement_timeout', '0', true)")


def open_database(url: str) -> "Database":
    """Accepts ``sqlite:///path`` and ``postgresql://...``. Creates the SQLite file, readable by nobody else."""
    where = make_url(url)
    driver = _DRIVERS.get(where.drivername)
    if driver is None:
        # Without the URL, which may hold a password.
        raise ValueError("the database is neither sqlite nor postgresql")
    where = where.set(drivername=driver)
    if where.get_backend_name() == "sqlite":
        if where.database in {None, "", ":memory:"}:
            # All tasks would share its one connection, and so each other's transactions.
            raise ValueError("records need a file: sqlite:///path")
        _create_privately(Path(str(where.database)))
        return Database(_open_sqlite(where))
    return Database(_open_postgres(where))


class Database:
    """Connections to the records. One per process."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._is_file = engine.dialect.name == "sqlite"
        self._writers: set[asyncio.Task[object] | None] = set()
        self._writer = engine
        self._reader = engine.execution_options(readonly=True)
        if not self._is_file:
            self._reader = self._reader.execution_options(
                postgresql_readonly=True, isolation_level="REPEATABLE READ"
            )

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One unmoving view of the records, beside any writer. Writing through it is an error. Raises RecordsAway."""
        with _or_away(but=WRITES_REFUSED):
            async with self._reader.connect() as conn:
                yield conn

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: all of it or, after an exception, nothing. One at a time, so what it read is still so.

        Raises RecordsAway; RuntimeError within another of the same task, for which it would wait, and everybody with it.
        """
        task = asyncio.current_task()
        if task in self._writers:
            raise RuntimeError("a transaction is begun within another")
        self._writers.add(task)
        try:
            with _or_away():
                async with self._writer.begin() as conn:
                    if not self._is_file:
                        await conn.execute(_ONE_WRITER)
                    yield conn
        finally:
            self._writers.discard(task)

    async def migrate(self) -> None:
        """Bring the tables up to date. Of processes that start together one does it and the others wait."""
        async with self._rebuilding() as conn:
            await conn.run_sync(migrations.upgrade)

    async def checkpoint(self) -> bool:
        """Empty SQLite's log into its file, so that what was deleted stands in neither. False: somebody is reading, or there
        is no way to it just now; what was deleted is deleted all the same, and the next that closes does it.
        """
        if not self._is_file:
            return True
        try:
            with _or_away():
                async with self._writer.connect() as conn:
                    return await conn.run_sync(_empty_the_log)
        except RecordsAway:
            return False

    async def close(self) -> None:
        try:
            await self.checkpoint()
        finally:
            await self._writer.dispose()

    @asynccontextmanager
    async def _rebuilding(self) -> AsyncIterator[AsyncConnection]:
        """A transaction in which tables may be rebuilt, and in which we are alone."""
        if not self._is_file:
            async with self._writer.begin() as conn:
                await conn.execute(_UNHURRIED)
                await conn.execute(_ONE_WRITER)
                yield conn
            return
        # SQLite changes a table by copying and dropping it, and dropping cascades into whatever refers to it: keys
        # are off meanwhile and checked at the end. That can only be set outside a transaction, hence an engine of its own.
        engine = _open_sqlite(
            self._writer.url, keys="OFF", busy=_BUSY_MILLISECONDS_MIGRATING, poolclass=NullPool
        )
        try:
            async with engine.begin() as conn:
                yield conn
                await conn.run_sync(_find_orphans)
        finally:
            await engine.dispose()


@contextmanager
def _or_away(but: Container[str] = ()) -> Iterator[None]:
    """``but``: what would be a mistake of ours."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        why = why_away(error)
        if why and why not in but:
            raise RecordsAway(why) from error
        raise


def _create_privately(path: Path) -> None:
    """Readable by us alone from its first byte, and its log and index after it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        return
    # Put in place whole: of processes that switch the same new file to a log at once, SQLite refuses some on the spot.
    descriptor, name = mkstemp(dir=path.parent, prefix=f".{path.name}-")
    os.close(descriptor)
    made = Path(name)
    try:
        with closing(sqlite3.connect(made)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        with suppress(FileExistsError):
            path.hardlink_to(made)
    finally:
        made.unlink()


def _open_sqlite(
    url: URL, *, keys: str = "ON", busy: int = _BUSY_MILLISECONDS, poolclass: type[Pool] | None = None
) -> AsyncEngine:
    engine = create_async_engine(
        url, hide_parameters=True, poolclass=poolclass, connect_args={"async_creator_fn": trips.connect}
    )

    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # The driver begins a transaction only before the first change, so that two who read, think and write lose
        # one of the changes without an error. We begin it ourselves, below.
        connection.isolation_level = None
        cursor = connection.cursor()
        for setting in (
            f"busy_timeout={busy}",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            f"foreign_keys={keys}",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _open_postgres(url: URL) -> AsyncEngine:
    way = {name: value for name, value in _WAY.items() if name not in url.query}
    engine = create_async_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=way)

    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # By a statement: a pooler in between (PgBouncer) refuses them among what a connection begins with.
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = {_BUSY_MILLISECONDS}")
        cursor.execute(f"SET statement_timeout = {_STATEMENT_MILLISECONDS}")
        cursor.close()
        connection.autocommit = False

    event.listen(engine.sync_engine, "connect", prepare)
    return engine


def _begin(conn: Connection) -> None:
    reading = bool(conn.get_execution_options().get("readonly", False))
    how = "PRAGMA query_only=ON; BEGIN" if reading else "PRAGMA query_only=OFF; BEGIN IMMEDIATE"
    # Past SQLAlchemy: every look at the records begins with it, and it needs no trip to the thread of its own.
    cast("trips.Connection", conn.connection.driver_connection).begin(how, only_looks=reading)


def _find_orphans(conn: Connection) -> None:
    if conn.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise RuntimeError("the migration would leave rows that refer to nothing")


def _empty_the_log(conn: Connection) -> bool:
    # Past SQLAlchemy, which would begin a transaction: from inside one a log cannot be emptied.
    cursor = conn.connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS_CLOSING}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, *_ = cursor.fetchone() or (1,)
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
        return not busy
    finally:
        cursor.close()
