"""The cast: people at a live room, and one evening of theirs over the pure room: no process, no network, no clock.

    evening = an_evening()
    ana, ben = evening.facilitator("Ana"), evening.member("Ben")
    ana.arrives()
    ana.starts()
    ben.arrives()
    ben.says("hi")

What somebody asks for must happen, unless the next line says ``is_refused``: a no that nobody looked at fails the test.
"""

from dataclasses import replace

from rooms.live import THE_CLOCK, Actor, Command, Event, LiveRoom, Refusal, Seat, Terms, decide, evolve
from rooms.live.care import OnCallAlerted
from rooms.live.deadlines import Tick, next_deadline
from rooms.live.door import Admit, Arrive, Decline, Leave, Lose, Remove
from rooms.live.lifecycle import BeginClosing, End, Extend, Pause, Resume, Start
from rooms.live.moderation import Quiet, TakeDown, Unquiet
from rooms.live.state import MINUTE
from rooms.live.talk import Said, Say, TakeBack
from rooms.live.words import Role, State

START = 1_800_000_000.0
DOORS = START - 15 * MINUTE

__all__ = ["DOORS", "MINUTE", "START", "Evening", "Person", "an_evening"]


def an_evening(*, at: float = DOORS, **terms: object) -> "Evening":
    """A session with the doors just opened, or as far on as ``at`` says."""
    evening = Evening(replace(Terms(starts_at=START), **terms))  # type: ignore[arg-type]  # names of Terms
    evening.comes_to(at)
    return evening


class Evening:
    """One session as everybody in it makes it: the room, what time it is, and all that happened."""

    def __init__(self, terms: Terms) -> None:
        self.room = LiveRoom.of(terms)
        self.now = terms.doors_at - 60 * MINUTE
        self.happened: list[Event] = []
        self._unlooked: tuple[str, Refusal] | None = None

    # The cast

    def facilitator(self, name: str) -> "Person":
        return Person(self, name, Role.FACILITATOR)

    def member(self, name: str) -> "Person":
        return Person(self, name, Role.MEMBER)

    def under_way(self, *names: str) -> list["Person"]:
        """A facilitator, the first, has started at the hour, and the others came in after."""
        ana = self.facilitator(names[0])
        ana.arrives()
        self.comes_to(START)
        ana.starts()
        others = [self.member(name) for name in names[1:]]
        for other in others:
            other.arrives()
        return [ana, *others]

    # What happens

    def is_now(self, state: State) -> None:
        assert self.room.state is state

    def brought(self, event: Event) -> None:
        """The last thing that happened."""
        assert self.happened[-1] == event

    def ask(self, command: Command, actor: Actor) -> tuple[Event, ...] | Refusal:
        self.must_have_looked()
        decision = decide(self.room, command, actor, self.now)
        if isinstance(decision, Refusal):
            self._unlooked = (f"{actor.name or 'the clock'} asks {command.type}", decision)
            return decision
        self.fold(*decision)
        return decision

    def fold(self, *events: Event) -> None:
        for event in events:
            self.room = evolve(self.room, event, self.now)
            self.happened.append(event)

    def looked_at(self) -> None:
        self._unlooked = None

    def must_have_looked(self) -> None:
        assert self._unlooked is None, f"{self._unlooked[0]}, and is refused: {self._unlooked[1].why}"

    def loses(self, who: "Person", *, since: float) -> None:
        """A node has noticed that the last connection of somebody broke back then."""
        self.ask(Lose(who.id, since), THE_CLOCK)

    # Time

    def comes_to(self, at: float) -> list[Event]:
        """Time passes, and what it brings happens exactly when it is due. Returns what happened in the room.

        A call for the on-call person is heard outside of it; tests/live/test_care.py looks at those.
        """
        self.must_have_looked()
        before = len(self.happened)
        while (due := next_deadline(self.room)) is not None and due[0] <= at:
            self.now = max(self.now, due[0])
            self.tick()
        self.now = at
        return [event for event in self.happened[before:] if not isinstance(event, OnCallAlerted)]

    def passes(self, seconds: float = 0, *, minutes: float = 0) -> list[Event]:
        return self.comes_to(self.now + seconds + minutes * MINUTE)

    def sleeps_until(self, at: float) -> tuple[Event, ...]:
        """Nobody looks at the clock in between: everything that fell due meanwhile is found at once."""
        self.now = at
        return self.tick()

    def tick(self) -> tuple[Event, ...]:
        happened = self.ask(Tick(), THE_CLOCK)
        assert not isinstance(happened, Refusal)
        return happened

    def waits(self, seconds: float = 0, *, minutes: float = 0, then: Event) -> None:
        """Nothing happens until exactly then, and then this does."""
        until = self.now + seconds + minutes * MINUTE
        assert self.comes_to(until - 0.001) == [], "too early"
        assert self.comes_to(until) == [then]

    def nothing_happens(self, seconds: float = 0, *, minutes: float = 0) -> None:
        assert self.passes(seconds, minutes=minutes) == []


class Person:
    """Somebody in the evening: a verb for every command, and what can be said about them afterwards."""

    def __init__(self, evening: Evening, name: str, role: Role) -> None:
        self.evening = evening
        self.name = name
        self.id = "s" + "".join(ch for ch in name.lower() if ch.isascii() and ch.isalnum())
        self.role = role
        self.answer: tuple[Event, ...] | Refusal = ()

    @property
    def actor(self) -> Actor:
        return Actor(seat=self.id, role=self.role, name=self.name)

    @property
    def seat(self) -> Seat:
        return self.evening.room.controls.seats[self.id]

    @property
    def last_message(self) -> str:
        return [each.id for each in self.evening.happened if isinstance(each, Said) and each.seat == self.id][
            -1
        ]

    def asks(self, command: Command) -> tuple[Event, ...] | Refusal:
        self.answer = self.evening.ask(command, self.actor)
        return self.answer

    # Verbs

    def arrives(
        self, name: str | None = None, *, listening: bool = False, connected: bool = True, work: str = ""
    ) -> tuple[Event, ...] | Refusal:
        return self.asks(Arrive(name or self.name, listening=listening, connected=connected, work=work))

    def comes_back(self) -> tuple[Event, ...] | Refusal:
        return self.arrives()

    def drops(self) -> None:
        """The connection breaks, and a node notices at once."""
        self.evening.loses(self, since=self.evening.now)

    def leaves(self) -> None:
        self.asks(Leave())

    def says(self, text: str) -> str:
        """Returns the id of the message, if it became one."""
        if isinstance(self.asks(Say(text)), Refusal):
            return ""
        self.evening.now += 0.001
        return self.last_message

    def takes_back(self, message: str) -> None:
        self.asks(TakeBack(message))

    def takes_down(self, message: str, category: str = "private_details") -> None:
        self.asks(TakeDown(message, category))

    def starts(self) -> None:
        self.asks(Start())

    def pauses(self, reason: str = "a_minute") -> None:
        self.asks(Pause(reason))

    def resumes(self) -> None:
        self.asks(Resume())

    def begins_closing(self) -> None:
        self.asks(BeginClosing())

    def extends(self) -> None:
        self.asks(Extend())

    def ends(self) -> None:
        self.asks(End())

    def admits(self, other: "Person") -> None:
        self.asks(Admit(other.id))

    def admits_everybody(self) -> None:
        self.asks(Admit(None))

    def declines(self, other: "Person", words: str = "full") -> None:
        self.asks(Decline(other.id, words))

    def removes(self, other: "Person", reason: str = "unkind") -> None:
        self.asks(Remove(other.id, reason))

    def quiets(self, other: "Person", minutes: int = 5, reason: str = "too_fast") -> None:
        self.asks(Quiet(other.id, minutes, reason))

    def unquiets(self, other: "Person") -> None:
        self.asks(Unquiet(other.id))

    # What can be said of them

    def is_refused(self, why: str) -> Refusal:
        """The last thing they asked for was refused, for this reason, and left no trace."""
        self.evening.looked_at()
        assert isinstance(self.answer, Refusal), f"not refused: {self.answer}"
        assert self.answer.why == why
        return self.answer

    def cannot_speak(self, why: str) -> None:
        self.says("Can you hear me?")
        self.is_refused(why)

    def can_speak(self) -> None:
        self.says("Can you hear me?")
        assert not isinstance(self.answer, Refusal), self.answer

    def is_inside(self) -> bool:
        return self.seat.inside

    def is_waiting(self) -> bool:
        return self.seat.waiting
