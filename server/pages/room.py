"""The page of a room before anybody comes in, and the link that leads to it."""

from starlette.requests import Request
from starlette.responses import Response

from rooms.records import agreements, rooms, sessions
from server.home import home
from server.pages import calm, page, staff_of, to, words_of
from server.pages.when import doors_open, when


async def join(request: Request) -> Response:
    """Exchange the link for a cookie at once, so that no page of ours carries it in its address."""
    ours = home(request)
    async with ours.database.reading() as conn:
        room = await rooms.by_join_token(conn, request.path_params["token"])
        session = None if room is None else await sessions.next_of(conn, room.id, ours.now())
    if room is None:
        return await calm(request)
    onward = to(
        f"/room/{room.id}" if session is None or not doors_open(request, session) else f"/door/{session.id}"
    )
    ours.door.give_pass(onward, room)
    return onward


async def room_page(request: Request) -> Response:
    ours = home(request)
    room = await ours.door.may_see(request, request.path_params["room"], await staff_of(request))
    if room is None:
        return await calm(request)
    async with ours.database.reading() as conn:
        facilitators = await rooms.facilitators(conn, room.id)
        agreement = await agreements.current(conn, room.id)
        session = await sessions.next_of(conn, room.id, ours.now())
    return await page(
        request,
        "room/page.html",
        room=room,
        purpose=words_of(request).purpose(room.purpose),
        facilitators=[each.name for each in facilitators],
        agreement=agreement,
        next=None if session is None else when(request, session, f"/door/{session.id}"),
    )
