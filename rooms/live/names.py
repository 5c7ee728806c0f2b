"""What a person may be called: visible, short, and nobody else's, to the eye as well as to the machine."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from rooms.live.words import Refusal

SHORTEST, LONGEST = 2, 24

# Far more than any name, also with all its marks. One character can stand for eighteen letters, and it takes a while
# to know which: what is longer is not looked at letter by letter, whatever it would come to.
_MOST_TYPED = 200

# Someone who takes the name of a role can give orders that look like a facilitator's: in each language that pages speak,
# and whichever word for facilitators an organiser chose (server/labels.py): pages that are open may say another.
ROLES = frozenset(
    [
        "facilitator",
        "facilitators",
        "cofacilitator",
        "host",
        "hosts",
        "cohost",
        "organiser",
        "organizer",
        "admin",
        "administrator",
        "moderator",
        "mod",
        "lead",
        "system",
        "server",
        "tealight",
        "staff",
        "helper",
        "support",
        "supporter",
        "supporters",
        "peersupporter",
        "peersupporters",
        "operator",
        "chair",
        "chairs",
        "cochair",
        "chairman",
        "chairperson",
        "chairwoman",
        # Welsh, as locale/cy calls them and as others may
        "arweinydd",
        "cadeirydd",
        "cadeiryddion",
        "cefnogwr",
        "cefnogwyr",
        "cymedrolwr",
        "cynorthwyydd",
        "gweinyddwr",
        "gwesteiwr",
        "gwesteiwyr",
        "hwylusydd",
        "hwyluswyr",
        "trefnydd",
        "trefnwyr",
    ]
)

FRIENDLY = (
    "Oak",
    "River",
    "Moss",
    "Lark",
    "Fern",
    "Harbour",
    "Maple",
    "Heron",
    "Clover",
    "Ash",
    "Willow",
    "Pebble",
)

# Letters that a reader takes for another one. Small on purpose: casefolding and NFKC do most of the work.
_LOOKALIKES = str.maketrans(
    {
        "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ѕ": "s", "ј": "j", "һ": "h",
        "ԁ": "d", "к": "k", "т": "t", "в": "b", "н": "h", "м": "m", "г": "r", "α": "a", "β": "b", "ε": "e", "ι": "i",
        "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x", "ı": "i", "ł": "l", "ø": "o", "ɑ": "a",
        "0": "o", "1": "l", "3": "e", "5": "s", "|": "l", "!": "l", "$": "s", "@": "a",
    }
)  # fmt: skip

# The same for the letters and signs of ASCII, and without those that tell no names apart.
_PLAIN = {
    code: _LOOKALIKES.get(code, chr(code) if chr(code).isalnum() else None) for code in range(0x20, 0x7F)
}

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})

# Letters, marks and a symbol by their category, and yet nothing shows: fillers, joiners, variation selectors, the
# empty Braille cell. A name made of them is no name, and one with them between its letters is somebody else's.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | frozenset(
    map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)

# How many marks a script puts on one letter. More of them stack over the lines above and below.
_MOST_MARKS = 3

# Between the words of a name, but for the signs that stand for a letter.
_BETWEEN_WORDS = re.compile(r"[^\w|!$@]+|_")


def seen(ch: str) -> bool:
    """Does this character leave anything on the screen?"""
    return unicodedata.category(ch) not in _INVISIBLE and ch not in _BLANK


def tidy(name: str) -> str:
    """The name as it will be shown: NFKC, no invisible characters, single spaces."""
    if _is_plain(name):
        return " ".join(name.split())
    normal = unicodedata.normalize("NFKC", name)
    # What cannot be printed is what ``seen`` calls invisible, but for the blank ones.
    if normal.isprintable() and _BLANK.isdisjoint(normal):
        return " ".join(normal.split())
    kept = "".join(ch for ch in normal if ch.isspace() or seen(ch))
    # Once more: what stood on both sides of an invisible character may be one letter now.
    return " ".join(unicodedata.normalize("NFC", kept).split())


def skeleton(name: str) -> str:
    """What the name looks like: names with the same skeleton cannot be told apart at a glance."""
    if _is_plain(name):
        bare = name.lower().translate(_PLAIN)
    else:
        folded = unicodedata.normalize("NFKD", tidy(name).casefold())
        shown = folded.translate(_READ_AS)
        bare = shown if shown.isalnum() else "".join(filter(_tells_apart, shown))
    return bare.replace("rn", "m").replace("vv", "w").replace("i", "l")


def _is_plain(name: str) -> bool:
    """Nothing that Unicode has more to say about than its own letters and signs: most names, and quick to know. Every
    newcomer's name is held against that of everybody who is there.
    """
    return name.isascii() and name.isprintable()


def _tells_apart(ch: str) -> bool:
    # Vowel signs of Indic scripts, of Thai and of Lao, and voicing in kana, are marks too: another sign, another name.
    return ch.isalnum() or (unicodedata.category(ch) in {"Mn", "Mc"} and not _is_accent(ch))


def _is_accent(ch: str) -> bool:
    # By canonical combining class: overlays, Hebrew and Arabic points, and what stands above or below a letter.
    mark = unicodedata.combining(ch)
    return mark == 1 or 10 <= mark <= 36 or mark >= 200


# Looked up and not worked out: most that tells no names apart stands here, accents and what is between words.
_READ_AS = {code: None for code in range(0x370) if not _tells_apart(chr(code))} | _LOOKALIKES

_ROLE_SKELETONS = frozenset(skeleton(role) for role in ROLES)


def _words(name: str) -> Iterator[str]:
    """Whatever a reader might take for a word of its own."""
    yield name
    yield from name.split()
    yield from _BETWEEN_WORDS.split(name)


def visible(name: str) -> int:
    """How many characters a reader sees: combining marks ride on another."""
    return sum(1 for ch in name if not unicodedata.combining(ch))


def _stacks(name: str) -> bool:
    marks = 0
    for ch in name:
        marks = marks + 1 if unicodedata.combining(ch) else 0
        if marks > _MOST_MARKS:
            return True
    return False


def refuse(name: str, present: Iterable[str]) -> Refusal | None:
    """Why this name cannot be used, with three that could be; None when it can.

    present: the names of everybody else with a seat.
    """
    taken = frozenset(map(skeleton, present))
    if len(name) > _MOST_TYPED:
        return Refusal("name_too_long", suggestions("", taken))
    shown = tidy(name)
    if not any(ch.isalnum() for ch in shown):
        return Refusal("name_not_visible", suggestions("", taken))
    if visible(shown) > LONGEST or len(shown) > 2 * LONGEST or _stacks(shown):
        return Refusal("name_too_long", suggestions("", taken))
    if visible(shown) < SHORTEST:
        return Refusal("name_too_short", suggestions(shown, taken))
    if any(skeleton(word) in _ROLE_SKELETONS for word in _words(shown)):
        return Refusal("name_like_role", suggestions("", taken))
    if skeleton(shown) in taken:
        return Refusal("name_taken", suggestions(shown, taken))
    return None


def suggestions(name: str, taken: frozenset[str]) -> tuple[str, ...]:
    """Three free names near this one, or three friendly words."""
    near = [f"{name} {word}" for word in FRIENDLY] if 0 < len(name) <= LONGEST - 8 else []
    pairs = [f"{first} {second}" for first in FRIENDLY for second in FRIENDLY if first != second]
    return tuple(each for each in near + pairs if skeleton(each) not in taken)[:3]
