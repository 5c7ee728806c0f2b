"""A room to try: made on the first run, with a session that is on now, and links that lead straight in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import accounts, agreements, links, rooms, sessions
from rooms.records.accounts import Account
from rooms.records.database import Database
from rooms.records.rooms import Room
from server.starters import STARTER

LINK_LIVES: Final = timedelta(hours=12)
MINUTES: Final = 180
WAIT_MINUTES: Final = 720
ZONE: Final = "Europe/London"


@dataclass(frozen=True, slots=True)
class DemoLinks:
    join: str
    facilitate: str
    organise: str


async def prepare(database: Database, at: datetime) -> DemoLinks:
    """Make what is missing, and fresh one-time links. Paths, without the host."""
    async with database.writing() as conn:
        organiser = await _account(conn, "Olu", "demo-organiser", is_organiser=True)
        facilitator = await _account(conn, "Ana", "demo-facilitator", is_organiser=False)
        room = await _room(conn, organiser, facilitator, at)
        await _session(conn, room, at)
        facilitate = await links.make(
            conn, "sign_in", account_id=facilitator.id, room_id=room.id, at=at, lives=LINK_LIVES
        )
        organise = await links.make(conn, "sign_in", account_id=organiser.id, at=at, lives=LINK_LIVES)
    return DemoLinks(f"/join/{room.join_token}", f"/link/{facilitate}", f"/link/{organise}")


async def _account(conn: AsyncConnection, name: str, sign_in_name: str, *, is_organiser: bool) -> Account:
    """Without a password: only a one-time link signs them in."""
    found = await accounts.by_sign_in_name(conn, sign_in_name)
    made = found or await accounts.create(
        conn, name=name, sign_in_name=sign_in_name, is_organiser=is_organiser
    )
    if made is None:
        raise RuntimeError("the demo's accounts cannot be made")
    return made


async def _room(conn: AsyncConnection, organiser: Account, facilitator: Account, at: datetime) -> Room:
    for room in await rooms.of_organiser(conn, organiser.id):
        if facilitator.id in {each.id for each in await rooms.facilitators(conn, room.id)}:
            return room
    room = await rooms.create(
        conn,
        organiser_id=organiser.id,
        name="Tuesday evening",
        purpose="peer_support",
        one_line="An hour to talk about how it has been, or just to sit together.",
        for_whom="anyone who would rather not be alone with it tonight",
        also_welcome="people who only want to read along",
        zone=ZONE,
        minutes=MINUTES,
        listed=True,
    )
    await agreements.publish(conn, room.id, STARTER, at)
    await rooms.add_facilitator(conn, room.id, facilitator.id)
    return room


async def _session(conn: AsyncConnection, room: Room, at: datetime) -> None:
    """One that is on now, starts when its facilitator comes in, and waits for them as long as it takes."""
    current = await sessions.next_of(conn, room.id, at)
    if current is not None and current.starts_at <= at and current.ends_at > at + timedelta(hours=1):
        return
    here = at.astimezone(ZoneInfo(ZONE)).replace(second=0, microsecond=0)
    fold: Literal[0, 1] = 1 if here.fold else 0
    await sessions.plan(
        conn,
        room.id,
        here.replace(tzinfo=None, fold=0),
        ZONE,
        MINUTES,
        fold=fold,
        wait_minutes=WAIT_MINUTES,
        starts_itself=True,
    )
