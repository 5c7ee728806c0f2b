"""Signposts: who else can help, as the organisers keep it; none until they have looked at the list for the first time."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "signposts",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("contact", sa.String(length=80), nullable=False),
        sa.Column("hours", sa.String(length=80), nullable=False),
        sa.Column("cost", sa.String(length=60), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("position BETWEEN 1 AND 12", name=op.f("ck_signposts_position_range")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 60", name=op.f("ck_signposts_name_length")),
        sa.CheckConstraint("length(contact) BETWEEN 1 AND 80", name=op.f("ck_signposts_contact_length")),
        sa.CheckConstraint("length(hours) BETWEEN 0 AND 80", name=op.f("ck_signposts_hours_length")),
        sa.CheckConstraint("length(cost) BETWEEN 0 AND 60", name=op.f("ck_signposts_cost_length")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_signposts")),
    )
