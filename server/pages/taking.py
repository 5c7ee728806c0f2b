"""Taking everything away, and deleting a room: it is the group's, not ours."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from rooms.records import erasure, export, sessions
from server.home import home
from server.pages import calm, page, staff_of, to, typed, words_of
from server.pages.last_minute import OnNowError, call_off_live, telling
from server.pages.own import Own, organised_room
from server.words import N_

NAME_OTHER = N_("That is not its name. Please write it exactly as it stands above.")
ON_NOW = N_("A session is on in it. It can be deleted once that is over.")


async def take_away(request: Request) -> Response:
    """Rooms, dates, agreements, people and drafts of an organiser, as JSON. No secret is in it, and nothing that was said."""
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in?next=/desk")
    if not staff.is_organiser:
        return await calm(request)
    async with home(request).database.reading() as conn:
        everything = await export.everything(conn, staff.id)
    written = msgspec.json.format(msgspec.json.encode(everything), indent=1)
    headers = {"content-disposition": 'attachment; filename="rooms.json"'}
    return Response(written, media_type="application/json", headers=headers)


async def delete(request: Request) -> Response:
    """A room, with all that belongs to it. Its name is written once more by hand: it cannot be undone."""
    own = await organised_room(request)
    if isinstance(own, Response):
        return own
    if request.method != "POST":
        return await _page(request, own)
    async with request.form(max_fields=5, max_part_size=4096) as sent:
        name = typed(sent, "name")[:200]
    if name.strip() != own.room.name:
        return await _page(request, own, name, NAME_OTHER)
    ours = home(request)
    try:
        async with telling(ours, [own.room.id]) as conn:
            await call_off_live(ours, await sessions.open_of(conn, [own.room.id], ours.now()), "cancelled")
            await erasure.erase(conn, own.room, ours.now())
    except OnNowError:
        return await _page(request, own, name, ON_NOW)
    # What is deleted stands in no file any more; where somebody reads just now, it is so after the next that closes.
    await ours.database.checkpoint()
    return to("/desk")


async def _page(request: Request, own: Own, name: str = "", fault: str = "") -> Response:
    errors = {"name": words_of(request).gettext(fault)} if fault else {}
    return await page(
        request, "desk/delete.html", 422 if errors else 200, room=own.room, name=name, errors=errors
    )
