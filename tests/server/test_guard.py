"""What holds for every answer and every request: where it must come from, and what it is sealed with."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import pytest
from sqlalchemy import text
from starlette.routing import Route
from websockets.exceptions import InvalidStatus

from rooms.records import authenticators as kept_authenticators
from rooms.records import drafts, tables
from server import authenticators
from server.app import LARGEST_FORM, ROOT
from server.routes import routes
from server.static import Static
from tests.server.browser import Browser, Page
from tests.server.house import KEY, Evening, House, open_house
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]
EVERY_ROUTE = [route for route in routes(Static(ROOT / "static")) if isinstance(route, Route)]
ASKED_BY_POST = [route.path for route in EVERY_ROUTE if "POST" in (route.methods or set())]


@pytest.fixture(autouse=True)
async def put_away(house: House) -> AsyncIterator[None]:
    """What an address needed to be real, and what no other test in this house should find begun."""
    yield
    olu = await house.account("Olu", organiser=True)
    async with house.database.writing() as conn:
        await kept_authenticators.remove(conn, olu.id)
        for draft in await drafts.of_organiser(conn, olu.id):
            await drafts.forget(conn, draft.id, olu.id)


@pytest.fixture(scope="module")
async def quiet_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """One of this file, in which nothing of another test is still being written down."""
    async with open_house(tmp_path_factory.mktemp("house")) as house:
        yield house


async def address(evening: Evening, route: str) -> str:
    """A route with something real in it, that would do something."""
    if route == "/link/{token}":
        return await evening.house.link(await evening.house.account("Fay"))
    if route == "/invitation/{token}":
        return await evening.house.invitation(evening.room)
    if route == "/join/{token}":
        return evening.join_path
    if route.startswith("/calendar/"):
        return route.format(token=evening.room.feed_token)
    olu = await evening.house.account("Olu", organiser=True)
    async with evening.house.database.writing() as conn:
        known = await drafts.of_organiser(conn, olu.id)
        draft = known[0] if known else await drafts.save(conn, olu.id, "A draft", {}, evening.house.clock.now)
        sealed = authenticators.seal([KEY], olu.id, authenticators.new_secret())
        if await kept_authenticators.find(conn, olu.id) is None:
            await kept_authenticators.begin(conn, olu.id, sealed)
    return route.format(session=evening.session.id, room=evening.room.id, draft=draft.id)


async def kept(house: House) -> list[list[tuple[object, ...]]]:
    """All that the records hold, but for the keys of slips: those are made when a room opens, which time does by itself."""
    async with house.database.reading() as conn:
        return [
            sorted(map(tuple, await conn.execute(table.select())), key=repr)
            for table in tables.metadata.sorted_tables
            if table is not tables.slip_keys
        ]


# Where a request that changes something must come from

NOT_OURS = {
    "another site": {"origin": "https://evil.example"},
    "another site, as browsers say it": {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    "a frame without an origin": {"origin": "null"},
    "another site that hides its origin": {"origin": "null", "sec-fetch-site": "cross-site"},
    "a link from another site": {"sec-fetch-site": "cross-site"},
    "a neighbour on the same site": {"sec-fetch-site": "same-site"},
    "nothing said at all": {},
    "our name before theirs": {"origin": "{origin}.evil.example"},
    "our name behind theirs": {"origin": "http://evil{bare}"},
    "our name in their path": {"origin": "http://evil.example/{bare}"},
    "our name as their user": {"origin": "http://{bare}@evil.example"},
    "our name in another scheme": {"origin": "ftp://{bare}", "sec-fetch-site": "cross-site"},
}
OURS = {
    "a form of ours, as browsers send it": {"origin": "null", "sec-fetch-site": "same-origin"},
    "a form of ours, from a browser that says less": {"origin": "{origin}"},
    "a form sent again by its reader": {"sec-fetch-site": "none"},
}


def said(house: House, headers: dict[str, str]) -> dict[str, str]:
    bare = house.origin.removeprefix("http://")
    return {name: value.format(origin=house.origin, bare=bare) for name, value in headers.items()}


@pytest.mark.parametrize("where", NOT_OURS)
async def test_a_page_of_others_changes_nothing(quiet_house: House, where: str):
    house = quiet_house
    evening = await house.evening()
    olu = await house.signed_in("Olu", organiser=True)
    await olu.gets(evening.join_path)
    paths = [await address(evening, route) for route in ASKED_BY_POST]
    before = await kept(house)
    for path in paths:
        answer = await olu.http.post(
            path, data={"name": "Ben", "do": "invite"}, headers=said(house, NOT_OURS[where])
        )
        assert answer.status_code == 403, path
        assert "set-cookie" not in answer.headers, path
        assert "We did not do that" in answer.text
    assert await kept(house) == before


@pytest.mark.parametrize("where", OURS)
async def test_a_page_of_ours_does(evening: Evening, where: str):
    house = evening.house
    browser = await evening.comes_to_the_door()
    headers = said(house, OURS[where])
    answer = await browser.http.post(
        evening.door_path, data={"name": "Ben", "how": "come_in"}, headers=headers
    )
    assert answer.headers.get("location") == evening.live_path


async def test_a_tool_without_cookies_needs_to_say_nothing(evening: Evening):
    answer = await evening.house.browser().http.post("/sign-in", data={"sign_in_name": "a", "password": "b"})
    assert answer.status_code == 422


async def test_looking_changes_nothing(quiet_house: House):
    """Scanners of mail, previews and prefetches look at every address they find."""
    house = quiet_house
    evening = await house.evening()
    olu = await house.signed_in("Olu", organiser=True)
    await evening.has_facilitator("Olu")
    paths = [await address(evening, route.path) for route in EVERY_ROUTE]
    # People come here by number, so that there are no passkeys; nobody has written a charter; she sits in no room, and
    # counts nobody in hers; nor was she removed from one.
    not_for_her = {
        "/desk/account/passkeys",
        "/charter",
        f"{evening.live_path}/now",
        f"{evening.door_path}/review",
        f"/desk/rooms/{evening.room.id}/counts.csv",
    }
    before, signed_in = await kept(house), olu.cookies["desk"]
    for path in paths:
        for look in (olu.gets, olu.heads):
            answer = await look(path)
            assert answer.status_code in ({404} if path in not_for_her else {200, 303, 405}), path
    assert await kept(house) == before
    assert olu.cookies["desk"] == signed_in


# What every answer is sealed with


def is_sealed(answer: httpx2.Response) -> None:
    headers = answer.headers
    assert "server" not in headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert headers.get_list("cache-control") in (
        ["no-store"],
        ["no-cache"],
        ["private, max-age=31536000, immutable"],
    )
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]


async def test_every_answer_is_sealed(evening: Evening):
    house = evening.house
    ben = await evening.comes_to_the_door()
    style = re.findall(r'href="(/static/\S+\.css)"', (await ben.gets("/")).text)[0]
    found = await ben.gets(style)
    is_sealed(found)
    assert found.headers["cache-control"].endswith("immutable")
    for path, status, sent in (
        ("/", 200, {}),
        (evening.door_path, 200, {}),
        (evening.live_path, 303, {}),
        (evening.join_path, 303, {}),
        ("/desk", 303, {}),
        ("/health", 200, {}),
        ("/ready", 200, {}),
        ("/nothing/here", 404, {}),
        (style + "x", 404, {}),
        ("/static/..%2f..%2fserver/settings.py", 404, {}),
        ("/static/x/../../../pyproject.toml", 404, {}),
        ("/static/another-version" + style[20:], 200, {}),
        (style, 304, {"if-none-match": found.headers["etag"]}),
        ("/sign-out", 405, {}),
    ):
        answer = await ben.gets(path, **sent)
        assert answer.status_code == status, path
        is_sealed(answer)
        assert (
            status != 200
            or not path.startswith("/static/another")
            or answer.headers["cache-control"] == "no-cache"
        )
    for answer, status in (
        (await ben.http.post(evening.door_path, data={"name": "Ben"}), 403),
        (await ben.posts(evening.door_path), 422),
        (await ben.posts(evening.door_path, name="x" * LARGEST_FORM), 413),
        (await ben.posts(evening.door_path, name="x" * 9000), 400),
        (await ben.posts(evening.door_path, **{f"field{n}": "x" for n in range(20)}), 400),
        (await ben.posts("/help"), 405),
        (await ben.posts("/static/x/css/base.css"), 405),
        (await ben.http.put("/", headers={"origin": house.origin}), 405),
        (await ben.http.request("TRACE", "/"), 403),
        (await ben.heads("/help"), 200),
    ):
        assert answer.status_code == status, answer.request
        assert status != 405 or answer.headers["allow"]
        is_sealed(answer)


async def test_a_page_that_breaks_is_sealed_and_says_nothing(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening()
    ben = await evening.comes_to_the_door()
    async with house.database.writing() as conn:
        await conn.execute(text("DROP TABLE agreements"))
    answer = await ben.gets(evening.door_path)
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "agreements" not in answer.text
    is_sealed(answer)


async def test_over_tls_browsers_are_told_to_stay_there(another_house: OpensHouses):
    house = await another_house(public_url="https://rooms.example.org")
    answer = await house.browser().gets("/")
    assert answer.headers["strict-transport-security"].startswith("max-age=63072000")
    assert "wss://rooms.example.org" in answer.headers["content-security-policy"]
    assert "ws://" not in answer.headers["content-security-policy"]


async def test_no_page_needs_anything_inline_or_from_elsewhere(evening: Evening):
    house = evening.house
    ana = await evening.facilitates("Ana")
    ben = await evening.visits("Ben")
    olu = await house.signed_in("Olu", organiser=True)
    stranger = house.browser()
    looks: list[tuple[Browser, str]] = [
        (stranger, "/"),
        (stranger, "/help"),
        (stranger, "/sign-in"),
        (stranger, "/nothing"),
        (stranger, await house.link(await house.account("Fay"))),
        (stranger, await house.invitation(evening.room)),
        (ben.browser, evening.live_path),
        (ben.browser, f"/room/{evening.room.id}"),
        (ana.browser, evening.live_path),
        (olu, "/desk"),
        (olu, "/desk/new"),
        (olu, f"/desk/rooms/{evening.room.id}"),
    ]
    door = await evening.comes_to_the_door()
    for page in [await browser.gets(path) for browser, path in looks] + [
        await door.posts(evening.door_path, name="")
    ]:
        assert page.text.startswith("<!doctype html>") or page.text.lstrip().startswith("<!doctype html>")
        for tag, attributes in Page(page).tags:
            assert tag not in {"style", "base", "iframe", "object", "embed", "svg"}
            assert tag != "script" or (attributes.get("src") or "").startswith("/static/")
            for name, value in attributes.items():
                assert not name.startswith("on"), (tag, name)
                assert name not in {"style", "srcdoc"}, tag
                if name in {"src", "action", "formaction"} or (tag, name) == ("link", "href"):
                    assert (value or "").startswith("/"), (tag, value)
                    assert not (value or "").startswith("//"), (tag, value)
                assert "javascript:" not in (value or "")


# Where a socket may be asked for


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "{origin}.evil.example",
        "{origin}0",
        "http://evil{bare}",
        "https://{bare}",
        "http://127.0.0.1",
        "{origin}/",
        "HTTP://{bare}",
        "{origin} {origin}",
    ],
)
async def test_another_site_gets_no_socket_whatever_cookie_its_reader_has(evening: Evening, origin: str):
    ben = await evening.visits("Ben")
    foreign = Browser(
        ben.browser.url, origin.format(origin=evening.house.origin, bare=evening.house.origin[7:])
    )
    for name, value in ben.browser.cookies.items():
        foreign.holds(name, value)
    tab = Visitor(foreign, evening.live_path, "Ben")
    with pytest.raises(InvalidStatus) as refused:
        await tab.opens()
    assert refused.value.response.status_code == 403
    assert refused.value.response.headers["content-security-policy"]
    assert "server" not in refused.value.response.headers
    await foreign.closes()


async def test_no_origin_at_all_gets_no_socket_either(evening: Evening):
    ben = await evening.visits("Ben")
    upgrade = {
        "connection": "upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "sec-websocket-protocol": "tealight.1",
    }
    origin = evening.house.origin
    for origins, subprotocol, status in (
        ([], "tealight.1", 403),
        ([origin, origin], "tealight.1", 403),
        ([origin, "https://evil.example"], "tealight.1", 403),
        ([origin], "tealight.2", 400),
    ):
        headers = [
            *{**upgrade, "sec-websocket-protocol": subprotocol}.items(),
            *(("origin", each) for each in origins),
        ]
        answer = await ben.browser.http.get(evening.live_path, headers=headers)
        assert answer.status_code == status
        is_sealed(answer)
