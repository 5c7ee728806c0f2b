"""The other hosts of a room: who lacks a stretch of its last minutes asks them, and who has it answers.

Both go over the room's own channel, where the engine seals them, as whispers: unnumbered, never stored, never shown.
Told are frames, not events: each was made for one audience out of the room as it was then, and is blanked when it is
taken back. Made anew from an event, by a node that only knows the room as it is now, it could be shown to the wrong one.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import msgspec

from rooms.bell import Bell
from rooms.engines import Engine, EngineDown, Position
from rooms.ring import Ring, Stretch

ANSWER_SECONDS: Final = 0.8
ASK_AGAIN_SECONDS: Final = 5.0
MOST_WAITING: Final = 8
_ASK: Final = b"ask "
_TELL: Final = b"tell "


@dataclass(frozen=True, slots=True)
class Ask:
    """Who has what is numbered above ``since``, up to and including ``upto``?"""

    node: str
    epoch: str
    since: int
    upto: int


_encode: Final = msgspec.msgpack.Encoder().encode
_asks: Final = msgspec.msgpack.Decoder(Ask)
_tells: Final = msgspec.msgpack.Decoder(Stretch)


class Neighbours:
    """Of one host. ``speak`` is run as a task; every other method is plain and quick."""

    def __init__(self, room: str, engine: Engine, ring: Ring, clock: Callable[[], float]) -> None:
        self._room = room
        self._engine = engine
        self._ring = ring
        self._clock = clock
        self._notes: list[bytes] = []
        self._waiting = Bell()
        self._asked: tuple[tuple[int, int], float] | None = None
        self._answered: dict[str, float] = {}

    @property
    def exist(self) -> bool:
        """Some other node breathes; whether it hosts this room is its own business."""
        return bool(self._engine.nodes - {self._engine.node})

    def ask(self, at: Position) -> bool:
        """Ask for all that the ring is without. True: it has been asked for, now or not long ago, so an answer may come."""
        wanted, now = self._ring.wanted, self._clock()
        if wanted is None or not self.exist:
            return False
        if self._asked is None or self._asked[0] != wanted or now >= self._asked[1] + ASK_AGAIN_SECONDS:
            self._asked = (wanted, now)
            self._say(_ASK + _encode(Ask(self._engine.node, at.epoch, *wanted)))
        return True

    def hear(self, note: bytes, at: Position) -> None:
        """A whisper of this room, one's own among them. ``at``: where this host is.

        What cannot be read is of another version, and nothing to us.
        """
        try:
            if note.startswith(_ASK):
                self._answer(_asks.decode(note[len(_ASK) :]), at)
            elif note.startswith(_TELL):
                self._ring.fill(_tells.decode(note[len(_TELL) :]), self._clock())
        except msgspec.DecodeError:
            pass

    async def speak(self) -> None:
        """Say what is to be said, until cancelled. What the engine does not take is not said: whoever asked gives up."""
        while True:
            await self._waiting.wait()
            self._waiting.clear()
            while self._notes:
                await self._whisper(self._notes.pop(0))

    async def hand_over(self, at: Position) -> None:
        """This node goes: whoever lacks anything that it has is told, unasked."""
        stretch = self._ring.stretch(at, 0, at.seq)
        if self.exist and stretch.kept:
            await self._whisper(_TELL + _encode(stretch))

    async def _whisper(self, note: bytes) -> None:
        with suppress(EngineDown):
            await self._engine.whisper(self._room, note)

    def _answer(self, ask: Ask, at: Position) -> None:
        now = self._clock()
        if ask.node == self._engine.node or ask.epoch != at.epoch or at.seq < ask.upto:
            return
        # Nobody has a reason to ask more often, and an answer costs much more than a question.
        self._answered = {
            node: since for node, since in self._answered.items() if now < since + ANSWER_SECONDS
        }
        stretch = self._ring.stretch(at, ask.since, ask.upto)
        if ask.node not in self._answered and stretch.since < ask.upto:
            self._answered[ask.node] = now
            self._say(_TELL + _encode(stretch))

    def _say(self, note: bytes) -> None:
        if len(self._notes) < MOST_WAITING:
            self._notes.append(note)
            self._waiting.set()
