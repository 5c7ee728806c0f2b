"""Codes from an app and from paper: right by the standard's own numbers, used once, and useless to who copies the records."""

import base64
import re
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text as sql

from server import authenticators as codes
from server.pace import SIGN_INS
from tests.server.browser import Browser, Page
from tests.server.house import KEY, House
from tests.server.test_forms import is_marked_wrong
from tests.server.test_staff import PASSWORD, tries, with_password

OpensHouses = Callable[..., Awaitable[House]]
RFC = b"12345678901234567890"


@pytest.mark.parametrize(
    ("at", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_numbers_of_rfc_6238(at: int, code: str):
    assert codes.code_at(RFC, at // codes.STEP) == code
    assert codes.step_of(RFC, f" {code[:3]} {code[3:]} ", at) == at // codes.STEP


def test_a_clock_may_be_half_a_minute_wrong_and_no_more():
    for ahead, fits in ((-60, False), (-30, True), (0, True), (30, True), (60, False)):
        assert (codes.step_of(RFC, codes.code_at(RFC, 1000), 30_000 + ahead) == 1000) is fits
    for nonsense in ("", "x", "28708", "2870822", "٢٨٧٠٨٢", "\ud800", "0" * 5000):
        assert codes.step_of(RFC, nonsense, 59) is None


def test_a_secret_is_sealed_for_one_account_under_our_key():
    sealed = codes.seal(["new", "old"], "ana", RFC)
    assert base64.b32encode(RFC).decode() not in sealed
    assert len(sealed) <= 200
    assert codes.unseal(["newer", "new"], "ana", sealed) == RFC, "a key that is being replaced still opens"
    assert codes.unseal(["new"], "ben", sealed) is None
    assert codes.unseal(["another"], "ana", sealed) is None
    assert codes.seal(["new"], "ana", RFC) != sealed


def test_codes_on_paper_are_many_and_read_as_they_are_written():
    paper = codes.new_paper()
    assert len(set(paper)) == codes.PAPER
    for code in paper:
        assert re.fullmatch(r"[2-9b-z]{5}-[2-9b-z]{5}", code)
        assert codes.as_paper(f" {code.upper().replace('-', '  ')} ") == code
    assert codes.as_paper("x" * 5000) == codes.as_paper("x" * 40)


def test_the_address_for_an_app_names_us_and_nothing_else():
    assert codes.address(RFC, "ana@example.org") == (
        "otpauth://totp/Tealight%3Aana%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Tealight"
    )


# Signing in


class Ana:
    """Somebody with a password, an app that shows codes, and a sheet of paper."""

    def __init__(self, house: House, browser: Browser) -> None:
        self.house = house
        self.browser = browser
        self.secret = b""
        self.paper: list[str] = []

    @property
    def code(self) -> str:
        return codes.code_at(self.secret, int(self.house.clock()) // codes.STEP)

    async def sets_it_up(self) -> None:
        await self.browser.posts("/desk/account", do="begin", app_now=PASSWORD)
        shown = await self.browser.gets("/desk/account")
        found = re.search(r"<code>((?:[A-Z2-7]{4} ?){8})</code>", shown.text)
        assert found
        self.secret = base64.b32decode(found[1].replace(" ", ""))
        assert (await self.browser.gets("/desk/account/qr.svg")).headers["content-type"] == "image/svg+xml"
        confirmed = await self.browser.posts("/desk/account", do="confirm", code=self.code)
        assert confirmed.status_code == 200, Page(confirmed).faults
        self.paper = re.findall(r"<code>([\w]{5}-[\w]{5})</code>", confirmed.text)

    async def gives_the_password(self, browser: Browser) -> str:
        """What stands on the next page for the second half."""
        answer = await tries(browser, "Ana", PASSWORD, next="/desk/new")
        assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
        return Page(answer).filled("half")

    async def signs_in(self, code: str) -> int:
        browser = self.house.browser()
        half = await self.gives_the_password(browser)
        answer = await browser.posts("/sign-in/code", half=half, code=code, next="/desk/new")
        if answer.status_code == 303:
            assert answer.headers["location"] == "/desk/new"
            assert (await browser.gets("/desk")).status_code == 200
        else:
            assert is_marked_wrong(Page(answer), "code")
            assert (await browser.gets("/desk")).headers["location"] == "/sign-in"
        return answer.status_code


@pytest.fixture
async def ana(another_house: OpensHouses) -> Ana:
    house = await another_house()
    browser = await with_password(house)
    await tries(browser, "Ana", PASSWORD)
    return Ana(house, browser)


async def test_with_an_app_the_password_is_half_of_it(ana: Ana):
    await ana.sets_it_up()
    assert len(ana.paper) == codes.PAPER
    assert await ana.signs_in(ana.code) == 422, "the code that set it up is used up"
    await ana.house.passes(30)
    assert await ana.signs_in("000000" if ana.code != "000000" else "000001") == 422
    assert await ana.signs_in(ana.code) == 303
    assert await ana.signs_in(ana.code) == 422, "whoever looked over her shoulder"
    assert await ana.signs_in(ana.paper[0].upper()) == 303
    assert await ana.signs_in(ana.paper[0]) == 422
    assert "7 codes on paper are left." in (await ana.browser.gets("/desk/account")).text


async def test_an_app_is_set_up_only_by_who_knows_the_password_now(ana: Ana):
    for wrong in ("", "another one"):
        refused = await ana.browser.posts("/desk/account", do="begin", app_now=wrong)
        assert refused.status_code == 422
        assert is_marked_wrong(Page(refused), "app_now")
        assert (await ana.browser.gets("/desk/account/qr.svg")).status_code == 404
    by_link = await ana.house.signed_in("Fay")
    await by_link.posts("/desk/account", do="begin")
    assert (await by_link.gets("/desk/account/qr.svg")).status_code == 200, "who has no password shows none"


async def test_half_a_sign_in_is_good_for_five_minutes_and_for_nothing_else(ana: Ana):
    await ana.sets_it_up()
    stranger = ana.house.browser()
    half = await ana.gives_the_password(stranger)
    for forged in ("", "x", half[:-1], half.replace(".", "", 1), f"{half}x", "\ud7ff"):
        answer = await stranger.posts("/sign-in/code", half=forged, code=ana.code)
        assert answer.headers.get("location") == "/sign-in"
    stranger.holds("desk", half)
    assert (await stranger.gets("/desk")).headers["location"] == "/sign-in"
    away = await stranger.posts("/sign-in/code", half=half, code=ana.paper[0], next="//evil.example")
    assert away.headers["location"] == "/desk"
    await ana.house.passes(300)
    late = await ana.house.browser().posts("/sign-in/code", half=half, code=ana.code)
    assert late.headers["location"] == "/sign-in"


async def test_who_guesses_codes_is_slowed(ana: Ana):
    await ana.sets_it_up()
    await ana.house.passes(minutes=1)
    browser = ana.house.browser()
    half = await ana.gives_the_password(browser)
    answers = [
        await browser.posts("/sign-in/code", half=half, code=f"guess {n}")
        for n in range(int(SIGN_INS.at_once) + 1)
    ]
    assert [answer.status_code for answer in answers] == [422] * int(SIGN_INS.at_once) + [429]
    right = await browser.posts("/sign-in/code", half=half, code=ana.code)
    assert right.status_code == 429


async def test_a_secret_is_shown_until_it_is_confirmed_and_never_after(ana: Ana):
    assert (await ana.browser.gets("/desk/account/qr.svg")).status_code == 404
    await ana.browser.posts("/desk/account", do="begin", app_now=PASSWORD)
    wrong = await ana.browser.posts("/desk/account", do="confirm", code="no code")
    assert is_marked_wrong(Page(wrong), "code")
    assert (await tries(ana.house.browser(), "Ana", PASSWORD)).status_code == 303, "it does not count yet"
    await ana.sets_it_up()
    again = await ana.browser.gets("/desk/account")
    for shown in (codes.shown(ana.secret), *ana.paper):
        assert shown not in again.text
    assert (await ana.browser.gets("/desk/account/qr.svg")).status_code == 404
    await ana.browser.posts("/desk/account", do="begin", app_now=PASSWORD)
    assert "Do without codes" in (await ana.browser.gets("/desk/account")).text, "no thief replaces it"


async def test_it_is_given_up_with_a_code_of_its_own(ana: Ana):
    for do in ("without", "confirm"):
        assert (await ana.browser.posts("/desk/account", do=do, code="123456")).status_code == 303
    await ana.sets_it_up()
    wrong = await ana.browser.posts("/desk/account", do="without", code="no code")
    assert is_marked_wrong(Page(wrong), "code")
    assert (await ana.browser.posts("/desk/account", do="without", code=ana.paper[1])).status_code == 303
    assert (await tries(ana.house.browser(), "Ana", PASSWORD)).headers["location"] == "/desk"


async def test_who_copies_the_records_has_no_code(ana: Ana):
    await ana.sets_it_up()
    async with ana.house.database.reading() as conn:
        kept = str((await conn.execute(sql("SELECT * FROM authenticators"))).all())
        kept += str((await conn.execute(sql("SELECT * FROM recovery_codes"))).all())
    for secret in (base64.b32encode(ana.secret).decode(), ana.secret.hex(), *ana.paper, KEY):
        assert secret not in kept
