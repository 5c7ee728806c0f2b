"""Our own scripts, styles and pictures, under an address that changes when any of them does."""

import asyncio
import hashlib
import os
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from server import packing


class Static:
    """Modules import each other by relative address, so the whole set carries one version and is kept for long."""

    def __init__(self, folder: Path) -> None:
        written = _read(folder.resolve())
        self._files = _Packed(folder, written)
        self.version = hashlib.sha256(b"".join(written.values())).hexdigest()[:12]

    def url(self, path: str) -> str:
        return f"/static/{self.version}/{path}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        version, _, path = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/").partition("/")
        kept = b"private, max-age=31536000, immutable" if version == self.version else b"no-cache"

        async def with_age(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = message["status"] in {200, 304}
                age = (b"cache-control", kept if found else b"no-store")
                message = {**message, "headers": [*message.get("headers", ()), age]}
            await send(message)

        await self._files({**scope, "path": f"/{path}", "root_path": ""}, receive, with_age)


class _Packed(StaticFiles):
    """Files packed once, for the first who asks, so that the first look at a live room fits through a bad line.

    They are the same for everybody and hold no secret, so what their size tells was known before. Pages are not packed,
    but for that of the live room: the size of a packed page tells who listens in on the line something about what
    stands in it.
    """

    def __init__(self, folder: Path, written: Mapping[Path, bytes]) -> None:
        super().__init__(directory=folder)
        self._written = {str(path): (path.suffix, content) for path, content in written.items()}
        self._packed: dict[tuple[str, str], bytes] = {}

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["vary"] = "accept-encoding"
        how = packing.way(Headers(scope=scope).get("accept-encoding", ""))
        # Otherwise a browser that has it already, or that asks for something else.
        file = os.fspath(response.path) if isinstance(response, FileResponse) else ""
        if file not in self._written or how is None:
            return response
        packed = self._packed.get((how, file))
        if packed is None:
            written = self._written[file]
            packed = await asyncio.get_running_loop().run_in_executor(_PACKER, _packed, how, *written)
            self._packed[how, file] = packed
        headers = {name: response.headers[name] for name in ("vary", "etag", "last-modified")}
        return Response(
            packed, response.status_code, {**headers, "content-encoding": how}, media_type=response.media_type
        )


# One at a time, and beside the rooms that are on: forty files at once would leave them a fortieth of a small machine.
_PACKER = ThreadPoolExecutor(1, "packer")

# From the beginning of a line on: what stands behind code may be part of a string, and stays.
_COMMENT = re.compile(rb"^[ \t]*(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)(?:[ \t]*\n)?", re.MULTILINE | re.DOTALL)

# But for what says of which type something is, which begins as nothing else does.
_TYPE = re.compile(rb"/\*\* @[a-z]+ (?:(?!\*/)[^\n])*\*/ ?")

# No string of ours goes over the end of a line: tests/server/test_packing.py looks.
_INDENT = re.compile(rb"^[ \t]+", re.MULTILINE)

# Around what begins and ends a rule no space means anything.
_AIR = re.compile(rb"\s*([{};])\s*")


# Houses that one process opens after each other, as tests do, have the same files.
@cache
def _read(folder: Path) -> Mapping[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@cache
def _packed(how: str, suffix: str, written: bytes) -> bytes:
    return packing.packed(how, _lean(suffix, written), once=True)


def _lean(suffix: str, written: bytes) -> bytes:
    """What a browser has to read of a file. A third of our scripts is written for people, who find it where it is kept."""
    match suffix:
        case ".js":
            return _INDENT.sub(b"", _TYPE.sub(b"", _COMMENT.sub(b"", written)))
        case ".css":
            return _AIR.sub(rb"\1", _COMMENT.sub(b"", written))
        case _:
            return written
