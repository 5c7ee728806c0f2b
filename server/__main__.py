"""The command line: run, demo, migrate, organiser."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import click
import uvicorn

from rooms.records import accounts, links
from rooms.records.database import open_database
from server import demo as demo_room
from server import logs
from server.app import application
from server.settings import BadSettingError, Settings, read

GRACE_SECONDS = 4
LINK_LIVES = timedelta(hours=24)


@click.group()
def tealight() -> None:
    """Online rooms where peer support groups meet in text. What is said is carried, never kept."""


@tealight.command()
def run() -> None:
    """Serve, as the environment says."""
    settings = _settings()
    logs.begin()
    asyncio.run(_migrate(settings))
    if settings.workers > 1:
        uvicorn.run("server.app:create", factory=True, workers=settings.workers, **_options(settings))
    else:
        _serve(settings, [])


@tealight.command()
def demo() -> None:
    """Serve a room that is on now, on embedded defaults, and print the links to it."""
    settings = _settings(demo=True)
    logs.begin()
    found = asyncio.run(_prepare(settings))
    base = settings.public_url
    _serve(
        settings,
        [
            f"Join:       {base}{found.join}",
            f"Facilitate: {base}{found.facilitate}",
            f"Organise:   {base}{found.organise}",
        ],
    )


@tealight.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    asyncio.run(_migrate(_settings()))


@tealight.group()
def organiser() -> None:
    """The people who look after the rooms."""


@organiser.command()
@click.argument("sign_in_name")
@click.option("--name", prompt="Their name, as others see it", help="As others see it.")
def add(sign_in_name: str, name: str) -> None:
    """Make an organiser, or let one in again: prints a link that signs them in once."""
    settings = _settings()
    token = asyncio.run(_organiser_link(settings, sign_in_name, name))
    print(f"{settings.public_url}/link/{token}")


def _settings(*, demo: bool = False) -> Settings:
    try:
        return read(demo=demo)
    except BadSettingError as bad:
        _refuse(str(bad))


def _refuse(why: str) -> NoReturn:
    print(f"Tealight cannot start. {why}", file=sys.stderr)
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
        if self.started:
            print("\n".join(self._lines), flush=True)


def _serve(settings: Settings, lines: list[str]) -> None:
    server = _Announcing(uvicorn.Config(application(settings), **_options(settings)), lines)
    server.run()
    if not server.started:
        _refuse(f"PORT: {settings.port} is taken, or HOST: {settings.host} is not this machine's")


async def _migrate(settings: Settings) -> None:
    database = open_database(settings.database_url)
    try:
        await database.migrate()
    finally:
        await database.close()


async def _prepare(settings: Settings) -> demo_room.DemoLinks:
    database = open_database(settings.database_url)
    try:
        await database.migrate()
        return await demo_room.prepare(database, datetime.now(UTC))
    finally:
        await database.close()


async def _organiser_link(settings: Settings, sign_in_name: str, name: str) -> str:
    database = open_database(settings.database_url)
    try:
        await database.migrate()
        async with database.writing() as conn:
            account = await accounts.by_sign_in_name(conn, sign_in_name)
            account = account or await accounts.create(
                conn, name=name, sign_in_name=sign_in_name, is_organiser=True
            )
            if account is None:
                _refuse("that sign-in name was taken in this very moment; please try again")
            return await links.make(
                conn, "sign_in", account_id=account.id, at=datetime.now(UTC), lives=LINK_LIVES
            )
    finally:
        await database.close()


if __name__ == "__main__":
    tealight()
