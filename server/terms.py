"""Where what is kept meets what is live: a session of the records becomes the terms of a room."""

from collections.abc import Container, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from rooms.live import State, Terms
from rooms.records import rooms, sessions
from rooms.records.accounts import Account
from rooms.records.database import Database
from rooms.records.rooms import Room
from rooms.records.sessions import Session
from rooms.records.words import Outcome


def terms_of(session: Session, room: Room, facilitators: Iterable[Account]) -> Terms:
    return Terms(
        starts_at=session.starts_at.timestamp(),
        minutes=session.minutes,
        seats=room.seats,
        wait_minutes=session.wait_minutes,
        starts_itself=session.starts_itself,
        keeps_catch_up=room.keeps_catch_up,
        knock_first=room.knock_first,
        reserved=tuple(account.name for account in facilitators),
    )


_AT_ONCE: Final = 500  # a database takes only so many values in one question


class Programme:
    """What the house asks of the records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def terms(self, session_id: str) -> Terms | None:
        """None for a session that is unknown, cancelled or over."""
        async with self._database.reading() as conn:
            session = await sessions.find(conn, session_id)
            if session is None or session.cancelled_at is not None or session.outcome is not None:
                return None
            room = await rooms.find(conn, session.room_id)
            return None if room is None else terms_of(session, room, await rooms.facilitators(conn, room.id))

    async def upcoming(self, at: float, known: Container[str]) -> Mapping[str, Terms]:
        """The sessions that time passes in now, those that are ``known`` left out.

        It is asked every two seconds for as long as the process runs: a few questions, however many sessions there are.
        """
        found: dict[str, Terms] = {}
        async with self._database.reading() as conn:
            new = await sessions.around(conn, datetime.fromtimestamp(at, UTC), but=known)
            for first in range(0, len(new), _AT_ONCE):
                some = new[first : first + _AT_ONCE]
                ids = [session.room_id for session in some]
                there = await rooms.find_each(conn, ids)
                facilitators = await rooms.facilitators_of_each(conn, ids)
                found |= {
                    session.id: terms_of(session, room, facilitators.get(room.id, ()))
                    for session in some
                    if (room := there.get(session.room_id)) is not None
                }
        return found

    async def finished(self, session_id: str, state: State, at: float) -> None:
        outcome: Outcome = "not_held" if state is State.NOT_HELD else "held"
        async with self._database.writing() as conn:
            if state is State.CANCELLED:
                # As a rule the desk has written it down already, with its reason. If that failed, it is done here.
                await sessions.cancel(conn, session_id, datetime.fromtimestamp(at, UTC))
            else:
                await sessions.finish(conn, session_id, outcome, datetime.fromtimestamp(at, UTC))
