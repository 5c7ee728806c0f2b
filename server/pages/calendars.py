"""Dates for people's own calendars: one to download, and feeds. They say nothing of what the room is about, unless asked."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from rooms.calendar import ics
from rooms.calendar.ics import Entry, Look
from rooms.records import feeds, seasons, sessions
from rooms.records.rooms import Room
from rooms.records.sessions import Session
from server.home import home
from server.pages import calm, staff_of, words_of

_BEHIND: Final = timedelta(days=60)
_BEHIND_OF_ALL: Final = timedelta(days=1)
_AHEAD: Final = timedelta(days=400)
# A session that nobody ever changed was changed last before any calendar asked.
_EVER: Final = datetime(2020, 1, 1, tzinfo=UTC)


async def one_date(request: Request) -> Response:
    """``?look=open`` names the room; ``?remind=yes`` rings a quarter of an hour before."""
    ours = home(request)
    room = await ours.door.may_see(request, request.path_params["room"], await staff_of(request), ours.now())
    async with ours.database.reading() as conn:
        session = await sessions.find(conn, request.path_params["session"])
    if room is None or session is None or session.room_id != room.id:
        return await calm(request)
    asked = request.query_params
    look = _look(request, is_open=asked.get("look") == "open", has_alarm=asked.get("remind") == "yes")
    return _calendar(ics.one(_entry(request, room, session), at=ours.now(), look=look))


async def feed(request: Request) -> Response:
    return await _feed(request, is_open=False)


async def open_feed(request: Request) -> Response:
    return await _feed(request, is_open=True)


async def _feed(request: Request, *, is_open: bool) -> Response:
    """Asked by a calendar, which has no cookies: the token says it all, until it is replaced."""
    ours, now = home(request), home(request).now()
    async with ours.database.reading() as conn:
        of = await feeds.rooms_of(conn, request.path_params["token"])
        told: Sequence[Session] = ()
        if of is not None:
            behind = _BEHIND if len(of) == 1 else _BEHIND_OF_ALL
            told = await seasons.for_calendars(conn, [room.id for room in of], now - behind, now + _AHEAD)
    if of is None:
        return await calm(request)
    rooms_by_id = {room.id: room for room in of}
    entries = [_entry(request, rooms_by_id[session.room_id], session) for session in told]
    name = of[0].name if len(of) == 1 else words_of(request).gettext("What\u2019s on")
    look = _look(request, is_open=is_open, has_alarm=False)
    # A thousand dates take some fifty milliseconds to write, and calendars ask every hour: nobody who speaks waits for that.
    return _calendar(await asyncio.to_thread(ics.feed, entries, name=name, at=now, look=look))


def _look(request: Request, *, is_open: bool, has_alarm: bool) -> Look:
    title = words_of(request).gettext("Online session")
    return Look(is_discreet=not is_open, has_alarm=has_alarm, neutral_title=title)


def _entry(request: Request, room: Room, session: Session) -> Entry:
    url = f"{home(request).settings.public_url}/door/{session.id}"
    return Entry(
        id=session.id,
        occurrence=session.occurrence,
        sequence=session.sequence,
        changed_at=session.changed_at or _EVER,
        neutral_url=url,
        words=ics.Words(room.name, url, room.one_line),
        is_cancelled=session.cancelled_at is not None,
    )


def _calendar(written: bytes) -> Response:
    headers = {"content-disposition": 'attachment; filename="session.ics"'}
    return Response(written, media_type="text/calendar; charset=utf-8", headers=headers)
