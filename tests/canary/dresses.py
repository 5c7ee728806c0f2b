"""A word in every dress in which it could lie about: what the search must find before anybody believes that it found nothing."""

import base64
import bz2
import gzip
import io
import lzma
import random
import zipfile
import zlib


def dresses(word: str) -> dict[str, bytes]:
    plain = word.encode()
    return {
        "as it is": plain,
        "in large letters": plain.upper(),
        "utf-16 little": word.encode("utf-16-le"),
        "utf-16 big": word.encode("utf-16-be"),
        "utf-32": word.encode("utf-32"),
        "the first half": plain[:12],
        "the last half": plain[-12:],
        "out of the middle": plain[5:17],
        "reversed": plain[::-1],
        "a part, reversed": plain[::-1][3:15],
        **{f"base64 at {shift}": base64.b64encode(b"x" * shift + plain + b" later") for shift in range(3)},
        "base64 for addresses": base64.urlsafe_b64encode(b"\xff\xfe" + plain),
        "base64 in lines": base64.encodebytes(b"y" * 47 + plain + b"z" * 20),
        "base64 of utf-16": base64.b64encode(word.encode("utf-16-le")),
        "base64 of gzip": base64.b64encode(gzip.compress(b"before " + plain)),
        "base64 twice": base64.b64encode(base64.b64encode(plain)),
        "hex": plain.hex().encode(),
        "hex in large letters": plain.hex().upper().encode(),
        "hex, one digit off": b"f" + plain.hex().encode(),
        "hex with colons": plain.hex(":").encode(),
        "percent": _escaped(word, "%%%02X"),
        "\\u": _escaped(word, "\\u%04x"),
        "\\u{}": _escaped(word, "\\u{%x}"),
        "\\x": _escaped(word, "\\x%02x"),
        "entities": _escaped(word, "&#%d;"),
        "entities in hex": _escaped(word, "&#x%x;"),
        "octal": _escaped(word, "\\%03o"),
        "gzip": gzip.compress(plain),
        "gzip cut off": gzip.compress(plain + random.Random(1).randbytes(40_000))[:20_000],
        "zlib": zlib.compress(plain),
        "deflate": _raw_deflate(plain * 3),
        "bz2": bz2.compress(plain),
        "xz": lzma.compress(plain),
        "lzma": lzma.compress(plain, lzma.FORMAT_ALONE),
        "zip": _zipped(plain),
        "gzip in zip": _zipped(gzip.compress(plain)),
    }


def _raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


def _zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", content)
    return file.getvalue()


def _escaped(word: str, form: str) -> bytes:
    return "".join(form % ord(letter) for letter in word).encode()
