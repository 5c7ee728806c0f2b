"""What a new command or event has to say for itself."""

import pytest

from rooms.live import COMMANDS, EVENTS, THE_CLOCK
from rooms.live.words import Command, Event
from tests.people import an_evening


class Shrug(Command):
    """Declared, and nothing more."""


class Silence(Event):
    """As above."""


def test_a_command_that_decides_nothing_is_none():
    with pytest.raises(NotImplementedError):
        Shrug().decide(an_evening().room, THE_CLOCK, 0.0)


def test_an_event_that_changes_nothing_says_so_itself():
    with pytest.raises(NotImplementedError):
        Silence().evolve(an_evening().room, 0.0)


def test_all_that_there_are_know_their_names():
    assert all(command.type == name for name, command in COMMANDS.items())
    assert all(event.type == name for name, event in EVENTS.items())
    assert not set(COMMANDS) & set(EVENTS)
