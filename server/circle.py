"""A circle of lines that are told the same things: the fan-out of a live room to its connections.

What one turn of the event loop brings together leaves in one write per member: while a server is idle that is each
message at once, and the busier it is the larger the writes. The rules:

* One order. A member gets what was sent to the circle, and to itself alone, exactly once and in the order of sending.
* A joiner gets nothing that was sent before it was added; a leaver gets all that was sent before it was removed.
* The fast loop asks nothing. A member whose socket does not take a whole batch leaves the fast set, keeps later batches
  by reference, and returns when it has drained. What is kept for it is bounded by the line, not here.
* Fairness. A large circle is served in slices, so that other rooms get their turn; no batch overtakes another.
"""

import asyncio
from typing import Final

from server.line import Batch, Lane, Line, Note
from server.tally import Tally

SLICE: Final = 500


class Circle:
    """Lines of any kind; ``send`` tells them all."""

    __slots__ = (
        "_batch",
        "_fast",
        "_is_scheduled",
        "_loop",
        "_notes",
        "_pending",
        "_slice",
        "_slow",
        "_tally",
        "_unserved",
    )

    def __init__(
        self, loop: asyncio.AbstractEventLoop, slice_size: int = SLICE, tally: Tally | None = None
    ) -> None:
        self._loop = loop
        self._tally = tally or Tally()
        self._slice = slice_size
        self._fast: dict[Line, Lane] = {}
        self._slow: dict[Line, None] = {}  # and those that never have a lane; a dict keeps their order
        self._pending: list[bytes] = []
        self._notes: dict[Line, list[Note]] = {}
        self._is_scheduled = False
        # While a large circle is being served: the batch, and those who have not been given it yet.
        self._batch = Batch(())
        self._unserved: dict[Line, Lane] = {}

    def __len__(self) -> int:
        return len(self._fast) + len(self._slow)

    def __contains__(self, line: Line) -> bool:
        return line in self._fast or line in self._slow

    def add(self, line: Line) -> None:
        if line.circle is not None:
            line.circle.remove(line)
        self._settle()
        line.circle = self
        lane = line.lane
        if lane is None:
            self._slow[line] = None
        else:
            self._fast[line] = lane

    def remove(self, line: Line) -> None:
        if line in self:
            self._settle()
            self.forget(line)

    def send(self, payload: bytes) -> None:
        if self._fast or self._slow:
            self._pending.append(payload)
            if not self._is_scheduled:
                self._is_scheduled = True
                self._loop.call_soon(self._serve)

    # For the members.

    def forget(self, line: Line) -> None:
        """Remove a line that can be told nothing any more."""
        if self._fast.pop(line, None) is None:
            self._slow.pop(line, None)
        self._unserved.pop(line, None)
        self._notes.pop(line, None)
        line.circle = None

    def note(self, line: Line, payload: bytes) -> bool:
        """Something for one member alone. False: nothing is outstanding before it, so the line may write it itself.

        Flushing the circle for it instead would undo the batching, since every message is followed by its ack.
        """
        if not self._pending and line not in self._notes and line not in self._unserved:
            return False
        self._notes.setdefault(line, []).append((len(self._pending), payload))
        if not self._is_scheduled:
            self._schedule()
        return True

    def pause(self, line: Line) -> None:
        """The line has something unwritten: its lane must not be used."""
        if self._fast.pop(line, None) is not None:
            self._slow[line] = None
            if self._unserved.pop(line, None) is not None:
                line.deliver(self._batch)

    def resume(self, line: Line) -> None:
        """The line has drained."""
        lane = line.lane
        if lane is not None and line in self._slow:
            del self._slow[line]
            self._fast[line] = lane

    # Serving.

    def _schedule(self) -> None:
        self._is_scheduled = True
        self._loop.call_soon(self._serve)

    def _serve(self) -> None:
        self._is_scheduled = False
        if self._unserved:
            self._serve_slice()
        else:
            self._begin()
        if self._unserved or self._pending or self._notes:
            self._schedule()

    def _settle(self) -> None:
        """Serve everybody everything now."""
        while self._unserved or self._pending or self._notes:
            if self._unserved:
                self._serve_slice()
            else:
                self._begin()

    def _begin(self) -> None:
        """Begin the batch that is pending. A circle of ordinary size is done with it then."""
        payloads, self._pending = self._pending, []
        notes, self._notes = self._notes, {}
        batch = Batch(payloads)
        self._tally.deliveries += len(payloads) * (len(self._fast) + len(self._slow))
        # All taken before anything is written: who is paused from here on has been given this batch already.
        fast = self._fast.copy() if payloads else {}
        slow = [line for line in self._slow if line not in notes] if payloads and self._slow else ()
        apart = [(line, mine, self._fast.get(line)) for line, mine in notes.items()] if notes else ()
        for line, mine, lane in apart:
            fast.pop(line, None)
            if lane is None:
                line.deliver(batch.with_notes(mine))
            else:
                _write(batch.with_notes(mine), {line: lane})
        if len(fast) > self._slice:
            self._batch, self._unserved = batch, fast
            self._serve_slice()
        else:
            _write(batch, fast)
        for line in slow:
            line.deliver(batch)

    def _serve_slice(self) -> None:
        unserved = self._unserved
        _write(self._batch, dict([unserved.popitem() for _ in range(min(self._slice, len(unserved)))]))
        if not unserved:
            self._batch = Batch(())


def _write(batch: Batch, members: dict[Line, Lane]) -> None:
    frames = batch.frames
    size = len(frames)
    # Side by side, and not as pairs: a pair for each of them, every time, is a fifth of what is ours in a delivery.
    for line, lane in zip(members, members.values(), strict=True):
        try:
            sent = lane(frames)
        except BlockingIOError:
            sent = 0
        except OSError:  # the peer has reset the connection
            line.abort()
            continue
        if sent != size:
            line.deliver(batch, sent)
