"""One browser connection, whatever carries it: hello, seat, commands in, frames out, goodbye; and the WebSocket's door."""

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import Final, Protocol

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.websockets import WebSocket

from rooms import fanout
from rooms.deciding import Outcome
from rooms.engines import EngineDown, Position
from rooms.gathering import Welcome
from rooms.host import Host
from rooms.live import Actor, Command, Refusal
from rooms.live.door import Arrive
from rooms.live.words import Role
from rooms.records.away import RecordsAway
from rooms.twins import session_of
from server import wire
from server.crowd import Paces
from server.guard import own_origin
from server.home import Home, home
from server.languages import words_of
from server.line import Line
from server.pace import CLEANS_UP
from server.staff_pages import SIGN_IN_AGAIN
from server.tally import Tally
from server.websocket import line_of
from server.words import Words

HELLO_SECONDS: Final = 5.0
_MOST_TOO_FAST: Final = 40

log = logging.getLogger(__name__)

_CLOSES: Final = {
    "removed": fanout.REMOVED,
    "over": fanout.OVER,
    "unavailable": fanout.BUSY,
    "busy": fanout.BUSY,
}


class Mouth(Protocol):
    """As much of a line as somebody needs who asks and is answered."""

    def send(self, payload: bytes) -> None: ...

    def close(self, code: int, reason: str = "") -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class Speaker:
    """What a person asks of a room, frame by frame, and the answers. Nothing that a browser sends waits for anything."""

    __slots__ = ("_faults", "_paces", "_tally", "_too_fast", "_words", "actor", "host", "joined", "line")

    def __init__(
        self,
        line: Mouth,
        actor: Actor,
        host: Host,
        words: Words,
        paces: Paces,
        tally: Tally,
        *,
        joined: bool = True,
    ) -> None:
        self.line: Mouth = line
        self.actor = actor
        self.host = host
        self.joined = joined
        self._words = words
        self._tally = tally
        self._faults = 0
        self._too_fast = 0
        self._paces = paces

    def on_text(self, payload: bytes) -> None:
        match wire.parse(payload):
            case (ref, command):
                if not self.joined:
                    self._fault(wire.Fault("invalid", ref))
                elif (why := self._too_much(command)) is None:
                    self.host.submit(command, self.actor, lambda outcome: self._answer(ref, outcome), ref=ref)
                else:
                    self._slow_down(ref, why)
            case wire.Hello() as hello:
                self._on_hello(hello)
            case wire.Fault() as fault:
                self._fault(fault)

    def _on_hello(self, _: wire.Hello) -> None:
        self._fault(wire.Fault("invalid"))

    def _answer(self, ref: str, outcome: Outcome) -> None:
        if isinstance(outcome, Refusal):
            self.line.send(self._refused(ref, outcome))
        else:
            self.line.send(wire.ack(ref, outcome.seq))

    def _refused(self, ref: str | None, refusal: Refusal) -> bytes:
        self._tally.refused[refusal.why] += 1
        return wire.refused(ref, refusal.why, self._words.refusal(refusal.why), refusal.offers)

    def _fault(self, fault: wire.Fault) -> None:
        self.line.send(self._refused(fault.ref, Refusal(fault.why)))
        self._faults += 1
        if self._faults >= wire.MOST_FAULTS:
            self.line.close(wire.BROKEN)

    def _too_much(self, command: Command) -> str | None:
        """Why this cannot be heard now. What a facilitator asks for, and what cleans up, always can."""
        now = time.monotonic()
        is_first = self.actor.role is Role.FACILITATOR or command.type in CLEANS_UP
        if not self._paces.own.takes(now):
            if not is_first:
                return "too_fast"
            self.line.pause_reading()
            asyncio.get_running_loop().call_later(self._paces.own.owes(now), self.line.resume_reading)
        of_room, of_node = self._paces.shared
        return None if is_first or (of_room.takes(now) and of_node.takes(now)) else "busy"

    def _slow_down(self, ref: str, why: str) -> None:
        self.line.send(self._refused(ref, Refusal(why)))
        # That others made it busy is nobody's fault here.
        self._too_fast += why == "too_fast"
        if self._too_fast >= _MOST_TOO_FAST:
            self.line.close(wire.TOO_MANY)


class Visitor(Speaker):
    """A person's connection at a live room, from the greeting on. Every method is plain here, too.

    One for each of ten thousand people who say nothing for most of the time: it holds what it needs itself, since a
    closure beside it would take three times as much.
    """

    __slots__ = ("_after", "_has_greeted", "_hello", "_home", "_is_gone", "_is_returning", "_sign_in")

    line: Line

    def __init__(
        self, line: Line, actor: Actor, host: Host, home: Home, words: Words, sign_in: str | None
    ) -> None:
        """sign_in: of a facilitator, whose page ends when it does."""
        paces = home.crowd.paces(session_of(host.key), actor)
        super().__init__(line, actor, host, words, paces, home.tally, joined=False)
        home.tally.opened[line.way] += 1
        self._is_gone = False
        self._home = home
        self._sign_in = sign_in
        self._has_greeted = False
        self._after: Position | None = None
        self._is_returning = False
        self._hello: asyncio.TimerHandle | None = asyncio.get_running_loop().call_later(
            home.hello_seconds, self._no_hello
        )

    # From the browser

    def on_gone(self, code: int) -> None:
        self._is_gone = True
        self._home.crowd.goes(session_of(self.host.key), self.actor, self.line)
        if self._sign_in is not None:
            self._home.staff_pages.remove(self._sign_in, self.line)
        self._tally.gone[self.line.way] += 1
        self._tally.ended[code] += 1
        self._tally.too_slow += self.line.was_too_slow
        self._stop_waiting()
        if self.joined:
            self.joined = False
            self._home.house.part(self.host.key, self)

    def _on_hello(self, hello: wire.Hello) -> None:
        if self._has_greeted:
            self._fault(wire.Fault("invalid"))
            return
        self._stop_waiting()
        self._has_greeted, self._after = True, hello.at
        name = self.actor.name or hello.name
        arrive = Arrive(name=name, listening=hello.listening, connected=True, work=hello.work)
        self.host.submit(arrive, self.actor, self._arrived)

    def _arrived(self, outcome: Outcome) -> None:
        if self._is_gone:
            # Nobody would ever part it again: the person would be here for good, and never be missed.
            return
        if isinstance(outcome, Refusal):
            self.line.send(self._refused(None, outcome))
            self.line.close(_CLOSES.get(outcome.why, fanout.NOT_AVAILABLE))
            return
        seat = self.host.room.seat(self.actor.seat)
        if seat is None:
            self.line.close(fanout.OUT_OF_STEP)
            return
        self.actor = Actor(seat.id, self.actor.role, seat.name)
        self.joined = True
        after, self._after = self._after, None
        self._is_returning = after is not None
        self.host.join(self, after, newcomer=after is None and outcome.let_a_newcomer_in)

    # To the browser

    def welcome(self, welcome: Welcome) -> None:
        if self._is_returning:
            # Who waits at the door follows no order, and cannot miss any of it.
            self._is_returning = False
            self._tally.whole += welcome.resumed
            self._tally.holed += not welcome.resumed and welcome.at is not None
        self.line.send(wire.welcome(welcome))
        for frame in welcome.missed:
            self.line.send(frame)

    def _no_hello(self) -> None:
        self._hello = None
        self.line.close(wire.BROKEN)

    def _stop_waiting(self) -> None:
        if self._hello is not None:
            self._hello.cancel()
            self._hello = None


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody who asks to take up a seat. Without a host or an actor there is none, and ``code`` says why."""

    actor: Actor | None
    host: Host | None
    code: int
    sign_in: str | None


async def who_comes(connection: HTTPConnection, session: str) -> Coming:
    """Judged by the cookies that they hold. That the page is ours has been looked at."""
    ours = home(connection)
    actor: Actor | None = None
    host: Host | None = None
    code = fanout.NOT_AVAILABLE
    sign_in = ours.door.sign_in_of(connection)
    try:
        actor = await ours.door.seated(connection, session, ours.now())
        if actor is None and sign_in is not None and await ours.door.staff(connection, ours.now()) is None:
            # Whoever they were, they are not any more; which session they asked for makes no difference.
            code = SIGN_IN_AGAIN
        if actor is not None:
            host = await ours.house.host(session)
            code = fanout.OVER if host is None else code
    except (EngineDown, RecordsAway):
        code = fanout.BUSY
    return Coming(actor, host, code, sign_in)


def take_up(connection: HTTPConnection, line: Line, coming: Coming) -> None:
    """From here on the line is somebody's, or it is told why not."""
    actor, host, sign_in = coming.actor, coming.host, coming.sign_in
    if host is None or actor is None:
        line.close(coming.code)
        return
    ours = home(connection)
    session = session_of(host.key)
    full = ours.crowd.comes(session, actor, line)
    if full is not None:
        line.close(full)
        return
    sign_in = sign_in if actor.role is Role.FACILITATOR else None
    visitor = Visitor(line, actor, host, ours, words_of(connection), sign_in)
    line.listen(visitor.on_text, visitor.on_gone)
    if sign_in is not None:
        ours.staff_pages.add(sign_in, line)


async def live_socket(socket: WebSocket) -> None:
    """The upgrade of /live/{session}. A foreign page is refused before it; everybody else is told why by a close code."""
    if not own_origin(socket.scope, home(socket).settings.origins):
        await socket.send_denial_response(Response(status_code=403))
        return
    if wire.SUBPROTOCOL not in socket.scope["subprotocols"]:
        await socket.send_denial_response(Response(status_code=400))
        return
    coming = await who_comes(socket, socket.path_params["session"])
    await socket.accept(subprotocol=wire.SUBPROTOCOL)
    line = line_of(socket)
    take_up(socket, line, coming)
    await line.run()
