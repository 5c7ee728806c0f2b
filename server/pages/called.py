"""Who is needed: calls of rooms that are on, what was not held or not okay, and for whom one is on call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import notices
from rooms.records.accounts import Account
from rooms.records.notices import Notice
from rooms.records.words import What
from server.words import N_, Words

_MOST: Final = 5

SAID: Final[Mapping[What, str]] = {
    "nobody_came": N_("%(room)s: no facilitator has come yet. It was to begin %(when)s."),
    "held": N_("%(room)s: nobody facilitates just now, and the room waits. It began %(when)s."),
    "asked": N_("%(room)s: the facilitators ask for the person on call, in the session of %(when)s."),
    "not_held": N_("%(room)s: no facilitator could be there. It was to begin %(when)s."),
    "not_okay": N_("%(room)s: somebody was not okay with how it was run, in the session of %(when)s."),
}


@dataclass(frozen=True, slots=True)
class Call:
    """``url``: where to go. ``organises``: who reads it may put it away, by its ``session_id``."""

    said: str
    times: int
    room_id: str
    session_id: str
    url: str
    organises: bool


@dataclass(frozen=True, slots=True)
class Needed:
    """calls: now. missed, complaints: to be read. on_call: the next sessions for which one may be called."""

    calls: tuple[Call, ...] = ()
    missed: tuple[Call, ...] = ()
    complaints: tuple[Call, ...] = ()
    on_call: tuple[str, ...] = ()


async def needed(conn: AsyncConnection, words: Words, staff: Account, now: datetime) -> Needed:
    found = await notices.for_account(conn, staff.id, now)
    on_call = await notices.on_call_of(conn, staff.id, now, _MOST)
    return Needed(
        calls=tuple(_call(words, each) for each in found if each.what not in {"not_okay", "not_held"}),
        missed=tuple(_call(words, each) for each in found if each.what == "not_held"),
        complaints=tuple(_call(words, each) for each in found if each.what == "not_okay"),
        on_call=tuple(f"{room.name}: {words.when(each.starts_at, each.zone)}" for each, room in on_call),
    )


def of_room(found: Needed, room_id: str) -> Needed:
    return Needed(
        calls=tuple(each for each in found.calls if each.room_id == room_id),
        missed=tuple(each for each in found.missed if each.room_id == room_id),
        complaints=tuple(each for each in found.complaints if each.room_id == room_id),
    )


def _call(words: Words, notice: Notice) -> Call:
    session = notice.session
    when = words.when(session.starts_at, session.zone)
    return Call(
        said=words.gettext(SAID[notice.what]) % {"room": notice.room.name, "when": when},
        times=notice.times,
        room_id=notice.room.id,
        session_id=session.id,
        # Only who facilitates a room can go into it.
        url=f"/live/{session.id}" if notice.facilitates else "",
        organises=notice.organises,
    )
