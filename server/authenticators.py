"""Codes from an app (RFC 6238) and from paper; and how the app's secret is sealed, so that a copied database signs nobody in."""

import base64
import hashlib
import hmac
import secrets
import struct
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from server import sealed

STEP: Final = 30
DIGITS: Final = 6
PAPER: Final = 8
_DRIFT: Final = 1
_PURPOSE: Final = b"tealight authenticators"
# No vowels and nothing that is read for something else, in two halves: 49 bits each.
_SIGNS: Final = "23456789bcdfghjkmnpqrstvwxz"


def new_secret() -> bytes:
    return secrets.token_bytes(20)


def new_paper() -> list[str]:
    halves = ["".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(2 * PAPER)]
    return [f"{first}-{second}" for first, second in zip(halves[::2], halves[1::2], strict=True)]


def as_paper(typed: str) -> str:
    """A recovery code however it was typed."""
    signs = "".join(sign for sign in typed[:40].casefold() if sign in _SIGNS)
    return f"{signs[:5]}-{signs[5:]}"


def code_at(secret: bytes, step: int) -> str:
    digest = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of(secret: bytes, typed: str, at: float) -> int | None:
    """Of which half minute this is the code: this one, or the ones beside it, for clocks are never quite right."""
    given = "".join(typed[:20].split())
    now = int(at // STEP)
    # All are looked at, so that the time it takes tells nothing.
    fitting = [
        step
        for step in range(now - _DRIFT, now + _DRIFT + 1)
        if hmac.compare_digest(code_at(secret, step).encode(), given.encode("utf-8", "surrogatepass"))
    ]
    return fitting[-1] if fitting else None


def shown(secret: bytes) -> str:
    """To be typed into an app by hand, four letters at a time."""
    letters = base64.b32encode(secret).decode()
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def address(secret: bytes, name: str) -> str:
    """What an app reads from a picture."""
    return f"otpauth://totp/{quote(f'Tealight:{name}', safe='')}?secret={base64.b32encode(secret).decode()}&issuer=Tealight"


def seal(keys: Sequence[str], account_id: str, secret: bytes) -> str:
    return sealed.seal_as_text(keys, _PURPOSE, account_id, secret)


def unseal(keys: Sequence[str], account_id: str, kept: str) -> bytes | None:
    """None: none of our keys made this for this account. The newest seals, all open."""
    return sealed.unseal_text(keys, _PURPOSE, account_id, kept)
