"""Where Redis is: a `REDIS_URL` read once, with every mistake in it named in words."""

import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from rooms.engines import EngineUnusable

_SCHEMES = "redis://, rediss://, unix://, redis+cluster:// or rediss+cluster://"
_OPTIONS = {"db", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_cert_reqs", "ssl_check_hostname"}


@dataclass(frozen=True, slots=True)
class Address:
    """One server, and what it wants to hear before it listens to us."""

    host: str = ""
    port: int = 6379
    path: str = ""
    db: int = 0
    username: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return self.path or f"{self.host}:{self.port}"

    @property
    def is_near(self) -> bool:
        """On this machine, so that nobody on a network meets it. A name may lead anywhere, but for the one."""
        if self.path or self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class Place:
    """Where to begin: one server, or some nodes of a cluster."""

    seeds: tuple[Address, ...]
    cluster: bool


def read_url(url: str) -> Place:
    try:
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    except ValueError:
        raise EngineUnusable("REDIS_URL cannot be read as an address") from None
    cluster = parts.scheme.endswith("+cluster")
    if parts.scheme not in {"redis", "rediss", "unix", "redis+cluster", "rediss+cluster"}:
        raise EngineUnusable(f"REDIS_URL must begin with {_SCHEMES}")
    if unknown := sorted(options.keys() - _OPTIONS):
        raise EngineUnusable(f"REDIS_URL has options that mean nothing here: {', '.join(unknown)}")
    login, _, hosts = parts.netloc.rpartition("@")
    username, _, password = login.partition(":")
    common = Address(
        username=unquote(username),
        password=unquote(password),
        db=_database(parts.path if parts.scheme != "unix" else "", options.get("db", "")),
        tls=_tls(options) if parts.scheme.startswith("rediss") else None,
    )
    if cluster and common.db:
        raise EngineUnusable("REDIS_URL names a database, but a cluster has only one: leave the number out")
    if parts.scheme == "unix":
        if hosts or not parts.path:
            raise EngineUnusable(
                "REDIS_URL with unix:// needs the absolute path of a socket: unix:///run/redis.sock"
            )
        return Place((_at(common, path=unquote(parts.path)),), cluster=False)
    seeds = tuple(_host(common, host) for host in (hosts.split(",") if cluster else [hosts]))
    return Place(seeds, cluster)


def _host(common: Address, text: str) -> Address:
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host:
        raise EngineUnusable("REDIS_URL names no host, or a port that is not a number")
    return _at(common, host=host, port=6379 if port is None else port)


def _at(common: Address, *, host: str = "", port: int = 6379, path: str = "") -> Address:
    return Address(host, port, path, common.db, common.username, common.password, common.tls)


def _database(path: str, option: str) -> int:
    number = option or path.strip("/") or "0"
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        raise EngineUnusable("REDIS_URL names a database that is not a number")
    return int(number)


def _tls(options: Mapping[str, str]) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=options.get("ssl_ca_certs"))
        if options.get("ssl_certfile"):
            context.load_cert_chain(options["ssl_certfile"], options.get("ssl_keyfile"))
    except (OSError, ssl.SSLError):
        raise EngineUnusable("REDIS_URL names a certificate or key that cannot be read") from None
    required = options.get("ssl_cert_reqs", "required")
    check = options.get("ssl_check_hostname", "true").lower()
    if required not in {"required", "none"} or check not in {"true", "false"}:
        raise EngineUnusable(
            "REDIS_URL: ssl_cert_reqs is required or none, ssl_check_hostname is true or false"
        )
    if required == "none" or check == "false":
        context.check_hostname = False
    if required == "none":
        context.verify_mode = ssl.CERT_NONE
    return context
