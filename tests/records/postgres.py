"""A Postgres of our own for as long as the tests run, from the distribution's binaries. Where there are none: none."""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

_NOBODY = "nobody"


@contextmanager
def throwaway_postgres(*settings: str) -> Iterator[str]:
    """The URL of an empty database, which names its folder. ``settings``: ``name=value``; it prints into ``log`` there."""
    initdb, postgres = _binary("initdb"), _binary("postgres")
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
        given = [f"-c{each}" for each in ("listen_addresses=", "fsync=off", *settings)]
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(
                [postgres, "-D", data, "-k", folder, *given],
                user=user,
                cwd=folder,
                stdout=log,
                stderr=log,
            ) as server,
        ):
            try:
                _wait(server, data / "postmaster.pid")
                yield f"postgresql://tealight@/postgres?host={folder}"
            finally:
                server.terminate()
    finally:
        shutil.rmtree(folder)


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
