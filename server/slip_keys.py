"""The keys by which report slips are known, one for each session: as the records hold them, who may not read them."""

from collections.abc import Sequence
from typing import Final

from server import sealed

_PURPOSE: Final = b"tealight slip keys"


def seal(keys: Sequence[str], session_id: str, key: bytes) -> str:
    return sealed.seal_as_text(keys, _PURPOSE, session_id, key)


def unseal(keys: Sequence[str], session_id: str, kept: str) -> bytes | None:
    """None: none of our keys made this for this session. The newest seals, all open."""
    return sealed.unseal_text(keys, _PURPOSE, session_id, kept)
