"""Moving one's seat to another device: a code that is shown here, typed there within a minute, and works once."""

import hashlib

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from rooms.deciding import Outcome
from rooms.engines import EngineDown
from rooms.host import Host
from rooms.live import THE_CLOCK, Refusal
from rooms.live.moves import OfferMove, SeatMoved, UseMove
from rooms.live.words import Role
from rooms.records import tokens
from rooms.twins import second_of
from server.home import Home, home
from server.pages import busy, calm, to, typed, words_of
from server.pages.codes import TOO_MANY_CODES, spaced
from server.pages.door import Form, door_page


async def offer(request: Request) -> Response:
    """The code, as text, for the page of whoever has a seat here. A newer one makes the older void."""
    ours, session = home(request), request.path_params["session"]
    visit = await ours.door.may_enter(request, session, ours.now())
    # Whoever facilitates has their seat wherever they sign in.
    if visit is None or visit.actor is None or visit.actor.role is not Role.MEMBER:
        return await calm(request)
    host = await ours.house.host(session)
    if host is None:
        return await calm(request)
    words = words_of(request)
    if not ours.moves.takes(visit.actor.seat, ours.clock()):
        return PlainTextResponse(words.refusal("too_fast"), 429)
    code = tokens.new_code()
    outcome = await host.ask(OfferMove(_hash(session, code)), visit.actor)
    if isinstance(outcome, Refusal):
        return PlainTextResponse(words.refusal(outcome.why), 409)
    return PlainTextResponse(spaced(code))


async def use(request: Request) -> Response:
    """Asked at the door, by the other device."""
    ours, session = home(request), request.path_params["session"]
    visit = await ours.door.may_enter(request, session, ours.now())
    if visit is None:
        return await calm(request)
    words = words_of(request)
    async with request.form(max_fields=5, max_part_size=4096) as sent:
        spoken = typed(sent, "code")[:40]
    # Whoever guesses is slowed, whoever they are: a code lives for a minute, and a session has few of them.
    if not ours.moves.takes(session, ours.clock()):
        return await door_page(
            request, visit, Form(code=spoken, errors={"code": words.gettext(TOO_MANY_CODES)}), status=429
        )
    try:
        asked = await _use(ours, visit.session.id, tokens.as_code(spoken))
    except EngineDown as down:
        return await busy(request, down)
    if asked is None:
        return await calm(request)
    host, outcome = asked
    if isinstance(outcome, Refusal):
        return await door_page(
            request, visit, Form(code=spoken, errors={"code": words.refusal(outcome.why)}), status=422
        )
    # The room says which seat it is. This node may not have heard of the code before it was used.
    assert isinstance(outcome.event, SeatMoved), "that is what the command does, or it is refused"
    onward = to(f"/live/{host.key}")
    ours.door.give_seat(onward, session, outcome.event.seat)
    ours.door.take_old_seats(request, onward, session)
    return onward


async def _use(ours: Home, session: str, code: str) -> tuple[Host, Outcome] | None:
    """The one door leads to both rooms of a session. None: there is none. Raises EngineDown."""
    asked: tuple[Host, Outcome] | None = None
    for key in (session, second_of(session)):
        host = await ours.house.host(key)
        if host is not None:
            asked = host, await host.ask(UseMove(_hash(key, code)), THE_CLOCK)
            if not isinstance(asked[1], Refusal):
                break
    return asked


def _hash(session: str, code: str) -> str:
    return hashlib.sha256(f"{session} {code}".encode()).hexdigest()
