"""A place of its own for one run: folders of the processes' own, and a watch over every file that they open to write."""

import contextlib
import fnmatch
import os
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from tests.canary.search import Search, files_in
from tests.faults.node import ROOT, Start

# The manifest: whatever else a process of ours opens to write fails the run. {run} is the run's own folder.
WRITABLE: Final = (
    "{run}/town/records.sqlite3",
    "{run}/town/records.sqlite3-wal",
    "{run}/town/records.sqlite3-shm",
    # Where it prints: opened by whoever starts it.
    "{run}/town/node-*.log",
    # Of our own code and templates, by Python and by us, where Python is allowed to.
    "{root}/*/__pycache__/*",
    "/dev/null",
)
_EVERY: Final = 0.05
# Of which every user of the machine may have some: looked through as far as it was written while we ran.
SHARED: Final = tuple(Path(folder) for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run/user", "/var/crash"))
# What stands in the folder of the code and is nobody's but its developers'.
_NOT_OURS: Final = (".git", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "var")


class Stage:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # ``apart``: for what is no server of ours, and may write what it likes.
        self.town, self.cwd, self.home, self.tmp, self.apart = (
            folder / name for name in ("town", "cwd", "home", "tmp", "apart")
        )
        for each in (self.town, self.cwd, self.home, self.tmp, self.apart):
            each.mkdir(mode=0o700)
        self.elsewhere: list[Path] = [folder]
        """Folders that are looked through by themselves, and not as a part of what everybody shares."""
        self.key = secrets.token_urlsafe(48)
        self.began = time.time()

    def environ(self) -> dict[str, str]:
        """Whatever a programme takes to be its own place is in here."""
        return {
            "HOME": str(self.home),
            "TMPDIR": str(self.tmp),
            "TEMP": str(self.tmp),
            "TMP": str(self.tmp),
            "XDG_RUNTIME_DIR": str(self.tmp),
            "XDG_CACHE_HOME": str(self.home / ".cache"),
        }

    def start(
        self,
        *modules: str,
        environ: Mapping[str, str] | None = None,
        shell: str = "",
        within: tuple[str, ...] = (),
        passed_on: tuple[int, ...] = (),
    ) -> Start:
        """Nodes in these folders. ``modules``: instead of ``server``; ``shell``: said before, as ``ulimit`` is."""
        command = (sys.executable, "-m", *(modules or ("server",)), "run")
        if within:
            command = (*within, *command)
        if shell:
            command = ("/bin/sh", "-c", f'{shell}; exec "$@"', "sh", *command)
        return Start(
            command=command,
            cwd=self.cwd,
            environ=self.environ() | {"PYTHONPATH": str(ROOT), "SECRET_KEY": self.key} | dict(environ or {}),
            passed_on=passed_on,
        )

    def allows(self, path: str) -> bool:
        return any(fnmatch.fnmatchcase(path, each.format(run=self.folder, root=ROOT)) for each in WRITABLE)

    def unlisted(self) -> list[str]:
        """Files that stand in the run's folder, or were changed in that of the code, and not in the manifest."""
        of_the_run = [str(path) for path in files_in(self.folder, but=[self.apart])]
        of_the_code = [
            str(path)
            for path in files_in(ROOT, but=[ROOT / name for name in _NOT_OURS])
            if path.stat().st_mtime >= self.began
        ]
        return [path for path in (*of_the_run, *of_the_code) if not self.allows(path)]

    def records(self, when: str) -> dict[str, bytes]:
        return {
            f"{path.name} {when}": path.read_bytes() for path in files_in(self.town) if path.suffix != ".log"
        }

    def look(self, search: Search, *, shared: bool = True) -> None:
        """Through all that this run left on the machine outside of Redis.

        shared: also through what anybody on the machine has written since, in the folders that everybody shares.
        """
        for path in files_in(self.town):
            search.through("logs" if path.suffix == ".log" else "records", path.name, path.read_bytes())
        search.through_folder("working folder", self.cwd)
        search.through_folder("home", self.home)
        search.through_folder("temporary folder", self.tmp)
        search.through_folder("code", ROOT, since=self.began, but=[ROOT / name for name in _NOT_OURS])
        for folder in SHARED if shared else ():
            search.through_folder(str(folder), folder, since=self.began, but=self.elsewhere)


@contextlib.contextmanager
def watching(pids: Callable[[], Iterable[int]]) -> Iterator[set[str]]:
    """The paths that these processes, or any that they started, hold open to write, seen many times a second."""
    seen: set[str] = set()
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(_EVERY):
            for pid in pids():
                seen.update(open_to_write(pid))

    watcher = threading.Thread(target=watch, name="watching what is written")
    watcher.start()
    try:
        yield seen
    finally:
        is_over.set()
        watcher.join()


def open_to_write(pid: int) -> Iterator[str]:
    """Paths as the kernel names them; what was deleted and is still open says so behind its name."""
    folder = f"/proc/{pid}"
    with contextlib.suppress(OSError):
        for number in os.listdir(f"{folder}/fd"):  # noqa: PTH208  names are all that is wanted, twenty times a second
            with contextlib.suppress(OSError):
                path = os.readlink(f"{folder}/fd/{number}")  # noqa: PTH115  a link to something that is no path
                if path.startswith(("socket:", "pipe:", "anon_inode:")):
                    continue
                flags = Path(f"{folder}/fdinfo/{number}").read_text().partition("flags:")[2].split()[0]
                if int(flags, 8) & (os.O_WRONLY | os.O_RDWR):
                    yield path
        children = Path(f"{folder}/task/{pid}/children").read_text().split()
        for child in children:
            yield from open_to_write(int(child))
