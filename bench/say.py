"""What one message costs before it leaves: decide, evolve, encode, in a room of twelve with every rule on."""

import time
from statistics import median

from rooms import codec
from rooms.live import THE_CLOCK, Actor, Command, LiveRoom, Refusal, Terms, Tick, decide, evolve
from rooms.live.door import Arrive
from rooms.live.lifecycle import Start
from rooms.live.names import FRIENDLY
from rooms.live.talk import Say
from rooms.live.words import Role

AT = 1_800_000_000.0
TEXT = "I have been thinking about what you said last week, and it helped more than I could say at the time. Thank you."


def a_room(members: int) -> tuple[LiveRoom, list[Actor]]:
    """A live room with a facilitator and so many members."""
    room = LiveRoom.of(Terms(starts_at=AT, seats=members))
    ana = Actor("ana", Role.FACILITATOR, "Ana")
    people = [Actor(f"m{number}", Role.MEMBER) for number in range(members)]
    room = _carried(room, Tick(), THE_CLOCK, AT)
    room = _carried(room, Arrive("Ana", connected=True), ana, AT)
    for number, person in enumerate(people):
        room = _carried(room, Arrive(FRIENDLY[number], connected=True), person, AT)
    return _carried(room, Start(), ana, AT), people


def _carried(room: LiveRoom, command: Command, actor: Actor, at: float) -> LiveRoom:
    decision = decide(room, command, actor, at)
    if isinstance(decision, Refusal):
        raise TypeError(decision.why)
    for event in decision:
        room = evolve(room, event, at)
    return room


def microseconds(rounds: int = 7, number: int = 20_000) -> float:
    """The median of several rounds, for one message, in time of the CPU: a busy machine must not count as our work."""
    room, people = a_room(12)
    ben, say = people[0], Say(TEXT)
    took = []
    for _ in range(rounds):
        began = time.process_time()
        for step in range(number):
            at = AT + 60 + step / 1000
            decision = decide(room, say, ben, at)
            if isinstance(decision, Refusal):
                raise TypeError(decision.why)
            entry = codec.encode_event(decision[0], at)
            event, at, body = codec.decode_event(entry)
            room = evolve(room, event, at)
            codec.numbered_frame(event.type, step, at, body)
        took.append((time.process_time() - began) / number * 1_000_000)
    return median(took)
