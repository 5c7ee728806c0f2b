"""RFC 6455, rule by rule, as a browser that breaks it learns of it."""

import os
import struct

import pytest

from server.frames import MAX_MESSAGE
from tests.server.websocket.house import House
from tests.server.websocket.peer import BINARY, CLOSE, PING, PONG, TEXT, masked


def closing(code: int, reason: bytes = b"") -> bytes:
    return masked(CLOSE, struct.pack("!H", code) + reason)


BREACHES = {
    "an unmasked frame": (b"\x81\x05hello", 1002),
    "an unmasked frame of nothing": (b"\x81\x00", 1002),
    "the bit of compression, which was never agreed": (masked(TEXT | 0x40, b"x"), 1002),
    "the second reserved bit": (masked(TEXT | 0x20, b"x"), 1002),
    "the third reserved bit": (masked(TEXT | 0x10, b"x"), 1002),
    **{
        f"the reserved opcode {code:x}": (masked(0x80 | code), 1002)
        for code in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
    },
    "binary": (masked(BINARY, b"x"), 1003),
    "the start of something binary": (masked(0x02, b"x"), 1003),
    "a continuation of nothing": (masked(0x80, b"x"), 1002),
    "a message within a message": (masked(0x01, b"a") + masked(TEXT, b"b"), 1002),
    "a second start": (masked(0x01, b"a") + masked(0x01, b"b"), 1002),
    "a fragmented ping": (masked(0x09, b"x"), 1002),
    "a fragmented close": (masked(0x08), 1002),
    "a ping of 126 bytes": (masked(PING, b"x" * 126), 1002),
    "a close of 126 bytes": (masked(CLOSE, struct.pack("!H", 1000) + b"x" * 124), 1002),
    "a length not in its shortest form": (b"\x81\xfe\x00\x05mask" + b"hello", 1002),
    "a long length not in its shortest form": (struct.pack("!BBQ", 0x81, 0xFF, 5) + b"mask", 1002),
    "bytes that are not UTF-8": (masked(TEXT, b"\xff\xfe"), 1007),
    "a lone surrogate in UTF-8": (masked(TEXT, b"\xed\xa0\x80"), 1007),
    "an overlong form": (masked(TEXT, b"\xc0\xaf"), 1007),
    "half a character at the end": (masked(TEXT, "né".encode()[:-1]), 1007),
    "fragments that do not join to UTF-8": (masked(0x01, b"\xc3") + masked(0x80, b"("), 1007),
    "one byte too many": (masked(TEXT, b"x" * (MAX_MESSAGE + 1)), 1009),
    "too much in fragments": (masked(0x01, b"x" * MAX_MESSAGE) + masked(0x80, b"x"), 1009),
    "sixteen million bytes, announced": (struct.pack("!BBQ", 0x81, 0xFF, 1 << 24) + b"mask", 1009),
    "2^63 bytes, announced": (struct.pack("!BBQ", 0x81, 0xFF, 1 << 63) + b"mask", 1009),
    "a close of one byte": (masked(CLOSE, b"x"), 1002),
    **{
        f"the close code {code}": (closing(code), 1002)
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
    },
    "a reason that is not UTF-8": (closing(1000, b"\xff"), 1007),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_browser_that_sends(house: House, breach: str):
    """... is told the code of the rule it broke, then nothing; its line ends with that code and hears nothing."""
    data, code = BREACHES[breach]
    with house.visitor() as ben:
        ben.sends(data)
        assert ben.is_told_goodbye() == code
        assert ben.is_cut_off()
    assert house.next(house.gone) == code
    assert house.heard.empty()


@pytest.mark.parametrize(
    "code", [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999]
)
def test_every_lawful_goodbye_is_echoed(house: House, code: int):
    with house.visitor() as ben:
        ben.sends(closing(code, "à bientôt".encode()))
        assert ben.reads() == (CLOSE, struct.pack("!H", code) + "à bientôt".encode())
        assert ben.is_cut_off()
    assert house.next(house.gone) == code


def test_a_goodbye_without_a_code_is_1005(house: House):
    with house.visitor() as ben:
        ben.sends(masked(CLOSE))
        assert ben.reads() == (CLOSE, b"")
        assert ben.is_cut_off()
    assert house.next(house.gone) == 1005


def test_nothing_after_their_goodbye_is_heard(house: House):
    with house.visitor() as ben:
        ben.sends(masked(TEXT, b"before") + closing(1000) + masked(TEXT, b"after") + b"\xff\xff\xff")
        assert ben.is_told_goodbye() == 1000
    assert house.next(house.gone) == 1000
    assert list(house.heard.queue) == [b"before"]


def test_a_browser_that_vanishes_is_1006(house: House):
    with house.visitor() as ben:
        ben.socket.close()
        assert house.next(house.gone) == 1006
    house.visitor().resets()
    assert house.next(house.gone) == 1006


def test_messages_of_every_size_arrive_whole(house: House):
    sizes = [0, 1, 125, 126, 127, 4096, 65, MAX_MESSAGE - 1, MAX_MESSAGE]
    with house.visitor() as ben:
        ben.sends(b"".join(masked(TEXT, b"x" * size, mask=os.urandom(4)) for size in sizes))
        assert [len(house.next(house.heard)) for _ in sizes] == sizes


def test_a_message_may_come_byte_by_byte(house: House):
    with house.visitor() as ben:
        for byte in masked(TEXT, "crumb by crumb, ünïcode".encode()) + masked(TEXT, b"x" * 300):
            ben.sends(bytes((byte,)))
        assert house.next(house.heard).decode() == "crumb by crumb, ünïcode"
        assert len(house.next(house.heard)) == 300


def test_a_message_may_come_in_fragments_with_pings_between(house: House):
    with house.visitor() as ben:
        euro = "€".encode()
        ben.sends(
            masked(0x01, b"ten " + euro[:1]) + masked(PING, b"there?") + masked(0x00) + masked(0x80, euro[1:])
        )
        assert ben.reads() == (PONG, b"there?")
        assert house.next(house.heard).decode() == "ten €"


def test_a_fragmented_message_may_be_full_and_still_be_interrupted_by_a_ping(house: House):
    with house.visitor() as ben:
        ben.sends(masked(0x01, b"x" * MAX_MESSAGE) + masked(PING, b"y" * 125) + masked(0x80))
        assert ben.reads() == (PONG, b"y" * 125)
        assert len(house.next(house.heard)) == MAX_MESSAGE


def test_a_pong_that_nobody_asked_for_is_ignored(house: House):
    with house.visitor() as ben:
        ben.sends(masked(PONG, b"unasked") + masked(TEXT, b"still here"))
        assert house.next(house.heard) == b"still here"


def test_a_browser_may_leave_in_the_middle_of_a_fragmented_message(house: House):
    with house.visitor() as ben:
        ben.sends(masked(0x01, b"I was about to") + closing(1001))
        assert ben.is_told_goodbye() == 1001
    assert house.next(house.gone) == 1001
