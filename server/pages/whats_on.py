"""What's on, help, and whether this process is well."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rooms.records import sessions
from rooms.records.rooms import Room
from server.home import home
from server.pages import page, words_of
from server.pages.when import moment, state_words


@dataclass(frozen=True, slots=True)
class Listing:
    room: Room
    when: str
    iso: str
    state_words: str
    url: str


async def whats_on(request: Request) -> Response:
    ours, words = home(request), words_of(request)
    async with ours.database.reading() as conn:
        coming = await sessions.upcoming(conn, ours.now(), listed_only=True)
    listings = [
        Listing(
            room=room,
            when=words.when(session.starts_at, session.zone),
            iso=moment(session),
            state_words=state_words(request, session),
            url=f"/room/{room.id}",
        )
        for session, room in coming
    ]
    return await page(request, "whats_on/index.html", listings=listings)


async def help_now(request: Request) -> Response:
    return await page(request, "help.html")


async def health(request: Request) -> Response:
    return JSONResponse({"well": True})


async def ready(request: Request) -> Response:
    is_ready = home(request).house.ready
    return JSONResponse({"ready": is_ready}, 200 if is_ready else 503)
