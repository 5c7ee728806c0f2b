"""Seasons: series and their changes, rota, drafts, codes and feeds, personal and replaced links, the group's own words."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_LETTERS = "23456789bcdfghjkmnpqrstvwxz"

_PURPOSES = "'peer_support', 'drop_in', 'social', 'workers_space', 'network', 'coproduction', 'campaign'"
# SQLite changes a table by making it anew, and Alembic does not find its checks.
_ROOM_CHECKS = (
    ("purpose_word", f"purpose IN ({_PURPOSES})"),
    ("also_welcome_length", "length(also_welcome) BETWEEN 0 AND 300"),
    ("for_whom_length", "length(for_whom) BETWEEN 0 AND 300"),
    ("name_length", "length(name) BETWEEN 3 AND 60"),
    ("one_line_length", "length(one_line) BETWEEN 0 AND 140"),
    ("minutes_range", "minutes BETWEEN 30 AND 720"),
    ("seats_range", "seats BETWEEN 2 AND 500"),
)
_SESSION_CHECKS = (
    ("outcome_word", "outcome IN ('held', 'not_held')"),
    ("closed_with_outcome", "(outcome IS NULL) = (closed_at IS NULL)"),
    ("cancelled_or_closed", "cancelled_at IS NULL OR closed_at IS NULL"),
    ("minutes_range", "minutes BETWEEN 30 AND 720"),
    ("wait_minutes_range", "wait_minutes BETWEEN 1 AND 720"),
)
_QUESTIONS = (
    "'purpose', 'one_line', 'for_whom', 'also_welcome', 'words', 'date', 'start', 'minutes', 'zone', 'repeat', "
    "'times', 'until', 'breaks', 'lead', 'second', 'on_call', 'seats', 'listed', 'knock_first', 'keeps_catch_up', "
    "'starter_of', 'agreement'"
)


def _checks(table: str, checks: tuple[tuple[str, str], ...]) -> tuple[sa.CheckConstraint, ...]:
    return tuple(sa.CheckConstraint(said, name=op.f(f"ck_{table}_{name}")) for name, said in checks)


def upgrade() -> None:
    _rooms()
    op.create_table(
        "room_words",
        sa.Column("room_id", sa.String(length=64), nullable=False),
        sa.Column("word", sa.String(length=30), nullable=False),
        sa.CheckConstraint("length(word) BETWEEN 2 AND 30", name=op.f("ck_room_words_word_length")),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name=op.f("fk_room_words_room_id_rooms"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("room_id", "word", name=op.f("pk_room_words")),
    )
    op.create_table(
        "old_links",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("room_id", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name=op.f("fk_old_links_room_id_rooms"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_old_links")),
    )
    op.create_index(op.f("ix_old_links_room_id"), "old_links", ["room_id"])
    op.create_table(
        "personal_links",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("room_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_personal_links_number_counts")),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name=op.f("fk_personal_links_room_id_rooms"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_personal_links")),
        sa.UniqueConstraint("room_id", "number", name=op.f("uq_personal_links_room_id_number")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("feed_token", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_organisation_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("feed_token", name=op.f("uq_organisation_feed_token")),
    )
    op.execute(
        sa.text("INSERT INTO organisation (id, feed_token) VALUES (1, :token)").bindparams(
            token=secrets.token_urlsafe(24)
        )
    )
    _drafts()
    op.create_table(
        "series",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("room_id", sa.String(length=64), nullable=False),
        sa.Column("repeat", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "repeat IN ('once', 'weekly', 'fortnightly', 'monthly', 'monthly_last')",
            name=op.f("ck_series_repeat_word"),
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name=op.f("fk_series_room_id_rooms"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index(op.f("ix_series_room_id"), "series", ["room_id"])
    _sessions()
    op.create_table(
        "rota",
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.CheckConstraint("part IN ('lead', 'second', 'on_call')", name=op.f("ck_rota_part_word")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_rota_session_id_sessions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_rota_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "part", name=op.f("pk_rota")),
    )
    op.create_index(op.f("ix_rota_account_id"), "rota", ["account_id"])


def _rooms() -> None:
    with op.batch_alter_table("rooms", table_args=_checks("rooms", _ROOM_CHECKS)) as rooms:
        rooms.add_column(sa.Column("knock_first", sa.Boolean(), nullable=False, server_default=sa.false()))
        rooms.add_column(sa.Column("code", sa.String(length=6), nullable=True))
        rooms.add_column(sa.Column("feed_token", sa.String(length=64), nullable=True))
        rooms.add_column(sa.Column("is_closed", sa.Boolean(), nullable=False, server_default=sa.false()))
        rooms.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    conn = op.get_bind()
    rooms_there_are = conn.execute(sa.text("SELECT id FROM rooms")).scalars().all()
    codes: set[str] = set()
    while len(codes) < len(rooms_there_are):
        codes.add("".join(secrets.choice(_LETTERS) for _ in range(6)))
    for room, code in zip(rooms_there_are, codes, strict=True):
        conn.execute(
            sa.text("UPDATE rooms SET code = :code, feed_token = :token WHERE id = :room"),
            {"code": code, "token": secrets.token_urlsafe(24), "room": room},
        )
    with op.batch_alter_table("rooms", table_args=_checks("rooms", _ROOM_CHECKS)) as rooms:
        rooms.alter_column("code", existing_type=sa.String(length=6), nullable=False)
        rooms.alter_column("feed_token", existing_type=sa.String(length=64), nullable=False)
        rooms.create_unique_constraint(op.f("uq_rooms_code"), ["code"])
        rooms.create_unique_constraint(op.f("uq_rooms_feed_token"), ["feed_token"])


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("organiser_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 3 AND 60", name=op.f("ck_drafts_name_length")),
        sa.ForeignKeyConstraint(
            ["organiser_id"],
            ["accounts.id"],
            name=op.f("fk_drafts_organiser_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_organiser_id"), "drafts", ["organiser_id"])
    op.create_table(
        "draft_answers",
        sa.Column("draft_id", sa.String(length=64), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.CheckConstraint(f"question IN ({_QUESTIONS})", name=op.f("ck_draft_answers_question_word")),
        sa.CheckConstraint("position BETWEEN 1 AND 60", name=op.f("ck_draft_answers_position_range")),
        sa.CheckConstraint("length(answer) BETWEEN 1 AND 300", name=op.f("ck_draft_answers_answer_length")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_draft_answers_draft_id_drafts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("draft_id", "question", "position", name=op.f("pk_draft_answers")),
    )


def _sessions() -> None:
    with op.batch_alter_table("sessions", table_args=_checks("sessions", _SESSION_CHECKS)) as sessions:
        sessions.add_column(sa.Column("series_id", sa.String(length=64), nullable=True))
        sessions.add_column(sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
        sessions.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
        sessions.add_column(sa.Column("reason", sa.String(length=20), nullable=True))
        sessions.add_column(
            sa.Column("alternative", sa.String(length=140), nullable=False, server_default="")
        )
        sessions.create_foreign_key(
            op.f("fk_sessions_series_id_series"), "series", ["series_id"], ["id"], ondelete="CASCADE"
        )
        sessions.create_check_constraint(
            op.f("ck_sessions_reason_word"),
            "reason IN ('facilitator_away', 'too_few', 'holiday', 'pause', 'moved', 'other')",
        )
        sessions.create_check_constraint(
            op.f("ck_sessions_alternative_length"), "length(alternative) BETWEEN 0 AND 140"
        )
        sessions.create_check_constraint(op.f("ck_sessions_sequence_counts"), "sequence >= 0")
        sessions.create_index(op.f("ix_sessions_series_id"), ["series_id"])
