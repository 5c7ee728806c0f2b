"""Who is at the door: cookies and links that open exactly what they are for, and a calm page for all the rest."""

import base64
import html
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from http.cookies import SimpleCookie

import httpx2
import pytest
from websockets.exceptions import InvalidStatus

from rooms.records import rooms, sessions
from server.door import SEATS_KEPT
from server.powers import POWERS
from tests.server.browser import Browser, Page
from tests.server.house import START, Evening, House
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]
OLD, NEW = "the old key, which is as long as a key must be", "the new key, which is as long as a key must be"


def seat_of(evening: Evening) -> str:
    return f"seat-{evening.session.id}"


async def holding(house: House, **cookies: str) -> Browser:
    browser = house.browser()
    for name, value in cookies.items():
        browser.holds(name, value)
    return browser


async def test_the_next_session_falls_back_to_the_door_that_the_organiser_set(another_house: OpensHouses):
    house = await another_house()
    this_week = await house.evening(door="knock", talk="hands")
    next_week = await another_session(this_week, START + timedelta(days=7))
    ana = await this_week.facilitates("Ana")
    assert (ana.room["door"], ana.room["mode"]) == ("knock", "hands")
    await ana.starts()
    await ana.asks("set_door", door="open")
    await ana.asks("set_mode", mode="open", minutes=None)
    await ana.sees_that("room", door="open", mode="open")
    await ana.ends()
    await house.passes(minutes=7 * 24 * 60 - 5)
    ana = await next_week.facilitates("Ana")
    assert (ana.room["door"], ana.room["mode"]) == ("knock", "hands")
    await ana.starts()
    ben = await next_week.visits("Ben")
    assert ben.you["place"] == "waiting"


async def test_a_session_is_not_made_longer_into_the_next_one_of_its_room(house: House):
    evening = await house.evening()
    await another_session(evening, START + timedelta(minutes=75))
    ana = await evening.facilitates("Ana")
    await ana.starts()
    await ana.asks("extend")
    await ana.asks("extend")
    await ana.is_refused("booked")


async def test_a_door_that_is_open_all_along_is_open_at_the_end_of_the_evening(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening(door="all_along")
    ana = await evening.facilitates("Ana")
    await ana.starts()
    await house.passes(minutes=45)
    ben = await evening.visits("Ben")
    assert ben.you["place"] == "inside"


async def another_session(evening: Evening, starts: datetime) -> Evening:
    async with evening.house.database.writing() as conn:
        session = await sessions.plan(conn, evening.room.id, starts.replace(tzinfo=None), "UTC", 60)
    assert isinstance(session, sessions.Session)
    return replace(evening, session=session)


# What it says


async def test_the_age_that_a_room_is_for_stands_on_its_page_and_at_its_door_with_who_else_can_help(
    house: House,
):
    for least_age, said in ((18, "from the age of 18"), (0, "")):
        evening = await house.evening(least_age=least_age)
        ben = await evening.comes_to_the_door()
        for path in (evening.door_path, f"/room/{evening.room.id}"):
            shown = (await ben.gets(path)).text
            assert ("This room is for people from the age of" in shown) is bool(least_age)
            assert said in shown
            assert ("Childline" in shown) is bool(least_age)


async def test_who_is_there_for_their_work_says_so_at_the_door_and_everybody_sees_it(
    another_house: OpensHouses,
):
    house = await another_house()
    evening = await house.evening(admits_work=True)
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben = await evening.visits("Ben")
    door = await (await evening.comes_to_the_door()).gets(evening.door_path)
    assert "Somebody may be here for their work" in door.text
    assert Page(door).filled("work") == ""
    dov = await evening.visits("Dov", listening=True, work="research")
    await ben.sees_that("people", **{dov.seat: dov.people[dov.seat]})
    assert ben.people[dov.seat]["work"] == "research"
    assert {seat for seat, person in ben.people.items() if person["work"]} == {dov.seat}
    await house.restarts()
    for each in (ana, ben, dov):
        await each.is_closed(1012)
    await ana.comes_back()
    await dov.comes_back()
    await ana.catches_up()
    assert ana.people[dov.seat]["work"] == "research", "their page says it again"


async def test_where_nobody_comes_for_their_work_the_door_does_not_ask_and_lets_nobody_in_who_does(
    evening: Evening,
):
    dov = await evening.comes_to_the_door()
    door = await dov.gets(evening.door_path)
    assert "Nobody is here to watch, or for their work." in door.text
    assert 'name="work"' not in door.text
    answer = await dov.posts(evening.door_path, name="Dov", how="listen", work="research")
    assert (answer.status_code, "Nobody comes to this room for their work." in answer.text) == (403, True)


async def test_what_somebody_chose_at_the_door_is_still_chosen_when_their_name_needs_another_look(
    house: House,
):
    evening = await house.evening(admits_work=True)
    dov = await evening.comes_to_the_door()
    answer = await dov.posts(evening.door_path, name="D", how="listen", work="student")
    assert (answer.status_code, Page(answer).filled("work")) == (422, "student")


async def test_all_that_facilitators_can_do_is_told_at_the_door(evening: Evening):
    shown = html.unescape((await (await evening.comes_to_the_door()).gets(evening.door_path)).text)
    assert [said for said, _ in POWERS if said not in shown] == []


# Calm pages


async def test_nobody_learns_whether_a_thing_exists(evening: Evening):
    """Wrong, expired, used, foreign and absent look the same, byte for byte, whether one is signed in or not."""
    house = evening.house
    fay = await house.account("Fay")
    used, expired = await house.link(fay), await house.link(fay, lives=timedelta(0))
    await house.browser().posts(used)
    elsewhere = await house.evening()
    ben = await elsewhere.visits("Ben")
    other_organiser = await house.signed_in("Oda", organiser=True)
    facilitator = await house.signed_in("Gil")
    addresses = [
        "/nothing",
        "/join/wrong",
        f"/join/{evening.room.join_token[:-1]}",
        f"/join/{evening.room.join_token}x",
        f"/join/{evening.room.id}",
        "/room/wrong",
        f"/room/{evening.room.id}",
        "/door/wrong",
        f"/door/{evening.session.id}",
        f"/door/{evening.room.id}",
        "/live/wrong",
        f"/live/{evening.session.id}",
        "/link/wrong",
        used,
        expired,
        "/invitation/wrong",
        used.replace("link", "invitation"),
        await house.invitation(evening.room, lives=timedelta(0)),
        (await house.link(fay)).replace("link", "invitation"),
        f"/door/{evening.session.id}%00",
        f"/door/{'x' * 5000}",
        "/link/%F0%9F%8D%B5",
        "/join/..%2f..%2fdesk",
    ]
    for browser in (house.browser(), other_organiser):
        calm = (await browser.gets("/nothing")).content
        for address in addresses:
            answer = await browser.gets(address)
            assert (answer.status_code, answer.content == calm) == (404, True), address
            assert "set-cookie" not in answer.headers
        for address in (each for each in addresses if each.startswith(("/door/", "/link/", "/invitation/"))):
            answer = await browser.posts(address, name="Somebody", password="long enough")
            assert (answer.status_code, answer.content == calm) == (404, True), address
    for browser in (ben.browser, facilitator):
        calm = (await browser.gets("/nothing")).content
        for address in (
            f"/room/{evening.room.id}",
            evening.door_path,
            evening.live_path,
            used,
            "/door/wrong",
        ):
            assert (await browser.gets(address)).content == calm, address
    for browser in (other_organiser, facilitator):
        calm = (await browser.gets("/nothing")).content
        for address in (
            "/desk/rooms/wrong",
            f"/desk/rooms/{evening.room.id}",
            f"/desk/rooms/{evening.room.id}/now",
        ):
            assert (await browser.gets(address)).content == calm, address
            assert "location" not in (await browser.gets(address)).headers
    for address in (
        "/desk",
        "/desk/rooms/wrong",
        f"/desk/rooms/{evening.room.id}",
        f"/desk/rooms/{evening.room.id}/now",
    ):
        assert (await house.browser().gets(address)).headers["location"] == "/sign-in", address


async def test_a_join_link_that_was_changed_leads_nowhere_and_so_does_its_pass(evening: Evening):
    house = evening.house
    ben = await evening.comes_to_the_door()
    inside = await evening.visits("Chi")
    async with house.database.writing() as conn:
        fresh = await rooms.new_join_token(conn, evening.room.id)
    assert (await house.browser().gets(evening.join_path)).status_code == 404
    assert (await ben.gets(evening.door_path)).status_code == 404
    assert (await ben.posts(evening.door_path, name="Ben", how="come_in")).status_code == 404
    assert (await ben.gets(f"/join/{fresh}")).headers["location"] == evening.door_path
    assert (await ben.gets(evening.door_path)).status_code == 200
    # Who is in stays in: the link leads to the door, the seat is theirs.
    assert (await inside.browser.gets(evening.live_path)).status_code == 200


async def test_a_listed_room_needs_no_link(house: House):
    evening = await house.evening(listed=True)
    stranger = house.browser()
    assert f"/room/{evening.room.id}" in (await stranger.gets("/")).text
    assert (await stranger.gets(f"/room/{evening.room.id}")).status_code == 200
    assert (await stranger.gets(evening.live_path)).headers["location"] == evening.door_path
    assert (await stranger.posts(evening.door_path, name="Ben", how="come_in")).status_code == 303
    assert evening.room.join_token not in (await stranger.gets(f"/room/{evening.room.id}")).text


async def test_an_unlisted_room_is_named_nowhere(evening: Evening):
    assert evening.room.id not in (await evening.house.browser().gets("/")).text


async def test_no_address_of_ours_carries_the_join_link_on(evening: Evening):
    browser = evening.house.browser()
    answer = await browser.gets(evening.join_path)
    assert answer.headers["location"] == evening.door_path
    assert evening.room.join_token not in (await browser.follows(answer)).text


# A door in time


async def test_the_door_tells_where_its_session_stands(house: House):
    later = await house.evening(starts=START + timedelta(hours=2))
    browser = house.browser()
    assert (await browser.follows(await browser.gets(later.join_path))).url.path == f"/room/{later.room.id}"
    for answer in (await browser.gets(later.door_path), await browser.posts(later.door_path, name="Ben")):
        assert "The door is not open yet" in answer.text
    cancelled, held, not_held = [await house.evening() for _ in range(3)]
    async with house.database.writing() as conn:
        await sessions.cancel(conn, cancelled.session.id, house.clock.now)
        await sessions.finish(conn, held.session.id, "held", house.clock.now)
        await sessions.finish(conn, not_held.session.id, "not_held", house.clock.now)
    for evening, words in (
        (cancelled, "will not take place"),
        (held, "has ended"),
        (not_held, "could not be held"),
    ):
        browser = house.browser()
        await browser.gets(evening.join_path)
        for look in (browser.gets, browser.posts):
            assert words in (await look(evening.door_path)).text
        assert words in (await browser.gets(evening.live_path)).text


async def test_the_door_says_what_nobody_can_stop(evening: Evening):
    """Before a name is asked for: words can be copied and screens pictured; and nothing that sounds like a secret."""
    page = (await (await evening.comes_to_the_door()).gets(evening.door_path)).text
    copied = page.index("someone could copy words, or take a picture of their screen")
    assert copied < page.index("Your name for this session")
    for promise in ("confidential", "end-to-end", "encrypted", "100%", "guarantee"):
        assert promise not in page.lower()


async def test_a_session_that_ran_out_is_over_though_nobody_closed_it(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening()
    ben = await evening.visits("Ben")
    await house.passes(minutes=60 + 21)
    shown = (await ben.browser.gets(evening.live_path)).text
    # Where the house has looked again by now, it knows more: nobody facilitated it.
    assert "has ended" in shown or "could not be held" in shown


# Cookies


def attributes(header: str) -> tuple[str, dict[str, str]]:
    (name, morsel), *rest = SimpleCookie(header).items()
    assert not rest
    return name, {key: str(value) for key, value in morsel.items() if value}


async def test_cookies_are_for_us_alone_and_go_with_the_browser(evening: Evening):
    browser = evening.house.browser()
    joined = await browser.gets(evening.join_path)
    came_in = await browser.posts(evening.door_path, name="Ben", how="come_in")
    signed_in = await evening.house.browser().posts(
        await evening.house.link(await evening.house.account("Fay"))
    )
    for answer, name in (
        (joined, f"pass-{evening.room.id}"),
        (came_in, seat_of(evening)),
        (signed_in, "desk"),
    ):
        assert attributes(answer.headers["set-cookie"]) == (
            name,
            {"path": "/", "httponly": "True", "samesite": "lax"},
        )
        assert "Ben" not in answer.headers["set-cookie"]
        assert "Fay" not in answer.headers["set-cookie"]


async def test_over_tls_cookies_are_bound_to_the_host(another_house: OpensHouses):
    house = await another_house(public_url="https://rooms.example.org")
    evening = await house.evening()
    browser = house.browser()
    joined = await browser.gets(evening.join_path)
    bound = {"path": "/", "httponly": "True", "samesite": "lax", "secure": "True"}
    assert attributes(joined.headers["set-cookie"]) == (f"__Host-pass-{evening.room.id}", bound)
    # Over TLS a browser would send it back; ours sees that there is none here.
    given = joined.headers["set-cookie"].partition(";")[0]
    assert (await browser.gets(evening.door_path)).status_code == 404
    assert (await browser.gets(evening.door_path, cookie=given)).status_code == 200
    # A neighbour on the same domain can set a cookie of the plain name, and must not be believed.
    assert (await browser.gets(evening.door_path, cookie=given.removeprefix("__Host-"))).status_code == 404
    left = await browser.posts("/sign-out")
    assert attributes(left.headers["set-cookie"])[0] == "__Host-desk"


async def test_a_browser_that_is_never_closed_holds_no_list_of_where_somebody_was(house: House):
    evenings = [await house.evening() for _ in range(SEATS_KEPT + 2)]
    ben = house.browser()
    for evening in evenings:
        await ben.gets(evening.join_path)
        assert (await ben.posts(evening.door_path, name="Ben", how="come_in")).status_code == 303
    seats = [name for name in ben.cookies if name.startswith("seat-")]
    assert seats == [seat_of(evening) for evening in evenings[2:]]
    for evening in evenings[2:]:
        assert (await ben.gets(evening.door_path)).headers["location"] == evening.live_path
    assert "Your name for this session" in (await ben.gets(evenings[0].door_path)).text
    # Who comes back to the oldest that they hold has it still, and loses none for it.
    assert (await ben.posts(evenings[2].door_path, name="Ben", how="come_in")).status_code == 303
    assert [name for name in ben.cookies if name.startswith("seat-")] == seats


async def test_over_tls_what_is_taken_from_a_browser_is_what_it_was_given(another_house: OpensHouses):
    """Without the prefix and its conditions a browser would keep it."""
    house = await another_house(public_url="https://rooms.example.org")
    evening = await house.evening(listed=True)
    held = [f"__Host-seat-{number}" for number in range(SEATS_KEPT + 1)]
    neighbours = [f"seat-{number}" for number in range(9)]
    browser = house.browser()
    browser.http.headers["cookie"] = "; ".join(f"{name}=x" for name in (*held, *neighbours))
    came_in = await browser.posts(evening.door_path, name="Ben", how="come_in")
    given, *taken = [attributes(header) for header in came_in.headers.get_list("set-cookie")]
    assert given[0] == f"__Host-seat-{evening.session.id}"
    assert [name for name, _ in taken] == held[:2]
    for _, how in taken:
        assert (how["path"], how["secure"], how["max-age"]) == ("/", "True", "0")


async def test_no_cookie_but_the_very_one_opens_a_seat(evening: Evening):
    ben, house = await evening.visits("Ben"), evening.house
    chi = await (await house.evening()).visits("Chi")
    real = ben.browser.cookies[seat_of(evening)]
    seat, _, signature = real.rpartition(".")
    foreign = next(value for name, value in chi.browser.cookies.items() if name.startswith("seat-"))
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    flipped = [
        base64.urlsafe_b64encode(bytes([*raw[:at], raw[at] ^ 1, *raw[at + 1 :]])).decode().rstrip("=")
        for at in range(0, len(raw), 5)
    ]
    forged = [
        "",
        "x",
        ".",
        seat,
        f"{seat}.",
        f".{signature}",
        f"{seat[:-1]}{'A' if seat[-1] != 'A' else 'B'}.{signature}",
        *(f"{seat}.{each}" for each in flipped),
        foreign,
        real + "x",
        real[:-1],
        f"{real}.{signature}",
        "x" * 10_000,
        f"{seat}{'x' * 400}.{signature}",
    ]
    for value in forged:
        browser = await holding(
            house, **{seat_of(evening): value, f"pass-{evening.room.id}": evening.room.join_token}
        )
        assert (await browser.gets(evening.live_path)).headers["location"] == evening.door_path, value[:80]
        tab = Visitor(browser, evening.live_path, "Ben")
        await tab.opens()
        await tab.is_closed(4004)
    thief = await holding(house, **{seat_of(evening): real})
    assert (await thief.gets(evening.live_path)).status_code == 200


async def test_a_cookie_of_enormous_size_breaks_nothing(evening: Evening):
    browser = evening.house.browser()
    # The answer may be lost to the reset of a connection that was hung up on in mid-sentence.
    try:
        desk = await browser.http.get("/desk", headers={"cookie": "x" * 1_000_000})
    except (httpx2.ReadError, httpx2.WriteError, httpx2.RemoteProtocolError):
        pass
    else:
        assert desk.status_code in {400, 431}
    door = await evening.comes_to_the_door()
    assert (await door.gets(evening.door_path)).status_code == 200


async def test_cookies_of_no_sense_break_nothing(evening: Evening):
    browser = evening.house.browser()
    for cookie in (
        "=",
        ";;;",
        f"{seat_of(evening)}",
        f"desk={'é' * 50}",
        'desk="\\101"',
        "desk=\x7f",
    ):
        # As if there were none, or no request at all where the header is not even lawful.
        desk = await browser.http.get("/desk", headers={b"cookie": cookie.encode()})
        live = await browser.http.get(evening.live_path, headers={b"cookie": cookie.encode()})
        assert (desk.status_code, live.status_code) in {(303, 404), (400, 400)}, cookie[:20]


async def test_a_new_key_is_believed_first_and_an_old_one_while_it_is_listed(another_house: OpensHouses):
    house = await another_house(keys=(OLD,))
    evening = await house.evening()
    ben = await evening.visits("Ben")
    await house.restarts(keys=(NEW, OLD))
    await ben.comes_back()
    chi = await evening.visits("Chi")
    await house.restarts(keys=(NEW,))
    assert (await ben.browser.gets(evening.live_path)).headers["location"] == evening.door_path
    await ben.opens()
    await ben.is_closed(4004)
    await chi.comes_back()


async def test_unknown_and_forbidden_look_alike_to_a_socket(evening: Evening):
    house = evening.house
    ben = await evening.visits("Ben")
    elsewhere = await house.evening()
    for path in (
        "/live/nothing",
        elsewhere.live_path,
        f"/live/{'x' * 3000}",
        "/live/%00",
        "/live/%F0%9F%8D%B5",
    ):
        tab = Visitor(ben.browser, path, "Ben")
        await tab.opens()
        await tab.is_closed(4004)
    organiser = await house.signed_in("Olu", organiser=True)
    tab = Visitor(organiser, evening.live_path, "Olu")
    await tab.opens()
    await tab.is_closed(4004)


@pytest.mark.parametrize("path", ["/", "/desk", "/live", "/nothing", "/static/x/css/base.css"])
async def test_there_is_no_socket_anywhere_else(evening: Evening, path: str):
    tab = Visitor(evening.house.browser(), path, "Ben")
    with pytest.raises(InvalidStatus):
        await tab.opens()


async def test_a_facilitator_is_one_by_account_whatever_seat_the_browser_holds(evening: Evening):
    """Somebody came in as a member, and then signs in with the account that facilitates the room."""
    ben = await evening.visits("Ben")
    assert ben.you["role"] == "member"
    await evening.has_facilitator("Ana")
    await ben.browser.posts(await evening.house.link(await evening.house.account("Ana")))
    tab = Visitor(ben.browser, evening.live_path, "whatever the page says")
    await tab.connects()
    assert (tab.you["role"], tab.you["name"]) == ("facilitator", "Ana")
    assert tab.seat != ben.seat


async def test_a_facilitator_of_one_room_is_nobody_in_another(evening: Evening):
    elsewhere = await evening.house.evening()
    ana = await evening.facilitates("Ana")
    tab = Visitor(ana.browser, elsewhere.live_path, "Ana")
    await tab.opens()
    await tab.is_closed(4004)
    assert (await ana.browser.gets(elsewhere.live_path)).status_code == 404
