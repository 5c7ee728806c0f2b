"""The process and the machine it runs on: who else may read its memory, and what may print it."""

import logging
import os
import resource
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from server import unread
from server.doctor.finding import Finding
from server.settings import Settings

NAMES: Final = frozenset(
    {"debugging", "logging", "proxies", "secret", "reports", "memory", "swap", "open-files"}
)
# Each takes along the variables of a frame when it reports an error, or the queries that a page makes.
_REPORTERS: Final = (
    "sentry_sdk", "opentelemetry.sdk", "ddtrace", "newrelic", "elasticapm", "rollbar", "bugsnag", "appsignal", "scout_apm",
)  # fmt: skip
_TALKATIVE: Final = ("uvicorn.error", "uvicorn.access", "websockets", "sqlalchemy.engine")
_FEWEST_FILES: Final = 4096
_FEWEST_LETTERS: Final = 12
_SWAPS: Final = Path("/proc/swaps")


def findings(settings: Settings, environ: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    if sys.flags.dev_mode or sys.flags.inspect or environ.get("PYTHONASYNCIODEBUG"):
        yield Finding(
            "debugging",
            "PYTHONDEVMODE, PYTHONASYNCIODEBUG, PYTHONINSPECT: a debugging Python prints what it is working on, and so "
            "what people say; unset them, and leave out -X dev and -i",
        )
    if any(logging.getLogger(name).isEnabledFor(logging.INFO) for name in _TALKATIVE):
        yield Finding(
            "logging",
            "logging: something in this environment has made libraries talkative, and they print addresses, queries and "
            "words; take it out (sitecustomize, a .pth file, a wrapper around the server)",
        )
    if "*" in environ.get("FORWARDED_ALLOW_IPS", ""):
        yield Finding(
            "proxies",
            "FORWARDED_ALLOW_IPS: * believes anybody who says that they are a proxy; name the proxy's own address",
        )
    if any(len(set(key)) < _FEWEST_LETTERS for key in settings.secret_keys):
        yield Finding(
            "secret",
            "SECRET_KEY: too regular to be a secret; make one with: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
        )
    if found := [name for name in _REPORTERS if _is_there(name)]:
        yield Finding(
            "reports",
            f"{', '.join(found)}: installed beside the server, and sends away what it was working on when something "
            "fails; take it out of this environment",
        )
    yield from _memory()
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files != resource.RLIM_INFINITY and files < _FEWEST_FILES:
        yield Finding(
            "open-files",
            f"ulimit -n: {files} open files are for three quarters as many people; at least {_FEWEST_FILES} (LimitNOFILE= of systemd)",
            grave=False,
        )


def _memory() -> Iterator[Finding]:
    if unread.can_be_read() is not False:
        yield Finding(
            "memory",
            "this process can be dumped, and what was said stands in its memory; use a Linux kernel, which lets a "
            "process forbid that",
            grave=sys.platform == "linux",
        )
    try:
        swaps = _SWAPS.read_text().splitlines()[1:]
    except OSError:
        yield Finding(
            "swap", "swap: it cannot be seen here whether there is any; there should be none", grave=False
        )
        return
    if any("zram" not in line.split()[0] for line in swaps):
        yield Finding(
            "swap",
            "swap: memory, and with it what is being said, may be written to a disk; swapoff -a, or MemorySwapMax=0 of "
            "systemd, or encrypted swap",
            grave=False,
        )


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False
