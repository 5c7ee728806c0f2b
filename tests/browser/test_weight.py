"""What a phone has to fetch before anything can be read: small enough for a bad line."""

import pytest
from playwright.async_api import Response, expect

from rooms.records import labels
from tests.browser.company import PHONE
from tests.browser.people import Person

MOST = 60 * 1024


@pytest.fixture
async def label(house, request):
    """What facilitators are called in the whole house, until the test is over."""

    async def choose(label):
        async with house.database.writing() as conn:
            await labels.keep(conn, label)
        await house.home.board.read(house.database)

    await choose(request.param)
    yield request.param
    await choose(labels.DEFAULT)


@pytest.mark.parametrize(
    ("language", "label"),
    [("en", "facilitator"), ("en", "peer_supporter"), ("cy", "facilitator")],
    indirect=["label"],
)
@pytest.mark.parametrize("role", ["member", "facilitator", "facilitator in the green room"])
async def test_the_first_load_of_the_live_page_is_light(
    browsers, house, evening, ana, ben, role, language, label, figure
):
    if role == "facilitator in the green room":
        evening = await house.an_evening(starts_in=25)
        await ana.is_signed_in()
    elif role == "member":
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
    # In whatever language: the view that is shown, and what is written into where there is anything to write.
    view = {"member": "lobby", "facilitator": "room", "facilitator in the green room": "green"}[role]
    await expect(anew.page.locator(f"#live[data-view={view}]")).to_be_visible()
    if view == "room":
        await expect(anew.page.locator("#words-to-say")).to_be_visible()
    assert await anew.page.evaluate("document.documentElement.lang") == language
    assert ("peer supporter" in await anew.page.content()) == (label == "peer_supporter")

    # As the server packed them. What a browser counts itself is less than nothing for a file that it preloaded.
    sizes = {each.url: int(await each.header_value("content-length") or MOST) for each in answers}
    assert await anew.goes_home() == []
    await browsers.take_back(screen)
    figure(
        f"the first load of a {role} in {language}, called {label}: {sum(sizes.values()) / 1024:.1f} KB in {len(sizes)} files"
    )
    assert len(sizes) > 20
    assert sum(sizes.values()) <= MOST, sizes
