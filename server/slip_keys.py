"""The keys by which report slips are known, one for each session: as the records hold them, who may not read them."""

import base64
from collections.abc import Sequence
from typing import Final

from server import sealed

_PURPOSE: Final = b"tealight slip keys"


def seal(keys: Sequence[str], session_id: str, key: bytes) -> str:
    return base64.urlsafe_b64encode(sealed.seal(keys, _PURPOSE, session_id, key)).decode()


def unseal(keys: Sequence[str], session_id: str, kept: str) -> bytes | None:
    """None: none of our keys made this for this session. The newest seals, all open."""
    return sealed.unseal(keys, _PURPOSE, session_id, base64.urlsafe_b64decode(kept))
