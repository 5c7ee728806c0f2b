"""What Alembic runs to find its connection: the one it is given, already inside a transaction."""

from alembic import context

from rooms.records.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
context.run_migrations()
