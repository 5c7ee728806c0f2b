import asyncio
import logging
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import String, select, update
from sqlalchemy.exc import DBAPIError, StatementError

from rooms.records import accounts, limits, rooms, sign_ins, tables
from rooms.records.database import open_database
from tests.records.template import fresh_database


class TestOpening:
    async def test_the_file_and_its_folder_are_nobody_elses_to_read(self, tmp_path):
        database = open_database(f"sqlite+aiosqlite:///{tmp_path}/var/records.sqlite3")
        await database.migrate()
        async with database.writing() as conn:
            await accounts.create(conn, name="Ana", sign_in_name="ana", is_organiser=True)
            modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "var").iterdir()}
        assert modes == {"records.sqlite3": 0o600, "records.sqlite3-wal": 0o600, "records.sqlite3-shm": 0o600}
        assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700
        await database.close()

    async def test_what_was_written_is_there_when_it_is_opened_again(self, tmp_path):
        database = fresh_database(tmp_path)
        async with database.writing() as conn:
            ana = await accounts.create(conn, name="Ana", sign_in_name="ana", is_organiser=True)
        assert ana
        await database.close()
        again = open_database(f"sqlite:///{tmp_path}/records.sqlite3")
        async with again.reading() as conn:
            assert await accounts.find(conn, ana.id) == ana
        await again.close()

    @pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
    def test_memory_is_no_place_for_records(self, url):
        with pytest.raises(ValueError, match="records need a file"):
            open_database(url)

    @pytest.mark.parametrize(
        "url", ["mysql://ana:hunter2@host/db", "postgresql+asyncpg://ana:hunter2@host/db"]
    )
    def test_another_database_is_refused_without_saying_its_password(self, url):
        with pytest.raises(ValueError) as refused:
            open_database(url)
        assert "hunter2" not in str(refused.value)

    @pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
    async def test_postgres_is_spoken_to_by_psycopg_however_it_is_spelled(self, scheme):
        database = open_database(f"{scheme}://ana:hunter2@host/db")
        assert database._writer.url.drivername == "postgresql+psycopg"
        assert "hunter2" not in repr(database)
        assert await database.checkpoint()
        await database.close()

    async def test_of_two_who_make_the_file_at_once_the_second_takes_the_first_ones(
        self, tmp_path, monkeypatch
    ):
        first = fresh_database(tmp_path)
        # The file came into being just after the second had looked for it.
        monkeypatch.setattr(Path, "exists", lambda _: False)
        second = open_database(f"sqlite:///{tmp_path}/records.sqlite3")
        async with first.writing() as conn:
            ana = await accounts.create(conn, name="Ana", sign_in_name="ana", is_organiser=True)
        assert ana
        async with second.reading() as conn:
            assert await accounts.find(conn, ana.id) == ana
        await second.close()
        await first.close()


class TestTransactions:
    async def test_parallel_read_modify_writes_lose_nothing(self, database, circle):
        async def one_more_seat():
            async with database.writing() as conn:
                room = await rooms.find(conn, circle.id)
                assert room
                await asyncio.sleep(0)
                await conn.execute(update(tables.rooms).values(seats=room.seats + 1))

        async def often():
            for _ in range(20):
                await one_more_seat()

        await asyncio.gather(*(often() for _ in range(8)))
        async with database.reading() as conn:
            room = await rooms.find(conn, circle.id)
        assert room
        assert room.seats == circle.seats + 8 * 20

    async def test_a_reader_is_not_held_up_by_a_writer_and_sees_none_of_what_is_unfinished(
        self, database, circle
    ):
        async with database.writing() as conn:
            await conn.execute(update(tables.rooms).values(seats=99))
            async with database.reading() as beside:
                assert await rooms.find(beside, circle.id) == circle

    async def test_one_within_another_is_refused_at_once_and_the_first_goes_on(self, database, circle):
        async with database.writing() as conn:
            with pytest.raises(RuntimeError, match="within another"):
                async with database.writing():
                    pass
            await conn.execute(update(tables.rooms).values(seats=98))
        async with database.writing() as conn:
            room = await rooms.find(conn, circle.id)
        assert room
        assert room.seats == 98

    async def test_a_readers_view_does_not_move(self, database, circle):
        async with database.reading() as conn:
            assert await rooms.find(conn, circle.id) == circle
            async with database.writing() as beside:
                await beside.execute(update(tables.rooms).values(seats=99))
            assert await rooms.find(conn, circle.id) == circle

    async def test_a_reading_connection_cannot_write_and_a_later_writing_one_can(self, database, ana):
        with pytest.raises(DBAPIError):
            async with database.reading() as conn:
                await accounts.set_password_hash(conn, ana.id, "$argon2id$")
        async with database.writing() as conn:
            await accounts.set_password_hash(conn, ana.id, "$argon2id$")

    async def test_an_exception_undoes_all_of_it(self, database, ana):
        async def changes_her_mind():
            async with database.writing() as conn:
                await accounts.set_password_hash(conn, ana.id, "$argon2id$")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await changes_her_mind()
        async with database.reading() as conn:
            assert await accounts.find(conn, ana.id) == ana

    async def test_rows_cannot_refer_to_nothing(self, database, now):
        with pytest.raises(DBAPIError):
            async with database.writing() as conn:
                await sign_ins.open(conn, "nosuchaccount", now)

    async def test_an_organiser_with_rooms_is_not_deleted_by_mistake(self, database, ana, circle):
        with pytest.raises(DBAPIError):
            async with database.writing() as conn:
                await conn.execute(tables.accounts.delete().where(tables.accounts.c.id == ana.id))


class TestMoments:
    async def test_a_moment_comes_back_as_the_same_moment_in_utc(self, database, ana):
        at = datetime(2026, 11, 26, 20, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45)))
        async with database.writing() as conn:
            await sign_ins.open(conn, ana.id, at)
        async with database.reading() as conn:
            kept = await conn.scalar(select(tables.sign_ins.c.opened_at))
        assert kept == at
        assert kept.utcoffset() == timedelta(0)

    async def test_a_moment_without_a_zone_is_refused(self, database, ana, now):
        with pytest.raises(StatementError, match="a moment needs a time zone"):
            async with database.writing() as conn:
                await sign_ins.open(conn, ana.id, now.replace(tzinfo=None))


class TestForgetting:
    async def test_a_deleted_name_is_found_in_no_byte_of_any_file(self, tmp_path):
        database = fresh_database(tmp_path)
        secret = "Wilhelmina"

        def found():
            return {path.name for path in tmp_path.iterdir() if secret.encode() in path.read_bytes()}

        async with database.writing() as conn:
            for n in range(200):
                await accounts.create(conn, name=f"{secret} {n}", sign_in_name=f"{n}", is_organiser=False)
        assert found()
        async with database.writing() as conn:
            await conn.execute(tables.accounts.delete())
        assert await database.checkpoint()
        assert found() == set()
        assert (tmp_path / "records.sqlite3-wal").stat().st_size == 0
        await database.close()
        assert [path.name for path in tmp_path.iterdir()] == ["records.sqlite3"]

    async def test_a_reader_who_is_still_there_is_told_apart(self, tmp_path):
        database = fresh_database(tmp_path)
        async with database.reading() as conn:
            await accounts.organisers(conn)
            async with database.writing() as beside:
                await accounts.create(beside, name="Ana", sign_in_name="ana", is_organiser=True)
            assert not await database.checkpoint()
        assert await database.checkpoint()
        await database.close()


class TestKeepingQuiet:
    async def test_no_error_and_no_log_line_repeats_what_was_stored(self, sqlite, caplog):
        caplog.set_level(logging.INFO)
        words = "Wilhelmina"
        with pytest.raises(DBAPIError) as failed:
            async with sqlite.writing() as conn:
                await conn.execute(
                    tables.accounts.insert().values(id=words, name=words, sign_in_name="", is_organiser=True)
                )
        assert words not in str(failed.value)
        assert words not in caplog.text

    def test_there_is_no_column_in_which_a_message_could_stand(self):
        assert set(tables.metadata.tables) == {
            "accounts", "sign_ins", "links", "rooms", "room_facilitators", "sessions", "agreements",
            "room_words", "old_links", "personal_links", "organisation", "drafts", "draft_answers", "series", "rota",
            "tombstones", "authenticators", "recovery_codes", "passkeys", "answered_challenges", "slip_keys",
            "notices", "reviews", "signposts", "addresses", "charters", "counts", "labels",
        }  # fmt: skip
        # A message has up to 1,000 characters. Nothing here is text without an end.
        for table in tables.metadata.tables.values():
            for column in table.c:
                kind = getattr(column.type, "impl", column.type)
                if column.type.python_type is str:
                    assert isinstance(kind, String)
                    assert kind.length is not None
                    assert kind.length <= limits.AGREEMENT_LINE.most
