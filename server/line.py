"""What a connection is to the rest of the server: somebody who listens, can be told things, and goes away.

There are two kinds: the WebSocket protocol itself (``server.websocket``), and a fallback over any ASGI server
(``server.asgi_line``).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from server.frames import text_frame

if TYPE_CHECKING:
    from server.circle import Circle

OnText = Callable[[bytes], None]
OnGone = Callable[[int], None]
Lane = Callable[[bytes], int]
Note = tuple[int, bytes]


class Batch:
    """JSON texts that leave together; framed and joined once, for everybody they go to."""

    __slots__ = ("frames", "payloads")

    def __init__(self, payloads: Sequence[bytes]) -> None:
        self.payloads = payloads
        self.frames = (
            text_frame(payloads[0]) if len(payloads) == 1 else b"".join([*map(text_frame, payloads)])
        )

    def with_notes(self, notes: Iterable[Note]) -> "Batch":
        """The batch of one member, who is told more: each note stands behind as many payloads as its number says."""
        payloads = list(self.payloads)
        for earlier, (place, note) in enumerate(notes):
            payloads.insert(place + earlier, note)
        return Batch(payloads)


class Line(Protocol):
    """One connection. Nothing here blocks or raises because of the peer; after the end every verb is a quiet no-op.

    was_too_slow: more waited for it than is kept for anybody, and so it was closed.

    A line is in at most one circle at a time. All that is sent, through its circle or directly, arrives in the order in
    which it was sent.
    """

    circle: "Circle | None"
    was_too_slow: bool

    @property
    def way(self) -> str:
        """What carries it: SOCKET or STREAM of ``server.tally``."""

    def listen(self, on_text: OnText, on_gone: OnGone) -> None:
        """Begin to hear. ``on_text`` is given each whole message, at most 16 KiB of valid UTF-8, until the end.

        ``on_gone`` is called once, soon after the end and never from inside another call: with the code of the close
        frame that was sent or received first, 1005 for one without a code, 1006 if there was none.
        """

    async def run(self) -> None:
        """Await this last in the endpoint."""

    def send(self, payload: bytes) -> None:
        """One JSON text, behind all that has been sent to this line or its circle so far.

        A line that does not take what it is sent is closed with 4008 when more than 256 KiB wait for it.
        """

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye, behind all that has been sent so far."""

    def abort(self) -> None:
        """End it now, whatever is still unsent."""

    def pause_reading(self) -> None:
        """Deliver no text until ``resume_reading``; what the peer sends meanwhile waits on its side."""

    def resume_reading(self) -> None: ...

    # Between a circle and its members only.

    @property
    def lane(self) -> Lane | None:
        """Writes straight to the socket and says how much it took; None while something is waiting to be written."""

    def deliver(self, batch: Batch, sent: int = 0) -> None:
        """Take over a batch, of whose frames the first ``sent`` bytes have left through the lane."""
