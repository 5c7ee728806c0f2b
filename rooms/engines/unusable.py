"""Why a Redis cannot be used, in one line for the person who set it up."""

import os
import socket
import ssl
from collections.abc import Mapping

from rooms.engines import EngineDown, EngineUnusable
from rooms.engines.address import Address
from rooms.engines.connection import Refused, Reply

_WANTED = "Tealight needs Redis or Valkey 7 or newer"


def check(address: Address, hello: Mapping[bytes, Reply], *, cluster: bool) -> None:
    """What a server says of itself when it is greeted must be what we can work with."""
    version = hello.get(b"version")
    text = version.decode("ascii", "replace") if isinstance(version, bytes) else "?"
    major = text.split(".")[0]
    if not (major.isdigit() and int(major) >= 7):
        raise EngineUnusable(f"the server at {address} is of version {text}: {_WANTED}")
    if hello.get(b"mode") == b"sentinel":
        raise EngineUnusable(f"{address} is a sentinel: REDIS_URL must name the server it watches")
    if cluster and hello.get(b"mode") != b"cluster":
        raise EngineUnusable(
            f"Redis at {address} is a single server: write redis:// instead of redis+cluster://"
        )
    if not cluster and hello.get(b"mode") == b"cluster":
        raise EngineUnusable(
            f"Redis at {address} is part of a cluster: write redis+cluster:// instead of redis://"
        )
    if not cluster and hello.get(b"role") != b"master":
        raise EngineUnusable(f"Redis at {address} is a replica: REDIS_URL must name the primary")


def in_words(address: Address, error: Exception) -> str:
    """For what `dial` and a first call raise. Never the server's own text: it may repeat what it was sent."""
    match error:
        case Refused():
            return _refusal(address, error.code)
        case EngineDown():
            return f"what answers at {address} hangs up or does not speak the Redis protocol (if it wants TLS: rediss://)"
        case ssl.SSLCertVerificationError():
            return f"Redis at {address} shows a certificate that cannot be verified: {error.verify_message}"
        case ssl.SSLError():
            return f"Redis at {address} and this machine cannot agree on TLS"
        case socket.gaierror():
            return f"Redis at {address} cannot be reached: no such host"
        case TimeoutError() if address.tls is not None:
            return f"Redis at {address} does not answer in TLS: if it has none, write redis:// instead of rediss://"
        case TimeoutError():
            return f"Redis at {address} does not answer"
        case _:
            errno = error.errno if isinstance(error, OSError) else None
            reason = "nobody answers" if errno is None else os.strerror(errno).lower()
            return f"Redis at {address} cannot be reached: {reason}"


def _refusal(address: Address, code: str) -> str:
    match code:
        case "NOAUTH":
            return f"Redis at {address} wants a password: redis://user:password@..."
        case "WRONGPASS":
            return f"Redis at {address} refuses the user or the password in REDIS_URL"
        case "NOPERM":
            return (
                f"Redis at {address} does not let this user do what Tealight does: docs/engine.md has the ACL"
            )
        case "ERR" | "NOPROTO":
            return f"the server at {address} does not know a command we need: {_WANTED}"
        case _:
            return f"Redis at {address} answers {code}"
