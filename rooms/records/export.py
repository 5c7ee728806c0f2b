"""Everything an organiser's rooms have in the records, to take away: in plain words, and without a single secret."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import tables

Exported = dict[str, list[dict[str, Any]]]

# What opens something, or proves that somebody is somebody. A copy of an export must open nothing.
SECRET: Final = frozenset(
    {"password_hash", "token_hash", "token", "join_token", "feed_token", "code", "sign_in_name"}
)
# Of no use to anybody who takes their rooms elsewhere.
LEFT_OUT: Final = frozenset(
    {
        "sign_ins",
        "addresses",
        "links",
        "old_links",
        "organisation",
        "tombstones",
        "notices",
        "reviews",
        "authenticators",
        "recovery_codes",
        "passkeys",
        "answered_challenges",
        "slip_keys",
    }
)


async def everything(conn: AsyncConnection, organiser_id: str) -> Exported:
    """By table: every row that belongs to this organiser, alone or with the others, with its columns as text, number or truth."""
    mine = select(tables.rooms.c.id).where(tables.rooms.c.organiser_id == organiser_id)
    of_mine = select(tables.sessions.c.id).where(tables.sessions.c.room_id.in_(mine))
    my_drafts = select(tables.drafts.c.id).where(tables.drafts.c.organiser_id == organiser_id)
    helping = select(tables.room_facilitators.c.account_id).where(
        tables.room_facilitators.c.room_id.in_(mine)
    )
    asked: dict[Table, ColumnElement[bool]] = {
        tables.rooms: tables.rooms.c.organiser_id == organiser_id,
        tables.accounts: tables.accounts.c.id.in_(helping) | (tables.accounts.c.id == organiser_id),
        tables.drafts: tables.drafts.c.organiser_id == organiser_id,
        tables.draft_answers: tables.draft_answers.c.draft_id.in_(my_drafts),
        tables.rota: tables.rota.c.session_id.in_(of_mine),
        tables.counts: tables.counts.c.session_id.in_(of_mine),
        # Theirs with all other organisers: who else can help, as every page says it.
        tables.signposts: true(),
        tables.charters: true(),
        tables.labels: true(),
    }
    exported: Exported = {}
    for table in tables.metadata.sorted_tables:
        if table.name in LEFT_OUT:
            continue
        belongs = asked.get(table)
        columns = [column for column in table.c if column.name not in SECRET]
        wanted: Select[Any] = select(*columns).where(
            table.c.room_id.in_(mine) if belongs is None else belongs
        )
        found = await conn.execute(wanted.order_by(*table.primary_key.columns))
        exported[table.name] = [
            {column.name: _plain(value) for column, value in zip(columns, row, strict=True)} for row in found
        ]
    return exported


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
