"""Whose page it is: the room that somebody organises or helps with, or a page that says nothing."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from rooms.records import rooms
from rooms.records.accounts import Account
from rooms.records.rooms import Room
from server.home import home
from server.pages import calm, staff_of, to


@dataclass(frozen=True, slots=True)
class Own:
    """Somebody at the desk of a room: its organiser, or one of those who facilitate it, or both."""

    staff: Account
    room: Room
    organises: bool
    facilitates: bool


async def own_room(request: Request) -> Own | Response:
    """For those who look after it. For everybody else it may as well not exist."""
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in")
    async with home(request).database.reading() as conn:
        room = await rooms.find(conn, request.path_params["room"])
        facilitates = room is not None and await rooms.is_facilitator(conn, room.id, staff.id)
    if room is None or not (facilitates or room.organiser_id == staff.id):
        return await calm(request)
    return Own(staff, room, organises=room.organiser_id == staff.id, facilitates=facilitates)


async def organised_room(request: Request) -> Own | Response:
    """For its organiser alone."""
    own = await own_room(request)
    if isinstance(own, Own) and not own.organises:
        return await calm(request)
    return own
