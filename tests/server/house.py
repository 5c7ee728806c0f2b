"""A real server for a test: uvicorn in the test's own loop, our protocols, a fresh database, a clock that the test moves.

evening = await house.evening()
ana, ben = await evening.facilitates("Ana"), await evening.visits("Ben")
await ana.starts()
await ben.says("hi")
await ana.hears("hi", frm="Ben")
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import uvicorn
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.host import Host
from rooms.records import accounts, agreements, links, rooms, sessions, sign_ins
from rooms.records.accounts import Account
from rooms.records.database import Database
from rooms.records.rooms import Room
from rooms.records.sessions import Session
from server.app import application
from server.home import Home
from server.pace import Bounds
from server.settings import Settings
from server.socket import HELLO_SECONDS
from tests.records.template import fresh_file
from tests.server.browser import Browser
from tests.server.visitor import Visitor

START = datetime(2026, 11, 26, 19, 30, tzinfo=UTC)
KEY = "a key for tests, which is as long as a key must be"
SOON = timedelta(hours=1)


class Clock:
    """Stands still until the test moves it."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at.timestamp()

    def __call__(self) -> float:
        return self.at

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)


@asynccontextmanager
async def open_house(
    folder: Path,
    *,
    public_url: str = "",
    keys: tuple[str, ...] = (KEY,),
    hello_seconds: float = HELLO_SECONDS,
    redis_url: str | None = None,
    bounds: Bounds | None = None,
    **settings: Any,
) -> AsyncIterator["House"]:
    """settings: those of ``Settings`` that a story is about."""
    house = House(
        fresh_file(folder),
        public_url,
        keys,
        hello_seconds,
        redis_url,
        settings,
        bounds,
    )
    await house.opens()
    try:
        yield house
    finally:
        await house.closes()


class House:
    """The server and its records. Olu organises every room in it."""

    def __init__(
        self,
        database_url: str,
        public_url: str,
        keys: tuple[str, ...],
        hello_seconds: float,
        redis_url: str | None = None,
        settings: Mapping[str, Any] = MappingProxyType({}),
        bounds: Bounds | None = None,
    ) -> None:
        self._bounds = bounds
        self.clock = Clock()
        self.hello_seconds = hello_seconds
        self._socket = _port()
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = Settings(
            host="127.0.0.1",
            port=self.port,
            public_url=public_url or self.url,
            database_url=database_url,
            redis_url=redis_url,
            secret_keys=keys,
            workers=1,
            leave_to="https://www.bbc.co.uk/weather",
            demo=False,
            **settings,
        )
        self.browsers: list[Browser] = []
        self._server: _Server
        self._serving: asyncio.Task[None]

    # Opening and closing

    async def opens(self) -> None:
        config = uvicorn.Config(
            application(self.settings, self.clock, self.hello_seconds, self._bounds),
            ws="server.websocket:RoomWebSocket",
            http="server.http_deadline:RoomHttp",
            ws_max_size=16 * 1024,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=4,
            server_header=False,
            access_log=False,
            log_config=None,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve([self._socket]))
        await self._server.is_open.wait()

    async def closes(self) -> None:
        await self.sees_everybody_off()
        self._server.should_exit = True
        await self._serving

    def another(self) -> "House":
        """A further node: the same records and the same Redis behind another address. To be opened and closed."""
        kept = self.settings
        return House(kept.database_url, "", kept.secret_keys, self.hello_seconds, kept.redis_url)

    async def restarts(self, keys: tuple[str, ...] = ()) -> None:
        """A deploy: the same records behind the same address, and nothing else remembered."""
        self._server.should_exit = True
        await self._serving
        if keys:
            self.settings = replace(self.settings, secret_keys=keys)
        self._socket = _port(self.port)
        await self.opens()

    async def sees_everybody_off(self) -> None:
        browsers, self.browsers = self.browsers, []
        for browser in browsers:
            await browser.closes()

    # What stands behind the pages

    @property
    def home(self) -> Home:
        found: Home = self._server.lifespan.state["home"]
        return found

    @property
    def database(self) -> Database:
        return self.home.database

    @property
    def origin(self) -> str:
        return self.settings.public_url

    async def passes(self, seconds: float = 0, *, minutes: float = 0) -> None:
        """Time passes, and what it brings about is done."""
        self.clock.at += seconds + minutes * 60
        await self.home.house.pass_time()

    # Who is there

    def browser(self) -> Browser:
        self.browsers.append(Browser(self.url, self.origin))
        return self.browsers[-1]

    async def account(
        self, name: str, *, organiser: bool = False, password_hash: str | None = None
    ) -> Account:
        async with self.database.writing() as conn:
            return await _account(conn, name, organiser=organiser, password_hash=password_hash)

    async def link(self, account: Account, *, lives: timedelta = SOON, room: Room | None = None) -> str:
        """A one-time link that signs them in."""
        async with self.database.writing() as conn:
            token = await links.make(
                conn,
                "sign_in",
                account_id=account.id,
                room_id=None if room is None else room.id,
                at=self.clock.now,
                lives=lives,
            )
        return f"/link/{token}"

    async def invitation(self, room: Room, *, lives: timedelta = SOON) -> str:
        async with self.database.writing() as conn:
            token = await links.make(conn, "invitation", room_id=room.id, at=self.clock.now, lives=lives)
        return f"/invitation/{token}"

    async def signed_in(self, name: str, *, organiser: bool = False) -> Browser:
        """As after a link or a password, of which there are stories of their own."""
        async with self.database.writing() as conn:
            account = await _account(conn, name, organiser=organiser)
            token = await sign_ins.open(conn, account.id, self.clock.now)
        return self.browser_that_holds(token)

    def browser_that_holds(self, token: str) -> Browser:
        browser = self.browser()
        browser.holds("__Host-desk" if self.settings.secure else "desk", token)
        return browser

    async def evening(
        self, *, starts: datetime = START, listed: bool = False, agreement: bool = True, **room: Any
    ) -> "Evening":
        """A room with one session; as the clock of a new house stands, it is just about to start."""
        async with self.database.writing() as conn:
            olu = await _account(conn, "Olu", organiser=True)
            made = await rooms.create(
                conn, organiser_id=olu.id, name="Thursday", purpose="peer_support", listed=listed, **room
            )
            if agreement:
                await agreements.publish(conn, made.id, ["What is said here stays here."], self.clock.now)
            session = await sessions.plan(conn, made.id, starts.replace(tzinfo=None), "UTC", 60)
        assert isinstance(session, Session)
        return Evening(self, made, session)


@dataclass(frozen=True, slots=True)
class Evening:
    """One session of one room. ``page``: what everybody who comes to it from here on looks at it with."""

    house: House
    room: Room
    session: Session
    page: type[Visitor] = Visitor

    def over(self, page: type[Visitor]) -> "Evening":
        """The same, for people whose pages are of another kind."""
        return replace(self, page=page)

    @property
    def join_path(self) -> str:
        return f"/join/{self.room.join_token}"

    @property
    def door_path(self) -> str:
        return f"/door/{self.session.id}"

    @property
    def live_path(self) -> str:
        return f"/live/{self.session.id}"

    @property
    def host(self) -> Host:
        """The live room as the server holds it."""
        host = self.house.home.house.hosted(self.session.id)
        assert host is not None, "nobody has come yet"
        return host

    async def has_facilitator(self, name: str) -> Account:
        async with self.house.database.writing() as conn:
            account = await _account(conn, name)
            await rooms.add_facilitator(conn, self.room.id, account.id)
        return account

    async def facilitates(self, name: str, *, by_link: bool = False) -> Visitor:
        """Somebody who facilitates the room and is signed in, or signs in by a link that leads straight into it; their page
        opens its socket.
        """
        browser = await (self._led_here(name) if by_link else self._signed_in(name))
        # As with members, the page is not asked for by stories of what comes over its socket: it is the largest of all.
        visitor = self.page(browser, self.live_path, name)
        await visitor.connects()
        return visitor

    async def _signed_in(self, name: str) -> Browser:
        async with self.house.database.writing() as conn:
            account = await _account(conn, name)
            await rooms.add_facilitator(conn, self.room.id, account.id)
            token = await sign_ins.open(conn, account.id, self.house.clock.now)
        return self.house.browser_that_holds(token)

    async def _led_here(self, name: str) -> Browser:
        account = await self.has_facilitator(name)
        browser = self.house.browser()
        answer = await browser.posts(await self.house.link(account, room=self.room))
        while (onward := answer.headers["location"]) != self.live_path:
            answer = await browser.gets(onward)
        return browser

    async def visits(self, name: str, *, listening: bool = False, work: str = "") -> Visitor:
        """Somebody follows the join link, gives a name at the door, and their page opens its socket."""
        browser = await self.comes_to_the_door()
        how = "listen" if listening else "come_in"
        answer = await browser.posts(self.door_path, name=name, how=how, work=work)
        assert answer.headers.get("location") == self.live_path, answer.text
        visitor = self.page(browser, self.live_path, name, work=work)
        await visitor.connects()
        return visitor

    async def comes_to_the_door(self) -> Browser:
        browser = self.house.browser()
        answer = await browser.gets(self.join_path)
        assert answer.headers["location"] == self.door_path, answer.text
        return browser


async def _account(
    conn: AsyncConnection, name: str, *, organiser: bool = False, password_hash: str | None = None
) -> Account:
    found = await accounts.by_sign_in_name(conn, name)
    made = found or await accounts.create(
        conn, name=name, sign_in_name=name, is_organiser=organiser, password_hash=password_hash
    )
    assert made is not None
    return made


class _Server(uvicorn.Server):
    """Leaves signals to pytest, and says when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_open = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_open.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _port(port: int = 0) -> socket.socket:
    # Named as TCP, or asyncio does not know that small writes must not wait for each other (Nagle, 40 ms an answer).
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    return listening
