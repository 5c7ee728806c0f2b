"""What's on, help, and whether this process is well."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rooms.records import feeds, rooms, sessions
from rooms.records.rooms import Room
from rooms.records.sessions import Session
from server.home import home
from server.pages import page, typed, words_of
from server.pages.when import Time, how_they_stand, state_words, time_of
from server.words import N_

MOST: Final = 100
_NOON, _EVENING, _SATURDAY = 12, 17, 5
PARTS_OF_DAY: Mapping[str, tuple[str, Callable[[Session], bool]]] = {
    "morning": (N_("Mornings"), lambda session: session.wall.hour < _NOON),
    "afternoon": (N_("Afternoons"), lambda session: _NOON <= session.wall.hour < _EVENING),
    "evening": (N_("Evenings"), lambda session: session.wall.hour >= _EVENING),
    "weekend": (N_("Weekends"), lambda session: session.wall.weekday() >= _SATURDAY),
}


@dataclass(frozen=True, slots=True)
class Listing:
    room: Room
    time: Time
    state_words: str
    words: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visitor is looking for; empty: anything. It is sent as a form, so that it stands in no address."""

    word: str = ""
    part: str = ""
    purpose: str = ""

    def has(self, room: Room, session: Session, words: tuple[str, ...]) -> bool:
        return (
            (not self.word or self.word in words)
            and (not self.purpose or self.purpose == room.purpose)
            and (self.part not in PARTS_OF_DAY or PARTS_OF_DAY[self.part][1](session))
        )


async def whats_on(request: Request) -> Response:
    ours, words = home(request), words_of(request)
    wanted = Wanted()
    if request.method == "POST":
        async with request.form(max_fields=10, max_part_size=1024) as sent:
            wanted = Wanted(typed(sent, "word"), typed(sent, "part"), typed(sent, "purpose"))
    async with ours.database.reading() as conn:
        listed = {room.id: room for room in await rooms.listed(conn)}
        coming = await sessions.next_of_each(conn, list(listed), ours.now())
        words_of_each = await rooms.words_of_each(conn, list(coming))
        feed = await feeds.of_all(conn)
    soonest = sorted(coming.values(), key=lambda session: (session.starts_at, session.id))
    fitting = [
        session
        for session in soonest
        if wanted.has(listed[session.room_id], session, words_of_each.get(session.room_id, ()))
    ]
    standing = await how_they_stand(request, fitting[:MOST])
    listings = [
        Listing(
            room=listed[session.room_id],
            time=time_of(request, session),
            state_words=state_words(request, session, standing),
            words=words_of_each.get(session.room_id, ()),
            url=f"/room/{session.room_id}",
        )
        for session in fitting[:MOST]
    ]
    known = sorted({word for theirs in words_of_each.values() for word in theirs}, key=str.casefold)
    purposes = {listed[session.room_id].purpose for session in soonest}
    return await page(
        request,
        "whats_on/index.html",
        listings=listings,
        more=len(fitting) > MOST,
        wanted=wanted,
        anything=bool(soonest),
        words=known,
        parts=[(part, words.gettext(said)) for part, (said, _) in PARTS_OF_DAY.items()],
        kinds=[(key, label) for key, label, _ in words.purposes() if key in purposes],
        feed=None if feed is None else f"{ours.settings.public_url}/calendar/{feed}.ics",
    )


async def help_now(request: Request) -> Response:
    return await page(request, "help.html")


async def health(request: Request) -> Response:
    return JSONResponse({"well": True})


async def ready(request: Request) -> Response:
    is_ready = home(request).house.ready
    return JSONResponse({"ready": is_ready}, 200 if is_ready else 503)
