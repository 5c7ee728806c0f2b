"""Another page of somebody's, held by hand: what a page of ours would never send goes through it."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Sequence

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Origin, Subprotocol

from tests.faults.node import PATIENCE
from tests.faults.person import Frame
from tests.server.browser import Browser


@contextlib.asynccontextmanager
async def a_page(
    browser: Browser, path: str, *, query: str = "", hello: dict[str, object] | None = None
) -> AsyncIterator[ClientConnection]:
    """Greeted."""
    async with connect(
        browser.url.replace("http", "ws", 1) + f"{path}{query}",
        origin=Origin(browser.origin),
        subprotocols=[Subprotocol("tealight.1")],
        additional_headers={"cookie": browser.cookie_header},
        compression=None,
        proxy=None,
        close_timeout=1,
    ) as page:
        await tells(page, json.dumps(hello or {"type": "hello", "at": None, "name": "Ben"}))
        await hears(page, lambda frame: frame["type"] in {"welcome", "refused"})
        yield page


async def from_a_page(
    browser: Browser, path: str, frames: Sequence[str | bytes], hello: dict[str, object] | None = None
) -> None:
    """Sent, and answered or closed for."""
    with contextlib.suppress(InvalidHandshake):
        async with a_page(browser, path, hello=hello) as page:
            for frame in frames:
                await tells(page, frame)
            await tells(page, json.dumps({"type": "lower_hand", "ref": "last"}))
            await hears_the_end(page)


async def tells(page: ClientConnection, frame: str | bytes, **how: bool) -> None:
    with contextlib.suppress(ConnectionClosed):
        await page.send(frame, **how)


async def hears_the_end(page: ClientConnection) -> None:
    """Until the last question is answered, or the connection is closed."""
    await hears(page, lambda frame: frame.get("ref") == "last")


async def hears(page: ClientConnection, what: Callable[[Frame], bool]) -> None:
    with contextlib.suppress(ConnectionClosed):
        async with asyncio.timeout(PATIENCE):
            while not what(json.loads(await page.recv())):
                pass
