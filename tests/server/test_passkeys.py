"""Passkeys: a phone signs somebody in; nobody else's phone, page, copy or guess does."""

import asyncio
import base64
import html
import json
import random
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from server.passkeys import LARGEST_ANSWER, VOID_AFTER
from tests.server.browser import Browser, Page
from tests.server.house import House
from tests.server.security_key import PRESENT, SecurityKey, letters
from tests.server.test_forms import is_marked_wrong
from tests.server.test_staff import PASSWORD, tries, with_password

OpensHouses = Callable[..., Awaitable[House]]
OURS = "http://localhost:8000"
HERE = "/desk/account/passkeys"


@pytest.fixture
async def house(another_house: OpensHouses) -> House:
    return await another_house(public_url=OURS)


@pytest.fixture
async def ana(house: House) -> Browser:
    browser = await with_password(house)
    await tries(browser, "Ana", PASSWORD)
    return browser


def asked(text: str) -> dict[str, Any]:
    found = re.search(r'data-asked="([^"]+)"', text)
    assert found, "it asks for no key"
    what: dict[str, Any] = json.loads(html.unescape(found[1]))
    return what


async def is_asked_to_add(browser: Browser, **typed: str) -> dict[str, Any]:
    answer = await browser.posts(HERE, **{"do": "ask", "name": "my phone", "now": PASSWORD, **typed})
    assert answer.status_code == 200, Page(answer).faults
    return asked(answer.text)


async def adds(browser: Browser, key: SecurityKey, name: str = "my phone") -> None:
    made = key.is_made(await is_asked_to_add(browser, name=name))
    answer = await browser.posts(HERE, do="add", name=name, answer=made)
    assert (answer.status_code, answer.headers.get("location")) == (303, HERE), Page(answer).faults


async def is_asked_to_sign_in(browser: Browser) -> dict[str, Any]:
    return asked((await browser.gets("/sign-in")).text)


async def gives(browser: Browser, answer: str, onward: str = "/desk/new") -> int:
    """The status; and that it means what it should."""
    got = await browser.posts("/sign-in/passkey", answer=answer, next=onward)
    if got.status_code == 303:
        assert got.headers["location"] == onward
        assert (await browser.gets("/desk")).status_code == 200
    else:
        assert "set-cookie" not in got.headers
        assert "That passkey is not known here" in got.text, (got.status_code, answer)
        assert (await browser.gets("/desk")).headers["location"] == "/sign-in"
    return got.status_code


async def test_a_phone_that_was_added_signs_its_owner_in_without_a_name_or_password(
    house: House, ana: Browser
):
    phone = SecurityKey(OURS)
    await adds(ana, phone)
    assert "my phone" in (await ana.gets(HERE)).text
    elsewhere = house.browser()
    question = await is_asked_to_sign_in(elsewhere)
    assert question["rpId"] == "localhost"
    assert question["userVerification"] == "required"
    assert not question.get("allowCredentials"), "nobody learns whose keys there are"
    assert await gives(elsewhere, phone.answers(question)) == 303
    assert "Signed in as Ana" in (await elsewhere.gets("/desk")).text


async def test_it_stands_for_the_code_from_an_app_too(house: House, ana: Browser):
    """Both halves: something that is held, and that asked who holds it. One that did not ask signs nobody in."""
    phone = SecurityKey(OURS)
    await adds(ana, phone)
    phone.flags = PRESENT
    elsewhere = house.browser()
    assert await gives(elsewhere, phone.answers(await is_asked_to_sign_in(elsewhere))) == 422
    untrue = SecurityKey(OURS)
    untrue.flags = PRESENT
    answer = untrue.is_made(await is_asked_to_add(ana))
    assert (await ana.posts(HERE, do="add", name="my phone", answer=answer)).status_code == 422


async def test_a_key_is_added_only_by_who_knows_the_password_now(ana: Browser):
    for now in ("", "a guess at it"):
        refused = await ana.posts(HERE, do="ask", name="a thief's phone", now=now)
        page = Page(refused)
        assert refused.status_code == 422
        assert is_marked_wrong(page, "now")
        assert page.filled("name") == "a thief's phone"
        assert "data-asked" not in refused.text


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "my\u200f\x07phone"])
async def test_it_needs_a_name_that_can_be_read(ana: Browser, name: str):
    refused = await ana.posts(HERE, do="ask", name=name, now=PASSWORD)
    assert (refused.status_code, "data-asked" in refused.text) == (422, False)
    assert is_marked_wrong(Page(refused), "name")
    phone = SecurityKey(OURS)
    made = phone.is_made(await is_asked_to_add(ana))
    assert (await ana.posts(HERE, do="add", name=name, answer=made)).status_code == 422


async def test_the_same_key_is_added_once_and_ten_are_enough(house: House, ana: Browser):
    phone = SecurityKey(OURS)
    await adds(ana, phone)
    question = await is_asked_to_add(ana)
    assert [known["id"] for known in question["excludeCredentials"]] == [letters(phone.id)]
    again = await ana.posts(HERE, do="add", name="again", answer=phone.is_made(question))
    assert again.status_code == 422
    house.clock.at += 600
    for number in range(9):
        await adds(ana, SecurityKey(OURS), f"number {number}")
        house.clock.at += 600
    full = await ana.gets(HERE)
    assert full.text.count('name="key"') == 10
    assert "Ten passkeys are enough" in full.text
    asked_again = await ana.posts(HERE, do="ask", name="more", now=PASSWORD)
    assert "data-asked" not in asked_again.text


async def test_taken_away_it_signs_nobody_in_and_nobody_takes_away_anothers(house: House, ana: Browser):
    phone = SecurityKey(OURS)
    await adds(ana, phone)
    pat = await house.signed_in("Pat", organiser=True)
    await pat.posts(HERE, do="remove", key=letters(phone.id))
    elsewhere = house.browser()
    assert await gives(elsewhere, phone.answers(await is_asked_to_sign_in(elsewhere))) == 303
    await ana.posts(HERE, do="remove", key=letters(phone.id))
    stranger = house.browser()
    assert await gives(stranger, phone.answers(await is_asked_to_sign_in(stranger))) == 422


async def test_an_answer_counts_once_and_only_for_a_while(house: House, ana: Browser):
    phone = SecurityKey(OURS)
    await adds(ana, phone)
    first, second = house.browser(), house.browser()
    answer = phone.answers(await is_asked_to_sign_in(first))
    assert await gives(first, answer) == 303
    assert await gives(second, answer) == 422, "copied on its way"
    late = phone.answers(await is_asked_to_sign_in(second))
    house.clock.at += VOID_AFTER.total_seconds() - 1
    in_time = house.browser()
    assert await gives(in_time, phone.answers(await is_asked_to_sign_in(in_time))) == 303
    house.clock.at += 1
    assert await gives(second, late) == 422


async def test_a_copied_key_is_noticed_by_how_often_it_was_used(house: House, ana: Browser):
    phone = SecurityKey(OURS)
    phone.uses = 5
    await adds(ana, phone)
    for uses, status in ((6, 303), (6, 422), (4, 422), (7, 303)):
        phone.uses = uses
        elsewhere = house.browser()
        assert await gives(elsewhere, phone.answers(await is_asked_to_sign_in(elsewhere))) == status


async def test_what_was_asked_for_one_thing_answers_no_other(house: House, ana: Browser):
    phone, another = SecurityKey(OURS), SecurityKey(OURS)
    await adds(ana, phone)
    stranger = house.browser()
    to_sign_in, to_add = await is_asked_to_sign_in(stranger), await is_asked_to_add(ana)
    assert await gives(stranger, phone.answers(to_add)) == 422
    pat = await house.signed_in("Pat", organiser=True)
    for browser, question in ((ana, to_sign_in), (pat, to_add)):
        taken = await browser.posts(HERE, do="add", name="my phone", answer=another.is_made(question))
        assert taken.status_code == 422, "asked of nobody, or of somebody else"
    own = {"challenge": letters(b"a challenge of my own, of the length that they have"), "rpId": "localhost"}
    assert await gives(stranger, phone.answers(own)) == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:8001"},
        {"type": "webauthn.create"},
        {"challenge": ""},
        {"challenge": "%%%"},
    ],
)
async def test_another_page_cannot_have_it_answered_for_ours(
    house: House, ana: Browser, wrong: dict[str, str]
):
    phone = SecurityKey(OURS)
    await adds(ana, phone)
    stranger = house.browser()
    assert await gives(stranger, phone.answers(await is_asked_to_sign_in(stranger), **wrong)) == 422


async def test_a_key_for_another_host_or_of_somebody_else_is_not_believed(house: House, ana: Browser):
    phone = SecurityKey(OURS)
    await adds(ana, phone)
    stranger = house.browser()
    phone.host = "evil.example"
    assert await gives(stranger, phone.answers(await is_asked_to_sign_in(stranger))) == 422
    forged = SecurityKey(OURS)
    assert await gives(stranger, forged.answers(await is_asked_to_sign_in(stranger))) == 422
    forged.id = phone.id
    assert await gives(stranger, forged.answers(await is_asked_to_sign_in(stranger))) == 422


async def test_nonsense_is_only_wrong(house: House, ana: Browser):
    stranger = house.browser()
    question = await is_asked_to_sign_in(stranger)
    whole = json.loads(SecurityKey(OURS).answers(question))
    nonsense: list[object] = [
        "", "x", [], {}, None, 5, "[" * 5000, {"id": "x"}, {"response": []}, {"response": {"clientDataJSON": 5}},
        {**whole, "id": 5}, {**whole, "id": "\x00"}, {**whole, "rawId": "é"}, {**whole, "type": "x"},
        {**whole, "response": {**whole["response"], "signature": "é"}},
        {**whole, "response": {**whole["response"], "authenticatorData": letters(b"\xff" * 40)}},
        {**whole, "response": {**whole["response"], "userHandle": 5}},
    ]  # fmt: skip
    for each in nonsense:
        assert await gives(stranger, each if isinstance(each, str) else json.dumps(each)) == 422
        added = await ana.posts(
            HERE, do="add", name="x", answer=each if isinstance(each, str) else json.dumps(each)
        )
        assert added.status_code == 422
    assert (await stranger.posts("/sign-in/passkey", answer="x" * (LARGEST_ANSWER + 1))).status_code in {
        400,
        413,
    }
    assert (await stranger.posts("/sign-in/passkey")).status_code == 422


@pytest.mark.parametrize("no_keys", [False, True])
async def test_it_outlives_another_password_unless_its_owner_takes_it_away_with_it(
    house: House, ana: Browser, no_keys: bool
):
    assert "Take my passkeys away too" not in (await ana.gets("/desk/account")).text
    phone, pats = SecurityKey(OURS), SecurityKey(OURS)
    await adds(ana, phone)
    pat = await house.signed_in("Pat", organiser=True)
    await adds(pat, pats)
    assert "another password changes nothing about them" in (await ana.gets("/desk/account")).text
    wanted = {"no_keys": "1"} if no_keys else {}
    wrong = await ana.posts("/desk/account", do="password", now="a guess", new="another horse", **wanted)
    assert (wrong.status_code, "checked" in wrong.text) == (422, no_keys)
    done = await ana.posts("/desk/account", do="password", now=PASSWORD, new="another horse", **wanted)
    assert done.status_code == 303
    elsewhere = house.browser()
    answer = phone.answers(await is_asked_to_sign_in(elsewhere))
    assert await gives(elsewhere, answer) == (422 if no_keys else 303)
    stranger = house.browser()
    assert await gives(stranger, pats.answers(await is_asked_to_sign_in(stranger))) == 303, "nobody else's"


async def test_what_proves_nothing_keeps_no_writer_waiting(house: House, ana: Browser):
    """The records have one writer at a time: whoever sends nonsense must not be it."""
    phone, forged = SecurityKey(OURS), SecurityKey(OURS)
    await adds(ana, phone)
    forged.id = phone.id
    stranger = house.browser()
    question, to_add = await is_asked_to_sign_in(stranger), await is_asked_to_add(ana)
    async with house.database.writing():
        for answer in ("{}", SecurityKey(OURS).answers(question), forged.answers(question)):
            assert (await stranger.posts("/sign-in/passkey", answer=answer)).status_code == 422
        assert (await ana.posts(HERE, do="add", name="x", answer=phone.answers(to_add))).status_code == 422


async def test_an_answer_that_is_given_twice_at_once_counts_once(house: House, ana: Browser):
    phone = SecurityKey(OURS)
    await adds(ana, phone)
    answer = phone.answers(await is_asked_to_sign_in(house.browser()))
    browsers = [house.browser() for _ in range(4)]
    got = await asyncio.gather(*(each.posts("/sign-in/passkey", answer=answer) for each in browsers))
    assert sorted(each.status_code for each in got) == [303, 422, 422, 422]


async def test_where_people_come_by_number_there_are_none(another_house: OpensHouses):
    """Browsers keep keys for names alone. On one's own machine: http://localhost."""
    house = await another_house()
    olu = await house.signed_in("Olu", organiser=True)
    assert (await olu.gets(HERE)).status_code == 404
    assert (await olu.posts(HERE, do="ask", name="x")).status_code == 404
    assert "passkey" not in (await olu.gets("/desk/account")).text.casefold()
    stranger = house.browser()
    assert "data-asked" not in (await stranger.gets("/sign-in")).text
    assert await gives(stranger, "{}") == 422


async def test_without_a_password_the_sign_in_itself_is_the_proof(house: House):
    """Whoever came by a one-time link and has no password."""
    olu = await house.signed_in("Olu", organiser=True)
    assert "Your password now" not in (await olu.gets(HERE)).text
    phone = SecurityKey(OURS)
    await adds(olu, phone)
    elsewhere = house.browser()
    assert await gives(elsewhere, phone.answers(await is_asked_to_sign_in(elsewhere)), "/desk") == 303


async def test_an_answer_that_was_touched_anywhere_is_no_answer(house: House, ana: Browser):
    phone = SecurityKey(OURS)
    await adds(ana, phone)
    stranger = house.browser()
    chance = random.Random(7)
    for _ in range(60):
        answer = json.loads(phone.answers(await is_asked_to_sign_in(stranger)))
        part = chance.choice(list(answer["response"]))
        data = bytearray(base64.urlsafe_b64decode(answer["response"][part] + "=="))
        if chance.random() < 0.3:
            del data[chance.randrange(len(data)) :]
        else:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        answer["response"][part] = letters(bytes(data))
        assert await gives(stranger, json.dumps(answer)) == 422, (part, data)
