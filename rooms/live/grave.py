"""The grave controls beside removing: clear every screen, end for safety; and saying yes to any that waits for it."""

from collections.abc import Callable
from dataclasses import field, replace

from rooms.live.cosign import CosignSettled, with_second_yes
from rooms.live.door import Remove
from rooms.live.leading import Suspend
from rooms.live.lifecycle import Ended
from rooms.live.permissions import RIGHTS
from rooms.live.state import Cosign, LiveRoom
from rooms.live.words import (
    INSIDE,
    OPEN,
    UNDER_WAY,
    Actor,
    Command,
    Decision,
    Event,
    Refusal,
    command,
    event,
)

SAFETY = ("somebody_at_risk", "private_details_out", "too_much_for_one_evening")


@command("clear_screens", by=RIGHTS["grave"], during=UNDER_WAY)
class ClearScreens(Command):
    """Empty the log on every screen and in every memory. It cannot be undone."""

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        return with_second_yes(room, actor, at, "clear_screens", "", "", (ScreensCleared(by=actor.name),))


@event("screens_cleared", reach=INSIDE, told=True)
class ScreensCleared(Event):
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return replace(room, recent=replace(room.recent, looked_at={}, proposals={}))


@command("end_for_safety", by=RIGHTS["grave"], during=UNDER_WAY)
class EndForSafety(Command):
    """End now, without the minute's notice."""

    reason: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.reason not in SAFETY:
            return Refusal("invalid")
        return with_second_yes(room, actor, at, "end_for_safety", "", self.reason, (Ended(why="safety"),))


@command("co_sign", by=RIGHTS["grave"], during=OPEN)
class CoSign(Command):
    """Say yes, or with ``yes`` false no, to what another facilitator asked for; one's own question can be withdrawn."""

    id: str
    yes: bool = True

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        ask = next((each for each in room.controls.cosigns if each.id == self.id), None)
        if ask is None:
            return Refusal("already")
        if ask.seat == actor.seat:
            # Nobody has a say in whether their own powers are taken.
            return Refusal("not_allowed")
        if not self.yes:
            return (CosignSettled(ask.id),)
        # Decided like the first question: what has become impossible meanwhile is refused with its own words.
        return _GRAVE[ask.what](ask).decide(room, actor, at)


_GRAVE: dict[str, Callable[[Cosign], Command]] = {
    "remove": lambda ask: Remove(seat=ask.seat, reason=ask.reason),
    "clear_screens": lambda _: ClearScreens(),
    "end_for_safety": lambda ask: EndForSafety(reason=ask.reason),
    "suspend": lambda ask: Suspend(seat=ask.seat),
}
