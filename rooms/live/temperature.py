"""A temperature check: one question, two to four answers, two minutes, and then how many of each. Nothing is kept.

Who answered stands in the controls, so that nobody answers twice; what was answered, only as counts in the memory of the
nodes that heard it. A node that has not heard every answer cannot say the totals and leaves it to one that has.
"""

from collections.abc import Iterator
from dataclasses import field, replace

from rooms.live.agreement import OTHERS_FIRST, check_until
from rooms.live.permissions import RIGHTS
from rooms.live.state import MINUTE, Check, LiveRoom
from rooms.live.talk import message_id
from rooms.live.text import clean
from rooms.live.words import (
    NOBODY,
    Actor,
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

LONGEST_QUESTION = 140
LONGEST_ANSWER = 40
FEWEST_ANSWERS, MOST_ANSWERS = 2, 4
TEMPERATURE_SECONDS = 2 * MINUTE
FEWEST_VOTES = 3
_TALKING = frozenset({State.LIVE, State.CLOSING})


@command("ask_temperature", by=RIGHTS["guide"], during=_TALKING)
class AskTemperature(Command):
    question: str = field(repr=False)
    answers: tuple[str, ...] = field(repr=False)

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if room.controls.check is not None:
            return Refusal("check_runs")
        if not FEWEST_ANSWERS <= len(self.answers) <= MOST_ANSWERS:
            return Refusal("invalid")
        question = clean(self.question, LONGEST_QUESTION)
        if isinstance(question, Refusal):
            return question
        answers: list[str] = []
        for each in self.answers:
            answer = clean(each, LONGEST_ANSWER)
            if isinstance(answer, Refusal):
                return answer
            answers.append(answer)
        if len(set(answers)) < len(answers):
            return Refusal("invalid")
        check = message_id(actor.seat, at)
        return (
            TemperatureAsked(check, question, tuple(answers), until=at + TEMPERATURE_SECONDS, by=actor.name),
        )


@event("temperature_asked")
class TemperatureAsked(Event):
    id: str
    question: str = field(repr=False)
    answers: tuple[str, ...] = field(repr=False)
    until: float
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        check = Check(kind="temperature", id=self.id, until=self.until, answers=len(self.answers))
        asked = room.with_recent(question=(self.question, *self.answers), votes={}, votes_for=self.id)
        return asked.with_controls(check=check)


@command("answer_temperature", by=RIGHTS["object"], during=_TALKING)
class AnswerTemperature(Command):
    """Once for every seat. ``answer``: its place among the answers, from 0."""

    answer: int

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        check = room.controls.check
        if check is None or check.kind != "temperature":
            return Refusal("not_now")
        if not 0 <= self.answer < check.answers:
            return Refusal("invalid")
        if actor.seat in check.answered:
            return Refusal("already")
        return (TemperatureAnswered(seat=actor.seat, answer=self.answer),)


@event("temperature_answered", reach=NOBODY)
class TemperatureAnswered(Event):
    """Shown to nobody, ever; its two halves part as it is folded."""

    seat: SeatId
    answer: int = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        check, recent = room.controls.check, room.recent
        if check is None:
            return room
        answered = room.with_controls(check=replace(check, answered=(*check.answered, self.seat)))
        if recent.votes_for != check.id:
            # This node has not heard the question: it must not count what it cannot count to the end.
            return answered
        votes = {**recent.votes, self.answer: recent.votes.get(self.answer, 0) + 1}
        return answered.with_recent(votes=votes)


@event("temperature_taken")
class TemperatureTaken(Event):
    """How many gave each answer, in their order.

    why: empty, or why there are no totals: ``few`` answered, so that they could be told apart; or ``unknown``: the
    server lost count, and says so rather than guess.
    """

    id: str
    totals: tuple[int, ...]
    why: str = ""

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        taken = room.with_recent(question=(), votes={}, votes_for="")
        return taken.with_controls(check=None)


@deadlines
def _taken(room: LiveRoom) -> Iterator[Due]:
    check, recent = room.controls.check, room.recent
    if check is None or check.kind != "temperature" or room.state not in _TALKING:
        return
    until = check_until(room, check, TEMPERATURE_SECONDS)
    if len(check.answered) < FEWEST_VOTES:
        yield until, TemperatureTaken(id=check.id, totals=(), why="few")
    elif recent.votes_for == check.id and sum(recent.votes.values()) == len(check.answered):
        totals = tuple(recent.votes.get(answer, 0) for answer in range(check.answers))
        yield until, TemperatureTaken(id=check.id, totals=totals)
    else:
        yield until + OTHERS_FIRST, TemperatureTaken(id=check.id, totals=(), why="unknown")
