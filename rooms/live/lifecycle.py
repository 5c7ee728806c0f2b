"""The course of a session: start, pause, resume, hold, closing, extend, end."""

from dataclasses import field, replace

from rooms.live.green_room import without_cards
from rooms.live.state import MINUTE, LiveRoom, Recent, Seat
from rooms.live.turnout import turnout
from rooms.live.words import (
    AFTERWARDS,
    EVERYONE,
    FACILITATORS,
    UNDER_WAY,
    Actor,
    Command,
    Decision,
    Door,
    Event,
    Place,
    Refusal,
    State,
    command,
    event,
)

PAUSES = ("a_minute", "something_to_sort_out", "a_breather")
EXTENSION = 10 * MINUTE
EXTENSIONS = 2
NOTICE = 1 * MINUTE
ALONE_GRACE = 45.0
HELD_FOR = 10 * MINUTE
UNATTENDED_CLOSING = 2 * MINUTE
LINES_AFTER = 10 * MINUTE
DEBRIEF = 30 * MINUTE


def into(
    room: LiveRoom, state: State, at: float, *, by: str = "", reason: str = "", **changes: object
) -> LiveRoom:
    """The room in another state, with who brought it there and why."""
    return room.with_controls(state=state, since=at, by=by, reason=reason, **changes)


@event("doors_opened", reach=EVERYONE)
class DoorsOpened(Event):
    """``counts``: how many take part is kept, as a band. Two nodes may have asked the organiser's wish at different times."""

    counts: bool = False

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        door = Door.KNOCK if room.terms.knock_first else Door.OPEN
        alone_since = None if room.controls.alone_since is None else at
        took_part = "" if self.counts else None
        return into(room, State.DOORS, at, door=door, alone_since=alone_since, took_part=took_part)


@command("start", by=FACILITATORS, during=frozenset({State.DOORS}), leads_to=State.LIVE)
class Start(Command):
    """Begin; everybody who waits comes in, unless newcomers are asked to knock."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        return Refusal("with_the_first") if room.terms.second else (Started(by=actor.name),)


@event("started", reach=EVERYONE, told=True)
class Started(Event):
    """``by`` is empty when the room started itself."""

    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        live = into(without_cards(room), State.LIVE, at, by=self.by, started_at=at)
        if room.controls.door is not Door.OPEN:
            return live
        waiting = (seat for seat in room.controls.seats.values() if seat.waiting and not seat.declined)
        return live.seated(at, *(enter(seat, at) for seat in waiting))


def enter(seat: Seat, at: float) -> Seat:
    return replace(seat, place=Place.INSIDE, let_in=True, declined=False, inside_since=at, knocked_after=None)


@command("pause", by=FACILITATORS, during=frozenset({State.LIVE, State.CLOSING}), leads_to=State.PAUSED)
class Pause(Command):
    """Stop the talking for a moment, with a reason; drafts are kept and the end does not move."""

    reason: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.reason not in PAUSES:
            return Refusal("invalid")
        return (Paused(by=actor.name, reason=self.reason),)


@event("paused", reach=EVERYONE, told=True)
class Paused(Event):
    by: str = field(repr=False)
    reason: str

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        paused = into(room, State.PAUSED, at, by=self.by, reason=self.reason, before=room.state)
        return _nobody_asks(paused)


def _nobody_asks(room: LiveRoom) -> LiveRoom:
    """The talk has stopped: whoever asked for a pause has one."""
    return room.with_controls(pause_asked=(), pause_asked_at=None, pause_due=None)


@event("held", reach=EVERYONE)
class Held(Event):
    """The room waits, and nobody can talk in it.

    why: empty: nobody facilitates; ``asked``: people asked for a pause, and nobody answered them.
    """

    why: str = ""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        before = room.controls.before if room.state is State.PAUSED else room.state
        return _nobody_asks(into(room, State.HELD, at, reason=self.why, before=before))


@command(
    "resume",
    by=FACILITATORS,
    during=frozenset({State.PAUSED, State.HELD, State.CLOSING}),
    leads_to=State.LIVE,
)
class Resume(Command):
    """Go on after a pause or a hold, or take back a closing that the server began because nobody was there."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if room.state is State.CLOSING and not room.controls.unattended:
            return Refusal("already")
        return (Resumed(by=actor.name),)


def lost_to_a_hold(room: LiveRoom, at: float) -> float:
    """Nobody could use the time of a hold, so it is given back; a pause is the facilitator's own choice."""
    return at - room.controls.since if room.state is State.HELD else 0.0


@event("resumed", reach=EVERYONE, told=True)
class Resumed(Event):
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        controls = room.controls
        if controls.unattended:
            # The server had brought the end forward; the organiser's own end comes back, or as much as is left to close.
            ends_at = max(room.terms.ends_at + controls.extended * EXTENSION, at + UNATTENDED_CLOSING)
            closing_at = max(ends_at - room.terms.closing_minutes * MINUTE, at)
            return into(
                room,
                State.LIVE,
                at,
                by=self.by,
                unattended=False,
                ends_at=ends_at,
                closing_at=closing_at,
                ending=False,
            )
        lost = lost_to_a_hold(room, at)
        return into(
            room,
            controls.before,
            at,
            by=self.by,
            ends_at=controls.ends_at + lost,
            closing_at=controls.closing_at + lost,
        )


@command(
    "begin_closing", by=FACILITATORS, during=frozenset({State.LIVE, State.PAUSED}), leads_to=State.CLOSING
)
class BeginClosing(Command):
    """Begin the closing now; the end does not move, but is never further away than a closing is long."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        ends_at = min(room.controls.ends_at, at + room.terms.closing_minutes * MINUTE)
        # A notice of the end that was given before a pause still stands.
        return (Closing(ends_at=ends_at, by=actor.name, ending=room.controls.ending),)


@event("closing", reach=EVERYONE, told=True)
class Closing(Event):
    """``by`` is empty when it was the clock. ``unattended``: the server ends a room to which nobody came back."""

    ends_at: float
    by: str = field(repr=False)
    unattended: bool = False
    ending: bool = False

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return into(
            room,
            State.CLOSING,
            at,
            by=self.by,
            closing_at=at,
            ends_at=self.ends_at,
            unattended=self.unattended,
            ending=self.ending,
        )


@command("extend", by=FACILITATORS, during=frozenset({State.LIVE, State.PAUSED, State.CLOSING}))
class Extend(Command):
    """Ten minutes more, twice at most, and never into another session of the room or of who facilitates."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if room.terms.second:
            return Refusal("with_the_first")
        if room.controls.extended >= EXTENSIONS:
            return Refusal("too_many_extends")
        free_until = room.terms.free_until
        if free_until is not None and room.controls.ends_at + EXTENSION > free_until:
            return Refusal("booked")
        return (Extended(ends_at=room.controls.ends_at + EXTENSION, by=actor.name),)


@event("extended", reach=EVERYONE, told=True)
class Extended(Event):
    ends_at: float
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        controls = room.controls
        closing_at = controls.closing_at
        state = controls.before if room.state is State.PAUSED else room.state
        if state is not State.CLOSING:
            closing_at += self.ends_at - controls.ends_at
        return room.with_controls(
            ends_at=self.ends_at, closing_at=closing_at, extended=controls.extended + 1, ending=False
        )


@command("end", by=FACILITATORS, during=UNDER_WAY, leads_to=State.ENDED)
class End(Command):
    """Say that it ends in a minute; said again, it ends now."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if room.controls.ending:
            return (Ended(why="facilitator"),)
        # A room may have been held past its end: the notice must not be over before it is given.
        ends_at = room.controls.ends_at + lost_to_a_hold(room, at)
        return (Closing(ends_at=min(ends_at, at + NOTICE), by=actor.name, ending=True),)


def over(room: LiveRoom, state: State, at: float, *, by: str = "", reason: str = "") -> LiveRoom:
    """The room shut, and with no word left in the memory of this node.

    Where a facilitator on duty is there, people may write to them for a while, unless nobody came at all. After an end those
    who facilitated may talk it over, also one who had stepped back: where nobody else stays, the others are shown out.
    """
    stays = state in AFTERWARDS and room.controls.alone_since is None
    talks = state is State.ENDED and any(seat.away_since is None for seat in room.facilitators)
    shut = into(
        without_cards(room),
        state,
        at,
        by=by,
        reason=reason,
        door=Door.SHUT,
        lines_until=at + LINES_AFTER if stays else None,
        debrief_until=at + DEBRIEF if talks else None,
        took_part=None,
        turnout=turnout(room.controls) if state is State.ENDED else "",
    )
    # There is no talk left to be out of, and whoever facilitated may want to talk it over.
    cornered = (seat for seat in shut.controls.seats.values() if seat.corner_since is not None)
    shut = shut.seated(at, *(seat.out_of_the_corner(at) for seat in cornered))
    return replace(shut if stays or not talks else only_facilitators(shut), recent=Recent())


def only_facilitators(room: LiveRoom) -> LiveRoom:
    """Everybody else is shown out, and what the room knew of their seats is forgotten."""
    seats = {seat.id: seat for seat in room.facilitators}
    return room.with_controls(
        seats=seats, removed={}, down={}, down_at={}, moves={}, lines={}, claims={}, lines_until=None
    )


@event("ended", reach=EVERYONE)
class Ended(Event):
    """``why``: time · facilitator · unattended · safety."""

    why: str

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return over(room, State.ENDED, at, reason=self.why)


def not_held_at(room: LiveRoom) -> float:
    """Until when a facilitator is waited for at the doors, while none is there.

    Counted from the start, or from when the only facilitator went away again, or from when a restarted server opened
    these doors anew in the middle of the session.
    """
    controls = room.controls
    return max(controls.starts_at, controls.alone_since or 0.0) + room.terms.wait_minutes * MINUTE


@event("not_held", reach=EVERYONE)
class NotHeld(Event):
    """No facilitator came."""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return over(room, State.NOT_HELD, at)
