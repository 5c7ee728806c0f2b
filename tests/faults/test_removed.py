"""M1 to M6: somebody is removed and tries every way back, while Redis is well, frozen or killed. Nothing said reaches them.

M1 the same browser · M2 a second tab · M3 a second device at the other node · M4 a copied cookie · M5 an old position to go
on from · M6 another name.
"""

import asyncio
import contextlib
import json
import time
from typing import Final

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Origin, Subprotocol

from tests.faults import harm
from tests.faults.evening import Evening, Harm
from tests.faults.node import until
from tests.faults.person import Frame
from tests.server.browser import Browser

pytestmark = pytest.mark.timeout(400)

REMOVED: Final = 4003
# From the yes to the removal, or from when Redis is back, until the last page of theirs is shut.
AT_ONCE, WHEN_IT_IS_BACK = 1.0, 5.0
HARMS = {"up": None, "paused": harm.redis_is_frozen(3.0), "killed": harm.REDIS_IS_KILLED}


class Tap:
    """A page that only listens, and writes down what it is sent and when it is shut."""

    def __init__(self, evening: Evening, browser: Browser, node: int) -> None:
        self._url = evening.town.nodes[node].url.replace("http", "ws", 1) + f"/live/{evening.session.id}"
        self._browser = browser
        self._socket: ClientConnection | None = None
        self._listening: asyncio.Task[None] | None = None
        self.heard: list[Frame] = []
        self.code: int | None = None
        self.shut_at = 0.0

    async def opens(self, *, name: str = "Mal", at: Frame | None = None) -> "Tap":
        try:
            self._socket = await connect(
                self._url,
                origin=Origin(self._browser.origin),
                subprotocols=[Subprotocol("tealight.1")],
                additional_headers={"cookie": self._browser.cookie_header},
                compression=None,
                ping_interval=None,
                open_timeout=10,
                close_timeout=0.1,
                proxy=None,
            )
            await self._socket.send(json.dumps({"type": "hello", "at": at, "name": name, "listening": False}))
        except (OSError, InvalidHandshake, ConnectionClosed, TimeoutError):
            self.code = 1006
        else:
            self._listening = asyncio.create_task(self._listens(self._socket))
        return self

    async def _listens(self, socket: ClientConnection) -> None:
        try:
            while True:
                self.heard.append(json.loads(await socket.recv()))
        except ConnectionClosed as gone:
            self.code = 1006 if gone.rcvd is None else gone.rcvd.code
            self.shut_at = time.monotonic()

    async def is_shut(self) -> bool:
        return self.code is not None

    async def closes(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait([self._listening])
        if self._socket is not None:
            self._socket.transport.abort()

    def was_told(self, words: str) -> bool:
        return any(words in json.dumps(frame) for frame in self.heard)


def copied(browser: Browser) -> Browser:
    """Another browser with the very same cookies."""
    other = Browser(browser.url, browser.origin)
    for name, value in browser.cookies.items():
        other.holds(name, value)
    return other


async def befalls(evening: Evening, what: Harm | None) -> None:
    if what is not None:
        await what.befalls(evening)


@contextlib.asynccontextmanager
async def meanwhile(evening: Evening, what: Harm | None):
    """The harm goes on while the context lasts, and is over at its end."""
    harmed = asyncio.create_task(befalls(evening, what))
    await asyncio.sleep(0)
    yield
    await harmed


@pytest.mark.parametrize("redis", HARMS)
async def test_m1_m2_m3_m4_m5_m6_nothing_said_reaches_who_was_removed(evening: Evening, redis: str):
    what = HARMS[redis]
    ana, bea, ben = evening["Ana"], evening["Bea"], evening["Ben"]
    mal = await evening.visits("Mal", node=0)
    stolen = copied(mal.browser)
    open_pages = [
        await Tap(evening, mal.browser, 0).opens(),  # M1
        await Tap(evening, mal.browser, 0).opens(),  # M2
        await Tap(evening, mal.browser, 1).opens(),  # M3
        await Tap(evening, stolen, 1).opens(),  # M4
    ]
    ben.says("before it")
    await until(lambda: are_told(open_pages, "before it"), "every page of theirs is in the room")
    position = mal.at

    # Removed by two, while the harm goes on; who asks is answered when it can be done.
    async with meanwhile(evening, what):
        assert (await ana.asks("remove", seat=mal.seat, reason="unkind"))["type"] == "ack"
        assert (await bea.asks("remove", seat=mal.seat, reason="unkind"))["type"] == "ack"
        acked = time.monotonic()
    back = time.monotonic()
    ben.says("after it")
    for page in open_pages:
        await until(page.is_shut, "a page of theirs is shut")
    limit = acked + AT_ONCE if what is None else max(acked, back) + WHEN_IT_IS_BACK
    assert max(page.shut_at for page in open_pages) <= limit
    assert {page.code for page in open_pages} == {REMOVED}

    # Every way back, while it breaks once more, and once it is whole.
    async def every_way() -> list[Tap]:
        at = None if position is None else {"epoch": position.epoch, "seq": position.seq}
        return [
            await Tap(evening, mal.browser, 0).opens(),  # M1
            await Tap(evening, mal.browser, 0).opens(),  # M2
            await Tap(evening, mal.browser, 1).opens(),  # M3
            await Tap(evening, stolen, 0).opens(),  # M4
            await Tap(evening, stolen, 1).opens(),
            await Tap(evening, mal.browser, 1).opens(at=at),  # M5
            await Tap(evening, mal.browser, 0).opens(name="Somebody else"),  # M6
        ]

    tried: list[Tap] = []
    async with meanwhile(evening, what):
        ben.says("while they try")
        tried += await every_way()
    await evening.are_whole()
    ben.says("and when all is well")
    last = await every_way()
    for page in [*tried, *last]:
        await until(page.is_shut, "who was removed is shut out")
    assert {page.code for page in last} == {REMOVED}

    # With another name by the link alone: they knock, and hear nothing of the room.
    door = Browser(mal.browser.url, mal.browser.origin)
    stranger = Tap(evening, door, 0)
    await door.gets(f"/join/{evening.room.join_token}")
    answer = await door.posts(f"/door/{evening.session.id}", name="Sal", how="come_in")
    if answer.is_redirect:
        await stranger.opens(name="Sal")
    answer = await mal.browser.posts(f"/door/{evening.session.id}", name="Zed", how="come_in")
    assert not answer.is_redirect, "the door lets nobody in who was removed"
    await evening.are_whole()

    for words in ("after it", "while they try", "and when all is well"):
        assert words in ana.journal.has_read, "it was said, and others read it"
        for page in [*open_pages, *tried, *last, stranger]:
            assert not page.was_told(words), words
        assert words not in mal.journal.has_read
    assert mal.closed == REMOVED
    for page in [*open_pages, *tried, *last, stranger]:
        await page.closes()
    for browser in (stolen, door):
        await browser.closes()
    verdict = await evening.verdict()
    assert verdict.broken == []


async def are_told(pages: list[Tap], words: str) -> bool:
    return all(page.was_told(words) for page in pages)
