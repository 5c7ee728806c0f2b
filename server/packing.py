"""How what is served is packed for the wire: which way a browser takes, and the packing itself."""

import gzip
from collections.abc import Iterator
from typing import Final

try:
    import brotli
except ImportError:  # no wheel for this machine: everything is packed as it was before there was one
    brotli = None

BR: Final = "br"
GZIP: Final = "gzip"

_KNOWN: Final = (BR, GZIP)  # the smaller one first, for who likes both as much
# Brotli can be told to take its time: a hundred times as long as gzip for the last tenth. Once for a file, never for a page.
_ONCE: Final = 11
_EACH_TIME: Final = 5  # as quick as gzip is


def way(accepts: str) -> str | None:
    """Of `br` and `gzip` what a browser likes best, by its `accept-encoding`; None: it takes neither.

    What it says in a way that nobody understands, it does not take.
    """
    likes = dict(_likes(accepts))
    liked = {
        each: likes.get(each, likes.get("*", 0.0)) for each in _KNOWN if each != BR or brotli is not None
    }
    best = max(liked, key=lambda each: liked[each])  # the first of those that it likes as much
    return best if liked[best] > 0 else None


def packed(how: str, written: bytes, *, once: bool = False) -> bytes:
    """how: what `way` said. once: it is kept, and may take a while; on the way of a request it may not."""
    if how == BR:
        quality = _ONCE if once else _EACH_TIME
        return bytes(brotli.compress(written, mode=brotli.MODE_TEXT, quality=quality))
    return gzip.compress(written, mtime=0)


def _likes(accepts: str) -> Iterator[tuple[str, float]]:
    """How much it likes each, 0 to 1."""
    for each in accepts.lower().split(","):
        name, *more = (part.strip() for part in each.split(";"))
        weights = [part.removeprefix("q=") for part in more if part.startswith("q=")]
        try:
            yield name, float(weights[0]) if weights else 1.0
        except ValueError:
            yield name, 0.0
