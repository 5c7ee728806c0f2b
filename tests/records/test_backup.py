"""A copy of the records, taken while they are in use, and put back whole or not at all."""

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from rooms.records import accounts, backup, links, passes, rooms, sign_ins
from rooms.records.backup import BackupError
from rooms.records.database import open_database
from tests.records.template import fresh_database


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept.backup"


async def lived_in(folder: Path, now):
    """Records with somebody in them; in use."""
    database = fresh_database(folder)
    async with database.writing() as conn:
        ana = await accounts.create(conn, name="Ana", sign_in_name="ana", is_organiser=True)
        assert ana
        room = await rooms.create(conn, organiser_id=ana.id, name="Thursday", purpose="social")
        token = await sign_ins.open(conn, ana.id, now)
        link = await links.make(conn, "sign_in", account_id=ana.id, at=now, lives=links.INVITATION_LIVES)
    return database, folder / "records.sqlite3", room, token, link


async def test_a_backup_is_taken_while_somebody_writes_and_put_back(tmp_path, kept, now):
    database, path, room, token, link = await lived_in(tmp_path, now)
    async with database.writing() as conn:
        await accounts.create(conn, name="Not yet", sign_in_name="not yet", is_organiser=False)
        backup.take(path, kept)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    async with database.writing() as conn:
        await rooms.new_join_token(conn, room.id)
        await accounts.create(conn, name="Later", sign_in_name="later", is_organiser=False)
    await database.close()
    backup.restore(kept, path)
    again = open_database(f"sqlite:///{path}")
    await again.migrate()
    async with again.reading() as conn:
        assert await rooms.find(conn, room.id) == room
        for name in ("later", "not yet"):
            assert await accounts.by_sign_in_name(conn, name) is None
        assert await sign_ins.who(conn, token, now) is None, "it may have been ended since"
        assert await links.look(conn, link, now) is None, "it may have been used since"
    await again.close()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["kept.backup", "records.sqlite3"]


async def test_it_is_put_back_where_nothing_was(tmp_path, kept, now):
    database, path, room, *_ = await lived_in(tmp_path, now)
    backup.take(path, kept)
    await database.close()
    elsewhere = tmp_path / "new" / "records.sqlite3"
    backup.restore(kept, elsewhere)
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o600
    again = open_database(f"sqlite:///{elsewhere}")
    async with again.reading() as conn:
        assert await rooms.find(conn, room.id) == room
    await again.close()


async def test_nothing_is_put_back_under_somebody_who_uses_the_records(tmp_path, kept, now):
    database, path, room, *_ = await lived_in(tmp_path, now)
    backup.take(path, kept)
    async with database.writing() as conn:
        token = await rooms.new_join_token(conn, room.id)
    with pytest.raises(BackupError, match="in use"):
        backup.restore(kept, path)
    async with database.reading() as conn:
        assert await passes.room_behind(conn, token, now), "nothing was touched"
    await database.close()


async def test_no_file_is_written_over(tmp_path, kept, now):
    database, path, *_ = await lived_in(tmp_path, now)
    kept.write_text("last year")
    with pytest.raises(BackupError, match="not written over"):
        backup.take(path, kept)
    assert kept.read_text() == "last year"
    await database.close()


async def test_a_file_that_comes_about_meanwhile_is_not_written_over_either(tmp_path, kept, now, monkeypatch):
    database, path, *_ = await lived_in(tmp_path, now)
    synced = os.fsync

    def somebody_is_faster(descriptor):
        synced(descriptor)
        kept.write_text("mine")

    monkeypatch.setattr(os, "fsync", somebody_is_faster)
    with pytest.raises(BackupError, match="not written over"):
        backup.take(path, kept)
    assert kept.read_text() == "mine"
    assert not list(tmp_path.glob(".*")), "nothing half done is left behind"
    await database.close()


def test_there_must_be_something_to_copy(tmp_path, kept):
    for work in (
        lambda: backup.take(tmp_path / "nothing", kept),
        lambda: backup.restore(kept, tmp_path / "x"),
    ):
        with pytest.raises(BackupError, match="there is no"):
            work()
    assert list(tmp_path.iterdir()) == []


async def test_what_is_no_backup_of_ours_is_not_put_back(tmp_path, kept, now):
    database, path, *_ = await lived_in(tmp_path, now)
    await database.close()
    before = path.read_bytes()
    kept.write_bytes(b"not a database at all" * 100)
    with pytest.raises(BackupError, match="not a backup"):
        backup.restore(kept, path)
    kept.unlink()
    with sqlite3.connect(kept) as other:
        other.execute("CREATE TABLE alembic_version (version_num TEXT)")
    other.close()
    with pytest.raises(BackupError, match="damaged"):
        backup.restore(kept, path)
    assert path.read_bytes() == before
