"""A live room as a value: what is authoritative, what each node folds for itself, and what the organiser set."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rooms.live.words import Audience, Door, MessageId, Mode, Place, Role, SeatId, State

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Terms:
    """What the organiser set for this session; times in seconds since 1970. Constant while the room is live."""

    starts_at: float
    minutes: int = 60
    seats: int = 8
    doors_minutes: int = 15
    wait_minutes: int = 10
    late_minutes: int = 15
    closing_minutes: int = 10
    starts_itself: bool = False
    knock_first: bool = False
    keeps_catch_up: bool = True

    @property
    def doors_at(self) -> float:
        return self.starts_at - self.doors_minutes * MINUTE

    @property
    def ends_at(self) -> float:
        return self.starts_at + self.minutes * MINUTE

    @property
    def closing_at(self) -> float:
        return self.ends_at - self.closing_minutes * MINUTE


@dataclass(frozen=True, slots=True)
class Seat:
    """One person in one session, whatever their tabs. Restrictions stand here, so that no reconnect clears them.

    let_in: has been inside; coming back needs no second knock.
    inside_since: the beginning of their unbroken time inside, and so of what may be replayed to them.
    """

    id: SeatId
    name: str = field(repr=False)
    role: Role
    place: Place
    arrived_at: float
    listening: bool = False
    let_in: bool = False
    inside_since: float | None = None
    away_since: float | None = None
    left_at: float | None = None
    quiet_until: float | None = None
    quiet_reason: str = ""

    @property
    def inside(self) -> bool:
        return self.place is Place.INSIDE

    @property
    def waiting(self) -> bool:
        return self.place is Place.WAITING

    @property
    def audience(self) -> Audience:
        if self.role is Role.FACILITATOR:
            return Audience.FACILITATOR
        return Audience.MEMBER if self.inside else Audience.WAITING

    def quiet_at(self, at: float) -> bool:
        return self.quiet_until is not None and at < self.quiet_until


@dataclass(frozen=True, slots=True)
class Controls:
    """The authoritative, versioned part: every node has the same, and nothing said can pass a change of it.

    No field may hold what a person wrote in the room: controls go, sealed, through the engine.

    by, reason: who brought the room into its state, and with which card.
    before: the state that a pause or a hold interrupted.
    alone_since: since when no facilitator has been connected; None while one is.
    unattended: the server closes the room because nobody came back to it; nobody may speak.
    hidden: how many entries members could not see, so that the numbers they do see have no holes.
    """

    starts_at: float
    closing_at: float
    ends_at: float
    state: State = State.SCHEDULED
    since: float = 0.0
    by: str = field(default="", repr=False)
    reason: str = ""
    before: State = State.LIVE
    door: Door = Door.SHUT
    mode: Mode = Mode.OPEN
    started_at: float | None = None
    alone_since: float | None = None
    unattended: bool = False
    extended: int = 0
    ending: bool = False
    seats: Mapping[SeatId, Seat] = field(default_factory=dict)
    removed: Mapping[SeatId, str] = field(default_factory=dict)
    down: Mapping[MessageId, str] = field(default_factory=dict)
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Recent:
    """What each node folds from what it hears and nobody stores."""

    taken_back: frozenset[MessageId] = frozenset()


@dataclass(frozen=True, slots=True)
class LiveRoom:
    """One session while it is on."""

    terms: Terms
    controls: Controls
    recent: Recent = field(default_factory=Recent)

    @classmethod
    def of(cls, terms: Terms) -> "LiveRoom":
        """The room before anything happened in it."""
        return cls(
            terms=terms,
            controls=Controls(
                starts_at=terms.starts_at,
                closing_at=terms.closing_at,
                ends_at=terms.ends_at,
                alone_since=terms.doors_at,
            ),
        )

    @property
    def state(self) -> State:
        return self.controls.state

    def seat(self, seat: SeatId) -> Seat | None:
        return self.controls.seats.get(seat)

    @property
    def members(self) -> int:
        """How many seats are taken, those of facilitators not counted."""
        return sum(
            1
            for seat in self.controls.seats.values()
            if seat.role is Role.MEMBER and seat.place is not Place.GONE
        )

    def seated(self, at: float, *changed: Seat) -> "LiveRoom":
        """With these seats as they are now, and the question whether anyone facilitates asked again.

        A facilitator who drops leaves the room alone from the moment the link broke, not from when it was noticed.
        """
        seats = {**self.controls.seats, **{seat.id: seat for seat in changed}}
        alone_since = self.controls.alone_since
        facilitators = [seat for seat in seats.values() if seat.role is Role.FACILITATOR and seat.inside]
        if any(seat.away_since is None for seat in facilitators):
            alone_since = None
        elif alone_since is None:
            # The last to go counts, and of two that broke off together the one who was noticed first may be it.
            alone_since = max((seat.away_since or at for seat in (*changed, *facilitators)), default=at)
        return replace(self, controls=replace(self.controls, seats=seats, alone_since=alone_since))

    def with_controls(self, **changes: object) -> "LiveRoom":
        return replace(self, controls=replace(self.controls, **changes))  # type: ignore[arg-type]  # checked by the tests of every event
