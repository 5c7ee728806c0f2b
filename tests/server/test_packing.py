"""What is packed for the wire is what was written: for a bad line, the first look at a room must be small."""

import re
import subprocess
import sys

import pytest

from server import packing, static
from server.app import ROOT
from server.static import Static
from tests.server.house import Evening

STATIC = ROOT / "static"
STRING = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`""")


def bare(styles: str) -> str:
    return "".join(re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL).split())


def untyped(line: str) -> str:
    return re.sub(r"/\*\* @[a-z]+ .*?\*/ ?", "", line)


# What they say of themselves, and what they then get.
BROWSERS = [
    ("gzip, deflate, br, zstd", "br"),
    ("br, gzip", "br"),
    ("gzip, deflate", "gzip"),
    ("GZIP", "gzip"),
    ("*", "br"),
    ("br;q=0, gzip", "gzip"),
    ("gzip;q=1.0, br;q=0.5", "gzip"),
    ("br ; q=0.8 , gzip;q=0.8", "br"),
    ("br;q=0, *", "gzip"),
    ("br;q=plenty, gzip", "gzip"),
    ("br;q=nan", None),
    ("br;q=0.000, gzip;q=0", None),
    ("*;q=0", None),
    ("brotli, x-gzip, zstd", None),
    ("identity", None),
    (",;q=1,", None),
    ("", None),
]


@pytest.mark.parametrize(("accepts", "how"), BROWSERS)
async def test_every_browser_gets_what_it_can_unpack(evening: Evening, accepts: str, how: str | None):
    ben = evening.house.browser()
    for path in (Static(STATIC).url("js/room.js"), Static(STATIC).url("css/live.css")):
        file = await ben.gets(path, **{"accept-encoding": accepts})
        assert file.headers.get("content-encoding") == how
        assert file.headers["vary"] == "accept-encoding"
        assert file.headers["cache-control"] == "private, max-age=31536000, immutable"
    ana = await evening.facilitates("Ana")
    page = await ana.browser.gets(evening.live_path, **{"accept-encoding": accepts})
    assert page.headers.get("content-encoding") == how
    assert "</html>" in page.text


async def test_a_browser_that_has_a_file_already_is_told_so_whichever_way_it_takes_it(evening: Evening):
    ben = evening.house.browser()
    address = Static(STATIC).url("js/room.js")
    for accepts in ("br", "gzip", "identity"):
        once = await ben.gets(address, **{"accept-encoding": accepts})
        again = await ben.gets(address, **{"accept-encoding": accepts, "if-none-match": once.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["vary"] == "accept-encoding"


WITHOUT = """
import gzip, sys
sys.modules["brotli"] = None  # as where there is no wheel of it: to import it fails
from server import packing
assert packing.brotli is None
for accepts in ("gzip, br", "br;q=1, gzip;q=0.1", "*"):
    how = packing.way(accepts)
    assert gzip.decompress(packing.packed(how, b"the house is open", once=True)) == b"the house is open"
assert packing.way("br") is None
"""


def test_where_there_is_no_brotli_everything_is_packed_with_gzip():
    subprocess.run([sys.executable, "-c", WITHOUT], cwd=ROOT, check=True, timeout=30)


async def test_a_house_without_brotli_serves_all_of_it(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(packing, "brotli", None)
    ana = await evening.facilitates("Ana")
    for path in (evening.live_path, Static(STATIC).url("js/room.js")):
        asked = {"accept-encoding": "br, gzip"}
        assert (await ana.browser.gets(path, **asked)).headers["content-encoding"] == "gzip"


def test_what_is_kept_is_packed_as_small_as_it_goes_and_only_once(monkeypatch: pytest.MonkeyPatch):
    asked = []
    ways = packing.packed

    def counted(how, written, *, once=False):
        asked.append(once)
        return ways(how, written, once=once)

    monkeypatch.setattr(packing, "packed", counted)
    written = (STATIC / "js" / "room.js").read_bytes() + b"// of a house that nobody has opened yet\n"
    sizes = [len(static._packed("br", ".js", written)) for _ in range(3)]
    assert asked == [True]
    assert len(set(sizes)) == 1
    assert (
        sizes[0] < len(ways("br", static._lean(".js", written))) < len(static._packed("gzip", ".js", written))
    )


async def test_a_browser_that_takes_packed_files_gets_all_but_comments_and_indentation(evening: Evening):
    ben = evening.house.browser()
    url = Static(STATIC).url
    files = [path for path in sorted(STATIC.rglob("*")) if path.suffix in {".js", ".css", ".svg"}]
    for path in files:
        address = url(str(path.relative_to(STATIC)))
        plain = await ben.gets(address, **{"accept-encoding": "identity"})
        packed = await ben.gets(address, **{"accept-encoding": "br"})
        zipped = await ben.gets(address, **{"accept-encoding": "gzip"})
        written = path.read_text("utf-8")
        assert plain.text == written
        assert "content-encoding" not in plain.headers
        assert packed.text == zipped.text
        assert packed.headers["content-encoding"] == "br"
        assert int(packed.headers["content-length"]) < int(zipped.headers["content-length"])
        assert plain.headers["vary"] == packed.headers["vary"] == "accept-encoding"
        assert plain.headers["etag"] == packed.headers["etag"]
        # Nothing but comments is missing, and what is left stands in its order.
        code = [line.strip() for line in written.splitlines()]
        if path.suffix == ".css":
            assert bare(packed.text) == bare(written), path
            # A space that is left out may stand in no string.
            assert not [each for each in re.findall(r'"[^"]*"', written) if re.search(r"[{};]", each)], path
            continue
        lines = iter(untyped(line) for line in written.splitlines())
        assert all(any(line.endswith(left) for line in lines) for left in packed.text.splitlines()), path
        assert {untyped(line) for line in code if not line.startswith(("//", "/*", "*"))} <= set(
            packed.text.splitlines()
        ), path
        # A comment about a type is left out where it stands, so it may stand in no string.
        strings = [each for line in code for each in STRING.findall(line)]
        assert not [each for each in strings if "/** @" in each], path
        # What a line begins with could be left out of no string that goes over its end.
        assert not [line for line in code if line.count("`") % 2 or line.endswith("\\")], path
        assert not [line for line in packed.text.splitlines() if line.strip().startswith(("//", "/*"))], path


async def test_the_live_page_is_packed_for_who_takes_it_packed_and_nothing_else_is(evening: Evening):
    ana = await evening.facilitates("Ana")
    packed = await ana.browser.gets(evening.live_path, **{"accept-encoding": "gzip"})
    smaller = await ana.browser.gets(evening.live_path, **{"accept-encoding": "br"})
    plain = await ana.browser.gets(evening.live_path, **{"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert smaller.headers["content-encoding"] == "br"
    assert smaller.text == packed.text == plain.text
    assert int(smaller.headers["content-length"]) < int(packed.headers["content-length"])
    assert int(packed.headers["content-length"]) * 4 < int(plain.headers["content-length"])
    # Where a page shows what somebody typed, its packed size would tell about the rest of it.
    for path in ("/", evening.door_path, "/help", "/sign-in"):
        found = await ana.browser.gets(path, **{"accept-encoding": "br, gzip"})
        assert "content-encoding" not in found.headers
