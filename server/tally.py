"""What a process counts of its connections, in plain numbers that are read when somebody asks: ``server.metrics`` shows them.

What is counted by name is counted by names of ours alone: a way, a close code of the protocol, why something was refused.
"""

from collections import Counter
from typing import Final

SOCKET: Final = "socket"
STREAM: Final = "stream"
WAYS: Final = (SOCKET, STREAM)


class Tally:
    """Of one application.

    deliveries: frames that were given to lines by their circles; one that goes to fifty people is fifty.
    opened, gone: people's connections, by way; ``ended``: by the code of the goodbye, which may be the page's own.
    too_slow: those whose page did not take what waited for it, and which were cut off so that memory has a bound.
    whole, holed: who came back with a place in the order, and was told all since then, or that something may be missing.
    refused: what people asked for and did not get, by why.
    answers: of HTTP, by their hundred.
    """

    __slots__ = ("answers", "deliveries", "ended", "gone", "holed", "opened", "refused", "too_slow", "whole")

    def __init__(self) -> None:
        self.deliveries = 0
        self.opened: Counter[str] = Counter()
        self.gone: Counter[str] = Counter()
        self.ended: Counter[int] = Counter()
        self.too_slow = 0
        self.whole = 0
        self.holed = 0
        self.refused: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()
