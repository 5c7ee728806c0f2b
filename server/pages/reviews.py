"""A review: who was removed writes to whoever organises the room, once, so that somebody else looks at it.

The room forgets them minutes after its end, and a form that is filled in slowly must not be lost by that: it carries a
ticket of ours, which is as good as having been removed.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from itsdangerous import BadSignature, Signer
from starlette.requests import Request
from starlette.responses import Response

from rooms.live.words import SeatId
from rooms.records import limits, reviews, sessions, tokens
from rooms.records.reviews import Review
from rooms.twins import session_of
from server.home import Home, home
from server.pages import calm, page, staff_of, to, typed, words_of
from server.pages.again import if_it_fails
from server.pages.room_form import text_of
from server.sealed import seal, unseal
from server.words import N_, Words

_PURPOSE: Final = b"tealight reviews"
_TICKET_LIVES: Final = timedelta(days=7)
_WRONG: Final = N_("Please write something, and keep it to 1,000 letters.")


@dataclass(frozen=True, slots=True)
class Form:
    said: str = field(default="", repr=False)
    ticket: str = field(default="", repr=False)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """``said``: None where no key of ours opens it any more. ``away``: who reads it may take it away."""

    id: str
    about: str
    said: str | None = field(repr=False)
    away: bool


# Who was removed


async def ask(request: Request) -> Response:
    ours, session = home(request), request.path_params["session"]
    seat = ours.door.seat(request, session)
    if seat is None:
        return await calm(request)
    if request.method != "POST":
        if not await _is_removed(ours, session, seat):
            return await calm(request)
        return await _form(request, Form(ticket=_ticket(ours, session, seat)))
    async with request.form(max_fields=5, max_part_size=16 * 1024) as sent:
        given = Form(typed(sent, "said"), typed(sent, "ticket")[:300])
    if_it_fails(request, partial(_form, request, given))
    if not _is_good(ours, session, seat, given.ticket) and not await _is_removed(ours, session, seat):
        return await calm(request)
    said = text_of(given.said)
    if not limits.REVIEW.least <= len(said) <= limits.REVIEW.most:
        errors = {"said": words_of(request).gettext(_WRONG)}
        return await _form(request, Form(given.said, given.ticket, errors), status=422)
    is_first = await _written(ours, session_of(session), seat, said)
    if is_first is None:
        return await calm(request)
    return await page(request, "door/review_sent.html", is_first=is_first, said=said)


async def _written(ours: Home, session_id: str, seat: SeatId, said: str) -> bool | None:
    """Whether it is the first of this seat; None: the session is gone with its room."""
    # Nobody who has only the database can try seats: there are more of them than anybody could.
    review_id = tokens.digest(f"review of {seat} in {session_id}")
    sealed = seal(ours.settings.secret_keys, _PURPOSE, review_id, said.encode("utf-8", "surrogatepass"))
    async with ours.database.writing() as conn:
        if await sessions.find(conn, session_id) is None:
            return None
        is_first = await reviews.ask_for(conn, review_id, session_id, sealed, ours.now())
    if is_first:
        # There is something to read: to the same people, and in the same words, as a complaint.
        ours.calls.tell(session_id, "not_okay")
    return is_first


async def _is_removed(ours: Home, session: str, seat: SeatId) -> bool:
    host = await ours.house.host(session)
    return host is not None and host.room.is_removed(seat)


async def _form(request: Request, form: Form, *, status: int = 200) -> Response:
    return await page(request, "door/review.html", status, form=form, most=limits.REVIEW.most)


def _tickets(ours: Home) -> Signer:
    keys = list(reversed(ours.settings.secret_keys))
    return Signer(keys, salt="a ticket for a review", digest_method=hashlib.sha256)


def _ticket(ours: Home, session: str, seat: SeatId) -> str:
    return _tickets(ours).sign(f"{session_of(session)}.{seat}.{int(ours.clock())}").decode("ascii")


def _is_good(ours: Home, session: str, seat: SeatId, ticket: str) -> bool:
    try:
        said = _tickets(ours).unsign(ticket.encode("utf-8", "surrogatepass")).decode("ascii")
    except (BadSignature, UnicodeDecodeError):
        return False
    whose, _, since = said.rpartition(".")
    age = timedelta(seconds=ours.clock() - int(since))
    return whose == f"{session_of(session)}.{seat}" and age < _TICKET_LIVES


# Who reads it


async def read(request: Request) -> Response:
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in?next=/desk/reviews")
    ours = home(request)
    if request.method == "POST":
        async with request.form(max_fields=5, max_part_size=1024) as sent:
            review_id = typed(sent, "review")
        async with ours.database.writing() as conn:
            await reviews.take_away(conn, review_id, staff.id)
        await ours.database.checkpoint()
        return to("/desk/reviews")
    async with ours.database.reading() as conn:
        found = await reviews.for_account(conn, staff.id, ours.now())
    words = words_of(request)
    return await page(request, "desk/reviews.html", asked=[_asked(ours, words, each) for each in found])


def _asked(ours: Home, words: Words, review: Review) -> Asked:
    opened = unseal(ours.settings.secret_keys, _PURPOSE, review.id, review.sealed)
    session = review.session
    when: datetime = session.starts_at
    return Asked(
        id=review.id,
        about=f"{review.room.name}: {words.when(when, session.zone)}",
        said=None if opened is None else opened.decode("utf-8", "surrogatepass"),
        away=review.organises,
    )
