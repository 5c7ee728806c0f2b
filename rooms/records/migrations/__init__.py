"""The road from an empty file to the tables of today, one step per file in ``versions/``.

A step is written by hand and never changed once it was released; ``tests/records`` compares where the road ends with
``tables.py``. There is no road back: an operator who must go back restores the backup made before.
"""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

if TYPE_CHECKING:
    from alembic.config import Config


def upgrade(conn: Connection) -> None:
    """Go the rest of the road."""
    from alembic import command  # noqa: PLC0415  10 MB that a process which only serves never needs

    command.upgrade(config(conn), "head")


def config(conn: Connection) -> "Config":
    """Alembic, working inside the transaction of ``conn``."""
    from alembic.config import Config  # noqa: PLC0415  as above

    found = Config()
    found.set_main_option("script_location", "rooms.records:migrations")
    found.attributes["connection"] = conn
    return found
