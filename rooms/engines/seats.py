"""The seats that this node holds, and how Redis is told: each node writes its whole list for a room, sealed.

Because a list is whole, telling it again heals everything: a write that failed, a server that came back empty.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

from rooms.engines import ROOM_SECONDS, Seating
from rooms.engines.keys import room_key, seats_key
from rooms.engines.seal import Seals
from rooms.engines.shards import Script, Shards

_TELL_UNLESS_OVER = Script.read("seats.lua")
_LIFE = int(ROOM_SECONDS)


class _Held:
    """Seats of one room, and how many of their changes Redis has been told."""

    def __init__(self) -> None:
        self.seats: set[str] = set()
        self.changes = 0
        self.told = 0
        self.telling = asyncio.Lock()


class Seats:
    """This node's seats are known here at once; the promise that others see them is kept when the call returns."""

    def __init__(self, node: str, shards: Shards, seals: Seals, dropped: Counter[str]) -> None:
        self._node = node
        self._shards = shards
        self._seals = seals
        self._dropped = dropped
        self._rooms: dict[str, _Held] = {}

    async def take(self, room: str, seat: str) -> None:
        held = self._rooms.setdefault(room, _Held())
        if seat not in held.seats:
            held.seats.add(seat)
            held.changes += 1
        await self._tell(room, held)

    async def leave(self, room: str, seat: str) -> None:
        if (held := self._rooms.get(room)) is not None:
            if seat in held.seats:
                held.seats.remove(seat)
                held.changes += 1
            await self._tell(room, held)

    async def read(self, room: str, breathing: Callable[[], Awaitable[frozenset[str]]]) -> Seating:
        told = await self._shards.ask(room_key(room), lambda: ("HGETALL", seats_key(room)))
        # after the lists, or the seats of a node that has just begun would seem lapsed
        nodes = await breathing()
        live: set[str] = set()
        lapsed: set[str] = set()
        for name, sealed in told.items() if isinstance(told, dict) else ():
            opened = self._seals.open("seats", room, "", 0, sealed) if isinstance(sealed, bytes) else None
            if opened is not None and opened.sender.hex().encode() == name:
                seats = opened.content.decode().splitlines()
                (live if opened.sender.hex() in nodes else lapsed).update(seats)
            else:
                self._dropped["foreign"] += 1
        return Seating(frozenset(live), frozenset(lapsed - live))

    async def tell_again(self) -> None:
        for room, held in list(self._rooms.items()):
            if held.seats:
                await self._tell_unless_over(room, held)
            else:
                await self._tell(room, held)  # to leave failed before

    async def leave_all(self) -> None:
        for room, held in list(self._rooms.items()):
            held.seats.clear()
            held.changes += 1
            await self._tell(room, held)

    def forget(self, room: str) -> None:
        self._rooms.pop(room, None)

    async def _tell(self, room: str, held: _Held) -> None:
        """A hundred arrivals at once are a few writes: who has waited finds that the whole list went already."""
        wanted = held.changes
        async with held.telling:
            await self._tell_news(room, held, wanted)
        if not held.seats and self._rooms.get(room) is held:
            del self._rooms[room]

    async def _tell_news(self, room: str, held: _Held, wanted: int) -> None:
        if held.told < wanted:
            telling = held.changes
            await self._write(room, held.seats)
            held.told = telling

    async def _tell_unless_over(self, room: str, held: _Held) -> None:
        async with held.telling:
            await self._shards.run(
                _TELL_UNLESS_OVER,
                room_key(room),
                lambda: (
                    2,
                    room_key(room),
                    seats_key(room),
                    self._node,
                    self._sealed(room, held.seats),
                    _LIFE,
                ),
            )

    async def _write(self, room: str, seats: set[str]) -> None:
        key = seats_key(room)
        if seats:
            await self._shards.ask(
                room_key(room), lambda: ("HSET", key, self._node, self._sealed(room, seats))
            )
            await self._shards.ask(room_key(room), lambda: ("EXPIRE", key, _LIFE))
        else:
            await self._shards.ask(room_key(room), lambda: ("HDEL", key, self._node))

    def _sealed(self, room: str, seats: set[str]) -> bytes:
        return self._seals.seal("seats", room, "", 0, "\n".join(seats).encode())
