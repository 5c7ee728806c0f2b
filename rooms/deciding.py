"""From requests to what is decided: commands that wait together become entries of one commit, and answers.

No clock is read here: whoever decides is asked for the time, since every event has a moment of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rooms import codec, live
from rooms.engines import Position, Repeated
from rooms.live import Actor, Command, Event, LiveRoom, Refusal
from rooms.live.door import Returned


@dataclass(frozen=True, slots=True)
class Done:
    """It happened. ``seq`` is the number people saw it under; None: nothing to see, or the number is not known here.

    event: the last that came of it; None: nothing did, or it happened before and its answer was lost.
    """

    seq: int | None = None
    event: Event | None = field(default=None, compare=False, repr=False)

    @property
    def let_a_newcomer_in(self) -> bool:
        """It was the first page of somebody who came through the door a moment ago."""
        return isinstance(self.event, Returned) and self.event.first


Outcome = Done | Refusal
Reply = Callable[[Outcome], None]


@dataclass(slots=True)
class Request:
    command: Command
    actor: Actor
    once: str | None
    reply: Reply | None

    def answer(self, outcome: Outcome) -> None:
        """The first answer counts."""
        reply, self.reply = self.reply, None
        if reply is not None:
            reply(outcome)


@dataclass(slots=True)
class Decided:
    """Many commands decided as one: what to commit, and who is answered by which entry of it.

    before: the room that was decided on. rooms: what it becomes by each entry. encoded: the entries as they travel.
    """

    before: LiveRoom
    entries: list[tuple[Event, float]]
    rooms: list[LiveRoom]
    encoded: tuple[bytes, ...]
    seqs: list[int | None]
    once: dict[str, int]
    known: list[tuple[Request, Outcome]]
    waiting: list[tuple[Request, int]]

    @property
    def room(self) -> LiveRoom:
        """What all of it makes of the room."""
        return self.rooms[-1] if self.rooms else self.before


def decide(room: LiveRoom, requests: Sequence[Request], now: Callable[[], float]) -> Decided:
    """Each command on what the ones before it brought about. ``now``: the time, never twice the same."""
    first = room
    entries: list[tuple[Event, float]] = []
    rooms: list[LiveRoom] = []
    seqs: list[int | None] = []
    once: dict[str, int] = {}
    known: list[tuple[Request, Outcome]] = []
    waiting: list[tuple[Request, int]] = []
    before = room
    for request in requests:
        key = request.once
        if key is not None and key in once:
            waiting.append((request, once[key]))
            continue
        moment = now()
        decision = live.decide(room, request.command, request.actor, moment)
        if isinstance(decision, Refusal):
            known.append((request, decision))
            continue
        if not decision:
            known.append((request, Done()))
            continue
        for event in decision:
            joined = entries[-1][0].merged(event) if entries else None
            if joined is None:
                before, last = room, event
                at = moment if event is decision[0] else now()
                entries.append((event, at))
                rooms.append(room)
                seqs.append(None)
            else:
                last, at = joined, entries[-1][1]
                entries[-1] = (joined, at)
            rooms[-1] = room = live.evolve(before, last, at)
            if last.numbered:
                # How far the number that people see lies below the engine's. Nobody can change it unnoticed.
                seqs[-1] = room.controls.hidden
        index = len(entries) - 1
        waiting.append((request, index))
        if key is not None:
            once[key] = index
    encoded = tuple([codec.encode_event(event, at) for event, at in entries])
    return Decided(first, entries, rooms, encoded, seqs, once, known, waiting)


def numbered(decided: Decided, at: Position) -> list[tuple[Request, Outcome]]:
    """The answers, with the numbers that people see. ``at``: of the last entry, once all were committed."""
    first = at.seq - len(decided.entries) + 1
    answers: list[tuple[Request, Outcome]] = []
    for request, index in decided.waiting:
        hidden = decided.seqs[index]
        seq = None if hidden is None else first + index - hidden
        answers.append((request, Done(seq, decided.entries[index][0])))
    return answers


def drop_repeated(requests: list[Request], firsts: Mapping[str, int]) -> list[Request]:
    """Answer what was carried out before; what is left is new."""
    answer_each([(request, Done()) for request in requests if request.once in firsts])
    return [request for request in requests if request.once not in firsts]


def answer_known(known: list[tuple[Request, Outcome]], looked: object) -> None:
    """``looked``: what the engine said of those that would be refused now; they may have been carried before."""
    firsts = looked.firsts if isinstance(looked, Repeated) else {}
    answer_each([(request, Done() if request.once in firsts else outcome) for request, outcome in known])


def answer_each(answers: list[tuple[Request, Outcome]]) -> None:
    for request, outcome in answers:
        request.answer(outcome)
