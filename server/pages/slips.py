"""Looking at a report slip: whether what stands in it was said in a room, word by word. Nothing of it is kept here."""

from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from rooms import slips as marks
from rooms.records import slips
from server import slip_keys
from server.home import home
from server.pages import page, typed, words_of
from server.pages.own import Own, organised_room
from server.words import N_

NO_SLIP: Final = N_("This is not a report slip, or a part of it is missing. Please give all of it.")


@dataclass(frozen=True, slots=True)
class Judged:
    """``when``: the date of the session in which it was said; None: we did not carry it so, or cannot tell any more."""

    name: str = field(repr=False)
    text: str = field(repr=False)
    note: str = field(repr=False)
    when: str | None


async def look(request: Request) -> Response:
    """GET and POST /desk/rooms/{room}/slip, for its organiser. The answer stands on the page and nowhere else."""
    own = await organised_room(request)
    if isinstance(own, Response):
        return own
    if request.method != "POST":
        return await _page(request, own)
    async with request.form(max_fields=2, max_part_size=marks.LONGEST) as sent:
        lines = marks.read(typed(sent, "slip"))
    if lines is None:
        return await _page(request, own, fault=NO_SLIP)
    ours, words = home(request), words_of(request)
    async with ours.database.reading() as conn:
        sealed = await slips.of_room(conn, own.room.id, ours.now())
    keys = ours.settings.secret_keys
    opened = [(each, slip_keys.unseal(keys, each.session_id, each.sealed)) for each in sealed]
    known = [(words.wall(each.wall), key) for each, key in opened if key is not None]
    theirs = [key for _, key in known]
    judged = []
    for line in lines:
        place = marks.which(theirs, line)
        when = None if place is None else known[place][0]
        judged.append(Judged(line.name, line.text, line.note, when))
    return await _page(request, own, judged=judged)


async def _page(request: Request, own: Own, fault: str = "", judged: list[Judged] | None = None) -> Response:
    errors = {"slip": words_of(request).gettext(fault)} if fault else {}
    status = 422 if errors else 200
    return await page(request, "desk/slip.html", status, room=own.room, errors=errors, judged=judged or [])
