"""Everything that is tested, as ``make test`` runs it: named steps, and last the closing lines of pytest.

``quick``: only what needs no browser and no processes that are killed and frozen, for while one works.
What this machine cannot test is said aloud. With CI=true a missing browser or Redis is a failure.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
IN_CI = os.environ.get("CI", "") not in {"", "0", "false"}
PYTEST = ("-m", "pytest", "--no-header", "--color=no", "--tb=short", "-rs")
# More than there are cores on a small machine: many of the tests wait for a server that they froze or cut off.
TOGETHER = ("-n", "3", "--dist", "loadfile")
# What must be measured, and by what: it makes everything three times as slow, so that the laws, which repeat a room
# many hundred times, run beside it with all the rest.
ROOMS = tuple(f"tests/{folder}" for folder in ("live", "host", "engines", "records", "calendar"))
LAWS = ("tests/live/test_laws.py", "tests/live/test_equal_time.py")
NEVER_LEFT_OUT = ("no browser", "no Redis")
COVERAGE = ("-m", "coverage")


class Run:
    """One after another, each told in a line; what fails is shown whole, and the rest is run all the same."""

    def __init__(self, folder: str) -> None:
        self.failed: list[str] = []
        self.closing: list[str] = []
        self._env = os.environ | {"COVERAGE_FILE": str(Path(folder) / "coverage")}
        # Some machines forbid it, and then each of hundreds of processes compiles everything anew: half of the time.
        self._env.pop("PYTHONDONTWRITEBYTECODE", None)

    def step(self, name: str, *arguments: str, **environment: str) -> str:
        print(f"{name:<10} ", end="", flush=True)
        began = time.monotonic()
        ran = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self._env | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print(f"{time.monotonic() - began:6.1f} s  {'ok' if ran.returncode == 0 else 'FAILED'}", flush=True)
        if ran.returncode != 0:
            self.failed.append(name)
            print(ran.stdout)
        return ran.stdout

    def pytest(self, name: str, *arguments: str, **environment: str) -> None:
        told = self.step(name, *PYTEST, *arguments, **environment)
        self.closing += told.strip().splitlines()[-1:]
        left_out = re.findall(r"^SKIPPED \[\d+\] (.*)$", told, re.MULTILINE)
        for why in dict.fromkeys(left_out):
            print(f"  NOT TESTED HERE  {why}")
        if IN_CI and any(lack in why for why in left_out for lack in NEVER_LEFT_OUT):
            self.failed.append(f"{name}: in CI there is a browser, and a Redis")


def everything(run: Run) -> None:
    measured = {"COVERAGE_PROCESS_START": str(ROOT / "pyproject.toml")}
    run.pytest("rooms", *ROOMS, *(f"--ignore={law}" for law in LAWS), *TOGETHER, **measured)
    run.step("measured", *COVERAGE, "combine", "-q")
    # Every branch of what the product is. A report says which are missing.
    run.step("coverage", *COVERAGE, "report", "--fail-under=100")
    elsewhere = (f"--ignore={folder}" for folder in (*ROOMS, "tests/faults"))
    run.pytest("server", "tests", *elsewhere, "-m", "not browser", *TOGETHER)
    run.pytest("laws", *LAWS)
    # Processes of their own, killed and frozen: not beside anything that counts seconds.
    run.pytest("faults", "tests/faults", *TOGETHER)
    run.pytest("browser", "-m", "browser", "-n", "2", "--dist", "loadfile")


def quick(run: Run) -> None:
    run.pytest("quick", "tests", "--ignore=tests/faults", "-m", "not browser and not processes", *TOGETHER)


def main(words: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        run = Run(folder)
        quick(run) if words == ["quick"] else everything(run)
    for name in run.failed:
        print(f"FAILED  {name}")
    print("\n".join(run.closing))
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
