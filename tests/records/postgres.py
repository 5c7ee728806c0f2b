"""A Postgres of our own for as long as the tests run, from the distribution's binaries. Where there are none: none."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from rooms.records import tables

_NOBODY = "nobody"


class Postgres:
    """One that can be stopped and started, as whoever looks after it does on a Tuesday evening."""

    def __init__(self, folder: Path, user: str | None, settings: tuple[str, ...] = ()) -> None:
        self._folder = folder
        self._settings = ("listen_addresses=", "fsync=off", *settings)
        self._user = user
        self._server: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql://tealight@/postgres?host={folder}"

    def starts(self) -> None:
        given = [f"-c{each}" for each in self._settings]
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [_binary("postgres"), "-D", self._folder / "data", "-k", self._folder, *given],
                user=self._user,
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )
        _wait(self._server, self._folder / "data" / "postmaster.pid")

    def stops(self) -> None:
        """At once, whoever is connected; what was committed stays."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait()
            self._server = None


@contextmanager
def throwaway_postgres(*settings: str) -> Iterator[str]:
    """The URL of an empty database, which names its folder. ``settings``: ``name=value``; it prints into ``log`` there."""
    with stoppable_postgres(*settings) as postgres:
        yield postgres.url


@contextmanager
def stoppable_postgres(*settings: str) -> Iterator[Postgres]:
    """With an empty database."""
    initdb = _binary("initdb")
    # The server refuses to run as root, as which containers often run tests.
    user = _NOBODY if os.geteuid() == 0 else None
    folder = Path(mkdtemp(prefix="tealight-"))  # short: the path of a socket must be under 108 bytes
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data = folder / "data"
    try:
        subprocess.run(
            [initdb, "-D", data, "-U", "tealight", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            user=user,
            cwd=folder,
            check=True,
            capture_output=True,
        )
        postgres = Postgres(folder, user, settings)
        try:
            postgres.starts()
            yield postgres
        finally:
            postgres.stops()
    finally:
        shutil.rmtree(folder)


def emptied() -> str:
    """SQL that leaves no row in any table. In one trip: there are more tables than most tests have statements."""
    return ";".join(f"DELETE FROM {table.name}" for table in reversed(tables.metadata.sorted_tables))


def postgres_is_installed() -> bool:
    return bool(_binary("initdb") and _binary("postgres"))


def _binary(name: str) -> str:
    """Its path, or nothing. Debian keeps it out of the way, one folder per version."""
    found = shutil.which(name)
    return found or next((str(path) for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), "")


def _wait(server: "subprocess.Popen[bytes]", status: Path) -> None:
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        if status.exists() and status.read_text(encoding="ascii").rstrip().endswith("ready"):
            return
        time.sleep(0.05)
    raise RuntimeError("the throwaway Postgres did not come up")
