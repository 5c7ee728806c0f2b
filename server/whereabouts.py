"""Where an exception came from, without what it says: its words may hold what a person typed."""

from collections.abc import Iterator
from types import TracebackType
from typing import Final

STEPS: Final = 8
OURS: Final = ("server.", "rooms.", "bench.")


def whereabouts(mishap: BaseException) -> str:
    """``ValueError at server.socket:41 > server.wire:17``: type and path of code, never message, arguments or locals.

    The last steps; where all of these are a library's, our own last one before them as well.
    """
    path = tuple(_steps(mishap.__traceback__))
    before, last = path[:-STEPS], path[-STEPS:]
    if not any(map(_is_ours, last)):
        last = (*tuple(filter(_is_ours, before))[-1:], *last)
    return f"{type(mishap).__name__} at {' > '.join(last) or 'nowhere'}"


def _steps(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        yield f"{traceback.tb_frame.f_globals.get('__name__', '?')}:{traceback.tb_lineno}"
        traceback = traceback.tb_next


def _is_ours(step: str) -> bool:
    return step.startswith(OURS)
