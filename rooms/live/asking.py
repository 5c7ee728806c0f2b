"""Pause, please: enough people ask, and a facilitator answers within a minute, or the room is held."""

from collections.abc import Iterator
from dataclasses import field, replace
from math import ceil

from rooms.live.lifecycle import Held
from rooms.live.permissions import RIGHTS
from rooms.live.state import MINUTE, LiveRoom
from rooms.live.words import (
    FACILITATORS,
    ONLY_FACILITATORS,
    Actor,
    Audience,
    Command,
    Decision,
    Due,
    Event,
    Refusal,
    SeatId,
    State,
    command,
    deadlines,
    event,
)

ANSWERED_WITHIN = MINUTE
ASKED_FOR = 5 * MINUTE
ANSWERS = ("carry_on", "in_a_moment", "tell_us_more")
_TALKING = frozenset({State.LIVE, State.CLOSING})


def quorum(room: LiveRoom, at: float) -> int:
    """How many must ask: two, or a third of those who could where that is more. Never one alone."""
    could = [
        seat
        for seat in room.controls.seats.values()
        if seat.away_since is None and room.standing(seat, at) in AskForPause.by
    ]
    return max(2, ceil(len(could) / 3))


@command("ask_for_pause", by=RIGHTS["ask_for_pause"], during=_TALKING, leads_to=State.PAUSED)
class AskForPause(Command):
    """Pause, please. Facilitators learn how many ask, not who."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        controls = room.controls
        if controls.unattended:
            return Refusal("held")
        here = (room.seat(seat) for seat in controls.pause_asked)
        asking = {seat.id for seat in here if seat is not None and seat.inside} | {actor.seat}
        due = controls.pause_due
        if due is None and len(asking) >= quorum(room, at):
            due = at + ANSWERED_WITHIN
        # Who has asked already is counted again: since then so many may have left that it is enough.
        if actor.seat in controls.pause_asked and due == controls.pause_due:
            return Refusal("already")
        return (PauseAsked(seat=actor.seat, count=len(asking), due=due),)


@event("pause_asked", reach=ONLY_FACILITATORS)
class PauseAsked(Event):
    """``due``: enough have asked, and the room is held then unless a facilitator pauses it or answers."""

    seat: SeatId | None
    count: int | None
    due: float | None

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        asked = room.controls.pause_asked
        if self.seat is not None and self.seat not in asked:
            asked = (*asked, self.seat)
        return room.with_controls(pause_asked=asked, pause_asked_at=at, pause_due=self.due)

    def shown_to(self, audience: Audience) -> Event | None:
        return Event.shown_to(replace(self, seat=None), audience)

    @property
    def concerns(self) -> SeatId | None:
        return self.seat

    def shown_to_concerned(self) -> Event:
        return PauseAsked(seat=self.seat, count=None, due=None)


@command("answer_pause_asking", by=FACILITATORS, during=_TALKING)
class AnswerPauseAsking(Command):
    """Say to everybody that it was heard, and that the talk goes on for now. They may ask again."""

    answer: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.answer not in ANSWERS:
            return Refusal("invalid")
        if not room.controls.pause_asked:
            return Refusal("already")
        return (PauseAskingAnswered(answer=self.answer, by=actor.name),)


@event("pause_asking_answered", told=True)
class PauseAskingAnswered(Event):
    answer: str
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(pause_asked=(), pause_asked_at=None, pause_due=None)


@event("pause_asking_over", reach=ONLY_FACILITATORS)
class PauseAskingOver(Event):
    """Too few asked, for too long."""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(pause_asked=(), pause_asked_at=None, pause_due=None)


@deadlines
def _unanswered(room: LiveRoom) -> Iterator[Due]:
    controls = room.controls
    if room.state not in _TALKING or controls.unattended:
        return
    if controls.pause_due is not None:
        yield controls.pause_due, Held(why="asked")
    elif controls.pause_asked_at is not None:
        yield controls.pause_asked_at + ASKED_FOR, PauseAskingOver()
