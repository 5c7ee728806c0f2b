"""The keys of report slips: the first one of a session stands, for fourteen days, and goes with the session."""

from datetime import datetime, timedelta

from rooms.records import erasure, sessions, slips
from rooms.records.database import Database
from rooms.records.rooms import Room
from rooms.records.sessions import Session


async def planned(database: Database, circle: Room, at: datetime) -> Session:
    async with database.writing() as conn:
        session = await sessions.plan(conn, circle.id, at.replace(tzinfo=None), "UTC", 60)
    assert isinstance(session, Session)
    return session


async def made(database: Database, session: Session, key: str) -> None:
    async with database.writing() as conn:
        await slips.make(conn, {session.id: key}, {session.id: session.ends_at + slips.KEPT})


async def test_of_two_that_are_made_at_once_the_first_stands(database: Database, circle: Room, now: datetime):
    session = await planned(database, circle, now)
    await made(database, session, "first")
    await made(database, session, "second")
    async with database.reading() as conn:
        assert await slips.of_each(conn, [session.id, "another"]) == {session.id: "first"}


async def test_those_of_a_room_that_can_still_be_asked_the_newest_first(
    database: Database, circle: Room, now: datetime
):
    old, new = await planned(database, circle, now), await planned(database, circle, now + timedelta(days=7))
    for session in (old, new):
        await made(database, session, f"of {session.id}")
    async with database.reading() as conn:
        both = await slips.of_room(conn, circle.id, now)
        assert [(each.session_id, each.wall, each.sealed) for each in both] == [
            (each.id, each.wall, f"of {each.id}") for each in (new, old)
        ]
        assert await slips.of_room(conn, "another", now) == ()
        later = await slips.of_room(conn, circle.id, old.ends_at + slips.KEPT)
    assert [each.session_id for each in later] == [new.id]


async def test_it_goes_with_the_room(database: Database, circle: Room, now: datetime):
    session = await planned(database, circle, now)
    await made(database, session, "sealed")
    async with database.writing() as conn:
        await erasure.erase(conn, circle, now)
        assert await slips.of_each(conn, [session.id]) == {}
