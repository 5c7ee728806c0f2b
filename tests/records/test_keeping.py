"""What is kept for a time is gone after it, table by table; and no table stands outside of what the house says it keeps."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import (
    counts,
    erasure,
    keeping,
    links,
    notices,
    passes,
    passkeys,
    rooms,
    sessions,
    sign_ins,
    tables,
)
from rooms.records.accounts import Account
from rooms.records.database import Database
from rooms.records.keeping import KEPT, SWEPT
from rooms.records.rooms import Room
from rooms.records.sessions import Session

A_MOMENT = timedelta(seconds=1)
HOUSE = Path(__file__).parents[2] / "docs" / "architecture.md"

# By table: how one row comes about at a time, and how long it may stand there.
Made = Callable[[AsyncConnection, Account, Room, datetime], Awaitable[object]]


async def answers_a_challenge(conn: AsyncConnection, ana: Account, circle: Room, at: datetime) -> object:
    return await passkeys.answer(conn, f"asked at {at}", until=at + timedelta(hours=1), at=at)


async def is_invited(conn: AsyncConnection, ana: Account, circle: Room, at: datetime) -> object:
    return await links.make(conn, "invitation", room_id=circle.id, at=at, lives=links.INVITATION_LIVES)


async def is_not_okay(conn: AsyncConnection, ana: Account, circle: Room, at: datetime) -> None:
    session = await sessions.plan(conn, circle.id, at.replace(tzinfo=None), "UTC", 60)
    assert isinstance(session, Session)
    await notices.put(conn, session.id, "not_okay", at)


async def replaces_the_link(conn: AsyncConnection, ana: Account, circle: Room, at: datetime) -> object:
    room = await rooms.find(conn, circle.id)
    assert room is not None
    return await passes.replace_link(conn, room, at, with_grace=True)


async def signs_in(conn: AsyncConnection, ana: Account, circle: Room, at: datetime) -> object:
    return await sign_ins.open(conn, ana.id, at)


async def counts_who_came(conn: AsyncConnection, ana: Account, circle: Room, at: datetime) -> None:
    room = await rooms.create(conn, organiser_id=ana.id, name="Friday", purpose="social", keeps_counts=True)
    session = await sessions.plan(conn, room.id, at.replace(tzinfo=None), "UTC", 60)
    assert isinstance(session, Session)
    await sessions.finish(conn, session.id, "held", at)
    await counts.keep(conn, session.id, "5_to_9")


async def deletes_a_room(conn: AsyncConnection, ana: Account, circle: Room, at: datetime) -> None:
    await erasure.erase(conn, replace(circle, id="another"), at)


STORIES: dict[str, tuple[Made, timedelta]] = {
    "answered_challenges": (answers_a_challenge, timedelta(hours=1)),
    "counts": (counts_who_came, timedelta(days=365)),
    "links": (is_invited, timedelta(hours=72)),
    "notices": (is_not_okay, timedelta(days=30)),
    "old_links": (replaces_the_link, timedelta(days=7)),
    "sign_ins": (signs_in, timedelta(minutes=30)),
    "tombstones": (deletes_a_room, timedelta(days=30)),
}


def test_there_is_a_story_of_each_table_that_is_swept():
    assert STORIES.keys() == SWEPT.keys()


@pytest.mark.parametrize("table", sorted(STORIES))
async def test_it_stands_for_its_time_and_not_a_moment_longer(
    table: str, database: Database, ana: Account, circle: Room, now: datetime
):
    made, stays = STORIES[table]

    async def stand_there(at: datetime) -> int:
        async with database.writing() as conn:
            await keeping.sweep(conn, at)
            return await conn.scalar(select(func.count()).select_from(tables.metadata.tables[table])) or 0

    async with database.writing() as conn:
        await made(conn, ana, circle, now)
    assert await stand_there(now + stays - A_MOMENT) == 1
    assert await stand_there(now + stays) == 0


async def test_calls_for_an_evening_stand_there_for_a_day(database: Database, circle: Room, now: datetime):
    async with database.writing() as conn:
        session = await sessions.plan(conn, circle.id, now.replace(tzinfo=None), "UTC", 60)
        assert isinstance(session, Session)
        await notices.put(conn, session.id, "held", now)
        await keeping.sweep(conn, now + timedelta(days=1))
        assert await conn.scalar(select(func.count()).select_from(tables.notices)) == 0


def test_every_table_is_swept_or_says_why_it_stays():
    assert not SWEPT.keys() & KEPT.keys()
    assert SWEPT.keys() | KEPT.keys() == set(tables.metadata.tables)


# Each row of "What is kept" that names the database, and the tables that it speaks of.
SAID: dict[str, set[str]] = {
    "how many came to a session, where its organiser asked for it: a band (under 5, 5 to 9, 10 or more), never who and "
    "never the number": {"counts"},
    "rooms, dates and why one was called off, agreements, the rota, drafts, accounts, who else can help, "
    "every version of the charter, what facilitators are called": {
        "accounts",
        "agreements",
        "charters",
        "draft_answers",
        "drafts",
        "labels",
        "room_facilitators",
        "room_words",
        "rooms",
        "rota",
        "series",
        "sessions",
        "signposts",
        "tombstones",
    },
    "the address for e-mail that somebody at the desk gave for calls": {"addresses"},
    "that a room called for somebody, that a session was not held, or that somebody was not okay with how it was run: in "
    "which session and when, "
    "never who": {"notices"},
    "links to a room, its code, its calendar's address": {
        "old_links",
        "organisation",
        "personal_links",
        "rooms",
    },
    "the secret of somebody's app for codes": {"authenticators", "recovery_codes"},
    "passkeys": {"passkeys"},
    "that a passkey's question was answered": {"answered_challenges"},
    "sign-ins": {"sign_ins"},
    "one-time links": {"links"},
}


def test_what_the_house_says_that_it_keeps_is_all_that_there_is_a_table_for():
    section = HOUSE.read_text().partition("## What is kept")[2]
    rows = re.findall(r"^\| ([^|]+) \| the database[^|]*\|", section, re.MULTILINE)
    assert set(rows) == SAID.keys()
    assert set.union(*SAID.values()) == set(tables.metadata.tables)
