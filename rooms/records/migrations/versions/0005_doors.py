"""What stands at a door: how it is when a session opens, how people talk first, from which age, who comes for their work."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# In words that both databases read, and without making the table anew: a column may bring its own check.
_ROOMS = (
    ("ADD COLUMN door VARCHAR(20) DEFAULT 'open' NOT NULL"
    " CONSTRAINT ck_rooms_door_word CHECK (door IN ('open', 'all_along', 'knock'))"),
    ("ADD COLUMN talk VARCHAR(20) DEFAULT 'open' NOT NULL"
    " CONSTRAINT ck_rooms_talk_word CHECK (talk IN ('open', 'hands'))"),
    ("ADD COLUMN least_age INTEGER DEFAULT 18 NOT NULL"
    " CONSTRAINT ck_rooms_least_age_range CHECK (least_age BETWEEN 0 AND 99)"),
    "ADD COLUMN admits_work BOOLEAN DEFAULT false NOT NULL",
    "ADD COLUMN link_replaced_at TIMESTAMP",
)
_QUESTIONS = (
    "'purpose', 'one_line', 'for_whom', 'also_welcome', 'words', 'date', 'start', 'minutes', 'zone', 'repeat', "
    "'times', 'until', 'breaks', 'lead', 'second', 'on_call', 'seats', 'listed', 'door', 'talk', 'least_age', "
    "'admits_work', 'keeps_catch_up', 'starter_of', 'agreement'"
)


def upgrade() -> None:
    for change in _ROOMS:
        aware = change.replace("TIMESTAMP", "TIMESTAMP WITH TIME ZONE" if _is_postgres() else "DATETIME")
        op.execute(f"ALTER TABLE rooms {aware}")
    op.execute("UPDATE rooms SET door = 'knock' WHERE knock_first")
    op.execute("ALTER TABLE rooms DROP COLUMN knock_first")
    _drafts()


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _drafts() -> None:
    """SQLite cannot change a check, and nothing refers to an answer: the table is made anew."""
    conn = op.get_bind()
    answers = conn.execute(
        sa.text("SELECT draft_id, question, position, answer FROM draft_answers")
    ).mappings()
    kept = [_answer(dict(row)) for row in answers]
    op.drop_table("draft_answers")
    made = op.create_table(
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
    op.bulk_insert(made, kept)


def _answer(row: dict[str, object]) -> dict[str, object]:
    if row["question"] != "knock_first":
        return row
    return {**row, "question": "door", "answer": "knock" if row["answer"] == "1" else "open"}
