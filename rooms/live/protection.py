"""Against haste and against raids: slow mode, frozen names, and the shield that puts up everything at once."""

from collections.abc import Iterator
from dataclasses import field

from rooms.live.permissions import RIGHTS
from rooms.live.state import MINUTE, LiveRoom
from rooms.live.words import (
    INSIDE,
    OPEN,
    Actor,
    Command,
    Decision,
    Door,
    Due,
    Event,
    Place,
    Refusal,
    State,
    command,
    deadlines,
    event,
)

PACES = (0, 10, 20, 30, 60)
SHIELD_PACE = 20
RAID_ARRIVALS = 5
RAID_SECONDS = MINUTE


@command("slow_mode", by=RIGHTS["guide"], during=OPEN)
class SlowMode(Command):
    """One message each so many seconds, for everybody but facilitators; 0 is off. Drafts are never lost."""

    seconds: int

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.seconds not in PACES:
            return Refusal("invalid")
        if self.seconds == room.controls.slow:
            return Refusal("already")
        return (PaceSet(seconds=self.seconds, by=actor.name),)


@event("pace_set", reach=INSIDE, told=True)
class PaceSet(Event):
    seconds: int
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(slow=self.seconds)


@command("freeze_names", by=RIGHTS["guide"], during=OPEN)
class FreezeNames(Command):
    """Nobody changes their name for now."""

    on: bool

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        return (
            Refusal("already")
            if room.controls.names_frozen == self.on
            else (NamesFrozen(on=self.on, by=actor.name),)
        )


@event("names_frozen", reach=INSIDE, told=True)
class NamesFrozen(Event):
    on: bool
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(names_frozen=self.on)


@command("shield", by=RIGHTS["guide"], during=OPEN)
class Shield(Command):
    """Knock first, names frozen, newcomers looked at first, a slower pace: in one tap. Each part can be undone alone."""

    on: bool

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if room.controls.shield == self.on:
            return Refusal("already")
        return (Shielded(by=actor.name),) if self.on else (ShieldLowered(by=actor.name),)


@event("shielded", reach=INSIDE, told=True)
class Shielded(Event):
    """``by`` is empty when too many came at once and the room put it up itself."""

    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        controls = room.controls
        # Those who came with the raid, a moment ago, are newcomers too.
        since = min(controls.came, default=at) if not self.by else at
        return room.with_controls(
            shield=True,
            slow_before=controls.slow,
            frozen_before=controls.names_frozen,
            door=Door.LOCKED if controls.door is Door.LOCKED else Door.KNOCK,
            names_frozen=True,
            look_newcomers_since=since,
            slow=max(controls.slow, SHIELD_PACE),
            came=(),
        )


@event("shield_lowered", reach=INSIDE, told=True)
class ShieldLowered(Event):
    """The door stays as it is: who opens it again, and when, is a choice of its own."""

    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        controls = room.controls
        # What stood before the shield stays; so does what was changed by hand under it.
        untouched = controls.slow == max(controls.slow_before, SHIELD_PACE)
        return room.with_controls(
            shield=False,
            names_frozen=controls.names_frozen and controls.frozen_before,
            look_newcomers_since=None,
            slow=controls.slow_before if untouched else controls.slow,
            came=(),
        )


def is_raid(room: LiveRoom, at: float) -> bool:
    """More newcomers within a minute, or more knocks, than a room of this size ever sees once everybody has come."""
    controls = room.controls
    if controls.shield or room.state is not State.LIVE or controls.started_at is None:
        return False
    if at < controls.started_at + room.terms.late_minutes * MINUTE:
        return False
    lately = sum(1 for came in controls.came if came > at - RAID_SECONDS)
    knocking = sum(1 for seat in controls.seats.values() if seat.place in {Place.WAITING, Place.QUEUED})
    return lately > max(RAID_ARRIVALS, room.capacity // 2) or knocking > 2 * room.capacity


@deadlines
def _a_raid(room: LiveRoom) -> Iterator[Due]:
    if room.controls.came and is_raid(room, room.controls.came[-1]):
        yield room.controls.came[-1], Shielded(by="")


def lately_came(room: LiveRoom, at: float, how_many: int) -> tuple[float, ...]:
    """When the newest came, so many now: remembered just long enough to tell a raid."""
    lately = tuple(came for came in room.controls.came if came > at - RAID_SECONDS)
    most = max(RAID_ARRIVALS, room.capacity // 2) + 1
    return (*lately, *[at] * min(how_many, most))[-most:]
