"""What people type, made fit to be read by others: nothing invisible, not empty, not too long."""

import re

from rooms.live.names import seen
from rooms.live.words import Refusal

# Controls, line separators, bidi overrides, interlinear marks and tag characters: they can hide or reorder what the
# others read. Tab and newline stay.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def clean(text: str, longest: int) -> str | Refusal:
    """The text as others will see it, or ``empty`` or ``too_long``."""
    # Most words are printable from end to end, which is quicker to know than that nothing in them is unseen.
    if not text.isprintable():
        text = _UNSEEN.sub("", text)
    text = text.strip()
    if not text or not (text[0].isascii() or any(map(seen, text))):
        return Refusal("empty")
    return text if len(text) <= longest else Refusal("too_long")


def clean_if_any(text: str, longest: int) -> str | Refusal:
    """As ``clean``, where nothing at all is fine too."""
    return clean(text, longest) if text.strip() else ""
