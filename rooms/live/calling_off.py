"""Called off at the last moment: whoever waits at the door is told at once."""

from dataclasses import field

from rooms.live.lifecycle import over
from rooms.live.permissions import RIGHTS
from rooms.live.state import LiveRoom
from rooms.live.words import (
    EVERYONE,
    Actor,
    Command,
    Decision,
    Event,
    Refusal,
    State,
    command,
    event,
)

WHYS = ("moved", "cancelled")


@command(
    "call_off",
    by=RIGHTS["arrange"],
    during=frozenset({State.SCHEDULED, State.DOORS}),
    leads_to=State.CANCELLED,
    seated=False,
)
class CallOff(Command):
    """The organiser calls the session off, or gives it another date. One that has begun is its facilitators' to end."""

    why: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        return (CalledOff(why=self.why, by=actor.name),) if self.why in WHYS else Refusal("invalid")


@event("called_off", reach=EVERYONE)
class CalledOff(Event):
    """``why``: moved · cancelled."""

    why: str
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return over(room, State.CANCELLED, at, by=self.by, reason=self.why)
