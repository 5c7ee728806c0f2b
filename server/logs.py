"""What a log line may hold: our own words, and of everybody else's only where it came from. Never an address or a word.

Libraries put queries, addresses and what people wrote into their messages and exceptions, so their text is not printed.
"""

import json
import logging
import logging.config
import sys
import threading
from typing import Any

from server.whereabouts import whereabouts

_OURS = ("server", "rooms", "tealight", "bench")

log = logging.getLogger(__name__)


class Formatter(logging.Formatter):
    """One line a record; an exception is named by its type and the line of code it came from."""

    def format(self, record: logging.LogRecord) -> str:
        when = self.formatTime(record)
        error = _error(record)
        kind = f" ({error})" if error else ""
        return f"{when} {record.levelname.lower()} {record.name}: {_says(record) or _where(record)}{kind}"

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802  as logging calls it
        return super().formatTime(record, "%Y-%m-%dT%H:%M:%S%z")


class JsonFormatter(Formatter):
    """The same as an object a line, for machines that gather logs.

    Its fields are these, whatever a record carries: ``at`` ``level`` ``logger`` ``where``, ``says`` if it is our own
    sentence, ``error`` if something went wrong: where it came from, never what it says.
    """

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "at": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "where": _where(record),
            "says": _says(record),
            "error": _error(record),
        }
        return json.dumps({name: value for name, value in fields.items() if value})


def _says(record: logging.LogRecord) -> str:
    return record.getMessage() if record.name.partition(".")[0] in _OURS else ""


def _where(record: logging.LogRecord) -> str:
    return f"{record.module}:{record.lineno}"


def _error(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    return "" if error is None else whereabouts(error)


CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "server.logs.Formatter"},
        "json": {"()": "server.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}
    },
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {
        "server": {"level": "INFO"},
        "rooms": {"level": "INFO"},
        # At INFO uvicorn prints address, path and query of every socket; at DEBUG what was said.
        "uvicorn": {"level": "WARNING"},
        "uvicorn.error": {"level": "WARNING"},
        "uvicorn.access": {"level": "CRITICAL"},
        "push_response": {"level": "WARNING"},
        # What a library does when nobody awaited an exception is its text; ours says the kind.
        "asyncio": {"level": "ERROR"},
    },
}


def begin(log_format: str = "line") -> None:
    """``log_format``: one of ``settings.LOG_FORMATS``."""
    stderr = {**CONFIG["handlers"]["stderr"], "formatter": log_format}
    logging.config.dictConfig({**CONFIG, "handlers": {"stderr": stderr}})
    logging.captureWarnings(capture=True)
    # What nobody caught, Python itself prints in full: a line whose arguments do not fit, an exception in a thread, or
    # in something that the garbage collector met.
    logging.raiseExceptions = False
    threading.excepthook = lambda lost: _lost(lost.exc_value)
    sys.unraisablehook = lambda lost: _lost(lost.exc_value)


def _lost(mishap: BaseException | None) -> None:
    if mishap is not None:
        log.error("nobody caught %s", whereabouts(mishap))
