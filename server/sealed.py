"""What the records hold and may not read: sealed under a key that is made from SECRET_KEY, for one purpose each."""

import base64
import secrets
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE: Final = 12


def seal(keys: Sequence[str], purpose: bytes, whose: str, secret: bytes) -> bytes:
    """``whose``: what it belongs to; moved elsewhere in the database it does not open."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_key(keys[0], purpose)).encrypt(nonce, secret, whose.encode())


def unseal(keys: Sequence[str], purpose: bytes, whose: str, sealed: bytes) -> bytes | None:
    """None: none of our keys made this for this owner and purpose. The newest seals, all open."""
    for key in keys:
        try:
            return AESGCM(_key(key, purpose)).decrypt(sealed[:_NONCE], sealed[_NONCE:], whose.encode())
        except InvalidTag:
            continue
    return None


def seal_as_text(keys: Sequence[str], purpose: bytes, whose: str, secret: bytes) -> str:
    """For a column of text."""
    return base64.urlsafe_b64encode(seal(keys, purpose, whose, secret)).decode()


def unseal_text(keys: Sequence[str], purpose: bytes, whose: str, sealed: str) -> bytes | None:
    """As ``unseal``."""
    return unseal(keys, purpose, whose, base64.urlsafe_b64decode(sealed))


def _key(secret_key: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(secret_key.encode())
