"""What is kept of a password, and what it costs somebody who found that to guess: as it is for people, not for tests."""

import asyncio

import pytest

from server import passwords

# OWASP's minimum: argon2id, 19 MiB, twice.
COSTS = "$argon2id$v=19$m=19456,t=2,p=1$"
PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def cheap_passwords() -> None:
    """Not here."""


async def test_what_is_kept_costs_a_guess_its_time_and_is_another_for_everybody():
    one, other = await asyncio.gather(passwords.hashed(PASSWORD), passwords.hashed(PASSWORD))
    assert one.startswith(COSTS)
    assert other.startswith(COSTS)
    assert one != other
    assert PASSWORD not in one


async def test_only_the_very_password_fits():
    kept = await passwords.hashed(PASSWORD)
    assert await passwords.fits(kept, PASSWORD)
    assert not await passwords.fits(kept, PASSWORD.upper())
    assert not await passwords.fits(kept, "")
    assert not await passwords.fits("what somebody wrote into the records", PASSWORD)


async def test_where_there_is_nobody_a_guess_costs_the_same():
    assert passwords._NOBODY.startswith(COSTS)
    assert not await passwords.fits(None, "nobody has this password")
