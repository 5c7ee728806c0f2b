"""Verbs for what looks after people, and what each of them gets to see of it."""

from dataclasses import asdict

from rooms.live import Event
from rooms.live.agreement import CheckLine, LineProposed, ProposeLine
from rooms.live.asides import PostLobbyNote, WriteBackchannel
from rooms.live.asking import AskForPause
from rooms.live.care import FlagIt
from rooms.live.corner import GoToCorner, LeaveCorner
from rooms.live.lines import LineWritten, WriteLine
from rooms.live.state import Note
from tests.people import Evening, Person

SECRET = "the words of somebody"


def another_facilitator(evening: Evening, name: str = "Jo") -> Person:
    jo = evening.facilitator(name)
    jo.arrives()
    return jo


def writes(who: Person, text: str = SECRET, *, to: Person | None = None) -> None:
    who.asks(WriteLine(None if to is None else to.id, text))
    who.evening.now += 0.001


def backchannels(who: Person, text: str = SECRET) -> None:
    who.asks(WriteBackchannel(text))


def posts_in_lobby(who: Person, text: str) -> None:
    who.asks(PostLobbyNote(text))


def goes_to_corner(who: Person, *, shown: bool = True, leave_be: bool = False) -> None:
    who.asks(GoToCorner(shown, leave_be))


def comes_out(who: Person) -> None:
    who.asks(LeaveCorner())


def flags(
    who: Person, verb: str = "worried", *, message: str | None = None, seat: str | None = None, text: str = ""
) -> None:
    who.asks(FlagIt(verb, message, seat, text))


def asks_for_pause(who: Person) -> None:
    who.asks(AskForPause())


def proposes(who: Person, text: str = "No phones on the table") -> str:
    """Returns the id of the proposal, if it became one."""
    who.asks(ProposeLine(text))
    who.evening.now += 0.001
    last = who.evening.happened[-1]
    return last.id if isinstance(last, LineProposed) else ""


def puts_to_the_group(who: Person, line: str) -> None:
    who.asks(CheckLine(line))


def line_of(person: Person) -> tuple[Note, ...]:
    return person.evening.room.recent.lines.get(person.id, ())


def sees(person: Person, event: Event) -> Event | None:
    """What this person is sent of an event; None: nothing."""
    if event.concerns == person.id:
        return event.shown_to_concerned()
    return event.shown_to(person.seat.audience)


def last(evening: Evening) -> Event:
    return evening.happened[-1]


def last_line(evening: Evening) -> LineWritten:
    written = evening.happened[-1]
    assert isinstance(written, LineWritten)
    return written


def nothing_typed_stands_in_controls(evening: Evening, words: str = SECRET) -> None:
    assert words not in str(asdict(evening.room.controls))
    assert words not in repr(evening.room)
    assert words not in repr(evening.happened)
