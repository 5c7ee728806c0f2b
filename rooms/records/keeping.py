"""How long things stand in the records: every table is either swept when its time is over, or kept for a reason."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from rooms.records import counts, erasure, links, notices, passes, passkeys, reviews, sign_ins, slips

Sweep = Callable[[AsyncConnection, datetime], Awaitable[None]]

# By table. Whoever writes one of these sweeps it too; where nobody comes to write, the server does.
SWEPT: Final[Mapping[str, Sweep]] = {
    "answered_challenges": passkeys.sweep,
    "counts": counts.sweep,
    "links": links.sweep,
    "notices": notices.sweep,
    "old_links": passes.sweep,
    "reviews": reviews.sweep,
    "sign_ins": sign_ins.sweep,
    "slip_keys": slips.sweep,
    "tombstones": erasure.sweep,
}

_WITH_ROOM: Final = "what a room is, until its organiser deletes it"
_WITH_ACCOUNT: Final = "how its owner signs in, until they do without or the account is removed"
_WITH_DRAFT: Final = "what an organiser has begun to describe, until they finish or forget it"

KEPT: Final[Mapping[str, str]] = {
    "accounts": "who organises and facilitates, until removed",
    "addresses": "where somebody wants to be called, until they take it away or the account is removed",
    "agreements": _WITH_ROOM,
    "authenticators": _WITH_ACCOUNT,
    "charters": "what everybody here stands for, every version of it: people should see what was changed",
    "draft_answers": _WITH_DRAFT,
    "drafts": _WITH_DRAFT,
    "labels": "what those who facilitate are called, until an organiser chooses another word",
    "organisation": "one row: the address of the calendar of all listed rooms, until it is replaced",
    "passkeys": _WITH_ACCOUNT,
    "personal_links": "a number each, so that none is given twice; with the room",
    "recovery_codes": _WITH_ACCOUNT,
    "room_facilitators": _WITH_ROOM,
    "room_words": _WITH_ROOM,
    "rooms": _WITH_ROOM,
    "rota": _WITH_ROOM,
    "series": _WITH_ROOM,
    "sessions": _WITH_ROOM,
    "signposts": "who else can help, until an organiser writes another list",
}


async def sweep(conn: AsyncConnection, at: datetime) -> None:
    """Everything that is past its time."""
    for each in SWEPT.values():
        await each(conn, at)
