"""Secrets that open something, ids that only name something, and what is stored of each."""

import hashlib
import secrets

# No vowels, so that no word appears in a link by accident; nothing that is read for something else on paper.
_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
_ID_LENGTH = 16
_TOKEN_BYTES = 24
_CODE_LENGTH = 6


def new_id() -> str:
    """76 random bits: cannot be guessed or counted, and opens nothing by itself."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH))


def id_of(said: str) -> str:
    """The same for the same: what is asked for twice, because the answer to the first was lost, is there once.

    said: what was asked for, with something in it that nobody can guess.
    """
    number = int.from_bytes(hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest(), "big")
    letters = []
    for _ in range(_ID_LENGTH):
        number, letter = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[letter])
    return "".join(letters)


def new_token() -> str:
    """192 random bits in 32 URL-safe characters."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def new_code() -> str:
    """Six signs that can be said aloud: 387 million of them, so that guessing one takes longer than we let anybody try."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))


def as_code(spoken: str) -> str:
    """What somebody typed of a code that they heard: capitals, spaces and dashes are no mistake."""
    return "".join(sign for sign in spoken.casefold() if sign in _LETTERS)[: _CODE_LENGTH + 1]


def digest(token: str) -> str:
    """What is stored of a token. A copied database opens nothing; a random token needs no slow hash."""
    # What arrives in a cookie may be no text at all: half a surrogate pair must be unknown, not an error.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
