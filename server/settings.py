"""What the operator set: the environment, read once into one frozen object; a bad value is named in words."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

VAR = Path("var")
SHORTEST_SECRET = 32


class BadSettingError(Exception):
    """A variable that is missing or wrong: its name, and what it should look like. Never its value."""

    def __init__(self, name: str, should: str) -> None:
        super().__init__(f"{name}: {should}")


@dataclass(frozen=True, slots=True)
class Settings:
    host: str
    port: int
    public_url: str
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    secret_keys: tuple[str, ...] = field(repr=False)
    workers: int
    leave_to: str
    demo: bool

    @property
    def secure(self) -> bool:
        """People reach us over TLS: cookies are bound to it."""
        return self.public_url.startswith("https://")

    @property
    def origins(self) -> frozenset[str]:
        """Where a page of ours can come from. On one's own machine, by either of its names."""
        origin = self.public_url
        parts = urlsplit(origin)
        if parts.hostname in {"localhost", "127.0.0.1"}:
            port = f":{parts.port}" if parts.port else ""
            return frozenset({f"{parts.scheme}://localhost{port}", f"{parts.scheme}://127.0.0.1{port}"})
        return frozenset({origin})


def read(environ: Mapping[str, str] = os.environ, *, demo: bool = False) -> Settings:
    """The settings of this process. Raises BadSettingError."""
    port = _number(environ, "PORT", 8000, 0, 65535)
    workers = _number(environ, "WEB_CONCURRENCY", 1, 1, 64)
    redis_url = environ.get("REDIS_URL") or None
    if redis_url is None and workers > 1:
        raise BadSettingError(
            "WEB_CONCURRENCY", "more than one worker needs REDIS_URL, for a room cannot be in two memories"
        )
    public_url = _public_url(environ, port)
    if not demo and not public_url.startswith("https://") and not _is_loopback(public_url):
        raise BadSettingError("PUBLIC_URL", "an https:// address, as people type it; http only on localhost")
    return Settings(
        host=environ.get("HOST") or "127.0.0.1",
        port=port,
        public_url=public_url,
        database_url=_database_url(environ),
        redis_url=redis_url,
        secret_keys=_secret_keys(environ, demo=demo),
        workers=workers,
        leave_to=_leave_to(environ),
        demo=demo,
    )


def _number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    given = environ.get(name) or str(default)
    if not given.isascii() or not given.isdigit() or len(given) > 6 or not least <= int(given) <= most:
        raise BadSettingError(name, f"a whole number from {least} to {most}")
    return int(given)


def _public_url(environ: Mapping[str, str], port: int) -> str:
    given = environ.get("PUBLIC_URL") or f"http://localhost:{port}"
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise BadSettingError(
            "PUBLIC_URL", "scheme and host as people type them, like https://rooms.example.org"
        )
    return f"{parts.scheme}://{parts.netloc}"


def _is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}


def _leave_to(environ: Mapping[str, str]) -> str:
    given = environ.get("LEAVE_TO") or "https://www.bbc.co.uk/weather"
    if urlsplit(given).scheme != "https":
        raise BadSettingError("LEAVE_TO", "the https:// address of a site that nobody would wonder about")
    return given


def _database_url(environ: Mapping[str, str]) -> str:
    given = environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'tealight.db'}"
    if given.partition(":")[0] not in {"sqlite", "postgresql", "postgres", "postgresql+psycopg"}:
        raise BadSettingError("DATABASE_URL", "sqlite:///a/file.db or postgresql://user@host/name")
    return given


def _secret_keys(environ: Mapping[str, str], *, demo: bool) -> tuple[str, ...]:
    given = environ.get("SECRET_KEY")
    if not given and demo:
        given = _kept_secret(VAR / "secret_key")
    if not given:
        raise BadSettingError("SECRET_KEY", f"required; make one with: {_RECIPE}")
    keys = tuple(key.strip() for key in given.split(","))
    if any(len(key) < SHORTEST_SECRET for key in keys):
        raise BadSettingError(
            "SECRET_KEY",
            f"at least {SHORTEST_SECRET} characters each, newest first, separated by commas; {_RECIPE}",
        )
    return keys


_RECIPE = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


def _kept_secret(path: Path) -> str:
    """The demo's own secret, made on the first run and readable by nobody else."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()
