"""The catalogues say everything the product can say, and nothing that could act."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import get_args

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from rooms.records.words import Purpose
from server.extraction import TEMPLATE, extract, inventory
from server.words import LOCALE, PURPOSES, REFUSALS, ROOT, catalogues, choose, environment, when

LANGUAGES = sorted(path.parts[-3] for path in LOCALE.glob("*/LC_MESSAGES/tealight.po"))
TUESDAY = datetime(2026, 11, 24, 19, 30, tzinfo=UTC)


@cache
def catalog_of(lang: str) -> Catalog:
    with (LOCALE / lang / "LC_MESSAGES" / "tealight.po").open("rb") as source:
        return read_po(source, locale=lang)


def forms(said: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [said] if isinstance(said, str) else list(said or ())


def test_the_catalogues_know_what_the_pages_and_the_server_say_today():
    found = inventory(extract())
    with TEMPLATE.open("rb") as source:
        assert inventory(read_po(source)) == found, "run: python -m server.words extract"
    for lang in LANGUAGES:
        assert inventory(catalog_of(lang)) == found, "run: python -m server.words extract"


def test_english_says_everything():
    assert [message.id for message in catalog_of("en") if not all(forms(message.string))] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_translation_can_put_no_markup_into_a_page(lang):
    # What is translated counts as safe HTML in a page: a "<" would be a translator's element, "&#60;" as well.
    said = [form for message in catalog_of(lang) for form in forms(message.string) if message.id]
    assert [form for form in said if re.search(r"[<>]|&#", form)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_translation_asks_for_no_value_that_the_page_does_not_give(lang):
    asks = re.compile(r"%\(\w+\)s|\{\w+\}")
    for message in catalog_of(lang):
        given = {name for form in forms(message.id) for name in asks.findall(form)}
        for form in forms(message.string):
            assert set(asks.findall(form)) <= given, form
            if message.id and "%(" in "".join(forms(message.id)):
                assert "%" not in re.sub(r"%\(\w+\)s|%%", "", form), form


def test_every_no_of_a_room_has_words():
    source = "\n".join(
        path.read_text() for folder in ("rooms", "server") for path in (ROOT / folder).rglob("*.py")
    )
    used = set(re.findall(r'Refusal\(\s*"([a-z_]+)"', source))
    assert len(used) > 15, "the search above no longer finds refusals"
    assert used - set(REFUSALS) == set()
    words = choose("en")
    assert all(words.refusal(code).endswith(".") for code in REFUSALS)


def test_every_purpose_of_a_room_has_words():
    assert set(PURPOSES) == set(get_args(Purpose))
    label = choose("en").purpose("drop_in").label
    assert ("drop_in", label) in [(key, said) for key, said, _ in choose("en").purposes()]


def test_words_neither_shout_nor_blame():
    said = [form for message in catalog_of("en") if message.id for form in forms(message.string)]
    assert [
        form
        for form in said
        if "!" in form or re.search(r"\b(invalid|illegal|forbidden|failed)\b", form, re.IGNORECASE)
    ] == []


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/London", "Tuesday 24 November, 7:30 pm UK time"),
        ("Europe/Paris", "Tuesday 24 November, 8:30 pm Central European Time"),
        ("UTC", "Tuesday 24 November, 7:30 pm UTC"),
    ],
)
def test_a_time_is_said_as_people_there_say_it(zone, said):
    assert when(TUESDAY, zone) == said


def test_a_full_hour_needs_no_minutes():
    assert when(TUESDAY.replace(minute=0), "Europe/London") == "Tuesday 24 November, 7 pm UK time"


def test_how_far_away_a_time_is():
    words = choose("en")
    assert words.until(TUESDAY, TUESDAY - timedelta(days=2)) == "in 2 days"
    assert words.until(TUESDAY, TUESDAY - timedelta(minutes=20)) == "in 20 minutes"


@pytest.mark.parametrize(
    "header",
    ["", "en", "en-GB,en;q=0.8", "xx", "*", "xx;q=oops, en;q=0.1", "en;q=0", "../../etc", ",;=" * 5000],
)
def test_whatever_a_browser_says_it_likes_somebody_speaks(header):
    assert choose(header) is catalogues()["en"]


def test_a_page_speaks_the_language_of_its_context_not_of_the_last_reader():
    env = environment(ROOT / "templates")
    page = env.from_string(
        "{{ _('Help now') }} {% trans n=2 %}{{ n }} room{% pluralize n %}{{ n }} rooms{% endtrans %}"
    )

    def welsh(message: str, **_: object) -> str:
        return f"cy:{message}"

    def many(_: str, form: str, number: int, **values: object) -> str:
        return f"cy:{form}" % {"num": number, **values}

    assert page.render(gettext=welsh, ngettext=many) == "cy:Help now cy:2 rooms"
    assert page.render(**choose("en").page()) == "Help now 2 rooms"


def test_what_is_put_into_a_message_is_text():
    env = environment(ROOT / "templates")
    page = env.from_string("{% trans name=name %}Signed in as {{ name }}{% endtrans %}")
    assert page.render(**choose("en").page(), name="<b>%s %(x)s") == "Signed in as &lt;b&gt;%s %(x)s"


def test_every_language_says_its_own_words_for_codes():
    template = environment(ROOT / "templates").get_template("live/_words.html")

    def welsh(message: str) -> str:
        return f"cy:{message}"

    ours = choose("en").page()
    for _ in range(2):
        here = template.make_module(ours).cards["ended"]["time"]  # type: ignore[attr-defined]  # set in the template
        there = template.make_module({**ours, "lang": "xx", "_": welsh}).cards["ended"]["time"]  # type: ignore[attr-defined]  # as above
        assert (here, there) == ("The time was up.", "cy:The time was up.")


def test_what_no_catalogue_knows_is_said_as_it_is_and_not_remembered():
    words = choose("en")
    speaks = words.voices["gettext"]
    typed = "what Ana typed"
    assert speaks(typed) == typed
    assert typed not in repr([cell.cell_contents for cell in speaks.__closure__ or ()])
    assert speaks("Help now") is speaks("Help now"), "what the catalogue knows is put together once"
