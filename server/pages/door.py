"""The door of a session: read what it is, choose a name, come in or come in to listen."""

import secrets
from dataclasses import dataclass, field, replace
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from rooms.engines import EngineDown
from rooms.live import THE_CLOCK, Actor, LiveRoom, Refusal
from rooms.live.door import Arrive, Leave
from rooms.live.lobby import has_line, in_line
from rooms.live.twin import Cross
from rooms.live.words import OVER, UNDER_WAY, Place, Role
from rooms.records import agreements, rooms, sessions
from rooms.records.sessions import Session
from rooms.twins import is_second, second_of
from server.door import Visit
from server.home import home
from server.pages import calm, page, to, typed, words_of
from server.pages.again import if_it_fails
from server.pages.when import (
    DOORS_MINUTES,
    GREEN_MINUTES,
    doors_open,
    green_room_open,
    how_they_stand,
    reason_words,
    runs_over,
    when,
)
from server.powers import POWERS
from server.words import N_, Words

# Translators: two of these make a friendly name. Any words of your language will do that nobody takes amiss, as many as
# you like but at least six, each of at most 11 letters.
FRIENDLY = N_("Oak River Moss Lark Fern Harbour Maple Heron Clover Ash Willow Pebble")


@dataclass(frozen=True, slots=True)
class Form:
    """code: of a seat that is on another device (``server.pages.moving``). work: one of ``WORK``, or empty."""

    name: str = ""
    how: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    suggestions: list[str] = field(default_factory=list)
    code: str = ""
    work: str = ""


async def door(request: Request) -> Response:
    ours = home(request)
    visit = await ours.door.may_enter(request, request.path_params["session"], ours.now())
    if visit is None:
        return await calm(request)
    if is_second(request.path_params["session"]):
        return await _of_the_second(request, visit)
    shut = await stays_shut(request, visit)
    if shut is not None:
        return shut
    if visit.actor is not None and await _goes_straight_in(request, visit.actor, visit.session.id):
        return to(f"/live/{visit.session.id}")
    if request.method != "POST":
        return await door_page(request, visit, Form(suggestions=_friendly(words_of(request))))
    return await _come_in(request, visit)


async def _of_the_second(request: Request, visit: Visit) -> Response:
    """The second room has no door of its own: people come by the first, and only whoever has a seat there goes on."""
    ours, first = home(request), visit.session.id
    host = None if visit.actor is None else await ours.house.host(second_of(first))
    if host is not None and visit.actor is not None:
        seat = host.room.seat(visit.actor.seat)
        if seat is not None and seat.place is not Place.GONE and host.room.state not in OVER:
            return to(f"/live/{host.key}")
    return to(f"/door/{first}")


async def twin(request: Request) -> Response:
    """From the line to the second room, by one's own choice, and its facilitator to look after it."""
    ours, session = home(request), request.path_params["session"]
    visit = await ours.door.may_enter(request, session, ours.now())
    if visit is None or visit.actor is None or is_second(session):
        return await calm(request)
    actor = visit.actor
    first, second = await ours.house.host(session), await ours.house.host(second_of(session))
    seat = None if first is None else first.room.seat(actor.seat)
    if first is None or second is None or seat is None:
        return to(f"/door/{session}")
    if actor.role is Role.FACILITATOR:
        await first.ask(Leave(), actor)
        return to(f"/live/{second.key}")
    # Whoever has a seat here, or went there already in another tab, needs no second one.
    if seat.place is not Place.QUEUED:
        return to(f"/door/{second.key}")
    outcome = await second.ask(Cross(seat), THE_CLOCK)
    if isinstance(outcome, Refusal):
        said = words_of(request).refusal(outcome.why)
        return await page(
            request, "door/stays.html", 409, room=visit.room, said=said, back=f"/live/{session}"
        )
    return to(f"/live/{second.key}")


async def _come_in(request: Request, visit: Visit) -> Response:
    ours = home(request)
    async with request.form(max_fields=10, max_part_size=4096) as sent:
        # Far more than any name: what is longer is not worth looking at letter by letter.
        written, picked = typed(sent, "name")[:200], typed(sent, "pick")[:200]
        how, work, queues = typed(sent, "how"), typed(sent, "work"), typed(sent, "line") == "yes"
    name = picked or written
    arrive = Arrive(name=name, listening=how == "listen", in_line=queues, work=work)
    seat = ours.door.seat(request, visit.session.id) or secrets.token_urlsafe(9)
    given = Form(name, how, suggestions=_friendly(words_of(request)), work=work)
    if_it_fails(request, partial(_not_in_yet, request, visit, given, seat))
    host = await ours.house.host(visit.session.id)
    if host is None:
        return await _over(request, visit)
    outcome = await host.ask(arrive, Actor(seat, Role.MEMBER))
    if isinstance(outcome, Refusal):
        if outcome.why == "next_door":
            return to(f"/door/{second_of(visit.session.id)}")
        if outcome.why == "full":
            return await _full(request, visit, Form(name, how, work=work), host.room)
        return await _refused(request, visit, Form(written, work=work), outcome)
    onward = to(f"/live/{visit.session.id}")
    ours.door.give_seat(onward, visit.session.id, seat)
    ours.door.take_old_seats(request, onward, visit.session.id)
    return onward


async def _not_in_yet(request: Request, visit: Visit, given: Form, seat: str, *, status: int) -> Response:
    """The room may hear of them yet: whoever sends it again has the same seat, and no namesake who is themselves."""
    form = await door_page(request, visit, given, status=status)
    home(request).door.give_seat(form, visit.session.id, seat)
    return form


async def _refused(request: Request, visit: Visit, given: Form, refusal: Refusal) -> Response:
    said = words_of(request).refusal(refusal.why)
    if refusal.why.startswith("name_"):
        form = replace(given, errors={"name": said}, suggestions=list(refusal.offers))
        return await door_page(request, visit, form, status=422)
    if refusal.why == "over":
        return await _over(request, visit)
    if refusal.why in {"busy", "unavailable"}:
        raise EngineDown(sent=True)
    if refusal.why == "not_now":
        return await _not_yet(request, visit)
    return await page(request, "door/not_in.html", 403, room=visit.room, said=said, next=None)


async def _full(request: Request, visit: Visit, form: Form, live: LiveRoom) -> Response:
    """What they wrote goes along, so that standing in line is one press and nothing is asked twice."""
    return await page(
        request,
        "door/full.html",
        room=visit.room,
        form=form,
        action=f"/door/{visit.session.id}",
        has_line=has_line(live),
        in_line=len(in_line(live)),
        next=None,
    )


async def door_page(request: Request, visit: Visit, form: Form, *, status: int = 200) -> Response:
    words = words_of(request)
    async with home(request).database.reading() as conn:
        facilitators = await rooms.facilitators(conn, visit.room.id)
        agreement = await agreements.current(conn, visit.room.id)
    return await page(
        request,
        "door/door.html",
        status,
        room=visit.room,
        purpose=words.purpose(visit.room.purpose),
        facilitators=[each.name for each in facilitators],
        agreement=agreement,
        session=when(request, visit.session, ""),
        powers=[words.gettext(power) for power, _ in POWERS],
        form=form,
        action=f"/door/{visit.session.id}",
        move=f"/door/{visit.session.id}/move",
    )


async def stays_shut(request: Request, visit: Visit) -> Response | None:
    """The page of a door that stays shut, and why."""
    if visit.session.cancelled_at is not None:
        return await page(
            request,
            "door/cancelled.html",
            room=visit.room,
            moved=visit.session.reason == "moved",
            reason=reason_words(words_of(request), visit.session),
            alternative=visit.session.alternative,
            next=await _next(request, visit),
        )
    if visit.session.outcome == "not_held":
        return await page(request, "door/not_held.html", room=visit.room, next=await _next(request, visit))
    if visit.session.outcome is not None or await _ended_unnoticed(request, visit.session):
        return await _over(request, visit)
    facilitates = visit.actor is not None and visit.actor.role is Role.FACILITATOR
    if not (green_room_open if facilitates else doors_open)(request, visit.session):
        return await _not_yet(request, visit)
    return None


async def _not_yet(request: Request, visit: Visit) -> Response:
    facilitates = visit.actor is not None and visit.actor.role is Role.FACILITATOR
    return await page(
        request,
        "door/not_yet.html",
        room=visit.room,
        session=when(request, visit.session, ""),
        facilitates=facilitates,
        minutes_before=GREEN_MINUTES if facilitates else DOORS_MINUTES,
    )


async def _ended_unnoticed(request: Request, session: Session) -> bool:
    """Its time is long over, and no live room says that it goes on all the same, having been held or made longer."""
    if not runs_over(request, session):
        return False
    return (await how_they_stand(request, [session])).get(session.id) not in UNDER_WAY


async def _over(request: Request, visit: Visit) -> Response:
    return await page(request, "door/over.html", room=visit.room, next=await _next(request, visit))


async def _next(request: Request, visit: Visit) -> object:
    ours = home(request)
    async with ours.database.reading() as conn:
        session = await sessions.next_of(conn, visit.room.id, ours.now())
    if session is None or session.id == visit.session.id:
        return None
    return when(request, session, f"/room/{visit.room.id}")


async def _goes_straight_in(request: Request, actor: Actor, session: str) -> bool:
    """A facilitator, or somebody whose seat is still theirs, at whichever node they took it."""
    if actor.role is Role.FACILITATOR:
        return True
    host = await home(request).house.host(session)
    seat = None if host is None else host.room.seat(actor.seat)
    return seat is not None and seat.place is not Place.GONE


def _friendly(words: Words) -> list[str]:
    shuffled = secrets.SystemRandom().sample(words.gettext(FRIENDLY).split(), 6)
    return [f"{first} {second}" for first, second in zip(shuffled[:3], shuffled[3:], strict=True)]
