"""Where what is kept meets what is live: a session of the records becomes the terms of a room."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from rooms.live import Event, State, Terms
from rooms.live.care import OnCallAlerted
from rooms.live.words import Mode
from rooms.records import notices, rooms, sessions
from rooms.records.accounts import Account
from rooms.records.database import Database
from rooms.records.rooms import Room
from rooms.records.sessions import Session
from rooms.records.words import Outcome, What


def terms_of(session: Session, room: Room, facilitators: Iterable[Account]) -> Terms:
    return Terms(
        starts_at=session.starts_at.timestamp(),
        minutes=session.minutes,
        seats=room.seats,
        wait_minutes=session.wait_minutes,
        starts_itself=session.starts_itself,
        keeps_catch_up=room.keeps_catch_up,
        knock_first=room.door == "knock",
        stays_open=room.door == "all_along",
        mode=Mode(room.talk),
        admits_work=room.admits_work,
        reserved=tuple(account.name for account in facilitators),
    )


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

    async def upcoming(self, at: float) -> Mapping[str, Terms]:
        """The sessions that time passes in now."""
        found: dict[str, Terms] = {}
        async with self._database.reading() as conn:
            for session in await sessions.around(conn, datetime.fromtimestamp(at, UTC)):
                room = await rooms.find(conn, session.room_id)
                if room is not None:
                    found[session.id] = terms_of(session, room, await rooms.facilitators(conn, room.id))
        return found

    async def noticed(self, session_id: str, event: Event, at: float) -> None:
        """A call for somebody from outside, or that somebody is not okay with how a session is run."""
        what: What = event.why if isinstance(event, OnCallAlerted) else "not_okay"  # type: ignore[assignment]  # its words
        async with self._database.writing() as conn:
            await notices.put(conn, session_id, what, datetime.fromtimestamp(at, UTC))

    async def finished(self, session_id: str, state: State, at: float) -> None:
        outcome: Outcome = "not_held" if state is State.NOT_HELD else "held"
        async with self._database.writing() as conn:
            if state is State.CANCELLED:
                # As a rule the desk has written it down already, with its reason. If that failed, it is done here.
                await sessions.cancel(conn, session_id, datetime.fromtimestamp(at, UTC))
            else:
                await sessions.finish(conn, session_id, outcome, datetime.fromtimestamp(at, UTC))
