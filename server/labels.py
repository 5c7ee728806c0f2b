"""What facilitators are called: all words of a language once more, with another noun in them.

Templates and code say *facilitator*, always. Whoever reads them reads what the organisation chose.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from gettext import NullTranslations
from typing import Final

from rooms.records.words import Label
from server.voices import voices
from server.words import Words, catalogues

Noun = tuple[str, str]

# By language: one and many. Each begins with the sound of a consonant, as "facilitator" does, so that "a" stays right.
# Welsh has none: most nouns begin with another letter after one word than after another, and a list cannot know which.
# "hwylusydd" never does.
NOUNS: Final[Mapping[str, Mapping[Label, Noun]]] = {
    "en": {
        "host": ("host", "hosts"),
        "peer_supporter": ("peer supporter", "peer supporters"),
        "chair": ("chair", "chairs"),
    },
}
# What a page puts its own values into is not ours to change: "%(facilitator)s", "{facilitators}".
_FACILITATOR: Final = re.compile(r"%\(\w+\)s|\{\w+\}|\b[Ff]acilitators?\b")


class Relabelled(NullTranslations):
    """A catalogue with another noun. What it does not know itself, and what a page puts in, could be what somebody typed:
    that stays as it is.
    """

    def __init__(self, words: Words, noun: Noun) -> None:
        super().__init__()
        self._known = words.catalogue
        said = {
            form
            for message in words.messages
            for form in (
                [self._known.gettext(message)]
                if isinstance(message, str)
                else [self._known.ngettext(*message, number) for number in (1, 2)]
            )
        }
        self._anew = {form: _with(noun, form) for form in said if _FACILITATOR.search(form)}

    def gettext(self, message: str) -> str:
        said = self._known.gettext(message)
        return self._anew.get(said, said)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        said = self._known.ngettext(msgid1, msgid2, n)
        return self._anew.get(said, said)


def called(words: Words, label: Label) -> Words:
    """The same language, in which facilitators are called so; itself, where it has no other word for them."""
    return _called(words.lang, label) if has_word(words, label) else words


def has_word(words: Words, label: Label) -> bool:
    return label in NOUNS.get(words.lang, {})


@cache
def _called(lang: str, label: Label) -> Words:
    words = catalogues()[lang]
    anew = Relabelled(words, NOUNS[lang][label])
    spoken = voices(anew, (message for message in words.messages if isinstance(message, str)))
    return replace(words, catalogue=anew, voices=spoken)


def _with(noun: Noun, said: str) -> str:
    def put(found: re.Match[str]) -> str:
        if found[0][0] in "%{":
            return found[0]
        one, many = noun
        word = many if found[0].endswith("s") else one
        return word[0].upper() + word[1:] if found[0][0] == "F" else word

    return _FACILITATOR.sub(put, said)
