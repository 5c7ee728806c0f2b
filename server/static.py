"""Our own scripts, styles and pictures, under an address that changes when any of them does."""

import hashlib
from pathlib import Path

from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send


class Static:
    """Modules import each other by relative address, so the whole set carries one version and is kept for long."""

    def __init__(self, folder: Path) -> None:
        self._files = StaticFiles(directory=folder)
        every = sorted(path for path in folder.rglob("*") if path.is_file())
        self.version = hashlib.sha256(b"".join(path.read_bytes() for path in every)).hexdigest()[:12]

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
