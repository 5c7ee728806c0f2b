"""Rooms: the lasting things that organisers create, and who facilitates them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, String, bindparam, cast, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql  # its ON CONFLICT DO NOTHING is SQLite's, word for word
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import clocks, limits, tables, tokens
from rooms.records.accounts import Account, account_of
from rooms.records.words import Door, Purpose, Talk

# Put together once, as in accounts.py.
_FIND: Final = select(tables.rooms).where(tables.rooms.c.id == bindparam("id"))
_ADD_FACILITATOR: Final = postgresql.insert(tables.room_facilitators).on_conflict_do_nothing()
_IS_FACILITATOR: Final = select(tables.room_facilitators.c.account_id).where(
    tables.room_facilitators.c.room_id == bindparam("room_id"),
    tables.room_facilitators.c.account_id == bindparam("account_id"),
)


@dataclass(frozen=True, slots=True)
class Room:
    """``join_token`` opens the way to the door, not the door: it is shown to organisers whenever they ask.

    door: how it stands when a session opens: ``open``, until a quarter of an hour after the start; ``all_along``; ``knock``.
    talk: how people talk then. least_age: 0 for every age.
    admits_work: somebody may be there for their work, and says so. keeps_counts: the band of how many came is kept.
    link_replaced_at: when the link was last replaced, until the organiser says that the posters are as well.
    """

    id: str
    organiser_id: str
    name: str = field(repr=False)
    purpose: Purpose
    one_line: str = field(repr=False)
    for_whom: str = field(repr=False)
    also_welcome: str = field(repr=False)
    zone: str
    minutes: int
    seats: int
    listed: bool
    keeps_catch_up: bool
    door: Door
    talk: Talk
    least_age: int
    admits_work: bool
    keeps_counts: bool
    join_token: str = field(repr=False)
    code: str = field(repr=False)
    feed_token: str = field(repr=False)
    is_closed: bool
    version: int
    link_replaced_at: datetime | None = None


async def create(
    conn: AsyncConnection,
    *,
    organiser_id: str,
    name: str,
    purpose: Purpose,
    one_line: str = "",
    for_whom: str = "",
    also_welcome: str = "",
    zone: str = "Europe/London",
    minutes: int = 60,
    seats: int = 8,
    listed: bool = True,
    keeps_catch_up: bool = True,
    door: Door = "open",
    talk: Talk = "open",
    least_age: int = 18,
    admits_work: bool = False,
    keeps_counts: bool = False,
    room_id: str = "",
) -> Room:
    """``room_id``: what it is to be known by; nobody else may have heard of it."""
    room = Room(
        id=room_id or tokens.new_id(),
        organiser_id=organiser_id,
        name=name,
        purpose=purpose,
        one_line=one_line,
        for_whom=for_whom,
        also_welcome=also_welcome,
        zone=zone,
        minutes=minutes,
        seats=seats,
        listed=listed,
        keeps_catch_up=keeps_catch_up,
        door=door,
        talk=talk,
        least_age=least_age,
        admits_work=admits_work,
        keeps_counts=keeps_counts,
        join_token=tokens.new_token(),
        code=await new_code(conn),
        feed_token=tokens.new_token(),
        is_closed=False,
        version=1,
    )
    _check(room)
    await conn.execute(insert(tables.rooms), asdict(room))
    return room


async def find(conn: AsyncConnection, room_id: str) -> Room | None:
    found = await conn.execute(_FIND, {"id": room_id})
    row = found.mappings().one_or_none()
    return None if row is None else room_of(row)


async def find_each(conn: AsyncConnection, room_ids: Collection[str]) -> Mapping[str, Room]:
    """By id, those that there are; in one question however many they are."""
    found = await conn.execute(select(tables.rooms).where(tables.rooms.c.id.in_(room_ids)))
    return {room.id: room for room in map(room_of, found.mappings())}


async def new_join_token(conn: AsyncConnection, room_id: str) -> str:
    """From now on this one; the old link leads nowhere."""
    token = tokens.new_token()
    await conn.execute(update(tables.rooms).where(tables.rooms.c.id == room_id).values(join_token=token))
    return token


async def describe(conn: AsyncConnection, room: Room, *, known: str) -> bool:
    """Write down what is said about a room. False: it is not as ``known`` (a version) any more, and stays as it is."""
    _check(room)
    written = (
        "name",
        "one_line",
        "for_whom",
        "also_welcome",
        "seats",
        "listed",
        "door",
        "talk",
        "least_age",
        "admits_work",
        "keeps_counts",
        "keeps_catch_up",
    )
    done = await conn.execute(
        update(tables.rooms)
        .where(tables.rooms.c.id == room.id, cast(tables.rooms.c.version, String) == known)
        .values({name: getattr(room, name) for name in written} | {"version": tables.rooms.c.version + 1})
    )
    return done.rowcount == 1


async def listed(conn: AsyncConnection) -> tuple[Room, ...]:
    found = await conn.execute(
        select(tables.rooms).where(tables.rooms.c.listed).order_by(tables.rooms.c.name, tables.rooms.c.id)
    )
    return tuple(room_of(row) for row in found.mappings())


async def of_organiser(conn: AsyncConnection, account_id: str) -> tuple[Room, ...]:
    found = await conn.execute(
        select(tables.rooms)
        .where(tables.rooms.c.organiser_id == account_id)
        .order_by(tables.rooms.c.name, tables.rooms.c.id)
    )
    return tuple(room_of(row) for row in found.mappings())


async def looked_after_by(conn: AsyncConnection, account_id: str) -> tuple[Room, ...]:
    """The rooms that somebody organises or facilitates."""
    found = await conn.execute(
        select(tables.rooms)
        .where(_is_looked_after_by(account_id))
        .order_by(tables.rooms.c.name, tables.rooms.c.id)
    )
    return tuple(room_of(row) for row in found.mappings())


async def some_looked_after_by(
    conn: AsyncConnection, account_id: str, *, after: int, most: int
) -> tuple[tuple[Room, ...], int]:
    """``looked_after_by``, as many as a page shows; and how many there are in all."""
    theirs = _is_looked_after_by(account_id)
    total = await conn.scalar(select(func.count()).select_from(tables.rooms).where(theirs))
    found = await conn.execute(
        select(tables.rooms)
        .where(theirs)
        .order_by(tables.rooms.c.name, tables.rooms.c.id)
        .limit(most)
        .offset(after)
    )
    return tuple(room_of(row) for row in found.mappings()), total or 0


def _is_looked_after_by(account_id: str) -> ColumnElement[bool]:
    return (tables.rooms.c.organiser_id == account_id) | facilitated_by(account_id)


def facilitated_by(account_id: str) -> ColumnElement[bool]:
    """Of the room that a question is about: whether this is one of those who facilitate it."""
    helped = select(tables.room_facilitators.c.room_id).where(
        tables.room_facilitators.c.account_id == account_id
    )
    return tables.rooms.c.id.in_(helped)


async def facilitators(conn: AsyncConnection, room_id: str) -> tuple[Account, ...]:
    found = await conn.execute(
        select(tables.accounts)
        .join(tables.room_facilitators, tables.room_facilitators.c.account_id == tables.accounts.c.id)
        .where(tables.room_facilitators.c.room_id == room_id)
        .order_by(tables.accounts.c.name, tables.accounts.c.id)
    )
    return tuple(account_of(row) for row in found.mappings())


async def facilitators_of_each(
    conn: AsyncConnection, room_ids: Sequence[str]
) -> Mapping[str, tuple[Account, ...]]:
    """By room, where there are any; in one question however many rooms there are."""
    found = await conn.execute(
        select(tables.room_facilitators.c.room_id, tables.accounts)
        .join(tables.accounts, tables.room_facilitators.c.account_id == tables.accounts.c.id)
        .where(tables.room_facilitators.c.room_id.in_(room_ids))
        .order_by(tables.accounts.c.name, tables.accounts.c.id)
    )
    each: dict[str, tuple[Account, ...]] = {}
    for row in found.mappings():
        room = row[tables.room_facilitators.c.room_id]
        each[room] = (*each.get(room, ()), account_of(row))
    return each


async def helpers_of(conn: AsyncConnection, account_id: str) -> tuple[Account, ...]:
    """Everybody who facilitates a room of this organiser."""
    found = await conn.execute(
        select(tables.accounts)
        .distinct()
        .join(tables.room_facilitators, tables.room_facilitators.c.account_id == tables.accounts.c.id)
        .join(tables.rooms, tables.rooms.c.id == tables.room_facilitators.c.room_id)
        .where(tables.rooms.c.organiser_id == account_id)
        .order_by(tables.accounts.c.name, tables.accounts.c.id)
    )
    return tuple(account_of(row) for row in found.mappings())


async def put_words(conn: AsyncConnection, room_id: str, words: Sequence[str]) -> None:
    """The group's own words for what it is about, instead of those it had; people find it by them."""
    limits.GROUP_WORDS.check(len(words))
    for word in words:
        limits.GROUP_WORD.check(word)
    await conn.execute(delete(tables.room_words).where(tables.room_words.c.room_id == room_id))
    if words:
        await conn.execute(insert(tables.room_words), [{"room_id": room_id, "word": word} for word in words])


async def words_of_each(conn: AsyncConnection, room_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """By room, in alphabetical order."""
    return await _words_where(conn, tables.room_words.c.room_id.in_(room_ids))


async def words_of_listed(conn: AsyncConnection) -> Mapping[str, tuple[str, ...]]:
    """``words_of_each`` room that is listed."""
    listed_rooms = select(tables.rooms.c.id).where(tables.rooms.c.listed)
    return await _words_where(conn, tables.room_words.c.room_id.in_(listed_rooms))


async def _words_where(conn: AsyncConnection, theirs: ColumnElement[bool]) -> Mapping[str, tuple[str, ...]]:
    words = tables.room_words.c
    found = await conn.execute(select(words.room_id, words.word).where(theirs).order_by(words.word))
    each: dict[str, tuple[str, ...]] = {}
    for room_id, word in found:
        each[room_id] = (*each.get(room_id, ()), word)
    return each


async def add_facilitator(conn: AsyncConnection, room_id: str, account_id: str) -> None:
    """Adding somebody twice is adding them once."""
    await conn.execute(_ADD_FACILITATOR, {"room_id": room_id, "account_id": account_id})


async def remove_facilitator(conn: AsyncConnection, room_id: str, account_id: str) -> None:
    await conn.execute(
        delete(tables.room_facilitators).where(
            tables.room_facilitators.c.room_id == room_id,
            tables.room_facilitators.c.account_id == account_id,
        )
    )


async def is_facilitator(conn: AsyncConnection, room_id: str, account_id: str) -> bool:
    found = await conn.execute(_IS_FACILITATOR, {"room_id": room_id, "account_id": account_id})
    return found.first() is not None


async def new_code(conn: AsyncConnection) -> str:
    """One that no other room has. Writers come one at a time, so it is still free when the room is written."""
    while True:
        code = tokens.new_code()
        taken = await conn.execute(select(tables.rooms.c.id).where(tables.rooms.c.code == code))
        if taken.first() is None:
            return code


def room_of(row: RowMapping) -> Room:
    """For the other nouns of this package, which find rooms by way of their own tables."""
    return Room(*[row[column] for column in _COLUMNS])


# In the order of the fields of a room, whatever the order of the table.
_COLUMNS = tuple(tables.rooms.c[each.name] for each in fields(Room))


def _check(room: Room) -> None:
    limits.ROOM_NAME.check(room.name)
    limits.ONE_LINE.check(room.one_line)
    limits.FOR_WHOM.check(room.for_whom)
    limits.ALSO_WELCOME.check(room.also_welcome)
    # The length of a room's sessions unless one says otherwise; `sessions.plan` is stricter for all but demos.
    limits.DEMO_MINUTES.check(room.minutes)
    limits.SEATS.check(room.seats)
    limits.LEAST_AGE.check(room.least_age)
    if clocks.zone_named(room.zone) is None:
        raise ValueError("the zone is not one that the time zone data knows")
