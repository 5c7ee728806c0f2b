"""A process that another one started ends with it: left behind, it would hold the port, and nobody would know whom to end."""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Final

_SET_PARENT_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG of prctl(2)
_SOME: Final = 1024
_STDIN: Final = 0


def end_with_stdin() -> None:
    """For a node of ``two-nodes``: whoever started it holds the other end, and says nothing."""
    _when(_stdin_has_ended, "stdin")


def end_with_parent() -> None:
    """For a worker, which the process that has the port started."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        _when(parent.join, "parent")


def dying_with_us() -> Callable[[], None] | None:
    """For a programme that is not ours, to be called in its process before it begins; None where there is no such thing."""
    if sys.platform != "linux":
        return None
    us, libc = os.getpid(), ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != us:  # it was faster
            os.kill(os.getpid(), signal.SIGTERM)

    return ask


def _when(it_is_over: Callable[[], None], name: str) -> None:
    """Then end as by SIGTERM: pages are told, and what others lack is handed over."""

    def watch() -> None:
        it_is_over()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name=f"until the end of {name}", daemon=True).start()


def _stdin_has_ended() -> None:
    while os.read(_STDIN, _SOME):
        pass
