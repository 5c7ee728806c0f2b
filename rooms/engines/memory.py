"""The engine for one process: nothing to install, and any number of nodes that share a hub.

It behaves like the Redis engine to the letter (tests/engines/contract.py runs for both), so whatever is tested over two
nodes here holds there. A commit never suspends: one that returned has been queued for every listener.
"""

import secrets
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Self

from rooms.engines import (
    LIFE_SECONDS,
    RECEIPT_SECONDS,
    ROOM_SECONDS,
    AtOnce,
    Batch,
    Change,
    Committed,
    Conflict,
    Head,
    Heard,
    Hearing,
    Position,
    Repeated,
    Seating,
    Whisper,
)
from rooms.engines.listener import Listener


@dataclass(slots=True)
class _Room:
    touched: float
    epoch: str = field(default_factory=lambda: secrets.token_hex(8))
    seq: int = 0
    version: int = 0
    controls: bytes | None = field(default=None, repr=False)

    def head(self) -> Head:
        return Head(Position(self.epoch, self.seq), self.version, self.controls)

    def begin_again(self) -> None:
        self.epoch, self.seq = secrets.token_hex(8), 0


class Hub:
    """What the nodes of one process share. Tests give it their own clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.listeners: dict[str, tuple[Listener, ...]] = {}
        self.seats: dict[str, set[tuple[str, str]]] = {}
        self._rooms: dict[str, _Room] = {}
        self._receipts: dict[str, dict[str, int]] = {}
        self._expiring: deque[tuple[float, str, str]] = deque()
        self._last_breaths: dict[str, float | None] = {}  # None: breathing now

    # The order of a room

    def head(self, room: str) -> Head:
        return self._room(room, self.clock()).head()

    def commit(self, room: str, change: Change) -> Committed | Repeated | Conflict:
        now = self.clock()
        held = self._room(room, now)
        if change.once and (firsts := self._repeated(room, change.once, now)):
            return Repeated(firsts)
        if change.epoch != held.epoch or change.version != held.version:
            return Conflict(held.head())
        if change.renew:
            held.begin_again()
        before = held.seq
        held.seq += len(change.entries)
        held.touched = now
        if change.controls is not None:
            held.controls = change.controls
            held.version = max(held.version, change.renew) + 1
        for key, index in change.once.items():
            self._receipts.setdefault(room, {})[key] = min(before + 1 + index, held.seq)
            self._expiring.append((now + RECEIPT_SECONDS, room, key))
        at = Position(held.epoch, held.seq)
        self.tell(room, Batch(at, held.version, change.entries, change.controls, tuple(change.once)))
        return Committed(at, held.version)

    def tell(self, room: str, heard: Heard) -> None:
        for listener in self.listeners.get(room, ()):
            listener.put(heard)

    def forget(self, room: str) -> None:
        self._rooms.pop(room, None)
        self.seats.pop(room, None)

    def _room(self, room: str, now: float) -> _Room:
        if (held := self._rooms.get(room)) is not None and held.touched + ROOM_SECONDS > now:
            return held
        for stale in [name for name, held in self._rooms.items() if held.touched + ROOM_SECONDS <= now]:
            self.forget(stale)
        self._rooms[room] = held = _Room(now)
        return held

    def _repeated(self, room: str, once: Mapping[str, int], now: float) -> dict[str, int]:
        while self._expiring and self._expiring[0][0] <= now:
            _, old_room, old_key = self._expiring.popleft()
            receipts = self._receipts[old_room]
            del receipts[old_key]
            if not receipts:
                del self._receipts[old_room]
        known = self._receipts.get(room)
        if known is None or known.keys().isdisjoint(once):
            return {}
        return {key: known[key] for key in once if key in known}

    # Who is there

    def breathe(self, node: str) -> None:
        self._last_breaths[node] = None

    def stop_breathing(self, node: str) -> None:
        self._last_breaths[node] = self.clock()

    def leave(self, node: str) -> None:
        self._last_breaths.pop(node, None)
        for room, held in list(self.seats.items()):
            held -= {hold for hold in held if hold[1] == node}
            if not held:
                del self.seats[room]

    def breathing(self) -> frozenset[str]:
        dead_since = self.clock() - LIFE_SECONDS
        return frozenset(
            node for node, last in self._last_breaths.items() if last is None or last > dead_since
        )


class MemoryEngine:
    """One node on a hub; without one, a node by itself."""

    def __init__(self, hub: Hub | None = None) -> None:
        self.node = secrets.token_hex(8)
        self._hub = hub or Hub()
        self._listeners: dict[Listener, str] = {}
        self._open = False

    @property
    def ready(self) -> bool:
        return self._open

    @property
    def nodes(self) -> frozenset[str]:
        return self._hub.breathing()

    @property
    def dropped(self) -> Mapping[str, int]:
        return {}

    async def __aenter__(self) -> Self:
        self._open = True
        self._hub.breathe(self.node)
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._go()
        self._hub.leave(self.node)

    def vanish(self) -> None:
        """End as by kill -9: no goodbye, so this node's seats lapse when its life runs out. For tests of two nodes."""
        self._go()
        self._hub.stop_breathing(self.node)

    @property
    def at_once(self) -> AtOnce | None:
        return self._hub.commit

    async def load(self, room: str) -> Head:
        return self._hub.head(room)

    async def commit(self, room: str, change: Change) -> Committed | Repeated | Conflict:
        return self._hub.commit(room, change)

    @asynccontextmanager
    async def listen(self, room: str) -> AsyncIterator[Hearing]:
        listener = Listener()
        self._listeners[listener] = room
        self._hub.listeners[room] = (*self._hub.listeners.get(room, ()), listener)
        try:
            yield listener
        finally:
            self._drop(listener)

    async def whisper(self, room: str, note: bytes) -> None:
        self._hub.tell(room, Whisper(note))

    async def take_seat(self, room: str, seat: str) -> None:
        self._hub.seats.setdefault(room, set()).add((seat, self.node))

    async def leave_seat(self, room: str, seat: str) -> None:
        self._hub.seats.get(room, set()).discard((seat, self.node))

    async def seats(self, room: str) -> Seating:
        held = self._hub.seats.get(room, set())
        breathing = self._hub.breathing()
        live = frozenset(seat for seat, node in held if node in breathing)
        return Seating(live, frozenset(seat for seat, _ in held) - live)

    async def forget(self, room: str) -> None:
        self._hub.forget(room)

    def _go(self) -> None:
        self._open = False
        for listener in list(self._listeners):
            listener.close()
            self._drop(listener)

    def _drop(self, listener: Listener) -> None:
        if (room := self._listeners.pop(listener, None)) is None:
            return
        others = tuple(other for other in self._hub.listeners[room] if other is not listener)
        if others:
            self._hub.listeners[room] = others
        else:
            del self._hub.listeners[room]
