"""One browser and one house for every story; for each person of a story a browser context and a network of their own."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    ProxySettings,
    async_playwright,
    expect,
)

pytest.register_assert_rewrite(
    "tests.browser.people", "tests.server.house", "tests.server.browser", "tests.server.visitor"
)

from tests.browser.house import ELSEWHERE, House, open_house  # noqa: E402  their asserts are rewritten first
from tests.browser.network import Network  # noqa: E402
from tests.browser.people import HANDS, Person  # noqa: E402
from tests.server.house import Evening  # noqa: E402

PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
# People's browsers keep a page that they may come back to.
LAUNCH: dict[str, Any] = {"ignore_default_args": ["--disable-back-forward-cache"]}
NO_BROWSER = "no browser: apt-get install chromium, or set TEALIGHT_CHROMIUM to one"

PATIENCE = 10_000
expect.set_options(timeout=PATIENCE)

Wishes = dict[str, Any]
Cast = Callable[..., Awaitable[Person]]


@dataclass(frozen=True, slots=True)
class Screen:
    """A browser with one page open, and the network it hangs on."""

    wishes: Wishes
    context: BrowserContext
    page: Page
    network: Network


class Browsers:
    """To lend, one to a person. They are slow to open and quick to clean, and keep our files, as browsers do."""

    def __init__(self, chromium: Browser, house: House) -> None:
        self._chromium = chromium
        self._house = house
        self._idle: list[Screen] = []
        self._closing = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._closing.aclose()

    async def lend(self, wishes: Wishes) -> Screen:
        for screen in self._idle:
            if screen.wishes == wishes:
                self._idle.remove(screen)
                return screen
        return await self.open(wishes)

    async def open(self, wishes: Wishes) -> Screen:
        """One that nobody has used before."""
        network = await self._closing.enter_async_context(a_network(self._house))
        context = await self._chromium.new_context(proxy=behind(network), **wishes)
        self._closing.push_async_callback(context.close)
        context.set_default_timeout(PATIENCE)
        await context.add_init_script(HANDS)
        return Screen(wishes, context, await context.new_page(), network)

    async def take_back(self, screen: Screen) -> None:
        if screen.page.is_closed():
            return
        for tab in screen.context.pages:
            if tab is not screen.page:
                await tab.close()
        screen.network.starts_anew()
        await screen.context.set_offline(False)
        await screen.context.clear_cookies()
        await screen.context.clear_permissions()
        await screen.page.emulate_media(color_scheme="null")
        await screen.page.set_viewport_size(screen.wishes["viewport"])
        self._idle.append(screen)


def a_network(house: House) -> Network:
    return Network({"127.0.0.1": house.port, ELSEWHERE: None})


def behind(network: Network) -> ProxySettings:
    return {"server": network.address, "bypass": "<-loopback>"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            # A whole evening, every state of it read by axe in several views: minutes where the machine is slow.
            item.add_marker(pytest.mark.timeout(240))
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium_path() -> str:
    names = (os.environ.get("TEALIGHT_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    return path


@pytest.fixture(scope="session")
async def player() -> AsyncIterator[Playwright]:
    async with async_playwright() as player:
        yield player


@pytest.fixture(scope="session")
async def chromium(player: Playwright, chromium_path: str) -> AsyncIterator[Browser]:
    browser = await player.chromium.launch(executable_path=chromium_path, **LAUNCH)
    yield browser
    await browser.close()


@pytest.fixture(scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="session")
async def browsers(chromium: Browser, house: House) -> AsyncIterator[Browsers]:
    async with Browsers(chromium, house) as browsers:
        yield browsers


@pytest.fixture
async def cast(browsers: Browsers, house: House) -> AsyncIterator[Cast]:
    """Bring somebody in, with such a screen and such wishes; at the end, nobody may have met anything odd."""
    people: list[Person] = []
    screens: list[Screen] = []

    async def brought(name: str, **wishes: Any) -> Person:
        screen = await browsers.lend({**DESK, **wishes})
        screens.append(screen)
        people.append(Person(name, screen.context, screen.page, screen.network, house))
        return people[-1]

    yield brought
    complaints = [complaint for person in people for complaint in await person.goes_home()]
    for screen in screens:
        await browsers.take_back(screen)
    assert complaints == []


@pytest.fixture
async def evening(house: House) -> Evening:
    """A session that could start now."""
    return await house.an_evening()


@pytest.fixture
async def ana(cast: Cast) -> Person:
    return await cast("Ana")


@pytest.fixture
async def ben(cast: Cast) -> Person:
    return await cast("Ben", **PHONE)


@pytest.fixture
async def chi(cast: Cast) -> Person:
    return await cast("Chi", **PHONE)


@pytest.fixture
async def olu(cast: Cast) -> Person:
    return await cast("Olu")
