"""Moving opaque bytes between the processes that host a room.

An engine gives each room one total order. It knows no rule and reads no entry: a commit is a compare-and-set on the
room's version, and everybody who listens, the committer included, is handed the same entries under the same numbers.

What both engines promise:

order      one total order per room; ``seq`` is dense from 1 within an epoch; every listener sees the same
           (a server that falls back to an older copy gives numbers twice: the hosts see it, and ``renew`` the room)
commit     one atomic step, checks in this order: repeat? -> epoch and version? -> number -> store controls -> publish
delivery   at most once to a listener; a loss is always reported as a ``Gap`` before anything later
repeat     a receipt is kept for two minutes; a change that names it again, be it one of many, publishes nothing and is
           told the first seq
joining    listen, then load, then drop batches at or before the head
recovery   not the engine's business: it stores no entry
presence   a seat is alive while its node breathes; the engine never announces it
aliasing   bytes only; delivery goes through a bounded queue, never inline
keeping    what an engine remembers of a room it forgets a day after the last commit, if nobody said `forget`
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol, Self

import msgspec

RECEIPT_SECONDS = 120.0
BREATH_SECONDS = 5.0
LIFE_SECONDS = 15.0
ROOM_SECONDS = 86_400.0
QUEUE_BATCHES = 1024

_NONE: Mapping[str, int] = MappingProxyType({})


# What each message makes is a Struct: making a frozen dataclass takes ten times as long. It holds nothing that could hold it,
# so that the garbage collector need not look at it.


class Position(msgspec.Struct, frozen=True, order=True, gc=False):
    """Where in a room's order: ``seq`` counts entries within an ``epoch``. Epochs are random and compare only as equal."""

    epoch: str
    seq: int


@dataclass(frozen=True, slots=True)
class Head:
    """The newest of a room: its position, the version of its controls, and the controls (None: nothing stored yet)."""

    at: Position
    version: int
    controls: bytes | None = field(repr=False)


class Change(msgspec.Struct, frozen=True, gc=False):
    """What a host asks to append.

    epoch, version: those its decision was made on; any other head is a ``Conflict``.
    entries: what to number and publish, in order; may be empty when only the controls change.
    controls: the new controls, or None to leave controls and version as they are.
    once: receipt key -> index of the entry it stands for (in a change without entries it stands for the head). Keys are
        unique to a room, 1-80 ASCII characters.
    renew: above 0, the version that these controls had before the engine lost something; the new version is above both,
        and the room begins a new epoch, because numbers that were given once may have stood for something else.
    """

    epoch: str
    version: int
    entries: tuple[bytes, ...]
    controls: bytes | None = None
    once: Mapping[str, int] = _NONE
    renew: int = 0

    def __repr__(self) -> str:
        return (
            f"Change({self.epoch!r}, {self.version}, {len(self.entries)} entries)"  # which are what was said
        )


class Committed(msgspec.Struct, frozen=True, gc=False):
    """Appended: ``at`` is the position of the last entry, ``version`` the room's version now."""

    at: Position
    version: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """Nothing was appended, because these receipts exist already: key -> the seq that the first commit gave.

    Only the repeated keys are named: take those out and commit the rest. A seq is of the epoch of that first commit.
    """

    firsts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Nothing was appended, because the room is not where the decision thought. Decide again from ``head``."""

    head: Head


class Batch(msgspec.Struct, frozen=True, gc=False):
    """Entries of one commit. ``at`` is the position of the last; the first has ``at.seq - len(entries) + 1``.

    ``controls`` rides along when the commit changed them, so that a listener never has to ask; ``once`` names the receipts
    that it gave, which an engine may lose with everything else.
    """

    at: Position
    version: int
    entries: tuple[bytes, ...]
    controls: bytes | None = None
    once: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Batch({self.at}, {self.version}, {len(self.entries)} entries)"  # as of a Change


@dataclass(frozen=True, slots=True)
class Whisper:
    """A transient note to every host of the room: unnumbered, best effort, never stored."""

    note: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something may have been lost. Load the head again before trusting what follows."""


@dataclass(frozen=True, slots=True)
class Seating:
    """Who is connected: ``live`` on a breathing node, ``lapsed`` on a node that stopped breathing."""

    live: frozenset[str]
    lapsed: frozenset[str]


class EngineUnusable(Exception):  # noqa: N818  a state of the engine, read as a word
    """The engine cannot be used as it is set up. The message is one line for the person who set it up."""


class EngineDown(Exception):  # noqa: N818  as above
    """The engine cannot be reached. ``sent``: the change may have been appended all the same; repeating it is safe."""

    def __init__(self, *, sent: bool) -> None:
        super().__init__("the engine cannot be reached")
        self.sent = sent


Heard = Batch | Whisper | Gap
AtOnce = Callable[[str, Change], Committed | Repeated | Conflict]


class Hearing(Protocol):
    """What is heard of one room, in order; iterating waits for more, and ends when the engine is left.

    The one reader may also take what has come already, so that nobody waits for a task to be woken.
    """

    @property
    def waiting(self) -> Heard | None:
        """What would be heard next; None: it has not come yet."""

    def take(self) -> Heard:
        """Hear what is ``waiting``."""

    def __aiter__(self) -> AsyncIterator[Heard]: ...

    async def __anext__(self) -> Heard: ...


class Engine(Protocol):
    """Eight verbs. An async context manager; leaving it ends its tasks and listeners and gives up this node's seats.

    Entering raises EngineUnusable when it cannot work at all. Every verb raises EngineDown, within two seconds, when the
    engine does not answer; what was asked for may be asked again.
    """

    node: str

    @property
    def ready(self) -> bool:
        """This node can commit and hears what is committed. False: rooms should say that they are paused."""

    @property
    def nodes(self) -> frozenset[str]:
        """The nodes that breathe, this one included, as of this node's last breath."""

    @property
    def dropped(self) -> Mapping[str, int]:
        """How many payloads were not what they should be, by kind: foreign, replayed."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exc: object) -> None: ...

    @property
    def at_once(self) -> AtOnce | None:
        """``commit``, where nobody has to wait for an answer; None: everybody has to, now or always.

        What it appended has been queued for all who listen at this node by the time it returns.
        """

    async def load(self, room: str) -> Head:
        """The newest of a room; a room never heard of begins an epoch at seq 0, version 0, no controls."""

    async def commit(self, room: str, change: Change) -> Committed | Repeated | Conflict:
        """Append, or say why not."""

    def listen(self, room: str) -> AbstractAsyncContextManager[Hearing]:
        """From entering the context on, everything that is committed, as it is committed. For one reader."""

    async def whisper(self, room: str, note: bytes) -> None:
        """Tell every host of the room, this one included; nobody may be listening, and that is fine.

        Up to a megabyte. It is heard after every commit that this node has heard of, by a load or by listening.
        """

    async def take_seat(self, room: str, seat: str) -> None:
        """This node holds a connection of that seat now. Held until left, or until the node stops breathing."""

    async def leave_seat(self, room: str, seat: str) -> None:
        """This node holds no connection of that seat any more."""

    async def seats(self, room: str) -> Seating:
        """Which seats have a connection somewhere. A seat that is live on any node has not lapsed."""

    async def forget(self, room: str) -> None:
        """The session is over: drop every trace but receipts, which expire by themselves."""


def open_engine(url: str | None, *, secret: str) -> Engine:
    """The engine for a ``REDIS_URL``; None is the memory engine, for one process.

    Several secrets, separated by commas: the first seals, all of them open. An URL that is wrong is told on entering.
    """
    if url is None:
        from rooms.engines.memory import MemoryEngine  # noqa: PLC0415  one engine is loaded, not both

        return MemoryEngine()
    else:
        from rooms.engines.redis import RedisEngine  # noqa: PLC0415  as above

        return RedisEngine(url, secret=secret)
