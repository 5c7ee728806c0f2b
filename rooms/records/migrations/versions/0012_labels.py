"""What those who facilitate are called."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("facilitator", sa.String(length=20), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_labels_one")),
        sa.CheckConstraint(
            "facilitator IN ('facilitator', 'host', 'peer_supporter', 'chair')",
            name=op.f("ck_labels_facilitator_word"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
    )
