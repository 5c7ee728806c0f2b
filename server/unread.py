"""Nobody reads this process from outside: no file of its memory when it dies, and no debugger but root's.

Words stand in memory and nowhere else, so that a core file would be the one place on a disk where they are.
"""

import ctypes
import resource
import sys
from typing import Final

_GET_DUMPABLE: Final = 3  # PR_GET_DUMPABLE of prctl(2)
_SET_DUMPABLE: Final = 4


def forbid() -> None:
    """For this process, and what it starts but for `exec`, which allows it again. Where it cannot, `can_be_read` says so.

    A limit of nothing is not enough: a kernel that hands cores to a programme does not ask for it.
    """
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def can_be_read() -> bool | None:
    """None: this system does not say."""
    if sys.platform != "linux":
        return None
    return bool(ctypes.CDLL(None).prctl(_GET_DUMPABLE, 0, 0, 0, 0) == 1)
