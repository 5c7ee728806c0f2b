"""The composition root: settings become a database, an engine, a house and an application. It meets everyone."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import TypedDict, cast

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from rooms.engines import EngineDown, open_engine
from rooms.fanout import Circle
from rooms.house import House
from rooms.records.away import RecordsAway
from rooms.records.database import open_database
from server import circle, logs, pages, parent, settling, unread
from server.calls import Calls
from server.crowd import Crowd, most_connections
from server.door import Door
from server.guard import OwnPagesOnly, SecurityHeaders
from server.home import Home
from server.live_now import LiveNow
from server.pace import Bounds
from server.pages import again
from server.passkeys import Passkeys
from server.routes import routes
from server.settings import Settings, read
from server.socket import HELLO_SECONDS
from server.staff_pages import StaffPages
from server.static import Static
from server.streams import Streams
from server.tally import Tally
from server.terms import Programme
from server.tidying import go_on_tidying
from server.words import environment

ROOT = Path(__file__).parent.parent
LARGEST_FORM = 128 * 1024


class _State(TypedDict):
    home: Home


def create() -> ASGIApp:
    """The application that the environment describes; uvicorn's workers call this."""
    parent.end_with_parent()
    unread.forbid()
    logs.begin()
    settings = read()
    logs.begin(settings.log_format)
    return application(settings)


def application(
    settings: Settings,
    clock: Callable[[], float] = time.time,
    hello_seconds: float = HELLO_SECONDS,
    bounds: Bounds | None = None,
) -> ASGIApp:
    static = Static(ROOT / "static")
    tally = Tally()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[_State]:
        database = open_database(settings.database_url)
        calls = Calls(settings, database)
        programme = Programme(database, calls.tell, settings.secret_keys)
        loop = asyncio.get_running_loop()
        templates = environment(ROOT / "templates")
        templates.globals["static"] = static.url
        house = House(
            open_engine(settings.redis_url, secret=",".join(settings.secret_keys)),
            terms=programme.terms,
            upcoming=programme.upcoming,
            finished=programme.finished,
            noticed=programme.noticed,
            # The house knows a line by its three verbs; ours have more.
            circle=lambda: cast("Circle", circle.Circle(loop, tally=tally)),
            clock=clock,
        )
        door = Door(settings, database)
        try:
            async with house, asyncio.TaskGroup() as tasks, _scraped(settings, house, tally):
                home = Home(
                    settings=settings,
                    database=database,
                    house=house,
                    door=door,
                    passkeys=Passkeys(settings),
                    templates=templates,
                    clock=clock,
                    hello_seconds=hello_seconds,
                    staff_pages=StaffPages(database, clock),
                    live_now=LiveNow(database, house, clock),
                    calls=calls,
                    streams=Streams(settings.secret_keys),
                    crowd=Crowd(bounds or Bounds(), most_connections()),
                    tally=tally,
                )
                await home.board.read(database)
                chores = [
                    tasks.create_task(go_on_tidying(database, home.now)),
                    tasks.create_task(home.crowd.go_on_forgetting()),
                    tasks.create_task(home.board.go_on_reading(database)),
                    tasks.create_task(home.live_now.keep_looking()),
                    tasks.create_task(calls.go_on()),
                    tasks.create_task(home.staff_pages.keep_looking()),
                    tasks.create_task(settling.Settling(home.crowd.__len__).go_on()),
                ]
                settling.begin()
                yield {"home": home}
                for chore in chores:
                    chore.cancel()
        finally:
            await database.close()

    async def refused(scope: Scope, receive: Receive, send: Send) -> None:
        response = await pages.refused(Request(scope, receive))
        await response(scope, receive, send)

    app = Starlette(
        routes=routes(static),
        lifespan=lifespan,
        max_body_size=LARGEST_FORM,
        middleware=[Middleware(OwnPagesOnly, origins=settings.origins, refused=refused)],
        exception_handlers={
            400: pages.unreadable,
            404: pages.not_found,
            405: pages.not_that_way,
            EngineDown: again.away,
            RecordsAway: again.away,
            Exception: pages.broken,
        },
    )
    # Around all of it: Starlette answers what is broken or too large outside of its own middleware.
    return SecurityHeaders(app, origins=settings.origins, secure=settings.secure, tally=tally)


def _scraped(settings: Settings, house: House, tally: Tally) -> AbstractAsyncContextManager[object]:
    if settings.metrics_port is None:
        return nullcontext()
    from server import metrics, scrape  # noqa: PLC0415  who watches nothing need not hold a library for it

    return scrape.scraped(settings, lambda lag: metrics.reader(house, tally, lag), metrics.CONTENT_TYPE)
