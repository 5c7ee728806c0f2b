"""Grave controls take a second yes: what one facilitator asks for, another confirms within half a minute.

The second yes is the same command, or ``co_sign``. Where no other facilitator is connected, one is enough: the page
asks for five seconds of holding down instead.
"""

from collections.abc import Iterator
from dataclasses import field, replace

from rooms.live.state import Cosign, LiveRoom
from rooms.live.words import ONLY_FACILITATORS, Actor, Decision, Due, Event, Refusal, SeatId, deadlines, event

COSIGN_SECONDS = 30.0


def with_second_yes(
    room: LiveRoom, actor: Actor, at: float, what: str, seat: SeatId, reason: str, done: tuple[Event, ...]
) -> Decision:
    """``done`` if this is the second yes or none can be had; otherwise the question to the others."""
    asked = next((each for each in room.controls.cosigns if (each.what, each.seat) == (what, seat)), None)
    if asked is not None:
        if asked.asked_by == actor.seat:
            return Refusal("waits_for_cosign")
        return (CosignSettled(asked.id), *(_as_asked(room, asked, each) for each in done))
    if not [other for other in room.others_on_duty(actor.seat) if other.id != seat]:
        return done
    ask = Cosign(
        f"{what}.{actor.seat}.{int(at * 1_000_000):x}", what, seat, reason, actor.seat, at + COSIGN_SECONDS
    )
    return (CosignAsked(ask, by=actor.name),)


def _as_asked(room: LiveRoom, ask: Cosign, done: Event) -> Event:
    """In the name of who asked for it, as their page has told them, and not of who said yes to it."""
    asker = room.seat(ask.asked_by)
    if asker is None or not hasattr(done, "by"):
        return done
    return replace(done, by=asker.name)  # type: ignore[type-var]  # every declared event is a dataclass


@event("cosign_asked", reach=ONLY_FACILITATORS)
class CosignAsked(Event):
    ask: Cosign
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(cosigns=(*room.controls.cosigns, self.ask))


@event("cosign_settled", reach=ONLY_FACILITATORS)
class CosignSettled(Event):
    """Confirmed, withdrawn, or not answered in time: it waits no longer."""

    id: str

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        return room.with_controls(cosigns=tuple(each for each in room.controls.cosigns if each.id != self.id))


@deadlines
def _unanswered(room: LiveRoom) -> Iterator[Due]:
    for ask in room.controls.cosigns:
        yield ask.until, CosignSettled(ask.id)
