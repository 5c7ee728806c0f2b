"""One process of the server, started and ended here as an operator does it, or as an accident does."""

import asyncio
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx2

ROOT: Final = Path(__file__).parents[2]
# Everything that must become so, on a machine that is busy with something else.
PATIENCE: Final = 90.0
# After all that it does in order, uvicorn ends by the signal that asked it to.
STOPPED: Final = {0, -signal.SIGTERM}


@dataclass(frozen=True, slots=True)
class Start:
    """How nodes are started: by which command, in which folder, and with what else in the environment."""

    command: tuple[str, ...] = (sys.executable, "-m", "server", "run")
    cwd: Path = ROOT
    environ: Mapping[str, str] = field(default_factory=dict)
    passed_on: tuple[int, ...] = ()
    """Descriptors that are open in it, too."""


class Node:
    """``python -m server run``, as an operator starts it."""

    def __init__(
        self, name: str, environ: dict[str, str], folder: Path, port: int, start: Start | None = None
    ) -> None:
        self.name = name
        self.start = start or Start()
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._environ = environ | {"HOST": "127.0.0.1", "PORT": str(port)} | dict(self.start.environ)
        self._log = folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        # Nothing here is encrypted, and reading all the world's certificates takes long.
        self._http = httpx2.AsyncClient(base_url=self.url, trust_env=False, timeout=2, verify=False)

    @property
    def log(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def memory(self) -> float:
        """What it holds, in MB."""
        assert self._process is not None
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 1_000_000

    def starts(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self.start.command,
                cwd=self.start.cwd,
                env=self._environ,
                pass_fds=self.start.passed_on,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def is_up(self) -> None:
        """Until it answers that it is ready."""
        await until(self.is_ready, f"{self.name} is ready")

    async def is_ready(self) -> bool:
        assert self.is_running, f"{self.name} ended by itself:\n{self.log}"
        try:
            return (await self._http.get("/ready")).status_code == 200
        except (httpx2.HTTPError, OSError):
            return False

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def tells(self, what: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(what)

    async def is_over(self) -> int:
        """Until its process has ended; returns the exit status."""
        process = self._process
        assert process is not None
        await until(self._has_ended, f"{self.name} has ended")
        assert process.returncode is not None
        return process.returncode

    async def _has_ended(self) -> bool:
        return not self.is_running

    async def is_killed(self) -> None:
        self.tells(signal.SIGKILL)
        await self.is_over()

    async def stops(self) -> int:
        """As a deploy does it."""
        self.tells(signal.SIGTERM)
        return await self.is_over()

    async def closes(self) -> None:
        await self._http.aclose()
        if self.is_running:
            self.tells(signal.SIGCONT)
            await self.is_killed()


async def until(
    is_so: Callable[[], Awaitable[bool]], what: str, report: Callable[[], str] = lambda: ""
) -> None:
    """Asked again and again; a deadline is generous, because it is no measurement."""
    end = time.monotonic() + PATIENCE
    while not await is_so():
        assert time.monotonic() < end, f"it never came to pass that {what}\n{report()}"
        await asyncio.sleep(0.05)
