"""SQLite as SQLAlchemy speaks it, but that what becomes of a statement is worked out once for a whole test process.

SQLAlchemy remembers for each engine what its statements are as SQL. A server has one engine for its life; here hundreds
of houses open one for a second each, and would spend a tenth of their time on the same forty statements anew.
"""

from collections.abc import MutableMapping
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite

_KNOWN: MutableMapping[Any, Any] = {}


class CompiledOnce(SQLiteDialect_aiosqlite):
    """One and the same for every engine, as what is remembered is remembered of a dialect."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        assert engine._compiled_cache is not None, "this is where SQLAlchemy remembers it"
        engine._compiled_cache = _KNOWN


def compile_once() -> None:
    """For every SQLite that is opened in this process from here on."""
    registry.register("sqlite.aiosqlite", __name__, CompiledOnce.__name__)
