"""Where the benchmark builds and keeps its tools: a folder of its own under the system's, never the project's venv."""

import shutil
import subprocess
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.gettempdir()) / "tealight-bench"
HERE = Path(__file__).parent


class CannotBuildError(Exception):
    """No C compiler, or one that does not take our C."""


def built(name: str) -> Path:
    """The program made from ``bench/c/name.c``, compiled anew when its source is newer."""
    FOLDER.mkdir(exist_ok=True)
    source, program = HERE / "c" / f"{name}.c", FOLDER / name
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None:
            raise CannotBuildError("the load and the limit are written in C: install gcc")
        made = subprocess.run(
            [compiler, "-O3", "-march=native", "-Wall", "-Wextra", "-o", program, source],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise CannotBuildError(made.stderr)
    return program
