"""What a Postgres can be asked about itself before records are trusted to it."""

from dataclasses import dataclass

from sqlalchemy import text

from rooms.records.database import Database

_LOGS = text(
    "SELECT name FROM pg_settings WHERE (name = 'log_statement' AND setting IN ('mod', 'all'))"
    " OR (name IN ('log_min_duration_statement', 'log_min_duration_sample', 'log_parameter_max_length_on_error')"
    " AND setting <> CASE name WHEN 'log_parameter_max_length_on_error' THEN '0' ELSE '-1' END) ORDER BY name"
)
_WAY = text(
    "SELECT coalesce(ssl, false), coalesce(inet_client_addr() <<= '127.0.0.0/8' OR inet_client_addr() = '::1', true)"
    " FROM (SELECT bool_or(ssl) AS ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS own"
)


@dataclass(frozen=True, slots=True)
class Condition:
    tls: bool
    near: bool
    """It is on this machine, so that nobody on a network meets it."""
    logs: tuple[str, ...]
    """The settings by which it writes what it is asked, and so names and rooms, into its log."""


async def examine(database: Database) -> Condition:
    """For Postgres alone. What the driver raises, where it cannot be reached."""
    async with database.reading() as conn:
        tls, near = (await conn.execute(_WAY)).one()
        logs = (await conn.execute(_LOGS)).scalars().all()
    return Condition(tls=tls, near=near, logs=tuple(logs))
