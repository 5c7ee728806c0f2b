"""People of a room: taken off at once wherever they are, signed out, let in again; and one's own account."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from rooms.records import accounts, rooms, rota, sessions, slips
from server import passwords
from server.pace import SIGN_INS, Pace, PaceOfEach
from tests.server.browser import Browser, Page
from tests.server.house import START, Evening, House
from tests.server.test_dates import text
from tests.server.test_forms import is_marked_wrong
from tests.server.test_staff import PASSWORD, tries, with_password

OpensHouses = Callable[..., Awaitable[House]]
NEW = "another horse and staple"


async def desk_of(evening: Evening) -> tuple[Browser, str]:
    return await evening.house.signed_in("Olu", organiser=True), f"/desk/rooms/{evening.room.id}/people"


# Taken off


async def test_who_is_taken_off_loses_every_power_at_once(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening()
    ana, jo, ben = (
        await evening.facilitates("Ana"),
        await evening.facilitates("Jo"),
        await evening.visits("Ben"),
    )
    await ana.starts()
    tab = await ana.opens_another_tab()
    olu, path = await desk_of(evening)
    account = await house.account("Ana")
    assert (await olu.posts(path, do="off", account=account.id)).headers["location"] == path
    await ben.sees("powers_suspended")
    for page in (ana, tab):
        await page.is_closed(4004)
    await jo.says("we go on")
    await ben.hears("we go on", frm="Jo")
    assert (await ana.browser.gets(evening.live_path)).status_code == 404
    await ana.opens()
    await ana.is_closed(4004)
    assert account.id not in [each.id for each in evening.host.room.controls.seats.values()]
    assert "Thursday" not in text(Page(await ana.browser.gets("/desk")))


async def test_nor_do_they_stay_once_the_session_is_over(house: House):
    evening = await house.evening()
    ana, ben = await evening.facilitates("Ana"), await evening.visits("Ben")
    jo = await evening.facilitates("Jo")
    await ana.starts()
    await ana.ends()
    await ben.sees("ended")
    await house.passes()
    olu, path = await desk_of(evening)
    await olu.posts(path, do="off", account=(await house.account("Jo")).id)
    await jo.is_closed(4000)
    await ben.asks("write_line", seat=None, text="thank you")
    assert (await ana.sees("line_written"))["text"] == "thank you"
    await jo.opens()
    await jo.is_closed(4004)
    assert not [frame for frame in jo.frames if frame["type"] == "line_written"]


async def test_who_is_on_the_way_in_does_not_come_in(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening()
    ana = await evening.facilitates("Ana")
    await ana.closes_the_tab()
    await ana.opens()  # let in by the door, and has not said hello yet
    olu, path = await desk_of(evening)
    await olu.posts(path, do="off", account=(await house.account("Ana")).id)
    await ana.greets()
    await ana.is_closed(4004)


async def test_their_part_in_the_rota_is_free_again_and_other_rooms_are_theirs_still(house: House):
    evening, other = await house.evening(), await house.evening()
    gus = await evening.has_facilitator("Gus")
    await other.has_facilitator("Gus")
    async with house.database.writing() as conn:
        await rota.put_down(conn, [evening.session.id, other.session.id], "lead", gus.id)
    olu, path = await desk_of(evening)
    await olu.posts(path, do="off", account=gus.id)
    async with house.database.reading() as conn:
        assert set(await rota.of_sessions(conn, [evening.session.id, other.session.id])) == {other.session.id}
        assert await rooms.is_facilitator(conn, other.room.id, gus.id)
        assert not await rooms.is_facilitator(conn, evening.room.id, gus.id)


@pytest.mark.parametrize("do", ["off", "remove"])
async def test_a_room_that_was_not_open_yet_is_told_and_what_is_said_there_can_be_vouched_for(
    house: House, caplog, do
):
    evening = await house.evening()
    gus = await evening.has_facilitator("Gus")
    olu, path = await desk_of(evening)
    assert (await olu.posts(path, do=do, account=gus.id)).headers["location"] == path
    async with house.database.reading() as conn:
        assert evening.session.id in await slips.of_each(conn, [evening.session.id])
        assert not await rooms.is_facilitator(conn, evening.room.id, gus.id)
    assert "no slips can be made" not in caplog.text


async def test_dates_that_were_called_off_before_anybody_came_are_told_nothing(house: House, caplog):
    evening = await house.evening(starts=START + timedelta(days=7))
    gus = await evening.has_facilitator("Gus")
    async with house.database.writing() as conn:
        await sessions.cancel(conn, evening.session.id, house.clock.now)
    olu, path = await desk_of(evening)
    await olu.posts(path, do="off", account=gus.id)
    assert await house.home.house.host(evening.session.id) is None
    async with house.database.reading() as conn:
        assert await slips.of_each(conn, [evening.session.id]) == {}
    assert "no slips can be made" not in caplog.text


async def test_an_account_is_removed_with_all_that_it_could_do(another_house: OpensHouses):
    house = await another_house()
    evening, other = await house.evening(), await house.evening()
    ana = await evening.facilitates("Ana")
    elsewhere = await other.facilitates("Ana")
    olu, path = await desk_of(evening)
    account = await house.account("Ana")
    link = await house.link(account)
    await olu.posts(path, do="remove", account=account.id)
    for page in (ana, elsewhere):
        await page.is_closed(4004)
    assert (await ana.browser.gets("/desk")).headers["location"] == "/sign-in"
    assert (await house.browser().posts(link)).status_code == 404
    async with house.database.reading() as conn:
        assert await accounts.find(conn, account.id) is None


async def test_signed_out_everywhere_and_let_in_again_by_a_link(house: House):
    evening = await house.evening()
    hal = await evening.has_facilitator("Hal")
    phone, laptop = await house.signed_in("Hal"), await house.signed_in("Hal")
    olu, path = await desk_of(evening)
    await olu.posts(path, do="out", account=hal.id)
    for device in (phone, laptop):
        assert (await device.gets("/desk")).headers["location"] == "/sign-in"
    made = Page(await olu.posts(path, do="link", account=hal.id))
    link = next(value for value in made.attributes("value") if "/link/" in value)
    assert "A link for Hal" in text(made)
    assert (await phone.posts(link.removeprefix(house.settings.public_url))).headers["location"] == "/desk"
    assert "/link/" not in (await olu.gets(path)).text, "it is shown once"


async def test_nobody_gets_at_somebody_who_also_helps_another_organiser(house: House):
    evening = await house.evening()
    ida = await evening.has_facilitator("Ida")
    pat = await house.account("Pat", organiser=True)
    async with house.database.writing() as conn:
        room = await rooms.create(conn, organiser_id=pat.id, name="Pat's room", purpose="social")
        await rooms.add_facilitator(conn, room.id, ida.id)
    device = await house.signed_in("Ida")
    olu, path = await desk_of(evening)
    for do in ("link", "out", "remove"):
        assert "/link/" not in (await olu.posts(path, do=do, account=ida.id)).text
    assert (await device.gets("/desk")).status_code == 200
    async with house.database.reading() as conn:
        assert await accounts.find(conn, ida.id)
    shown = text(Page(await olu.gets(path)))
    assert "Take off this room" in shown
    assert "Remove their account" not in shown


async def test_an_organiser_is_no_account_of_another_organisers(house: House):
    evening = await house.evening()
    await house.account("Qi", organiser=True)
    qi = await evening.has_facilitator("Qi")
    olu, path = await desk_of(evening)
    await olu.posts(path, do="remove", account=qi.id)
    async with house.database.reading() as conn:
        assert await accounts.find(conn, qi.id)


async def test_who_does_not_help_here_is_not_reached_from_here(house: House):
    evening, other = await house.evening(), await house.evening()
    kit = await other.has_facilitator("Kit")
    olu, path = await desk_of(evening)
    for account in (kit.id, "", "nobody", "\ud7ff"):
        for do in ("off", "link", "out", "remove", "?"):
            assert (await olu.posts(path, do=do, account=account)).status_code == 303
    async with house.database.reading() as conn:
        assert await rooms.is_facilitator(conn, other.room.id, kit.id)


# One's own account


async def test_another_password_ends_what_the_old_one_opened(another_house: OpensHouses):
    house = await another_house()
    ana, thief = await with_password(house), house.browser()
    for browser in (ana, thief):
        await tries(browser, "Ana", PASSWORD)
    done = await ana.posts("/desk/account", do="password", now=PASSWORD, new=NEW)
    assert done.headers["location"] == "/desk"
    assert (await ana.gets("/desk")).status_code == 200, "here they stay signed in"
    assert (await thief.gets("/desk")).headers["location"] == "/sign-in"
    assert (await tries(thief, "Ana", PASSWORD)).status_code == 422
    assert (await tries(house.browser(), "Ana", NEW)).status_code == 303


async def test_a_password_that_does_not_fit_is_named(another_house: OpensHouses):
    house = await another_house()
    ana = await with_password(house)
    await tries(ana, "Ana", PASSWORD)
    for now, new, field in ((NEW, NEW, "now"), (PASSWORD, "short", "new"), (PASSWORD, "x" * 201, "new")):
        answer = await ana.posts("/desk/account", do="password", now=now, new=new)
        page = Page(answer)
        assert (answer.status_code, page.faults.keys()) == (422, {field})
        assert is_marked_wrong(page, field)
        assert (page.filled("now"), page.filled("new")) == ("", "")
    assert (await tries(house.browser(), "Ana", PASSWORD)).status_code == 303


async def test_who_came_by_a_link_chooses_a_first_password(another_house: OpensHouses):
    house = await another_house()
    fay = await house.signed_in("Fay")
    assert "now" not in Page(await fay.gets("/desk/account")).values
    await fay.posts("/desk/account", do="password", new=NEW)
    assert (await tries(house.browser(), "Fay", NEW)).status_code == 303


async def test_signing_out_everywhere_ends_it_here_too(house: House):
    phone, laptop = await house.signed_in("Lee"), await house.signed_in("Lee")
    assert (await phone.posts("/desk/account", do="something")).status_code == 200
    assert (await phone.posts("/desk/account", do="out")).headers["location"] == "/sign-in"
    for device in (phone, laptop):
        assert (await device.gets("/desk")).headers["location"] == "/sign-in"


# Guessing


async def test_who_guesses_a_password_is_slowed_by_the_name_whether_anybody_has_it(
    another_house: OpensHouses,
):
    house = await another_house()
    known = await with_password(house)
    many = int(SIGN_INS.at_once)
    for name in ("Ana", "Nobody"):
        answers = [await tries(house.browser(), name, f"guess {n}") for n in range(many + 1)]
        assert [answer.status_code for answer in answers] == [422] * many + [429]
        assert Page(answers[-1]).faults["password"].startswith("That name was tried often")
        assert Page(answers[-1]).filled("sign_in_name") == name
    for written in (" ANA ", "ａna"):
        assert (await tries(known, written, PASSWORD)).status_code == 429, "however it is written"
    await house.account("Bea", password_hash=await passwords.hashed(PASSWORD))
    assert (await tries(house.browser(), "Bea", PASSWORD)).status_code == 303, "nobody else is slowed"
    link = await house.link(await house.account("Ana"), lives=timedelta(hours=9))
    assert (await house.browser().posts(link)).headers["location"] == "/desk", "a link still signs them in"
    await house.passes(minutes=1)
    assert (await tries(known, "Ana", PASSWORD)).status_code == 303


def test_names_that_are_tried_are_forgotten_before_they_are_too_many():
    paces = PaceOfEach(SIGN_INS)
    for number in range(10_001):
        assert paces.takes(f"name {number}", 0.0)
    assert len(paces._paces) == 10_000
    assert not any(b"name" in key for key in paces._paces)
    assert all(paces.takes("name 10000", 0.0) for _ in range(9))
    assert not paces.takes("name 10000", 0.0)


def test_a_clock_that_is_set_back_shuts_nobody_out():
    """A fault that promises.md lists (B5); the allowance is by a clock that an operator may set."""
    pace, now = Pace(SIGN_INS), START.timestamp()
    tries = int(SIGN_INS.at_once)
    assert all(pace.takes(now) for _ in range(tries - 1))
    now -= 3600
    assert pace.takes(now), "one was left"
    assert not pace.takes(now), "and none is given either"
    assert not pace.is_whole(now - 3600)
    assert pace.takes(now + 1 / SIGN_INS.rate)


async def test_two_organisers_take_somebody_off_at_once(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening()
    ana = await evening.facilitates("Ana")
    olu, path = await desk_of(evening)
    account = await house.account("Ana")
    answers = await asyncio.gather(*(olu.posts(path, do="off", account=account.id) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    await ana.is_closed(4004)
