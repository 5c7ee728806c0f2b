"""A language that nobody speaks: English written from right to left, so that whoever works on a page sees it that way.

A browser that asks for ``ar-XB``, the name that such a language goes by, gets it. It is offered to nobody.
"""

import re
from gettext import NullTranslations
from typing import Final

MIRRORED: Final = "ar-XB"
_RIGHT_TO_LEFT: Final = "\u200f\u202e{}\u202c\u200f"  # mark, override, the word, end of the override, mark
# A word, but for what a page puts its own values into: "%(num)s", "{when}".
_WORD: Final = re.compile(r"%\(\w+\)s|\{\w+\}|[^\W\d_](?:[\w\u2019'-]*\w)?")
_IS_PATTERN: Final = re.compile(r"\bMMMM\b")


class Mirrored(NullTranslations):
    """Each word as it is, letter after letter from right to left; dates' patterns stay patterns."""

    def gettext(self, message: str) -> str:
        return message if _IS_PATTERN.search(message) else _WORD.sub(_mirrored, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(super().ngettext(msgid1, msgid2, n))


def _mirrored(word: re.Match[str]) -> str:
    found = word[0]
    return found if found[0] in "%{" else _RIGHT_TO_LEFT.format(found)
