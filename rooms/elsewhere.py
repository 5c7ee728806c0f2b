"""How rooms stand that other nodes host, for pages that list them: what the engine keeps of them tells, and nothing said is in it."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from rooms import codec
from rooms.engines import Engine, EngineDown
from rooms.live import LiveRoom, State, Terms

FRESH_SECONDS: Final = 2.0


class Elsewhere:
    """Asks once in two seconds about each room, however many people look."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._clock = clock
        self._known: dict[str, tuple[float, State | None]] = {}

    async def states(self, rooms: Iterable[str]) -> Mapping[str, State]:
        """Of those that are known; nothing where nobody can be asked, or there is nobody else who could know."""
        if not self._engine.ready or not self._engine.nodes - {self._engine.node}:
            return {}
        now = self._clock()
        self._known = {room: known for room, known in self._known.items() if now < known[0] + FRESH_SECONDS}
        asked = list(rooms)
        await asyncio.gather(*(self._ask(room, now) for room in asked if room not in self._known))
        found = ((room, self._known.get(room, (now, None))[1]) for room in asked)
        return {room: state for room, state in found if state is not None}

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
        self._known[room] = now, None if head.controls is None else codec.state_of(head.controls)
