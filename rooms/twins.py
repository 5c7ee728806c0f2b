"""The two rooms of one session: what the second is called, its terms, and what each must be told of the other.

The second has no record of its own. It is there because the first one says so, and is kept by the same nodes.
"""

from dataclasses import replace
from typing import Final

from rooms.live import THE_CLOCK, Command, LiveRoom, Refusal, State, Terms, decide
from rooms.live.next_door import begin_twin, follow_first, hear_of_twin

# In no id of a session: a stop stands in none of the letters that they are made of.
_SECOND: Final = ".twin"


def second_of(session: str) -> str:
    return session + _SECOND


def is_second(key: str) -> bool:
    return key.endswith(_SECOND)


def session_of(key: str) -> str:
    """The session that a room belongs to, be it the first or the second."""
    return key.removesuffix(_SECOND)


def terms_of_second(first: Terms) -> Terms:
    return replace(first, second=True, starts_itself=False)


def has_second(room: LiveRoom) -> bool:
    """This is a first room, and there is a second one, or was."""
    return _phase(room) in {"open", "over"}


def has_open_second(room: LiveRoom) -> bool:
    return _phase(room) == "open"


def _phase(room: LiveRoom) -> str:
    return "" if room.controls.twin is None else room.controls.twin.phase


def news_for_second(first: LiveRoom, second: LiveRoom, at: float) -> Command | None:
    """What the second room must be told; None: nothing that it does not know."""
    command = begin_twin(first) if second.state is State.SCHEDULED else follow_first(first)
    return command if command is not None and _is_news(second, command, at) else None


def news_for_first(first: LiveRoom, second: LiveRoom, at: float) -> Command | None:
    command = hear_of_twin(second)
    return command if _is_news(first, command, at) else None


def _is_news(room: LiveRoom, command: Command, at: float) -> bool:
    decision = decide(room, command, THE_CLOCK, at)
    return not isinstance(decision, Refusal) and decision != ()
