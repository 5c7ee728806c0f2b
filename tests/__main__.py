"""Everything that is tested, as ``make test`` runs it: named steps, and last the closing lines of pytest.

``quick``: only what needs no browser and no processes that are killed and frozen, with fewer examples of what hypothesis
thinks up, for while one works.
What this machine cannot test is said aloud. With CI=true a missing browser or Redis is a failure.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
IN_CI = os.environ.get("CI", "") not in {"", "0", "false"}
# What they write goes with the run's own folder: several that tidy up after earlier runs at once trip over each other.
TOLD = ("--no-header", "--color=no", "--tb=short", "-rs", "-o", "tmp_path_retention_count=1000")
PYTEST = ("-m", "pytest", *TOLD)
CLOSING = re.compile(r"^=+ .*\b(?:passed|failed|skipped|errors?|no tests ran)\b.* =+$", re.MULTILINE)
# More than there are cores on a small machine: many of the tests wait for a server that they froze or cut off.
TOGETHER = ("-n", "3", "--dist", "loadfile")
# What must be measured, and by what: it makes everything three times as slow, so that the laws, which repeat a room
# many hundred times, run beside it with all the rest.
ROOMS = tuple(f"tests/{folder}/" for folder in ("live", "host", "engines", "records", "calendar"))
# What only the browser's step looks at: the others need not even read it.
SEEN = ("tests/browser/", "tests/words/test_look.py")
# Nodes of their own, and what must not run beside anything that counts seconds.
ALONE = ("tests/faults/", "tests/canary/", "tests/load/")
LAWS = ("tests/live/test_laws.py", "tests/live/test_equal_time.py")
# What many small databases and houses cost that come and go: a disk for what nobody reads again, and memory that is given back
# to the kernel only to be asked for anew. Together a tenth of the time.
IN_MEMORY = Path("/dev/shm")
ROOM_IN_MEMORY = 2**30  # five times what they take
KEPT_BY_MALLOC = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TOP_PAD_": str(16 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(512 * 2**20),
}
NEVER_LEFT_OUT = ("no browser", "no Redis", "all the stories of this file")
COVERAGE = ("-m", "coverage")


class Run:
    """Steps one after another, each told in a line; what fails is shown whole, and the rest is run all the same."""

    def __init__(self, folder: str) -> None:
        self.failed: list[str] = []
        self.closing: list[str] = []
        self._env = os.environ | {
            "COVERAGE_FILE": str(Path(folder) / "coverage"),
            "PYTEST_DEBUG_TEMPROOT": folder,
        }
        # Some machines forbid it, and then each of hundreds of processes compiles everything anew: half of the time.
        self._env.pop("PYTHONDONTWRITEBYTECODE", None)

    def step(self, name: str, *arguments: str, **environment: str) -> None:
        self._run(name, [arguments], environment)

    def pytest(self, name: str, *arguments: str, **environment: str) -> None:
        self._tested(name, self._run(name, [(*PYTEST, *arguments)], environment))

    def shares(self, name: str, shares: Iterable[Iterable[str]], *arguments: str, **environment: str) -> None:
        """Each share of the files in a process of its own, at the same time, so that what it covers can be measured."""
        self._tested(name, self._run(name, [(*PYTEST, *files, *arguments) for files in shares], environment))

    def shared(self, name: str, processes: int, *arguments: str, **environment: str) -> None:
        """All of them by so many processes, each of which takes what none has taken yet."""
        command = ("-m", "tests.shared", str(processes), *TOLD, *arguments)
        self._tested(name, self._run(name, [command], environment))

    def _tested(self, name: str, told: list[str]) -> None:
        left_out: list[str] = []
        for one in told:
            self.closing += CLOSING.findall(one)
            left_out += re.findall(r"^SKIPPED \[\d+\] (.*)$", one, re.MULTILINE)
        for why in dict.fromkeys(left_out):
            print(f"  NOT TESTED HERE  {why}")
        if IN_CI and any(lack in why for why in left_out for lack in NEVER_LEFT_OUT):
            self.failed.append(f"{name}: in CI there is a browser, and a Redis, and no story is left out")

    def _run(self, name: str, commands: Sequence[Sequence[str]], environment: dict[str, str]) -> list[str]:
        """What each told, beside each other."""
        print(f"{name:<10} ", end="", flush=True)
        began = time.monotonic()
        with ThreadPoolExecutor(len(commands)) as beside:
            ran = list(beside.map(lambda command: self._one(command, environment), commands))
        bad = [each for each in ran if each.returncode != 0]
        print(f"{time.monotonic() - began:6.1f} s  {'FAILED' if bad else 'ok'}", flush=True)
        if bad:
            self.failed.append(name)
        for each in bad:
            print(each.stdout)
        return [each.stdout for each in ran]

    def _one(self, command: Sequence[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self._env | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


def files_in(*places: str, but: tuple[str, ...] = ()) -> list[str]:
    every = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py"))
    return [file for file in every if file.startswith(places) and not file.startswith(but)]


def dealt(files: list[str], hands: int) -> list[list[str]]:
    return [files[hand::hands] for hand in range(hands)]


def everything(run: Run) -> None:
    measured = {"COVERAGE_PROCESS_START": str(ROOT / "pyproject.toml")}
    run.shares("rooms", dealt(files_in(*ROOMS, but=LAWS), 3), **measured)
    run.step("measured", *COVERAGE, "combine", "-q")
    # Every branch of what the product is. A report says which are missing.
    run.step("coverage", *COVERAGE, "report", "--fail-under=100")
    elsewhere = files_in("tests/", but=(*ROOMS, *ALONE, *SEEN))
    run.shared("server", 5, *elsewhere, "-m", "not browser")
    run.pytest("laws", *LAWS)
    # What breaks, and what stays behind.
    run.pytest("faults", "tests/faults", "tests/canary", *TOGETHER)
    run.pytest("load", "tests/load")
    run.pytest("browser", "-m", "browser", "-n", "2", "--dist", "loadfile")


def quick(run: Run) -> None:
    # More than there are cores on a small machine: some wait now and then for a server that they froze.
    files = files_in("tests/", but=(*ALONE, *SEEN))
    profile = os.environ.get("HYPOTHESIS_PROFILE", "quick")
    with tempfile.TemporaryDirectory(dir=fleeting(), ignore_cleanup_errors=True) as folder:
        # A Postgres runs as nobody, and has its own folder in here.
        Path(folder).chmod(0o711)
        given = {"HYPOTHESIS_PROFILE": profile, "TMPDIR": folder, "PYTEST_DEBUG_TEMPROOT": folder}
        run.shared("quick", 7, *files, "-m", "not browser and not processes", **KEPT_BY_MALLOC, **given)


def fleeting() -> Path | None:
    """Where there is room in memory for what is thrown away. None: wherever such things go on this machine."""
    roomy = IN_MEMORY.is_mount() and shutil.disk_usage(IN_MEMORY).free >= ROOM_IN_MEMORY
    return IN_MEMORY if roomy else None


def main(words: list[str]) -> int:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        run = Run(folder)
        quick(run) if words == ["quick"] else everything(run)
    for name in run.failed:
        print(f"FAILED  {name}")
    print("\n".join(run.closing))
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
