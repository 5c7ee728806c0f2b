"""What every node holds of a room at this moment. Each is asked and looks for itself: none answers for another.

Questions and answers are whispers in a channel that every house listens to, sealed like everything else. Asked is for one
person, and told is what that person may know: numbers, and never a word or a name.
"""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from rooms.engines import Engine, EngineDown, Whisper
from rooms.host import Host
from rooms.live.state import LiveRoom, Recent, Seat
from rooms.live.words import OVER, Audience, Place, Role, SeatId

# The ids of rooms are letters and digits: none is called that.
CHANNEL: Final = "what-exists"
ANSWER_SECONDS: Final = 0.8
RETRY_SECONDS: Final = 0.5
# Of questions that wait: whoever asks more often than that is told that the others did not answer.
MOST_ASKED: Final = 100
_ASK: Final = b"ask "
_TELL: Final = b"tell "


@dataclass(frozen=True, slots=True)
class Holds:
    """What one node holds, as far as the person who asks may know.

    hosts: it holds this room at all. Everything else is said of a room that it hosts.
    inside: of a session that is on, the person is inside, and may know how much is said there.
    messages: for who lost touch; ``oldest``: when what is held of what happened began, in seconds since 1970.
    notes: of private lines that they can read; ``beside``: proposals, questions, what waits for a look.
    names: of people who are here or wait. copies: how often a facilitator kept one.
    words: the session is over, and something that was said in it has not been forgotten here.
    private: something that was written privately after the end. members, facilitators: names of theirs, after the end.
    counted: how many came will be kept, or is, as a band.
    """

    hosts: bool = False
    over: bool = False
    inside: bool = False
    messages: int = 0
    oldest: float | None = None
    notes: int = 0
    beside: int = 0
    names: int = 0
    copies: int = 0
    words: bool = False
    private: bool = False
    members: bool = False
    facilitators: bool = False
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Everywhere:
    """``here``: at the node that was asked. ``others``: at those that answered it. ``silent``: how many did not."""

    here: Holds
    others: tuple[Holds, ...] = ()
    silent: int = 0


@dataclass(frozen=True, slots=True)
class _Ask:
    number: str
    node: str
    room: str
    seat: SeatId


@dataclass(frozen=True, slots=True)
class _Tell:
    number: str
    node: str
    holds: Holds


@dataclass(slots=True)
class _Waiting:
    """The nodes that have not answered yet, and what the others did."""

    nodes: set[str]
    answers: dict[str, Holds] = field(default_factory=dict)
    done: asyncio.Event = field(default_factory=asyncio.Event)


_encode: Final = msgspec.msgpack.Encoder().encode
_asks: Final = msgspec.msgpack.Decoder(_Ask)
_tells: Final = msgspec.msgpack.Decoder(_Tell)


def held(host: Host | None, seat_id: SeatId) -> Holds:
    """What this process holds, looked at now."""
    if host is None:
        return Holds()
    room, seat = host.room, host.room.seat(seat_id)
    found = Holds(hosts=True, copies=room.controls.tally.get("copy_kept", 0), counted=room.controls.counts)
    if room.state in OVER:
        return _held_after(found, room, host.people.ring.oldest)
    if seat is None or not seat.inside:
        return found
    kept = host.people.ring.held_for(seat)
    facilitates = seat.audience is Audience.FACILITATOR
    lines = room.recent.lines
    return replace(
        found,
        inside=True,
        messages=sum(1 for each in kept if each.message is not None),
        oldest=kept[0].at if kept else None,
        notes=sum(map(len, lines.values())) if facilitates else len(lines.get(seat.id, ())),
        beside=_beside(room.recent, seat, facilitates=facilitates),
        names=sum(1 for each in room.controls.seats.values() if each.place is not Place.GONE),
    )


def _beside(recent: Recent, seat: Seat, *, facilitates: bool) -> int:
    looks = sum(1 for each in recent.looked_at.values() if facilitates or each.seat == seat.id)
    public = len(recent.proposals) + len(recent.today) + len(recent.question)
    return looks + public + (len(recent.backchannel) + len(recent.flags) if facilitates else 0)


def _held_after(found: Holds, room: LiveRoom, oldest: float | None) -> Holds:
    # What is said privately after the end, if anything can be, is no word of the session.
    during = replace(room.recent, lines={}, backchannel=())
    roles = {seat.role for seat in room.controls.seats.values()}
    return replace(
        found,
        over=True,
        words=(oldest is not None and oldest <= room.controls.since) or during != Recent(),
        private=bool(room.recent.lines or room.recent.backchannel),
        members=bool(roles - {Role.FACILITATOR}),
        facilitators=Role.FACILITATOR in roles,
    )


class Receipts:
    """Of one house. ``answer`` is run as a task."""

    def __init__(
        self, engine: Engine, hosted: Callable[[str], Host | None], answer_seconds: float = ANSWER_SECONDS
    ) -> None:
        self._engine = engine
        self._hosted = hosted
        self._answer_seconds = answer_seconds
        self._asked: dict[str, _Waiting] = {}

    async def everywhere(self, room: str, seat: SeatId) -> Everywhere:
        """Ask every node that breathes, and wait for a moment."""
        here = held(self._hosted(room), seat)
        others = set(self._engine.nodes - {self._engine.node})
        if not others:
            return Everywhere(here)
        if len(self._asked) >= MOST_ASKED:
            return Everywhere(here, silent=len(others))
        number, waiting = secrets.token_hex(8), _Waiting(others)
        self._asked[number] = waiting
        try:
            await self._engine.whisper(CHANNEL, _ASK + _encode(_Ask(number, self._engine.node, room, seat)))
            async with asyncio.timeout(self._answer_seconds):
                await waiting.done.wait()
        except (EngineDown, TimeoutError):
            pass
        finally:
            del self._asked[number]
        return Everywhere(here, tuple(waiting.answers.values()), len(waiting.nodes))

    async def answer(self) -> None:
        """Listen until cancelled. While the engine is away nobody is answered, and who asks is told that they were not."""
        while True:
            with suppress(EngineDown):
                async with self._engine.listen(CHANNEL) as hearing:
                    async for item in hearing:
                        if isinstance(item, Whisper):
                            await self._hear(item.note)
            await asyncio.sleep(RETRY_SECONDS)

    async def _hear(self, note: bytes) -> None:
        # What cannot be read is of another version, and nothing to us.
        with suppress(msgspec.DecodeError):
            if note.startswith(_ASK):
                await self._tell(_asks.decode(note[len(_ASK) :]))
            elif note.startswith(_TELL):
                self._told(_tells.decode(note[len(_TELL) :]))

    async def _tell(self, ask: _Ask) -> None:
        if ask.node == self._engine.node:
            return
        found = held(self._hosted(ask.room), ask.seat)
        with suppress(EngineDown):
            await self._engine.whisper(CHANNEL, _TELL + _encode(_Tell(ask.number, self._engine.node, found)))

    def _told(self, tell: _Tell) -> None:
        waiting = self._asked.get(tell.number)
        if waiting is None or tell.node == self._engine.node:
            return
        waiting.answers[tell.node] = tell.holds
        waiting.nodes.discard(tell.node)
        if not waiting.nodes:
            waiting.done.set()
