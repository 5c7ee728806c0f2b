"""What a live room needs of the outside world to reach people: lines to persons, and circles of lines."""

from typing import Protocol


class Line(Protocol):
    """One connection of one person. Nothing here waits: a line that cannot take more is closed by its keeper."""

    def send(self, payload: bytes) -> None:
        """A JSON text, after everything that was sent to the line's circle so far."""

    def close(self, code: int, reason: str = "") -> None:
        """Send what is pending, then say goodbye; nothing follows."""


class Circle(Protocol):
    """Lines that are shown the same. A line is in at most one circle at a time."""

    def __len__(self) -> int: ...

    def add(self, line: Line) -> None: ...

    def remove(self, line: Line) -> None: ...

    def send(self, payload: bytes) -> None:
        """To every line in it, after whatever each was sent before."""


# Close codes of docs/protocol.md that the room itself gives.
OVER = 4000
REMOVED = 4003
NOT_AVAILABLE = 4004
OUT_OF_STEP = 4010
ELSEWHERE = 4009
RESTARTING = 1012
BUSY = 1013
