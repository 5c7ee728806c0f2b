"""What a phone has to fetch before anything can be read: small enough for a bad line."""

import pytest
from playwright.async_api import Response, expect

from tests.browser.company import PHONE
from tests.browser.people import Person

MOST = 60 * 1024


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("role", ["member", "facilitator"])
async def test_the_first_load_of_the_live_page_is_light(browsers, house, evening, ana, ben, role, language):
    if role == "member":
        await ben.joins(evening)
        await ben.is_in_the_lobby()
    else:
        await ana.facilitates(evening)
    known = ben if role == "member" else ana

    # The same person, in a browser that has none of our files yet.
    screen = await browsers.open({**PHONE, "locale": language})
    await screen.context.add_cookies(await known.context.cookies())
    anew = Person(known.name, screen.context, screen.page, screen.network, house)
    answers: list[Response] = []
    anew.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  it asks for a Python function
    await anew.opens(evening.live_path)
    shown = anew.page.locator("[data-view=lobby]" if role == "member" else "#words-to-say")
    await expect(shown).to_be_visible()
    assert await anew.page.evaluate("document.documentElement.lang") == language

    # As the server packed them. What a browser counts itself is less than nothing for a file that it preloaded.
    sizes = {each.url: int(await each.header_value("content-length") or MOST) for each in answers}
    assert await anew.goes_home() == []
    await browsers.take_back(screen)
    print(
        f"the first load of a {role} in {language}: {sum(sizes.values()) / 1024:.1f} KB in {len(sizes)} files"
    )
    assert len(sizes) > 20
    assert sum(sizes.values()) <= MOST, sizes
