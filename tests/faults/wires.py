"""A Redis at the other end of a wire that can be cut without anybody being told: a network namespace of its own.

Needs root, and ``ip`` with namespaces; the tests say so where there is none.
"""

import os
import shutil
import subprocess
from typing import Final

from tests.engines.servers import Server

# A piece of the range for tests of networks, which nobody routes.
OURS: Final = "198.18.214.1"
THEIRS: Final = "198.18.214.2"


def why_not() -> str | None:
    """Why no namespace can be used here; None: it can."""
    if shutil.which("ip") is None:
        return "no network namespaces: the command ip is missing"
    if os.geteuid() != 0:
        return "no network namespaces: they need root"
    name = f"tealight-try-{os.getpid()}"
    tried = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False)
    if tried.returncode != 0:
        return "no network namespaces: this system does not let one be made"
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
    return None


class FarServer(Server):
    """A Redis in a namespace; ``part`` and ``join`` take its wire away and bring it back. Nobody hangs up."""

    host = THEIRS

    def __init__(self) -> None:
        self._space = f"tealight-{os.getpid()}"
        self.within = ("ip", "netns", "exec", self._space)
        self._near, self._far = f"tl{os.getpid()}a", f"tl{os.getpid()}b"
        _ip("netns", "add", self._space)
        try:
            _ip("link", "add", self._near, "type", "veth", "peer", "name", self._far, "netns", self._space)
            _ip("addr", "add", f"{OURS}/30", "dev", self._near)
            _ip("link", "set", self._near, "up")
            _ip("-n", self._space, "addr", "add", f"{THEIRS}/30", "dev", self._far)
            _ip("-n", self._space, "link", "set", self._far, "up")
            super().__init__()
        except BaseException:
            self._take_down()
            raise

    def part(self) -> None:
        """What either side sends vanishes."""
        _ip("-n", self._space, "link", "set", self._far, "down")

    def join(self) -> None:
        _ip("-n", self._space, "link", "set", self._far, "up")

    def close(self) -> None:
        super().close()
        self._take_down()

    def _take_down(self) -> None:
        _ip("netns", "del", self._space)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
