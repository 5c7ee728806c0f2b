"""The desk: the rooms that somebody looks after, and each of them with its link, its dates and its people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from rooms.records import counts, drafts, feeds, links, notices, rooms, rota, seasons, sessions, signposts
from rooms.records.rooms import Room
from rooms.records.rota import Parts
from rooms.records.sessions import Session
from rooms.records.words import Part, What
from server.home import home
from server.pages import calm, page, staff_of, to, typed, words_of
from server.pages.called import needed, of_room
from server.pages.counts import turnout
from server.pages.nudges import nudges
from server.pages.own import Own, own_room
from server.pages.share import posters_words
from server.pages.when import green_room_open, how_they_stand, moment, state_words
from server.signposts import needs_a_look
from server.words import Words

INVITATION_LIVES: Final = timedelta(hours=72)
A_PAGE: Final = 30
_ALARM: Final = timedelta(hours=24)
_AT_FIRST: Final = 6
_READ: Final[Mapping[str, What]] = {"read": "not_okay", "read_missed": "not_held"}


@dataclass(frozen=True, slots=True)
class Row:
    room: Room
    next_when: str
    chip: str
    url: str
    live_words: str


@dataclass(frozen=True, slots=True)
class DateRow:
    """One date of a room as its desk shows it. ``url`` leads into the live room, ``change_url`` to its own page."""

    id: str
    when: str
    iso: str
    state_words: str
    people: str
    on_call: str
    chip: str
    url: str
    open: bool
    change_url: str


async def desk(request: Request) -> Response:
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in")
    ours, words = home(request), words_of(request)
    number = _page_number(request)
    async with ours.database.reading() as conn:
        shown, total = await rooms.some_looked_after_by(
            conn, staff.id, after=(number - 1) * A_PAGE, most=A_PAGE
        )
        ids = [room.id for room in shown]
        coming = await sessions.next_of_each(conn, ids, ours.now())
        facilitators = await rooms.facilitators_of_each(conn, ids)
        parts = await rota.of_sessions(conn, [session.id for session in coming.values()])
        begun = await drafts.of_organiser(conn, staff.id)
        feed = await feeds.of_all(conn)
        wanted = await needed(conn, words, staff, ours.now())
        posts = await signposts.every(conn) if staff.is_organiser else ()
    standing = await how_they_stand(request, coming.values())
    on_now = await ours.live_now.of_account(staff.id, words)
    now_words = {each.room: each.words for each in on_now}
    rows = []
    for room in shown:
        session = coming.get(room.id)
        people = len(facilitators.get(room.id, ()))
        rows.append(
            Row(
                room=room,
                next_when="" if session is None else words.when(session.starts_at, session.zone),
                chip=readiness(
                    words, session, parts.get(session.id if session else "", {}), people, ours.now()
                ),
                url=f"/desk/rooms/{room.id}",
                live_words=now_words.get(room.id)
                or ("" if session is None else state_words(request, session, standing)),
            )
        )
    pages = -(-total // A_PAGE)
    return await page(
        request,
        "desk/index.html",
        rooms=rows,
        on_now=on_now,
        drafts=begun,
        needed=wanted,
        look_at_signposts=staff.is_organiser and bool(shown) and needs_a_look(posts, ours.now()),
        number=number,
        pages=pages,
        feed=None if feed is None else f"{ours.settings.public_url}/calendar/{feed}.ics",
    )


def _page_number(request: Request) -> int:
    given = request.query_params.get("page", "1")
    return int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 4 and int(given) else 1


def readiness(words: Words, session: Session | None, parts: Parts, facilitators: int, at: datetime) -> str:
    """How many will be there: those put down for the session, or, where nobody is, those who could be."""
    people = sum(part in parts for part in ("lead", "second")) or facilitators
    if people == 0:
        soon = session is not None and session.starts_at - at <= _ALARM
        return (
            words.gettext("Nobody facilitates it, and it is soon")
            if soon
            else words.gettext("Needs a facilitator")
        )
    return words.gettext("Needs a second facilitator") if people == 1 else words.gettext("Ready")


async def new_calendar(request: Request) -> Response:
    """The feed of all listed rooms gets another address, and the old one tells nobody anything."""
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in")
    if not staff.is_organiser:
        return await calm(request)
    async with home(request).database.writing() as conn:
        await feeds.renew_of_all(conn)
    return to("/desk")


async def desk_room(request: Request) -> Response:
    """One room: its link, its sessions, who facilitates. Its organiser may invite; its facilitators may look."""
    own = await own_room(request)
    if isinstance(own, Response):
        return own
    invitation_link = None
    if request.method == "POST":
        if not own.organises:
            return await calm(request)
        async with request.form(max_fields=5, max_part_size=1024) as sent:
            asked, session_id = typed(sent, "do"), typed(sent, "session")
        invitation_link = await _done(request, own, asked, session_id)
    return await room_shown(request, own, invitation_link=invitation_link)


async def _done(request: Request, own: Own, asked: str, session_id: str) -> str | None:
    ours = home(request)
    async with ours.database.writing() as conn:
        if asked == "facilitate":
            await rooms.add_facilitator(conn, own.room.id, own.staff.id)
        elif asked == "invite":
            token = await links.make(
                conn, "invitation", room_id=own.room.id, at=ours.now(), lives=INVITATION_LIVES
            )
            return f"{ours.settings.public_url}/invitation/{token}"
        elif asked == "new_calendar":
            await feeds.renew(conn, own.room.id)
        elif asked in _READ:
            await notices.put_away(conn, own.room.id, session_id, _READ[asked])
        elif asked == "forget_counts":
            await counts.forget(conn, own.room.id)
    if asked == "forget_counts":
        await ours.database.checkpoint()
    return None


async def room_shown(request: Request, own: Own, *, invitation_link: str | None = None) -> Response:
    ours, words = home(request), words_of(request)
    async with ours.database.reading() as conn:
        # Anew: what was just asked for may have changed it.
        room = await rooms.find(conn, own.room.id) or own.room
        facilitators = await rooms.facilitators(conn, room.id)
        coming = await seasons.of_room(conn, room.id, ours.now())
        parts = await rota.of_sessions(conn, [session.id for session in coming])
        wanted = of_room(await needed(conn, words, own.staff, ours.now()), room.id)
        kept = await counts.of_room(conn, room.id, ours.now())
        said = await nudges(conn, words, room, coming, parts, ours.now()) if own.organises else []
    standing = await how_they_stand(request, coming)
    facilitates = own.staff.id in {each.id for each in facilitators}
    shown = [
        DateRow(
            id=session.id,
            when=words.when(session.starts_at, session.zone),
            iso=moment(session),
            state_words=state_words(request, session, standing),
            people=names_of(parts.get(session.id, {}), "lead", "second"),
            on_call=names_of(parts.get(session.id, {}), "on_call"),
            chip=""
            if session.cancelled_at
            else readiness(words, session, parts.get(session.id, {}), len(facilitators), ours.now()),
            url=f"/live/{session.id}" if facilitates and session.cancelled_at is None else "",
            open=green_room_open(request, session),
            change_url=f"/desk/rooms/{room.id}/dates/{session.id}" if own.organises else "",
        )
        for session in coming
    ]
    return await page(
        request,
        "desk/room.html",
        room=room,
        sessions=shown[:_AT_FIRST],
        later=shown[_AT_FIRST:],
        join_link=f"{ours.settings.public_url}/join/{room.join_token}",
        feed=f"{ours.settings.public_url}/calendar/{room.feed_token}.ics",
        facilitators=[each.name for each in facilitators],
        facilitates=facilitates,
        organises=own.organises,
        invitation_link=invitation_link,
        nudges=said,
        posters=posters_words(words, room) if own.organises else "",
        needed=wanted,
        turnout=turnout(words, kept),
    )


def names_of(parts: Parts, *which: Part) -> str:
    return ", ".join(parts[part].name for part in which if part in parts)


async def facilitate_now(request: Request) -> Response:
    """Straight to the session that is on or comes next, for those who look after the room."""
    own = await own_room(request)
    if isinstance(own, Response):
        return own
    async with home(request).database.reading() as conn:
        session = await sessions.next_of(conn, own.room.id, home(request).now())
    return to("/desk" if session is None else f"/live/{session.id}")
