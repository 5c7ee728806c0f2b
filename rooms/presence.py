"""Whose connections are where: what a host tells the engine about its people, and who has been missing too long.

A person is told missing only when no node holds a connection of theirs and a grace has passed, so that neither a
reload, a second tab, a tunnel nor a deploy is announced to anybody.
"""

from collections.abc import Set as AbstractSet

from rooms.engines import LIFE_SECONDS, Engine
from rooms.live import LiveRoom, Seat
from rooms.live.door import Lose
from rooms.live.words import Place, SeatId

GRACE_SECONDS = 12.0
LOOK_SECONDS = 5.0


class Presence:
    """Of one live room at this node."""

    def __init__(self, room: str, engine: Engine) -> None:
        self._room = room
        self._engine = engine
        self._told: set[SeatId] = set()
        self._missing: dict[SeatId, float] = {}
        self._looked = 0.0
        self._saw = 0.0
        self._is_blind = False
        self._settled: tuple[str, int, int] | None = None

    def went(self, seat: SeatId, at: float) -> None:
        """The last connection that a person had here is gone: from now on they may be missing."""
        self._missing[seat] = at

    def lost_sight(self) -> None:
        """The engine cannot be asked who is where."""
        self._is_blind = True

    def is_settled(self, mark: tuple[str, int, int], at: float) -> bool:
        """Nothing has changed since nothing was to be done, and it is not time to look again.

        mark: which controls the room has, and how often somebody has come here or gone: numbers, because controls that
            are kept to compare them would keep the names of people who have left.
        """
        return self._settled == mark and not self._must_look(at)

    def settle(self, mark: tuple[str, int, int]) -> None:
        """All that there was to do has been done."""
        self._settled = mark

    @staticmethod
    def found(room: LiveRoom, here: AbstractSet[SeatId]) -> list[Seat]:
        """Who is here although the room takes them for lost: whoever said so could not know better."""
        seats = room.controls.seats
        return [
            seat for each in here if (seat := seats.get(each)) is not None and seat.away_since is not None
        ]

    async def sweep(self, room: LiveRoom, here: AbstractSet[SeatId], at: float) -> list[Lose]:
        """Bring the engine up to date, and say who is lost. Raises EngineDown; asking again is all it takes."""
        if self._told != here:
            here = frozenset(here)
            for seat in here - self._told:
                await self._engine.take_seat(self._room, seat)
                self._told.add(seat)
            for seat in self._told - here:
                await self._engine.leave_seat(self._room, seat)
                self._told.discard(seat)
        return await self._look(room, at) if self._must_look(at) else []

    def _must_look(self, at: float) -> bool:
        return at >= self._looked + LOOK_SECONDS or any(
            since + GRACE_SECONDS <= at for since in self._missing.values()
        )

    async def _look(self, room: LiveRoom, at: float) -> list[Lose]:
        self._looked = at
        live = (await self._engine.seats(self._room)).live
        if self._is_blind and at > self._saw + LIFE_SECONDS:
            # Nor could any node breathe: who seems gone has only not been able to say so. The grace begins again.
            self._missing.clear()
        self._is_blind, self._saw = False, at
        present = {
            seat.id
            for seat in room.controls.seats.values()
            if seat.place is not Place.GONE and seat.away_since is None
        }
        missing = present - live
        self._missing = {seat: self._missing.get(seat, at) for seat in missing}
        return [Lose(seat, since) for seat, since in self._missing.items() if since + GRACE_SECONDS <= at]
