"""Finds words in bytes, whatever they were dressed in: parts of them, in any usual alphabet, packed or not.

Nothing is looked for word by word. Whatever could be a word in some dress is undressed and cut into pieces of twelve
letters, and each of them looked up; so many words cost no more than one.
"""

import binascii
import bz2
import lzma
import re
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tests.canary.tokens import SHORTEST_PIECE, Plant

DEEPEST: Final = 4
LARGEST: Final = 64 * 1024 * 1024  # of what is unpacked from one place; beyond it a find is still a find
# What neither the standard library of this Python nor the lock can unpack. Snappy and LZ4 need no unpacking: what they
# have not seen before stands in them as it was.
LEFT_OUT: Final = ("zstd", "brotli")

# Words, and what is base64 or a part of it.
_RUNS: Final = re.compile(rb"[A-Za-z0-9_+/-]{%d,}" % SHORTEST_PIECE)
_SHORTEST_BASE64: Final = 16
_TO_BASE64: Final = bytes.maketrans(b"-_", b"+/")
_DIGITS: Final = b"0123456789abcdefABCDEF"
_NO_DIGIT: Final = bytes(each for each in range(256) if each not in _DIGITS)
# Every digit as 0: whether there is any such run at all is then asked of it a hundred times faster.
_ALIKE: Final = bytes.maketrans(_DIGITS, b"0" * len(_DIGITS))
_HEX: Final = re.compile(rb"[0-9A-Fa-f]{%d,}" % (2 * SHORTEST_PIECE))
_SPACED_HEX: Final = re.compile(rb"(?:[0-9A-Fa-f]{2}[ :,-]){%d,}[0-9A-Fa-f]{2}" % (SHORTEST_PIECE - 1))


@dataclass(frozen=True, slots=True)
class _Escape:
    """Twelve letters, each as one of ``letter``. ``alike``: how two of them look with every digit as 0."""

    name: str
    letter: bytes
    base: int
    alike: tuple[bytes, ...]

    def undressed(self, content: bytes) -> Iterator[bytes]:
        one = re.compile(self.letter)
        for run in re.finditer(rb"(?:%b){%d,}" % (self.letter, SHORTEST_PIECE), content):
            yield bytes(int(code, self.base) & 0xFF for code in one.findall(run[0]))


_ESCAPES: Final = (
    _Escape("percent", rb"%([0-9A-Fa-f]{2})", 16, (b"%00%00",)),
    _Escape("quoted", rb"=([0-9A-Fa-f]{2})", 16, (b"=00=00",)),
    _Escape("\\x", rb"\\x([0-9A-Fa-f]{2})", 16, (rb"\x00\x00",)),
    _Escape("\\u", rb"\\u(?:\{|00)([0-9A-Fa-f]{2})\}?", 16, (rb"\u0000\u0000", rb"\u{00}\u{00}")),
    _Escape("&#x", rb"&#[xX]([0-9A-Fa-f]{2});", 16, (b"&#x00;&#x00;", b"&#X00;&#X00;")),
    _Escape("&#", rb"&#([0-9]{2,3});", 10, (b"&#00", b"&#000")),
    _Escape("octal", rb"\\([0-7]{3})", 8, (rb"\000\000",)),
)
_PACKED: Final = re.compile(
    rb"\x1f\x8b\x08|[\x08\x18\x28\x38\x48\x58\x68\x78][\x01\x5e\x9c\xda]|BZh[1-9]1AY&SY|\xfd7zXZ\x00|\x5d\x00\x00|PK\x03\x04"
)


@dataclass(frozen=True, slots=True)
class Find:
    """A word, and how it was dressed there, from the outside in."""

    plant: Plant
    how: tuple[str, ...]


class Scanner:
    def __init__(self, plants: Iterable[Plant]) -> None:
        self._pieces = {piece: plant for plant in plants for piece in plant.pieces}
        # Of twelve letters in a row, wherever they begin, six stand at every seventh place.
        self._hints = {piece[at : at + _HINT] for piece in self._pieces for at in range(_STRIDE)}

    def finds(self, content: bytes) -> list[Find]:
        """One for each word and each dress of it, in any order."""
        return list(dict.fromkeys(self._finds(content, ())))

    def _finds(self, content: bytes, how: tuple[str, ...]) -> Iterator[Find]:
        if len(content) < SHORTEST_PIECE or len(how) > DEEPEST:
            return
        runs = _RUNS.findall(content)
        known = self._plain(runs)
        yield from (Find(plant, how) for plant in known)
        if b"\x00" in content:
            # UTF-16 and UTF-32, of either order, without the half that is nothing.
            wide = content.replace(b"\x00", b"")
            wide_runs = _RUNS.findall(wide)
            yield from (Find(plant, (*how, "utf-16 or 32")) for plant in self._plain(wide_runs) - known)
        for name, plain in _undressed(content):
            yield from self._finds(plain, (*how, name))
        for plain in _from_base64(runs):
            yield from self._finds(plain, (*how, "base64"))
        for name, plain in _unpacked(content):
            yield from self._finds(plain, (*how, name))
        if not how:
            yield from self._finds(_inflated(zlib.decompressobj(-15).decompress, content), ("deflate",))

    def _plain(self, runs: list[bytes]) -> set[Plant]:
        found: set[Plant] = set()
        for run in runs:
            small = run.lower()
            for at in range(0, len(small) - _HINT + 1, _STRIDE):
                if small[at : at + _HINT] in self._hints:
                    for start in range(max(0, at - SHORTEST_PIECE), at + _HINT):
                        plant = self._pieces.get(small[start : start + SHORTEST_PIECE])
                        if plant is not None:
                            found.add(plant)
        return found


_HINT: Final = 6
_STRIDE: Final = SHORTEST_PIECE - _HINT + 1


def _undressed(content: bytes) -> Iterator[tuple[str, bytes]]:
    """What escapes and digits mean. Of many small pieces one: nothing reaches over what stands between them."""
    alike = content.translate(_ALIKE)
    for escape in _ESCAPES:
        if any(each in alike for each in escape.alike):
            yield escape.name, b"\n".join(escape.undressed(content))
    if b"00" * SHORTEST_PIECE in alike:
        yield (
            "hex",
            b"\n".join(
                binascii.unhexlify(part)
                for run in _HEX.findall(content)
                for part in (run[: len(run) // 2 * 2], run[1 : 1 + (len(run) - 1) // 2 * 2])
            ),
        )
    if any(b"00%c00%c00" % (sign, sign) in alike for sign in b" :,-"):
        runs = _SPACED_HEX.findall(content)
        yield "hex", b"\n".join(binascii.unhexlify(run.translate(None, _NO_DIGIT)) for run in runs)


def _from_base64(runs: list[bytes]) -> Iterator[bytes]:
    """What every run of its letters means, for each of the four places at which its first whole group may begin."""
    for start in range(4):
        decoded = []
        for run in runs:
            size = (len(run) - start) // 4 * 4
            if size >= _SHORTEST_BASE64:
                decoded.append(binascii.a2b_base64(run[start : start + size].translate(_TO_BASE64)))
        if decoded:
            yield b"\n".join(decoded)


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    for sign in _PACKED.finditer(content):
        at, first = sign.start(), sign[0]
        rest = memoryview(content)[at:]
        if first == b"PK\x03\x04":
            if len(rest) > 30 and rest[8:10] == b"\x08\x00":
                name, extra = struct.unpack("<HH", rest[26:30])
                yield "zip", _inflated(zlib.decompressobj(-15).decompress, rest[30 + name + extra :])
        elif first.startswith(b"\x1f"):
            yield "gzip", _inflated(zlib.decompressobj(31).decompress, rest)
        elif first.startswith(b"BZ"):
            yield "bz2", _inflated(bz2.BZ2Decompressor().decompress, rest)
        elif first.startswith(b"\xfd"):
            yield "xz", _inflated(lzma.LZMADecompressor(lzma.FORMAT_XZ).decompress, rest)
        elif first.startswith(b"\x5d"):
            yield "lzma", _inflated(lzma.LZMADecompressor(lzma.FORMAT_ALONE).decompress, rest)
        elif int.from_bytes(first, "big") % 31 == 0:
            yield "zlib", _inflated(zlib.decompressobj(15).decompress, rest)


def _inflated(decompress: Callable[[bytes, int], bytes], packed: bytes | memoryview) -> bytes:
    """As much as comes of it, though it may be cut off or be nothing of the kind."""
    made: list[bytes] = []
    size = 0
    # In steps, because a fault in the middle takes with it what was made in the same step.
    for start in range(0, len(packed), 4096):
        try:
            part = decompress(bytes(packed[start : start + 4096]), LARGEST - size)
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError):
            break
        made.append(part)
        size += len(part)
        if size >= LARGEST:
            break
    return b"".join(made)
