"""The road from an empty file to the tables of today, one step per file in ``versions/``.

A step is written by hand and never changed once it was released; ``tests/records`` compares where the road ends with
``tables.py``. There is no road back: an operator who must go back restores the backup made before.
"""

from alembic.config import Config
from sqlalchemy import Connection


def config(conn: Connection) -> Config:
    """Alembic, working inside the transaction of ``conn``."""
    found = Config()
    found.set_main_option("script_location", "rooms.records:migrations")
    found.attributes["connection"] = conn
    return found
