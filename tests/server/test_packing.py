"""What is packed for the wire is what was written: for a bad line, the first look at a room must be small."""

from server.app import ROOT
from server.static import Static
from tests.server.house import Evening

STATIC = ROOT / "static"


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
        lines = iter(written.splitlines())
        assert all(any(line.endswith(left) for line in lines) for left in packed.text.splitlines()), path
        code = [line.strip() for line in written.splitlines()]
        assert {line for line in code if not line.startswith(("//", "/*", "*"))} <= set(
            packed.text.splitlines()
        ), path
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
