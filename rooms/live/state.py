"""A live room as a value: what is authoritative, what each node folds for itself, and what the organiser set."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from rooms.live.permissions import Standing
from rooms.live.values import changed
from rooms.live.words import OVER, Audience, Door, MessageId, Mode, Place, Role, SeatId, State

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Terms:
    """What the organiser set for this session; times in seconds since 1970. Constant while the room is live, but for
    ``free_until``.

    stays_open: an open door is not turned to knocking a while after the start.
    mode: how people talk at first. admits_work: somebody may be here for their work, if everybody sees it.
    counts: how many took part is kept, as a band.
    free_until: when the room, or those who facilitate, are needed for something else; nothing is made longer than that.
    reserved: names that no member can take, those of the facilitators.
    second: this is the twin room of a session; it starts and ends with the first, and members come in by it alone.
    slip_key: by which each message is marked, for report slips; none: none is.
    over: how it ended, where the records know that it did; nobody begins it anew.
    """

    starts_at: float
    minutes: int = 60
    seats: int = 8
    green_minutes: int = 30
    doors_minutes: int = 15
    wait_minutes: int = 10
    late_minutes: int = 15
    closing_minutes: int = 10
    starts_itself: bool = False
    knock_first: bool = False
    stays_open: bool = False
    admits_work: bool = False
    counts: bool = False
    free_until: float | None = None
    mode: Mode = Mode.OPEN
    keeps_catch_up: bool = True
    second: bool = False
    reserved: tuple[str, ...] = field(default=(), repr=False)
    over: State | None = None
    slip_key: bytes = field(default=b"", repr=False)

    @property
    def green_at(self) -> float:
        """From when on those who facilitate may be there, among themselves."""
        return self.starts_at - self.green_minutes * MINUTE

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
    look_until: what they say is looked at by a facilitator first.
    corner_since: in the quiet corner; ``corner_shown``: the others may know; ``leave_be``: facilitators too stay away.
    extra: how many times the ordinary length their turns in a round are. timer_shown: the others may see how long one still is.
    tag: how they would like to be answered, unless a message says otherwise.
    off_duty: a facilitator who stepped back: a member until they say otherwise.
    declined: told "not now", at the door or outside: only a facilitator lets them in.
    work: as what they are here for their work, by their own word at the door; empty: they are here for themselves.
    nudged: asked already, in this stay in the corner, whether they are still there.
    to_agree: the agreement changed under them: ``asked`` to say yes, or ``first`` must, before they talk again.
    knocked_after: a newcomer who waits: how many whole minutes after the last removal they knocked, the last time they did.
    arriving: with which card a facilitator checked in, for the others of them; empty from the start of the session on.
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
    look_until: float | None = None
    corner_since: float | None = None
    corner_shown: bool = False
    leave_be: bool = False
    extra: int = 1
    timer_shown: bool = False
    tag: str = ""
    renamed_at: float | None = None
    off_duty: bool = False
    declined: bool = False
    nudged: bool = False
    to_agree: str = ""
    work: str = ""
    knocked_after: int | None = None
    arriving: str = ""

    @property
    def inside(self) -> bool:
        return self.place is Place.INSIDE

    @property
    def waiting(self) -> bool:
        return self.place is Place.WAITING

    @property
    def audience(self) -> Audience:
        if not self.inside:
            return Audience.WAITING
        if self.corner_since is not None:
            return Audience.CORNERED
        return (
            Audience.FACILITATOR if self.role is Role.FACILITATOR and not self.off_duty else Audience.MEMBER
        )

    def quiet_at(self, at: float) -> bool:
        return self.quiet_until is not None and at < self.quiet_until

    def out_of_the_corner(self, at: float) -> "Seat":
        """Their time inside begins anew, so that no reconnect brings what they did not want to hear."""
        return changed(
            self, corner_since=None, corner_shown=False, leave_be=False, nudged=False, inside_since=at
        )


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody asks for the word."""

    seat: SeatId
    reason: str
    since: float


@dataclass(frozen=True, slots=True)
class Round:
    """Equal time for everybody, one after the other.

    order: who has a turn, each once, those who come back later at the end; ``index``: whose turn it is.
    phase: preview · ready · turn · grace · over; ``length``: how long it is; ``until``: when it ends.
    seconds: the length of a turn, before anybody's own extra time.
    left: what remained of the phase when the clock stopped; None while it runs.
    awaited: it stopped because the speaker's connection broke, and ``until`` is how long they are waited for.
    halted: a facilitator stopped it.
    spoke: whether the one whose turn it is has said something in it; ``longer``: they asked for more time once.
    deferred: who has been put back to the end once already; ``passed``: who let it go by; ``done``: who has had it.
    owed: what is left of the turn of somebody who was interrupted in it.
    before: the mode that returns afterwards.
    """

    card: str
    seconds: int
    order: tuple[SeatId, ...]
    phase: str
    until: float
    index: int = 0
    left: float | None = None
    spoke: bool = False
    longer: bool = False
    deferred: tuple[SeatId, ...] = ()
    passed: tuple[SeatId, ...] = ()
    done: tuple[SeatId, ...] = ()
    before: Mode = Mode.OPEN
    length: float = 0.0
    awaited: bool = False
    halted: bool = False
    owed: Mapping[SeatId, float] = field(default_factory=dict)

    @property
    def speaker(self) -> SeatId:
        """Whose turn it is, or is about to be; nobody's in the preview and after the last."""
        return "" if self.phase in {"preview", "over"} else self.order[self.index]


@dataclass(frozen=True, slots=True)
class Cosign:
    """A grave control that waits for a second facilitator. ``what``: the name of the command; ``seat``: whom it is about."""

    id: str
    what: str
    seat: SeatId
    reason: str
    asked_by: SeatId
    until: float


@dataclass(frozen=True, slots=True)
class Check:
    """A question to everybody, for a while. ``kind``: agreement · temperature. Who answered, never what.

    id: of the words it is about, which stand in ``Recent`` of every node and nowhere else.
    """

    kind: str
    id: str
    until: float
    answers: int = 0
    answered: tuple[SeatId, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """Something held for one person, for a while: a freed seat, a move to another device."""

    seat: SeatId
    until: float


@dataclass(frozen=True, slots=True)
class Twin:
    """The other room of the session, as this one was told of it.

    phase: ``asked``: a facilitator is asked whether they would look after it; ``open``; ``over``; ``first``: it is the
        other one, and this is the second.
    seat, name: who was asked, and looks after the second. until: how long they are asked.
    welcomes: somebody facilitates there, and who stands in line here would find a seat.
    people: members whom the other room knows: ``here`` · ``wary``: something stands on their seat · ``removed``.
    """

    phase: str
    seat: SeatId
    name: str = field(repr=False)
    until: float = 0.0
    welcomes: bool = False
    people: Mapping[SeatId, str] = field(default_factory=dict)


class Happening(NamedTuple):
    """A line of the list of what happened: when (to the millisecond), which control, by whom. Nobody it was about.

    A tuple, because forty of them travel with each change of the room, and do so without the names of their fields.
    """

    at: float
    what: str
    by: str

    def __repr__(self) -> str:
        return f"Happening({self.at}, {self.what!r})"


@dataclass(frozen=True, slots=True)
class Controls:
    """The authoritative, versioned part: every node has the same, and nothing said can pass a change of it.

    No field may hold what a person wrote in the room: controls go, sealed, through the engine.

    by, reason: who brought the room into its state, and with which card.
    before: the state that a pause or a hold interrupted; ``mode_before``: the mode that returns after sitting together.
    alone_since: since when no facilitator has been connected; None while one is.
    unattended: the server closes the room because nobody came back to it; nobody may speak.
    capacity: seats for members, when facilitators changed what the organiser set.
    came: when the newest arrivals came, to notice a raid.
    door_set_at: when a facilitator last opened or closed the door: what time would do to it gives way to that.
    twin: the other room of the session, where there is one.
    look: everything that is said is looked at first; ``look_newcomers_since``: of those who came since.
    shield: the raid control is up; its parts can be undone alone.
    lines: how each private line stands: ``offered`` by a facilitator, ``open``, ``declined``.
    claims: which facilitator has somebody's private line.
    pause_asked_at: when somebody last asked; ``pause_due``: enough did, and the room is held then unless answered.
    agreement: the version that holds since it was changed; ``agreement_until``: when everybody should have said yes.
    pair_since: since when only one member is left; ``carry_on``: who said that this is fine.
    alerted: what the on-call person was told of, and when. ``moves``: hashed one-use codes that move a seat to another device.
    worries: which facilitator looks after worries first.
    discharged: facilitators whom the organiser took off the room while it was on: they do not come in any more.
    lines_until: the session is over, and until then people can write to the facilitators who stay.
    debrief_until: it is over, and until then facilitators talk it over among themselves.
    took_part: the first ten who did, by the beginnings of their seats, with spaces between; None: it is not asked for, or
        the session is over. ``turnout``: their band, once it is.
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
    down_at: Mapping[MessageId, float] = field(default_factory=dict)
    hidden: int = 0
    # How many came, where that is kept
    took_part: str | None = None
    turnout: str = ""
    # Who leads
    lead: SeatId = ""
    offered_lead: SeatId = ""
    suspended: tuple[SeatId, ...] = ()
    discharged: tuple[SeatId, ...] = ()
    worries: SeatId = ""
    cosigns: tuple[Cosign, ...] = ()
    # How people talk
    mode_until: float | None = None
    mode_before: Mode = Mode.OPEN
    slow: int = 0
    hands: tuple[Hand, ...] = ()
    called: SeatId = ""
    called_at: float = 0.0
    round: Round | None = None
    # The door
    capacity: int | None = None
    offers: tuple[Offer, ...] = ()
    came: tuple[float, ...] = ()
    door_set_at: float = 0.0
    twin: Twin | None = None
    # Protection
    look: bool = False
    look_newcomers_since: float | None = None
    names_frozen: bool = False
    shield: bool = False
    slow_before: int = 0
    frozen_before: bool = False
    # Care
    lines: Mapping[SeatId, str] = field(default_factory=dict)
    claims: Mapping[SeatId, SeatId] = field(default_factory=dict)
    lines_until: float | None = None
    debrief_until: float | None = None
    pause_asked: tuple[SeatId, ...] = ()
    pause_asked_at: float | None = None
    pause_due: float | None = None
    check: Check | None = None
    pair_since: float | None = None
    carry_on: tuple[SeatId, ...] = ()
    alerted: Mapping[str, float] = field(default_factory=dict)
    moves: Mapping[str, Offer] = field(default_factory=dict)
    agreement: int = 0
    agreement_until: float | None = None
    # What happened, lately line by line, and as counts: the closing totals
    happened: tuple[Happening, ...] = ()
    tally: Mapping[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        """A band of those who take part is kept, as was settled when the doors opened."""
        return self.took_part is not None or self.turnout != ""

    @property
    def members(self) -> int:
        """How many seats are taken, those of facilitators not counted."""
        return members_among(self.seats.values())


class Sitting(Protocol):
    """As much of a seat as says whether it is taken."""

    @property
    def role(self) -> Role: ...

    @property
    def place(self) -> Place: ...


_TAKEN = frozenset({Place.WAITING, Place.INSIDE})


def members_among(seats: Iterable[Sitting]) -> int:
    """How many seats are taken, those of facilitators not counted."""
    return sum(1 for seat in seats if seat.role is Role.MEMBER and seat.place in _TAKEN)


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """Something said that a facilitator looks at before anybody else."""

    id: MessageId
    seat: SeatId
    name: str = field(repr=False)
    text: str = field(repr=False)
    note: str = field(repr=False)
    tag: str
    at: float


@dataclass(frozen=True, slots=True)
class Note:
    """A few words that are not for everybody: of a private line, the backchannel or the lobby."""

    id: str
    seat: SeatId
    name: str = field(repr=False)
    text: str = field(repr=False)
    at: float


@dataclass(frozen=True, slots=True)
class Flag:
    """What somebody worries about, as often as it was said of the same thing; ``words`` of those who wrote any."""

    verb: str
    message: MessageId
    seat: SeatId
    times: int
    words: tuple[str, ...] = field(repr=False)
    at: float


@dataclass(frozen=True, slots=True)
class Recent:
    """What each node folds from what it hears and nobody stores. Words may stand here: it never leaves the process.

    said_at: when each seat last spoke, or may have, unheard by this node. looked_at: messages that wait for a look.
    lines: the private line of each seat. votes: how often each answer of the check ``votes_for`` was given.
    flags: what people worry about, for facilitators who come later.
    slips_told_at: when each author was last told that a report was made.
    proposals: lines that somebody would add to the agreement. today: those that were, for this session.
    """

    taken_back: frozenset[MessageId] = frozenset()
    said_at: Mapping[SeatId, float] = field(default_factory=dict)
    looked_at: Mapping[MessageId, HeldMessage] = field(default_factory=dict, repr=False)
    lines: Mapping[SeatId, tuple[Note, ...]] = field(default_factory=dict, repr=False)
    backchannel: tuple[Note, ...] = field(default=(), repr=False)
    lobby_note: Note | None = field(default=None, repr=False)
    proposals: Mapping[str, Note] = field(default_factory=dict, repr=False)
    today: tuple[str, ...] = field(default=(), repr=False)
    question: tuple[str, ...] = field(default=(), repr=False)
    votes: Mapping[int, int] = field(default_factory=dict)
    votes_for: str = ""
    flags: tuple[Flag, ...] = field(default=(), repr=False)
    slips_told_at: Mapping[SeatId, float] = field(default_factory=dict)


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
                state=terms.over or State.SCHEDULED,
                starts_at=terms.starts_at,
                closing_at=terms.closing_at,
                ends_at=terms.ends_at,
                alone_since=terms.doors_at,
                mode=terms.mode,
            ),
        )

    @property
    def state(self) -> State:
        return self.controls.state

    @property
    def is_finished(self) -> bool:
        """Over, and nobody has a word left to write in it."""
        controls = self.controls
        return self.state in OVER and controls.lines_until is controls.debrief_until is None

    def seat(self, seat: SeatId) -> Seat | None:
        return self.controls.seats.get(seat)

    @property
    def members(self) -> int:
        return self.controls.members

    @property
    def capacity(self) -> int:
        return self.terms.seats if self.controls.capacity is None else self.controls.capacity

    def is_removed(self, seat: SeatId) -> bool:
        """From the session, by whichever of its rooms."""
        return seat in self.controls.removed or self.next_door(seat) == "removed"

    def next_door(self, seat: SeatId) -> str:
        """How the other room of the session knows this member; empty: not at all."""
        twin = self.controls.twin
        return "" if twin is None else twin.people.get(seat, "")

    def on_duty(self, seat: Seat) -> bool:
        """A facilitator who is inside and may act as one."""
        return (
            seat.role is Role.FACILITATOR
            and seat.inside
            and not seat.off_duty
            and seat.corner_since is None
            and seat.id not in self.controls.suspended
        )

    def facilitates(self, seat: Seat) -> bool:
        """On duty or not. Whoever lost their powers is among the members, with what can be done about one of them."""
        return seat.role is Role.FACILITATOR and seat.id not in self.controls.suspended

    @property
    def facilitators(self) -> list[Seat]:
        """Those who are inside and have not lost their powers, on duty or not."""
        return [seat for seat in self.controls.seats.values() if seat.inside and self.facilitates(seat)]

    def others_on_duty(self, seat: SeatId) -> list[Seat]:
        """The facilitators beside this one who are connected and could give a second yes."""
        others = (each for each in self.controls.seats.values() if each.id != seat and self.on_duty(each))
        return [each for each in others if each.away_since is None]

    def standing(self, seat: Seat, at: float) -> Standing:
        """How this person stands right now: the column of the table of rights."""
        if not seat.inside:
            return Standing.WAITING
        if self.on_duty(seat):
            return Standing.LEAD if seat.id == self.controls.lead else Standing.FACILITATOR
        if seat.quiet_at(at):
            return Standing.QUIETED
        return Standing.LISTENING if seat.listening else Standing.MEMBER

    def with_recent(self, **changes: object) -> "LiveRoom":
        return LiveRoom(self.terms, self.controls, changed(self.recent, **changes))

    def seated(self, at: float, *moved: Seat, **changes: object) -> "LiveRoom":
        """With these seats as they are now, and the questions whether anyone facilitates and who leads asked again.

        changes: of the controls, in the same step.
        A facilitator who drops leaves the room alone from the moment the link broke, not from when it was noticed.
        """
        seats = {**self.controls.seats, **{seat.id: seat for seat in moved}}
        alone_since = self.controls.alone_since
        facilitators = [
            seat for seat in seats.values() if seat.role is Role.FACILITATOR and self.on_duty(seat)
        ]
        if any(seat.away_since is None for seat in facilitators):
            alone_since = None
        elif alone_since is None:
            # The last to go counts, and of two that broke off together the one who was noticed first may be it.
            alone_since = max((seat.away_since or at for seat in (*moved, *facilitators)), default=at)
        lead = self.controls.lead
        if lead not in {seat.id for seat in facilitators}:
            # Whoever is longest here leads; the first facilitator to come, at the beginning.
            here = [seat for seat in facilitators if seat.away_since is None]
            lead = min(here, key=lambda seat: seat.arrived_at).id if here else ""
        return self.with_controls(seats=seats, alone_since=alone_since, lead=lead, **changes)

    def with_controls(self, **changes: object) -> "LiveRoom":
        return LiveRoom(self.terms, changed(self.controls, **changes), self.recent)
