"""The charter: anybody reads it from the foot of every page; organisers write it, and lose nothing that they typed."""

from collections.abc import Awaitable, Callable

import pytest

from tests.server.browser import Browser, Page
from tests.server.house import House
from tests.server.test_dates import text
from tests.server.test_forms import MARKUP, is_marked_wrong

OpensHouses = Callable[..., Awaitable[House]]
EDITOR = "/desk/charter"
FIRST = "We are here because we have been there.\nNobody is a case."
SECOND = "We are here because we have been there.\nThe group holds the pen."


@pytest.fixture
async def olu(own_house: House) -> Browser:
    return await own_house.signed_in("Olu", organiser=True)


async def publishes(browser: Browser, lines: str, **fields: str):
    version = Page(await browser.gets(EDITOR)).filled("version")
    return await browser.posts(EDITOR, **{"do": "publish", "version": version, "lines": lines, **fields})


async def test_until_there_is_one_nobody_hears_of_it(own_house: House, olu: Browser):
    ben = own_house.browser()
    assert (await ben.gets("/charter")).status_code == 404
    assert "/charter" not in (await ben.gets("/")).text
    assert EDITOR in (await olu.gets("/desk")).text


async def test_it_is_read_by_anybody_with_the_day_and_what_changed(own_house: House, olu: Browser):
    assert (await publishes(olu, FIRST)).headers["location"] == "/charter"
    ben = own_house.browser()
    for path in ("/", "/help", "/nothing"):
        assert 'href="/charter"' in (await ben.gets(path)).text
    shown = text(Page(await ben.gets("/charter")))
    assert "Nobody is a case." in shown
    assert "It says so since 26 November 2026." in shown
    assert "What changed" not in shown
    own_house.clock.at += 3 * 24 * 3600
    olu = await own_house.signed_in("Olu", organiser=True)
    await publishes(olu, SECOND)
    shown = text(Page(await ben.gets("/charter")))
    assert "What changed in it last Nobody is a case. The group holds the pen." in shown
    assert "It says so since 29 November 2026. It was another from 26 November 2026." in shown
    assert "Olu" not in shown


async def test_one_that_is_taken_back_is_gone(own_house: House, olu: Browser):
    await publishes(olu, FIRST)
    assert (await publishes(olu, "  \n ")).headers["location"] == EDITOR
    ben = own_house.browser()
    assert (await ben.gets("/charter")).status_code == 404
    assert "/charter" not in (await ben.gets("/")).text
    await publishes(olu, SECOND)
    shown = text(Page(await ben.gets("/charter")))
    assert "What changed" not in shown, "all of it is new"
    assert "Nobody is a case." not in shown


async def test_it_is_shown_as_people_will_read_it_before_they_do(own_house: House, olu: Browser):
    await publishes(olu, FIRST)
    looked = await publishes(olu, SECOND, do="look")
    page = Page(looked)
    assert looked.status_code == 200
    assert "The group holds the pen." in text(page)
    assert "What changed in it last" in text(page)
    assert page.filled("lines").splitlines() == SECOND.splitlines()
    assert "Nobody is a case." in text(Page(await own_house.browser().gets("/charter")))
    nothing = await publishes(olu, "", do="look")
    assert "As people will read it" not in nothing.text


async def test_of_two_who_write_at_once_the_second_is_told_and_keeps_their_words(
    own_house: House, olu: Browser
):
    kit = await own_house.signed_in("Kit", organiser=True)
    await publishes(kit, FIRST)
    told = await publishes(olu, SECOND, version="0")
    page = Page(told)
    assert told.status_code == 409
    assert "Nobody is a case." in text(page), "what it says now"
    assert page.filled("lines").splitlines() == SECOND.splitlines()
    again = await olu.posts(EDITOR, do="publish", version=page.filled("version"), lines=page.filled("lines"))
    assert again.headers["location"] == "/charter"


async def test_publishing_the_same_again_makes_no_version(own_house: House, olu: Browser):
    for _ in range(2):
        await publishes(olu, FIRST)
    assert Page(await olu.gets(EDITOR)).filled("version") == "1"


@pytest.mark.parametrize("lines", ["x" * 301, "\n".join("a" * 31)])
async def test_what_is_too_long_comes_back_with_the_fault_beside_it(olu: Browser, lines: str):
    answer = await publishes(olu, lines)
    page = Page(answer)
    assert answer.status_code == 422
    assert is_marked_wrong(page, "lines")
    assert page.filled("lines").splitlines() == lines.splitlines()


async def test_what_is_typed_is_shown_as_typed(own_house: House, olu: Browser):
    await publishes(olu, MARKUP)
    answer = await own_house.browser().gets("/charter")
    assert MARKUP not in answer.text
    assert MARKUP in text(Page(answer))
