"""Private lines: one person and the facilitators, in memory only. There is no line between two members."""

from collections.abc import Iterator
from dataclasses import field

from rooms.live.afterwards import lines_shut_at
from rooms.live.lifecycle import not_held_at
from rooms.live.permissions import RIGHTS
from rooms.live.state import LiveRoom, Note, Seat
from rooms.live.talk import LONGEST, message_id
from rooms.live.text import clean
from rooms.live.words import (
    AFTERWARDS,
    NOBODY,
    ONLY_FACILITATORS,
    OPEN,
    OVER,
    Actor,
    Command,
    Decision,
    Due,
    Event,
    Place,
    Refusal,
    SeatId,
    State,
    afterwards,
    command,
    deadlines,
    event,
)

MOST_KEPT = 100
_BEFORE_IT_IS_OVER = 1.0


@command("write_line", by=RIGHTS["private_line"], during=OPEN | AFTERWARDS)
class WriteLine(Command):
    """Write to the facilitators (``seat`` null), or, as one of them, to one person.

    It works for somebody who waits, is quieted or rests in the corner, while the room is paused or held, and for ten
    minutes after the end or a calling off if a facilitator stays.
    """

    seat: SeatId | None
    text: str = field(repr=False)

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if room.state in OVER and room.controls.lines_until is None:
            return Refusal("over")
        writer = room.controls.seats[actor.seat]
        line: Seat | None = writer
        if self.seat is not None and self.seat != actor.seat:
            if not room.on_duty(writer):
                return Refusal("not_allowed")
            line = room.seat(self.seat)
        if line is None or line.place is Place.GONE:
            return Refusal("not_here")
        if room.on_duty(line):
            # Facilitators have the backchannel among themselves.
            return Refusal("invalid")
        why = None if line is writer else _left_alone(room, line)
        if why is not None:
            return Refusal(why)
        text = clean(self.text, LONGEST)
        if isinstance(text, Refusal):
            return text
        return (LineWritten(message_id(actor.seat, at), line=line.id, seat=writer.id, name=writer.name, text=text),)  # fmt: skip


def _left_alone(room: LiveRoom, seat: Seat) -> str | None:
    """Why facilitators may not write to somebody now. Whoever writes to them themselves takes it back."""
    if room.controls.lines.get(seat.id) == "declined":
        return "line_declined"
    since = seat.corner_since
    if since is None:
        return None
    meanwhile = [note for note in room.recent.lines.get(seat.id, ()) if note.at >= since]
    if any(note.seat == seat.id for note in meanwhile):
        return None
    if seat.leave_be:
        return "leave_be"
    return "one_gentle_line" if meanwhile else None


@event("line_written", reach=ONLY_FACILITATORS)
class LineWritten(Event):
    """``line``: whose private line it is; ``seat``: who wrote."""

    id: str
    line: SeatId
    seat: SeatId
    name: str = field(repr=False)
    text: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        lines = room.recent.lines
        notes = (*lines.get(self.line, ()), Note(self.id, self.seat, self.name, self.text, at))
        stands = "open" if self.seat == self.line else room.controls.lines.get(self.line, "offered")
        written = room.with_recent(lines={**lines, self.line: notes[-MOST_KEPT:]})
        return written.with_controls(lines={**room.controls.lines, self.line: stands})

    @property
    def concerns(self) -> SeatId | None:
        return self.line


@command("decline_line", by=RIGHTS["private_line"], during=OPEN | AFTERWARDS)
class DeclineLine(Command):
    """No more private words from facilitators, until one writes to them again oneself."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        stands = room.controls.lines.get(actor.seat)
        if stands is None:
            return Refusal("not_now")
        return (LineDeclined(seat=actor.seat),) if stands != "declined" else Refusal("already")


@event("line_declined", reach=ONLY_FACILITATORS)
class LineDeclined(Event):
    seat: SeatId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(lines={**room.controls.lines, self.seat: "declined"})

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


# I've got this


def claimed_by(room: LiveRoom, seat: SeatId) -> Seat | None:
    """The facilitator who looks after somebody, as long as they are there to do it."""
    facilitator = room.seat(room.controls.claims.get(seat, ""))
    return facilitator if facilitator is not None and room.on_duty(facilitator) else None


@command("claim_line", by=RIGHTS["care"], during=OPEN | AFTERWARDS)
class ClaimLine(Command):
    """I've got this: the other facilitators know that somebody is being looked after, and hold the room."""

    seat: SeatId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        seat = room.seat(self.seat)
        if seat is None or seat.place is Place.GONE:
            return Refusal("not_here")
        claimed = claimed_by(room, seat.id)
        if claimed is not None:
            return Refusal("already") if claimed.id == actor.seat else Refusal("claimed", (claimed.name,))
        return (LineClaimed(seat=seat.id, by=actor.seat, name=actor.name),)


@event("line_claimed", reach=ONLY_FACILITATORS)
class LineClaimed(Event):
    seat: SeatId
    by: SeatId
    name: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(claims={**room.controls.claims, self.seat: self.by})


@command("release_line", by=RIGHTS["care"], during=OPEN | AFTERWARDS)
class ReleaseLine(Command):
    seat: SeatId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.seat not in room.controls.claims:
            return Refusal("already")
        claimed = claimed_by(room, self.seat)
        if claimed is not None and claimed.id != actor.seat:
            return Refusal("claimed", (claimed.name,))
        return (LineReleased(seat=self.seat, name=actor.name),)


@event("line_released", reach=ONLY_FACILITATORS)
class LineReleased(Event):
    seat: SeatId
    name: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        claims = {seat: by for seat, by in room.controls.claims.items() if seat != self.seat}
        return room.with_controls(claims=claims)


# Nobody saw this


@event("line_unseen", reach=NOBODY)
class LineUnseen(Event):
    """Nobody saw this: what somebody wrote to facilitators who never came is theirs again."""

    seat: SeatId
    notes: tuple[str, ...]

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        lines = {
            line: tuple(note for note in notes if note.id not in self.notes)
            for line, notes in room.recent.lines.items()
        }
        return room.with_recent(lines={line: notes for line, notes in lines.items() if notes})

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@deadlines
@afterwards
def _unseen(room: LiveRoom) -> Iterator[Due]:
    controls = room.controls
    if controls.alone_since is None:
        return
    shut_at = lines_shut_at(room)
    if shut_at is not None:
        over_at = shut_at
    elif room.state is State.DOORS:
        over_at = min(not_held_at(room), controls.ends_at)
    elif controls.unattended:
        over_at = controls.ends_at
    else:
        return
    for line, notes in room.recent.lines.items():
        unseen = tuple(note.id for note in notes if note.seat == line and note.at >= controls.alone_since)
        if unseen:
            yield over_at - _BEFORE_IT_IS_OVER, LineUnseen(seat=line, notes=unseen)
