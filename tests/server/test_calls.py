"""Somebody who is not at the desk is called: a letter and a POST, without a topic, a name or a word in them."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from rooms.live.care import FacilitationFlagged, OnCallAlerted
from rooms.records import addresses
from server.calls import Calls
from server.terms import Programme
from tests.server.browser import Browser, Page
from tests.server.house import START, Evening, House
from tests.server.post_office import Counter, counter
from tests.server.test_dates import text

OpensHouses = Callable[..., Awaitable[House]]
ADDRESS = "olu@example.org"
WAITS = 10


@pytest.fixture
async def office() -> AsyncIterator[Counter]:
    async with counter(lambda opened: opened.takes_letters) as opened:
        yield opened


async def gives(browser: Browser, mail: str) -> httpx2.Response:
    return await browser.posts("/desk/account", do="mail", mail=mail)


async def comes(queue: "asyncio.Queue[Any]") -> Any:
    async with asyncio.timeout(WAITS):
        return await queue.get()


async def test_a_session_to_which_nobody_comes_is_told_by_letter_and_by_post(
    another_house: OpensHouses, office: Counter
):
    async with counter(lambda opened: opened.takes_posts) as hook:
        house = await another_house(
            post_office=office.office(), calls_to=f"http://127.0.0.1:{hook.port}/hook"
        )
        evening = await house.evening()
        olu = await house.signed_in("Olu", organiser=True)
        assert (await gives(olu, ADDRESS)).status_code == 303
        first = await comes(office.letters)
        assert first["To"] == ADDRESS
        assert "From now on" in first.get_content()
        await evening.visits("Ben")
        await house.passes(1, minutes=3)
        await house.passes(1)
        called, told = await comes(office.letters), await comes(hook.posts)
        assert "needs somebody now" in called.get_content()
        assert json.loads(told) == {"what": "needed", "desk": f"{house.url}/desk"}
        await house.passes(1, minutes=8)
        await house.passes(1)
        missed, told = await comes(office.letters), await comes(hook.posts)
        assert "did not take place" in missed.get_content()
        assert json.loads(told)["what"] == "missed"
        for letter in (first, called, missed):
            whole = letter.as_string()
            assert f"{house.url}/desk" in whole
            assert letter["Subject"] == "Please look at your desk"
            assert letter["Auto-Submitted"] == "auto-generated"
            for secret in (evening.room.name, "Ben", "Olu", evening.session.id, evening.room.join_token):
                assert secret not in whole
        assert office.letters.empty()
        assert hook.posts.empty()


async def test_two_houses_with_the_same_records_call_once(office: Counter, evening: Evening):
    async with AsyncExitStack() as stack:
        house = evening.house
        settings = replace(house.settings, post_office=office.office())
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        calls = [Calls(settings, house.database) for _ in range(2)]
        going = [tasks.create_task(each.go_on()) for each in calls]
        kay = await house.signed_in("Kay")
        assert "address for e-mail" not in (await kay.gets("/desk/account")).text, "this house sends none"
        # By way of the records, as two nodes do that heard the same event.
        async with house.database.writing() as conn:
            await addresses.give(conn, evening.room.organiser_id, ADDRESS)
        for each in calls:
            await Programme(house.database, each.tell).noticed(
                evening.session.id, OnCallAlerted("asked"), house.clock.at
            )
        assert (await comes(office.letters))["To"] == ADDRESS
        # What is told after it comes after it: so nothing else was on its way.
        calls[1].tell(evening.session.id, "not_okay")
        assert "something for you to read" in (await comes(office.letters)).get_content()
        for task in going:
            task.cancel()


async def test_however_often_it_is_said_that_it_is_not_okay_there_is_one_letter_in_ten_minutes(
    evening: Evening,
):
    house, told = evening.house, list[str]()
    programme = Programme(house.database, lambda _, what: told.append(what))
    for second in (0, 1, 2, 599, 600, 601):
        await programme.noticed(evening.session.id, FacilitationFlagged(), START.timestamp() + second)
    assert told == ["not_okay"] * 2
    for second in (602, 603):
        await programme.noticed(evening.session.id, OnCallAlerted("held"), START.timestamp() + second)
    assert told[2:] == ["held"] * 2
    olu = await house.signed_in("Olu", organiser=True)
    assert "Said 6 times." in (await olu.gets("/desk")).text


async def test_a_post_office_that_is_busy_is_asked_again_and_a_hook_is_not_followed(evening: Evening):
    async with (
        counter(lambda opened: opened.takes_letters, busy=1) as office,
        counter(lambda opened: opened.takes_posts, busy=1) as hook,
        asyncio.TaskGroup() as tasks,
    ):
        async with evening.house.database.writing() as conn:
            await addresses.give(conn, evening.room.organiser_id, ADDRESS)
        settings = replace(
            evening.house.settings,
            post_office=office.office(),
            calls_to=f"http://127.0.0.1:{hook.port}/hook",
        )
        calls = Calls(settings, evening.house.database, again_after=(0.0,))
        going = tasks.create_task(calls.go_on())
        calls.tell(evening.session.id, "held")
        assert (await comes(office.letters))["To"] == ADDRESS
        await comes(hook.posts)
        assert [said.split()[1] for said in hook.said] == ["/hook", "/hook"]
        going.cancel()


async def test_a_password_or_a_letter_never_crosses_a_network_as_it_is(office: Counter, evening: Evening):
    far = office.office(user="rooms", password="hunter2")
    # What makes it far is its name alone; here it has to be this machine.
    object.__setattr__(far, "host", "127.0.0.2")
    calls = Calls(replace(evening.house.settings, post_office=far), evening.house.database)
    server = await asyncio.start_server(office.takes_letters, "127.0.0.2", office.port)
    async with server:
        assert not await calls.welcome(ADDRESS)
    assert {said.split()[0].lower() for said in office.said} <= {"ehlo", "quit", "rset"}
    assert office.letters.empty()


@pytest.mark.parametrize(
    "mail", ["olu", "a@b", "Olu <olu@example.org>", "a@b.org, c@d.org", "a@b.org\r\nBcc: c@d.org"]
)
async def test_what_is_no_address_is_told_and_comes_back_filled_in(
    another_house: OpensHouses, office: Counter, mail: str
):
    house = await another_house(post_office=office.office())
    olu = await house.signed_in("Olu", organiser=True)
    answer = await gives(olu, mail)
    assert answer.status_code == 422
    page = Page(answer)
    assert "does not look like an address" in text(page)
    assert office.said == []


async def test_one_that_nobody_takes_letters_for_is_told_and_not_kept(
    another_house: OpensHouses, office: Counter
):
    house = await another_house(post_office=office.office())
    olu = await house.signed_in("Olu", organiser=True)
    office.busy = 1
    answer = await gives(olu, ADDRESS)
    assert answer.status_code == 422
    assert "No letter could be sent" in text(Page(answer))
    assert f'value="{ADDRESS}"' in answer.text
    assert ADDRESS not in (await olu.gets("/desk/account")).text
    assert (await gives(olu, ADDRESS)).status_code == 303
    assert ADDRESS in (await olu.gets("/desk/account")).text
    assert (await gives(olu, "")).status_code == 303
    assert ADDRESS not in (await olu.gets("/desk/account")).text


async def test_a_desk_that_was_left_open_fills_nobodys_letter_box(
    another_house: OpensHouses, office: Counter
):
    house = await another_house(post_office=office.office())
    olu = await house.signed_in("Olu", organiser=True)
    for _ in range(20):
        answer = await gives(olu, "eve@example.org")
    assert answer.status_code == 422
    assert len(office.to) < 20
    assert office.to


async def test_where_there_is_no_post_office_nothing_is_asked_and_nothing_taken(evening: Evening):
    kay = await evening.house.signed_in("Kay")
    assert (await gives(kay, ADDRESS)).status_code == 200
    assert ADDRESS not in (await kay.gets("/desk/account")).text


async def test_more_calls_than_can_be_delivered_are_dropped_and_said(
    evening: Evening, office: Counter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr("server.calls._MOST_WAITING", 1)
    calls = Calls(replace(evening.house.settings, post_office=office.office()), evening.house.database)
    for _ in range(2):
        calls.tell(evening.session.id, "held")
    assert "one is dropped" in caplog.text
