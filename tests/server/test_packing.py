"""What is packed for the wire is what was written: for a bad line, the first look at a room must be small."""

import re

from server.app import ROOT
from server.static import Static
from tests.server.house import Evening

STATIC = ROOT / "static"
STRING = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`""")


def bare(styles: str) -> str:
    return "".join(re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL).split())


def untyped(line: str) -> str:
    return re.sub(r"/\*\* @[a-z]+ .*?\*/ ?", "", line)


async def test_a_browser_that_takes_packed_files_gets_all_but_comments_and_indentation(evening: Evening):
    ben = evening.house.browser()
    url = Static(STATIC).url
    files = [path for path in sorted(STATIC.rglob("*")) if path.suffix in {".js", ".css", ".svg"}]
    for path in files:
        address = url(str(path.relative_to(STATIC)))
        plain = await ben.gets(address, **{"accept-encoding": "identity"})
        packed = await ben.gets(address)
        written = path.read_text("utf-8")
        assert plain.text == written
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
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
    packed = await ana.browser.gets(evening.live_path)
    plain = await ana.browser.gets(evening.live_path, **{"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) * 4 < int(plain.headers["content-length"])
    # Where a page shows what somebody typed, its packed size would tell about the rest of it.
    for path in ("/", evening.door_path, "/help", "/sign-in"):
        assert "content-encoding" not in (await ana.browser.gets(path)).headers
