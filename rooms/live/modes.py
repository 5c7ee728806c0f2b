"""How people talk: openly, by hands, sitting together, or not at all for now; and a card posted for all to read."""

from collections.abc import Iterator
from dataclasses import field

from rooms.live.conducting import RoundEnded
from rooms.live.floor import stands_still
from rooms.live.permissions import RIGHTS
from rooms.live.state import MINUTE, LiveRoom
from rooms.live.text import clean
from rooms.live.words import (
    TALKING,
    Actor,
    Command,
    Decision,
    Due,
    Event,
    Mode,
    Refusal,
    State,
    command,
    deadlines,
    event,
)

MODES = (Mode.OPEN, Mode.HANDS, Mode.SIT, Mode.PARKED)
SIT_MINUTES = range(1, 31)
LONGEST_PROMPT = 300
# Of two facilitators who ask for the same within a moment, the second is told.
_SAME = 10.0


@command("set_mode", by=RIGHTS["guide"], during=TALKING | {State.DOORS, State.PAUSED})
class SetMode(Command):
    """Change how people talk; ``minutes``: for how long to sit together. Hands stay up: changing back loses nothing."""

    mode: str
    minutes: int | None = None

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.mode not in MODES:
            return Refusal("invalid")
        mode, controls = Mode(self.mode), room.controls
        until = None
        if self.minutes is not None:
            if mode is not Mode.SIT or self.minutes not in SIT_MINUTES:
                return Refusal("invalid")
            if stands_still(room):
                return Refusal("not_now")
            until = at + self.minutes * MINUTE
        if mode is controls.mode and _same(until, controls.mode_until):
            return Refusal("already")
        changed = ModeChanged(mode, until, by=actor.name)
        # A round is ended with a word of its own, never silently.
        return (changed,) if controls.round is None else (RoundEnded(by=actor.name), changed)


def _same(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else abs(one - other) < _SAME


@event("mode_changed", told=True)
class ModeChanged(Event):
    mode: Mode
    until: float | None
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        controls = room.controls
        before = controls.mode_before if controls.mode is Mode.SIT else controls.mode
        return room.with_controls(mode=self.mode, mode_until=self.until, mode_before=before, called="")


@event("sit_ended")
class SitEnded(Event):
    """``why``: time · hand. People talk as they did before; never more freely than that."""

    why: str

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        if room.controls.mode is not Mode.SIT:
            return room
        return room.with_controls(mode=room.controls.mode_before, mode_until=None)


@deadlines
def _of_sitting(room: LiveRoom) -> Iterator[Due]:
    until = room.controls.mode_until
    if until is not None and not stands_still(room):
        yield until, SitEnded(why="time")


@command("prompt", by=RIGHTS["guide"], during=TALKING | {State.PAUSED})
class Prompt(Command):
    """Post a card, edited or not, as a notice; in every mode, and never by itself."""

    text: str = field(repr=False)

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        text = clean(self.text, LONGEST_PROMPT)
        return text if isinstance(text, Refusal) else (Prompted(text, by=actor.name),)


@event("prompted", told=True)
class Prompted(Event):
    text: str = field(repr=False)
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room
