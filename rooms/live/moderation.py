"""What facilitators may do about words and people. A new facilitator control goes here."""

from dataclasses import field, replace

from rooms.live.state import MINUTE, LiveRoom
from rooms.live.talk import author
from rooms.live.words import (
    FACILITATORS,
    OPEN,
    UNDER_WAY,
    Actor,
    Audience,
    Command,
    Decision,
    Event,
    MessageId,
    Refusal,
    SeatId,
    command,
    event,
)

QUIET_MINUTES = (2, 5, 10)
RESTORE_SECONDS = 60.0
REASONS = ("unkind", "too_fast", "private_details", "not_for_this_room", "take_a_breather")
CATEGORIES = ("private_details", "method_detail", "unkind", "other")


@command("quiet", by=FACILITATORS, during=OPEN)
class Quiet(Command):
    """Stop one seat from writing for a while; it can still read and react."""

    seat: SeatId
    minutes: int
    reason: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.minutes not in QUIET_MINUTES or self.reason not in REASONS:
            return Refusal("invalid")
        seat = room.seat(self.seat)
        if seat is None:
            return Refusal("not_here")
        if room.facilitates(seat):
            return Refusal("not_allowed")
        until = at + self.minutes * MINUTE
        # The second of two facilitators is told, and cannot shorten by accident what the first decided.
        if seat.quiet_until is not None and seat.quiet_until >= until - 10:
            return Refusal("already")
        return (Quieted(seat=self.seat, until=until, reason=self.reason, by=actor.name),)


@event("quieted", told=True)
class Quieted(Event):
    """The others learn that it happened and by whom, never to whom."""

    seat: SeatId | None
    until: float | None
    reason: str | None
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat or "")
        if seat is None:
            return room
        return room.seated(at, replace(seat, quiet_until=self.until, quiet_reason=self.reason or ""))

    def shown_to(self, audience: Audience) -> Event | None:
        return (
            Quieted(None, None, None, self.by)
            if audience is Audience.MEMBER
            else Event.shown_to(self, audience)
        )

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@command("unquiet", by=FACILITATORS, during=OPEN)
class Unquiet(Command):
    """End a quiet early. It gives back what the quiet took and nothing more."""

    seat: SeatId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        seat = room.seat(self.seat)
        if seat is None:
            return Refusal("not_here")
        if seat.quiet_until is None:
            return Refusal("already")
        return (Unquieted(seat=self.seat, by=actor.name),)


@event("unquieted")
class Unquieted(Event):
    """``by`` is empty when the time was simply over."""

    seat: SeatId | None
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        seat = room.seat(self.seat or "")
        if seat is None:
            return room
        return room.seated(at, replace(seat, quiet_until=None, quiet_reason=""))

    def shown_to(self, audience: Audience) -> Event | None:
        return Unquieted(None, self.by) if audience is Audience.MEMBER else Event.shown_to(self, audience)

    @property
    def concerns(self) -> SeatId | None:
        return self.seat


@command("take_down", by=FACILITATORS, during=UNDER_WAY)
class TakeDown(Command):
    """Blank somebody's message on every screen, for a reason everyone can read."""

    message: MessageId
    category: str

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        if self.category not in CATEGORIES:
            return Refusal("invalid")
        # What waits for a look nobody else knows of, and they are not told that there was something.
        if not author(self.message) or self.message in room.recent.looked_at:
            return Refusal("no_such_message")
        if self.message in room.controls.down or self.message in room.recent.taken_back:
            return Refusal("already")
        return (TakenDown(message=self.message, category=self.category, by=actor.name),)


@event("taken_down", told=True)
class TakenDown(Event):
    message: MessageId
    category: str
    by: str = field(repr=False)
    yours: bool = False

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        controls = room.controls
        return room.with_controls(
            down={**controls.down, self.message: self.category},
            down_at={**controls.down_at, self.message: at},
        )

    @property
    def concerns(self) -> SeatId | None:
        return author(self.message)

    def shown_to_concerned(self) -> Event:
        return replace(self, yours=True)


@command("restore", by=FACILITATORS, during=UNDER_WAY)
class Restore(Command):
    """Undo a taking down done in error, within a minute. Private details stay down: every memory of them is gone."""

    message: MessageId

    def decide(self, room: LiveRoom, actor: Actor, at: float) -> Decision:
        category = room.controls.down.get(self.message)
        if category is None:
            return Refusal("already")
        if category == "private_details" or at > room.controls.down_at[self.message] + RESTORE_SECONDS:
            return Refusal("too_late")
        return (Restored(message=self.message, by=actor.name),)


@event("restored", told=True)
class Restored(Event):
    """Shown again on screens that still have it; the server has not."""

    message: MessageId
    by: str = field(repr=False)

    def evolve(self, room: LiveRoom, at: float) -> LiveRoom:
        controls = room.controls
        return room.with_controls(
            down={key: category for key, category in controls.down.items() if key != self.message},
            down_at={key: since for key, since in controls.down_at.items() if key != self.message},
        )
