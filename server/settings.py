"""What the operator set: the environment, read once into one frozen object; a bad value is named in words."""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from tempfile import mkstemp
from urllib.parse import SplitResult, unquote, urlsplit

VAR = Path("var")
SHORTEST_SECRET = 32
LONGEST_MAIL = 254
LOG_FORMATS = ("line", "json")
DATABASE_SHAPE = "sqlite:///a/file.db or postgresql://user@host/name"


class BadSettingError(Exception):
    """A variable that is missing or wrong: its name, and what it should look like. Never its value."""

    def __init__(self, name: str, should: str) -> None:
        super().__init__(f"{name}: {should}")


@dataclass(frozen=True, slots=True)
class PostOffice:
    """Who takes our e-mail. ``tls``: from the first byte; otherwise it is asked for, and on this machine not even that."""

    host: str
    port: int
    tls: bool
    user: str = field(repr=False)
    password: str = field(repr=False)
    sender: str = field(repr=False)

    @property
    def is_near(self) -> bool:
        return self.host in _NEAR


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
    accepted_risks: frozenset[str] = frozenset()
    post_office: "PostOffice | None" = None
    calls_to: str | None = field(default=None, repr=False)
    metrics_addr: str = "127.0.0.1"
    metrics_port: int | None = None
    log_format: str = "line"

    @property
    def secure(self) -> bool:
        """People reach us over TLS: cookies are bound to it."""
        return self.public_url.startswith("https://")

    @property
    def origins(self) -> frozenset[str]:
        """Where a page of ours can come from. On one's own machine, by either of its names."""
        return _origins(self.public_url)


@cache
def _origins(origin: str) -> frozenset[str]:
    # Asked by every socket that is opened, and those of a whole house may be, within a second.
    parts = urlsplit(origin)
    if parts.hostname in {"localhost", "127.0.0.1"}:
        port = f":{parts.port}" if parts.port else ""
        return frozenset({f"{parts.scheme}://localhost{port}", f"{parts.scheme}://127.0.0.1{port}"})
    return frozenset({origin})


def read(environ: Mapping[str, str] = os.environ, *, demo: bool = False) -> Settings:
    """The settings of this process. Raises BadSettingError."""
    port = _number(environ, "PORT", 8000, 1, 65535)
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
        post_office=_post_office(environ),
        calls_to=_calls_to(environ),
        metrics_addr=_metrics_addr(environ),
        metrics_port=_metrics_port(environ, port, workers),
        log_format=_log_format(environ),
        accepted_risks=frozenset((environ.get("ACCEPTED_RISKS") or "").replace(",", " ").split()),
        demo=demo,
    )


def _number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    given = environ.get(name) or str(default)
    if not given.isascii() or not given.isdigit() or len(given) > 6 or not least <= int(given) <= most:
        raise BadSettingError(name, f"a whole number from {least} to {most}")
    return int(given)


def _public_url(environ: Mapping[str, str], port: int) -> str:
    """As browsers write it in the Origin that is compared with it: small letters, and no port that goes without saying."""
    parts = _split(environ.get("PUBLIC_URL") or f"http://localhost:{port}")
    extra = (
        parts is None or parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment
    )
    if parts is None or extra or parts.scheme not in _PORTS or not _HOST.fullmatch(parts.hostname or ""):
        raise BadSettingError(
            "PUBLIC_URL", "scheme and host as people type them, like https://rooms.example.org"
        )
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    shown = "" if parts.port in {None, _PORTS[parts.scheme]} else f":{parts.port}"
    return f"{parts.scheme}://{host}{shown}"


_PORTS = {"http": 80, "https": 443}
# A name in other letters is known to browsers by its xn-- form. Nothing else may stand in our security headers.
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")


def _split(url: str) -> SplitResult | None:
    """None for what is no address at all."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    # Left to itself, urlsplit drops line breaks and tabs, and reads on.
    return parts if url.isprintable() and " " not in url else None


def _is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in _NEAR


_NEAR = frozenset({"localhost", "127.0.0.1", "::1"})
# Letters, digits and little else: it stands in the head of an e-mail.
_MAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}", re.IGNORECASE)


def is_mail(text: str) -> bool:
    """An address that every post office takes. Not whether somebody reads there: only a letter can tell."""
    return len(text) <= LONGEST_MAIL and _MAIL.fullmatch(text) is not None


def _post_office(environ: Mapping[str, str]) -> PostOffice | None:
    given = environ.get("SMTP_URL")
    if not given:
        return None
    parts = _split(given)
    if parts is None or parts.scheme not in _MAIL_PORTS or not parts.hostname or parts.path.strip("/"):
        raise BadSettingError("SMTP_URL", "smtps://user:password@host or smtp://user:password@host:587")
    sender = environ.get("MAIL_FROM") or ""
    if not is_mail(sender):
        raise BadSettingError("MAIL_FROM", "the address from which e-mail comes, like rooms@example.org")
    return PostOffice(
        host=parts.hostname,
        port=parts.port or _MAIL_PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=sender,
    )


_MAIL_PORTS = {"smtp": 587, "smtps": 465}


def _calls_to(environ: Mapping[str, str]) -> str | None:
    given = environ.get("CALLS_TO")
    if not given:
        return None
    parts = _split(given)
    if parts is None or not parts.hostname or not (parts.scheme == "https" or _is_near_http(parts)):
        raise BadSettingError(
            "CALLS_TO", "an https:// address that takes a POST whenever a session needs somebody"
        )
    return given


def _metrics_addr(environ: Mapping[str, str]) -> str:
    """Whoever reaches it reads how many people are in rooms right now: it is never the address that everybody reaches."""
    given = environ.get("METRICS_ADDR") or "127.0.0.1"
    try:
        address = ip_address(given)
    except ValueError:
        address = None
    if address is None or not address.is_private or address.is_unspecified:
        raise BadSettingError(
            "METRICS_ADDR", "127.0.0.1, or the number of this machine in a network of your own, like 10.0.0.5"
        )
    return given


def _metrics_port(environ: Mapping[str, str], port: int, workers: int) -> int | None:
    if not environ.get("METRICS_PORT"):
        return None
    first = _number(environ, "METRICS_PORT", 1, 1, 65535)
    if port in range(first, first + metrics_ports(workers)):
        raise BadSettingError("METRICS_PORT", "a number of its own: that of PORT would be taken from it")
    return first


def metrics_ports(workers: int) -> int:
    """How many, from the first on: a worker that is being replaced still has its own."""
    return workers if workers == 1 else workers + 1


def _log_format(environ: Mapping[str, str]) -> str:
    given = environ.get("LOG_FORMAT") or "line"
    if given not in LOG_FORMATS:
        raise BadSettingError("LOG_FORMAT", "line or json")
    return given


def _is_near_http(parts: SplitResult) -> bool:
    return parts.scheme == "http" and parts.hostname in _NEAR


def _leave_to(environ: Mapping[str, str]) -> str:
    given = environ.get("LEAVE_TO") or "https://www.bbc.co.uk/weather"
    parts = _split(given)
    if parts is None or parts.scheme != "https" or not parts.hostname:
        raise BadSettingError("LEAVE_TO", "the https:// address of a site that nobody would wonder about")
    return given


def _database_url(environ: Mapping[str, str]) -> str:
    given = environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'tealight.db'}"
    scheme, _, rest = given.partition("://")
    is_file = scheme == "sqlite" and len(rest) > 1 and rest.startswith("/") and rest != "/:memory:"
    is_server = scheme in {"postgresql", "postgres", "postgresql+psycopg"} and _split(given) is not None
    if not is_file and not is_server:
        raise BadSettingError("DATABASE_URL", DATABASE_SHAPE)
    return given


def _secret_keys(environ: Mapping[str, str], *, demo: bool) -> tuple[str, ...]:
    given = environ.get("SECRET_KEY")
    if not given and demo:
        try:
            given = _kept_secret(VAR / "secret_key")
        except OSError:
            raise BadSettingError(
                "SECRET_KEY", f"{VAR}/ cannot be written here, so it cannot be kept there; {_RECIPE}"
            ) from None
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
    if not path.exists():
        # Put in place whole: of two that start at once, neither may read what the other has not finished.
        descriptor, made = mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            path.hardlink_to(made)
        Path(made).unlink()
    return path.read_text().strip()
