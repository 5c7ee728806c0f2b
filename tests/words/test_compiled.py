"""What is kept of compiled templates: right or not used, and never what keeps a house from opening."""

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from server.compiled import Compiled


class Counting(Environment):
    """Tells how many templates it had to compile."""

    compiled = 0

    def _generate(self, *given, **how):
        self.compiled += 1
        return super()._generate(*given, **how)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "hello.html").write_text("Hello {{ name }}")
    return tmp_path


def starts(folder: Path, way: str = "as ever") -> tuple[str, int]:
    """What a process that starts there says, and how many templates it compiled."""
    env = Counting(loader=FileSystemLoader(folder), bytecode_cache=Compiled(folder, way), autoescape=True)
    return env.get_template("hello.html").render(name="<Ana>"), env.compiled


def test_the_second_process_compiles_nothing_and_says_the_same(folder):
    assert starts(folder) == ("Hello &lt;Ana&gt;", 1)
    assert starts(folder) == ("Hello &lt;Ana&gt;", 0)


def test_a_changed_template_says_what_it_says_now(folder):
    starts(folder)
    (folder / "hello.html").write_text("Welcome {{ name }}")
    assert starts(folder) == ("Welcome &lt;Ana&gt;", 1)


def test_what_was_compiled_another_way_is_not_taken(folder):
    starts(folder)
    assert starts(folder, "another way")[1] == 1


@pytest.mark.parametrize("end", [0, 1, 20, 40, 60, 100, -1])
def test_a_file_that_is_not_whole_is_made_anew(folder, end):
    starts(folder)
    (kept,) = (folder / "__pycache__").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[:end])
    assert starts(folder) == ("Hello &lt;Ana&gt;", 1)
    assert kept.read_bytes() == whole


def test_where_nothing_can_be_written_it_compiles_each_time(folder):
    (folder / "__pycache__").write_text("in the way")
    assert [starts(folder) for _ in range(2)] == [("Hello &lt;Ana&gt;", 1)] * 2


def test_who_told_python_to_write_nothing_finds_nothing(folder, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert starts(folder)[1] == 1
    assert [path.name for path in folder.iterdir()] == ["hello.html"]
