"""What a person may be called: visible, short, and nobody else's, to the eye as well as to the machine."""

import unicodedata
from collections.abc import Iterable

from rooms.live.words import Refusal

SHORTEST, LONGEST = 2, 24

# Someone who takes the name of a role can give orders that look like a facilitator's.
ROLES = frozenset(
    [
        "facilitator",
        "facilitators",
        "host",
        "hosts",
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
        "operator",
        "chair",
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

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def tidy(name: str) -> str:
    """The name as it will be shown: NFKC, no invisible characters, single spaces."""
    normal = unicodedata.normalize("NFKC", name)
    return " ".join(
        "".join(ch for ch in normal if ch.isspace() or unicodedata.category(ch) not in _INVISIBLE).split()
    )


def skeleton(name: str) -> str:
    """What the name looks like: names with the same skeleton cannot be told apart at a glance."""
    folded = unicodedata.normalize("NFKD", tidy(name).casefold())
    bare = "".join(ch for ch in folded if not unicodedata.combining(ch)).translate(_LOOKALIKES)
    return "".join(ch for ch in bare if ch.isalnum()).replace("rn", "m").replace("vv", "w").replace("i", "l")


_ROLE_SKELETONS = frozenset(skeleton(role) for role in ROLES)


def visible(name: str) -> int:
    """How many characters a reader sees: combining marks ride on another."""
    return sum(1 for ch in name if not unicodedata.combining(ch))


def refuse(name: str, present: Iterable[str], *, role: bool = False) -> Refusal | None:
    """Why this name cannot be used, with three that could be; None when it can.

    present: the names of everybody else with a seat. role: the bearer may be called by a role's name.
    """
    shown = tidy(name)
    taken = frozenset(map(skeleton, present))
    if not any(ch.isalnum() for ch in shown):
        return Refusal("name_not_visible", suggestions("", taken))
    if visible(shown) < SHORTEST:
        return Refusal("name_too_short", suggestions(shown, taken))
    # Marks beyond a script's need stack over the lines above and below.
    if visible(shown) > LONGEST or len(shown) > 2 * LONGEST:
        return Refusal("name_too_long", suggestions("", taken))
    if not role and any(skeleton(word) in _ROLE_SKELETONS for word in (shown, *shown.split())):
        return Refusal("name_like_role", suggestions("", taken))
    if skeleton(shown) in taken:
        return Refusal("name_taken", suggestions(shown, taken))
    return None


def suggestions(name: str, taken: frozenset[str]) -> tuple[str, ...]:
    """Three free names near this one, or three friendly words."""
    near = [f"{name} {word}" for word in FRIENDLY] if 0 < len(name) <= LONGEST - 8 else []
    pairs = [f"{first} {second}" for first in FRIENDLY for second in FRIENDLY if first != second]
    return tuple(each for each in near + pairs if skeleton(each) not in taken)[:3]
