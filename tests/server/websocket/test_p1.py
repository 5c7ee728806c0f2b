"""P1: the fuzzing that WebSocket servers are held to, section by section, in our own words and over bare sockets.

The sections are those of the well-known fuzzing client (1 framing, 2 pings and pongs, 3 reserved bits, 4 opcodes,
5 fragments, 6 UTF-8, 7 goodbyes, 9 limits, 10 what senders cut by themselves, 12 and 13 compression); the bytes are ours.
A case is what a browser sends, all that it is answered, and the code with which it ends. Each is sent in one piece, byte by
byte and cut in the middle of frames: how bytes are cut must change nothing.
"""

import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from server.frames import MAX_MESSAGE
from tests.server.websocket.house import House
from tests.server.websocket.peer import BINARY, CLOSE, PING, PONG, TEXT, Peer, masked, request

START, GOES_ON, ENDS = 0x01, 0x00, 0x80
EVERY_BYTE = bytes(range(125))
Frames = list[tuple[int, bytes]]


def text(words: str | bytes) -> bytes:
    return masked(TEXT, words.encode() if isinstance(words, str) else words)


def fragments(*parts: bytes, between: bytes = b"") -> bytes:
    """One text in as many frames; ``between`` each two of them."""
    firsts = [START, *[GOES_ON] * (len(parts) - 1)]
    firsts[-1] |= 0x80
    return between.join(masked(first, part) for first, part in zip(firsts, parts, strict=True))


def goodbye(code: int, reason: bytes = b"") -> bytes:
    return masked(CLOSE, struct.pack("!H", code) + reason)


def said(*words: str | bytes) -> Frames:
    return [(TEXT, each.encode() if isinstance(each, str) else each) for each in words]


@dataclass(frozen=True, slots=True)
class Case:
    """``code``: that of our close frame; 1000 answers the goodbye that is sent behind every lawful case."""

    sent: bytes
    answered: Frames
    code: int = 1000


def lawful(sent: bytes, *answered: tuple[int, bytes]) -> Case:
    return Case(sent + goodbye(1000), list(answered))


def broken(sent: bytes, code: int, *answered: tuple[int, bytes]) -> Case:
    """What follows a breach is neither answered nor heard."""
    return Case(sent + masked(PING, b"after it") + text("after it"), list(answered), code)


SIZES = (0, 1, 125, 126, 127, 128, 4096, MAX_MESSAGE - 1, MAX_MESSAGE)
FRAMING = {
    **{f"a text of {size}": lawful(text("*" * size), *said("*" * size)) for size in SIZES},
    **{f"a binary of {size}": broken(masked(BINARY, b"\xfe" * size), 1003) for size in (0, 125, 126, 127)},
}
PINGS = {
    "of nothing": lawful(masked(PING), (PONG, b"")),
    "of words": lawful(masked(PING, b"still there?"), (PONG, b"still there?")),
    "of bytes that are no text": lawful(
        masked(PING, b"\x00\xff\xfe\xfd\x80"), (PONG, b"\x00\xff\xfe\xfd\x80")
    ),
    "of 125": lawful(masked(PING, EVERY_BYTE), (PONG, EVERY_BYTE)),
    "of 126": broken(masked(PING, EVERY_BYTE + b"x"), 1002),
    "a pong that nobody asked for": lawful(masked(PONG)),
    "one with words, and a ping behind it": lawful(
        masked(PONG, b"unasked") + masked(PING, b"asked"), (PONG, b"asked")
    ),
    "ten, each answered in turn": lawful(
        b"".join(masked(PING, b"%d" % number) for number in range(10)),
        *((PONG, b"%d" % number) for number in range(10)),
    ),
}
RESERVED = {
    **{
        f"bits {bits} on a text": broken(
            text("before") + masked(TEXT | bits << 4, b"x"), 1002, *said("before")
        )
        for bits in range(1, 8)
    },
    **{f"bits {bits} on a ping": broken(masked(PING | bits << 4, b"x"), 1002) for bits in (1, 5, 7)},
    **{f"bits {bits} on a goodbye": broken(masked(CLOSE | bits << 4), 1002) for bits in (2, 6, 7)},
    "bits on a fragment that goes on": broken(masked(START, b"a") + masked(ENDS | 0x40, b"b"), 1002),
}
OPCODES = {
    **{
        f"{opcode:x} {what}": broken(text("before") + masked(ENDS | opcode, payload), 1002, *said("before"))
        for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
        for what, payload in (("of nothing", b""), ("with words", b"x"))
    }
}
FRAGMENTS = {
    "a ping in two": broken(masked(0x09, b"a") + masked(ENDS, b"b"), 1002),
    "a pong in two": broken(masked(0x0A, b"a") + masked(ENDS, b"b"), 1002),
    "a goodbye in two": broken(masked(0x08, b"\x03") + masked(ENDS, b"\xe8"), 1002),
    "a text in two": lawful(fragments(b"frag", b"ment"), *said("fragment")),
    "a ping between two": lawful(
        fragments(b"frag", b"ment", between=masked(PING, b"?")), (PONG, b"?"), *said("fragment")
    ),
    "two pings and a pong between each of five": lawful(
        fragments(
            *b"f r a g s".split(), between=masked(PING, b"1") + masked(PONG, b"0") + masked(PING, b"2")
        ),
        *[(PONG, b"1"), (PONG, b"2")] * 4,
        *said("frags"),
    ),
    "parts of nothing": lawful(fragments(b"", b"", b""), *said("")),
    "nothing, something, nothing": lawful(fragments(b"", b"x", b""), *said("x")),
    "forty parts of nothing around one": lawful(fragments(*[b""] * 20, b"x", *[b""] * 20), *said("x")),
    **{
        f"goes on from nothing ({what})": broken(masked(first, b"x"), 1002)
        for what, first in (("and ends", ENDS), ("and does not end", GOES_ON))
    },
    "goes on from what has ended": broken(
        fragments(b"a", b"b") + masked(GOES_ON, b"c") + text("d"), 1002, *said("ab")
    ),
    "ends what has ended": broken(fragments(b"a", b"b") + masked(ENDS, b"c"), 1002, *said("ab")),
    "a whole text within one": broken(masked(START, b"a") + text("b") + masked(ENDS, b"c"), 1002),
    "a second start within one": broken(masked(START, b"a") + masked(START, b"b"), 1002),
    "a binary within one": broken(masked(START, b"a") + masked(BINARY, b"b"), 1002),
}

# The first and the last letter of each length, and the neighbours of what is no letter.
LETTERS = (0x00, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x10FFFF)
NO_LETTERS = {
    "a part of a letter alone": b"\x80",
    "the last such part alone": b"\xbf",
    "seven of them": b"\x80\xbf\x80\xbf\x80\xbf\x80",
    **{f"the lone start {first:x}": bytes((first, 0x20)) for first in (0xC2, 0xDF, 0xE0, 0xEF, 0xF0, 0xF4)},
    **{f"the byte {never:x}": bytes((never,)) for never in (0xC0, 0xC1, 0xF5, 0xF8, 0xFC, 0xFE, 0xFF)},
    "two of three": "€".encode()[:2],
    "three of four": "🕯".encode()[:3],
    "a slash in two": b"\xc0\xaf",
    "a slash in three": b"\xe0\x80\xaf",
    "a slash in four": b"\xf0\x80\x80\xaf",
    "a slash in five": b"\xf8\x80\x80\x80\xaf",
    "a slash in six": b"\xfc\x80\x80\x80\x80\xaf",
    "the last of one in two": b"\xc1\xbf",
    "the last of two in three": b"\xe0\x9f\xbf",
    "the last of three in four": b"\xf0\x8f\xbf\xbf",
    "nothing in two": b"\xc0\x80",
    **{
        f"half a pair, {half:x}": chr(half).encode("utf-8", "surrogatepass")
        for half in (0xD800, 0xDB7F, 0xDBFF, 0xDC00, 0xDFFF)
    },
    "a pair in halves": "\ud83d\udd6f".encode("utf-8", "surrogatepass"),
    "beyond the last": b"\xf4\x90\x80\x80",
}
GREEK = "κόσμε καὶ φῶς"
UTF_8 = {
    "nothing": lawful(text(b""), *said("")),
    "greek": lawful(text(GREEK), *said(GREEK)),
    "greek, a frame for each letter": lawful(fragments(*(each.encode() for each in GREEK)), *said(GREEK)),
    "greek, a frame for each byte": lawful(
        fragments(*(bytes((each,)) for each in GREEK.encode())), *said(GREEK)
    ),
    **{f"U+{letter:04X}": lawful(text(chr(letter)), *said(chr(letter))) for letter in LETTERS},
    **{
        f"U+{letter:04X} in pieces": lawful(
            fragments(b"", *(bytes((each,)) for each in chr(letter).encode()), b""), *said(chr(letter))
        )
        for letter in LETTERS
    },
    **{what: broken(text(b"ok " + wrong), 1007) for what, wrong in NO_LETTERS.items()},
    **{
        f"{what}, in pieces": broken(fragments(b"ok ", *(bytes((each,)) for each in wrong), b""), 1007)
        for what, wrong in NO_LETTERS.items()
    },
}


def leaves(sent: bytes, code: int, *answered: tuple[int, bytes]) -> Case:
    return Case(sent, list(answered), code)


GOODBYES = {
    "after words": leaves(text("last words") + goodbye(1000), 1000, *said("last words")),
    "twice": leaves(goodbye(1000) + goodbye(1001), 1000),
    "and a ping": leaves(goodbye(1000) + masked(PING, b"?"), 1000),
    "and words": leaves(goodbye(1000) + text("one more thing"), 1000),
    "in the midst of a text": leaves(
        masked(START, b"I was") + goodbye(1001) + masked(ENDS, b" about to"), 1001
    ),
    "without a code": leaves(masked(CLOSE), 1005),
    "with half a code": leaves(masked(CLOSE, b"\x03"), 1002),
    "with a reason": leaves(goodbye(1000, b"nos da"), 1000),
    "with the longest reason": leaves(goodbye(1000, b"x" * 123), 1000),
    "with one too long": leaves(goodbye(1000, b"x" * 124), 1002),
    "with a reason that is no text": leaves(goodbye(1000, b"bye \xf4\x90\x80\x80"), 1007),
    "with a reason cut within a letter": leaves(goodbye(1000, "€".encode()[:2]), 1007),
    **{
        f"with {code}": leaves(goodbye(code), code)
        for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999)
    },
    **{
        f"with {code}, which nobody may send": leaves(goodbye(code), 1002)
        for code in (0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535)
    },
}
FULL = bytes(0x61 + number % 26 for number in range(MAX_MESSAGE))
LIMITS = {
    **{
        f"the longest text in frames of {size}": lawful(
            fragments(*(FULL[start : start + size] for start in range(0, MAX_MESSAGE, size))), *said(FULL)
        )
        for size in (64, 256, 1024, 4096)
    },
    "a byte more than the longest": broken(text(FULL + b"x"), 1009),
    "the same in frames": broken(fragments(FULL, b"x"), 1009),
    "a length beyond all machines": Case(struct.pack("!BBQ", TEXT, 0xFF, 1 << 62) + b"mask", [], 1009),
    "a thousand short ones, each answered": lawful(
        b"".join(text(b"%d" % number) for number in range(1000)),
        *said(*(b"%d" % number for number in range(1000))),
    ),
}
CUT = {
    "in frames of 1,300, as some senders cut": lawful(
        fragments(*(FULL[start : start + 1300] for start in range(0, 10_000, 1300))), *said(FULL[:10_400])
    )
}
SECTIONS = {
    "1 framing": FRAMING,
    "2 pings and pongs": PINGS,
    "3 reserved bits": RESERVED,
    "4 opcodes": OPCODES,
    "5 fragments": FRAGMENTS,
    "6 UTF-8": UTF_8,
    "7 goodbyes": GOODBYES,
    "9 limits": LIMITS,
    "10 cut by the sender": CUT,
}


def in_one_piece(data: bytes) -> Iterable[bytes]:
    return [data]


def byte_by_byte(data: bytes) -> Iterable[bytes]:
    """Of what is long only the ends: where a frame begins, and where the goodbye does."""
    ends = 200
    first, rest, last = data[:ends], data[ends:-ends], data[ends:][-ends:]
    return [bytes((each,)) for each in first] + [rest] * bool(rest) + [bytes((each,)) for each in last]


def in_the_middle(data: bytes) -> Iterable[bytes]:
    return [data[start : start + 997] for start in range(0, len(data), 997)]


HOW = [in_one_piece, byte_by_byte, in_the_middle]


def answers(peer: Peer) -> tuple[Frames, int]:
    """All frames up to the goodbye, and its code."""
    frames: Frames = []
    while True:
        first, payload = peer.reads()
        if first == CLOSE:
            return frames, int.from_bytes(payload[:2], "big") if payload else 1005
        frames.append((first, payload))


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("section", SECTIONS)
def test_p1_every_case_is_answered_as_it_should_be(house: House, section: str, how):
    house.on_text = lambda line, payload: line.send(payload)
    for what, case in SECTIONS[section].items():
        with house.visitor() as ben:
            ben.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in how(case.sent):
                try:
                    ben.sends(piece)
                except ConnectionError:
                    break  # it was ended before it had said all
            got, code = answers(ben)
            assert (what, code) == (what, case.code)
            assert got == case.answered, what


@pytest.mark.parametrize(
    "offer",
    [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; server_no_context_takeover; client_max_window_bits=8",
        "permessage-deflate; server_max_window_bits=9, permessage-deflate",
        "x-webkit-deflate-frame",
    ],
)
def test_p1_and_p5_compression_is_agreed_to_with_nobody(house: House, offer: str):
    """Sections 12 and 13: not agreed to, so a compressed frame is a breach, a bomb is not unpacked, and nothing of it heard."""
    house.on_text = lambda line, payload: line.send(payload)
    with Peer(house.port) as mal:
        greeting = mal.asks(request(sec_websocket_extensions=offer)).lower()
        assert greeting.startswith(b"http/1.1 101 ")
        assert b"sec-websocket-extensions" not in greeting
        mal.sends(text("in clear"))
        assert mal.reads() == (TEXT, b"in clear")
        # A megabyte of nothing, packed to a kilobyte.
        mal.sends(
            masked(TEXT | 0x40, b"\xec\xc1\x01\x01\x00\x00\x00\x80\x90\xfe\xaf\xee\x08\x0a" + bytes(1000))
        )
        assert mal.is_told_goodbye() == 1002
        assert mal.is_cut_off()
