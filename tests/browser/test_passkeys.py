"""A phone signs its owner in: a real browser, which keeps a real key behind a finger that the test lends it."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, CDPSession, Page, expect

from rooms.records import accounts
from server import passwords
from tests.browser.company import PATIENCE, PHONE
from tests.browser.house import House
from tests.browser.look import NARROW_BY_DAY, can_be_read
from tests.records.template import fresh_file

PASSWORD = "three words together"
FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """One that has a name: browsers keep no keys for numbers."""
    fresh_file(tmp_path)
    house = House(tmp_path, None)
    house.settings = replace(house.settings, public_url=f"http://localhost:{house.port}")
    await house.opens()
    yield house
    await house.closes()


@pytest.fixture
async def phone(chromium: Browser) -> AsyncIterator[BrowserContext]:
    context = await chromium.new_context(**PHONE)
    context.set_default_timeout(PATIENCE)
    yield context
    await context.close()


class Hand:
    """Whoever holds the phone: it asks for a finger, and gets the right one or not."""

    def __init__(self, session: CDPSession, finger: str) -> None:
        self._session = session
        self._finger = finger

    @classmethod
    async def at(cls, page: Page) -> "Hand":
        session = await page.context.new_cdp_session(page)
        await session.send("WebAuthn.enable")
        made = await session.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})
        return cls(session, made["authenticatorId"])

    async def is_the_owners(self, yes: bool) -> None:
        await self._session.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self._finger, "isUserVerified": yes}
        )


async def test_a_phone_is_added_signs_in_and_is_taken_away(house, phone):
    async with house.database.writing() as conn:
        await accounts.create(
            conn,
            name="Ana",
            sign_in_name="ana",
            is_organiser=True,
            password_hash=await passwords.hashed(PASSWORD),
        )
    complaints: list[str] = []
    page = await phone.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    hand = await Hand.at(page)
    here = house.settings.public_url

    # By the password this once.
    await page.goto(f"{here}/sign-in?next=/desk/account")
    await page.get_by_label("Sign-in name").fill("ana")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.get_by_role("link", name="Your passkeys").click()

    # A wrong password adds nothing, and what was typed is not lost.
    await page.get_by_label("What you call it").fill("my phone")
    await page.get_by_label("Your password now").fill("a guess")
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_label("Your password now")).to_have_accessible_description(
        re.compile("That is not your password now")
    )
    await expect(page.get_by_label("What you call it")).to_have_value("my phone")
    await page.get_by_label("Your password now").fill(PASSWORD)
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_role("button", name="Add it")).to_be_visible()
    await can_be_read(page, "passkeys", [NARROW_BY_DAY])
    await page.get_by_role("button", name="Add it").click()
    added = page.get_by_role("heading", name="my phone", exact=True)
    await expect(added).to_be_visible()

    # From now on a finger is enough; somebody else's is not, and the page says so and waits.
    await signs_out(page)
    await page.goto(f"{here}/sign-in?next=/desk/account")
    await hand.is_the_owners(False)
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_text("That did not work, or was stopped.")).to_be_visible()
    await hand.is_the_owners(True)
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_role("heading", name="Your account")).to_be_visible()

    # Taken away, the phone still offers it, and the door says calmly that it is not known.
    await page.get_by_role("link", name="Your passkeys").click()
    await page.get_by_role("button", name="Take my phone away").click()
    await expect(page.get_by_label("What you call it")).to_be_visible()
    await expect(added).to_have_count(0)
    await signs_out(page)
    await page.goto(f"{here}/sign-in")
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_role("alert")).to_contain_text("That passkey is not known here")
    assert complaints == []


async def signs_out(page):
    """Asked for another page before this was answered, the browser would take it back."""
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("link", name="Facilitators: sign in")).to_be_visible()


async def test_a_browser_that_knows_no_passkeys_is_offered_none(house, phone):
    page = await phone.new_page()
    await page.add_init_script("delete window.PublicKeyCredential")
    await page.goto(f"{house.settings.public_url}/sign-in")
    await expect(page.get_by_label("Password")).to_be_visible()
    await expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
