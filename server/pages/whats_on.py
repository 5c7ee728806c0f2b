"""What's on, help, and whether this process is well."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rooms.records import feeds, rooms, sessions
from rooms.records.rooms import Room
from rooms.records.sessions import Coming
from server.home import home
from server.pages import page, typed, words_of
from server.pages.when import Time, how_they_stand, state_words, time_of
from server.words import N_

MOST: Final = 100
_NOON, _EVENING, _SATURDAY = 12, 17, 5
PARTS_OF_DAY: Mapping[str, tuple[str, Callable[[Coming], bool]]] = {
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

    def has(self, session: Coming, words: tuple[str, ...]) -> bool:
        return (
            (not self.word or self.word in words)
            and (not self.purpose or self.purpose == session.purpose)
            and (self.part not in PARTS_OF_DAY or PARTS_OF_DAY[self.part][1](session))
        )


async def whats_on(request: Request) -> Response:
    ours, words = home(request), words_of(request)
    wanted = Wanted()
    if request.method == "POST":
        async with request.form(max_fields=10, max_part_size=1024) as sent:
            wanted = Wanted(typed(sent, "word"), typed(sent, "part"), typed(sent, "purpose"))
    async with ours.database.reading() as conn:
        coming = await sessions.coming_of_listed(conn, ours.now())
        words_of_each = await rooms.words_of_listed(conn)
        fitting = [each for each in coming if wanted.has(each, words_of_each.get(each.room_id, ()))]
        # Only what is shown is read whole: there may be hundreds of rooms.
        shown = await sessions.find_each(conn, [each.session_id for each in fitting[:MOST]])
        theirs = await rooms.find_each(conn, [each.room_id for each in fitting[:MOST]])
        feed = await feeds.of_all(conn)
    standing = await how_they_stand(request, shown.values())
    listings = [
        Listing(
            room=theirs[each.room_id],
            time=time_of(request, shown[each.session_id]),
            state_words=state_words(request, shown[each.session_id], standing),
            words=words_of_each.get(each.room_id, ()),
            url=f"/room/{each.room_id}",
        )
        for each in fitting[:MOST]
    ]
    known = {word for each in coming for word in words_of_each.get(each.room_id, ())}
    purposes = {each.purpose for each in coming}
    return await page(
        request,
        "whats_on/index.html",
        listings=listings,
        more=len(fitting) > MOST,
        wanted=wanted,
        anything=bool(coming),
        words=sorted(known, key=str.casefold),
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
