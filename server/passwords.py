"""Passwords of facilitators and organisers: hashed off the event loop, two at a time."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200

# OWASP's minimum for argon2id. More would buy little here and let a crowd at the door of the sign-in eat the memory.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_two_at_a_time = asyncio.Semaphore(2)

# Checked where there is no account, so that the answer takes as long as for a wrong password.
_NOBODY = _hasher.hash("nobody has this password")


async def hashed(password: str) -> str:
    async with _two_at_a_time:
        return await asyncio.to_thread(_hasher.hash, password)


async def fits(password_hash: str | None, password: str) -> bool:
    """Whether it is the password, every letter of it; equally slow when there is none to compare with."""
    if len(password) > LONGEST:
        password_hash, password = None, password[:LONGEST]
    async with _two_at_a_time:
        known = await asyncio.to_thread(_verify, password_hash or _NOBODY, password)
    return known and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
