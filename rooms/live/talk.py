"""Talking: what is said, and the author's right to take it back."""

import re
from dataclasses import field, replace

from rooms.live.names import seen
from rooms.live.state import LiveRoom, Seat
from rooms.live.words import (
    BEFORE_THE_END,
    OVER,
    PEOPLE,
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

# Controls, line separators, bidi overrides, interlinear marks and tag characters: they can hide or reorder what the
# others read. Tab and newline stay.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]"
)

_MOMENT = re.compile(r"[0-9a-f]{1,16}")


def held_back(room: LiveRoom, seat: Seat, at: float) -> str | None:
    """Why this seat's words would be refused now; None: it may talk. Nothing else grants speech."""
    state = room.state
    if state is not State.LIVE and state is not State.CLOSING:
        return _NOT_OPEN.get(state, "not_now")
    if room.controls.unattended:
        return "held"
    return silenced(seat, at)


def silenced(seat: Seat, at: float) -> str | None:
    """The part of ``held_back`` that is this seat's own."""
    if not seat.inside:
        return "waiting"
    if seat.quiet_at(at):
        return "quieted"
    if seat.listening:
        return "listening"
    return None


_NOT_OPEN = {State.PAUSED: "paused", State.HELD: "held", **dict.fromkeys(OVER, "over")}


def message_id(seat: SeatId, at: float) -> MessageId:
    """Unique, because a host's time never stands still; and it proves its author to every node."""
    return f"{seat}.{int(at * 1_000_000):x}"


def author(message: MessageId) -> SeatId:
    """Whose message it is; nobody's, if it is not of the form that ``message_id`` gives, but words in disguise."""
    seat, _, moment = message.rpartition(".")
    return seat if _MOMENT.fullmatch(moment) else ""


@command("say", by=PEOPLE, during=BEFORE_THE_END)
class Say(Command):
    """Say something to everybody inside."""

    text: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        seat = room.controls.seats[actor.seat]
        why = held_back(room, seat, at)
        if why is not None:
            return Refusal(why)
        text = self.text
        if _UNSEEN.search(text) is not None:
            text = _UNSEEN.sub("", text)
        text = text.strip()
        if not any(map(seen, text)):
            return Refusal("empty")
        if len(text) > LONGEST:
            return Refusal("too_long")
        return (Said(id=message_id(actor.seat, at), seat=actor.seat, name=seat.name, text=text),)


@event("said")
class Said(Event):
    id: MessageId
    seat: SeatId
    name: str = field(repr=False)
    text: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room


@command("take_back", by=PEOPLE, during=UNDER_WAY)
class TakeBack(Command):
    """Blank one's own message on every screen; a quieted person may, for it only ever says less."""

    message: MessageId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        # Somebody who never was inside has said nothing; an id made up outside would be shown to everybody inside.
        if author(self.message) != actor.seat or not room.controls.seats[actor.seat].let_in:
            return Refusal("not_yours")
        if self.message in room.recent.taken_back or self.message in room.controls.down:
            return Refusal("already")
        return (TakenBack(message=self.message),)


@event("taken_back")
class TakenBack(Event):
    message: MessageId

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return replace(room, recent=replace(room.recent, taken_back=room.recent.taken_back | {self.message}))
