"""How rooms stand that other nodes host, for pages that list them: what the engine keeps of them tells, and nothing said is in it."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from rooms import codec
from rooms.engines import Engine, EngineDown
from rooms.live import Controls, LiveRoom, State, Terms
from rooms.live.turnout import band

FRESH_SECONDS: Final = 2.0


class Glance(NamedTuple):
    """As much of a room as a list may show. ``taken``: the band of the seats that are taken, facilitators not counted."""

    state: State
    taken: str


def glance(controls: Controls) -> Glance:
    return Glance(controls.state, band(controls.members))


def _read(controls: bytes) -> Glance | None:
    stands = codec.standing_of(controls)
    return None if stands is None else Glance(stands.state, band(stands.members))


class Elsewhere:
    """Asks once in two seconds about each room, however many people look."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._clock = clock
        self._known: dict[str, tuple[float, Glance | None]] = {}

    async def glances(self, rooms: Iterable[str]) -> Mapping[str, Glance]:
        """Of those that are known; nothing where nobody can be asked, or there is nobody else who could know."""
        if not self._engine.ready or not self._engine.nodes - {self._engine.node}:
            return {}
        now = self._clock()
        self._known = {room: known for room, known in self._known.items() if now < known[0] + FRESH_SECONDS}
        asked = list(rooms)
        await asyncio.gather(*(self._ask(room, now) for room in asked if room not in self._known))
        found = ((room, self._known.get(room, (now, None))[1]) for room in asked)
        return {room: known for room, known in found if known is not None}

    async def goes_on(self, room: str, terms: Terms) -> bool:
        """Whether somebody still has a word left in a room that the records say is over. Raises EngineDown.

        One that was forgotten, or called off before anybody hosted it, must not be hosted anew: its host would write down
        again that it is over, and the organiser may have taken that back.
        """
        head = await self._engine.load(room)
        if head.controls is None:
            return False
        try:
            controls = codec.decode_controls(head.controls)
        except ValueError:
            return False
        return not LiveRoom(terms, controls).is_finished

    async def _ask(self, room: str, now: float) -> None:
        try:
            head = await self._engine.load(room)
        except EngineDown:
            return
        self._known[room] = now, None if head.controls is None else _read(head.controls)
