"""Who is connected to this node, and how much of it one seat, one room and all together may use.

Counted by seat, by room and by node, never by address: a ward, a library or a network of phones has one address for all
who are there. A seat is what the door gave, signed; so nobody can have many without coming through the door many times.
"""

import asyncio
import resource
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from rooms import fanout
from rooms.live import Actor
from rooms.live.words import Role, SeatId
from server import wire
from server.pace import Bounds, Pace, PaceOfEach

TABS: Final = 5
# Of the files that the process may open: for people at live rooms; and of those, what is left to facilitators alone.
_FOR_PEOPLE: Final = 0.75
_FOR_FACILITATORS: Final = 0.05
_FOR_OURSELVES: Final = 64
_FORGET_SECONDS: Final = 60.0
_ENDLESS: Final = 1 << 20


class Closed(Protocol):
    """As much of a line as is needed here; compared by who it is."""

    def close(self, code: int, reason: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class Paces:
    """What one speaker draws from: the seat's own, the room's and the node's."""

    own: Pace
    shared: tuple[Pace, Pace]


def most_connections() -> int:
    """As many people as this process has files for; the rest is for pages, records, Redis and whoever asks after our health."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = _ENDLESS if files == resource.RLIM_INFINITY else files
    return max(1, min(int(files * _FOR_PEOPLE), files - _FOR_OURSELVES))


class _Place:
    """A seat that is connected here: what it draws from, how often it may come, and its lines, the oldest first."""

    __slots__ = ("lines", "openings", "paces")

    def __init__(self, paces: Paces, openings: Pace) -> None:
        self.paces = paces
        self.openings = openings
        self.lines: tuple[Closed, ...] = ()


class _Room:
    """A room where somebody is connected here: what all of them draw from, and their places."""

    __slots__ = ("places", "shared")

    def __init__(self, shared: tuple[Pace, Pace]) -> None:
        self.shared = shared
        self.places: dict[SeatId, _Place] = {}


class Crowd:
    """The connections of this node, be they sockets or streams.

    What a seat and a room have left of their allowances is with them while somebody is connected, and under a salted
    hash for who may come again.
    """

    def __init__(self, bounds: Bounds, most: int) -> None:
        self._most = most
        self._held_back = int(most * _FOR_FACILITATORS)
        self._here: dict[str, _Room] = {}
        self._seats: Mapping[Role, PaceOfEach] = {
            role: PaceOfEach(allowance) for role, allowance in bounds.seats.items()
        }
        self._rooms = PaceOfEach(bounds.room)
        self._openings = PaceOfEach(bounds.openings)
        self._node = Pace(bounds.node)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def lines(self, session: str, seat: SeatId) -> tuple[Closed, ...]:
        """Of one seat, the oldest first."""
        place = self._place(session, seat)
        return () if place is None else place.lines

    def paces(self, session: str, actor: Actor) -> Paces:
        """The same for every page of one seat at this node, also for one that has gone and come again."""
        place = self._place(session, actor.seat)
        if place is not None:
            return place.paces
        room = self._here.get(session)
        shared = (self._rooms.of(session), self._node) if room is None else room.shared
        return Paces(self._seats[actor.role].of(_name(session, actor)), shared)

    def comes(self, session: str, actor: Actor, line: Closed) -> int | None:
        """Count a connection in, or say with which code it has to go. The oldest of too many of one seat goes instead."""
        if self._count >= self._most - (0 if actor.role is Role.FACILITATOR else self._held_back):
            return fanout.BUSY
        place = self._place(session, actor.seat)
        openings = self._openings.of(_name(session, actor)) if place is None else place.openings
        if not openings.takes(time.monotonic()):
            return wire.TOO_MANY
        if place is None:
            place = self._take_in(session, actor)
        place.lines = (*place.lines, line)
        self._count += 1
        if len(place.lines) > TABS:
            oldest = place.lines[0]
            self.goes(session, actor, oldest)
            oldest.close(fanout.ELSEWHERE)
        return None

    def goes(self, session: str, actor: Actor, line: Closed) -> None:
        """One that is gone already is gone."""
        place = self._place(session, actor.seat)
        if place is None or line not in place.lines:
            return
        place.lines = tuple([other for other in place.lines if other is not line])
        self._count -= 1
        if not place.lines:
            self._let_out(session, actor, place)

    def forget(self, at: float) -> None:
        """Who has gone, and would be given the same allowance as anybody. ``at``: on the clock that never goes back."""
        for paces in (*self._seats.values(), self._openings, self._rooms):
            paces.forget(at)

    async def go_on_forgetting(self) -> None:
        while True:
            await asyncio.sleep(_FORGET_SECONDS)
            self.forget(time.monotonic())

    def _place(self, session: str, seat: SeatId) -> _Place | None:
        room = self._here.get(session)
        return None if room is None else room.places.get(seat)

    def _take_in(self, session: str, actor: Actor) -> _Place:
        room = self._here.get(session)
        if room is None:
            room = self._here[session] = _Room((self._rooms.lend(session), self._node))
        name = _name(session, actor)
        own, openings = self._seats[actor.role].lend(name), self._openings.lend(name)
        place = room.places[actor.seat] = _Place(Paces(own, room.shared), openings)
        return place

    def _let_out(self, session: str, actor: Actor, place: _Place) -> None:
        name, room = _name(session, actor), self._here[session]
        self._seats[actor.role].take_back(name, place.paces.own)
        self._openings.take_back(name, place.openings)
        del room.places[actor.seat]
        if not room.places:
            self._rooms.take_back(session, room.shared[0])
            del self._here[session]


def _name(session: str, actor: Actor) -> str:
    return f"{session} {actor.seat}"
