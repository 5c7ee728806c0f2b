"""A form that could not be carried out because the records, or the engine, are away: kept whole, to be sent again, and then
carried out once.
"""

import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response

from rooms.engines import EngineDown
from rooms.records import tokens
from rooms.records.away import RecordsAway
from server.pages import rendered, staff_of, typed

# Whose forms hold no password and no token: those are never written into a page. (The code at the door lives for a minute.)
_KEPT: Final = ("/desk/", "/door/")
_NEVER_KEPT: Final = ("/desk/account",)
_A_WHILE: Final = {"retry-after": "30"}

log = logging.getLogger(__name__)


def if_it_fails(request: Request, shown: Callable[..., Awaitable[Response]]) -> None:
    """``shown`` (with a status): the page of the form as it was filled in, should something be away while it is carried out."""
    request.state.again = shown


async def away(request: Request, error: Exception) -> Response:
    """In words, with all that was typed: as the form it came from, or, where not even that can be read, as one button."""
    if isinstance(error, RecordsAway):
        log.warning("the records are away: %s", error.why)
    if request.method != "POST":
        return _nothing_sent(request)
    shown = getattr(request.state, "again", None)
    if shown is not None:
        request.state.is_unsaved = True
        try:
            page: Response = await shown(status=503)
        except (RecordsAway, EngineDown):
            pass
        else:
            page.headers.update(_A_WHILE)
            return page
    return await _as_one_button(request)


async def _as_one_button(request: Request) -> Response:
    path = request.url.path
    if not path.startswith(_KEPT) or path.startswith(_NEVER_KEPT):
        return _nothing_sent(request)
    try:
        # What has been read of it already is not read again.
        sent = await request.form(max_fields=100, max_part_size=64 * 1024)
    except (HTTPException, ClientDisconnect):
        return _nothing_sent(request)
    fields = [(name, value) for name, value in sent.multi_items() if isinstance(value, str)]
    # What was chosen from a list is a word of ours, and nobody would know it again.
    theirs = [value for _, value in fields if " " in value.strip() or "\n" in value.strip()]
    said = rendered(request, "unsaved.html", None, fields=fields, theirs=theirs)
    return HTMLResponse(said, 503, _A_WHILE)


def _nothing_sent(request: Request) -> Response:
    return HTMLResponse(rendered(request, "busy.html", None), 503, _A_WHILE)


# Once


def new_mark() -> str:
    """For a form that makes something: with it, the same form sent twice makes one."""
    return tokens.new_id()


async def wish_of(request: Request, sent: FormData) -> str:
    """Stands for exactly this form from exactly this person; empty where it came without a mark.

    All of it counts: who goes back, writes something else and sends that has another wish.
    """
    staff = await staff_of(request)
    if staff is None or not typed(sent, "once"):
        return ""
    fields = [(name, value) for name, value in sent.multi_items() if isinstance(value, str)]
    return _digest([staff.id, request.url.path, *(part for field in fields for part in field)])


def _digest(parts: Sequence[str]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        written = part.encode("utf-8", "surrogatepass")
        whole.update(len(written).to_bytes(4, "big") + written)
    return whole.hexdigest()
