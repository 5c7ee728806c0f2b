"""The words of a live room: who acts, what is asked for, what happened, and how a no is said."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from rooms.live.state import LiveRoom

SeatId = str
MessageId = str


class Role(StrEnum):
    """What a person may do in this session. ``CLOCK`` is nobody: the passing of time, submitted by any node."""

    MEMBER = "member"
    FACILITATOR = "facilitator"
    CLOCK = "clock"


class State(StrEnum):
    """Where a session stands. The door and the mode of talking are separate things."""

    SCHEDULED = "scheduled"
    DOORS = "doors"
    LIVE = "live"
    PAUSED = "paused"
    HELD = "held"
    CLOSING = "closing"
    ENDED = "ended"
    NOT_HELD = "not_held"
    CANCELLED = "cancelled"


class Door(StrEnum):
    """What a newcomer meets."""

    SHUT = "shut"
    OPEN = "open"
    KNOCK = "knock"
    LOCKED = "locked"


class Mode(StrEnum):
    """How people talk while the room is live."""

    OPEN = "open"


class Place(StrEnum):
    """Where a seat stands in the house."""

    WAITING = "waiting"
    INSIDE = "inside"
    GONE = "gone"


class Audience(StrEnum):
    """Who is shown what: one encoding of an event for each, and nothing at all where it is not for them."""

    MEMBER = "member"
    FACILITATOR = "facilitator"
    WAITING = "waiting"


EVERYONE = frozenset(Audience)
INSIDE = frozenset({Audience.MEMBER, Audience.FACILITATOR})
ONLY_FACILITATORS = frozenset({Audience.FACILITATOR})
NOBODY: frozenset[Audience] = frozenset()

PEOPLE = frozenset({Role.MEMBER, Role.FACILITATOR})
FACILITATORS = frozenset({Role.FACILITATOR})
CLOCK = frozenset({Role.CLOCK})

UNDER_WAY = frozenset({State.LIVE, State.PAUSED, State.HELD, State.CLOSING})
OPEN = UNDER_WAY | {State.DOORS}
OVER = frozenset({State.ENDED, State.NOT_HELD, State.CANCELLED})
BEFORE_THE_END = frozenset(State) - OVER


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a seat, and the role that the door gave it. The browser has no say in either."""

    seat: SeatId
    role: Role
    name: str = field(default="", repr=False)


THE_CLOCK = Actor(seat="", role=Role.CLOCK)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no. ``why`` is a stable code that the server turns into words; ``offers`` may hold what would be accepted."""

    why: str
    offers: tuple[str, ...] = field(default=(), repr=False)


class Command:
    """Something asked for. ``decide`` says what happens, or why nothing does; it changes nothing."""

    __slots__ = ()

    type: ClassVar[str]
    by: ClassVar[frozenset[Role]]
    during: ClassVar[frozenset[State]]
    leads_to: ClassVar[State | None]
    seated: ClassVar[bool]

    def __repr__(self) -> str:
        # Its fields came from a browser and are not judged yet: any of them may be something that a person wrote.
        return f"{type(self).__name__}(...)"

    def decide(self, room: "LiveRoom", actor: Actor, at: float) -> "Decision":
        raise NotImplementedError


class Event:
    """Something that happened. ``evolve`` folds it into a room; it never refuses.

    ``reach`` says who may see it, ``shown_to`` in which words. An event that members cannot see takes no number.
    """

    __slots__ = ()

    type: ClassVar[str]
    reach: ClassVar[frozenset[Audience]]
    numbered: ClassVar[bool]

    def evolve(self, room: "LiveRoom", at: float) -> "LiveRoom":
        raise NotImplementedError

    def shown_to(self, audience: Audience) -> "Event | None":
        """What this audience gets to see; None: nothing it could recognise."""
        return self if audience in self.reach else None

    @property
    def concerns(self) -> SeatId | None:
        """The one person who has a copy of their own, whatever the others see."""
        return None

    def shown_to_concerned(self) -> "Event":
        return self

    def merged(self, later: "Event") -> "Event | None":
        """This and the next event as one, where a crowd would make many of them."""
        return None


Decision = tuple[Event, ...] | Refusal

COMMANDS: dict[str, type[Command]] = {}
EVENTS: dict[str, type[Event]] = {}

C = TypeVar("C", bound=Command)
E = TypeVar("E", bound=Event)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def command(
    name: str,
    *,
    by: frozenset[Role],
    during: frozenset[State],
    leads_to: State | None = None,
    seated: bool = True,
) -> Callable[[type[C]], type[C]]:
    """Declare a command: who may ask for it and in which states.

    leads_to: a room already there answers *already*, so that the second of two facilitators is told so.
    seated: the actor must hold a seat; only arriving, and the clock, come without one.
    """

    def declare(cls: type[C]) -> type[C]:
        made = dataclass(frozen=True, slots=True, repr=False)(cls)
        made.type, made.by, made.during, made.leads_to, made.seated = name, by, during, leads_to, seated
        COMMANDS[name] = made
        return made

    return declare


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def event(name: str, *, reach: frozenset[Audience] = INSIDE) -> Callable[[type[E]], type[E]]:
    """Declare an event and who may see it."""

    def declare(cls: type[E]) -> type[E]:
        made = dataclass(frozen=True, slots=True)(cls)
        made.type, made.reach, made.numbered = name, reach, Audience.MEMBER in reach
        EVENTS[name] = made
        return made

    return declare
