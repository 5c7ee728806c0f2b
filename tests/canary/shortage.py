"""What a machine runs short of while people talk: memory, a database that another one holds, a disk."""

import asyncio
import contextlib
import re
import resource
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx2

from rooms.records import links
from tests.canary.scene import Scene
from tests.faults.node import until

SPARE: Final = 1024 * 1024  # that a process may still get
PIECES: Final = 400
PIECE: Final = 60_000  # bytes: less than the longest head that is taken
TRIES: Final = 6
FULL: Final = 16 * 1024  # bytes after which no file may grow: less than one change of the records takes


async def memory_runs_out(scene: Scene) -> None:
    """Each node may have a little more than it has, and is sent a lot that does not end."""
    await scene.plants.everything_is_said()
    for node in scene.town.nodes:
        _limit(node.pid)

    async with contextlib.AsyncExitStack() as stack:

        async def has_run_out() -> bool:
            for number, node in enumerate(scene.town.nodes):
                if node.is_running:
                    await scene.plants.all_is_in_flight(number)
                    await _send_a_lot(scene, node.port, stack)
            return all("MemoryError" in node.log or not node.is_running for node in scene.town.nodes)

        await until(has_run_out, "memory has run out")
    scene.outcome.notes.append(
        "; ".join(
            f"{node.name} {'lives on' if node.is_running else 'ended'}, MemoryError {node.log.count('MemoryError')} times"
            for node in scene.town.nodes
        )
    )


def _limit(pid: int) -> None:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    size = re.search(r"VmSize:\s+(\d+) kB", status)
    assert size is not None
    _, most = resource.prlimit(pid, resource.RLIMIT_AS)
    resource.prlimit(pid, resource.RLIMIT_AS, (int(size[1]) * 1024 + SPARE, most))


async def _send_a_lot(scene: Scene, port: int, stack: contextlib.AsyncExitStack) -> None:
    """Heads that do not end, each held for as long as heads may take."""
    word = scene.registry.plant("head without memory")
    for _ in range(PIECES):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            stack.callback(writer.close)
            writer.write(f"GET /{word} HTTP/1.1\r\nHost: a\r\nX-Word: {word}{'~' * PIECE}".encode())
            async with asyncio.timeout(5):
                await writer.drain()


async def records_cannot_be_written(scene: Scene) -> None:
    """Somebody else has locked them for a while; then the disk is full. The room goes on, and nothing is told of words."""
    plants = scene.plants
    await plants.everything_is_said()
    tokens = await _links(scene, 2 * TRIES)
    with contextlib.closing(
        sqlite3.connect(scene.stage.town / "records.sqlite3", isolation_level=None)
    ) as other:
        other.execute("BEGIN EXCLUSIVE")
        await _must_fail(scene, tokens[:1], "locked")
        await plants.everybody_is_heard()
        other.execute("ROLLBACK")
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for node in scene.town.nodes:
        _, most = resource.prlimit(node.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(node.pid, resource.RLIMIT_FSIZE, (FULL, most))
    await _must_fail(scene, tokens[1:], "full")
    await plants.everybody_is_heard()
    await plants.hostile_things_are_sent()


async def _links(scene: Scene, how_many: int) -> list[str]:
    olu = await scene.town.account("Olu")
    at, lives = datetime.now(UTC), timedelta(hours=1)
    async with scene.town.database.writing() as conn:
        tokens = [
            await links.make(conn, "sign_in", account_id=olu.id, at=at, lives=lives) for _ in range(how_many)
        ]
    for token in tokens:
        scene.registry.note("link: sign_in", token)
    return tokens


async def _must_fail(scene: Scene, tokens: list[str], why: str) -> None:
    """Somebody signs in, which is written down; what the room tells people outside of it is, too."""
    answer = await scene.plants.ben.asks("flag_about_facilitation")
    assert answer["type"] == "ack", answer["why"]
    browser = scene.plants.evening._browser()
    browser.http.timeout = httpx2.Timeout(60)
    answers = []
    for token in tokens:
        try:
            answers.append((await browser.posts(f"/link/{token}")).status_code)
        except httpx2.HTTPError as error:
            answers.append(0)
            scene.outcome.notes.append(f"{why}: {type(error).__name__}")
    scene.outcome.notes.append(f"records {why}: answers {answers}")
    if all(0 < status < 500 for status in answers):
        scene.outcome.faults.append(f"R9: the records were {why}, and nobody felt it")
