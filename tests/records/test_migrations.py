import sys
import textwrap
from asyncio import create_subprocess_exec, gather, subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, create_engine, inspect, select, text

from rooms.records import accounts, drafts, migrations, notices, rooms, sessions, sign_ins, tables
from rooms.records.database import open_database

ROOT = Path(__file__).parents[2]


async def test_the_road_ends_at_the_tables_of_today(database):
    async with database.writing() as conn:
        await conn.run_sync(lambda c: command.check(migrations.config(c)))


async def test_the_road_lays_the_same_checks(sqlite):
    # Which Alembic does not compare.
    def checks(conn):
        inspector = inspect(conn)
        return {
            (table, check["name"], check["sqltext"])
            for table in tables.metadata.tables
            for check in inspector.get_check_constraints(table)
        }

    straight = create_engine("sqlite://")
    with straight.begin() as conn:
        tables.metadata.create_all(conn)
        meant = checks(conn)
    straight.dispose()
    async with sqlite.reading() as conn:
        assert await conn.run_sync(checks) == meant
    assert len(meant) == sum(
        isinstance(constraint, CheckConstraint)
        for table in tables.metadata.tables.values()
        for constraint in table.constraints
    )


async def test_migrating_again_changes_nothing(database, ana):
    await database.migrate()
    async with database.reading() as conn:
        assert await accounts.find(conn, ana.id) == ana


async def started(url):
    code = """
    import asyncio, sys
    from rooms.records.database import open_database

    async def start():
        database = open_database(sys.argv[1])
        await database.migrate()
        await database.close()

    asyncio.run(start())
    """
    process = await create_subprocess_exec(
        sys.executable, "-W", "error", "-c", textwrap.dedent(code), url, cwd=ROOT, stderr=subprocess.PIPE
    )
    _, complaints = await process.communicate()
    return complaints.decode()


async def test_two_processes_that_start_together_migrate_once_and_both_come_up(tmp_path):
    url = f"sqlite:///{tmp_path}/new/records.sqlite3"
    assert await gather(*(started(url) for _ in range(2))) == ["", ""]
    database = open_database(url)
    async with database.writing() as conn:
        await conn.run_sync(lambda c: command.check(migrations.config(c)))
    await database.close()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["records.sqlite3"]


async def test_rebuilding_a_table_leaves_what_refers_to_it(sqlite, now):
    async with sqlite.writing() as conn:
        dana = await accounts.create(conn, name="Dana", sign_in_name="dana", is_organiser=True)
        assert dana
        token = await sign_ins.open(conn, dana.id, now)
        room = await rooms.create(conn, organiser_id=dana.id, name="Dana's room", purpose="social")

    def rebuild(conn):
        with Operations(MigrationContext.configure(conn)).batch_alter_table("accounts", recreate="always"):
            pass

    async with sqlite._rebuilding() as conn:
        await conn.run_sync(rebuild)
    async with sqlite.reading() as conn:
        assert await sign_ins.who(conn, token, now) == dana
        assert await rooms.find(conn, room.id) == room


async def test_a_step_that_would_leave_rows_that_refer_to_nothing_is_not_taken(sqlite, now):
    async with sqlite.writing() as conn:
        dana = await accounts.create(conn, name="Dana", sign_in_name="dana", is_organiser=True)
        assert dana
        await sign_ins.open(conn, dana.id, now)
    with pytest.raises(RuntimeError, match="rows that refer to nothing"):
        async with sqlite._rebuilding() as conn:
            await conn.execute(tables.accounts.delete())
    async with sqlite.reading() as conn:
        assert (await conn.execute(select(tables.accounts.c.id))).scalars().all() == [dana.id]


async def test_what_was_there_before_seasons_gets_a_code_and_a_feed_of_its_own(tmp_path, now):
    database = open_database(f"sqlite:///{tmp_path}/old.sqlite3")
    async with database._rebuilding() as conn:
        await conn.run_sync(lambda c: command.upgrade(migrations.config(c), "0001"))
        await conn.execute(text("INSERT INTO accounts VALUES ('a', 'Ana', 'ana', 1, NULL)"))
        for room in ("r1", "r2"):
            values = f"('{room}', 'a', 'Old room', 'social', '', '', '', 'UTC', 60, 8, 1, 1, 'token-{room}')"
            await conn.execute(text(f"INSERT INTO rooms VALUES {values}"))
        moment = "'2026-12-01 19:30:00'"
        await conn.execute(
            text(
                f"INSERT INTO sessions VALUES ('s', 'r1', {moment}, {moment}, {moment}, 'UTC', 60, 10, 0, NULL, NULL, NULL)"
            )
        )
    await database.migrate()
    async with database.reading() as conn:
        first, second = [await rooms.find(conn, room) for room in ("r1", "r2")]
        session = await sessions.find(conn, "s")
    await database.close()
    assert first
    assert second
    assert session
    assert len({first.code, second.code}) == len({first.feed_token, second.feed_token}) == 2
    assert len(first.code) == 6
    assert (first.version, first.is_closed, first.door) == (1, False, "open")
    assert (first.talk, first.least_age, first.admits_work) == ("open", 18, False)
    assert first.keeps_counts is False
    assert (session.sequence, session.alternative, session.series_id) == (0, "", None)


async def test_who_knocked_before_there_were_doors_knocks_still(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/old.sqlite3")
    async with database._rebuilding() as conn:
        await conn.run_sync(lambda c: command.upgrade(migrations.config(c), "0004"))
        await conn.execute(text("INSERT INTO accounts VALUES ('a', 'Ana', 'ana', 1, NULL)"))
        columns = (
            "id, organiser_id, name, purpose, one_line, for_whom, also_welcome, zone, minutes, seats, listed, "
            "keeps_catch_up, join_token, knock_first, code, feed_token, is_closed, version"
        )
        for room, knocks in (("r1", 1), ("r2", 0)):
            values = (
                f"('{room}', 'a', 'Old room', 'social', '', '', '', 'UTC', 60, 8, 1, 1, 'j{room}', {knocks}"
            )
            values += f", 'code{room}', 'f{room}', 0, 1)"
            await conn.execute(text(f"INSERT INTO rooms ({columns}) VALUES {values}"))
        for draft in ("d1", "d2"):
            await conn.execute(text(f"INSERT INTO drafts VALUES ('{draft}', 'a', 'Begun', '2026-12-01')"))
        for draft, question, answer in (
            ("d1", "knock_first", 1),
            ("d2", "knock_first", 0),
            ("d2", "seats", 7),
        ):
            values = f"('{draft}', '{question}', 1, '{answer}')"
            await conn.execute(text(f"INSERT INTO draft_answers VALUES {values}"))
    await database.migrate()
    async with database.reading() as conn:
        found = [await rooms.find(conn, room) for room in ("r1", "r2")]
        begun = [await drafts.find(conn, draft, "a") for draft in ("d1", "d2")]
    await database.close()
    assert [room.door for room in found if room] == ["knock", "open"]
    assert [draft.answers for draft in begun if draft] == [
        {"door": ["knock"]},
        {"door": ["open"], "seats": ["7"]},
    ]


async def test_what_was_noticed_before_a_session_could_be_noticed_as_not_held_stays(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/old.sqlite3")
    moment = "'2026-12-01 19:30:00'"
    async with database._rebuilding() as conn:
        await conn.run_sync(lambda c: command.upgrade(migrations.config(c), "0012"))
        await conn.execute(text("INSERT INTO accounts VALUES ('a', 'Ana', 'ana', 1, NULL)"))
        columns = (
            "id, organiser_id, name, purpose, one_line, for_whom, also_welcome, zone, minutes, seats, listed, "
            "keeps_catch_up, join_token, door, talk, least_age, admits_work, code, feed_token, is_closed, version"
        )
        values = "'r', 'a', 'Old room', 'social', '', '', '', 'UTC', 60, 8, 1, 1, 'jr', 'open', 'open', 18, 0, 'code', 'f', 0, 1"
        await conn.execute(text(f"INSERT INTO rooms ({columns}) VALUES ({values})"))
        columns = "id, room_id, starts_at, ends_at, wall, zone, minutes, wait_minutes, starts_itself, sequence, alternative"
        values = f"'s', 'r', {moment}, {moment}, {moment}, 'UTC', 60, 10, 0, 0, ''"
        await conn.execute(text(f"INSERT INTO sessions ({columns}) VALUES ({values})"))
        await conn.execute(text(f"INSERT INTO notices VALUES ('s', 'not_okay', {moment})"))
    await database.migrate()
    async with database.writing() as conn:
        await notices.put(conn, "s", "not_held", datetime(2026, 12, 1, 19, 40, tzinfo=UTC))
    async with database.reading() as conn:
        found = await notices.for_account(conn, "a", datetime(2026, 12, 2, tzinfo=UTC))
    await database.close()
    assert {each.what for each in found} == {"not_okay", "not_held"}
