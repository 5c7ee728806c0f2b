"""Where an exception came from, without what it says: its words may hold what a person typed."""

from collections.abc import Iterator
from types import TracebackType
from typing import Final

STEPS: Final = 8


def whereabouts(mishap: BaseException) -> str:
    """``ValueError at server.socket:41 > server.wire:17``: type and path of code, never message, arguments or locals."""
    path = tuple(_steps(mishap.__traceback__))[-STEPS:]
    return f"{type(mishap).__name__} at {' > '.join(path) or 'nowhere'}"


def _steps(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        yield f"{traceback.tb_frame.f_globals.get('__name__', '?')}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
