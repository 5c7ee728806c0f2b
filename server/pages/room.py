"""The page of a room before anybody comes in, and the link that leads to it."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from rooms.records import agreements, erasure, passes, rooms, seasons, sessions
from rooms.records.agreements import Agreement
from rooms.records.charters import Charter
from rooms.records.sessions import Session
from server.home import home
from server.pages import calm, page, staff_of, to, words_of
from server.pages.when import Time, doors_open, reason_words, time_of, when

_DATES: Final = 6


@dataclass(frozen=True, slots=True)
class ComingDate:
    time: Time
    cancelled: bool
    reason: str
    alternative: str
    calendar_url: str


@dataclass(frozen=True, slots=True)
class WhatChanged:
    """Between the agreement, or the charter, of before and that of today, line by line."""

    added: tuple[str, ...]
    gone: tuple[str, ...]


async def join(request: Request) -> Response:
    """Exchange the link for a cookie at once, so that no page of ours carries it in its address."""
    ours = home(request)
    async with ours.database.reading() as conn:
        room = await passes.room_behind(conn, request.path_params["token"], ours.now())
        session = None if room is None else await sessions.next_of(conn, room.id, ours.now())
        erased_at = None
        if room is None:
            erased_at = await erasure.erased_at(conn, request.path_params["token"], ours.now())
    if erased_at is not None:
        return await page(request, "room/gone.html", 410, when=words_of(request).day(erased_at))
    if room is None:
        return await calm(request)
    onward = to(
        f"/room/{room.id}" if session is None or not doors_open(request, session) else f"/door/{session.id}"
    )
    ours.door.give_pass(onward, room, request.path_params["token"])
    return onward


async def room_page(request: Request) -> Response:
    ours = home(request)
    room = await ours.door.may_see(request, request.path_params["room"], await staff_of(request), ours.now())
    if room is None:
        return await calm(request)
    async with ours.database.reading() as conn:
        facilitators = await rooms.facilitators(conn, room.id)
        agreement = await agreements.current(conn, room.id)
        before = None
        if agreement is not None and agreement.version > 1:
            before = await agreements.version(conn, room.id, agreement.version - 1)
        coming = await seasons.of_room(conn, room.id, ours.now())
    session = next((each for each in coming if each.cancelled_at is None), None)
    return await page(
        request,
        "room/page.html",
        room=room,
        purpose=words_of(request).purpose(room.purpose),
        facilitators=[each.name for each in facilitators],
        agreement=agreement,
        what_changed=what_changed(before, agreement),
        next=None if session is None else when(request, session, f"/door/{session.id}"),
        time=None if session is None else time_of(request, session),
        coming=[_date(request, each) for each in coming[:_DATES]],
        feed=f"{ours.settings.public_url}/calendar/{room.feed_token}.ics",
    )


def _date(request: Request, session: Session) -> ComingDate:
    return ComingDate(
        time=time_of(request, session),
        cancelled=session.cancelled_at is not None,
        reason=reason_words(words_of(request), session),
        alternative=session.alternative,
        calendar_url=f"/room/{session.room_id}/{session.id}.ics",
    )


def what_changed(before: Agreement | Charter | None, now: Agreement | Charter | None) -> WhatChanged | None:
    """None: this is the first, or only the order is another."""
    if before is None or now is None:
        return None
    added = tuple(line for line in now.lines if line not in before.lines)
    gone = tuple(line for line in before.lines if line not in now.lines)
    return WhatChanged(added, gone) if added or gone else None
