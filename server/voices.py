"""How a template speaks: in the language of the page's reader, with what is put into a message escaped.

As jinja2.ext would wrap a catalogue for an environment, but for each page, and fast: a live room says two thousand things
to whoever comes in, and everybody else in the process waits meanwhile.
"""

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from gettext import NullTranslations
from typing import Any

from jinja2 import Template
from jinja2.environment import TemplateModule
from markupsafe import Markup

# Nothing but words, which every part of a live room asks for anew.
_ONLY_WORDS = "live/_words.html"


def voices(catalogue: NullTranslations, messages: Iterable[str]) -> Mapping[str, Callable[..., str]]:
    """What a template calls ``_``, ``gettext`` and ``ngettext``.

    messages: those of the catalogue, translated here once. Never what a page asks for: that could be what somebody typed.
    """
    translated = ((message, catalogue.gettext(message)) for message in messages)
    whole = {message: _safe(said) for message, said in translated if "%" not in said}

    def gettext(message: str, /, **values: object) -> str:
        if not values and message in whole:
            return whole[message]
        return _safe(catalogue.gettext(message)) % values

    def ngettext(one: str, many: str, num: int, /, **values: object) -> str:
        return _safe(catalogue.ngettext(one, many, num)) % {"num": num, **values}

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext}


def theirs(written: str) -> Markup:
    """What organisers and facilitators wrote, in a page of ours: it runs its own way, and in which language nobody knows.

    Without ``lang``, a screen reader would read an English name with the sounds of the Welsh page around it.
    """
    return Markup('<bdi lang="">{}</bdi>').format(written)


class Page(Template):
    """A template whose words, where it holds nothing else, are put together once a voice."""

    def make_module(
        self,
        vars: dict[str, Any] | None = None,  # noqa: A002 - as Jinja calls it
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,  # noqa: A002 - as above
    ) -> TemplateModule:
        if self.name != _ONLY_WORDS or vars is None:
            return super().make_module(vars, shared, locals)
        known: MutableMapping[object, TemplateModule] = self.__dict__.setdefault("_by_voice", {})
        # Two voices may speak one language: facilitators are called something else in one of them.
        voice = vars["_"]
        if voice not in known:
            known[voice] = super().make_module(vars, shared, locals)
        return known[voice]


def _safe(said: str) -> Markup:
    return Markup(said)  # noqa: S704 - a catalogue holds no "<", see tests/words
