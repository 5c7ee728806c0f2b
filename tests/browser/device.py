"""A device of one's own: a browser as people start it, which can be put to sleep, and whose tabs can really be hidden.

Every browser that a test library starts is told that its pages are always looked at, and never to slow one down. Here it
is started by hand, and only steered: a tab behind another is hidden, its timers are slowed, nothing of it is drawn.
"""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import BrowserContext, Page, Playwright, ViewportSize

from tests.browser.company import PATIENCE, a_network, behind
from tests.browser.house import Address
from tests.browser.people import HANDS, Person

SIZE: ViewportSize = {"width": 500, "height": 800}
# Started by hand, it asks them for more than a test library's does; what a page asks for is looked at where it asks.
MAKERS = (".google.com", ".googleapis.com")
STARTS = 30  # seconds
LISTENS = "DevTools listening on "
# Nothing that asks the makers of the browser for anything, and nothing that a machine without a screen cannot do.
ALONE = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    f"--window-size={SIZE['width']},{SIZE['height']}",
    "--remote-debugging-port=0",
)


@dataclass(frozen=True, slots=True)
class Device:
    """Somebody's, with one tab open at our pages."""

    person: Person
    context: BrowserContext
    group: int

    def sleeps(self) -> None:
        """Every process of the browser stops where it is. The machine still takes what comes over the network."""
        os.killpg(self.group, signal.SIGSTOP)

    def wakes(self) -> None:
        os.killpg(self.group, signal.SIGCONT)

    async def looks_elsewhere(self) -> Page:
        """At another tab of the same window."""
        other = await self.context.new_page()
        await other.bring_to_front()
        return other

    async def is_hidden(self) -> bool:
        return bool(await self.person.page.evaluate("document.visibilityState === 'hidden'"))


@asynccontextmanager
async def a_device(player: Playwright, chromium: str, house: Address, name: str) -> AsyncIterator[Device]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        async with a_network(house, MAKERS) as network:
            where = behind(network)
            process = await asyncio.create_subprocess_exec(
                chromium,
                *ALONE,
                f"--user-data-dir={Path(folder)}",
                f"--proxy-server={where['server']}",
                f"--proxy-bypass-list={where.get('bypass')}",
                "about:blank",
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
            try:
                async with asyncio.timeout(STARTS):
                    address = await _address(process)
                # What it says from here on is nothing to us, and must not fill its pipe.
                listening = asyncio.create_task(_hear_out(process))
                browser = await player.chromium.connect_over_cdp(address, no_defaults=True)
                context = browser.contexts[0]
                context.set_default_timeout(PATIENCE)
                await context.add_init_script(HANDS)
                # It listens before its first tab is there.
                page = context.pages[0] if context.pages else await context.wait_for_event("page")
                yield Device(Person(name, context, page, network, house), context, process.pid)
                await browser.close()
            finally:
                # Also one that was left asleep.
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
            await listening


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    while line := (await process.stderr.readline()).decode():
        if line.startswith(LISTENS):
            return line.removeprefix(LISTENS).strip()
    raise AssertionError("the browser did not start")


async def _hear_out(process: asyncio.subprocess.Process) -> None:
    assert process.stderr is not None
    while await process.stderr.readline():
        pass
