"""Signing in and out, one-time links and invitations: what works once works once, and nothing tells who has an account."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx2

from rooms.records import accounts, rooms
from server import passwords
from tests.server.browser import Browser, Page
from tests.server.house import Evening, House

OpensHouses = Callable[..., Awaitable[House]]
PASSWORD = "correct horse battery staple"


async def with_password(house: House) -> Browser:
    await house.account("Ana", password_hash=await passwords.hashed(PASSWORD))
    return house.browser()


async def tries(browser: Browser, name: str, password: str, **more: str) -> httpx2.Response:
    return await browser.posts("/sign-in", sign_in_name=name, password=password, **more)


# Signing in and out


async def test_a_password_signs_in_and_signing_out_ends_it_on_the_server(another_house: OpensHouses):
    house = await another_house()
    ana = await with_password(house)
    assert (await ana.gets("/desk")).headers["location"] == "/sign-in"
    assert (await tries(ana, " ANA ", PASSWORD)).headers["location"] == "/desk"
    assert "Signed in as Ana" in (await ana.gets("/desk")).text
    assert (await ana.gets("/sign-in")).headers["location"] == "/desk"
    kept = ana.cookies["desk"]
    assert (await ana.posts("/sign-out")).headers["location"] == "/"
    assert "desk" not in ana.cookies
    # Somebody wrote the cookie down: it is of no use any more.
    ana.holds("desk", kept)
    assert (await ana.gets("/desk")).headers["location"] == "/sign-in"
    assert (await ana.posts("/sign-out")).status_code == 303


async def test_each_device_signs_out_for_itself(another_house: OpensHouses):
    house = await another_house()
    phone, laptop = [await house.signed_in("Ana") for _ in range(2)]
    await phone.posts("/sign-out")
    assert (await laptop.gets("/desk")).status_code == 200


async def test_a_sign_in_ends_by_itself(another_house: OpensHouses):
    house = await another_house()
    ana = await house.signed_in("Ana")
    for _ in range(3):
        await house.passes(minutes=29)
        assert (await ana.gets("/desk")).status_code == 200, "who is there stays signed in"
    await house.passes(minutes=31)
    assert (await ana.gets("/desk")).headers["location"] == "/sign-in"


async def test_of_two_devices_that_are_in_use_neither_goes_idle(another_house: OpensHouses):
    house = await another_house()
    phone, laptop = [await house.signed_in("Ana") for _ in range(2)]
    for _ in range(4):
        await house.passes(minutes=20)
        for device in (phone, laptop):
            assert (await device.gets("/desk")).status_code == 200


async def test_a_wrong_name_and_a_wrong_password_look_alike(another_house: OpensHouses):
    house = await another_house()
    browser = await with_password(house)
    await house.account("Link only")
    answers = [
        await tries(browser, name, password)
        for name, password in (
            ("Ana", "wrong"),
            ("Ana", ""),
            ("Ana", PASSWORD + "x"),
            ("Ana", PASSWORD.upper()),
            ("Ana", "x" * 4000),
            ("Ana", PASSWORD + "\0"),
            ("Bob", PASSWORD),
            ("Link only", PASSWORD),
            ("Link only", ""),
            ("", ""),
        )
    ]
    page = Page(answers[0])
    assert page.faults == {
        "password": "The sign-in name and the password do not fit together. Please try again."
    }
    assert page.filled("sign_in_name") == "Ana"
    assert page.filled("password") == "", "a password is never sent back"
    for answer in answers:
        assert answer.status_code == 422
        assert "set-cookie" not in answer.headers
        assert PASSWORD not in answer.text
        name = Page(answer).filled("sign_in_name")
        assert answer.text.replace(f'value="{name}"', "", 1) == answers[0].text.replace('value="Ana"', "", 1)


async def test_a_sign_in_name_of_no_sense_is_only_wrong(another_house: OpensHouses):
    house = await another_house()
    browser = await with_password(house)
    for name in (
        "x" * 255,
        "x" * 4000,
        "a\0na",
        "\ud7ff",
        "ﷺ" * 250,
        "ß" * 254,
        "<b>",
        "' OR 1=1 --",
        "%00",
        "Ana\r\nX: y",
    ):
        answer = await tries(browser, name, PASSWORD)
        assert answer.status_code == 422, name[:20]
        assert "<b>" not in answer.text
    assert (
        await browser.http.post("/sign-in", content=b"\xff\xfe=%ff&password=%ed%a0%80")
    ).status_code == 422


ONWARD = [
    ("/desk/new", "/desk/new"),
    ("/desk/rooms/abc?x=1", "/desk/rooms/abc?x=1"),
    ("", "/desk"),
    ("https://evil.example", "/desk"),
    ("//evil.example", "/desk"),
    ("///evil.example", "/desk"),
    ("/\\evil.example", "/desk"),
    ("\\\\evil.example", "/desk"),
    ("/\t/evil.example", "/desk"),
    ("\t//evil.example", "/desk"),
    ("/\n/evil.example", "/desk"),
    ("/\r\nset-cookie: a=b", "/desk"),
    (" //evil.example", "/desk"),
    ("javascript:alert(1)", "/desk"),
    ("evil.example", "/desk"),
    ("http:evil.example", "/desk"),
    ("@evil.example", "/desk"),
    ("/" + "x" * 300, "/desk"),
    ("/\u2025/evil.example", "/desk"),
    ('/"><script>', "/desk"),
]


async def test_signing_in_leads_on_to_pages_of_ours_only(house: House):
    ana, stranger = await house.signed_in("Ana"), house.browser()
    for onward, leads in ONWARD:
        assert (await ana.http.get("/sign-in", params={"next": onward})).headers["location"] == leads
        assert Page(await stranger.http.get("/sign-in", params={"next": onward})).filled("next") == leads


async def test_the_form_leads_on_as_little(another_house: OpensHouses):
    house = await another_house()
    ana = await with_password(house)
    assert (await tries(ana, "Ana", PASSWORD, next="//evil.example")).headers["location"] == "/desk"
    assert (await tries(ana, "Ana", PASSWORD, next="/desk/new")).headers["location"] == "/desk/new"


# Links that work once


async def test_a_link_is_looked_at_as_often_as_one_likes_and_used_once(house: House):
    link = await house.link(await house.account("Fay"))
    browser = house.browser()
    for look in (browser.gets, browser.heads, browser.gets):
        answer = await look(link)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
    assert (await browser.posts(link)).headers["location"] == "/desk"
    assert "Signed in as Fay" in (await browser.gets("/desk")).text
    for again in (browser.gets, browser.posts):
        assert (await again(link)).status_code == 404


async def test_of_two_who_press_at_once_one_is_let_in(house: House):
    link = await house.link(await house.account("Fay"))
    answers = await asyncio.gather(*(house.browser().posts(link) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [303, 404, 404, 404, 404]
    assert sum("set-cookie" in answer.headers for answer in answers) == 1


async def test_an_expired_link_lets_nobody_in(another_house: OpensHouses):
    house = await another_house()
    link = await house.link(await house.account("Fay"), lives=timedelta(hours=1))
    await house.passes(minutes=60)
    for look in (house.browser().gets, house.browser().posts):
        assert (await look(link)).status_code == 404


async def test_a_link_to_a_room_leads_straight_into_its_session(evening: Evening):
    ana = await evening.has_facilitator("Ana")
    browser = evening.house.browser()
    onward = await browser.posts(await evening.house.link(ana, room=evening.room))
    assert onward.headers["location"] == f"/desk/rooms/{evening.room.id}/now"
    assert (await browser.follows(onward)).url.path == evening.live_path


# Invitations

ACCEPTED = {"name": "Gus", "password": PASSWORD}


async def test_an_invitation_makes_a_facilitator_of_one_person_once(evening: Evening):
    house = evening.house
    link = await house.invitation(evening.room)
    gus = house.browser()
    for look in (gus.gets, gus.heads):
        assert (await look(link)).status_code == 200
    assert (await gus.gets(link.replace("invitation", "link"))).headers["location"] == link
    assert (await gus.posts(link.replace("invitation", "link"))).status_code == 404, "it signs nobody in"
    assert (await gus.posts(link, sign_in_name="gus@one", **ACCEPTED)).headers["location"] == "/desk"
    async with house.database.reading() as conn:
        account = await accounts.by_sign_in_name(conn, "gus@one")
        assert account is not None
        assert not account.is_organiser
        assert await rooms.is_facilitator(conn, evening.room.id, account.id)
    assert "Thursday" in (await gus.gets("/desk")).text
    for again in (gus.gets, gus.posts):
        assert (await again(link)).status_code == 404
    assert (await tries(house.browser(), "gus@one", PASSWORD)).headers["location"] == "/desk"


async def test_of_two_who_accept_at_once_one_facilitates(evening: Evening):
    house = evening.house
    link = await house.invitation(evening.room)
    answers = await asyncio.gather(
        *(house.browser().posts(link, sign_in_name=f"race{number}", **ACCEPTED) for number in range(3))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 404, 404]
    async with house.database.reading() as conn:
        assert len(await rooms.facilitators(conn, evening.room.id)) == 1


async def test_who_chooses_a_sign_in_name_that_is_taken_keeps_the_invitation(evening: Evening):
    house = evening.house
    await house.account("gus@two")
    link = await house.invitation(evening.room)
    gus = house.browser()
    taken = await gus.posts(link, sign_in_name="GUS@TWO ", **ACCEPTED)
    assert Page(taken).faults == {"sign_in_name": "That sign-in name is taken. Please choose another."}
    assert Page(taken).filled("name") == "Gus"
    assert (await gus.posts(link, sign_in_name="gus@three", **ACCEPTED)).status_code == 303


async def test_two_invited_who_choose_one_name_at_once_both_get_in_in_the_end(evening: Evening):
    house = evening.house
    links = [await house.invitation(evening.room) for _ in range(2)]
    answers = await asyncio.gather(
        *(house.browser().posts(link, sign_in_name="both", **ACCEPTED) for link in links)
    )
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    late = links[[answer.status_code for answer in answers].index(422)]
    assert (await house.browser().posts(late, sign_in_name="both two", **ACCEPTED)).status_code == 303


async def test_only_the_organiser_invites(evening: Evening):
    house = evening.house
    olu, ana = await house.signed_in("Olu", organiser=True), await evening.facilitates("Ana")
    desk = f"/desk/rooms/{evening.room.id}"
    invited = await olu.posts(desk, do="invite")
    link = next(value for value in Page(invited).attributes("value") if "/invitation/" in value)
    assert link.startswith(house.settings.public_url)
    assert (await house.browser().gets(link.removeprefix(house.settings.public_url))).status_code == 200
    assert evening.join_path in (await ana.browser.gets(desk)).text, "who facilitates may look"
    assert (await ana.browser.posts(desk, do="invite")).status_code == 404
    assert "/invitation/" not in (await olu.gets(desk)).text, "it is shown once"
    assert (await olu.posts(desk, do="something else")).status_code == 200
    assert (await ana.browser.gets("/desk/new")).status_code == 404
    assert (await ana.browser.posts("/desk/new")).status_code == 404


async def test_an_organiser_may_facilitate_too(evening: Evening):
    olu = await evening.house.signed_in("Olu", organiser=True)
    assert (await olu.gets(evening.live_path)).headers["location"] == evening.door_path
    for _ in range(2):
        await olu.posts(f"/desk/rooms/{evening.room.id}", do="facilitate")
    assert (await olu.gets(evening.live_path)).status_code == 200
