"""Talking: what is said, and the author's right to take it back."""

import re
from dataclasses import field
from math import ceil

from rooms.live.floor import has_the_word, heard, not_your_turn
from rooms.live.looking import KeptForLook, LookedAt, looked_at_first
from rooms.live.permissions import RIGHTS
from rooms.live.state import LiveRoom, Seat
from rooms.live.text import clean, clean_if_any
from rooms.live.words import (
    OVER,
    TALKING,
    UNDER_WAY,
    Actor,
    Command,
    Decision,
    Event,
    MessageId,
    Refusal,
    SeatId,
    State,
    command,
    event,
)

LONGEST = 1000
LONGEST_NOTE = 60
MOST_TAKEN_BACK = 200  # by one person in a session
TAGS = ("", "just_listen", "me_too", "questions", "ideas")
REACTIONS = ("with_you", "me_too", "thank_you", "listening")

# No room for a word between people in it: a seat as the door makes them, and a moment.
_MESSAGE = re.compile(r"([A-Za-z0-9_-]{1,24})\.[0-9a-f]{1,16}")


def held_back(room: LiveRoom, seat: Seat, at: float) -> str | None:
    """Why this seat's words would be refused now; None: it may talk. Nothing else grants speech."""
    state = room.state
    if state is not State.LIVE and state is not State.CLOSING:
        return _NOT_OPEN.get(state, "not_now")
    if room.controls.unattended:
        return "held"
    return silenced(seat, at) or not_your_turn(room, seat)


def silenced(seat: Seat, at: float) -> str | None:
    """The part of ``held_back`` that is this seat's own."""
    if not seat.inside:
        return "waiting"
    if seat.quiet_at(at):
        return "quieted"
    if seat.corner_since is not None:
        return "cornered"
    if seat.to_agree == "first":
        return "agreement"
    if seat.listening:
        return "listening"
    return None


def too_soon(room: LiveRoom, seat: Seat, at: float) -> Refusal | None:
    """Slow mode: words to everybody come one after the other, with so many seconds between those of one person."""
    if not room.controls.slow or room.on_duty(seat) or has_the_word(room, seat):
        return None
    wait = room.recent.said_at.get(seat.id, 0.0) + room.controls.slow - at
    return Refusal("slow_mode", (str(ceil(wait)),)) if wait > 0 else None


def paced(room: LiveRoom, seat: SeatId, at: float) -> LiveRoom:
    """They have said something now. Kept only while somebody asks for it."""
    return room.with_recent(said_at={**room.recent.said_at, seat: at}) if room.controls.slow else room


_NOT_OPEN = {State.PAUSED: "paused", State.HELD: "held", **dict.fromkeys(OVER, "over")}


def message_id(seat: SeatId, at: float) -> MessageId:
    """Unique, because a host's time never stands still; and it proves its author to every node."""
    return f"{seat}.{round(at * 1_000_000):x}"


def author(message: MessageId) -> SeatId:
    """Whose message it is; nobody's, if it is not of the form that ``message_id`` gives, but words in disguise.

    The room may have forgotten that person by now: what they said is still on screens, and still to be looked after.
    """
    named = _MESSAGE.fullmatch(message)
    return "" if named is None else named[1]


@command("say", by=RIGHTS["post"], during=TALKING)
class Say(Command):
    """Say something to everybody inside.

    note: a content note, under which the text is folded. tag: how the author would like to be answered.
    """

    text: str = field(repr=False)
    note: str = field(default="", repr=False)
    tag: str = ""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        seat = room.controls.seats[actor.seat]
        why = held_back(room, seat, at)
        if why is not None:
            return Refusal(why)
        text = clean(self.text, LONGEST)
        if isinstance(text, Refusal):
            return text
        note = clean_if_any(self.note, LONGEST_NOTE) if self.note else ""
        if isinstance(note, Refusal):
            return note
        if self.tag not in TAGS:
            return Refusal("invalid")
        if (wait := too_soon(room, seat, at)) is not None:
            return wait
        message = message_id(actor.seat, at)
        tag = self.tag or seat.tag
        if looked_at_first(room, seat, at):
            return (KeptForLook(message, seat.id, seat.name, text, note, tag),)
        return (Said(id=message, seat=actor.seat, name=seat.name, text=text, note=note, tag=tag),)


@event("said")
class Said(Event):
    id: MessageId
    seat: SeatId
    name: str = field(repr=False)
    text: str = field(repr=False)
    note: str = field(default="", repr=False)
    tag: str = ""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return paced(heard(room, self.seat), self.seat, at)


@command("take_back", by=RIGHTS["take_back"], during=UNDER_WAY)
class TakeBack(Command):
    """Blank one's own message on every screen; a quieted person may, for it only ever says less."""

    message: MessageId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        # Somebody who never was inside has said nothing; an id made up outside would be shown to everybody inside.
        if author(self.message) != actor.seat or not room.controls.seats[actor.seat].let_in:
            return Refusal("not_yours")
        if self.message in room.recent.taken_back or self.message in room.controls.down:
            return Refusal("already")
        if self.message in room.recent.looked_at:
            # The others never saw it, and are not told that there was something.
            return (LookedAt(message=self.message, seat=actor.seat, outcome="taken_back"),)
        # Ids can be made up without end, and each would be told to everybody and remembered by every node.
        if sum(1 for each in room.recent.taken_back if author(each) == actor.seat) >= MOST_TAKEN_BACK:
            return Refusal("too_fast")
        return (TakenBack(message=self.message),)


@event("taken_back")
class TakenBack(Event):
    message: MessageId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        left = {key: held for key, held in room.recent.looked_at.items() if key != self.message}
        return room.with_recent(taken_back=room.recent.taken_back | {self.message}, looked_at=left)


@command("react", by=RIGHTS["react"], during=UNDER_WAY)
class React(Command):
    """One of four gentle words to a message. Nothing is counted and nobody is ranked."""

    message: MessageId
    kind: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.kind not in REACTIONS:
            return Refusal("invalid")
        # Timers, composer and reactions rest while nobody looks after the room.
        if room.state is State.HELD or room.controls.unattended:
            return Refusal("held")
        if not author(self.message) or self.message in room.controls.down:
            return Refusal("no_such_message")
        return (Reacted(message=self.message, seat=actor.seat, kind=self.kind),)


@event("reacted")
class Reacted(Event):
    message: MessageId
    seat: SeatId
    kind: str

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room


@command("add_note", by=RIGHTS["react"], during=UNDER_WAY)
class AddNote(Command):
    """Fold a message under a content note: facilitators anybody's, everybody their own. An empty note unfolds it."""

    message: MessageId
    note: str = field(repr=False)

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        seat = room.controls.seats[actor.seat]
        if not author(self.message):
            return Refusal("no_such_message")
        if author(self.message) != seat.id and not room.on_duty(seat):
            return Refusal("not_yours")
        note = clean_if_any(self.note, LONGEST_NOTE)
        if isinstance(note, Refusal):
            return note
        if note and not room.on_duty(seat):
            # A note is words that everybody reads: what holds back words holds it back.
            why = held_back(room, seat, at) or ("not_now" if looked_at_first(room, seat, at) else None)
            if why is not None:
                return Refusal(why)
        return (Noted(message=self.message, note=note, by=seat.name),)


@event("noted")
class Noted(Event):
    message: MessageId
    note: str = field(repr=False)
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room

    @property
    def concerns(self) -> SeatId | None:
        return author(self.message)
