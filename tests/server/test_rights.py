"""Every address and everybody: who gets in, who is asked to sign in, and for whom it may as well not exist."""

from pathlib import Path

import pytest
from starlette.routing import Route, WebSocketRoute

from rooms.records import drafts
from server.app import ROOT
from server.routes import routes
from server.static import Static
from tests.server.browser import Browser
from tests.server.house import Evening, House

EVERYBODY = ["stranger", "member", "helper", "other", "organiser"]

# stranger: never heard of the room. member: has a seat in it. helper: facilitates it. other: organises, but not this one.
# The link itself comes last: whoever follows it knows the room from then on.
# yes: a page, or on to the next. in: is asked to sign in. no: 404, as for a room that was never made.
TABLE = """
                                          stranger member helper other organiser
GET  /                                    yes      yes    yes    yes   yes
POST /                                    yes      yes    yes    yes   yes
GET  /help                                yes      yes    yes    yes   yes
GET  /charter                             no       no     no     no    no
GET  /health                              yes      yes    yes    yes   yes
GET  /ready                               yes      yes    yes    yes   yes
POST /language                            yes      yes    yes    yes   yes
GET  /code                                yes      yes    yes    yes   yes
POST /code                                yes      yes    yes    yes   yes
GET  /room/{room}                         no       yes    yes    no    yes
GET  /room/{room}/{session}.ics           no       yes    yes    no    yes
GET  /calendar/{token}.ics                no       no     no     no    no
GET  /calendar/{token}/open.ics           no       no     no     no    no
GET  /door/{session}                      no       yes    yes    no    yes
POST /door/{session}                      no       yes    yes    no    yes
POST /door/{session}/move                 no       yes    yes    no    yes
POST /door/{session}/twin                 no       yes    yes    no    no
GET  /live/{session}                      no       yes    yes    no    yes
POST /live/{session}/move                 no       yes    no     no    no
GET  /live/{session}/now                  no       no     no     no    no
POST /live/{session}/stream               no       no     no     no    no
POST /live/{session}/post                 no       no     no     no    no
POST /live/{session}/gone                 no       no     no     no    no
GET  /sign-in                             yes      yes    yes    yes   yes
POST /sign-in                             yes      yes    yes    yes   yes
POST /sign-in/passkey                     yes      yes    yes    yes   yes
POST /sign-in/code                        in       in     in     in    in
GET  /link/{token}                        no       no     no     no    no
POST /link/{token}                        no       no     no     no    no
GET  /invitation/{token}                  no       no     no     no    no
POST /invitation/{token}                  no       no     no     no    no
GET  /desk                                in       in     yes    yes   yes
GET  /desk/now                            in       in     yes    yes   yes
GET  /desk/account                        in       in     yes    yes   yes
POST /desk/account                        in       in     yes    yes   yes
GET  /desk/account/passkeys               in       in     no     no    no
POST /desk/account/passkeys               in       in     no     no    no
GET  /desk/account/qr.svg                 in       in     no     no    no
GET  /desk/hours                          in       in     yes    yes   yes
GET  /desk/hours.csv                      in       in     yes    yes   yes
GET  /desk/everything.json                in       in     no     yes   yes
POST /desk/calendar                       in       in     no     yes   yes
GET  /desk/signposts                      in       in     no     yes   yes
POST /desk/signposts                      in       in     no     yes   yes
GET  /desk/charter                        in       in     no     yes   yes
POST /desk/charter                        in       in     no     yes   yes
GET  /desk/labels                         in       in     no     yes   yes
POST /desk/labels                         in       in     no     yes   yes
GET  /desk/new                            in       in     no     yes   yes
POST /desk/new                            in       in     no     yes   yes
GET  /desk/drafts/{draft}                 in       in     no     no    yes
POST /desk/drafts/{draft}                 in       in     no     no    yes
GET  /desk/rooms/{room}                   in       in     yes    no    yes
POST /desk/rooms/{room}                   in       in     no     no    yes
GET  /desk/rooms/{room}/edit              in       in     no     no    yes
POST /desk/rooms/{room}/edit              in       in     no     no    yes
GET  /desk/rooms/{room}/agreement         in       in     no     no    yes
POST /desk/rooms/{room}/agreement         in       in     no     no    yes
GET  /desk/rooms/{room}/delete            in       in     no     no    yes
POST /desk/rooms/{room}/delete            in       in     no     no    yes
GET  /desk/rooms/{room}/people            in       in     no     no    yes
POST /desk/rooms/{room}/people            in       in     no     no    yes
GET  /desk/rooms/{room}/share             in       in     yes    no    yes
POST /desk/rooms/{room}/share             in       in     no     no    yes
GET  /desk/rooms/{room}/poster            in       in     yes    no    yes
GET  /desk/rooms/{room}/qr.svg            in       in     yes    no    yes
GET  /desk/rooms/{room}/now               in       in     yes    no    yes
GET  /desk/rooms/{room}/counts.csv        in       in     no     no    no
GET  /desk/rooms/{room}/dates             in       in     no     no    yes
POST /desk/rooms/{room}/dates             in       in     no     no    yes
GET  /desk/rooms/{room}/dates/{session}   in       in     no     no    yes
POST /desk/rooms/{room}/dates/{session}   in       in     no     no    yes
GET  /desk/rooms/{room}/break             in       in     no     no    yes
POST /desk/rooms/{room}/break             in       in     no     no    yes
GET  /join/{token}                        yes      yes    yes    yes   yes
POST /sign-out                            yes      yes    yes    yes   yes
"""
ROWS = [line.split() for line in TABLE.splitlines()[2:]]
UNKNOWN = "x" * 16


def test_every_address_stands_in_the_table():
    every = {
        (method, route.path)
        for route in routes(Static(Path(ROOT) / "static"))
        if isinstance(route, Route) and not isinstance(route, WebSocketRoute)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert every == {(row[0], row[1]) for row in ROWS}


class Cast:
    """Everybody, and the one room that the table is about."""

    def __init__(self, evening: Evening, draft: str, people: dict[str, Browser]) -> None:
        self.people = people
        self.names = {
            "room": evening.room.id,
            "session": evening.session.id,
            "token": evening.room.join_token,
            "draft": draft,
        }

    def path(self, pattern: str) -> str:
        return pattern.format(**self.names)

    def nowhere(self, pattern: str) -> str:
        return pattern.format(**dict.fromkeys(self.names, UNKNOWN))


@pytest.fixture
async def cast(house: House) -> Cast:
    return await cast_of(house)


async def cast_of(house: House) -> Cast:
    evening = await house.evening()
    olu = await house.account("Olu", organiser=True)
    await evening.has_facilitator("Ana")
    member = await evening.comes_to_the_door()
    await member.posts(evening.door_path, name="Ben", how="come_in")
    async with house.database.writing() as conn:
        draft = await drafts.save(conn, olu.id, "A draft", {}, house.clock.now)
    people = {
        "stranger": house.browser(),
        "member": member,
        "helper": await house.signed_in("Ana"),
        "other": await house.signed_in("Pat", organiser=True),
        "organiser": await house.signed_in("Olu", organiser=True),
    }
    return Cast(evening, draft.id, people)


async def test_everybody_at_every_address(cast: Cast):
    for method, pattern, *expected in ROWS:
        for who, meant in zip(EVERYBODY, expected, strict=True):
            browser = cast.people[who]
            answer = await ask(browser, method, cast.path(pattern))
            asked_in = answer.headers.get("location", "").startswith("/sign-in")
            got = "in" if asked_in else "no" if answer.status_code == 404 else "yes"
            assert got == meant, (who, method, pattern, answer.status_code)
            assert answer.status_code in {200, 303, 404, 409, 422}, (who, method, pattern)
            if meant == "no":
                nowhere = await ask(browser, method, cast.nowhere(pattern))
                assert (nowhere.status_code, nowhere.text) == (404, answer.text), (who, method, pattern)


async def test_what_another_site_makes_a_browser_send_changes_nothing(cast: Cast):
    olu = cast.people["organiser"]
    for method, pattern, *_ in ROWS:
        if method == "POST":
            for headers in (
                {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
                {"sec-fetch-site": "same-site", "origin": "null"},
                {"origin": "https://evil.example"},
            ):
                answer = await olu.http.post(cast.path(pattern), headers=headers, data={"do": "invite"})
                assert answer.status_code == 403, pattern


async def ask(browser: Browser, method: str, path: str):
    return await (browser.gets(path) if method == "GET" else browser.posts(path))
