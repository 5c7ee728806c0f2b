"""Who may do what: the one table of rights. Every command names its row; nothing else in the code grants anything.

Affiliations last and need a sign-in (organiser, on-call, operator); standings are given for one session by what the room
knows of a seat at this moment, and end with it.
"""

from enum import StrEnum
from typing import Final


class Standing(StrEnum):
    """How a person stands in the session right now, the columns of the table."""

    WAITING = "waiting"
    LISTENING = "listening"
    MEMBER = "member"
    QUIETED = "quieted"
    FACILITATOR = "facilitator"
    LEAD = "lead"
    ORGANISER = "organiser"
    ON_CALL = "on_call"
    OPERATOR = "operator"
    CLOCK = "clock"


_S = Standing
_INSIDE = frozenset({_S.LISTENING, _S.MEMBER, _S.QUIETED, _S.FACILITATOR, _S.LEAD})
_FACILITATORS = frozenset({_S.FACILITATOR, _S.LEAD})
_TALKERS = frozenset({_S.MEMBER, _S.FACILITATOR, _S.LEAD})

RIGHTS: Final[dict[str, frozenset[Standing]]] = {
    # Everybody with a seat
    "read": _INSIDE,
    "leave": _INSIDE | {_S.WAITING},
    "private_line": _INSIDE | {_S.WAITING},
    # To go silent, or to mean to write, can be chosen before one is in.
    "listen": _INSIDE | {_S.WAITING},
    "post": _TALKERS,
    # Somebody who listens may ask for the word; to use it they stop listening first.
    "hand": _TALKERS | {_S.LISTENING},
    "turn": _TALKERS,
    "react": _INSIDE,
    "flag": _INSIDE,
    "corner": _INSIDE,
    "own_seat": _INSIDE,
    # Listening people never posted anything to take back, unless they began to listen later.
    "take_back": _INSIDE,
    "ask_for_pause": frozenset({_S.LISTENING, _S.MEMBER}),
    "propose": _TALKERS | {_S.LISTENING},
    "object": _INSIDE,
    # Those who look after the room
    "guide": _FACILITATORS,
    "moderate": _FACILITATORS,
    "grave": _FACILITATORS,
    "care": _FACILITATORS,
    "prepare": _FACILITATORS,
    "take_lead": _FACILITATORS,
    "lead": frozenset({_S.LEAD}),
    "publish": frozenset({_S.LEAD}),
    "assign_lead": frozenset({_S.LEAD, _S.ORGANISER}),
    "suspend": _FACILITATORS | {_S.ORGANISER},
    # Outside the live room: asked by the pages
    "arrange": frozenset({_S.ORGANISER}),
    "see_counts": frozenset({_S.FACILITATOR, _S.LEAD, _S.ORGANISER}),
    "read_complaints": frozenset({_S.ORGANISER, _S.ON_CALL}),
    # Nobody at all, whatever they are
    "see_addresses_or_past_words": frozenset(),
    # The passing of time
    "clock": frozenset({_S.CLOCK}),
    # The organiser's page changes the agreement of a session that is on; the server asks for it in their name.
    "change_agreement": frozenset({_S.ORGANISER, _S.CLOCK}),
}

# Why a right is refused to somebody who could have it if they stood otherwise.
WHY_NOT: Final[dict[Standing, str]] = {
    _S.WAITING: "waiting",
    _S.LISTENING: "listening",
    _S.QUIETED: "quieted",
}
