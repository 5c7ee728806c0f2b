"""The charter of those who run rooms here, every version of it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "charters",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(line) BETWEEN 0 AND 300", name=op.f("ck_charters_line_length")),
        sa.PrimaryKeyConstraint("version", "position", name=op.f("pk_charters")),
    )
