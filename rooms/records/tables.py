"""Every table there is. None of them, and no column, is a place where something said in a room could stand."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import get_args

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

from rooms.records import limits
from rooms.records.limits import Limit
from rooms.records.words import (
    Band,
    Door,
    Label,
    LinkPurpose,
    Outcome,
    Part,
    Purpose,
    Question,
    Reason,
    Repeat,
    Talk,
    What,
)

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Instant(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database. SQLite alone would hand back naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Opaque(TypeDecorator[str]):
    """An id or a token, which may come straight from an address bar: a malformed one is nobody's, not an error."""

    impl = String(64)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None or _ID.fullmatch(value) else ""


def _within(column: str, limit: Limit) -> CheckConstraint:
    return CheckConstraint(
        f"length({column}) BETWEEN {limit.least} AND {limit.most}", name=f"{column}_length"
    )


def _between(column: str, limit: Limit) -> CheckConstraint:
    return CheckConstraint(f"{column} BETWEEN {limit.least} AND {limit.most}", name=f"{column}_range")


def _one_of(column: str, words: Iterable[str]) -> CheckConstraint:
    quoted = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({quoted})", name=f"{column}_word")


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Opaque, primary_key=True),
    Column("name", String(limits.ACCOUNT_NAME.most), nullable=False),
    Column("sign_in_name", String(limits.SIGN_IN_NAME.most), nullable=False, unique=True),
    Column("is_organiser", Boolean, nullable=False),
    Column("password_hash", String(255)),
    _within("name", limits.ACCOUNT_NAME),
    _within("sign_in_name", limits.SIGN_IN_NAME),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", Opaque, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("opened_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

addresses = Table(
    "addresses",
    metadata,
    Column("account_id", Opaque, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("mail", String(limits.MAIL.most), nullable=False),
    _within("mail", limits.MAIL),
)

authenticators = Table(
    "authenticators",
    metadata,
    Column("account_id", Opaque, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("sealed", String(200), nullable=False),
    Column("confirmed_at", Instant),
    # Of the last code that was used: whoever looked over a shoulder cannot use it again.
    Column("last_step", Integer),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("account_id", Opaque, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", String(limits.PASSKEY_ID.most), primary_key=True),
    Column("account_id", Opaque, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("public_key", LargeBinary(limits.PASSKEY_PUBLIC.most), nullable=False),
    # Keys count in thirty-two bits without a sign.
    Column("uses", BigInteger, nullable=False),
    Column("name", String(limits.PASSKEY_NAME.most), nullable=False),
    Column("added_at", Instant, nullable=False),
    _within("public_key", limits.PASSKEY_PUBLIC),
    _within("name", limits.PASSKEY_NAME),
)

answered_challenges = Table(
    "answered_challenges",
    metadata,
    Column("challenge_hash", String(64), primary_key=True),
    Column("void_at", Instant, nullable=False),
)

rooms = Table(
    "rooms",
    metadata,
    Column("id", Opaque, primary_key=True),
    Column(
        "organiser_id", Opaque, ForeignKey("accounts.id", ondelete="RESTRICT"), nullable=False, index=True
    ),
    Column("name", String(limits.ROOM_NAME.most), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("one_line", String(limits.ONE_LINE.most), nullable=False),
    Column("for_whom", String(limits.FOR_WHOM.most), nullable=False),
    Column("also_welcome", String(limits.ALSO_WELCOME.most), nullable=False),
    Column("zone", String(limits.ZONE.most), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("listed", Boolean, nullable=False),
    Column("keeps_catch_up", Boolean, nullable=False),
    # How the door stands when a session opens, and how people talk then: every session falls back to these.
    Column("door", String(20), nullable=False),
    Column("talk", String(20), nullable=False),
    # 0: for every age. What the door says; nobody is asked to prove it.
    Column("least_age", Integer, nullable=False),
    # Whether somebody may be there for their work, if everybody sees that they are.
    Column("admits_work", Boolean, nullable=False),
    # Whether the band of how many came to a session is kept.
    Column("keeps_counts", Boolean, nullable=False),
    # Readable on purpose: an organiser copies the link whenever it is needed, and it leads only as far as the door.
    Column("join_token", Opaque, nullable=False, unique=True),
    # To be said on the phone or read off a poster; it leads where the link leads.
    Column("code", String(limits.CODE.most), nullable=False, unique=True),
    Column("feed_token", Opaque, nullable=False, unique=True),
    # Only personal links lead in.
    Column("is_closed", Boolean, nullable=False),
    # How often its description was changed: who saves over a change they have not seen is told of it.
    Column("version", Integer, nullable=False),
    # Until the organiser says that what hangs on walls is replaced as well.
    Column("link_replaced_at", Instant),
    _within("name", limits.ROOM_NAME),
    _one_of("purpose", get_args(Purpose)),
    _within("one_line", limits.ONE_LINE),
    _within("for_whom", limits.FOR_WHOM),
    _within("also_welcome", limits.ALSO_WELCOME),
    _between("minutes", limits.DEMO_MINUTES),
    _between("seats", limits.SEATS),
    _one_of("door", get_args(Door)),
    _one_of("talk", get_args(Talk)),
    _between("least_age", limits.LEAST_AGE),
)

room_facilitators = Table(
    "room_facilitators",
    metadata,
    Column("room_id", Opaque, ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", Opaque, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True),
)

room_words = Table(
    "room_words",
    metadata,
    Column("room_id", Opaque, ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    Column("word", String(limits.GROUP_WORD.most), primary_key=True),
    _within("word", limits.GROUP_WORD),
)

old_links = Table(
    "old_links",
    metadata,
    # A join link that was replaced. It leads in until then, and afterwards to a page that says to ask for the new one.
    Column("token", Opaque, primary_key=True),
    Column("room_id", Opaque, ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("until", Instant, nullable=False),
)

personal_links = Table(
    "personal_links",
    metadata,
    Column("token", Opaque, primary_key=True),
    Column("room_id", Opaque, ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False),
    # Whose it is, only the organiser knows: here it is a number.
    Column("number", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    CheckConstraint("number >= 1", name="number_counts"),
    UniqueConstraint("room_id", "number"),
)

organisation = Table(
    "organisation",
    metadata,
    # One row: what belongs to all rooms together.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("feed_token", Opaque, nullable=False, unique=True),
    CheckConstraint("id = 1", name="one"),
)

charters = Table(
    "charters",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("line", String(limits.AGREEMENT_LINE.most), nullable=False),
    Column("made_at", Instant, nullable=False),
    # None at all, of a version that takes the one before it back.
    CheckConstraint(f"length(line) BETWEEN 0 AND {limits.AGREEMENT_LINE.most}", name="line_length"),
)

labels = Table(
    "labels",
    metadata,
    # One row, where an organiser chose; none, where nobody did.
    Column("id", Integer, primary_key=True, autoincrement=False),
    # What those who facilitate are called, in all rooms.
    Column("facilitator", String(20), nullable=False),
    CheckConstraint("id = 1", name="one"),
    _one_of("facilitator", get_args(Label)),
)

tombstones = Table(
    "tombstones",
    metadata,
    # Of the link of a room that was deleted: only who has it learns that there was one.
    Column("token_hash", String(64), primary_key=True),
    Column("deleted_at", Instant, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Opaque, primary_key=True),
    Column("organiser_id", Opaque, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(limits.ROOM_NAME.most), nullable=False),
    Column("saved_at", Instant, nullable=False),
    _within("name", limits.ROOM_NAME),
)

draft_answers = Table(
    "draft_answers",
    metadata,
    Column("draft_id", Opaque, ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True),
    Column("question", String(20), primary_key=True),
    # An agreement is an answer of many lines, weeks off are many dates: one row each, held to its length here.
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("answer", String(limits.ANSWER.most), nullable=False),
    _one_of("question", get_args(Question)),
    _between("position", limits.ANSWER_LINES),
    _within("answer", limits.ANSWER),
)

links = Table(
    "links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("account_id", Opaque, ForeignKey("accounts.id", ondelete="CASCADE"), index=True),
    Column("room_id", Opaque, ForeignKey("rooms.id", ondelete="CASCADE"), index=True),
    Column("expires_at", Instant, nullable=False),
    _one_of("purpose", get_args(LinkPurpose)),
    CheckConstraint("purpose <> 'sign_in' OR account_id IS NOT NULL", name="sign_in_has_account"),
)

series = Table(
    "series",
    metadata,
    Column("id", Opaque, primary_key=True),
    Column("room_id", Opaque, ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("repeat", String(20), nullable=False),
    _one_of("repeat", get_args(Repeat)),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Opaque, primary_key=True),
    Column("room_id", Opaque, ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("wall", DateTime, nullable=False),
    Column("zone", String(limits.ZONE.most), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("wait_minutes", Integer, nullable=False),
    Column("starts_itself", Boolean, nullable=False),
    Column("cancelled_at", Instant),
    Column("outcome", String(20)),
    Column("closed_at", Instant),
    Column("series_id", Opaque, ForeignKey("series.id", ondelete="CASCADE"), index=True),
    # For calendars: how often its date or its being held was changed, and when last.
    Column("sequence", Integer, nullable=False),
    Column("changed_at", Instant),
    Column("reason", String(20)),
    Column("alternative", String(limits.ALTERNATIVE.most), nullable=False),
    _between("minutes", limits.DEMO_MINUTES),
    _between("wait_minutes", limits.WAIT_MINUTES),
    _one_of("outcome", get_args(Outcome)),
    CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="closed_with_outcome"),
    CheckConstraint("cancelled_at IS NULL OR closed_at IS NULL", name="cancelled_or_closed"),
    _one_of("reason", get_args(Reason)),
    _within("alternative", limits.ALTERNATIVE),
    CheckConstraint("sequence >= 0", name="sequence_counts"),
    Index(None, "room_id", "starts_at"),
    Index(None, "starts_at"),
)

rota = Table(
    "rota",
    metadata,
    Column("session_id", Opaque, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("part", String(20), primary_key=True),
    Column("account_id", Opaque, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    _one_of("part", get_args(Part)),
)

signposts = Table(
    "signposts",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", String(limits.SIGNPOST_NAME.most), nullable=False),
    Column("contact", String(limits.SIGNPOST_CONTACT.most), nullable=False),
    Column("hours", String(limits.SIGNPOST_HOURS.most), nullable=False),
    Column("cost", String(limits.SIGNPOST_COST.most), nullable=False),
    # When somebody last looked whether it still answers.
    Column("checked_at", Instant, nullable=False),
    CheckConstraint(f"position BETWEEN 1 AND {limits.SIGNPOSTS.most}", name="position_range"),
    _within("name", limits.SIGNPOST_NAME),
    _within("contact", limits.SIGNPOST_CONTACT),
    _within("hours", limits.SIGNPOST_HOURS),
    _within("cost", limits.SIGNPOST_COST),
)

notices = Table(
    "notices",
    metadata,
    Column("session_id", Opaque, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("what", String(20), primary_key=True),
    # Of the event: two nodes that heard the same write down the same.
    Column("at", Instant, primary_key=True),
    _one_of("what", get_args(What)),
)

reviews = Table(
    "reviews",
    metadata,
    # Made from the session and the seat: one for each who was removed, and nobody can tell which seat it was.
    Column("id", Opaque, primary_key=True),
    Column("session_id", Opaque, ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("sealed", LargeBinary(limits.REVIEW_SEALED.most), nullable=False),
    Column("at", Instant, nullable=False),
    _within("sealed", limits.REVIEW_SEALED),
)

counts = Table(
    "counts",
    metadata,
    Column("session_id", Opaque, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    # Of how many came. The number itself stands nowhere.
    Column("band", String(20), nullable=False),
    _one_of("band", get_args(Band)),
)

slip_keys = Table(
    "slip_keys",
    metadata,
    Column("session_id", Opaque, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    # Under SECRET_KEY: whoever copies the records can neither vouch for anything nor forge it.
    Column("sealed", String(200), nullable=False),
    Column("void_at", Instant, nullable=False),
)

agreements = Table(
    "agreements",
    metadata,
    Column("room_id", Opaque, ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    # One row per line, so that the database itself holds every line to its length.
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("line", String(limits.AGREEMENT_LINE.most), nullable=False),
    Column("made_at", Instant, nullable=False),
    CheckConstraint("version >= 1", name="version_counts"),
    _between("position", limits.AGREEMENT_LINES),
    _within("line", limits.AGREEMENT_LINE),
)
