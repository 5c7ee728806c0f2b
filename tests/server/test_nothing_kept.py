"""What is said in a room, and what people are called in it, stands in no log line and in no file, whatever goes wrong."""

import ast
import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from rooms.records import tables
from server import logs, wire
from server.app import ROOT
from server.logs import Formatter, JsonFormatter
from tests.server.house import House
from tests.server.streaming import Streaming
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]
SAID = "canary-that-was-said"
NAME = "Canary Kim"
TYPED = "canary-that-was-typed"
CANARIES = ("canary", "Canary", "CANARY")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that anybody logs, down to DEBUG, in the form in which we print it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Formatter())
    root = logging.getLogger()
    loggers = [root, *(each for each in root.manager.loggerDict.values() if isinstance(each, logging.Logger))]
    before = {each: (each.level, each.propagate) for each in loggers}
    for each in loggers:
        each.setLevel(logging.DEBUG)
        # Another test may have had uvicorn configure its own, which then tell nobody else.
        each.propagate = True
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)
    for each, (level, propagates) in before.items():
        each.setLevel(level)
        each.propagate = propagates


def is_free_of_canaries(written: str) -> None:
    found = [line for line in written.splitlines() if any(canary in line for canary in CANARIES)]
    assert not found


async def an_evening_of(house: House, page: type[Visitor] = Visitor) -> tuple[Visitor, Visitor]:
    """Everything that a person can write, right and wrong."""
    evening = (await house.evening(listed=True)).over(page)
    ana = await evening.facilitates("Ana")
    await ana.starts()
    kim = await evening.visits(NAME)
    for who in (ana, kim):
        assert (await who.browser.gets(evening.live_path)).status_code == 200
    message = await kim.says(SAID)
    await kim.says(f"{SAID} again")
    await kim.asks("take_back", message=message)
    await ana.asks("quiet", seat=kim.seat, minutes=2, reason="unkind")
    await kim.says(SAID)
    await kim.is_refused("quieted")
    for fault in (SAID, f'{{"type":"{TYPED}"}}', f'{{"type":"say","ref":"{TYPED}","text":["{SAID}"]}}'):
        await kim.sends(fault)
    await kim.catches_up()
    tab = await kim.opens_another_tab()
    await tab.sends(SAID.encode() + b"\xff", as_text=True)
    await tab.is_closed(1007)
    await kim.is_cut_off()
    await kim.comes_back()
    door = await evening.comes_to_the_door()
    await door.posts(evening.door_path, name=f"{TYPED} {'x' * 30}", how="come_in")
    await door.posts("/sign-in", sign_in_name=TYPED, password=TYPED)
    await door.gets(f"/{TYPED}?{TYPED}={TYPED}", referer=f"http://{TYPED}/", **{"user-agent": TYPED})
    return ana, kim


async def kept_files(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted(folder.iterdir())}  # noqa: ASYNC240  a test reads little


@pytest.mark.parametrize("page", [Visitor, Streaming], ids=["sockets", "streams"])
async def test_an_evening_leaves_no_word_in_logs_or_files(
    another_house: OpensHouses, log: io.StringIO, page: type[Visitor]
):
    house = await another_house()
    ana, kim = await an_evening_of(house, page)
    if isinstance(kim, Streaming):
        # What is refused before it is read, what comes in pieces, what is for nobody, what breaks off.
        for name, status in ((kim.stream, 413), ("x", 404)):
            padding = " " * 7000 if status == 413 else ""
            answer = await kim.posts(
                f'{{"type":"say","ref":"a","text":"{SAID}"}}{padding}'.encode(), **{"tealight-stream": name}
            )
            assert answer.status_code == status
        broken_off = Streaming(kim.browser, kim.live_path, NAME)
        await broken_off._sends_a_request(SAID.encode(), **{"content-length": "5000"})
        await broken_off.closes_the_tab()
    files = await kept_files(Path(house.settings.database_url.removeprefix("sqlite:///")).parent)
    assert any(name.endswith("-wal") for name in files), "the log of the database was looked at too"
    for name, content in files.items():
        assert not any(canary.encode() in content for canary in CANARIES), name
    await ana.ends()
    await house.passes()
    written = log.getvalue()
    if page is Visitor:
        assert " debug websockets.client: " in written, "those who know all of it did speak"
    is_free_of_canaries(written)
    for address in ("127.0.0.1", "user-agent"):
        assert address not in written


async def test_a_page_that_breaks_is_named_without_a_word_of_it(another_house: OpensHouses, log: io.StringIO):
    house = await another_house()
    evening = await house.evening(listed=True)
    browser = house.browser()
    async with house.database.writing() as conn:
        await conn.execute(text("DROP TABLE links"))
        await conn.execute(text("DROP TABLE agreements"))
    for path in (f"/link/{TYPED}", evening.door_path):
        assert (await browser.posts(path, name=f"{TYPED} {'x' * 30}")).status_code == 500
    written = log.getvalue()
    is_free_of_canaries(written)
    assert "OperationalError at " in written


@pytest.mark.parametrize(
    ("page", "where"),
    [(Visitor, "websocket"), (Streaming, "queued_line")],
    ids=["sockets", "streams"],
)
async def test_a_frame_that_breaks_us_is_named_without_a_word_of_it(
    another_house: OpensHouses,
    log: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
    page: type[Visitor],
    where: str,
):
    house = await another_house()
    evening = (await house.evening()).over(page)
    ana = await evening.facilitates("Ana")
    await ana.starts()
    kim = await evening.visits(NAME)

    def breaks(payload: bytes) -> wire.Fault:
        raise ValueError(f"cannot read {payload!r}")

    # A mistake of ours, of the kind that quotes what it stumbled over.
    with monkeypatch.context() as broken:
        broken.setattr(wire, "parse", breaks)
        await kim.sends({"type": "say", "ref": "a", "text": SAID})
        await kim.is_closed(1011)
    await ana.says("the others go on")
    await ana.hears("the others go on", frm="Ana")
    written = log.getvalue()
    is_free_of_canaries(written)
    assert f"on_text failed: ValueError at server.{where}:" in written


def test_a_line_of_a_library_is_reduced_to_where_it_came_from():
    cause = RuntimeError(SAID)
    cause.__cause__ = ValueError(SAID)
    about = (type(cause), cause, None)
    record = logging.LogRecord(
        "a.library", logging.ERROR, "/a/place/library.py", 7, "lost %s", (SAID,), about, sinfo=SAID
    )
    line = Formatter().format(record)
    assert line.endswith(" error a.library: library:7 (RuntimeError at nowhere)")
    is_free_of_canaries(line)
    record = logging.LogRecord("a.library", logging.ERROR, "/a/place/library.py", 7, "%d", (SAID,), None)
    assert Formatter().format(record).endswith(" error a.library: library:7")


class HostileError(Exception):
    """Says what was said in every way in which an exception can be asked."""

    def __str__(self) -> str:
        return SAID

    __repr__ = __format__ = __str__  # type: ignore[assignment]  # whatever asks


class FalselyNamedError(HostileError):
    __module__ = SAID
    __qualname__ = f"{SAID}.{SAID}"
    __doc__ = SAID


def fails_with(error: BaseException) -> BaseException:
    error.add_note(SAID)
    error.__cause__ = HostileError(SAID)
    local = SAID
    try:
        raise error  # noqa: TRY301  it has to have been raised
    except BaseException as caught:  # noqa: BLE001  whatever it is
        assert local
        return caught


HOSTILE = [
    HostileError(SAID),
    FalselyNamedError(SAID, {SAID: [SAID]}),
    ExceptionGroup(SAID, [HostileError(SAID), ExceptionGroup(SAID, [ValueError(SAID)])]),
    UnicodeDecodeError("utf-8", SAID.encode(), 0, 1, SAID),
    OSError(2, SAID, f"/home/{SAID}", None, SAID),
    KeyError(SAID),
    SystemExit(SAID),
]
FIELDS = {"at", "level", "logger", "where", "says", "error"}


@pytest.mark.parametrize("formatter", [Formatter(), JsonFormatter()], ids=["line", "json"])
@pytest.mark.parametrize("error", HOSTILE, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("logger", ["a.library", "server.somewhere"])
def test_whatever_an_exception_says_stands_in_no_line(
    formatter: Formatter, error: BaseException, logger: str
):
    caught = fails_with(error)
    more = {"query": SAID, "client": "192.0.2.7", "name_of": NAME, "says": SAID, "error": SAID, "at": SAID}
    record = logging.makeLogRecord(
        {
            "name": logger,
            "levelno": logging.ERROR,
            "levelname": "ERROR",
            "pathname": f"/a/{TYPED}/library.py",
            "module": "library",
            "lineno": 7,
            "msg": "it broke" if logger.startswith("server") else f"{SAID} %s",
            "args": () if logger.startswith("server") else (caught,),
            "exc_info": (type(caught), caught, caught.__traceback__),
            "exc_text": SAID,
            "stack_info": SAID,
            "threadName": SAID,
            "processName": SAID,
            "taskName": SAID,
            **more,
        }
    )
    line = formatter.format(record)
    is_free_of_canaries(line)
    assert "192.0.2.7" not in line
    assert "\n" not in line
    assert f"{type(error).__name__} at tests.server.test_nothing_kept:" in line
    if isinstance(formatter, JsonFormatter):
        fields = json.loads(line)
        assert fields.keys() <= FIELDS
        assert fields.get("says") == ("it broke" if logger.startswith("server") else None)
        assert (fields["level"], fields["logger"], fields["where"]) == ("error", logger, "library:7")


def test_our_own_lines_are_given_nothing_but_what_may_stand_there():
    """A sentence is ours if nothing is put into it but places in code, numbers and settings."""
    may_stand = {
        "whereabouts(error)",
        "whereabouts(mishap)",
        "finding",
        "metrics_ports(settings.workers)",
        "settings.metrics_port",
        "self._address",
        "abs(apart)",
        "what",
        "type(error).__name__",
        # A name out of a list that a database has, such as SQLITE_FULL.
        "error.why",
        "where",
        # Of an account, as the records know it; never what it is called.
        "account_id",
    }
    looked_at = 0
    for file in (file for part in ("server", "rooms") for file in sorted(Path(ROOT, part).rglob("*.py"))):
        for call in ast.walk(ast.parse(file.read_text())):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            if ast.unparse(call.func.value) not in {"log", "_log", "logger", "logging"}:
                continue
            if call.func.attr in {"getLogger", "captureWarnings", "config", "Formatter"}:
                continue
            looked_at += 1
            says, *given = call.args
            assert isinstance(says, ast.Constant), f"{file.name}:{call.lineno} makes up its sentence"
            assert not call.keywords, f"{file.name}:{call.lineno} hands on an exception or more"
            for each in given:
                assert ast.unparse(each) in may_stand, f"{file.name}:{call.lineno} {ast.unparse(each)}"
    assert looked_at > 20


MISHAPS = """
import asyncio, logging, sys, threading, warnings
from server import logs

class Falls:
    def __del__(self):
        raise ValueError(sys.argv[1])

def fails():
    raise ValueError(sys.argv[1])

async def main():
    asyncio.get_running_loop().call_soon(fails)
    task = asyncio.create_task(asyncio.to_thread(fails))
    await asyncio.wait([task])
    del task

logs.begin(sys.argv[2])
logging.getLogger("server.somewhere").error("%d", sys.argv[1])
logging.getLogger("a.library").error(sys.argv[1], exc_info=ValueError(sys.argv[1]))
warnings.warn(sys.argv[1])
Falls()
thread = threading.Thread(target=fails)
thread.start()
thread.join()
asyncio.run(main())
"""


def mishaps(folder: Path, log_format: str) -> str:
    environ = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    ended = subprocess.run(
        [sys.executable, "-c", MISHAPS, SAID, log_format],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    is_free_of_canaries(ended.stdout + ended.stderr)
    return ended.stderr


def test_what_nobody_caught_is_named_without_a_word_of_it(tmp_path: Path):
    """Python prints such things itself, and in full, past every formatter."""
    said = mishaps(tmp_path, "line")
    assert said.count("nobody caught ValueError at ") == 2
    assert said.count(" error asyncio: base_events:") == 2
    assert " warning py.warnings: warnings:" in said
    assert all(line.startswith("20") for line in said.splitlines()), "nothing that we did not write"


def test_so_it_is_where_machines_read_it(tmp_path: Path):
    lines = [json.loads(line) for line in mishaps(tmp_path, "json").splitlines()]
    assert all(line.keys() <= FIELDS for line in lines)
    assert [line["logger"] for line in lines].count("asyncio") == 2
    caught = [line["says"] for line in lines if line["logger"] == "server.logs"]
    assert len(caught) == 2
    assert all(says.startswith("nobody caught ValueError at ") for says in caught)


def test_nobody_logs_what_libraries_know_at_debug():
    levels = {name: entry["level"] for name, entry in logs.CONFIG["loggers"].items()}
    assert logs.CONFIG["root"]["level"] == "WARNING"
    assert levels["uvicorn.access"] == "CRITICAL"
    assert levels["uvicorn.error"] == levels["uvicorn"] == "WARNING"


def test_no_table_has_a_place_for_what_was_said():
    said = {"message", "messages", "said", "text", "body", "words", "event", "entry", "transcript"}
    for table in tables.metadata.sorted_tables:
        assert not said & {table.name, *(column.name for column in table.columns)}
