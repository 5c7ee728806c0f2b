"""What our HTTP protocols let an answer that goes on do with the connection under it."""

from collections.abc import Callable
from typing import Final, Protocol

EXTENSION: Final = "tealight"  # where it stands among the extensions of a request


class Carrier(Protocol):
    """``on_shutdown`` is called when the server stops: uvicorn itself would wait for the answer to end."""

    on_shutdown: Callable[[], None] | None

    def cut(self) -> None:
        """End the connection now, whatever is still unsent."""
