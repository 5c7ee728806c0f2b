"""The real command line in processes of its own: how it refuses, how soon it answers, how it ends."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner, Result

from server.__main__ import tealight
from server.app import ROOT
from tests.engines.servers import free_port
from tests.server.browser import Browser
from tests.server.visitor import Visitor

KEY = "a key for a process of its own as long as it must be"
SECRET = "what-nobody-may-read-in-a-terminal"
CANARY = "canary-in-a-live-room"


async def command(folder: Path, *words: str, **environ: str) -> asyncio.subprocess.Process:
    return await _process(folder, [sys.executable, "-m", "server", *words], environ)


async def command_with_files(
    folder: Path, files: int, *words: str, **environ: str
) -> asyncio.subprocess.Process:
    """``files``: how many it may open."""
    narrowly = ["sh", "-c", 'ulimit -n "$0" && exec "$@"', str(files)]
    return await _process(folder, [*narrowly, sys.executable, "-m", "server", *words], environ)


async def _process(folder: Path, argv: list[str], environ: dict[str, str]) -> asyncio.subprocess.Process:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return await asyncio.create_subprocess_exec(
        *argv,
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        stdin=asyncio.subprocess.DEVNULL,
    )


def in_this_process(*words: str, **environ: str) -> Result:
    unset = dict.fromkeys(
        ("SECRET_KEY", "PORT", "PUBLIC_URL", "DATABASE_URL", "REDIS_URL", "WEB_CONCURRENCY", "LEAVE_TO")
    )
    return CliRunner().invoke(tealight, words, env={**unset, **environ})


@pytest.mark.parametrize(
    ("words", "environ", "names"),
    [
        ("run", {}, "SECRET_KEY: "),
        ("run", {"SECRET_KEY": SECRET[:20]}, "SECRET_KEY: "),
        ("run", {"SECRET_KEY": KEY, "WEB_CONCURRENCY": "2"}, "WEB_CONCURRENCY: "),
        ("run", {"SECRET_KEY": KEY, "PORT": SECRET}, "PORT: "),
        ("demo", {"PUBLIC_URL": f"{SECRET}://"}, "PUBLIC_URL: "),
        ("demo", {"LEAVE_TO": SECRET}, "LEAVE_TO: "),
        ("migrate", {"SECRET_KEY": KEY, "DATABASE_URL": SECRET}, "DATABASE_URL: "),
        ("migrate", {"SECRET_KEY": KEY, "DATABASE_URL": f"sqlite:////dev/null/{SECRET}"}, "DATABASE_URL: "),
        ("migrate", {"SECRET_KEY": KEY, "DATABASE_URL": f"postgresql://u:{SECRET}@[::1/n"}, "DATABASE_URL: "),
        ("organiser add x --name Olu", {}, "SECRET_KEY: "),
    ],
)
def test_what_cannot_work_is_refused_in_one_line_with_status_2(
    words: str, environ: dict[str, str], names: str
):
    refused = in_this_process(*words.split(), **environ)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"Tealight cannot start. {names}")
    assert refused.stderr.count("\n") == 1
    assert SECRET[:20] not in refused.stderr


@pytest.mark.processes
async def test_so_it_is_in_a_process_of_its_own(tmp_path: Path):
    file = f"sqlite:///{tmp_path}/records.db"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        both = [
            await command(tmp_path, "run", SECRET_KEY=KEY, DATABASE_URL=file, REDIS_URL=SECRET),
            await command(tmp_path, "run", SECRET_KEY=KEY, DATABASE_URL=file, PORT=port),
        ]
        for process, names in zip(both, ("REDIS_URL must", f"PORT: {port} is taken"), strict=True):
            out, err = await process.communicate()
            assert (process.returncode, out) == (2, b""), err
            assert err.decode().splitlines()[-1].startswith(f"Tealight cannot start. {names}")
            assert SECRET.encode() not in err


def test_an_organiser_is_made_and_let_in_again(tmp_path: Path):
    kept = {"SECRET_KEY": KEY, "DATABASE_URL": f"sqlite:///{tmp_path}/records.db"}
    for name in ("olu@example.org", "OLU@example.org"):
        made = in_this_process("organiser", "add", name, "--name", "Olu", **kept)
        assert (made.exit_code, made.stderr) == (0, "")
        assert re.fullmatch(r"http://localhost:8000/link/[\w-]{32}\n", made.stdout)
    for wrong in (["x" * 255, "--name", "Olu"], ["olu\x1b[2J", "--name", "Olu"], ["olu", "--name", ""]):
        assert in_this_process("organiser", "add", *wrong, **kept).exit_code == 2


def test_records_are_kept_and_put_back(tmp_path: Path):
    kept = {"SECRET_KEY": KEY, "DATABASE_URL": f"sqlite:///{tmp_path}/records.db"}
    in_this_process("organiser", "add", "olu", "--name", "Olu", **kept)
    file = str(tmp_path / "a.backup")
    taken = in_this_process("backup", file, **kept)
    assert (taken.exit_code, taken.stderr) == (0, "")
    assert taken.stdout.startswith(f"Kept in {file}.")
    back = in_this_process("restore", file, **kept)
    assert (back.exit_code, back.stderr) == (0, "")
    for words, why in (
        (("backup", file), "there is a file of that name already"),
        (("restore", f"{file}x"), "there is no such backup"),
        (("backup", "/dev/null/x"), "the file cannot be used"),
    ):
        refused = in_this_process(*words, **kept)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert refused.stderr.startswith(f"Tealight cannot do that. {why}")
        assert refused.stderr.count("\n") == 1
    elsewhere = in_this_process("backup", file, SECRET_KEY=KEY, DATABASE_URL="postgresql://u:p@h/n")
    assert (elsewhere.exit_code, "pg_dump" in elsewhere.stderr) == (2, True)


class Demo:
    """`make run`, as somebody sees it."""

    def __init__(self, process: asyncio.subprocess.Process, port: int, printed: dict[str, str]) -> None:
        self.process = process
        self.url = f"http://127.0.0.1:{port}"
        self.join, self.facilitate, self.organise = (
            re.sub(r"^http://localhost:\d+", "", printed[name]) for name in ("Join", "Facilitate", "Organise")
        )
        self.browsers: list[Browser] = []

    def browser(self) -> Browser:
        self.browsers.append(Browser(self.url, self.url))
        return self.browsers[-1]

    async def facilitates(self) -> Visitor:
        browser = self.browser()
        live = await browser.follows(await browser.posts(self.facilitate))
        visitor = Visitor(browser, live.url.path, "Ana")
        await visitor.connects()
        return visitor

    async def visits(self, name: str, *, buffer: int = 0) -> Visitor:
        browser = self.browser()
        door = await browser.follows(await browser.gets(self.join))
        live = await browser.posts(door.url.path, name=name, how="come_in")
        visitor = Visitor(browser, live.headers["location"], name)
        await visitor.connects(buffer=buffer)
        return visitor

    async def ends(self, how: signal.Signals, within: float) -> str:
        """Returns what it had printed as errors."""
        self.process.send_signal(how)
        async with asyncio.timeout(within):
            _, err = await self.process.communicate()
        return err.decode()


def files_with(word: str, folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file() and word.encode() in each.read_bytes()]


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[Demo]:
    port = free_port()
    process = await command(folder, "demo", PORT=str(port))
    try:
        printed = await reads_links(process)
        running = Demo(process, port, printed)
        yield running
        for browser in running.browsers:
            await browser.closes()
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def reads_links(process: asyncio.subprocess.Process) -> dict[str, str]:
    assert process.stdout is not None
    printed: dict[str, str] = {}
    async with asyncio.timeout(50):
        while len(printed) < 3:
            name, colon, link = (await process.stdout.readline()).decode().partition(":")
            printed |= {name: link.strip()} if colon else {}
    return printed


@pytest.mark.processes
async def test_one_process_that_is_told_to_begin_anew_goes_on_and_says_why(tmp_path: Path):
    """By default it would die of it without a goodbye, and nobody would start it again."""
    port = free_port()
    file = f"sqlite:///{tmp_path}/records.db"
    process = await command(tmp_path, "run", SECRET_KEY=KEY, DATABASE_URL=file, PORT=str(port))
    browser = Browser(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port}")
    try:
        async with asyncio.timeout(50):
            while True:
                with suppress(httpx2.TransportError):
                    if (await browser.gets("/health")).status_code == 200:
                        break
                await asyncio.sleep(0.05)
        process.send_signal(signal.SIGHUP)
        assert process.stderr is not None
        async with asyncio.timeout(10):
            while b"SIGHUP replaces workers" not in await process.stderr.readline():
                assert process.returncode is None
        assert (await browser.gets("/health")).status_code == 200
    finally:
        await browser.closes()
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.communicate()


@pytest.mark.processes
async def test_a_demo_is_on_now_ends_when_asked_to_and_finds_its_data_again(tmp_path: Path):
    async with demo(tmp_path) as first:
        ana, ben = await first.facilitates(), await first.visits("Ben")
        await ana.sees_that("room", state="live")
        await ben.sees_that("you", place="inside")
        await ben.says(CANARY)
        await ana.hears(CANARY, frm="Ben")
        organiser = first.browser()
        assert "Tuesday evening" in (await organiser.follows(await organiser.posts(first.organise))).text
        said = await first.ends(signal.SIGINT, within=5)
        assert first.process.returncode == 0
        assert all(line.endswith(" signed in") for line in said.splitlines()), said
        for each in (ana, ben):
            await each.is_closed(1012)
    assert {each.name for each in (tmp_path / "var").iterdir()} == {"secret_key", "tealight.db"}
    assert not files_with(CANARY, tmp_path)

    async with demo(tmp_path) as second:
        assert second.join == first.join
        assert second.facilitate != first.facilitate
        ana, ben = await second.facilitates(), await second.visits("Ben", buffer=4096)
        await ben.sees_that("you", place="inside")
        ben.stops_reading()
        for number in range(60):
            await ana.sends(
                {"type": "say", "ref": f"r-{number}", "text": CANARY + "\N{TEACUP WITHOUT HANDLE}" * 900}
            )
        for number in range(60):
            assert (await ana.answer_to(f"r-{number}"))["type"] == "ack"
        # And somebody else who began to ask for a page, and never goes on.
        with socket.create_connection(("127.0.0.1", int(second.url.rpartition(":")[2]))) as half:
            half.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n")
            said = await second.ends(signal.SIGTERM, within=6)
        assert second.process.returncode in {0, -signal.SIGTERM}
        assert CANARY not in said
