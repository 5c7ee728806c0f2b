"""Where what is kept meets what is live: a session of the records becomes the terms of a room."""

import logging
import secrets
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, cast

from sqlalchemy.ext.asyncio import AsyncConnection

from rooms import slips as marks
from rooms.live import Event, State, Terms
from rooms.live.care import OnCallAlerted
from rooms.live.lifecycle import DEBRIEF
from rooms.live.words import Mode
from rooms.records import counts, notices, rooms, rota, sessions, slips
from rooms.records.accounts import Account
from rooms.records.database import Database
from rooms.records.rooms import Room
from rooms.records.sessions import Session
from rooms.records.words import Band, Outcome, What
from server import slip_keys
from server.whereabouts import whereabouts

log = logging.getLogger(__name__)


def terms_of(
    session: Session,
    room: Room,
    facilitators: Iterable[Account],
    free_until: datetime | None,
    slip_key: bytes = b"",
) -> Terms:
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
        counts=room.keeps_counts,
        free_until=None if free_until is None else free_until.timestamp(),
        reserved=tuple(account.name for account in facilitators),
        over=_how_it_ended(session),
        slip_key=slip_key,
    )


def _nobody(_session: str, _what: What) -> None:
    pass


def _is_long_over(session: Session, at: float) -> bool:
    """So long that nobody can have a word left in it."""
    over_at = session.closed_at or session.cancelled_at
    return over_at is not None and over_at.timestamp() <= at - DEBRIEF


def _how_it_ended(session: Session) -> State | None:
    if session.cancelled_at is not None:
        return State.CANCELLED
    return None if session.outcome is None else _ENDED[session.outcome]


_ENDED: Final[Mapping[Outcome, State]] = {"held": State.ENDED, "not_held": State.NOT_HELD}
_AT_ONCE: Final = 500  # a database takes only so many values in one question


class Programme:
    """What the house asks of the records."""

    def __init__(
        self, database: Database, tell: Callable[[str, What], None] = _nobody, keys: Sequence[str] = ()
    ) -> None:
        """tell: what must reach people who are not at the desk, once, by whichever node was the first to write it down.

        keys: under which the keys of report slips are sealed; without any, no message is marked.
        """
        self._database = database
        self._keys = keys
        self._tell = tell

    async def terms(self, session_id: str, at: float) -> Terms | None:
        """None for a session that is unknown, or over for longer than anybody talks in it."""
        async with self._database.reading() as conn:
            session = await sessions.find(conn, session_id)
            if session is None or _is_long_over(session, at):
                return None
        slip_keys = await self._slip_keys([session])
        async with self._database.reading() as conn:
            return (await _terms_of_each(conn, [session], slip_keys)).get(session_id)

    async def upcoming(self, at: float, known: Container[str]) -> Mapping[str, Terms]:
        """The sessions that time passes in now, those that are ``known`` left out.

        It is asked every two seconds for as long as the process runs: a few questions, however many sessions there are.
        """
        found: dict[str, Terms] = {}
        async with self._database.reading() as conn:
            new = await sessions.around(conn, datetime.fromtimestamp(at, UTC), but=known)
        slip_keys = await self._slip_keys(new)
        async with self._database.reading() as conn:
            for first in range(0, len(new), _AT_ONCE):
                found |= await _terms_of_each(conn, new[first : first + _AT_ONCE], slip_keys)
        return found

    async def _slip_keys(self, wanted: Sequence[Session]) -> Mapping[str, bytes]:
        """Theirs, made where there was none and something may yet be said. One that is sealed under a secret we no longer have marks nothing."""
        if not self._keys:
            return {}
        until = {each.id: each.ends_at + slips.KEPT for each in wanted}
        over = {each.id for each in wanted if _how_it_ended(each) is not None}
        ids = list(until)
        sealed: dict[str, str] = {}
        for first in range(0, len(ids), _AT_ONCE):
            some = ids[first : first + _AT_ONCE]
            async with self._database.reading() as conn:
                known = await slips.of_each(conn, some)
            if missing := [each for each in some if each not in known and each not in over]:
                known = {**known, **await self._make_slip_keys(missing, until)}
            sealed.update(known)
        opened = {each: slip_keys.unseal(self._keys, each, key) for each, key in sealed.items()}
        return {each: key for each, key in opened.items() if key is not None}

    async def _make_slip_keys(
        self, missing: Sequence[str], until: Mapping[str, datetime]
    ) -> Mapping[str, str]:
        made = {
            each: slip_keys.seal(self._keys, each, secrets.token_bytes(marks.KEY_BYTES)) for each in missing
        }
        try:
            async with self._database.writing() as conn:
                await slips.make(conn, made, until)
                return await slips.of_each(conn, missing)
        except Exception as error:  # noqa: BLE001  a room without report slips is better than no room
            log.warning("no slips can be made of some sessions: %s", whereabouts(error))
            return {}

    async def noticed(self, session_id: str, event: Event, at: float) -> None:
        """A call for somebody from outside, or that somebody is not okay with how a session is run."""
        what: What = event.why if isinstance(event, OnCallAlerted) else "not_okay"  # type: ignore[assignment]  # its words
        when = datetime.fromtimestamp(at, UTC)
        async with self._database.writing() as conn:
            is_known = what == "not_okay" and await notices.has_been_said_lately(conn, session_id, what, when)
            is_new = await notices.put(conn, session_id, what, when)
        if is_new and not is_known:
            self._tell(session_id, what)

    async def finished(self, session_id: str, state: State, turnout: str, at: float) -> None:
        """``turnout``: the band of those who took part; empty: it is not kept. Written by whoever closes the session, with it."""
        outcome: Outcome = "not_held" if state is State.NOT_HELD else "held"
        is_missed = False
        async with self._database.writing() as conn:
            if state is State.CANCELLED:
                # As a rule the desk has written it down already, with its reason. If that failed, it is done here.
                await sessions.cancel(conn, session_id, datetime.fromtimestamp(at, UTC))
            else:
                now = datetime.fromtimestamp(at, UTC)
                is_new = await sessions.finish(conn, session_id, outcome, now)
                is_missed = is_new and outcome == "not_held"
                if is_missed:
                    await notices.put(conn, session_id, "not_held", now)
                if is_new and turnout:
                    await counts.keep(
                        conn, session_id, cast("Band", turnout)
                    )  # the room's words are the records'
        if is_missed:
            self._tell(session_id, "not_held")


async def _terms_of_each(
    conn: AsyncConnection, wanted: Sequence[Session], slip_keys: Mapping[str, bytes]
) -> dict[str, Terms]:
    """For however many sessions, in as many questions as for one."""
    theirs = await rooms.find_each(conn, {each.room_id for each in wanted})
    facilitators = await rooms.facilitators_of_each(conn, list(theirs))
    free_until = await rota.free_until_of_each(conn, wanted)
    return {
        each.id: terms_of(
            each, room, facilitators.get(room.id, ()), free_until.get(each.id), slip_keys.get(each.id, b"")
        )
        for each in wanted
        if (room := theirs.get(each.room_id)) is not None
    }
