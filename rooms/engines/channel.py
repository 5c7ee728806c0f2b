"""One room as a node hears it: what comes off its channel is unsealed, checked for holes, and handed to the listeners."""

import asyncio
from collections import Counter

import msgspec

from rooms.engines import Batch, Change, Gap, Heard, Position, Whisper
from rooms.engines.listener import Listener
from rooms.engines.seal import Opened, Seals

_STRANGERS_MAY_BE_LATE = (
    30_000_000  # microseconds: a replay older than this fools nobody, even one who just came
)
_GAP = Gap()

_decoder = msgspec.msgpack.Decoder(tuple[tuple[bytes, ...], bytes | None, tuple[str, ...]])
_encoder = msgspec.msgpack.Encoder()


def packed(change: Change) -> bytes:
    return _encoder.encode((change.entries, change.controls, tuple(change.once)))


class Channel:
    """What it drops, it counts: `foreign` does not unseal, `replayed` was sealed before something already heard."""

    def __init__(self, room: str, seals: Seals, dropped: Counter[str]) -> None:
        self.room = room
        self.listeners: tuple[Listener, ...] = ()
        self.subscribed = asyncio.Event()
        self._seals = seals
        self._dropped = dropped
        self._confirmed_before = False
        self._at: Position | None = None
        self._numbers: dict[bytes, int] = {}

    def confirm(self) -> None:
        """A second confirmation means that there was a time without a subscription, whatever the reason."""
        if self._confirmed_before:
            self.gap()
        self._confirmed_before = True
        self.subscribed.set()

    def lapse(self) -> None:
        self.subscribed.clear()

    def gap(self) -> None:
        self._at = None
        self._tell(_GAP)

    def hear(self, message: bytes) -> None:
        kind, _, rest = message.partition(b" ")
        if kind == b"commit":
            self._hear_commit(rest)
        elif kind == b"whisper":
            if (opened := self._opened("whisper", "", 0, rest)) is not None:
                self._tell(Whisper(opened.content))
        else:
            self._dropped["foreign"] += 1

    def _hear_commit(self, message: bytes) -> None:
        try:
            epoch_text, seq_text, version_text, sealed = message.split(b" ", 3)
            epoch, seq, version = epoch_text.decode("ascii"), int(seq_text), int(version_text)
        except ValueError:
            self._dropped["foreign"] += 1
            return
        opened = self._opened("commit", epoch, version, sealed)
        if opened is None:
            return
        entries, controls, once = _decoder.decode(opened.content)
        at = Position(epoch, seq)
        # the number was given by Redis and is sealed by nobody: a hole is told here, for it may be a commit we dropped
        if self._at is not None:
            before = self._at.seq if self._at.epoch == epoch else 0
            if seq - len(entries) != before:
                self._tell(_GAP)
        self._at = at
        self._tell(Batch(at, version, entries, controls, once))

    def _opened(self, purpose: str, epoch: str, version: int, sealed: bytes) -> Opened | None:
        opened = self._seals.open(purpose, self.room, epoch, version, sealed)
        if opened is None:
            self._dropped["foreign"] += 1
            return None
        last = self._numbers.get(opened.sender)
        if last is None:
            last = self._seals.microseconds() - _STRANGERS_MAY_BE_LATE
        if opened.number <= last:
            self._dropped["replayed"] += 1
            return None
        self._numbers[opened.sender] = opened.number
        return opened

    def _tell(self, heard: Heard) -> None:
        for listener in self.listeners:
            listener.put(heard)
