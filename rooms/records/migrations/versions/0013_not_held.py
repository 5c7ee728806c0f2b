"""Notices also say that a session was not held."""

from alembic import op

revision = "0013"
down_revision = "0012"

_NAME = "ck_notices_what_word"


def upgrade() -> None:
    with op.batch_alter_table("notices") as notices:
        notices.drop_constraint(op.f(_NAME), type_="check")
        notices.create_check_constraint(
            op.f(_NAME), "what IN ('not_okay', 'nobody_came', 'held', 'asked', 'not_held')"
        )
