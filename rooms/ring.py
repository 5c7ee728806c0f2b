"""The last minutes of one live room, in RAM, so that a phone that slept can catch up. Scrubbed by every taking back."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from rooms.engines import Position
from rooms.live import Event, Seat
from rooms.live.grave import ScreensCleared
from rooms.live.moderation import TakenDown
from rooms.live.talk import TakenBack
from rooms.live.words import INSIDE, Audience, MessageId, SeatId

LONGEST_EVENTS = 200
LONGEST_SECONDS = 180.0
LARGEST_STRETCH = 512 * 1024  # bytes of frames that one node tells another at once


class Kept(msgspec.Struct, frozen=True, gc=False):
    """One event as each audience was shown it. ``seq`` is its number, or that of the last numbered one before it.

    frames: by audience; or the one frame that everybody inside was shown, which is what nearly every event has.
    message: of which message these are the words, if they are.
    """

    seq: int
    at: float
    numbered: bool
    frames: bytes | Mapping[Audience, bytes]
    concerns: SeatId | None = None
    own_frame: bytes | None = None
    message: MessageId | None = None

    def __repr__(self) -> str:
        return f"Kept({self.seq}, {self.at})"  # its frames are what was said

    def frame_for(self, seat: Seat) -> bytes | None:
        if self.concerns == seat.id:
            return self.own_frame
        if isinstance(self.frames, bytes):
            return self.frames if seat.audience in INSIDE else None
        return self.frames.get(seat.audience)

    @property
    def every_frame(self) -> tuple[bytes, ...]:
        frames = (self.frames,) if isinstance(self.frames, bytes) else tuple(self.frames.values())
        return frames if self.own_frame is None else (*frames, self.own_frame)

    def blanked(self, message: MessageId) -> "Kept":
        """With nothing of the words that everybody inside was shown."""
        return msgspec.structs.replace(self, frames=_blank(self, message), message=None)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a ring, as one node tells it to another: everything that is numbered above ``since``, up to ``at``.

    came_in: of seats, the beginning of their time inside, and after which number that was.
    """

    at: Position
    since: int
    kept: tuple[Kept, ...] = field(repr=False)
    came_in: Mapping[SeatId, tuple[float | None, int]]


class Ring:
    """Filled by what the engine delivered, in its order; what came before that, others may still have.

    ``seconds=0`` keeps nothing, and asks nobody.
    """

    def __init__(self, *, events: int = LONGEST_EVENTS, seconds: float = LONGEST_SECONDS) -> None:
        self._events = events
        self._seconds = seconds
        self._kept: deque[Kept] = deque()
        self._messages: dict[MessageId, int] = {}
        self._epoch = ""
        self._from = 0  # everything numbered above this is here
        self._floor = 0  # what is numbered up to this nobody may be shown any more, whoever has it
        self._restarted = 0.0
        self._taken: dict[MessageId, int] = {}  # back or down, before their words could be blanked here
        self._came_in: dict[SeatId, tuple[float | None, int]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def oldest(self) -> float | None:
        return self._kept[0].at if self._kept else None

    def held_for(self, seat: Seat) -> list[Kept]:
        """All that is here of what this person's audience was shown, the oldest first."""
        return [kept for kept in self._kept if kept.frame_for(seat) is not None]

    @property
    def wanted(self) -> tuple[int, int] | None:
        """Between which numbers others may have what is missing here; None: nothing is."""
        return (self._floor, self._from) if self._floor < self._from else None

    def lacks(self, after: Position) -> bool:
        """Whether others may have what somebody who comes back to this position missed, and this ring has not."""
        return after.epoch == self._epoch and self._floor <= after.seq < self._from

    def restart(self, at: Position, now: float) -> None:
        """Nothing before this position is here. Another node may have heard it."""
        if at.epoch != self._epoch:
            self._floor = 0
            self._came_in.clear()
        self._forget(at)
        self._restarted = now
        if not self._seconds:
            self._floor = at.seq

    def wipe(self, at: Position) -> None:
        """Nothing before this position may be shown again, from whatever memory."""
        self._forget(at)
        self._floor = at.seq

    def came_in(self, seat: Seat, seq: int) -> None:
        """Nothing up to this number is for this seat. Times tell it less well, since the clocks of two nodes differ."""
        self._came_in[seat.id] = (seat.inside_since, seq)

    def coming_in_of(self, seat: Seat) -> Position | None:
        """The place in the order at which their time inside began; None: not known here."""
        since, seq = self._came_in.get(seat.id, (None, 0))
        return None if since is None or since != seat.inside_since else Position(self._epoch, seq)

    def lacks_the_coming_in_of(self, seat: Seat) -> bool:
        """Whether others may have what was said since then, and this ring has not."""
        if seat.inside_since is None:
            return False
        begins = self.coming_in_of(seat)
        return self.wanted is not None if begins is None else self.lacks(begins)

    def append(self, kept: Kept, event: Event) -> None:
        if kept.message is not None:
            self._messages[kept.message] = kept.seq
        elif isinstance(event, (TakenBack, TakenDown)):
            self._scrub(event.message, kept.seq)
        elif isinstance(event, ScreensCleared):
            self.wipe(Position(self._epoch, kept.seq - 1))
        self._kept.append(kept)
        self.expire(kept.at)

    def expire(self, at: float) -> None:
        """Let go of what is too old or too much. Also asked when nothing happens, so that the last words go too."""
        while self._kept and (len(self._kept) > self._events or self._kept[0].at <= at - self._seconds):
            gone = self._kept.popleft()
            if gone.numbered:
                self._from = self._floor = gone.seq
            if gone.message is not None:
                self._messages.pop(gone.message, None)
        if self._restarted <= at - self._seconds:
            self._floor = self._from
        if self._taken:
            self._taken = {message: seq for message, seq in self._taken.items() if seq > self._from}

    def replay(self, after: Position, seat: Seat) -> list[bytes] | None:
        """What this seat missed after a position; None when any of it is not here, or was said before they came in."""
        since = seat.inside_since
        # A position ahead of the room is that of a page which comes from a node that has heard more: what it has
        # shown already will come here too, and it drops that.
        if since is None or after.epoch != self._epoch or after.seq < self._from:
            return None
        missed = list(self._after(after.seq))
        known, came_in = self._came_in.get(seat.id, (None, 0))
        saw_them = known == since
        if not saw_them:
            came_in = max((kept.seq for kept in missed if kept.numbered and kept.at < since), default=0)
        if after.seq < came_in:
            return None
        frames = (
            kept.frame_for(seat)
            for kept in missed
            if kept.numbered or (saw_them and kept.seq > came_in) or kept.at >= since
        )
        return [frame for frame in frames if frame is not None]

    def stretch(self, at: Position, since: int, upto: int) -> Stretch:
        """What is here between two numbers, the newest first if it is too much. ``at``: how far this node has heard."""
        since = max(since, self._from)
        kept: deque[Kept] = deque()
        size = 0
        for each in reversed([each for each in self._after(since) if each.seq <= upto]):
            size += sum(map(len, each.every_frame))
            if size > LARGEST_STRETCH:
                # One further for an event without a number: those beside it may be missing too.
                since = each.seq if each.numbered else each.seq + 1
                break
            kept.appendleft(each)
        return Stretch(at, since, tuple(kept), self._came_in)

    def fill(self, stretch: Stretch, now: float) -> None:
        """Take in what another node kept. It heard the same order, and must have heard it up to where this ring begins.

        Otherwise it might still show what was taken back by then.
        """
        since = max(stretch.since, self._floor)
        if stretch.at.epoch != self._epoch or stretch.at.seq < self._from or since >= self._from:
            return
        here = {(kept.seq, kept.at) for kept in self._kept if not kept.numbered}
        older = [
            self._unless_taken(kept)
            for kept in stretch.kept
            if kept.seq <= self._from
            and (kept.seq > since if kept.numbered else kept.seq >= since and (kept.seq, kept.at) not in here)
        ]
        if [kept.seq for kept in older if kept.numbered] != list(range(since + 1, self._from + 1)):
            return  # a hole that somebody else did not notice is still a hole
        self._kept.extendleft(reversed(older))
        messages = {kept.message: kept.seq for kept in older if kept.message is not None}
        self._messages = messages | self._messages
        for seat, told in stretch.came_in.items():
            self._came_in[seat] = max(told, self._came_in.get(seat, told), key=lambda each: each[1])
        self._from = since
        self.expire(now)

    def _forget(self, at: Position) -> None:
        self._kept.clear()
        self._messages.clear()
        self._taken.clear()
        self._epoch, self._from = at.epoch, at.seq

    def _after(self, seq: int) -> Iterator[Kept]:
        # An unnumbered event carries the number before it: it may have been shown already, which its id tells.
        return (kept for kept in self._kept if kept.seq > seq or (kept.seq == seq and not kept.numbered))

    def _scrub(self, message: MessageId, at: int) -> None:
        seq = self._messages.pop(message, None)
        if seq is None:
            self._taken[message] = at
        for index, kept in enumerate(self._kept):
            if kept.numbered and kept.seq == seq:
                self._kept[index] = kept.blanked(message)

    def _unless_taken(self, kept: Kept) -> Kept:
        return kept.blanked(kept.message) if kept.message in self._taken and kept.message else kept


def _blank(kept: Kept, message: MessageId) -> bytes:
    return b'{"type":"said","seq":%d,"at":%.3f,"id":"%b","seat":"%b","name":"","text":""}' % (
        kept.seq,
        kept.at,
        message.encode("ascii"),
        message.rpartition(".")[0].encode("ascii"),
    )
