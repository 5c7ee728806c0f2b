"""`make two-nodes`: one of them is killed in mid-sentence, and nobody loses a word that was answered for."""

import asyncio
import os
import re
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server import two_nodes
from tests.engines.servers import free_port
from tests.server.test_command_line import Demo, command, in_this_process, reads_links
from tests.server.visitor import Visitor

pytestmark = pytest.mark.processes


class Pair:
    """Both nodes, and who started them."""

    def __init__(self, process: asyncio.subprocess.Process, nodes: list[Demo], pids: list[int]) -> None:
        self.process = process
        self.one, self.two = nodes
        self.pids = pids

    def kills_the_first(self) -> None:
        os.kill(self.pids[0], signal.SIGKILL)

    async def says(self) -> str:
        """What it prints next."""
        assert self.process.stdout is not None
        async with asyncio.timeout(10):
            while not (line := (await self.process.stdout.readline()).decode().strip()):
                pass
        return line


@asynccontextmanager
async def both(folder: Path) -> AsyncIterator[Pair]:
    port = free_port(2)
    (folder / "tmp").mkdir()
    process = await command(folder, "two-nodes", PORT=str(port), TMPDIR=str(folder / "tmp"))
    assert process.stdout is not None
    nodes, pids = [], []
    try:
        for number in range(2):
            async with asyncio.timeout(50):
                while not (named := re.match(rb"Node \d, process (\d+)", await process.stdout.readline())):
                    pass
            pids.append(int(named[1]))
            nodes.append(Demo(process, port + number, await reads_links(process)))
        yield Pair(process, nodes, pids)
        for browser in (*nodes[0].browsers, *nodes[1].browsers):
            await browser.closes()
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.communicate()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def has_ended(pid: int) -> bool:
    """Also if nobody has asked how: the parent of such a process is whoever takes in orphans here."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


async def drains(visitor: Visitor) -> None:
    """Reads whatever still came before the line broke."""
    await visitor.is_closed(1006)


def acknowledged(visitor: Visitor) -> set[str]:
    return {frame["ref"] for frame in visitor.frames if frame["type"] == "ack"}


def read(visitor: Visitor) -> list[str]:
    """Each message once, in the order in which this page had it."""
    texts = {frame["id"]: frame["text"] for frame in visitor.frames if frame["type"] == "said"}
    return list(texts.values())


@pytest.mark.timeout(150)
async def test_one_is_killed_in_mid_sentence_and_the_other_goes_on(tmp_path: Path):
    async with both(tmp_path) as nodes:
        assert nodes.one.join == nodes.two.join
        assert nodes.one.facilitate != nodes.two.facilitate
        ana, chi = await nodes.one.facilitates(), await nodes.one.visits("Chi")
        ben = await nodes.two.visits("Ben")
        for visitor in (ana, ben, chi):
            await visitor.sees_that("you", place="inside")
        words = {f"a-{number}": f"word {number}" for number in range(60)}
        for ref, text in words.items():
            await ana.sends({"type": "say", "ref": ref, "text": text})
            if ref == "a-30":
                await ana.answer_to("a-20")
                nodes.kills_the_first()
                break
        for visitor in (ana, chi):
            await drains(visitor)
        before = acknowledged(ana)
        assert "a-20" in before
        assert (
            await nodes.says()
            == f"kill -9 {nodes.pids[0]} ends one of them, and its rooms go on at the other."
        )
        assert await nodes.says() == "Ctrl-C ends everything."
        assert await nodes.says() == "Node 1 has ended; the other goes on."

        for visitor in (ana, chi):
            visitor.browser.goes_to(nodes.two.url)
            await visitor.comes_back()
            assert visitor.resumed, f"{visitor.name} may have missed messages"
        for ref, text in words.items():
            if ref not in before:
                assert (await ana.asks("say", ref=ref, text=text))["type"] == "ack"
        for visitor in (ana, ben, chi):
            await visitor.catches_up()
            assert read(visitor) == list(words.values())

        nodes.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(6):
            out, err = await nodes.process.communicate()
        assert (nodes.process.returncode, out) == (0, b"")
        assert all(line.endswith(b" signed in") for line in err.splitlines()), err
        assert not any(map(is_alive, nodes.pids))
        assert list((tmp_path / "tmp").iterdir()) == []
        assert {each.name for each in (tmp_path / "var").iterdir()} == {"secret_key", "tealight.db"}


@pytest.mark.timeout(150)
async def test_killed_itself_it_leaves_nothing_behind(tmp_path: Path):
    async with both(tmp_path) as nodes:
        ben = await nodes.two.visits("Ben")
        children = children_of(nodes.process.pid)
        assert {*nodes.pids} < {*children}, "and the Valkey"
        nodes.process.kill()
        await ben.is_closed(1012)
        async with asyncio.timeout(10):
            while not all(map(has_ended, children)):  # noqa: ASYNC110  processes come and go without an event for tests
                await asyncio.sleep(0.05)
        for port in (nodes.one.url, nodes.two.url):
            socket.create_server(("127.0.0.1", int(port.rpartition(":")[2]))).close()


def test_without_a_valkey_one_line_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(two_nodes, "find_valkey", lambda: None)
    refused = in_this_process("two-nodes")
    assert refused.exit_code == 2
    assert refused.stderr == f"Tealight cannot start. {two_nodes.NO_VALKEY}\n"


def test_one_that_cannot_start_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(two_nodes, "find_valkey", lambda: "/bin/false")
    refused = in_this_process("two-nodes")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("Tealight cannot start. /bin/false ends at once")


def test_there_must_be_a_port_for_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    refused = in_this_process("two-nodes", PORT="65535")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "PORT: " in refused.stderr


@pytest.mark.timeout(150)
async def test_a_port_that_is_taken_ends_both(tmp_path: Path):
    port = free_port(2)
    (tmp_path / "tmp").mkdir()
    with socket.create_server(("127.0.0.1", port + 1)):
        process = await command(tmp_path, "two-nodes", PORT=str(port), TMPDIR=str(tmp_path / "tmp"))
        out, err = await process.communicate()
    assert (process.returncode, out) == (2, b"")
    assert err.decode().splitlines()[-1].startswith(f"Tealight cannot start. PORT: {port + 1} is taken")
    assert list((tmp_path / "tmp").iterdir()) == []
