"""Whatever facilitators are called, every message says it, and says it in good English; a name that says it is refused."""

import re
from html import unescape
from typing import get_args

import pytest

from rooms.live import names
from rooms.records.words import Label
from server.labels import NOUNS, called, has_word
from server.pages.labels import LABELS
from server.words import ROOT, Words, catalogues, choose, environment
from tests.words.samples import context, samples
from tests.words.test_words import catalog_of

ENGLISH = catalogues()["en"]
OTHERS: list[Label] = [label for label in get_args(Label) if label != "facilitator"]
ASKS = re.compile(r"%\(\w+\)s|\{\w+\}")
NOUN = re.compile(r"facilitators?\b", re.IGNORECASE)


def everything(words: Words) -> list[tuple[str, str]]:
    """All there is to say: as English has it, and as these words do."""
    said = []
    for message in catalog_of("en"):
        if not message.id:
            continue
        if isinstance(message.id, str):
            said.append((ENGLISH.gettext(message.id), words.gettext(message.id)))
        else:
            one, many = message.id
            said += [(ENGLISH.ngettext(one, many, n), words.ngettext(one, many, n)) for n in (0, 1, 2, 7)]
    return said


def without(noun: tuple[str, str], said: str) -> str:
    """Every one of them a facilitator again."""
    one, many = noun
    for word, ours in ((many, "facilitators"), (one, "facilitator")):
        said = re.sub(rf"\b{word}\b", ours, said)
        said = re.sub(rf"\b{word[0].upper()}{word[1:]}\b", ours.capitalize(), said)
    return said


def test_there_is_a_word_for_every_label_and_a_choice_of_it():
    assert NOUNS["en"].keys() == set(OTHERS)
    assert list(LABELS) == list(get_args(Label))


@pytest.mark.parametrize("label", OTHERS)
def test_no_message_says_facilitator_and_nothing_but_the_noun_is_another(label):
    words = called(ENGLISH, label)
    anew = [(was, said) for was, said in everything(words) if was != said]
    assert len(anew) > 100, "a room speaks of them all the time"
    for was, said in everything(words):
        assert not NOUN.search(said)
        assert ASKS.findall(said) == ASKS.findall(was)
    # The other noun is in no message for another reason, so this undoes it: number, capital, article, all that is around.
    for was, said in anew:
        assert without(NOUNS["en"][label], said) == was


@pytest.mark.parametrize("label", OTHERS)
def test_the_article_before_it_stays_right(label):
    assert all(word[0] in "bcdfghjklmnpqrstvwxz" for word in NOUNS["en"][label]), "it is 'a', and never 'an'"
    assert [
        said
        for _, said in everything(called(ENGLISH, label))
        if re.search(r"\b[Aa]n (host|peer|chair)", said)
    ] == []


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("facilitator", "A facilitator has asked you to take a few minutes."),
        ("host", "A host has asked you to take a few minutes."),
        ("peer_supporter", "A peer supporter has asked you to take a few minutes."),
        ("chair", "A chair has asked you to take a few minutes."),
    ],
)
def test_a_sentence_with_each(label, said):
    assert called(ENGLISH, label).gettext("A facilitator has asked you to take a few minutes.") == said


def test_number_capital_possessive_and_verbs():
    words = called(ENGLISH, "peer_supporter")
    assert words.gettext("What facilitators can do") == "What peer supporters can do"
    assert words.gettext("Facilitators: sign in") == "Peer supporters: sign in"
    assert words.gettext("Take a facilitator’s powers?") == "Take a peer supporter’s powers?"
    assert words.gettext("%(name)s facilitates again.") == "%(name)s facilitates again."
    assert words.refusal("not_allowed") == "Only a peer supporter can do that."
    one, many = (
        "A facilitator is here for one more minute.",
        "A facilitator is here for %(number)s more minutes.",
    )
    assert words.ngettext(one, many, 1) == "A peer supporter is here for one more minute."
    assert words.ngettext(one, many, 3) == "A peer supporter is here for %(number)s more minutes."


def test_what_a_page_puts_in_stays_as_somebody_typed_it():
    page = environment(ROOT / "templates").from_string(
        "{% trans room=room %}You are invited to facilitate “{{ room }}”{% endtrans %} "
        "{% trans who=room %}Only {{ who }} and the facilitators read it. {{ who }} can say that they would rather not.{% endtrans %}"
    )
    said = page.render(**called(ENGLISH, "host").page(), room="The facilitators' <tea>")
    assert said == (
        "You are invited to facilitate “The facilitators&#39; &lt;tea&gt;” "
        "Only The facilitators&#39; &lt;tea&gt; and the hosts read it. "
        "The facilitators&#39; &lt;tea&gt; can say that they would rather not."
    )
    typed = "The facilitators of our garden"
    assert called(ENGLISH, "host").gettext(typed) == typed
    assert called(ENGLISH, "host").ngettext(typed, typed, 2) == typed


def test_each_is_put_together_once_and_the_word_of_everybody_is_the_catalogue_itself():
    assert called(ENGLISH, "facilitator") is ENGLISH
    assert called(ENGLISH, "host") is called(ENGLISH, "host")
    assert called(ENGLISH, "host").voices["_"]("Facilitators: sign in") is called(ENGLISH, "host").voices[
        "_"
    ]("Facilitators: sign in")
    assert dict(called(ENGLISH, "host").page()["other_languages"]).keys() == {"cy"}  # type: ignore[call-overload]  # a context


@pytest.mark.parametrize("label", get_args(Label))
def test_welsh_and_the_language_of_nobody_keep_their_word(label):
    for words in (catalogues()["cy"], choose("ar-XB")):
        assert called(words, label) is words
        assert not has_word(words, label)


def test_the_words_of_a_live_room_are_kept_apart_for_each():
    template = environment(ROOT / "templates").get_template("live/_words.html")
    said = {
        label: repr(vars(template.make_module(called(ENGLISH, label).page())))
        for label in ("host", "facilitator", "host", "chair")
    }
    assert "waiting for a host" in said["host"]
    assert "waiting for a facilitator" in said["facilitator"]
    assert "waiting for a chair" in said["chair"]


@pytest.mark.parametrize("label", OTHERS)
def test_no_page_in_any_of_its_states_says_facilitator(label):
    """What people see and what is read to them: all that stands between tags, and in the attributes that are said."""
    words, env = called(ENGLISH, label), environment(ROOT / "templates")
    changed = 0
    for sample in samples(words):
        # The page where it is chosen says them all.
        if sample.template == "desk/labels.html":
            continue
        template = env.get_template(sample.template)
        page = template.render(context(sample, words))
        # What a sample holds itself, a route would have taken from the words.
        left = [line for line in spoken(page) if NOUN.search(line) and line not in repr(sample.context)]
        assert left == [], (sample.template, sample.state)
        anyway = template.render(context(sample, ENGLISH))
        changed += sum(1 for line in spoken(anyway) if NOUN.search(line) and line not in repr(sample.context))
    assert changed > 60, "the search above no longer finds what pages say"


def spoken(page: str) -> list[str]:
    shown = re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL)
    said = [*re.split(r"<[^>]*>", shown), *re.findall(r'\s(?!data-)[\w-]+="([^"]*\s[^"]*)"', page)]
    return [" ".join(unescape(each).split()) for each in said]


def test_a_letter_says_none_of_them_for_it_is_written_without_asking_what_they_are_called():
    letters = [message.id for message in catalog_of("en") if ("server/calls.py", None) in message.locations]
    assert len(letters) > 4
    assert [said for said in letters if NOUN.search(str(said))] == []


@pytest.mark.parametrize("label", get_args(Label))
def test_no_member_can_go_by_any_of_the_words_whichever_is_chosen(label):
    welsh = catalogues()["cy"].gettext(LABELS[label])
    english = NOUNS["en"].get(label, ("facilitator", "facilitators"))
    for word in (*english, *(word.replace(" ", "") for word in english), welsh):
        for name in (word, word.title(), word.upper(), f"Ana {word}", f"{word}-Ana"):
            refusal = names.refuse(name[: names.LONGEST], ())
            assert refusal is not None, name
            assert refusal.why == "name_like_role", name
