"""At the door: who arrives, waits, is let in, leaves, drops and comes back."""

from dataclasses import field, replace

from rooms.live import names
from rooms.live.cosign import with_second_yes
from rooms.live.lifecycle import enter
from rooms.live.lobby import has_line, is_full
from rooms.live.moderation import REASONS
from rooms.live.permissions import RIGHTS
from rooms.live.protection import lately_came
from rooms.live.seat import why_not_renamed
from rooms.live.state import MINUTE, LiveRoom, Seat
from rooms.live.values import changed
from rooms.live.words import (
    AFTERWARDS,
    BEFORE_THE_END,
    CLOCK,
    FACILITATORS,
    INSIDE,
    NOBODY,
    ONLY_FACILITATORS,
    OPEN,
    OVER,
    PEOPLE,
    Actor,
    Audience,
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

WORK = ("worker", "research", "student")
DECLINES = ("full", "not_this_room", "too_late", "talk_first")
MEMBER_KEPT = 3 * MINUTE
FACILITATOR_KEPT = 15 * MINUTE
PANEL_KEPT = 15 * MINUTE


@command("arrive", by=PEOPLE, during=BEFORE_THE_END | AFTERWARDS, seated=False)
class Arrive(Command):
    """Take a seat, or come back to the one that is already theirs.

    connected: a browser is at the other end already; otherwise the seat lapses like any other if none ever comes.
    in_line: wait for a seat if there is none.
    work: as what they are here for their work: said once, it stands on the seat, and everybody sees it.
    """

    name: str = field(repr=False)
    listening: bool = False
    connected: bool = False
    in_line: bool = False
    work: str = ""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        no_way_in = has_no_way_in(room, actor)
        if no_way_in is not None:
            return no_way_in
        comes_before = actor.role is Role.FACILITATOR and not room.terms.second and at >= room.terms.green_at
        if room.state is State.SCHEDULED and not comes_before:
            return Refusal("not_now")
        seat = room.seat(actor.seat)
        if seat is not None and seat.place is not Place.GONE:
            if not self.connected or seat.away_since is None:
                return ()
            # When they came through the door, be it for the second time: nobody knows yet whether a page will come.
            at_the_door = {seat.arrived_at, seat.inside_since}
            return (Returned(seat=seat.id, first=seat.away_since in at_the_door),)
        facilitates = actor.role is Role.FACILITATOR
        if not facilitates and (room.next_door(actor.seat) == "here" or (room.terms.second and seat is None)):
            return Refusal("next_door")
        # Who has been inside comes back, whoever took the seat meanwhile; who only knocked begins anew.
        let_in = _comes_back(room, seat)
        if not let_in and not facilitates:
            if room.controls.door is Door.LOCKED:
                return Refusal("locked")
            if is_full(room) and not (self.in_line and has_line(room)):
                return Refusal("full")
        # A facilitator is who their account says: a member who took the name first must not keep them out.
        unfit = None if facilitates else self._unfit(room, actor, seat, at)
        return (Arrived(people=(self._seated(room, actor, seat, at),)),) if unfit is None else unfit

    def _keeps_name(self, room: LiveRoom, before: Seat | None, at: float) -> bool:
        """Leaving and coming back is no other way to another name. A page that comes back by itself asks for none: the
        one it brings is from when it was loaded, and the person may have changed it since.
        """
        if before is None or before.role is Role.FACILITATOR:
            return False
        return self.connected or why_not_renamed(room, before, at) is not None

    def _unfit(self, room: LiveRoom, actor: Actor, before: Seat | None, at: float) -> Refusal | None:
        """Why a member cannot come in under this name, or for this work."""
        if self.work and self.work not in WORK:
            return Refusal("invalid")
        if self.work and not room.terms.admits_work:
            return Refusal("no_work")
        if self._keeps_name(room, before, at):
            return None
        others = (each.name for each in room.controls.seats.values() if each.id != actor.seat)
        return names.refuse(self.name, (*others, *room.terms.reserved))

    def _seated(self, room: LiveRoom, actor: Actor, before: Seat | None, at: float) -> Seat:
        """A newcomer's seat, or the old one with every restriction that stood on it."""
        let_in = _comes_back(room, before)
        # What stands on their seat next door is not shed by coming in here: a facilitator looks first.
        declined = room.next_door(actor.seat) == "wary" or (before is not None and before.declined)
        walks_in = room.state is State.LIVE and room.controls.door is Door.OPEN and not declined
        facilitates = actor.role is Role.FACILITATOR
        queues = not facilitates and not let_in and is_full(room)
        inside = not queues and (facilitates or let_in or walks_in)
        newcomer = before or Seat(
            id=actor.seat,
            name="",
            role=actor.role,
            place=Place.WAITING,
            arrived_at=at,
            listening=self.listening,
            # The room has long forgotten the seat, but not that its powers were taken.
            off_duty=actor.seat in room.controls.suspended,
        )
        # Who was here before is no suspect. Who knocks again is told of as they come now, and not as they came then.
        unknown = before is None or before.knocked_after is not None
        name = newcomer.name if self._keeps_name(room, before, at) else names.tidy(self.name)
        return changed(
            newcomer,
            name=name,
            renamed_at=at if before is not None and name != before.name else newcomer.renamed_at,
            place=Place.INSIDE if inside else Place.QUEUED if queues else Place.WAITING,
            let_in=inside,
            declined=declined,
            knocked_after=_after_a_removal(room, at) if unknown and not inside else None,
            inside_since=at if inside else None,
            listening=self.listening,
            # Who watches cannot become one who does not, by coming in once more without a word of it.
            work="" if facilitates else self.work or newcomer.work,
            away_since=None if self.connected else at,
            left_at=None,
        )


def _after_a_removal(room: LiveRoom, at: float) -> int | None:
    """How many minutes ago somebody was removed: a hint, no more, since wards and hostels share their doors.

    Known for as long as the removed person stands in the facilitators' list, so that a latecomer is no suspect all
    evening.
    """
    removed = (room.seat(seat) for seat in room.controls.removed)
    last = max(
        (seat.left_at for seat in removed if seat is not None and seat.left_at is not None), default=None
    )
    return None if last is None else int((at - last) // MINUTE)


def _comes_back(room: LiveRoom, before: Seat | None) -> bool:
    return before is not None and before.let_in and room.next_door(before.id) != "wary"


def has_no_way_in(room: LiveRoom, actor: Actor) -> Refusal | None:
    """For this session, whatever the door says."""
    if room.is_removed(actor.seat):
        return Refusal("removed")
    if actor.seat in room.controls.discharged:
        return Refusal("not_allowed")
    if room.state not in OVER:
        return None
    return None if has_a_word_left(room, actor) else Refusal("over")


def has_a_word_left(room: LiveRoom, actor: Actor) -> bool:
    """Afterwards: who was there to the end, and facilitators, who talk it over. Whose powers were taken does not."""
    seat = room.seat(actor.seat)
    facilitated = actor.role is Role.FACILITATOR and actor.seat not in room.controls.suspended
    joins = facilitated and room.controls.debrief_until is not None
    return joins or (seat is not None and seat.place is not Place.GONE)


@event("arrived", reach=ONLY_FACILITATORS)
class Arrived(Event):
    """Who came; the others see their list of people change and nothing else."""

    people: tuple[Seat, ...] = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        newcomers = [
            seat for seat in self.people if seat.role is Role.MEMBER and seat.id not in room.controls.seats
        ]
        if not newcomers:
            return room.seated(at, *self.people)
        return room.seated(at, *self.people, came=lately_came(room, at, len(newcomers)))

    def merged(self, later: Event) -> Event | None:
        return Arrived(people=self.people + later.people) if isinstance(later, Arrived) else None


@command("admit", by=FACILITATORS, during=OPEN)
class Admit(Command):
    """Let one person in, or everybody who waits and was not told no. Who was declined and went is let in on coming again."""

    seat: SeatId | None

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.seat is None:
            # Whoever was asked outside comes back by a yes to them, and not in a crowd.
            waiting = (seat for seat in room.controls.seats.values() if seat.waiting and not seat.declined)
            return tuple(Admitted(seat=seat.id, by=actor.name) for seat in waiting) or Refusal("already")
        seat = room.seat(self.seat)
        if seat is None or room.is_removed(seat.id):
            return Refusal("not_here")
        if seat.place is Place.GONE and not seat.declined:
            return Refusal("not_here")
        takes_back = seat.place is Place.GONE and seat.declined
        return (Admitted(seat=seat.id, by=actor.name),) if seat.waiting or takes_back else Refusal("already")


@event("admitted", reach=ONLY_FACILITATORS)
class Admitted(Event):
    seat: SeatId
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        if seat is None:
            return room
        if seat.place is Place.GONE:
            return room.seated(at, replace(seat, let_in=True, declined=False, knocked_after=None))
        return room.seated(at, enter(seat, at))

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@command("decline", by=FACILITATORS, during=OPEN)
class Decline(Command):
    """Not this time, with words. The same person may knock again, and may be let in."""

    seat: SeatId
    words: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.words not in DECLINES:
            return Refusal("invalid")
        seat = room.seat(self.seat)
        if seat is None or seat.place is Place.GONE:
            return Refusal("not_here")
        return (
            (Declined(seat=seat.id, words=self.words, by=actor.name),) if seat.waiting else Refusal("already")
        )


@event("declined", reach=ONLY_FACILITATORS)
class Declined(Event):
    seat: SeatId
    words: str
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        return room if seat is None else _gone(room.seated(at, replace(seat, declined=True)), seat.id, at)

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@command("leave", by=PEOPLE, during=BEFORE_THE_END | AFTERWARDS)
class Leave(Command):
    """Go, without being asked why and without a word to the others."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        return (Left(seat=actor.seat),)


@event("left", reach=ONLY_FACILITATORS)
class Left(Event):
    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return _gone(room, self.seat, at)


@command("remove", by=RIGHTS["grave"], during=OPEN)
class Remove(Command):
    """Remove one person for this session. From then on newcomers knock, so that the link alone brings nobody back."""

    seat: SeatId
    reason: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.reason not in REASONS:
            return Refusal("invalid")
        seat = room.seat(self.seat)
        if self.seat in room.controls.removed:
            return Refusal("already")
        if seat is None:
            return Refusal("not_here")
        if room.facilitates(seat):
            return Refusal("not_allowed")
        removed = Removed(seat=seat.id, reason=self.reason, by=actor.name)
        done = (removed, SomeoneRemoved()) if seat.inside else (removed,)
        return with_second_yes(room, actor, at, "remove", seat.id, self.reason, done)


@event("removed", reach=ONLY_FACILITATORS, told=True)
class Removed(Event):
    seat: SeatId
    reason: str
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        gone = _gone(room, self.seat, at)
        door = Door.KNOCK if room.controls.door is Door.OPEN else room.controls.door
        return gone.with_controls(removed={**gone.controls.removed, self.seat: self.reason}, door=door)

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@event("someone_removed", reach=INSIDE)
class SomeoneRemoved(Event):
    """All that the others learn: one person has left the session."""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room


@event("knock_first", reach=INSIDE)
class KnockFirst(Event):
    """From now on newcomers wait to be let in."""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(door=Door.KNOCK)


@command("lose", by=CLOCK, during=BEFORE_THE_END | AFTERWARDS, seated=False)
class Lose(Command):
    """A node noticed that a person's last connection broke, and has not come back for a while."""

    seat: SeatId
    since: float

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        seat = room.seat(self.seat)
        if seat is None or seat.place is Place.GONE or seat.away_since is not None:
            return ()
        return (LostTouch(seat=self.seat, since=min(self.since, at)),)


@event("lost_touch", reach=ONLY_FACILITATORS)
class LostTouch(Event):
    seat: SeatId
    since: float

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        return room if seat is None else room.seated(at, replace(seat, away_since=self.since))


@event("returned", reach=ONLY_FACILITATORS)
class Returned(Event):
    """``first``: the page of somebody who just came through the door; nobody had missed them."""

    seat: SeatId
    first: bool = False

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat)
        return room if seat is None else room.seated(at, replace(seat, away_since=None))

    def shown_to(self, audience: Audience) -> Event | None:
        return None if self.first else Event.shown_to(self, audience)


@event("forgot", reach=NOBODY)
class Forgot(Event):
    """Seats that were given up long enough ago leave the facilitators' list, and the room's memory."""

    seats: tuple[SeatId, ...]

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        forgotten = set(self.seats)
        return room.with_controls(
            seats={each: seat for each, seat in room.controls.seats.items() if each not in forgotten}
        )


def _gone(room: LiveRoom, seat_id: SeatId, at: float) -> LiveRoom:
    seat = room.seat(seat_id)
    if seat is None:
        return room
    return room.seated(
        at, replace(seat, place=Place.GONE, left_at=at, away_since=None, inside_since=None, arriving="")
    )
