"""Who is connected to this node, and how much of it one seat, one room and all together may use.

Counted by seat, by room and by node, never by address: a ward, a library or a network of phones has one address for all
who are there. A seat is what the door gave, signed; so nobody can have many without coming through the door many times.
"""

import asyncio
import resource
import time
from collections import OrderedDict
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


class Crowd:
    """The connections of this node, be they sockets or streams."""

    def __init__(self, bounds: Bounds, most: int) -> None:
        self._most = most
        self._held_back = int(most * _FOR_FACILITATORS)
        self._tabs: dict[tuple[str, SeatId], OrderedDict[Closed, None]] = {}
        self._seats: Mapping[Role, PaceOfEach] = {
            role: PaceOfEach(allowance) for role, allowance in bounds.seats.items()
        }
        self._rooms = PaceOfEach(bounds.room)
        self._openings = PaceOfEach(bounds.openings)
        self._node = Pace(bounds.node)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def paces(self, session: str, actor: Actor) -> Paces:
        """The same for every page of one seat at this node, also for one that has gone and come again."""
        own = self._seats[actor.role].of(f"{session} {actor.seat}")
        return Paces(own, (self._rooms.of(session), self._node))

    def comes(self, session: str, actor: Actor, line: Closed) -> int | None:
        """Count a connection in, or say with which code it has to go. The oldest of too many of one seat goes instead."""
        if self._count >= self._most - (0 if actor.role is Role.FACILITATOR else self._held_back):
            return fanout.BUSY
        if not self._openings.takes(f"{session} {actor.seat}", time.monotonic()):
            return wire.TOO_MANY
        tabs = self._tabs.setdefault((session, actor.seat), OrderedDict())
        tabs[line] = None
        self._count += 1
        if len(tabs) > TABS:
            oldest = next(iter(tabs))
            self.goes(session, actor, oldest)
            oldest.close(fanout.ELSEWHERE)
        return None

    def forget(self, at: float) -> None:
        """Who has gone, and would be given the same allowance as anybody. ``at``: on the clock that never goes back."""
        here = [f"{session} {seat}" for session, seat in self._tabs]
        for paces in (*self._seats.values(), self._openings):
            paces.forget(at, here)
        self._rooms.forget(at, {session for session, _ in self._tabs})

    async def go_on_forgetting(self) -> None:
        while True:
            await asyncio.sleep(_FORGET_SECONDS)
            self.forget(time.monotonic())

    def goes(self, session: str, actor: Actor, line: Closed) -> None:
        """One that is gone already is gone."""
        tabs = self._tabs.get((session, actor.seat), OrderedDict())
        if line in tabs:
            del tabs[line]
            self._count -= 1
            if not tabs:
                del self._tabs[session, actor.seat]
