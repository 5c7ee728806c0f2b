"""The pure room is pure: it imports nothing that could do something, know the time, or throw dice."""

import ast
import sys
from pathlib import Path

import pytest

import rooms.live

MODULES = sorted(Path(rooms.live.__file__).parent.glob("**/*.py"))
IMPURE = {
    "asyncio",
    "datetime",
    "logging",
    "os",
    "random",
    "secrets",
    "socket",
    "threading",
    "time",
    "uuid",
    "warnings",
}


def imported(module: Path) -> set[str]:
    tree = ast.parse(module.read_text("utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
class TestEveryModule:
    def test_imports_the_standard_library_and_its_neighbours(self, module):
        foreign = {
            name
            for name in imported(module)
            if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("rooms.live")
        }
        assert not foreign, f"{module.name} imports {sorted(foreign)}"

    def test_imports_nothing_that_knows_the_time_or_acts(self, module):
        impure = {name for name in imported(module) if name.split(".")[0] in IMPURE}
        assert not impure, f"{module.name} imports {sorted(impure)}: what it needs of them is an argument"

    def test_waits_for_nothing_and_prints_nothing(self, module):
        tree = ast.parse(module.read_text("utf-8"))
        waits = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
        assert not [node.lineno for node in ast.walk(tree) if isinstance(node, waits)]
        called = {
            node.func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not called & {"print", "open", "input", "eval", "exec", "globals", "setattr"}
