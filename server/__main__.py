"""The command line: run, demo, two-nodes, doctor, migrate, backup, restore, organiser."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click
import uvicorn
from sqlalchemy import make_url
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from rooms.engines import EngineUnusable, open_engine
from rooms.records import accounts, limits, links
from rooms.records.backup import BackupError, take
from rooms.records.backup import restore as put_back
from rooms.records.database import Database, open_database
from server import demo as demo_room
from server import doctor, logs, parent, unread
from server import two_nodes as both
from server.app import application
from server.settings import DATABASE_SHAPE, BadSettingError, Settings, read
from server.whereabouts import whereabouts

log = logging.getLogger("server")  # whoever runs this calls it __main__, which is not known for one of ours

GRACE_SECONDS = 4
WORKER_SECONDS = (
    30  # a machine that is busy takes its time to start one, and a roll must not be given up for that
)
LINK_LIVES = timedelta(hours=24)


@click.group()
def tealight() -> None:
    """Online rooms where peer support groups meet in text. What is said is carried, never kept."""


@tealight.command()
@click.option(
    "--workers", help="Processes that share the port; more than one needs REDIS_URL. [WEB_CONCURRENCY]"
)
@click.option("--until-stdin-ends", is_flag=True, hidden=True)
def run(workers: str | None, *, until_stdin_ends: bool) -> None:
    """Serve, as the environment says. SIGHUP replaces workers one by one, each by one that already answers."""
    if until_stdin_ends:
        parent.end_with_stdin()
    if workers is not None:
        os.environ["WEB_CONCURRENCY"] = workers
    settings = _settings()
    _begin(settings)
    asyncio.run(_migrate(settings))
    asyncio.run(_try_engine(settings))
    _refuse_what_is_grave(settings)
    if settings.workers > 1:
        _serve_with_workers(settings)
    else:
        if not sys.stdin.isatty():
            # A daemon is told so to begin anew. By default it would end here and now, and be taken for one that meant to.
            signal.signal(signal.SIGHUP, _go_on)
        _serve(settings, [])


def _go_on(*_: object) -> None:
    log.warning(
        "SIGHUP replaces workers one by one; there is one process here, which goes on: restart it instead"
    )


@tealight.command()
def demo() -> None:
    """Serve a room that is on now, on embedded defaults, and print the links to it."""
    settings = _settings(demo=True)
    _begin(settings)
    found = asyncio.run(_prepare(settings))
    asyncio.run(_try_engine(settings))
    _serve(settings, _links(settings.public_url, found))


@tealight.command()
def two_nodes() -> None:
    """Serve the room of the demo from two processes, with a Valkey of their own, and print the links to both."""
    settings = _settings(demo=True)
    _begin(settings)
    if settings.port + 1 > 65535:
        _refuse("PORT: two nodes need two, this one and the next")
    # Links that sign somebody in do so once: each node has its own.
    lines = [
        _links(f"http://localhost:{port}", asyncio.run(_prepare(settings)))
        for port in (settings.port, settings.port + 1)
    ]
    asyncio.run(_try_engine(settings))
    try:
        sys.exit(asyncio.run(both.serve(settings, lines, partial(print, flush=True))))
    except both.CannotStartError as error:
        if str(error):
            _refuse(str(error))
        sys.exit(2)


@tealight.command(name="doctor")
def examine() -> None:
    """Look for what is unsafe here, and say the cure. Ends with 1 where a start would be refused."""
    settings = _settings()
    _begin(settings)
    found = _examined(settings)
    for finding in found:
        taken = (
            "taken " if finding.name in settings.accepted_risks else "grave " if finding.grave else "look at"
        )
        print(f"{taken:<8} {finding}")
    if not found:
        print("Nothing is wrong here that can be seen from here.")
    if _not_taken(settings, found):
        sys.exit(1)


@tealight.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    asyncio.run(_migrate(_settings()))


@tealight.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy the records into FILE, while the server runs. For SQLite; Postgres has its own pg_dump."""
    _put_away(lambda database: take(database, file))
    print(
        f"Kept in {file}. Whoever can read it can read rooms, dates and accounts; nothing that was said is in it."
    )


@tealight.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Put the records back from FILE, while the server is stopped. Everybody signs in anew."""
    _put_away(lambda database: put_back(file, database))
    asyncio.run(_migrate(_settings()))
    print("The records are as they were. Everybody signs in anew.")


def _put_away(work: Callable[[Path], None]) -> None:
    url = make_url(_settings().database_url)
    if url.get_backend_name() != "sqlite" or url.database is None:
        _refuse("DATABASE_URL: backup and restore are for SQLite; Postgres has pg_dump and pg_restore")
    try:
        work(Path(url.database))
    except BackupError as error:
        _refuse(str(error), doing="do that")
    except OSError as error:
        _refuse(f"the file cannot be used ({whereabouts(error)})", doing="do that")


@tealight.group()
def organiser() -> None:
    """The people who look after the rooms."""


@organiser.command()
@click.argument("sign_in_name")
@click.option("--name", prompt="Their name, as others see it", help="As others see it.")
def add(sign_in_name: str, name: str) -> None:
    """Make an organiser, or let one in again: prints a link that signs them in once."""
    if not limits.SIGN_IN_NAME.holds(sign_in_name) or not limits.ACCOUNT_NAME.holds(name):
        raise click.UsageError("A sign-in name has 1 to 254 letters, a name 1 to 60, all of them visible.")
    settings = _settings()
    token = asyncio.run(_organiser_link(settings, sign_in_name, name))
    print(f"{settings.public_url}/link/{token}")


def _links(base: str, found: demo_room.DemoLinks) -> list[str]:
    return [
        f"Join:       {base}{found.join}",
        f"Facilitate: {base}{found.facilitate}",
        f"Organise:   {base}{found.organise}",
    ]


def _settings(*, demo: bool = False) -> Settings:
    try:
        return read(demo=demo)
    except BadSettingError as bad:
        _refuse(str(bad))


def _refuse(why: str, *, doing: str = "start") -> NoReturn:
    print(f"Tealight cannot {doing}. {why}", file=sys.stderr)
    sys.exit(2)


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.host,
        "port": settings.port,
        "ws": "server.websocket:RoomWebSocket",
        "http": "server.http_deadline:RoomHttp",
        "ws_max_size": 16 * 1024,
        "ws_per_message_deflate": False,
        "timeout_graceful_shutdown": GRACE_SECONDS,
        "server_header": False,
        "date_header": True,
        "access_log": False,
        "log_config": None,
    }


class _Announcing(uvicorn.Server):
    """Prints its lines once it answers."""

    def __init__(self, config: uvicorn.Config, lines: list[str]) -> None:
        super().__init__(config)
        self._lines = lines

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self._lines:
            print("\n".join(self._lines), flush=True)


def _serve(settings: Settings, lines: list[str]) -> None:
    server = _Announcing(uvicorn.Config(application(settings), **_options(settings)), lines)
    try:
        server.run()
    except KeyboardInterrupt:
        pass  # Ctrl-C, passed on by uvicorn once everything has been put away
    except SystemExit:
        if server.started or server.lifespan.should_exit:
            raise
        _cannot_listen(settings)


def _serve_with_workers(settings: Settings) -> None:
    config = uvicorn.Config(
        "server.app:create",
        factory=True,
        workers=settings.workers,
        timeout_worker_healthcheck=WORKER_SECONDS,
        **_options(settings),
    )
    try:
        listening = config.bind_socket()
    except SystemExit:
        _cannot_listen(settings)
    workers = Multiprocess(config, sockets=[listening])
    workers.run()
    if any(worker.exitcode == STARTUP_FAILURE for worker in workers.processes):
        sys.exit(STARTUP_FAILURE)


def _cannot_listen(settings: Settings) -> NoReturn:
    _refuse(f"PORT: {settings.port} is taken, or HOST: it is not a name or number of this machine")


@asynccontextmanager
async def _records(settings: Settings) -> AsyncIterator[Database]:
    """The database, its tables up to date."""
    try:
        database = open_database(settings.database_url)
        await database.migrate()
    except Exception as error:  # noqa: BLE001  a driver's words may quote the address, and with it a password
        _refuse(f"DATABASE_URL: {DATABASE_SHAPE}; that database cannot be used ({whereabouts(error)})")
    try:
        yield database
    finally:
        await database.close()


async def _migrate(settings: Settings) -> None:
    async with _records(settings):
        pass


async def _try_engine(settings: Settings) -> None:
    """Find out what cannot work while there is still somebody to tell."""
    if settings.redis_url is None:
        return
    try:
        async with open_engine(settings.redis_url, secret=",".join(settings.secret_keys)):
            pass
    except EngineUnusable as unusable:
        words = str(unusable)
        _refuse(words if "REDIS_URL" in words else f"REDIS_URL: {words}")


def _begin(settings: Settings) -> None:
    """Before anything is said in this process: what it prints, and who may read it."""
    logs.begin(settings.log_format)
    unread.forbid()


def _examined(settings: Settings) -> list[doctor.Finding]:
    if unknown := sorted(settings.accepted_risks - doctor.NAMES):
        _refuse(f"ACCEPTED_RISKS: {unknown[0]!r} is none; they are {', '.join(sorted(doctor.NAMES))}")
    try:
        return asyncio.run(doctor.examine(settings))
    except EngineUnusable as unusable:
        _refuse(f"REDIS_URL: {unusable}")


def _not_taken(settings: Settings, found: list[doctor.Finding]) -> list[doctor.Finding]:
    return [each for each in found if each.grave and each.name not in settings.accepted_risks]


def _refuse_what_is_grave(settings: Settings) -> None:
    found = _examined(settings)
    if grave := _not_taken(settings, found):
        _refuse("\n".join(map(str, grave)))
    for finding in found:
        log.warning("%s", finding)


async def _prepare(settings: Settings) -> demo_room.DemoLinks:
    async with _records(settings) as database:
        return await demo_room.prepare(database, datetime.now(UTC))


async def _organiser_link(settings: Settings, sign_in_name: str, name: str) -> str:
    async with _records(settings) as database, database.writing() as conn:
        account = await accounts.by_sign_in_name(conn, sign_in_name)
        account = account or await accounts.create(
            conn, name=name, sign_in_name=sign_in_name, is_organiser=True
        )
        if account is None:
            _refuse("that sign-in name was taken in this very moment; please try again")
        if not account.is_organiser:
            await accounts.make_organiser(conn, account.id)
        return await links.make(
            conn, "sign_in", account_id=account.id, at=datetime.now(UTC), lives=LINK_LIVES
        )


if __name__ == "__main__":
    tealight()
