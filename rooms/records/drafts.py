"""Drafts: rooms that an organiser has begun to describe, with every answer as it was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import limits, tables, tokens
from rooms.records.words import Question

Answers = Mapping[Question, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Draft:
    """``answers``: the lines of each answer; without the questions that were not answered."""

    id: str
    name: str = field(repr=False)
    saved_at: datetime
    answers: Answers = field(default_factory=dict, repr=False)


async def save(
    conn: AsyncConnection,
    organiser_id: str,
    name: str,
    answers: Answers,
    at: datetime,
    *,
    draft_id: str | None = None,
    new_id: str = "",
) -> Draft:
    """A new one, or ``draft_id`` as it is now. ``new_id``: what a new one is to be known by, or is known by already."""
    limits.ROOM_NAME.check(name)
    rows = [
        {"question": question, "position": position, "answer": line}
        for question, lines in answers.items()
        for position, line in enumerate(lines, start=1)
    ]
    for lines in answers.values():
        limits.ANSWER_LINES.check(len(lines))
    for row in rows:
        limits.ANSWER.check(str(row["answer"]))
    known = await find(conn, draft_id or new_id, organiser_id)
    draft = Draft(known.id if known else new_id or tokens.new_id(), name, at, dict(answers))
    if known is None:
        await conn.execute(
            insert(tables.drafts).values(id=draft.id, organiser_id=organiser_id, name=name, saved_at=at)
        )
    else:
        await conn.execute(
            update(tables.drafts).where(tables.drafts.c.id == draft.id).values(name=name, saved_at=at)
        )
        await conn.execute(delete(tables.draft_answers).where(tables.draft_answers.c.draft_id == draft.id))
    if rows:
        await conn.execute(insert(tables.draft_answers), [{"draft_id": draft.id, **row} for row in rows])
    return draft


async def find(conn: AsyncConnection, draft_id: str, organiser_id: str) -> Draft | None:
    """Of this organiser: nobody else sees a draft."""
    found = await conn.execute(
        select(tables.drafts).where(
            tables.drafts.c.id == draft_id, tables.drafts.c.organiser_id == organiser_id
        )
    )
    row = found.one_or_none()
    if row is None:
        return None
    given = await conn.execute(
        select(tables.draft_answers)
        .where(tables.draft_answers.c.draft_id == draft_id)
        .order_by(tables.draft_answers.c.position)
    )
    answers: dict[Question, list[str]] = {}
    for each in given:
        answers.setdefault(each.question, []).append(each.answer)
    return Draft(row.id, row.name, row.saved_at, answers)


async def of_organiser(conn: AsyncConnection, organiser_id: str) -> tuple[Draft, ...]:
    """By name only, the newest first."""
    found = await conn.execute(
        select(tables.drafts)
        .where(tables.drafts.c.organiser_id == organiser_id)
        .order_by(tables.drafts.c.saved_at.desc(), tables.drafts.c.id)
    )
    return tuple(Draft(row.id, row.name, row.saved_at) for row in found)


async def forget(conn: AsyncConnection, draft_id: str, organiser_id: str) -> None:
    await conn.execute(
        delete(tables.drafts).where(
            tables.drafts.c.id == draft_id, tables.drafts.c.organiser_id == organiser_id
        )
    )
