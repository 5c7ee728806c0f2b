"""Sharing a room: its link, its code, a picture of the link, a poster, and links for one person each."""

import io
from typing import Final

import segno
from starlette.requests import Request
from starlette.responses import Response

from rooms.records import passes, seasons
from rooms.records.rooms import Room
from server.home import home
from server.pages import calm, page, schedule, to, typed, words_of
from server.pages.codes import TOO_MANY_CODES, spaced
from server.pages.own import Own, own_room
from server.words import N_, Words

NO_SUCH_CODE = N_("No room has that code now. Please look at it again, or ask the group for the link.")
_MODULE: Final = 8


async def share(request: Request) -> Response:
    """Those who facilitate may look and pass the link on; only its organiser changes what leads in."""
    own = await own_room(request)
    if isinstance(own, Response):
        return own
    if request.method != "POST":
        return await _share_page(request, own)
    if not own.organises:
        return await calm(request)
    async with request.form(max_fields=5, max_part_size=1024) as sent:
        do, number = typed(sent, "do"), typed(sent, "number")
    ours, room = home(request), own.room
    async with ours.database.writing() as conn:
        match do:
            case "new_link" | "new_link_in_a_week":
                await passes.replace_link(conn, room, ours.now(), with_grace=do == "new_link_in_a_week")
            case "replaced":
                await passes.posters_are_replaced(conn, room.id)
            case "personal":
                await passes.make_personal(conn, room.id, ours.now())
            case "revoke" if number.isascii() and number.isdigit() and len(number) < 5:
                await passes.revoke(conn, room.id, int(number), ours.now())
            case "close" | "open":
                await passes.close(conn, room.id, is_closed=do == "close")
            case _:
                pass
    return to(f"/desk/rooms/{room.id}/share")


async def _share_page(request: Request, own: Own) -> Response:
    ours = home(request)
    async with ours.database.reading() as conn:
        personal = await passes.personal_of(conn, own.room.id)
    base = f"{ours.settings.public_url}/join/"
    return await page(
        request,
        "desk/share.html",
        room=own.room,
        organises=own.organises,
        posters=posters_words(words_of(request), own.room) if own.organises else "",
        join_link=base + own.room.join_token,
        code=spaced(own.room.code),
        code_page=f"{ours.settings.public_url}/code",
        personal=[(link.number, base + link.token, link.revoked_at is not None) for link in personal]
        if own.organises
        else [],
        is_full=len(personal) >= passes.MOST_PERSONAL,
    )


def posters_words(words: Words, room: Room) -> str:
    """What to remember after the link was replaced, until the organiser says that it is done."""
    if room.link_replaced_at is None:
        return ""
    return words.gettext(
        "The link and the code were replaced on %(day)s. Posters, notes and pages that show the old ones lead nowhere, "
        "at the latest a week after that. Please replace them."
    ) % {"day": words.day(room.link_replaced_at)}


async def qr(request: Request) -> Response:
    """The join link as a picture, drawn here: nobody else learns of it."""
    own = await own_room(request)
    if isinstance(own, Response):
        return own
    link = f"{home(request).settings.public_url}/join/{own.room.join_token}"
    return drawn(link)


def drawn(said: str) -> Response:
    """A picture for a camera."""
    picture = io.BytesIO()
    segno.make(said, error="m", micro=False).save(
        picture,
        kind="svg",
        scale=_MODULE,
        border=4,
        xmldecl=False,
        light="#fff",
        svgclass=None,
        lineclass=None,
    )
    return Response(picture.getvalue(), media_type="image/svg+xml")


async def poster(request: Request) -> Response:
    """For a wall. Discreet, it names nothing but a time."""
    own = await own_room(request)
    if isinstance(own, Response):
        return own
    ours, words = home(request), words_of(request)
    async with ours.database.reading() as conn:
        coming = await seasons.of_room(conn, own.room.id, ours.now())
        session = next((each for each in coming if each.cancelled_at is None), None)
        repeat = (
            None
            if session is None or session.series_id is None
            else await seasons.repeat_of(conn, session.series_id)
        )
    return await page(
        request,
        "desk/poster.html",
        room=own.room,
        is_open=request.query_params.get("look") == "open",
        code=spaced(own.room.code),
        code_page=f"{ours.settings.public_url}/code".split("://", 1)[1],
        next_when="" if session is None else words.when(session.starts_at, session.zone),
        repeat="" if repeat is None else words.gettext(schedule.REPEATS[repeat]),
        qr=f"/desk/rooms/{own.room.id}/qr.svg",
    )


async def code(request: Request) -> Response:
    """For whoever was told six signs on the phone or read them off a poster."""
    if request.method != "POST":
        return await page(request, "room/code.html", code="", errors={})
    ours, words = home(request), words_of(request)
    async with request.form(max_fields=5, max_part_size=4096) as sent:
        spoken = typed(sent, "code")[:40]
    # Who guesses is slowed, whoever they are; who was told the code needs one try.
    if not ours.codes.takes(ours.clock()):
        errors = {"code": words.gettext(TOO_MANY_CODES)}
        return await page(request, "room/code.html", 429, code=spoken, errors=errors)
    async with ours.database.reading() as conn:
        room = await passes.room_called(conn, spoken)
    if room is None:
        errors = {"code": words.gettext(NO_SUCH_CODE)}
        return await page(request, "room/code.html", 422, code=spoken, errors=errors)
    onward = to(f"/room/{room.id}")
    ours.door.give_pass(onward, room, room.join_token)
    return onward
