"""What a real Postgres is found to be."""

from sqlalchemy import text

from rooms.records.database import Database
from rooms.records.examination import examine

LOGS = ("log_min_duration_statement", "log_parameter_max_length_on_error", "log_statement")


async def test_one_that_writes_what_it_is_asked_into_its_log(one_postgres: Database):
    found = await examine(one_postgres)
    assert (found.near, found.tls, found.logs) == (True, False, ())
    try:
        for name, value in zip(LOGS, ("'0'", "'-1'", "'all'"), strict=True):
            async with one_postgres.writing() as conn:
                await conn.execute(text(f"ALTER ROLE tealight SET {name} = {value}"))
        # A setting of a role holds from the next connection on.
        await one_postgres.close()
        assert (await examine(one_postgres)).logs == LOGS
    finally:
        async with one_postgres.writing() as conn:
            await conn.execute(text("ALTER ROLE tealight RESET ALL"))
        await one_postgres.close()
