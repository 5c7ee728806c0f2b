"""One browser and one house for every story; for each person of a story a browser context and a network of their own."""

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Playwright, async_playwright, expect

from tests.browser.company import (
    LAUNCH,
    NO_BROWSER,
    PATIENCE,
    PHONE,
    Browsers,
    Company,
    path_of_chromium,
)
from tests.browser.house import House, open_house
from tests.browser.people import Person
from tests.server.house import Evening

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            # A whole evening, every state of it read by axe in several views: minutes where the machine is slow.
            item.add_marker(pytest.mark.timeout(240))
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Says something that was measured: it stands at the end of the report, whether the test passes or not."""
    return lambda said: record_property("figure", said)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = (each for outcome in ("passed", "failed") for each in terminalreporter.getreports(outcome))
    said = [str(what) for each in reports for name, what in each.user_properties if name == "figure"]
    if said:
        terminalreporter.section("figures")
        for line in dict.fromkeys(said):
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = path_of_chromium()
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
async def cast(browsers: Browsers, house: House) -> AsyncIterator[Company]:
    company = Company(browsers, house)
    yield company
    assert await company.goes_home() == []


@pytest.fixture
async def evening(house: House) -> Evening:
    """A session that could start now."""
    return await house.an_evening()


@pytest.fixture
async def ana(cast: Company) -> Person:
    return await cast("Ana")


@pytest.fixture
async def ben(cast: Company) -> Person:
    return await cast("Ben", **PHONE)


@pytest.fixture
async def chi(cast: Company) -> Person:
    return await cast("Chi", **PHONE)


@pytest.fixture
async def olu(cast: Company) -> Person:
    return await cast("Olu")


@pytest.fixture
async def talking(evening: Evening, ana: Person, ben: Person, chi: Person) -> Evening:
    """A session that is on: ana facilitates, ben and chi are inside."""
    await ana.facilitates(evening)
    await ana.starts()
    for member in (ben, chi):
        await member.joins(evening)
        await member.is_in_the_room()
    return evening
