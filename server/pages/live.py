"""The page of the live room: everything else comes over its socket."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from rooms.live import Actor, LiveRoom
from rooms.live.door import has_a_word_left
from rooms.live.words import OVER, Place, Role
from rooms.records import agreements, rooms, rota
from rooms.twins import is_second
from server.home import home
from server.pages import calm, packed, page, to, words_of
from server.pages.door import _shut


@dataclass(frozen=True, slots=True)
class Me:
    seat: str
    name: str
    role: str
    listening: bool
    work: str


@dataclass(frozen=True, slots=True)
class Shown:
    id: str
    title: str


async def live(request: Request) -> Response:
    ours = home(request)
    session_id = request.path_params["session"]
    visit = await ours.door.may_enter(request, session_id, ours.now())
    if visit is None:
        return await calm(request)
    host = ours.house.hosted(session_id)
    if visit.actor is None or host is None or not _goes_on(host.room, visit.actor):
        shut = await _shut(request, visit)
        if shut is not None:
            return shut
    if visit.actor is None:
        return to(f"/door/{session_id}")
    host = await ours.house.host(session_id)
    if host is None and is_second(session_id):
        return to(f"/door/{visit.session.id}")
    seat = None if host is None else host.room.seat(visit.actor.seat)
    if visit.actor.role is Role.MEMBER and (seat is None or seat.place is Place.GONE):
        return to(f"/door/{session_id}")
    async with ours.database.reading() as conn:
        agreement = await agreements.current(conn, visit.room.id)
        facilitates = visit.actor.role is Role.FACILITATOR
        parts = await rota.of_sessions(conn, [visit.session.id]) if facilitates else {}
        organiser_is_here = await rooms.is_facilitator(conn, visit.room.id, visit.room.organiser_id)
    on_call = parts.get(visit.session.id, {}).get("on_call")
    words = words_of(request)
    shown = await page(
        request,
        "live/room.html",
        room=visit.room,
        purpose=words.purpose(visit.room.purpose),
        session=Shown(session_id, words.gettext("Online session")),
        agreement=agreement,
        socket_path=f"/live/{session_id}",
        me=Me(
            visit.actor.seat,
            visit.actor.name if seat is None else seat.name,
            visit.actor.role,
            seat is not None and seat.listening,
            "" if seat is None else seat.work,
        ),
        ended_url=f"/door/{session_id}",
        door_url=f"/door/{session_id}",
        on_call="" if on_call is None else on_call.name,
        organiser_is_here=organiser_is_here,
    )
    # The words of the house in every form: nothing that was said, nothing that the request brought, no secret.
    return packed(request, shown)


def _goes_on(room: LiveRoom, actor: Actor) -> bool:
    """Whether somebody who loads the page again, once the session is over, still has something to say in it."""
    if room.state not in OVER or room.is_finished:
        return False
    return has_a_word_left(room, actor)
