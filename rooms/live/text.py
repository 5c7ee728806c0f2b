"""What people type, made fit to be read by others: nothing invisible, no towers, not empty, not too long."""

import re
import unicodedata
from typing import Final

from rooms.live.names import seen
from rooms.live.words import Refusal

# Controls, line separators, bidi overrides, interlinear marks and tag characters: they can hide or reorder what the
# others read. Tab and newline stay.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]"
)

# Marks on one letter. No way of writing needs as many; hundreds of them stand over what others wrote.
MOST_MARKS: Final = 8
# Lines of one text: enough for a poem. A thousand empty ones push everything off everybody's screen.
MOST_LINES: Final = 40
_EMPTY_LINES = re.compile(r"\n(?:[^\S\n]*\n){2,}")


def clean(text: str, longest: int) -> str | Refusal:
    """The text as others will see it, or ``empty`` or ``too_long``."""
    if not text.isascii():
        text = _without_towers(text)
    # Most words are printable from end to end, which is quicker to know than that nothing in them is unseen.
    if not text.isprintable():
        text = _UNSEEN.sub("", text)
        text = _low(_EMPTY_LINES.sub("\n\n", text))
    text = text.strip()
    if not text or not (text[0].isascii() or any(map(seen, text))):
        return Refusal("empty")
    return text if len(text) <= longest else Refusal("too_long")


def clean_if_any(text: str, longest: int) -> str | Refusal:
    """As ``clean``, where nothing at all is fine too."""
    return clean(text, longest) if text.strip() else ""


def _low(text: str) -> str:
    """Without what makes it tall: marks on marks, lines without end."""
    *lines, last = text.split("\n", MOST_LINES - 1)
    return "\n".join([*lines, last.replace("\n", " ")])


def _without_towers(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter)[0] == "M" else 0
        if marks <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)
