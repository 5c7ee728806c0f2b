"""The first tables: accounts and sign-ins, links, rooms and who facilitates them, sessions, agreements."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sign_in_name", sa.String(length=254), nullable=False),
        sa.Column("is_organiser", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 60", name=op.f("ck_accounts_name_length")),
        sa.CheckConstraint(
            "length(sign_in_name) BETWEEN 1 AND 254", name=op.f("ck_accounts_sign_in_name_length")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("sign_in_name", name=op.f("uq_accounts_sign_in_name")),
    )
    op.create_table(
        "rooms",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("organiser_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("one_line", sa.String(length=140), nullable=False),
        sa.Column("for_whom", sa.String(length=300), nullable=False),
        sa.Column("also_welcome", sa.String(length=300), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("keeps_catch_up", sa.Boolean(), nullable=False),
        sa.Column("join_token", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('peer_support', 'drop_in', 'social', 'workers_space', 'network', 'coproduction', 'campaign')",
            name=op.f("ck_rooms_purpose_word"),
        ),
        sa.CheckConstraint(
            "length(also_welcome) BETWEEN 0 AND 300", name=op.f("ck_rooms_also_welcome_length")
        ),
        sa.CheckConstraint("length(for_whom) BETWEEN 0 AND 300", name=op.f("ck_rooms_for_whom_length")),
        sa.CheckConstraint("length(name) BETWEEN 3 AND 60", name=op.f("ck_rooms_name_length")),
        sa.CheckConstraint("length(one_line) BETWEEN 0 AND 140", name=op.f("ck_rooms_one_line_length")),
        sa.CheckConstraint("minutes BETWEEN 30 AND 720", name=op.f("ck_rooms_minutes_range")),
        sa.CheckConstraint("seats BETWEEN 2 AND 500", name=op.f("ck_rooms_seats_range")),
        sa.ForeignKeyConstraint(
            ["organiser_id"],
            ["accounts.id"],
            name=op.f("fk_rooms_organiser_id_accounts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("join_token", name=op.f("uq_rooms_join_token")),
    )
    op.create_index(op.f("ix_rooms_organiser_id"), "rooms", ["organiser_id"])
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_ins")),
    )
    op.create_index(op.f("ix_sign_ins_account_id"), "sign_ins", ["account_id"])
    op.create_table(
        "agreements",
        sa.Column("room_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(line) BETWEEN 1 AND 300", name=op.f("ck_agreements_line_length")),
        sa.CheckConstraint("position BETWEEN 1 AND 30", name=op.f("ck_agreements_position_range")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_agreements_version_counts")),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name=op.f("fk_agreements_room_id_rooms"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("room_id", "version", "position", name=op.f("pk_agreements")),
    )
    op.create_table(
        "links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=True),
        sa.Column("room_id", sa.String(length=64), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "purpose <> 'sign_in' OR account_id IS NOT NULL", name=op.f("ck_links_sign_in_has_account")
        ),
        sa.CheckConstraint("purpose IN ('sign_in', 'invitation')", name=op.f("ck_links_purpose_word")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_links_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name=op.f("fk_links_room_id_rooms"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_links")),
    )
    op.create_index(op.f("ix_links_account_id"), "links", ["account_id"])
    op.create_index(op.f("ix_links_room_id"), "links", ["room_id"])
    op.create_table(
        "room_facilitators",
        sa.Column("room_id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_room_facilitators_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name=op.f("fk_room_facilitators_room_id_rooms"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("room_id", "account_id", name=op.f("pk_room_facilitators")),
    )
    op.create_index(op.f("ix_room_facilitators_account_id"), "room_facilitators", ["account_id"])
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("room_id", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wall", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("wait_minutes", sa.Integer(), nullable=False),
        sa.Column("starts_itself", sa.Boolean(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("outcome IN ('held', 'not_held')", name=op.f("ck_sessions_outcome_word")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (closed_at IS NULL)", name=op.f("ck_sessions_closed_with_outcome")
        ),
        sa.CheckConstraint(
            "cancelled_at IS NULL OR closed_at IS NULL", name=op.f("ck_sessions_cancelled_or_closed")
        ),
        sa.CheckConstraint("minutes BETWEEN 30 AND 720", name=op.f("ck_sessions_minutes_range")),
        sa.CheckConstraint("wait_minutes BETWEEN 1 AND 720", name=op.f("ck_sessions_wait_minutes_range")),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name=op.f("fk_sessions_room_id_rooms"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_room_id_starts_at"), "sessions", ["room_id", "starts_at"])
    op.create_index(op.f("ix_sessions_starts_at"), "sessions", ["starts_at"])
