"""What an organiser may want to look at again. Nothing of it is forbidden, and nothing is stopped by it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.calendar import load
from rooms.records import rota, seasons
from rooms.records.accounts import Account
from rooms.records.rooms import Room
from rooms.records.rota import Parts
from rooms.records.sessions import Session
from server.words import Words

_LATE: Final = 23
_EARLY: Final = 5
_MOST: Final = 6


async def nudges(
    conn: AsyncConnection,
    words: Words,
    room: Room,
    coming: Sequence[Session],
    parts: Mapping[str, Parts],
    at: datetime,
) -> list[str]:
    """In words, at most six; two questions to the records however many dates and people there are."""
    planned = [session for session in coming if session.cancelled_at is None]
    if not planned:
        return []
    busy = await rota.to_come_of_each(conn, _people(planned, parts), at)
    said = [*_late(words, planned), *_clashes(words, planned, parts, busy)]
    said += await _same_name(conn, words, room, planned, at)
    return said[:_MOST]


def _people(planned: Sequence[Session], parts: Mapping[str, Parts]) -> dict[str, Account]:
    taking_part = (
        account
        for session in planned
        for part, account in parts.get(session.id, {}).items()
        if part != "on_call"
    )
    return {account.id: account for account in taking_part}


def _late(words: Words, planned: Sequence[Session]) -> list[str]:
    def is_late(session: Session) -> bool:
        end = session.ends_at.astimezone(ZoneInfo(session.zone))
        return (end.hour, end.minute) > (_LATE, 0) or end.hour < _EARLY

    late = [session for session in planned if is_late(session)]
    if not late:
        return []
    return [
        words.gettext(
            "It ends after 11 at night. People may sleep badly after it, and fewer helplines answer then."
        )
    ]


def _clashes(
    words: Words,
    planned: Sequence[Session],
    parts: Mapping[str, Parts],
    busy: Mapping[str, tuple[Session, ...]],
) -> list[str]:
    said = []
    ours = {session.id for session in planned}
    for account_id, account in _people(planned, parts).items():
        theirs = busy.get(account_id, ())
        wanted = [session.occurrence for session in theirs if session.id in ours]
        held = [session.occurrence for session in theirs if session.id not in ours]
        for clash in load.clashes(held, wanted)[:1]:
            when = words.when(clash.other.starts_at, clash.other.zone)
            said.append(
                words.gettext(
                    "%(name)s has another session at the time, or less than 30 minutes away: %(when)s."
                )
                % {"name": account.name, "when": when}
            )
        for full in load.full_days(held, wanted, ZoneInfo(planned[0].zone))[:1]:
            when = words.when(full.sessions[0].starts_at, full.sessions[0].zone)
            said.append(
                words.gettext("%(name)s has more than two sessions on one day: %(when)s.")
                % {"name": account.name, "when": when}
            )
    return said


async def _same_name(
    conn: AsyncConnection, words: Words, room: Room, planned: Sequence[Session], at: datetime
) -> list[str]:
    days = {session.wall.date() for session in planned}
    last = max(session.starts_at for session in planned) + timedelta(days=1)
    if days & await seasons.days_of_namesakes(conn, room, at, last):
        return [words.gettext("Another room of yours has the same name and meets on the same day.")]
    return []
