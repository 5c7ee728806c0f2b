"""The page of the live room: everything else comes over its socket."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from rooms.live.door import has_a_word_left
from rooms.live.words import OVER, Place, Role, State
from rooms.records import agreements, rooms, rota
from rooms.twins import is_second
from server.door import Visit
from server.home import Home, home
from server.pages import calm, packed, page, to, words_of
from server.pages.desk import names_of, readiness
from server.pages.door import stays_shut


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


@dataclass(frozen=True, slots=True)
class Before:
    """For those who facilitate, until it begins: how ready the date is, and who is put down for it.

    in_green_room: the doors are not open yet. Once they are, no page comes back to it, so it is not sent along.
    """

    ready: str
    people: str
    in_green_room: bool


async def live(request: Request) -> Response:
    ours = home(request)
    session_id = request.path_params["session"]
    visit = await ours.door.may_enter(request, session_id, ours.now())
    if visit is None:
        return await calm(request)
    if not await _goes_on(ours, visit, session_id):
        shut = await stays_shut(request, visit)
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
    facilitates = visit.actor.role is Role.FACILITATOR
    in_green_room = host is not None and host.room.state is State.SCHEDULED
    begins = host is not None and host.room.state in {State.SCHEDULED, State.DOORS}
    async with ours.database.reading() as conn:
        agreement = await agreements.current(conn, visit.room.id)
        parts = await rota.of_sessions(conn, [visit.session.id]) if facilitates else {}
        people = await rooms.facilitators(conn, visit.room.id) if begins else ()
        organiser_is_here = await rooms.is_facilitator(conn, visit.room.id, visit.room.organiser_id)
    on_call = parts.get(visit.session.id, {}).get("on_call")
    words = words_of(request)
    before = None
    if facilitates and begins:
        chip = readiness(words, visit.session, parts.get(visit.session.id, {}), len(people), ours.now())
        before = Before(chip, names_of(parts.get(visit.session.id, {}), "lead", "second"), in_green_room)
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
        review_url=f"/door/{session_id}/review",
        on_call="" if on_call is None else on_call.name,
        before=before,
        organiser_is_here=organiser_is_here,
    )
    # The words of the house in every form: nothing that was said, nothing that the request brought, no secret.
    return packed(request, shown)


async def _goes_on(ours: Home, visit: Visit, key: str) -> bool:
    """Whether somebody who loads the page again, once the session is over, still has something to say in it.

    key: of the room, which may be the session's second: what the records say of the first is not how that one stands.
    """
    if visit.actor is None:
        return False
    over = visit.session.outcome is not None or visit.session.cancelled_at is not None
    # Whichever node has it. While it is on the records know no more than the door does, and nothing is opened for that.
    host = await ours.house.host(key) if over or is_second(key) else ours.house.hosted(key)
    if host is None or host.room.is_finished:
        return False
    if host.room.state not in OVER:
        return is_second(key)
    return has_a_word_left(host.room, visit.actor)
