"""Who signed in, and who was guessed at, stands in the log: by ids, without a name, an address or a word that was typed."""

import io
from collections.abc import Awaitable, Callable

from server import passwords
from server.pace import SIGN_INS
from tests.server.house import House
from tests.server.test_nothing_kept import log  # noqa: F401  the same ear, at everything

OpensHouses = Callable[..., Awaitable[House]]
PASSWORD = "a long password that is Ana's"


async def test_each_outcome_is_logged_by_the_id_of_the_account(another_house: OpensHouses, log: io.StringIO):  # noqa: F811  the fixture
    house = await another_house()
    ana = await house.account("Ana Andrews", password_hash=await passwords.hashed(PASSWORD))

    async def told(sign_in_name: str, password: str, status: int) -> str:
        before = len(log.getvalue())
        answer = await house.browser().posts("/sign-in", sign_in_name=sign_in_name, password=password)
        assert answer.status_code == status
        lines = log.getvalue()[before:].splitlines()
        return next(line.partition(": ")[2] for line in lines if " info server." in line)

    assert await told("Ana Andrews", PASSWORD, 303) == f"{ana.id} signed in"
    assert await told("Ana Andrews", "zq-guess", 422) == f"a sign-in failed: the password of {ana.id}"
    assert await told("zq-stranger", "zq-guess", 422) == "a sign-in failed: the password of nobody"
    for _ in range(int(SIGN_INS.at_once) - 1):
        await told("zq-stranger", "zq-guess", 422)
    assert await told("zq-stranger", "zq-guess", 429) == "a sign-in was refused: tried too often"
    for never in ("Ana Andrews", "zq-", "127.0.0.1", PASSWORD):
        assert never not in log.getvalue()


async def test_a_password_counts_with_every_letter_of_it():
    longest = "x" * passwords.LONGEST
    kept = await passwords.hashed(longest)
    assert await passwords.fits(kept, longest)
    assert not await passwords.fits(kept, f"{longest}y")
