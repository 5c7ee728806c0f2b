"""Ways in: a link, a code, a picture and a poster of it, links for one person; each ends when its organiser says so."""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable

import pytest
import segno

from rooms.records import passes, rooms
from rooms.records.rooms import Room
from server.pace import CODES
from tests.server.browser import Browser, Page
from tests.server.house import Evening, House
from tests.server.test_dates import text

OpensHouses = Callable[..., Awaitable[House]]


@pytest.fixture
async def olu(house: House) -> Browser:
    return await house.signed_in("Olu", organiser=True)


def desk(evening: Evening) -> str:
    return f"/desk/rooms/{evening.room.id}/share"


async def now_of(evening: Evening) -> Room:
    async with evening.house.database.reading() as conn:
        room = await rooms.find(conn, evening.room.id)
    assert room
    return room


async def knows_the_room(browser: Browser, evening: Evening) -> bool:
    return (await browser.gets(f"/room/{evening.room.id}")).status_code == 200


# The code


async def test_a_code_leads_to_the_room_however_it_is_typed(evening: Evening, olu: Browser):
    code = evening.room.code
    shown = f"{code[:3]} {code[3:]}"
    assert shown in Page(await olu.gets(desk(evening))).attributes("value")
    for typed in (shown, code.upper(), "-".join(code)):
        ben = evening.house.browser()
        assert not await knows_the_room(ben, evening)
        led = await ben.posts("/code", code=typed)
        assert led.headers["location"] == f"/room/{evening.room.id}"
        assert await knows_the_room(ben, evening)
        assert (await ben.gets(evening.door_path)).status_code == 200


async def test_a_wrong_code_says_so_beside_the_field(house: House):
    for typed in ("", "aeiouu", "x" * 500, '"><script>'):
        answer = await house.browser().posts("/code", code=typed)
        page = Page(answer)
        assert (answer.status_code, page.faults.keys()) == (422, {"code"})
        assert page.filled("code") == typed[:40]
        assert "set-cookie" not in answer.headers
        assert "#field-code" in page.attributes("href")


async def test_who_guesses_codes_is_slowed_and_the_link_still_works(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening()
    guesser = house.browser()
    for _ in range(int(CODES.at_once)):
        assert (await guesser.posts("/code", code="bcdfgh")).status_code == 422
    slowed = await house.browser().posts("/code", code=evening.room.code)
    assert (slowed.status_code, Page(slowed).faults.keys()) == (429, {"code"})
    assert (await house.browser().gets(evening.join_path)).status_code == 303
    await house.passes(20)
    assert (await house.browser().posts("/code", code=evening.room.code)).status_code == 303


# The picture and the poster


def modules(svg: str) -> set[tuple[int, int]]:
    """The dark squares of a picture that is drawn as one line of horizontal strokes."""
    path = next(each for each in ET.fromstring(svg).iter() if "stroke" in each.attrib)
    dark, x, y = set(), 0, 0.0
    for step, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", path.attrib["d"]):
        if step == "M":
            x, y = int(float(first)), float(second)
        elif step == "m":
            x, y = x + int(float(first)), y + float(second)
        else:
            dark |= {(column, int(y)) for column in range(x, x + int(first))}
            x += int(first)
    return dark


async def test_the_picture_is_the_link_and_nothing_else(evening: Evening, olu: Browser):
    answer = await olu.gets(f"/desk/rooms/{evening.room.id}/qr.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    link = f"{evening.house.settings.public_url}{evening.join_path}"
    meant = segno.make(link, error="m", micro=False)
    dark = {
        (column + 4, row + 4)
        for row, line in enumerate(meant.matrix)
        for column, sign in enumerate(line)
        if sign
    }
    assert modules(answer.text) == dark
    for inside in ("style=", "<script", "http://", "https://", "Thursday"):
        assert inside not in answer.text.replace("http://www.w3.org/2000/svg", "")
    drawn = io.BytesIO()
    segno.make(link + "x", error="m", micro=False).save(drawn, kind="svg", border=4, xmldecl=False)
    assert modules(drawn.getvalue().decode()) != dark, "the reader of this test does read"


async def test_a_discreet_poster_names_a_time_and_nothing_more(evening: Evening, olu: Browser):
    path = f"/desk/rooms/{evening.room.id}/poster"
    discreet, open_one = [text(Page(await olu.gets(each))) for each in (path, f"{path}?look=open")]
    code = f"{evening.room.code[:3]} {evening.room.code[3:]}"
    for shown in (discreet, open_one):
        assert code in shown
        assert "Thursday 26 November, 7:30 pm" in shown
    assert "Peer support" in open_one
    assert "Peer support" not in discreet
    assert '<h1><bdi lang="">Thursday</bdi></h1>' in (await olu.gets(f"{path}?look=open")).text
    assert "Thursday</bdi></h1>" not in (await olu.gets(path)).text


# Another link


async def test_a_new_link_stops_the_old_one_and_leaves_those_who_sit_there(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening()
    olu = await house.signed_in("Olu", organiser=True)
    ana, ben = await evening.facilitates("Ana"), await evening.visits("Ben")
    await ana.starts()
    waiting = await evening.comes_to_the_door()
    await olu.posts(desk(evening), do="new_link")
    renewed = await now_of(evening)
    assert renewed.join_token != evening.room.join_token
    assert renewed.code != evening.room.code
    await ben.says("still here")
    await ana.hears("still here", frm="Ben")
    await ben.is_cut_off()
    await ben.comes_back()
    assert not await knows_the_room(waiting, evening), "who only followed the old link knows nothing any more"
    stranger = house.browser()
    old = await stranger.gets(evening.join_path)
    assert (old.status_code, "ask them for a new one" in old.text) == (404, True)
    assert (await stranger.gets(f"/join/{renewed.join_token}")).status_code == 303


async def test_with_grace_the_old_link_works_for_a_week(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening()
    olu = await house.signed_in("Olu", organiser=True)
    known, late = await evening.comes_to_the_door(), house.browser()
    await olu.posts(desk(evening), do="new_link_in_a_week")
    assert await knows_the_room(known, evening)
    assert (await late.gets(evening.join_path)).status_code == 303
    assert await knows_the_room(late, evening)
    house.clock.at += passes.GRACE.total_seconds()
    assert not await knows_the_room(late, evening)
    assert (await late.gets(evening.join_path)).status_code == 404


# Links for one person


async def personal_links(olu: Browser, evening: Evening) -> list[str]:
    page = Page(await olu.gets(desk(evening)))
    named = (given for _, given in page.tags if (given.get("id") or "").startswith("personal-"))
    return [
        value.removeprefix(evening.house.settings.public_url)
        for given in named
        if (value := given.get("value"))
    ]


async def test_links_for_one_person_are_taken_back_one_by_one(evening: Evening, olu: Browser):
    for _ in range(2):
        assert (await olu.posts(desk(evening), do="personal")).status_code == 303
    bens, chis = await personal_links(olu, evening)
    ben, chi = evening.house.browser(), evening.house.browser()
    await ben.gets(bens)
    await chi.gets(chis)
    await olu.posts(desk(evening), do="revoke", number="1")
    assert not await knows_the_room(ben, evening)
    assert (await ben.gets(bens)).status_code == 404
    assert await knows_the_room(chi, evening)
    assert await personal_links(olu, evening) == [chis]
    assert "Link 1 was taken back." in text(Page(await olu.gets(desk(evening))))
    for number in ("", "x", "-1", "99", "²", "9" * 5000):
        assert (await olu.posts(desk(evening), do="revoke", number=number)).status_code in {303, 400}
    assert await personal_links(olu, evening) == [chis]


async def test_a_closed_room_is_entered_by_personal_links_alone(house: House, olu: Browser):
    evening = await house.evening(listed=True)
    followed = await evening.comes_to_the_door()
    await olu.posts(desk(evening), do="personal")
    await olu.posts(desk(evening), do="close")
    (link,) = await personal_links(olu, evening)
    stranger, ben = house.browser(), house.browser()
    assert (await stranger.gets(f"/room/{evening.room.id}")).status_code == 200, (
        "it is listed: people may read of it"
    )
    for browser in (stranger, followed):
        assert (await browser.gets(evening.door_path)).status_code == 404
        assert (await browser.gets(evening.join_path)).status_code == 404
    assert (await stranger.posts("/code", code=evening.room.code)).status_code == 422
    await ben.gets(link)
    entered = await ben.posts(evening.door_path, name="Ben", how="come_in")
    assert entered.headers["location"] == evening.live_path
    shown = text(Page(await olu.gets(desk(evening))))
    assert "This room is closed" in shown
    await olu.posts(desk(evening), do="open")
    assert (await stranger.gets(evening.join_path)).status_code == 303


async def test_who_facilitates_passes_the_link_on_and_changes_nothing(evening: Evening):
    ana = await evening.facilitates("Ana")
    page = Page(await ana.browser.gets(desk(evening)))
    assert any(evening.join_path in value for value in page.attributes("value"))
    for do in ("new_link", "personal", "close", "revoke"):
        assert (await ana.browser.posts(desk(evening), do=do, number="1")).status_code == 404
    assert await now_of(evening) == evening.room


async def test_after_a_new_link_the_organiser_is_reminded_of_the_posters_until_they_are_replaced(
    evening: Evening, olu: Browser
):
    reminder = "The link and the code were replaced on 26 November 2026."
    desks = (desk(evening), f"/desk/rooms/{evening.room.id}")
    await evening.has_facilitator("Ana")
    ana = await evening.house.signed_in("Ana")

    async def shown(browser: Browser) -> list[bool]:
        return [reminder in text(Page(await browser.gets(each))) for each in desks]

    assert await shown(olu) == [False, False]
    await olu.posts(desk(evening), do="new_link_in_a_week")
    assert await shown(olu) == [True, True]
    assert await shown(ana) == [False, False], "it is the organiser who knows where they hang"
    await olu.posts(desk(evening), do="replaced")
    assert await shown(olu) == [False, False]
