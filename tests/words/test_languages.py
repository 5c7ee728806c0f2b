"""More than one language: whole where members read it, the right form for every number, and the right way round."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from babel import Locale
from babel.messages.catalog import Message
from markupsafe import Markup

from rooms.live import names
from server.pages.door import FRIENDLY
from server.voices import theirs
from server.words import DEFAULT, ROOT, catalogues, choose, environment
from tests.words.samples import context, samples
from tests.words.test_words import LANGUAGES, catalog_of, forms

OTHERS = [lang for lang in LANGUAGES if lang != DEFAULT]
# What only those read who sign in; without a translation it is in English. The panel is in no page of a member:
# tests/server/test_languages.py reads one, sentence by sentence.
OF_STAFF = re.compile(
    r"templates/(?:desk/|account/|live/_panel)|server/starters|server/calls|server/pages/"
    r"(?:account|breaks|called|dates|desk|door_form|editing|making|nudges|own_account|own_passkeys|people|room_form|"
    r"schedule|share|signposts|taking)\.py"
)
ASKS = re.compile(r"%\(\w+\)s|\{\w+\}")
MOMENT = datetime(2026, 12, 1, 19, 30, tzinfo=UTC)


def is_read_by_members(message: Message) -> bool:
    return bool(message.id) and not all(OF_STAFF.match(name) for name, _ in message.locations)


@pytest.mark.parametrize("lang", OTHERS)
def test_a_member_meets_no_message_without_a_translation(lang):
    members = [message for message in catalog_of(lang) if is_read_by_members(message)]
    assert len(members) > 800, "the pattern above takes too much for the words of staff"
    assert [message.id for message in members if not all(forms(message.string))] == []


@pytest.mark.parametrize("lang", OTHERS)
def test_no_value_is_lost_in_translation(lang):
    for message in catalog_of(lang):
        if not message.id:
            continue
        *_, many = forms(message.id)
        *_, other = forms(message.string) or [""]
        # A form for one or two may say the number in a word; the one for any number must show it.
        if other:
            assert set(ASKS.findall(other)) == set(ASKS.findall(many)), message.id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_catalogue_counts_as_browsers_do(lang):
    """Scripts choose among the forms of a page by the browser's own rules, which are those of CLDR."""
    catalogue = catalogues()[lang].catalogue
    kinds = {n: Locale.parse(lang).plural_form(n) for n in range(200)}
    wanted = {message.id: message.string for message in catalog_of(lang) if isinstance(message.id, tuple)}
    assert wanted
    for (one, many), said in wanted.items():
        by_kind: dict[str, set[str]] = {}
        for n, kind in kinds.items():
            by_kind.setdefault(kind, set()).add(catalogue.ngettext(one, many, n))
        assert all(len(each) == 1 for each in by_kind.values()), one
        assert set().union(*by_kind.values()) == set(forms(said)), one


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_names_to_pick_from_are_names_that_the_room_lets_in(lang):
    words = catalogues()[lang].gettext(FRIENDLY).split()
    assert len(set(words)) == len(words) >= 6
    assert [word for word in words if names.refuse(f"{word} {max(words, key=len)}", ())] == []
    assert lang != DEFAULT or tuple(words) == names.FRIENDLY


def test_welsh_counts_in_six_ways_and_a_page_carries_every_one_of_them():
    assert catalog_of("cy").num_plurals == 6
    page = environment(ROOT / "templates").from_string(
        '{% from "live/_pieces.html" import counted with context %}'
        '{% call(n, number) counted("left") %}{% trans n=n, number=number %}%(number)s worry{% pluralize n %}'
        "%(number)s worries{% endtrans %}{% endcall %}"
    )
    kinds = {kind: n for n in range(101) for kind in [Locale.parse("cy").plural_form(n)]}

    def kind_of(_: str, __: str, num: int, **___: object) -> str:
        return Locale.parse("cy").plural_form(num)

    drawn = page.render({**choose("cy").page(), "ngettext": kind_of})
    said = {kind: samples for samples, kind in re.findall(r'data-n="([\d ]+)" hidden>(\w+)<', drawn)}
    assert said.keys() == kinds.keys() == {"zero", "one", "two", "few", "many", "other"}


@pytest.mark.parametrize(
    ("num", "said"), [(1, "1 munud"), (2, "2 funud"), (3, "3 munud"), (6, "6 munud"), (60, "60 munud")]
)
def test_minutes_in_welsh(num, said):
    assert choose("cy").ngettext("%(num)s minute", "%(num)s minutes", num) % {"num": num} == said


def test_a_time_in_welsh():
    welsh = choose("cy-GB, en;q=0.5")
    assert welsh.lang == "cy"
    assert welsh.when(MOMENT, "Europe/London") == "Dydd Mawrth 1 Rhagfyr am 19:30 amser y DU"
    assert welsh.wall(MOMENT) == "Dydd Mawrth 1 Rhagfyr 2026 am 19:30"
    assert welsh.day(MOMENT) == "1 Rhagfyr 2026"
    assert welsh.until(MOMENT, MOMENT - timedelta(minutes=20)) == "ymhen 20 munud"


def test_a_language_is_called_as_those_who_speak_it_call_it():
    assert {lang: words.name for lang, words in catalogues().items()} == {"cy": "Cymraeg", "en": "English"}


def test_what_organisers_write_is_text_that_runs_its_own_way():
    assert theirs("<b>مرحبا") == Markup('<bdi lang="">&lt;b&gt;مرحبا</bdi>')


def test_the_language_from_right_to_left_is_there_for_who_asks_and_offered_to_nobody():
    mirrored = choose("ar-XB")
    assert (mirrored.lang, mirrored.dir) == ("ar-XB", "rtl")
    assert mirrored not in catalogues().values()
    assert mirrored.gettext("Help now") == "\u200f\u202eHelp\u202c\u200f \u200f\u202enow\u202c\u200f"
    assert mirrored.gettext("It opens {when}, %(who)s").endswith(" {when}, %(who)s")
    assert "%(num)s" in mirrored.ngettext("%(num)s minute", "%(num)s minutes", 2)
    assert mirrored.when(MOMENT, "Europe/London")


def test_every_page_of_ours_can_be_read_from_right_to_left():
    mirrored, env = choose("ar-XB"), environment(ROOT / "templates")
    for sample in samples(mirrored):
        page = env.get_template(sample.template).render(context(sample, mirrored))
        assert '<html lang="ar-XB" dir="rtl">' in page
