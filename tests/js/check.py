"""Checks the scripts: node can read each of them, and, where TypeScript is at hand, their types hold."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "static" / "js"
STRICT = ["--allowJs", "--checkJs", "--noEmit", "--strict"]
MODERN = ["--target", "es2023", "--module", "esnext", "--moduleResolution", "bundler"]

# What `node --check` does for one file, for all of them at once.
READ_EACH = """
const {readFileSync} = require("node:fs");
const {SourceTextModule} = require("node:vm");
for (const identifier of process.argv.slice(1)) {
  try { new SourceTextModule(readFileSync(identifier, "utf8"), {identifier}); }
  catch (wrong) { process.exitCode = 1; console.error(wrong.stack.split("\\n").slice(0, 5).join("\\n")); }
}
"""


def node() -> str | None:
    """The node on the path, or the one that playwright brings along."""
    found = shutil.which("node")
    if found:
        return found
    try:
        import playwright
    except ImportError:
        return None
    bundled = Path(playwright.__file__).parent / "driver" / ("node.exe" if os.name == "nt" else "node")
    return str(bundled) if bundled.exists() else None


def complaints(binary: str) -> str:
    """What is wrong with the scripts; empty: nothing."""
    scripts = sorted(map(str, SCRIPTS.glob("*.js")))
    read = _said([binary, "--experimental-vm-modules", "--no-warnings", "-e", READ_EACH, *scripts])
    return read or _types([*scripts, *sorted(map(str, SCRIPTS.glob("*.d.ts")))])


def _types(files: list[str]) -> str:
    tsc = shutil.which("tsc") or shutil.which("tsc", path=str(ROOT / "node_modules" / ".bin"))
    return _said([tsc, *STRICT, *MODERN, *files]) if tsc else ""


def _said(command: list[str]) -> str:
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=ROOT)
    return "" if ran.returncode == 0 else ran.stdout + ran.stderr


def main() -> int:
    binary = node()
    if binary is None:
        print("scripts: no node here; install nodejs, or playwright, which brings one")
        return 1
    wrong = complaints(binary)
    print(f"scripts: {wrong.strip() or 'fine'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
