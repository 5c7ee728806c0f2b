"""Whatever somebody types into any field of any form: never a page that breaks, and never a word of theirs that is lost.

The forms are found on the pages, with all their fields and buttons, so that a new one is filled in here by itself.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as some

from rooms.records import sessions
from rooms.records.sessions import Session
from tests.examples import examples
from tests.server.browser import Browser
from tests.server.house import START, House
from tests.server.test_rights import ROWS, Cast, cast_of

TYPED_INTO = {"text", "search", "email", "number", "date", "time", "tel", "url", "textarea"}
FIELDS = 28  # as many as the largest form has
# On every page, and nobody types there.
NOT_LOOKED_AT = {"/sign-out", "/language"}

# A code of somebody's app is good for one use: it is asked for anew, and never shown.
NEVER_SHOWN = {("/desk/account", "code"), ("/sign-in/code", "code")}

# A name or a code that is far longer than any can be: as much of it comes back as its writer can look over.
CUT_SHORT = ("/delete", "/code", "/share", "/move", "/door/")
AT_LEAST = 40

PLACES = {
    "stranger": ["/code", "/sign-in"],
    "member": ["/door/{session}"],
    "organiser": [
        "/desk",
        "/desk/new",
        "/desk/drafts/{draft}",
        "/desk/signposts",
        "/desk/charter",
        "/desk/labels",
        "/desk/account",
        "/desk/rooms/{room}",
        "/desk/rooms/{room}/edit",
        "/desk/rooms/{room}/agreement",
        "/desk/rooms/{room}/people",
        "/desk/rooms/{room}/share",
        "/desk/rooms/{room}/dates",
        "/desk/rooms/{room}/dates/{later}",
        "/desk/rooms/{room}/break",
        "/desk/rooms/{room}/delete",
    ],
}
EVERYWHERE = [(who, path) for who, paths in PLACES.items() for path in paths]

# What fails is printed whole, however long it is.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

together = examples(
    3,
    phases=[Phase.generate],
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)

typed = some.text(some.characters(exclude_categories=["Cs"]), max_size=80) | some.sampled_from(
    [
        "",
        " ",
        "\0",
        "\r\n",
        "x" * 3000,
        "ﷺ" * 400,
        "e" + "\u0301" * 200,
        "\u202e\u2066",
        "\ufffe\uffff",
        "👩‍👩‍👧‍👦" * 40,
        "'; DROP TABLE rooms; --",
        "<script>alert(1)</script>",
        "{{ 7 * 7 }} %(name)s {0} %s",
        "../../etc/passwd",
        "2026-12-02",
        "9999-12-31",
        "0000-00-00",
        "19:30",
        "25:61",
        "-1",
        "1e999",
        "٣",
        "9" * 4000,
        "ana@example.org",
        "a@b.org\r\nBcc: c@d.org",
        "Europe/London",
        "weekly",
        "on",
        "1",
    ]
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which form of a page, sent by which button, and what is typed: None leaves a field as it stands there.

    tampers: what nobody types, choices and hidden fields, is made up too.
    """

    form: int
    button: int
    tampers: bool
    values: list[str | None]


plans = some.builds(
    Plan,
    some.integers(0, 11),
    some.integers(0, 3),
    some.booleans(),
    some.lists(some.none() | typed, min_size=FIELDS, max_size=FIELDS),
)


@dataclass(slots=True)
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """Those that a page sends by itself; what scripts do with others is theirs."""

    def __init__(self, page: httpx2.Response) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._into = ""
        self._path = page.request.url.path
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, form = given.get("name", ""), self._form
        if tag == "form" and given.get("method") == "post":
            self._form = Form(given.get("action") or self._path)
            self.forms.append(self._form)
        elif form is None:
            return
        elif tag == "button":
            form.buttons.append((name, given.get("value", "")))
        elif tag == "input" and name:
            kind = given.get("type", "text")
            if kind not in {"radio", "checkbox"} or "checked" in given or name not in form.fields:
                form.fields[name] = given.get("value", "")
            form.kinds[name] = kind
        elif tag == "textarea" and name:
            form.fields[name], form.kinds[name] = "", "textarea"
            self._into = name
        elif tag == "select" and name:
            form.fields[name], form.kinds[name] = "", "select"
            self._into = name
        elif tag == "option" and self._into and ("selected" in given or not form.fields[self._into]):
            form.fields[self._into] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._form.kinds.get(self._into) == "textarea":
            self._form.fields[self._into] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in {"textarea", "select"}:
            self._into = ""
        elif tag == "form":
            self._form = None


async def cast_at(house: House) -> Cast:
    """With a second date, for the one that is about to begin cannot be changed any more."""
    cast = await cast_of(house)
    starts = (START + timedelta(days=2)).replace(tzinfo=None)
    async with house.database.writing() as conn:
        later = await sessions.plan(conn, cast.names["room"], starts, "UTC", 60)
    assert isinstance(later, Session)
    cast.names["later"] = later.id
    return cast


def filled_in(form: Form, plan: Plan) -> dict[str, str]:
    values = zip(form.fields.items(), plan.values, strict=False)
    sent = {
        name: stands if value is None or not (plan.tampers or form.kinds[name] in TYPED_INTO) else value
        for (name, stands), value in values
    }
    if form.buttons:
        name, value = form.buttons[plan.button % len(form.buttons)]
        sent |= {name: value} if name else {}
    return sent


def as_shown(text: str, kind: str) -> str:
    """What of it a field can hold: a page has no NUL, a field of one line no second, and space around is nobody's word."""
    shown = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return (shown if kind == "textarea" else shown.replace("\n", "")).strip()


async def is_answered(browser: Browser, path: str, plan: Plan) -> str:
    """Fills one form in and sends it; returns what became of it."""
    page = await browser.follows(await browser.gets(path))
    forms = [form for form in Forms(page).forms if form.action not in NOT_LOOKED_AT]
    if not forms:
        return "none"
    form = forms[plan.form % len(forms)]
    sent = filled_in(form, plan)
    answer = await browser.posts(form.action, **sent)
    about = (form.action, sent)
    may_be = {200, 303, 409, 422, 429} | ({400, 404} if plan.tampers else set())
    assert answer.status_code in may_be, (answer.status_code, about)
    if answer.status_code in {422, 429}:
        shown: dict[str, str] = {}
        for each in Forms(answer).forms:
            if each.action == form.action and each.fields.keys() & sent.keys():
                shown |= each.fields
        for name, kind in form.kinds.items():
            if kind in TYPED_INTO and name in sent and (form.action, name) not in NEVER_SHOWN:
                kept, wanted = as_shown(shown.get(name, ""), kind), as_shown(sent[name], kind)
                if any(part in form.action for part in CUT_SHORT) and len(kept) >= AT_LEAST:
                    wanted = wanted[: len(kept)]
                assert kept == wanted, (name, about)
    return str(answer.status_code)


@together
@given(plan=some.tuples(*[plans for _ in EVERYWHERE]))
async def test_whatever_is_typed_no_page_breaks_and_no_word_is_lost(
    own_house: House, plan: tuple[Plan, ...], caplog: Any
):
    cast = await cast_at(own_house)
    became: list[str] = []
    for (who, pattern), each in zip(EVERYWHERE, plan, strict=True):
        browser = cast.people[who]
        if who == "organiser" and (await browser.gets("/desk")).is_redirect:
            browser = cast.people[who] = await own_house.signed_in("Olu", organiser=True)
        became.append(await is_answered(browser, cast.path(pattern), each))
    assert became.count("none") <= len(EVERYWHERE) // 2, became
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    await own_house.sees_everybody_off()


@together
@given(bodies=some.lists(some.binary(max_size=300), min_size=8, max_size=8))
async def test_bodies_that_no_browser_sends_break_no_page(own_house: House, bodies: list[bytes], caplog: Any):
    cast = await cast_at(own_house)
    kinds = (
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/json",
        "",
    )
    posted = [row[1] for row in ROWS if row[0] == "POST" and "sign-out" not in row[1]]
    for number, pattern in enumerate(posted):
        body, kind = bodies[number % len(bodies)], kinds[number % len(kinds)]
        if kind.endswith("=x"):
            body = b'--x\r\nContent-Disposition: form-data; name="do"\r\n\r\n' + body + b"\r\n--x--\r\n"
        for who in ("stranger", "organiser"):
            answer = await cast.people[who].http.post(
                cast.path(pattern), content=body, headers={"origin": own_house.origin, "content-type": kind}
            )
            assert answer.status_code < 500, (pattern, kind, body)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    await own_house.sees_everybody_off()


@pytest.mark.parametrize("who", PLACES)
async def test_every_place_with_a_form_is_looked_at(own_house: House, who: str):
    """Or nothing above means anything."""
    cast = await cast_at(own_house)
    for pattern in PLACES[who]:
        page = await cast.people[who].follows(await cast.people[who].gets(cast.path(pattern)))
        forms = [form for form in Forms(page).forms if form.action not in NOT_LOOKED_AT]
        assert forms, pattern
        assert max(len(form.fields) for form in forms) <= FIELDS, pattern
