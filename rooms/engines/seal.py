"""What enters Redis is sealed, and what comes out of it is a hint until it unseals.

Redis shows what passes through it in many places: SLOWLOG, MONITOR, replicas, crash reports. It sees ciphertext there,
and whoever can write to it can neither read, alter nor invent a word. Replays are caught by the sender's running number,
which is also the time in microseconds: it only ever grows, and an old one from a stranger is told by its age.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NODE_BYTES = 8
_HEADER_BYTES = NODE_BYTES + 8
_NONCE_PAD = bytes(4)
_MAX_KEYS = 20_000


@dataclass(frozen=True, slots=True)
class Opened:
    """What a node of ours sealed, its id, and its running number at that time."""

    sender: bytes
    number: int
    content: bytes = field(repr=False)


class Seals:
    """Seals as one node, opens what any node sealed. Several secrets: the first seals, all of them open."""

    def __init__(self, secrets: str, node: bytes, now: Callable[[], float] = time.time) -> None:
        self._secrets = [secret.encode() for part in secrets.split(",") if (secret := part.strip())]
        self._node = node
        self._now = now
        self._number = 0
        # a key serves one room and one sender, so the sender's running number is a nonce that cannot come twice
        self._keys: dict[tuple[str, bytes], tuple[AESGCM, ...]] = {}

    @property
    def can_seal(self) -> bool:
        return bool(self._secrets)

    def microseconds(self) -> int:
        return int(self._now() * 1e6)

    def seal(self, purpose: str, room: str, epoch: str, version: int, content: bytes) -> bytes:
        # monotonic whatever the clock does, so the nonce of a key never comes twice
        number = self.microseconds()
        if number <= self._number:
            number = self._number + 1
        self._number = number
        if (keys := self._keys.get((room, self._node))) is None:
            keys = self._remember(room, self._node, self._derive(room, self._node))
        count = number.to_bytes(8, "big")
        header = self._node + count
        bound = f"{purpose} {epoch} {version} {room}".encode() + header
        return header + keys[0].encrypt(_NONCE_PAD + count, content, bound)

    def open(self, purpose: str, room: str, epoch: str, version: int, sealed: bytes) -> Opened | None:
        header = sealed[:_HEADER_BYTES]
        if len(header) < _HEADER_BYTES:
            return None
        sender, count = header[:NODE_BYTES], header[NODE_BYTES:]
        known = self._keys.get((room, sender))
        bound = f"{purpose} {epoch} {version} {room}".encode() + header
        keys = known or self._derive(room, sender)
        for key in keys:
            try:
                content = key.decrypt(_NONCE_PAD + count, sealed[_HEADER_BYTES:], bound)
            except InvalidTag:
                continue
            if known is None:  # only now: an invented sender must not cost us memory
                self._remember(room, sender, keys)
            return Opened(sender, int.from_bytes(count, "big"), content)
        return None

    def _derive(self, room: str, sender: bytes) -> tuple[AESGCM, ...]:
        info = room.encode() + b" " + sender
        return tuple(
            AESGCM(HKDF(SHA256(), 32, salt=b"tealight engine 1", info=info).derive(secret))
            for secret in self._secrets
        )

    def _remember(self, room: str, sender: bytes, keys: tuple[AESGCM, ...]) -> tuple[AESGCM, ...]:
        if len(self._keys) >= _MAX_KEYS:
            self._keys.clear()
        self._keys[room, sender] = keys
        return keys
