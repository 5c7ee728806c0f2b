"""The one clock that watches every connection of a server: who is silent, who is late, who is stuck.

Two timers per connection would be twenty thousand timers for a full house. Instead connections lie in a hundred piles and
each tick visits one pile, so that everybody is visited once per ``Patience.ping``. What is late in a phase of its life
(a request, a handshake, a goodbye) is looked for at every tick; few are in such a phase at once.
"""

import asyncio
import resource
from dataclasses import dataclass
from typing import Final, Protocol
from weakref import WeakKeyDictionary

from uvicorn.server import ServerState

PILES: Final = 100


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait, in seconds. A deadline is met with a delay of up to one tick, ``ping`` / 100.

    request, body: for the end of the headers, and then for the end of the body.
    accept: for the application to answer a WebSocket handshake.
    ping: between two visits. A visit sends a ping; a peer of which nothing came until the next is dead, one that took
        nothing of what waits for it is stuck, one that has not finished what it began to say is cut short.
    closing: for the peer's close frame after ours.
    restart: the same when the server stops.
    """

    request: float = 10.0
    body: float = 30.0
    accept: float = 10.0
    ping: float = 20.0
    closing: float = 5.0
    restart: float = 1.0


# Of the files that the process may open, for those who have not finished a request, a handshake or a goodbye.
_FOR_WAITING: Final = 0.125
_ENDLESS: Final = 1 << 20


def most_waiting() -> int:
    """Whoever opens thousands and says nothing makes room for whoever comes after them, and no address is looked at."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(8, int((_ENDLESS if files == resource.RLIM_INFINITY else files) * _FOR_WAITING))


class Late(Protocol):
    """Something that has a deadline."""

    def expired(self) -> None: ...


class Visited(Protocol):
    """Something that is visited once per ``Patience.ping``."""

    def visit(self) -> None: ...


class Sweep:
    """Visits and deadlines of the connections of one server. It sleeps while there is nobody to watch."""

    def __init__(self, loop: asyncio.AbstractEventLoop, patience: Patience) -> None:
        self.loop = loop
        self.patience = patience
        self._piles: tuple[set[Visited], ...] = tuple(set() for _ in range(PILES))
        # The oldest first: who is cut when there are too many who have not come to a point.
        self._due: dict[Late, float] = {}
        self._most = most_waiting()
        self._turn = 0
        self._timer: asyncio.TimerHandle | None = None

    def join(self, connection: Visited) -> None:
        self._pile_of(connection).add(connection)
        self._wake()

    def leave(self, connection: Visited) -> None:
        self._pile_of(connection).discard(connection)

    def expect(self, something: Late, seconds: float) -> None:
        """``something.expired()`` in that time, unless forgotten or expected anew before; or at once, where too many wait."""
        self.forget(something)
        self._due[something] = self.loop.time() + seconds
        if len(self._due) > self._most:
            oldest = next(iter(self._due))
            self.forget(oldest)
            oldest.expired()
        self._wake()

    def forget(self, something: Late) -> None:
        self._due.pop(something, None)

    def _pile_of(self, connection: Visited) -> set[Visited]:
        # The address picks the pile, so that no connection has to remember its own. Objects are at least 16 bytes apart.
        return self._piles[(id(connection) >> 4) % PILES]

    def _wake(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self.patience.ping / PILES, self._tick)

    def _tick(self) -> None:
        self._timer = None
        now = self.loop.time()
        for something in [late for late, due in self._due.items() if due <= now]:
            self.forget(something)
            something.expired()
        self._turn = (self._turn + 1) % PILES
        for connection in tuple(self._piles[self._turn]):
            connection.visit()
        if self._due or any(self._piles):
            self._wake()


_SWEEPS: WeakKeyDictionary[ServerState, dict[Patience, Sweep]] = WeakKeyDictionary()


def sweep_of(server: ServerState, patience: Patience) -> Sweep:
    """The sweep of this server. uvicorn constructs the protocols, so it cannot be handed to them as an argument."""
    sweeps = _SWEEPS.setdefault(server, {})
    if patience not in sweeps:
        sweeps[patience] = Sweep(asyncio.get_running_loop(), patience)
    return sweeps[patience]
