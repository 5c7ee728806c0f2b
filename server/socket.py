"""One browser connection: hello, seat, commands in, frames out, goodbye."""

import asyncio
import logging
import time
from typing import Final

from starlette.responses import Response
from starlette.websockets import WebSocket

from rooms import fanout
from rooms.deciding import Outcome
from rooms.engines import EngineDown
from rooms.gathering import Welcome
from rooms.host import Host
from rooms.house import House
from rooms.live import Actor, Command, Refusal
from rooms.live.door import Arrive
from rooms.live.words import Role
from server import wire
from server.guard import own_origin
from server.home import home
from server.line import Line, OnGone
from server.pace import CLEANS_UP, Allowance, Pace
from server.staff_pages import SIGN_IN_AGAIN, StaffPages
from server.websocket import line_of
from server.words import Words, choose

HELLO_SECONDS: Final = 5.0
_MOST_TOO_FAST: Final = 40

log = logging.getLogger(__name__)

_CLOSES: Final = {
    "removed": fanout.REMOVED,
    "over": fanout.OVER,
    "unavailable": fanout.BUSY,
    "busy": fanout.BUSY,
}


class Visitor:
    """A person's connection at a live room. Every method is plain: nothing that a browser sends waits for anything."""

    __slots__ = (
        "_after",
        "_faults",
        "_hello",
        "_house",
        "_is_gone",
        "_pace",
        "_too_fast",
        "_words",
        "actor",
        "host",
        "joined",
        "line",
    )

    def __init__(
        self,
        line: Line,
        actor: Actor,
        host: Host,
        house: House,
        words: Words,
        hello_seconds: float,
        allowance: Allowance,
    ) -> None:
        self.line = line
        self.actor = actor
        self.host = host
        self.joined = False
        self._is_gone = False
        self._house = house
        self._words = words
        self._faults = 0
        self._too_fast = 0
        self._pace = Pace(allowance)
        self._after: wire.Hello | None = None
        self._hello: asyncio.TimerHandle | None = asyncio.get_running_loop().call_later(
            hello_seconds, self._no_hello
        )

    # From the browser

    def on_text(self, payload: bytes) -> None:
        match wire.parse(payload):
            case (ref, command):
                if not self.joined:
                    self._fault(wire.Fault("invalid", ref))
                elif self._is_in_time(command):
                    self.host.submit(command, self.actor, lambda outcome: self._answer(ref, outcome), ref=ref)
                else:
                    self._slow_down(ref)
            case wire.Hello() as hello:
                self._on_hello(hello)
            case wire.Fault() as fault:
                self._fault(fault)

    def on_gone(self, code: int) -> None:
        self._is_gone = True
        self._stop_waiting()
        if self.joined:
            self.joined = False
            self._house.part(self.host.key, self)

    def _on_hello(self, hello: wire.Hello) -> None:
        if self._after is not None:
            self._fault(wire.Fault("invalid"))
            return
        self._stop_waiting()
        self._after = hello
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
        if seat is None or self._after is None:
            self.line.close(fanout.OUT_OF_STEP)
            return
        self.actor = Actor(seat.id, self.actor.role, seat.name)
        self.joined = True
        after = self._after.at
        self.host.join(self, after, newcomer=after is None and outcome.let_a_newcomer_in)

    def _answer(self, ref: str, outcome: Outcome) -> None:
        if isinstance(outcome, Refusal):
            self.line.send(self._refused(ref, outcome))
        else:
            self.line.send(wire.ack(ref, outcome.seq))

    # To the browser

    def welcome(self, welcome: Welcome) -> None:
        self.line.send(wire.welcome(welcome))
        for frame in welcome.missed:
            self.line.send(frame)

    def _refused(self, ref: str | None, refusal: Refusal) -> bytes:
        return wire.refused(ref, refusal.why, self._words.refusal(refusal.why), refusal.offers)

    def _fault(self, fault: wire.Fault) -> None:
        self.line.send(self._refused(fault.ref, Refusal(fault.why)))
        self._faults += 1
        if self._faults >= wire.MOST_FAULTS:
            self.line.close(wire.BROKEN)

    def _is_in_time(self, command: Command) -> bool:
        now = time.monotonic()
        if self._pace.takes(now):
            return True
        if self.actor.role is not Role.FACILITATOR and command.type not in CLEANS_UP:
            return False
        self.line.pause_reading()
        asyncio.get_running_loop().call_later(self._pace.owes(now), self.line.resume_reading)
        return True

    def _slow_down(self, ref: str) -> None:
        self.line.send(self._refused(ref, Refusal("too_fast")))
        self._too_fast += 1
        if self._too_fast >= _MOST_TOO_FAST:
            self.line.close(wire.TOO_MANY)

    def _no_hello(self) -> None:
        self._hello = None
        self.line.close(wire.BROKEN)

    def _stop_waiting(self) -> None:
        if self._hello is not None:
            self._hello.cancel()
            self._hello = None


async def live_socket(socket: WebSocket) -> None:
    """The upgrade of /live/{session}. A foreign page is refused before it; everybody else is told why by a close code."""
    ours = home(socket)
    if not own_origin(socket.scope, ours.settings.origins):
        await socket.send_denial_response(Response(status_code=403))
        return
    if wire.SUBPROTOCOL not in socket.scope["subprotocols"]:
        await socket.send_denial_response(Response(status_code=400))
        return
    session = socket.path_params["session"]
    host: Host | None = None
    code = fanout.NOT_AVAILABLE
    actor = await ours.door.seated(socket, session, ours.now())
    sign_in = ours.door.sign_in_of(socket)
    if actor is None and sign_in is not None and await ours.door.staff(socket, ours.now()) is None:
        # Whoever they were, they are not any more; which session they asked for makes no difference.
        code = SIGN_IN_AGAIN
    if actor is not None:
        try:
            host = await ours.house.host(session)
            code = fanout.OVER if host is None else code
        except EngineDown:
            code = fanout.BUSY
    await socket.accept(subprotocol=wire.SUBPROTOCOL)
    line = line_of(socket)
    if host is None or actor is None:
        line.close(code)
    else:
        words = choose(socket.headers.get("accept-language", ""))
        allowance = ours.paces[actor.role]
        visitor = Visitor(line, actor, host, ours.house, words, ours.hello_seconds, allowance)
        if actor.role is Role.FACILITATOR and sign_in is not None:
            line.listen(visitor.on_text, _leaving(visitor, ours.staff_pages, sign_in))
            ours.staff_pages.add(sign_in, line)
        else:
            line.listen(visitor.on_text, visitor.on_gone)
    await line.run()


def _leaving(visitor: Visitor, pages: StaffPages, sign_in: str) -> OnGone:
    def gone(code: int) -> None:
        pages.remove(sign_in, visitor.line)
        visitor.on_gone(code)

    return gone
