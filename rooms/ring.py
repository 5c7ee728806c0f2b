"""The last minutes of one live room, in RAM, so that a phone that slept can catch up. Scrubbed by every taking back."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from rooms.engines import Position
from rooms.live import Event, Seat
from rooms.live.grave import ScreensCleared
from rooms.live.moderation import TakenDown
from rooms.live.talk import Said, TakenBack
from rooms.live.words import Audience, MessageId, SeatId

LONGEST_EVENTS = 200
LONGEST_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Kept:
    """One event as each audience was shown it. ``seq`` is its number, or that of the last numbered one before it."""

    seq: int
    at: float
    numbered: bool
    frames: Mapping[Audience, bytes] = field(repr=False)
    concerns: SeatId | None = None
    own_frame: bytes | None = field(default=None, repr=False)

    def frame_for(self, seat: Seat) -> bytes | None:
        return self.own_frame if self.concerns == seat.id else self.frames.get(seat.audience)


class Ring:
    """Filled only by what the engine delivered, in its order; ``seconds=0`` keeps nothing."""

    def __init__(self, *, events: int = LONGEST_EVENTS, seconds: float = LONGEST_SECONDS) -> None:
        self._events = events
        self._seconds = seconds
        self._kept: deque[Kept] = deque()
        self._messages: dict[MessageId, int] = {}
        self._epoch = ""
        self._from = 0  # everything numbered above this is here

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def oldest(self) -> float | None:
        return self._kept[0].at if self._kept else None

    def restart(self, at: Position) -> None:
        """Nothing before this position can be replayed any more, or never could."""
        self._kept.clear()
        self._messages.clear()
        self._epoch, self._from = at.epoch, at.seq

    def append(self, kept: Kept, event: Event) -> None:
        if isinstance(event, Said):
            self._messages[event.id] = kept.seq
        elif isinstance(event, TakenBack | TakenDown):
            self._scrub(event.message)
        elif isinstance(event, ScreensCleared):
            self.restart(Position(self._epoch, kept.seq - 1))
        self._kept.append(kept)
        self.expire(kept.at)

    def expire(self, at: float) -> None:
        """Let go of what is too old or too much. Also asked when nothing happens, so that the last words go too."""
        while self._kept and (len(self._kept) > self._events or self._kept[0].at <= at - self._seconds):
            gone = self._kept.popleft()
            if gone.numbered:
                self._from = gone.seq
        while self._messages and self._messages[oldest := next(iter(self._messages))] <= self._from:
            del self._messages[oldest]

    def replay(self, after: Position, seat: Seat) -> list[bytes] | None:
        """What this seat missed after a position; None when any of it is not here, or was said before they came in."""
        since = seat.inside_since
        # A position ahead of the room is that of a page which comes from a node that has heard more: what it has
        # shown already will come here too, and it drops that.
        if since is None or after.epoch != self._epoch or after.seq < self._from:
            return None
        missed = list(self._after(after.seq))
        if any(kept.numbered and kept.at < since for kept in missed):
            return None
        frames = (kept.frame_for(seat) for kept in missed if kept.at >= since)
        return [frame for frame in frames if frame is not None]

    def _after(self, seq: int) -> Iterator[Kept]:
        # An unnumbered event carries the number before it: it may have been shown already, which its id tells.
        return (kept for kept in self._kept if kept.seq > seq or (kept.seq == seq and not kept.numbered))

    def _scrub(self, message: MessageId) -> None:
        seq = self._messages.pop(message, None)
        for index, kept in enumerate(self._kept):
            if kept.numbered and kept.seq == seq:
                self._kept[index] = replace(kept, frames=dict.fromkeys(kept.frames, _blank(kept, message)))


def _blank(kept: Kept, message: MessageId) -> bytes:
    return b'{"type":"said","seq":%d,"at":%.3f,"id":"%b","seat":"%b","name":"","text":""}' % (
        kept.seq,
        kept.at,
        message.encode("ascii"),
        message.rpartition(".")[0].encode("ascii"),
    )
