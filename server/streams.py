"""The streams of this node, by the names under which their pages post; and what a name proves where its stream is not.

A name is the node's, a secret, and a signature for one seat in one session: nobody can make one up, and one that got
about opens nothing without the cookie of that seat. It is remembered for as long as its stream is open.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from itsdangerous import BadSignature, Signer

from rooms.live.words import SeatId
from server.stream_line import StreamLine

_LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Stream:
    """An open one. ``sign_in``: whose it is, of whoever facilitates by one; everybody else is known by their seat."""

    line: StreamLine
    session: str
    seat: SeatId
    sign_in: str | None


class Streams:
    def __init__(self, keys: Sequence[str]) -> None:
        self.node = secrets.token_hex(6)
        self._keys = list(reversed(keys))  # the newest signs, all are believed
        self._open: dict[str, Stream] = {}

    def __len__(self) -> int:
        return len(self._open)

    def add(self, stream: Stream) -> str:
        """Returns its name."""
        secret = f"{self.node}~{secrets.token_urlsafe(18)}"
        name = self._signer(stream.session, stream.seat).sign(secret).decode("ascii")
        self._open[name] = stream
        return name

    def remove(self, name: str) -> None:
        del self._open[name]

    def find(self, name: str) -> Stream | None:
        return self._open.get(name)

    def node_of(self, name: str, session: str, seat: SeatId) -> str | None:
        """Which node gave this name to this seat; None: none of ours did."""
        if len(name) > _LONGEST_NAME:
            return None
        try:
            signed = self._signer(session, seat).unsign(name.encode("utf-8", "surrogatepass"))
        except BadSignature:
            return None
        return signed.partition(b"~")[0].decode("ascii")

    def _signer(self, session: str, seat: SeatId) -> Signer:
        return Signer(self._keys, salt=f"stream of {seat} in {session}", digest_method=hashlib.sha256)
