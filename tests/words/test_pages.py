"""Every page, in every state: whole under strict undefined names, nothing inline, nothing from elsewhere."""

from functools import cache
from html.parser import HTMLParser

import pytest

from server.words import ROOT, choose, environment
from tests.words.samples import ELSEWHERE, Sample, context, samples

WORDS = choose("en")
ENV = environment(ROOT / "templates")
EVERY = list(samples(WORDS))
LOADS = {"src", "srcset", "poster", "data", "background", "ping", "manifest"}


class Page(HTMLParser):
    """The elements of a page in their order, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data):
        if data.strip():
            self.texts.append(f"{self.elements[-1][0]}:{data.strip()}")

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


def rendered(sample: Sample, **more: object) -> str:
    return ENV.get_template(sample.template).render({**context(sample, WORDS), **more})


def named(sample: Sample) -> str:
    return f"{sample.template}: {sample.state}"


@cache
def page_of(number: int) -> Page:
    """Rendered and read once for all that is asked of it: nothing here changes it."""
    return Page(rendered(EVERY[number]))


@pytest.fixture(params=range(len(EVERY)), ids=[named(sample) for sample in EVERY])
def page(request) -> Page:
    return page_of(request.param)


def test_every_page_has_a_sample():
    pages = {
        path.relative_to(ROOT / "templates").as_posix()
        for path in (ROOT / "templates").rglob("[!_]*.html")
        if "live" not in path.relative_to(ROOT).parts
    }
    assert pages - {"layout.html"} == {sample.template for sample in EVERY}


def test_nothing_stands_inline(page):
    assert page.all("style", "iframe", "object", "embed", "base") == []
    for tag, attributes in page.elements:
        assert "style" not in attributes, tag
        assert [name for name in attributes if name.startswith("on")] == [], tag
        assert not attributes.get("href", "").lower().startswith(("javascript:", "data:")), tag
    assert [text for text in page.texts if text.startswith("script:")] == []
    assert all("src" in script for script in page.all("script"))


def test_nothing_is_fetched_from_elsewhere(page):
    fetched = [(name, value) for _, each in page.elements for name, value in each.items() if name in LOADS]
    fetched += [("href", link["href"]) for link in page.all("link")]
    assert [value for _, value in fetched if not value.startswith(("/static/", "/desk/"))] == []


def test_the_first_thing_a_keyboard_reaches_is_the_way_out(page):
    first = next(
        attributes for tag, attributes in page.elements if tag in {"a", "button", "input", "summary"}
    )
    assert first["href"] == ELSEWHERE
    assert "data-leave" in first
    for way in page.all("a"):
        if way["href"].startswith("http"):
            assert {"noreferrer", "nofollow"} <= set(way["rel"].split())


def test_every_page_is_one_thing_with_one_heading(page):
    assert len(page.all("main")) == 1
    assert len(page.all("h1")) == 1
    ids = [each["id"] for _, each in page.elements if "id" in each]
    assert len(ids) == len(set(ids))


def test_every_reference_inside_a_page_leads_somewhere(page):
    ids = {each["id"] for _, each in page.elements if "id" in each}
    for _, each in page.elements:
        wanted = [
            each[name] for name in ("for", "aria-describedby", "aria-labelledby", "data-copy") if name in each
        ]
        wanted += [each["href"].removeprefix("#")] if each.get("href", "").startswith("#") else []
        assert {name for value in wanted for name in value.split()} <= ids


def test_help_is_in_every_page_itself(page):
    assert "a:Help now" in page.texts or "summary:Help now" in page.texts
    assert (
        "p:"
        + WORDS.gettext(
            "If you or someone with you is in danger now, call your emergency number: 999 in the UK, 112 in Europe."
        )
        in page.texts
    )


def test_a_title_in_a_history_tells_nobody_what_the_room_is(page):
    title = next(text for text in page.texts if text.startswith("title:"))
    assert "Evening light" not in title
    assert "Sunday" not in title


def test_a_form_keeps_what_is_typed_out_of_the_browsers_memory(page):
    remembered = {"username", "nickname", "current-password", "new-password"}
    for field in page.all("input", "textarea"):
        if (
            field.get("type") not in {"radio", "checkbox", "hidden", "date", "time"}
            and field.get("id") != "field-agreement"
        ):
            assert field.get("autocomplete") in remembered | {"off"}, field


@pytest.mark.parametrize("sample", EVERY, ids=named)
def test_what_people_typed_is_shown_as_they_typed_it(sample):
    hostile = '"><script>alert(1)</script><a onclick=x>'
    given = context(sample, WORDS)
    planted = {
        name: _with_name(given[name], hostile)
        for name in ("room", "form", "staff")
        if hasattr(given.get(name), "name")
    }
    page = Page(rendered(sample, **planted))
    assert all("src" in script for script in page.all("script"))
    assert not any("onclick" in each for _, each in page.elements)


def _with_name(thing: object, name: str) -> object:
    return type(thing)(**{**vars(thing), "name": name})
