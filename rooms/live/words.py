"""The words of a live room: who acts, what is asked for, what happened, and how a no is said."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, TypeVar, dataclass_transform

from rooms.live.permissions import RIGHTS, Standing

if TYPE_CHECKING:
    from rooms.live.state import LiveRoom

SeatId = str
MessageId = str


class Role(StrEnum):
    """What a person may do in this session. ``CLOCK`` is nobody: the passing of time, submitted by any node."""

    MEMBER = "member"
    FACILITATOR = "facilitator"
    ORGANISER = "organiser"
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
    HANDS = "hands"
    ROUND = "round"
    SIT = "sit"
    PARKED = "parked"


class Place(StrEnum):
    """Where a seat stands in the house."""

    QUEUED = "queued"
    WAITING = "waiting"
    INSIDE = "inside"
    GONE = "gone"


class Audience(StrEnum):
    """Who is shown what: one encoding of an event for each, and nothing at all where it is not for them.

    ``CORNERED``: somebody in the quiet corner, who is sent nothing of the room but how it stands.
    """

    MEMBER = "member"
    FACILITATOR = "facilitator"
    WAITING = "waiting"
    CORNERED = "cornered"


EVERYONE = frozenset(Audience)
INSIDE = frozenset({Audience.MEMBER, Audience.FACILITATOR})
ONLY_FACILITATORS = frozenset({Audience.FACILITATOR})
NOBODY: frozenset[Audience] = frozenset()

PEOPLE = RIGHTS["leave"]
FACILITATORS = RIGHTS["moderate"]
CLOCK = RIGHTS["clock"]

TALKING = frozenset({State.LIVE, State.CLOSING})
UNDER_WAY = frozenset({State.LIVE, State.PAUSED, State.HELD, State.CLOSING})
OPEN = UNDER_WAY | {State.DOORS}
OVER = frozenset({State.ENDED, State.NOT_HELD, State.CANCELLED})
BEFORE_THE_END = frozenset(State) - OVER
# Over, and yet something may be written for a while, where a facilitator is there: private lines, after an end also the
# talking over of those who facilitated. ``LiveRoom.is_finished`` tells when nothing can.
AFTERWARDS = frozenset({State.ENDED, State.CANCELLED})


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
    by: ClassVar[frozenset[Standing]]
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
    told: ClassVar[bool]
    alike: ClassVar[bool]  # all who are shown it are shown the same: everybody inside, and nobody else

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

Due = tuple[float, Event]

COMMANDS: dict[str, type[Command]] = {}
EVENTS: dict[str, type[Event]] = {}
DEADLINES: "list[Callable[[LiveRoom], Iterator[Due]]]" = []
DEADLINES_AFTERWARDS: "list[Callable[[LiveRoom], Iterator[Due]]]" = []

C = TypeVar("C", bound=Command)
E = TypeVar("E", bound=Event)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def command(
    name: str,
    *,
    by: frozenset[Standing],
    during: frozenset[State],
    leads_to: State | None = None,
    seated: bool = True,
) -> Callable[[type[C]], type[C]]:
    """Declare a command: who may ask for it (a row of ``permissions.RIGHTS``) and in which states.

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
def event(
    name: str, *, reach: frozenset[Audience] = INSIDE, told: bool = False
) -> Callable[[type[E]], type[E]]:
    """Declare an event and who may see it.

    told: a use of power; it stands in the list of what happened and in the totals at the end. Such an event always
    changes the controls, for that is where it is counted.
    """

    def declare(cls: type[E]) -> type[E]:
        made = dataclass(frozen=True, slots=True)(cls)
        made.type, made.reach, made.numbered, made.told = name, reach, Audience.MEMBER in reach, told
        made.alike = reach == INSIDE and made.shown_to is Event.shown_to
        EVENTS[name] = made
        return made

    return declare


def deadlines(of: "Callable[[LiveRoom], Iterator[Due]]") -> "Callable[[LiveRoom], Iterator[Due]]":
    """Declare what time alone will bring about in a theme of the room: when, and what. Asked while it is not over."""
    DEADLINES.append(of)
    return of


def afterwards(of: "Callable[[LiveRoom], Iterator[Due]]") -> "Callable[[LiveRoom], Iterator[Due]]":
    """Declare what time will bring about once the session is over, while somebody still has a word left in it."""
    DEADLINES_AFTERWARDS.append(of)
    return of
