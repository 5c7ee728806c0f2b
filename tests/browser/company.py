"""Browsers to lend, one to a person, and the company that gathers in them: for stories, and for their pictures."""

import os
import shutil
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from playwright.async_api import Browser, BrowserContext, Page, ProxySettings

from tests.browser.house import ELSEWHERE, Address
from tests.browser.network import BROWSERS_OWN, OURS, Network
from tests.browser.people import HANDS, Person

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
# People's browsers keep a page that they may come back to.
LAUNCH: dict[str, Any] = {"ignore_default_args": ["--disable-back-forward-cache"]}
NO_BROWSER = "no browser: apt-get install chromium, or set TEALIGHT_CHROMIUM to one"
PATIENCE = 10_000

Wishes = dict[str, Any]


def path_of_chromium() -> str | None:
    names = (os.environ.get("TEALIGHT_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


@dataclass(frozen=True, slots=True)
class Screen:
    """A browser with one page open, and the network it hangs on."""

    wishes: Wishes
    context: BrowserContext
    page: Page
    network: Network


class Browsers:
    """To lend, one to a person. They are slow to open and quick to clean, and keep our files, as browsers do."""

    def __init__(self, chromium: Browser, house: Address) -> None:
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
        await screen.page.emulate_media(
            color_scheme="null", contrast="null", forced_colors="null", reduced_motion="null"
        )
        await screen.page.set_viewport_size(screen.wishes["viewport"])
        self._idle.append(screen)


def a_network(house: Address, browsers_own: tuple[str, ...] = BROWSERS_OWN) -> Network:
    return Network({OURS: house.port, ELSEWHERE: None}, browsers_own)


def behind(network: Network) -> ProxySettings:
    return {"server": network.address, "bypass": "<-loopback>"}


class Company:
    """The people of one story. At its end, nobody may have met anything odd."""

    def __init__(self, browsers: Browsers, house: Address) -> None:
        self._browsers = browsers
        self._house = house
        self._people: list[tuple[Person, Screen]] = []

    async def __call__(self, name: str, **wishes: Any) -> Person:
        """Bring somebody in, with such a screen and such wishes."""
        screen = await self._browsers.lend({**DESK, **wishes})
        person = Person(name, screen.context, screen.page, screen.network, self._house)
        self._people.append((person, screen))
        return person

    async def goes_home(self) -> list[str]:
        """What was odd."""
        people, self._people = self._people, []
        complaints = [complaint for person, _ in people for complaint in await person.goes_home()]
        for _, screen in people:
            await self._browsers.take_back(screen)
        return complaints
