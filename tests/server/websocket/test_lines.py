"""What a line promises: order, a bounded memory, a goodbye that arrives, and silence afterwards."""

import contextlib
import logging
import socket
from pathlib import Path

import pytest

from server.circle import Circle
from server.connection import READ_WHILE_UNWRITTEN, UNREAD_LIMIT, WORDLESS_PER_SECOND
from server.line import Line
from tests.server.websocket.house import House, Visitor
from tests.server.websocket.peer import CLOSE, PING, PONG, TEXT, masked


def fill(visitor: Visitor, house: House) -> int:
    """Send to somebody who does not read until the kernel takes no more. How many messages that took."""
    visitor.is_read_through_a_straw()
    sent = 0
    while not visitor.is_slow:
        house.tells(visitor.line, b"%d:" % sent + b"." * 1000)
        sent += 1
    return sent


def test_only_one_slotted_object_remains_of_an_endpoint(house: House):
    with house.visitor() as ben:
        house.until(lambda: not house.server.server_state.tasks)
        assert not hasattr(ben.line, "__dict__")
        assert ben.line._conversation is None


def test_what_is_sent_arrives_in_order(house: House):
    with house.visitor() as ben:
        for number in range(20):
            house.tells(ben.line, *(b"%d" % (number * 3 + step) for step in range(3)))
        assert [ben.hears() for _ in range(60)] == [str(number) for number in range(60)]


def test_a_slow_reader_gets_everything_once_and_in_order(house: House):
    with house.visitor(window=4096) as ben:
        sent = fill(ben, house)
        house.tells(ben.line, *(b"%d:" % number for number in range(sent, sent + 50)))
        assert [int(ben.hears().partition(":")[0]) for _ in range(sent + 50)] == list(range(sent + 50))
        house.until(lambda: not ben.is_slow)
        house.tells(ben.line, b"and on")
        assert ben.hears() == "and on"


def test_who_never_reads_is_closed_with_4008_in_bounded_memory(house: House):
    with house.visitor(window=4096) as ben:
        sent = fill(ben, house)
        house.tells(ben.line, *[b"." * 1000] * (UNREAD_LIMIT // 1000 + 1))
        assert house.next(house.gone) == 4008
        assert house.do(lambda: ben.line._kept) is None
        assert house.do(ben.line.transport.get_write_buffer_size) < UNREAD_LIMIT
        # It reads after all: whole frames, and why.
        texts = 0
        while (frame := ben.reads())[0] == TEXT:
            texts += 1
        assert frame == (CLOSE, (4008).to_bytes(2, "big"))
        assert sent <= texts < sent + UNREAD_LIMIT // 1000
        ben.sends(masked(CLOSE, (4008).to_bytes(2, "big")))
        assert ben.is_cut_off()


def test_close_flushes_first_and_is_the_last_word(house: House):
    with house.visitor() as ben:

        def leave() -> None:
            ben.line.send(b"one more thing")
            ben.line.close(4000, "over")
            ben.line.send(b"never said")
            ben.line.close(4003)

        house.do(leave)
        assert ben.hears() == "one more thing"
        assert ben.reads() == (CLOSE, (4000).to_bytes(2, "big") + b"over")
        ben.sends(
            masked(PING, b"anyone?") + masked(TEXT, b"hello?") + masked(CLOSE, (4000).to_bytes(2, "big"))
        )
        assert ben.is_cut_off()
    assert house.next(house.gone) == 4000
    assert house.heard.empty()


def test_a_slow_reader_also_gets_what_was_said_before_the_goodbye(house: House):
    with house.visitor(window=4096) as ben:
        sent = fill(ben, house)

        def leave() -> None:
            ben.line.send(b"%d:" % sent)
            ben.line.close(4000)

        house.do(leave)
        assert [int(ben.hears().partition(":")[0]) for _ in range(sent + 1)] == list(range(sent + 1))
        assert ben.is_told_goodbye() == 4000


def test_tcp_stays_open_until_their_goodbye(house: House):
    """Closed at once, a message of theirs under way would be answered by a reset, which can eat our close frame."""
    with house.visitor() as ben:
        house.do(lambda: ben.line.close(4001))
        assert ben.is_told_goodbye() == 4001
        ben.socket.settimeout(0.05)
        with pytest.raises(TimeoutError):
            ben.socket.recv(1)
        ben.socket.settimeout(5)
        ben.sends(masked(CLOSE, (4001).to_bytes(2, "big")))
        assert ben.is_cut_off()


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 5000])
def test_a_code_that_must_not_be_sent_is_our_own_mistake(house: House, code: int):
    with house.visitor() as ben, pytest.raises(ValueError, match="close code"):
        house.do(lambda: ben.line.close(code))


def test_a_long_reason_is_cut_at_a_character(house: House):
    with house.visitor() as ben:
        house.do(lambda: ben.line.close(4000, "é" * 100))
        assert ben.reads() == (CLOSE, (4000).to_bytes(2, "big") + "é".encode() * 61)


def test_abort_ends_it_at_once(house: House):
    with house.visitor() as ben:

        def leave() -> None:
            ben.line.abort()
            ben.line.send(b"never said")
            ben.line.abort()

        house.do(leave)
        assert ben.is_cut_off()
    assert house.next(house.gone) == 1006


def test_gone_is_told_once_and_never_from_inside_another_call(house: House):
    diary: list[str] = []
    with house.visitor() as ben:

        def leave() -> None:
            ben.line.listen(house.heard.put, lambda code: diary.append(f"gone {code}"))
            ben.line.close(4000)
            ben.line.abort()
            diary.append("left")

        house.do(leave)
        house.until(lambda: not house.holds(ben.line))
        house.settle()
    assert diary == ["left", "gone 4000"]


def test_who_listens_to_somebody_who_has_gone_is_told(house: House):
    with house.visitor() as ben:
        ben.socket.close()
        house.next(house.gone)
        house.do(lambda: ben.line.listen(house.heard.put, house.gone.put))
        assert house.next(house.gone) == 1006


def test_an_exception_in_on_text_closes_that_line_and_is_logged_without_a_word(
    house: House, caplog: pytest.LogCaptureFixture
):
    def stumbles(line: Line, payload: bytes) -> None:
        raise KeyError(payload.decode())

    house.on_text = stumbles
    with house.visitor() as ben, house.visitor() as chi, caplog.at_level(logging.DEBUG):
        ben.says("my secret")
        assert ben.is_told_goodbye() == 1011
        house.tells(chi.line, b"unharmed")
        assert chi.hears() == "unharmed"
    assert house.next(house.gone) == 1011
    assert "on_text failed: KeyError at server.websocket:" in caplog.text
    assert "secret" not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_an_exception_in_on_gone_is_logged_without_a_word(house: House, caplog: pytest.LogCaptureFixture):
    def stumbles(code: int) -> None:
        raise KeyError("a secret")

    with house.visitor() as ben, caplog.at_level(logging.DEBUG):
        house.do(lambda: ben.line.listen(house.heard.put, stumbles))
        house.do(lambda: ben.line.close(4000))
        house.settle()
    assert "on_gone failed: KeyError" in caplog.text
    assert "a secret" not in caplog.text


# Holding back what comes in.


def test_a_paused_line_delivers_nothing_more_and_then_everything(house: House):
    def one_at_a_time(line: Line, payload: bytes) -> None:
        house.heard.put(payload)
        line.pause_reading()

    house.on_text = one_at_a_time
    with house.visitor() as ben:
        ben.sends(b"".join(masked(TEXT, b"%d" % number) for number in range(5)))
        for number in range(5):
            assert house.next(house.heard) == b"%d" % number
            house.settle()
            assert house.heard.empty()
            house.do(ben.line.resume_reading)


def test_a_paused_line_leaves_the_rest_with_the_browser(house: House):
    with house.visitor() as ben:
        house.do(ben.line.pause_reading)
        ben.socket.setblocking(False)
        words = masked(TEXT, b"x" * 10_000)
        with contextlib.suppress(BlockingIOError):
            while True:
                ben.socket.send(words)
        assert len(house.do(lambda: ben.line._rest)) <= 600_000
        assert house.heard.empty()
        house.do(
            ben.line.abort
        )  # who has gone is not noticed while paused, but for a ping that cannot be written


def test_a_line_closed_while_paused_still_hears_the_goodbye(house: House):
    with house.visitor() as ben:
        house.do(ben.line.pause_reading)
        ben.says("into the void")
        house.do(lambda: ben.line.close(4000))
        assert ben.is_told_goodbye() == 4000
        ben.sends(masked(CLOSE, (4000).to_bytes(2, "big")))
        assert ben.is_cut_off()
    assert house.heard.empty()


def test_who_does_not_read_us_is_not_read(house: House):
    with house.visitor(window=4096) as ben:
        sent, more = fill(ben, house), READ_WHILE_UNWRITTEN // 1000 + 10
        house.tells(ben.line, *[b"." * 1000] * more)
        ben.says("please wait")
        house.settle()
        assert house.heard.empty()
        for _ in range(sent + more):
            ben.hears()
        assert house.next(house.heard) == b"please wait"


# Floods of nothing.


@pytest.mark.parametrize(
    "flood",
    [masked(PING), masked(PING, b"x" * 125), masked(PONG), masked(0x01) + masked(0x00) * 60],
    ids=["pings", "long pings", "pongs", "empty fragments"],
)
def test_a_flood_of_frames_without_words_is_ended(house: House, flood: bytes):
    with house.visitor() as ben:
        ben.sends(flood * (WORDLESS_PER_SECOND + 1))
        first, payload = ben.reads()
        while first == PONG:
            first, payload = ben.reads()
        assert (first, payload) == (CLOSE, (1008).to_bytes(2, "big"))
    assert house.next(house.gone) == 1008


def test_a_flood_of_a_million_pings_costs_no_memory(house: House):
    def resident() -> int:
        status = Path("/proc/self/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])

    with house.visitor(window=4096) as ben:
        before = resident()
        pings = masked(PING, b"x" * 119) * 1000
        ben.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        try:
            for _ in range(1000):
                ben.sends(pings)
        except (ConnectionError, TimeoutError):
            pass
        house.settle()
        assert resident() - before < 20_000
        assert house.next(house.gone) == 1008


def test_a_descriptor_that_is_used_again_gets_nothing_of_its_former_owner(house: House):
    circle = house.do(lambda: Circle(house.loop))
    descriptors: list[int] = []
    for _ in range(20):
        descriptors.append(descriptor_of_somebody_who_vanishes(house, circle))
        with house.visitor() as chi:
            house.tells(circle, b"for nobody")
            house.tells(chi.line, b"for chi")
            assert chi.hears() == "for chi"
    assert len(set(descriptors)) < 20, "no descriptor was used twice, so nothing was shown"


def descriptor_of_somebody_who_vanishes(house: House, circle: Circle) -> int:
    ben = house.visitor()
    house.do(lambda: circle.add(ben.line))
    assert ben.line._socket is not None
    descriptor = ben.line._socket.fileno()
    ben.resets()
    house.tells(circle, b"for ben")
    house.until(lambda: not house.holds(ben.line))
    assert len(circle) == 0
    assert ben.line._socket is None
    return descriptor
