"""A witness of every byte that goes into a file: an evening under strace, so that nothing is missed that was deleted since."""

import os
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tests.canary.controls import Control
from tests.canary.scene import Scene, Setting, a_scene
from tests.canary.search import Outcome, Search
from tests.canary.stage import Stage
from tests.faults.node import Start

KIND: Final = "written by system calls"
_WRITES: Final = "write,pwrite64,writev,pwritev,pwritev2"
_NAMES: Final = "open,openat,openat2,creat,rename,renameat,renameat2,link,linkat,memfd_create,sendfile,copy_file_range,connect"
# A number, and behind it what the kernel calls it: only a file's begins with a slash, which is \x2f here.
_WRITE: Final = re.compile(
    r"\b(?:p?writev?2?|pwrite64)\(\d+<((?:/|\\x2f)[^<>]*)(?:<[^>]*>)?>(\(deleted\))?, (.*)"
)
_OPEN: Final = re.compile(
    r'\b(?:open|openat|openat2|creat)\((?:AT_FDCWD(?:<[^>]*>)?, |\d+<[^>]*>, )?"([^"]*)", (.*)'
)
_MOVE: Final = re.compile(
    r"\b(?:rename|renameat|renameat2|link|linkat|memfd_create|copy_file_range|sendfile)\(.*"
)
_CONNECT: Final = re.compile(r"\bconnect\(.*?sa_family=(AF_\w+), (.*?)\}")
_PORT: Final = re.compile(r"htons\((\d+)\)")
_STRING: Final = re.compile(r'"([^"]*)"')
_TO_WRITE: Final = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_TMPFILE")


@dataclass(slots=True)
class Seen:
    """``written``: by the path, all bytes in a row; ``opened``: paths to write to; ``moved``: what else makes a file.

    ``called``: whom it spoke to, as family, address and port.
    """

    written: dict[str, bytearray] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    moved: list[str] = field(default_factory=list)
    called: set[tuple[str, str, int]] = field(default_factory=set)


def why_not() -> str | None:
    return None if shutil.which("strace") else "no strace here"


async def witnessed(name: str, seed: int, *, leaks: bool = False) -> Outcome:
    """leaks: once, into a file that is deleted at once; for the control."""
    told = bytearray()
    reads, writes = os.pipe()
    reader = threading.Thread(target=_read, args=(reads, told), name="the witness's words")
    reader.start()

    def start(stage: Stage) -> Start:
        # As a grandchild, so that the server is the process that is started here, and signals reach it.
        command = ("strace", "-D", "-f", "-qq", "-yy", "-xx", "-s", "1000000", "--seccomp-bpf")
        what = ("-e", f"trace={_WRITES},{_NAMES}", "-o", f"/proc/self/fd/{writes}")
        module = ("tests.canary.wrapped",) if leaks else ()
        return stage.start(*module, within=(*command, *what), passed_on=(writes,))

    setting = Setting(nodes=1, members=("Ben",), shared=False)
    is_closed = False
    try:
        async with a_scene(name, seed, setting, start=start) as scene:
            os.close(writes)
            is_closed = True
            if leaks:
                await scene.plants.leaks("deleted")
            else:
                await scene.plants.everything_is_said()
                await scene.plants.hostile_things_are_sent()
                await scene.plants.ends()
            scene.looks.append(lambda search: _look(scene, search, reader, told))
    finally:
        if not is_closed:
            os.close(writes)
        reader.join()
    return scene.outcome


async def control(seed: int) -> Control:
    outcome = await witnessed("witness control", seed, leaks=True)
    is_red = any(hit.kind == KIND and hit.plant.family == "leak: deleted" for hit in outcome.hits)
    return Control("a file that was deleted, told by the witness", is_red)


def _read(descriptor: int, told: bytearray) -> None:
    with os.fdopen(descriptor, "rb", buffering=0) as pipe:
        while data := pipe.read(1 << 20):
            told += data


def _look(scene: Scene, search: Search, reader: threading.Thread, told: bytearray) -> None:
    """The processes have ended, and with them what was told."""
    reader.join()
    seen = read_of(told.decode("utf-8", "replace"), scene.stage.cwd)
    for path, content in seen.written.items():
        # What may stand in the records may be written into them.
        search.through("records" if "/town/records" in path else KIND, f"{path}, as written", bytes(content))
    unlisted = sorted(path for path in seen.opened | set(seen.written) if not scene.stage.allows(path))
    scene.outcome.faults += [
        f"witness: opened to write, and not in the manifest: {path}" for path in unlisted
    ]
    scene.outcome.faults += [f"witness: {call}" for call in seen.moved]
    redis = ("AF_INET", "127.0.0.1", urlsplit(scene.town.redis.url).port)
    # (A15) Everybody else comes to it.
    scene.outcome.faults += [f"witness: it spoke to {to}" for to in sorted(seen.called) if to != redis]
    if redis not in seen.called or not any(path.endswith("-wal") for path in seen.written):
        scene.outcome.faults.append(
            "witness: it saw nothing of what goes into the records or to Redis, and so is blind"
        )
    size = sum(map(len, seen.written.values()))
    scene.outcome.notes.append(
        f"{len(seen.written)} files written to, {size:,} bytes; {len(seen.opened)} opened to write"
    )


def read_of(lines: str, cwd: Path) -> Seen:
    seen = Seen()
    for line in lines.splitlines():
        if (write := _WRITE.search(line)) is not None:
            path = _plain(write[1]) + (" (deleted)" if write[2] else "")
            seen.written.setdefault(path, bytearray()).extend(b"".join(_strings(write[3])))
        elif (opens := _OPEN.search(line)) is not None:
            if _TO_WRITE.search(opens[2]) or "creat(" in line:
                seen.opened.add(str(cwd / next(_strings(f'"{opens[1]}"')).decode("utf-8", "replace")))
        elif (call := _CONNECT.search(line)) is not None:
            to = b" ".join(_strings(call[2])).decode("utf-8", "replace")
            port = _PORT.search(call[2])
            seen.called.add((call[1], to, int(port[1]) if port else 0))
        elif (moves := _MOVE.search(line)) is not None:
            names = ", ".join(each.decode("utf-8", "replace") for each in _strings(line))
            seen.moved.append(f"{moves[0].partition('(')[0]} {names}")
    return seen


def _strings(said: str) -> Iterator[bytes]:
    for string in _STRING.findall(said):
        yield re.sub(rb"\\x(..)", lambda sign: bytes([int(sign[1], 16)]), string.encode())


def _plain(path: str) -> str:
    return re.sub(r"\\x(..)", lambda sign: chr(int(sign[1], 16)), path)
