"""The two rooms of one session, and what each must know of the other.

Both are rooms of their own, and neither reads the other: each is told by the clock's commands here, which change nothing
when nothing is new. They start and end together, and what was decided about a person holds in both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace

from rooms.live.agreement import AGREED_WITHIN, AgreementChanged
from rooms.live.calling_off import CalledOff
from rooms.live.discharging import Discharge
from rooms.live.leading import PowersSuspended
from rooms.live.lifecycle import NOTICE, NotHeld, Started, into
from rooms.live.lobby import is_full
from rooms.live.state import MINUTE, LiveRoom, Seat, Twin
from rooms.live.twin import WHILE_PEOPLE_COME
from rooms.live.words import (
    AFTERWARDS,
    BEFORE_THE_END,
    CLOCK,
    EVERYONE,
    NOBODY,
    OVER,
    THE_CLOCK,
    UNDER_WAY,
    Actor,
    Command,
    Decision,
    Door,
    Event,
    Place,
    Refusal,
    Role,
    SeatId,
    State,
    command,
    event,
)

# The second begins


@command("begin_twin", by=CLOCK, during=frozenset({State.SCHEDULED}), seated=False)
class BeginTwin(Command):
    """The doors of the second room open, as the first room stands: what was decided there holds here too."""

    seat: SeatId
    name: str = field(repr=False)
    door: Door
    ends_at: float
    closing_at: float
    agreement: int
    suspended: tuple[SeatId, ...]
    discharged: tuple[SeatId, ...]

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if not room.terms.second:
            return Refusal("not_now")
        return (
            TwinBegan(
                self.seat,
                self.name,
                self.door,
                self.ends_at,
                self.closing_at,
                self.agreement,
                self.suspended,
                self.discharged,
            ),
        )


@event("twin_began", reach=NOBODY)
class TwinBegan(Event):
    """Whoever said yes to it leads it, and has been on their way since."""

    seat: SeatId
    name: str = field(repr=False)
    door: Door
    ends_at: float
    closing_at: float
    agreement: int
    suspended: tuple[SeatId, ...]
    discharged: tuple[SeatId, ...]

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        lead = Seat(
            id=self.seat,
            name=self.name,
            role=Role.FACILITATOR,
            place=Place.INSIDE,
            arrived_at=at,
            let_in=True,
            inside_since=at,
            away_since=at,
            # Their powers may have been taken between the yes and this: they are shown nothing of facilitators' then.
            off_duty=self.seat in self.suspended,
        )
        begun = into(
            room,
            State.DOORS,
            at,
            door=self.door,
            ends_at=self.ends_at,
            closing_at=self.closing_at,
            agreement=self.agreement,
            suspended=self.suspended,
            discharged=self.discharged,
            twin=Twin("first", self.seat, self.name),
            lead=self.seat,
            alone_since=at,
        )
        return begun.seated(at, lead)


# What each is told


@event("end_shared", reach=EVERYONE)
class EndShared(Event):
    """Both rooms end together, and the first has another end now."""

    ends_at: float

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        closing_at = self.ends_at - room.terms.closing_minutes * MINUTE
        closing = room.state is State.CLOSING
        return room.with_controls(
            ends_at=self.ends_at, closing_at=room.controls.closing_at if closing else closing_at
        )


@event("twin_stands", reach=NOBODY)
class TwinStands(Event):
    """How the other room stands, and its members in it.

    Who was removed there is out here too, and newcomers knock from then on. Who went there has given up their place in
    the line here.
    """

    phase: str
    welcomes: bool
    people: Mapping[SeatId, str]

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        twin = room.controls.twin
        assert twin is not None, "nobody is told of a room that there is not"
        removed = {seat for seat, how in self.people.items() if how == "removed"}
        newly = removed - {seat for seat, how in twin.people.items() if how == "removed"}
        door = Door.KNOCK if newly and room.controls.door is Door.OPEN else room.controls.door
        gone = [
            replace(seat, place=Place.GONE, left_at=at, away_since=None, inside_since=None)
            for seat in room.controls.seats.values()
            if (seat.id in newly and seat.place is not Place.GONE)
            or (seat.place is Place.QUEUED and self.people.get(seat.id) == "here")
        ]
        told = replace(twin, phase=self.phase, welcomes=self.welcomes, people=self.people)
        after = room.with_controls(twin=told, door=door)
        return after.seated(at, *gone) if gone else after


def _tells(room: LiveRoom, phase: str, people: Mapping[SeatId, str], *, welcomes: bool) -> Iterator[Event]:
    twin = room.controls.twin
    if twin is not None and (twin.phase, twin.welcomes, twin.people) != (phase, welcomes, people):
        yield TwinStands(phase, welcomes, people)


def _takes_powers(room: LiveRoom, suspended: Mapping[SeatId, str]) -> Iterator[Event]:
    """A facilitator's powers are taken for the session, not for one of its rooms."""
    for seat, name in suspended.items():
        if seat not in room.controls.suspended:
            yield PowersSuspended(seat=seat, name=name)


def people_told(room: LiveRoom) -> dict[SeatId, str]:
    """Of the members whom this room knows, how they stand, for the other: here · wary · removed."""
    people: dict[SeatId, str] = {}
    for seat in room.controls.seats.values():
        if seat.role is not Role.MEMBER:
            continue
        wary = seat.declined or seat.quiet_until is not None or seat.look_until is not None
        if seat.place in {Place.WAITING, Place.INSIDE} and not (wary and room.state in OVER):
            people[seat.id] = "here"
        elif wary:
            people[seat.id] = "wary"
    return people | dict.fromkeys(room.controls.removed, "removed")


def _still_known(room: LiveRoom, there: State, people: Mapping[SeatId, str]) -> Mapping[SeatId, str]:
    """A room that is over forgets its people, and nobody can be let in again there: what it decided stands in this one."""
    twin = room.controls.twin
    if twin is None or there not in OVER:
        return people
    return {**{seat: how for seat, how in twin.people.items() if how != "here"}, **people}


def suspended_told(room: LiveRoom) -> dict[SeatId, str]:
    """Who lost their powers, and what they are called."""
    seats = room.controls.seats
    return {seat: seats[seat].name for seat in room.controls.suspended if seat in seats}


@command("hear_of_twin", by=CLOCK, during=BEFORE_THE_END | AFTERWARDS, seated=False)
class HearOfTwin(Command):
    """To the first room: how the second stands. ``welcomes``: somebody facilitates there, and a seat is free."""

    state: State
    welcomes: bool
    people: Mapping[SeatId, str] = field(repr=False)
    suspended: Mapping[SeatId, str] = field(repr=False)

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if room.terms.second or room.controls.twin is None or room.controls.twin.phase == "asked":
            return Refusal("not_now")
        phase = "over" if self.state in OVER else "open"
        return (
            *_takes_powers(room, self.suspended),
            *_tells(room, phase, _still_known(room, self.state, self.people), welcomes=self.welcomes),
        )


@command("follow_first", by=CLOCK, during=BEFORE_THE_END - {State.SCHEDULED}, seated=False)
class FollowFirst(Command):
    """To the second room: how the first stands. They start and end together.

    ends_at: the shared end; None: the first ends, or has, because nobody facilitated it, which is no end for this one.
    """

    state: State
    reason: str
    ends_at: float | None
    agreement: int
    people: Mapping[SeatId, str] = field(repr=False)
    suspended: Mapping[SeatId, str] = field(repr=False)
    discharged: tuple[SeatId, ...]

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if not room.terms.second:
            return Refusal("not_now")
        if room.state is State.DOORS and self.state in OVER:
            cancelled = self.state is State.CANCELLED
            return (CalledOff(why=self.reason, by="") if cancelled else NotHeld(),)
        return (
            *self._rights(room, at),
            *_tells(room, "first", _still_known(room, self.state, self.people), welcomes=False),
            *self._course(room, at),
        )

    def _rights(self, room: LiveRoom, at: float) -> Iterator[Event]:
        # Whoever is taken off the room loses their powers by that.
        others = {seat: name for seat, name in self.suspended.items() if seat not in self.discharged}
        yield from _takes_powers(room, others)
        for seat in self.discharged:
            if seat not in room.controls.discharged:
                done = Discharge(seat).decide(room, THE_CLOCK, at)
                assert not isinstance(done, Refusal), "only what was done already is refused"
                yield from done
        if self.agreement > room.controls.agreement:
            yield AgreementChanged(version=self.agreement, until=at + AGREED_WITHIN)

    def _course(self, room: LiveRoom, at: float) -> Iterator[Event]:
        controls = room.controls
        if room.state is State.DOORS and self.state in UNDER_WAY and controls.alone_since is None:
            yield Started(by="")
        if self.ends_at is None:
            return
        # Whoever is still talking has a minute, as when a facilitator ends a room.
        soonest = max(self.ends_at, at + NOTICE)
        if controls.ends_at > soonest:
            yield EndShared(ends_at=soonest)
        elif controls.ends_at < self.ends_at and _has_no_end_of_its_own(room):
            yield EndShared(ends_at=self.ends_at)


def _has_no_end_of_its_own(room: LiveRoom) -> bool:
    """Whoever looks after it may bring it to a close before the other; a longer end of that one is none of it then."""
    controls = room.controls
    if controls.ending or controls.unattended:
        return False
    return room.state in {State.DOORS, State.LIVE} or (room.state is State.CLOSING and not controls.by)


def begin_twin(first: LiveRoom) -> BeginTwin | None:
    """None: there is none to begin."""
    controls, twin = first.controls, first.controls.twin
    if twin is None or twin.phase != "open":
        return None
    return BeginTwin(
        seat=twin.seat,
        name=twin.name,
        door=controls.door,
        ends_at=controls.ends_at,
        closing_at=controls.closing_at,
        agreement=controls.agreement,
        suspended=controls.suspended,
        discharged=controls.discharged,
    )


def follow_first(first: LiveRoom) -> FollowFirst:
    controls, over = first.controls, first.state in OVER
    alone = controls.unattended or (over and controls.reason == "unattended")
    return FollowFirst(
        state=first.state,
        reason=controls.reason,
        ends_at=None if alone else min(controls.ends_at, controls.since) if over else controls.ends_at,
        agreement=controls.agreement,
        people=people_told(first),
        suspended=suspended_told(first),
        discharged=controls.discharged,
    )


def hear_of_twin(second: LiveRoom) -> HearOfTwin:
    controls = second.controls
    welcomes = (
        second.state in WHILE_PEOPLE_COME
        and controls.alone_since is None
        and controls.door is not Door.LOCKED
        and not is_full(second)
    )
    return HearOfTwin(
        state=second.state,
        welcomes=welcomes,
        people=people_told(second),
        suspended=suspended_told(second),
    )
