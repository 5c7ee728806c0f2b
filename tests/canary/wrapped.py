"""The server with something wrong in it, on purpose: an exception at one of its stages, or a leak. Never a part of it.

``python -m tests.canary.wrapped run``. What is wrong happens to words that ask for it: "canary-fail-decode …".
"""

import asyncio
import logging
import os
import sqlite3
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import rooms.carrying
import rooms.codec
import rooms.engines.seal
import rooms.engines.shards
import rooms.gathering
import rooms.records.rooms
import server.pages.door
import server.socket
import server.websocket
import server.wire
from server import __main__ as command_line
from tests.engines.servers import Client

FAIL: Final = "canary-fail-"
LEAK: Final = "canary-leak-"
STAGES: Final = (
    "decode",
    "decide",
    "encode",
    "encrypt",
    "publish",
    "show",
    "write",
    "answer",
    "lost",
    "form",
    "link",
)
# Last, for it befalls every node that hosts the room at once.
WENT_WRONG: Final = "canary: wrong at {}"
LAST_STAGE: Final = "receive"
LEAKS: Final = ("log", "records", "redis", "file", "deleted", "exception")


class Wrong(Exception):  # noqa: N818  named as it is said: something is wrong
    """Its text is what was being worked on, which is what the worst of exceptions do."""


def _fails(stage: str, content: object) -> None:
    said = content if isinstance(content, str) else repr(content)
    if f"{FAIL}{stage}" in said:
        # What a test waits for; the rest is for the server to say, or rather not.
        print(WENT_WRONG.format(stage), file=sys.stderr, flush=True)
        raise Wrong(f"while at {stage}: {said}")


def _before(owner: Any, name: str, look: Callable[..., None]) -> None:
    """Whoever calls it, ``look`` sees the arguments first."""
    whole = getattr(owner, name)

    def looked_at(*arguments: Any, **named: Any) -> Any:
        look(*arguments)
        return whole(*arguments, **named)

    setattr(owner, name, looked_at)


def _break_stages() -> None:
    _before(server.wire, "parse", lambda payload: _fails("decode", payload))
    _before(rooms.carrying, "decide", lambda room, requests, now: _fails("decide", _typed(requests)))
    _before(rooms.codec, "encode_event", lambda event, at: _fails("encode", getattr(event, "text", "")))
    _before(rooms.engines.seal.Seals, "seal", lambda *all_of_it: _fails("encrypt", all_of_it[-1]))
    _break_publishing()
    _break_receiving()
    _before(
        rooms.gathering.Gathering,
        "show",
        lambda gathering, event, *_: _fails("show", getattr(event, "text", "")),
    )
    _before(server.circle, "_write", lambda batch, members: _fails("write", batch.frames))
    _before(server.socket.Speaker, "on_text", lambda speaker, payload: _lose(payload))
    _before(server.wire, "ack", lambda ref, seq: _fails("answer", ref))
    _break_pages()


def _typed(requests: list[Any]) -> str:
    return " ".join(getattr(request.command, "text", "") for request in requests)


def _break_publishing() -> None:
    """Once it is sealed, and on its way into the connection."""
    is_next: list[bytes] = []
    _before(
        rooms.engines.seal.Seals,
        "seal",
        lambda *all_of_it: (
            is_next.append(all_of_it[-1]) if f"{FAIL}publish".encode() in all_of_it[-1] else None
        ),
    )
    shards_of: Any = rooms.engines.shards.Shards
    whole = shards_of.run

    def run(shards: Any, script: Any, key: bytes, arguments: Callable[[], Any]) -> Any:
        def asked() -> Any:
            made = arguments()
            if is_next:
                _fails("publish", f"{is_next.pop()!r} {made!r}")
            return made

        return whole(shards, script, key, asked)

    shards_of.run = run


def _break_receiving() -> None:
    seals: Any = rooms.engines.seal.Seals
    whole = seals.open

    def opened(*arguments: Any) -> Any:
        found = whole(*arguments)
        if found is not None:
            _fails("receive", found.content)
        return found

    seals.open = opened


def _break_pages() -> None:
    door: Any = server.pages.door
    whole = door.typed

    def typed(sent: Any, name: str) -> Any:
        found = whole(sent, name)
        _fails("form", found)
        return found

    door.typed = typed
    _before(rooms.records.rooms, "find", lambda conn, room: _fails("link", room))


def _lose(payload: bytes) -> None:
    """Exceptions that nobody catches: in a callback, in a task, in a thread, in what the collector met, in a warning."""
    if f"{FAIL}lost".encode() not in payload:
        return
    said = payload.decode()
    print(WENT_WRONG.format("lost"), file=sys.stderr, flush=True)

    async def raises() -> None:
        raise Wrong(said)

    def raises_at_once(what: str = said) -> None:
        raise Wrong(what)

    class Dies:
        def __del__(self) -> None:
            raise Wrong(said)

    loop = asyncio.get_running_loop()
    task = loop.create_task(raises(), name=said)
    task.add_done_callback(lambda done: None)
    loop.call_soon(raises_at_once, said)
    threading.Thread(target=raises_at_once, name=said).start()
    Dies()
    logging.getLogger("a.library").error("it could not %s", said, exc_info=Wrong(said))
    logging.getLogger("server").error("as many %d as letters", said)
    loop.call_exception_handler({"message": said, "exception": Wrong(said)})


def _leak() -> None:
    held: list[object] = []

    def look(payload: bytes) -> None:
        said = payload.decode("utf-8", "replace")
        if LEAK not in said:
            return
        match said.partition(LEAK)[2].partition(" ")[0]:
            case "log":
                logging.getLogger("server").warning("somebody said %s", said)
            case "records":
                with sqlite3.connect(
                    Path(os.environ["DATABASE_URL"].removeprefix("sqlite:///"))
                ) as connection:
                    connection.execute("CREATE TABLE IF NOT EXISTS leaked (words TEXT)")
                    connection.execute("INSERT INTO leaked VALUES (?)", (said,))
            case "redis":
                Client(urlsplit(os.environ["REDIS_URL"]).port or 6379).do("SET", "leaked", said)
            case "file":
                with tempfile.NamedTemporaryFile("w", delete=False) as kept:
                    kept.write(said)
            case "deleted":
                held.append(file := tempfile.TemporaryFile("w", dir=Path.cwd()))  # noqa: SIM115  it stays open: that is the leak
                file.write(said)
                file.flush()
            case "exception":
                try:
                    raise Wrong(said)  # noqa: TRY301  to be printed as an exception is that nobody minds
                except Wrong:
                    traceback.print_exc()

    _before(server.wire, "parse", look)


if __name__ == "__main__":
    _break_stages()
    _leak()
    sys.argv[0] = "server"
    command_line.tealight()
