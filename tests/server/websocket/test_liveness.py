"""Who is silent, late or stuck does not stay.

A visit of the sweep is called by hand, so that nothing here depends on how fast the machine is; deadlines that can only
be waited for are short here, and the server's own are in ``server.sweep.Patience``.
"""

import contextlib
import os
from collections.abc import Iterator

import pytest
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from server.sweep import PILES, Patience, Sweep, sweep_of
from tests.server.websocket.conftest import STACKS
from tests.server.websocket.house import House, Visitor, open_house
from tests.server.websocket.peer import CLOSE, PING, PONG, TEXT, Peer, masked, request
from tests.server.websocket.test_lines import fill


def is_visited(visitor: Visitor) -> None:
    visitor.house.do(visitor.line.visit)


def is_pinged(visitor: Visitor) -> None:
    is_visited(visitor)
    assert visitor.reads() == (PING, b"")


def answers(visitor: Visitor, sign_of_life: bytes) -> None:
    visitor.sends(sign_of_life)
    visitor.house.until(lambda: visitor.line._is_alive)


# Visits.


def test_who_answers_pings_stays(house: House):
    with house.visitor() as ben:
        for _ in range(4):
            is_pinged(ben)
            answers(ben, masked(PONG))
        ben.says("still here")
        assert house.next(house.heard) == b"still here"


@pytest.mark.parametrize("sign", [masked(TEXT, b"hello"), masked(PING), masked(TEXT, b"hello")[:1]])
def test_any_byte_is_a_sign_of_life(house: House, sign: bytes):
    with house.visitor() as ben:
        is_pinged(ben)
        answers(ben, sign)
        is_visited(ben)
        house.settle()
        assert house.gone.empty()


def test_who_answers_nothing_is_cut_off(house: House):
    with house.visitor() as ben:
        is_pinged(ben)
        is_visited(ben)
        assert ben.is_cut_off()
    assert house.next(house.gone) == 1006


def test_who_takes_nothing_is_cut_off_and_its_descriptor_freed(house: House):
    """As a phone in a tunnel: TCP is open, the window is shut. Closing politely would wait for it for ever."""
    with house.visitor(window=4096) as ben:
        fill(ben, house)
        house.until(lambda: ben.is_slow)
        is_visited(ben)
        is_visited(ben)
        assert house.next(house.gone) == 1006
        house.until(lambda: not house.holds(ben.line))
        assert ben.line._socket is None


def test_who_takes_what_it_is_sent_slowly_stays(house: House):
    with house.visitor(window=4096) as ben:
        sent = fill(ben, house)
        house.tells(ben.line, *[b"." * 1000] * 60)
        waiting = house.do(ben.line.transport.get_write_buffer_size)
        is_visited(ben)
        taken = 0
        while house.do(ben.line.transport.get_write_buffer_size) == waiting:
            ben.hears()
            taken += 1
        is_visited(ben)
        for _ in range(sent + 60 - taken):
            ben.hears()
        ben.says("done")
        assert house.next(house.heard) == b"done"


def test_who_is_not_read_owes_no_answer(house: House):
    with house.visitor() as ben:
        house.do(ben.line.pause_reading)
        is_pinged(ben)
        answers(ben, masked(PONG))
        is_pinged(ben)
        ben.sends(masked(PONG))
        house.settle()
        is_pinged(ben)
        house.do(ben.line.resume_reading)
        ben.says("patient")
        assert house.next(house.heard) == b"patient"


@pytest.mark.parametrize(
    ("beginning", "sign"),
    [(masked(0x01, b"I was about to"), masked(0x00, b"...")), (masked(TEXT, b"." * 1000)[:9], b".")],
    ids=["fragments", "a frame"],
)
def test_a_message_that_is_never_finished_is_ended(house: House, beginning: bytes, sign: bytes):
    with house.visitor() as ben:
        ben.sends(beginning)
        house.until(lambda: ben.line.is_unfinished)
        is_pinged(ben)
        answers(ben, sign)
        is_visited(ben)
        assert ben.reads() == (CLOSE, (1008).to_bytes(2, "big"))
    assert house.next(house.gone) == 1008


def test_a_message_that_is_finished_in_time_is_heard(house: House):
    with house.visitor() as ben:
        for _ in range(3):
            ben.sends(masked(0x01, b"I was about "))
            house.until(lambda: ben.line.is_unfinished)
            is_pinged(ben)
            ben.sends(masked(0x80, b"to say"))
            assert house.next(house.heard) == b"I was about to say"


# Deadlines.

QUICK = Patience(request=0.3, body=0.3, accept=0.3, ping=0.3, closing=0.3)


async def undecided(websocket: WebSocket) -> None:
    assert (await websocket.receive())["type"] == "websocket.connect"
    assert (await websocket._receive())["type"] == "websocket.disconnect"


@pytest.fixture(scope="module", params=STACKS)
def impatient(request: pytest.FixtureRequest) -> Iterator[House]:
    with open_house(
        *STACKS[request.param], patience=QUICK, routes=(WebSocketRoute("/undecided", undecided),)
    ) as house:
        yield house


def test_what_is_never_finished_is_cut(impatient: House):
    halves = {
        "nothing": b"",
        "a letter": b"G",
        "half a header": b"GET /form HTTP/1.1\r\nhost: x\r\nx-slow: ",
        "an upgrade but for its end": request()[:-2],
        "half a body": b"POST /form HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf",
        "half a chunk": b"POST /form HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n9\r\nhalf",
        "a handshake that nobody answers": request("/undecided"),
    }
    with contextlib.ExitStack() as leaving:
        peers = {half: leaving.enter_context(Peer(impatient.port)) for half in halves}
        for half, peer in peers.items():
            peer.sends(halves[half])
        for half, peer in peers.items():
            assert peer.rest() == b"", half
    impatient.until(lambda: not impatient.server.server_state.tasks)


def test_a_second_request_that_is_never_finished_is_cut(impatient: House):
    with Peer(impatient.port) as ben:
        assert ben.asks(b"GET /form HTTP/1.1\r\nhost: x\r\n\r\n").startswith(b"HTTP/1.1 200")
        impatient.settle()
        ben.sends(b"GET /form HTTP/1.1\r\nhost")
        assert ben.rest() in {b"", b"0"}  # the body of the first response may still be under way


def has_ended(peer: Peer) -> bool:
    try:
        return peer.socket.recv(1) == b""
    except TimeoutError:
        return False


def test_drip_by_drip_is_no_way_around_it(impatient: House):
    with Peer(impatient.port) as ben:
        ben.sends(b"GET /form HTTP/1.1\r\nhost: x\r\nx-drip: ")
        ben.socket.settimeout(0.02)
        with contextlib.suppress(ConnectionError):
            while not has_ended(ben):
                ben.sends(b".")


def test_the_sweep_visits_by_itself_and_cuts_who_is_silent(impatient: House):
    with impatient.visitor() as ben:
        assert ben.reads() == (PING, b"")
        assert ben.rest() == b""


def test_who_does_not_answer_our_goodbye_is_cut_off(impatient: House):
    with impatient.visitor() as ben:
        impatient.do(lambda: ben.line.close(4000))
        assert ben.is_told_goodbye() == 4000
        assert ben.is_cut_off()


def test_who_floods_us_after_our_goodbye_is_cut_off(house: House):
    with house.visitor() as ben:
        ben.sends(b"\xff\xff")
        words = os.urandom(1 << 20)
        with contextlib.suppress(ConnectionError):
            while True:
                ben.sends(words)
    assert house.next(house.gone) == 1002


def test_ordinary_requests_and_upgrades_leave_no_deadline_behind(house: House):
    server = house.server.server_state
    protocol = house.server.config.http_protocol_class
    sweep = house.do(lambda: sweep_of(server, protocol.patience))  # type: ignore[attr-defined]  # RoomHttp has it
    with Peer(house.port) as ben, house.visitor():
        for body in (b"four", b"", b"12345"):
            sent = b"POST /form HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(body)
            for part in (sent[:9], sent[9:], body):
                ben.sends(part)
            assert ben.asks(b"").startswith(b"HTTP/1.1 200")
            while not ben.unread:
                ben._more()
            assert ben.unread == b"%d" % len(body)
            ben.unread = b""
        assert house.do(lambda: dict(sweep._due)) == {}


def test_an_upgrade_behind_an_unfinished_response_is_not_answered_before_it(house: House):
    """Otherwise the response would be written into the middle of the WebSocket."""
    with Peer(house.port) as ben:
        ben.sends(b"GET /form HTTP/1.1\r\nhost: x\r\n\r\n" + request())
        ben.socket.settimeout(0.1)
        with contextlib.suppress(TimeoutError):
            ben.rest()
        assert ben.unread == b"" or ben.unread.startswith(b"HTTP/1.1 200")


# The sweep itself.


class Neighbour:
    def __init__(self) -> None:
        self.visits = 0
        self.expiries = 0

    def visit(self) -> None:
        self.visits += 1

    def expired(self) -> None:
        self.expiries += 1


class Clockwork:
    """The three things that a sweep asks of a loop, with time standing still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[tuple[float, object]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: object) -> object:
        self.timers.append((self.now + delay, callback))
        return callback

    def passes(self, seconds: float) -> None:
        until = self.now + seconds
        while self.timers and self.timers[0][0] <= until + 1e-9:
            self.now, callback = self.timers.pop(0)
            callback()  # type: ignore[operator]  # it is what call_later was given
        self.now = until


def test_everybody_is_visited_once_per_round_and_about_as_many_in_each_tick():
    clock = Clockwork()
    sweep = Sweep(clock, Patience())  # type: ignore[arg-type]  # as much of a loop as it needs
    crowd = [Neighbour() for _ in range(2000)]
    for neighbour in crowd:
        sweep.join(neighbour)
    visited = 0
    for _ in range(PILES):
        clock.passes(Patience().ping / PILES)
        before, visited = visited, sum(neighbour.visits for neighbour in crowd)
        assert visited - before < len(crowd) / 4
    assert {neighbour.visits for neighbour in crowd} == {1}
    assert len(clock.timers) == 1


def test_a_deadline_is_met_within_a_tick_and_once():
    clock = Clockwork()
    sweep = Sweep(clock, Patience())  # type: ignore[arg-type]  # as above
    late, early = Neighbour(), Neighbour()
    sweep.expect(late, 10.0)
    sweep.expect(early, 10.0)
    clock.passes(9.0)
    sweep.forget(early)
    assert late.expiries == 0
    clock.passes(2.0)
    assert (late.expiries, early.expiries) == (1, 0)
    clock.passes(100.0)
    assert late.expiries == 1


def test_a_sweep_with_nobody_to_watch_sleeps():
    clock = Clockwork()
    sweep = Sweep(clock, Patience())  # type: ignore[arg-type]  # as above
    neighbour = Neighbour()
    sweep.join(neighbour)
    sweep.leave(neighbour)
    clock.passes(2.0)
    assert clock.timers == []
