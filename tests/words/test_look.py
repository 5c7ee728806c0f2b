"""The pages in a real browser: readable by everybody at 320 pixels and at 1280, by day and in the evening."""

import gzip
import os
import shutil
from functools import cache

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Route, async_playwright, expect

from server.static import _lean
from server.words import ROOT, choose, environment
from tests.words.samples import ELSEWHERE, context, samples

pytestmark = pytest.mark.browser

WORDS = choose("en")
STATIC = ROOT / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# As server/guard.py sends it: what these pages do, they do under it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
# A browser takes this name, and no other made-up one, for a safe place: copying needs one.
HERE = "http://localhost"
WHOLE = {"rules": {"target-size": {"enabled": True}}}


@cache
def pages() -> dict[str, str]:
    env = environment(ROOT / "templates")
    every = enumerate(samples(WORDS))
    return {f"/{n}": env.get_template(each.template).render(context(each, WORDS)) for n, each in every}


def path_of(template: str, state: str) -> str:
    return next(
        f"/{n}" for n, each in enumerate(samples(WORDS)) if (each.template, each.state) == (template, state)
    )


NOT_YET = path_of("door/not_yet.html", "in two days")
DOOR = path_of("door/door.html", "first sight")
DESK_ROOM = path_of("desk/room.html", "just invited somebody")


async def answer(route: Route) -> None:
    """Our pages and our files; every other address is somewhere else, and empty."""
    path = route.request.url.removeprefix(HERE)
    headers = {"content-security-policy": POLICY, "content-type": "text/html; charset=utf-8"}
    if path in pages():
        await route.fulfill(body=pages()[path], headers=headers)
    elif path.startswith("/static/"):
        file = STATIC / path.removeprefix("/static/")
        await route.fulfill(body=file.read_bytes(), headers={**headers, "content-type": TYPES[file.suffix]})
    else:
        await route.fulfill(body="<title>elsewhere</title>", headers=headers)


@pytest.fixture(scope="session")
async def chromium():
    names = (os.environ.get("TEALIGHT_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no browser: apt-get install chromium, or set TEALIGHT_CHROMIUM to one")
        pytest.skip("no browser: apt-get install chromium, or set TEALIGHT_CHROMIUM to one")
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=path)
        yield browser
        await browser.close()


@pytest.fixture
async def visit(chromium):
    """Open a page as somebody with such a screen and such wishes would."""
    people = []

    async def opened(path: str, **wishes):
        person = await chromium.new_context(**{"viewport": {"width": 320, "height": 640}, **wishes})
        people.append(person)
        await person.route("**/*", answer)
        page = await person.new_page()
        await page.goto(HERE + path)
        return page

    yield opened
    for person in people:
        await person.close()


@pytest.mark.timeout(240)  # every page there is, one after the other
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
async def test_every_page_can_be_read_by_everybody(visit, width, scheme):
    page = await visit(NOT_YET, viewport={"width": width, "height": 800}, color_scheme=scheme)
    complaints: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    one_state_each = {each.template: f"/{n}" for n, each in enumerate(samples(WORDS))}
    for template, path in one_state_each.items():
        await page.goto(HERE + path)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, f"{template} is too wide"
        found = await Axe().run(page, options=WHOLE)
        assert found.violations_count == 0, f"{template}: {found.generate_report()}"
    assert complaints == []


@pytest.mark.parametrize(
    "wishes", [{"forced_colors": "active"}, {"contrast": "more"}, {"reduced_motion": "reduce"}]
)
async def test_the_door_respects_what_a_reader_asked_of_the_system(visit, wishes):
    page = await visit(DOOR, **wishes)
    found = await Axe().run(page, options=WHOLE)
    assert found.violations_count == 0, found.generate_report()


async def test_a_right_to_left_page_fits_as_well(visit):
    page = await visit(DOOR)
    await page.evaluate("document.documentElement.dir = 'rtl'")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320


async def test_what_matters_is_large_enough_for_a_thumb(visit):
    page = await visit(DOOR)
    small = await page.evaluate(
        """() => [...document.querySelectorAll("summary, button, .leave, input[type=text]")]
            .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44)
            .map((each) => each.textContent)"""
    )
    assert small == []


async def test_one_press_leaves_and_back_finds_nothing_of_it(visit):
    page = await visit(DOOR)
    await page.click("text=Leave quickly")
    await page.wait_for_url(ELSEWHERE)
    assert await page.evaluate("history.length") == 2, "the page itself was replaced, not followed"


async def test_shift_three_times_leaves(visit):
    page = await visit(DOOR)
    await page.keyboard.press("Shift")
    await page.keyboard.press("Shift")
    assert await page.text_content("body > [role=status]") == "Press Shift once more to leave."
    await page.keyboard.press("Shift")
    await page.wait_for_url(ELSEWHERE)


async def test_capital_letters_do_not_leave(visit):
    page = await visit(DOOR)
    await page.focus("#field-name")
    for letter in "BENB":
        await page.keyboard.press(f"Shift+{letter}")
    await page.keyboard.press("Shift")
    await page.keyboard.press("Shift")
    await page.keyboard.press("a")
    await page.keyboard.press("Shift")
    assert await page.input_value("#field-name") == "BENBa"
    assert page.url == HERE + DOOR


async def test_leaving_tells_the_page_first_and_leaves_it_empty(visit):
    page = await visit(DOOR)
    # "No content" keeps a browser where it is: the moment between the two pages, held still.
    await page.context.route(ELSEWHERE, lambda route: route.fulfill(status=204))
    order = await page.evaluate(
        """() => {
            const order = [];
            addEventListener("leaving", () => order.push(getComputedStyle(document.body).display));
            document.querySelector(".leave").click();
            return [...order, document.body.childElementCount];
        }"""
    )
    assert order == ["none", 0]


async def test_without_scripts_help_opens_and_the_way_out_is_a_link(visit):
    page = await visit(DOOR, java_script_enabled=False)
    await page.click("text=Help now")
    assert await page.is_visible(".help__panel >> text=116 123")
    await page.click("text=Leave quickly")
    await page.wait_for_url(ELSEWHERE)


async def test_help_closes_on_escape_and_never_hides_what_has_the_focus(visit):
    page = await visit(DOOR)
    await page.click("text=Help now")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Escape")
    assert await page.is_hidden(".help__panel")
    assert await page.evaluate("document.activeElement.tagName") == "SUMMARY"
    await page.keyboard.press("Enter")
    await page.focus("#field-name")
    assert await page.is_hidden(".help__panel")


async def test_a_copied_link_says_so(visit):
    page = await visit(DESK_ROOM, permissions=["clipboard-read", "clipboard-write"])
    await page.click("[data-copy=join-link]")
    await expect(page.locator(".copy [role=status]").first).to_have_text("Copied.")
    assert await page.evaluate("navigator.clipboard.readText()") == await page.input_value("#join-link")


async def test_a_link_that_cannot_be_copied_is_marked_for_the_hand(visit):
    page = await visit(DESK_ROOM)
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    await page.click("[data-copy=join-link]")
    assert "by hand" in (await page.text_content(".copy [role=status]") or "")
    assert await page.evaluate("document.activeElement.id") == "join-link"


async def test_the_time_to_the_door_is_said_in_words(visit):
    page = await visit(NOT_YET)
    said = await page.evaluate(
        """async () => {
            const { inWords } = await import("/static/js/countdown.js");
            const minute = 60_000;
            return [0.2, 5, 119, 150, 47 * 60, 9.5 * 24 * 60].map((n) => inWords(n * minute, "en"));
        }"""
    )
    assert said == ["in 1 minute", "in 5 minutes", "in 119 minutes", "in 2 hours", "in 47 hours", "in 9 days"]
    assert (await page.text_content("[data-countdown]") or "").startswith("It opens in ")


def test_what_every_page_loads_first_is_small():
    first = [STATIC / "css" / name for name in ("tokens.css", "base.css", "layout.css")]
    first += [STATIC / "js" / name for name in ("leave.js", "help.js")]
    # As they go over the wire.
    assert sum(len(gzip.compress(_lean(path.suffix, path.read_bytes()))) for path in first) < 6_000
