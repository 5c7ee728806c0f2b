"""Counts: whether a room keeps how many came, and the band of each session that was held."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("ALTER TABLE rooms ADD COLUMN keeps_counts BOOLEAN DEFAULT false NOT NULL")
    op.create_table(
        "counts",
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("band", sa.String(length=20), nullable=False),
        sa.CheckConstraint("band IN ('under_5', '5_to_9', '10_or_more')", name=op.f("ck_counts_band_word")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_counts_session_id_sessions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_counts")),
    )
