"""Every answer that leaves a server is sealed, and none of them names it: pages, errors, files, and what is no HTTP at all."""

import asyncio
import json
import re
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from server import http_deadline
from server.app import LARGEST_FORM
from server.guard import SecurityHeaders
from server.http_deadline import H11WithDeadline
from server.tally import Tally
from tests.engines.servers import free_port
from tests.server.house import Evening, House
from tests.server.test_command_line import KEY, command
from tests.server.test_rights import ROWS, cast_of

OpensHouses = Callable[..., Awaitable[House]]
PUBLIC = "https://rooms.example.org"
TYPED = "canary-in-a-request"

# What may stand in an answer of ours. Anything else is something that a library says of itself, or somebody's mistake.
HARMLESS = {
    "accept-ranges", "allow", "cache-control", "connection", "content-disposition", "content-encoding",
    "content-length", "content-range", "content-type", "date", "etag", "last-modified", "location", "retry-after",
    "sec-websocket-version", "set-cookie", "transfer-encoding", "upgrade", "vary", "x-accel-buffering",
    "content-language", "link",
}  # fmt: skip
SEAL = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    "x-robots-tag": "noindex, nofollow",
}
KEPT = {"no-store", "no-cache", "private, max-age=31536000, immutable", "no-store, no-transform"}

Headers = list[tuple[str, str]]


def is_sealed(headers: Headers, about: object, *, secure: bool = False) -> None:
    names = [name.lower() for name, _ in headers]
    once = dict(headers)
    for name, value in SEAL.items():
        assert names.count(name) == 1, (about, name, names)
        assert once[name] == value, (about, name)
    assert names.count("content-security-policy") == 1, about
    policy = once["content-security-policy"]
    assert policy.startswith("default-src 'none'; "), about
    for part in ("base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"):
        assert part in policy, (about, part)
    assert "form-action 'self'" in policy or "form-action 'none'" in policy, about
    assert "unsafe" not in policy, about
    assert "http:" not in policy, about
    assert names.count("cache-control") == 1, about
    assert once["cache-control"] in KEPT, about
    assert ("strict-transport-security" in names) is secure, about
    mine = {"content-security-policy", "strict-transport-security", *SEAL}
    assert set(names) <= mine | HARMLESS, (about, set(names) - mine - HARMLESS)
    assert not any("uvicorn" in value.lower() or "python" in value.lower() for _, value in headers), about


class Answer:
    """As it came over the wire."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split(" ")[1])
        self.headers: Headers = [
            (name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)
        ]

    def says_nothing_of_its_server(self) -> None:
        assert not re.search(
            rb"uvicorn|starlette|python|traceback|httptools|h11|invalid http", self.body, re.IGNORECASE
        )


async def over_the_wire(port: int, request: bytes) -> Answer | None:
    """None: the connection was ended without a word. What comes before the answer itself (100) is not looked at."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    raw = b""
    with suppress(ConnectionResetError, BrokenPipeError):
        writer.write(request)
        await writer.drain()
        async with asyncio.timeout(12):
            while more := await reader.read(65536):
                raw += more
                if _is_whole(request, raw):
                    break
    writer.transport.abort()
    raw = raw.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
    return Answer(raw) if raw else None


def _is_whole(request: bytes, raw: bytes) -> bool:
    raw = raw.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
    head, end, body = raw.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    if not end:
        return False
    bodiless = request.startswith(b"HEAD ") or b" 304 " in head[:20] or b" 101 " in head[:20]
    return bodiless or (length is not None and len(body) >= int(length.group(1)))


def asked(first: str, *lines: str, body: str = "") -> bytes:
    head = [f"{first} HTTP/1.1", "host: rooms.example.org", "connection: close", *lines]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode("latin-1")


def upgrading(path: str, *lines: str, method: str = "GET", origin: str = PUBLIC, **instead: str) -> bytes:
    given = {
        "connection": "upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "sec-websocket-protocol": "tealight.1",
        "origin": origin,
        **{name.replace("_", "-"): value for name, value in instead.items()},
    }
    head = [
        f"{method} {path} HTTP/1.1",
        "host: x",
        *(f"{name}: {value}" for name, value in given.items()),
        *lines,
    ]
    return ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")


def form(path: str, size: int, *lines: str) -> bytes:
    return asked(
        f"POST {path}",
        f"origin: {PUBLIC}",
        "content-type: application/x-www-form-urlencoded",
        f"content-length: {size}",
        *lines,
        body="x" * size,
    )


STYLE = "/static/x/css/base.css"
NOBODYS = "/live/xxxxxxxxxxxxxxxx"
POSTED = ("tealight-protocol: tealight.1", f"origin: {PUBLIC}")
ANSWERED: list[tuple[bytes, set[int]]] = [
    # Pages, and ways in which nobody asks for them
    (asked("GET /"), {200}),
    (asked("HEAD /"), {200}),
    (asked("HEAD /nothing"), {404}),
    (asked(f"GET /{TYPED}?{TYPED}={TYPED}", f"cookie: {TYPED}={TYPED}", f"user-agent: {TYPED}"), {404}),
    (asked("GET /%00%ff%fe/../.."), {404}),
    (asked(f"GET /{'x' * 8000}"), {404}),
    (asked("GET http://evil.example/"), {200, 400, 404}),
    (asked("OPTIONS *"), {400, 404, 405}),
    (asked("OPTIONS /", "origin: https://evil.example", "access-control-request-method: POST"), {405}),
    (asked("PUT /", f"origin: {PUBLIC}"), {405}),
    (asked("DELETE /desk", f"origin: {PUBLIC}"), {405}),
    (asked("TRACE /"), {403, 405}),
    (asked("BREW /"), {400, 403, 405}),
    (asked("CONNECT evil.example:443"), {400, 403, 404, 405}),
    (asked("POST /sign-in", "origin: https://evil.example", "content-length: 0"), {403}),
    (asked("GET /desk"), {303}),
    (asked("GET /health"), {200}),
    (asked("GET /ready"), {200, 503}),
    (asked("GET /metrics"), {404}),
    (b"GET / HTTP/1.0\r\n\r\n", {200, 404}),
    # Forms that are too large, broken or no forms
    (form("/sign-in", LARGEST_FORM + 1), {413}),
    (form("/sign-in", 9000), {400}),
    (form("/sign-in", 10, "expect: 100-continue"), {422}),
    (asked("POST /sign-in", f"origin: {PUBLIC}", "content-type: multipart/form-data", "content-length: 0"), {400, 422}),
    (asked("POST /sign-in", f"origin: {PUBLIC}", "transfer-encoding: chunked", body="z\r\n"), {400}),
    (asked("POST /sign-in/passkey", f"origin: {PUBLIC}", "content-length: 4", body="\xff\xfe{}"), {400, 404, 422}),
    # Files of ours
    (asked(f"GET {STYLE}"), {200}),
    (asked(f"HEAD {STYLE}"), {200}),
    (asked(f"GET {STYLE}", "accept-encoding: gzip"), {200}),
    (asked(f"GET {STYLE}", "range: bytes=0-9"), {206}),
    (asked(f"GET {STYLE}", "range: bytes=99999999-"), {416}),
    (asked(f"GET {STYLE}", "range: x"), {200, 400}),
    (asked(f"GET {STYLE}x"), {404}),
    (asked("GET /static/x/../../../../etc/passwd"), {404}),
    (asked("GET /static/x/css"), {404}),
    (asked(f"POST {STYLE}", f"origin: {PUBLIC}", "content-length: 0"), {405}),
    # Streams and posts
    (asked(f"POST {NOBODYS}/stream", *POSTED), {411}),
    (asked(f"POST {NOBODYS}/post", *POSTED, "content-length: 7000", body="x" * 7000), {413}),
    (asked(f"POST {NOBODYS}/post", *POSTED, "content-length: 2", body="{}"), {404}),
    (asked(f"POST {NOBODYS}/gone", "content-length: 0", f"origin: {PUBLIC}"), {404}),
    (asked(f"POST {NOBODYS}/gone", *POSTED[:1], "content-length: 0"), {403}),
    # Handshakes that become nothing
    (upgrading(NOBODYS, origin="https://evil.example"), {403}),
    (upgrading(NOBODYS, sec_websocket_protocol="tealight.2"), {400}),
    (upgrading(NOBODYS, sec_websocket_version="12"), {426}),
    (upgrading(NOBODYS, sec_websocket_key="short"), {400}),
    (upgrading(NOBODYS, method="POST"), {403, 405}),
    (upgrading("/nothing/here"), {403, 404}),
    (upgrading("/"), {403, 404}),
    (upgrading(NOBODYS, " folded: x"), {400, 403}),
    (asked(f"GET {NOBODYS}", "upgrade: h2c"), {404}),
    # What is no HTTP
    (b"nonsense\r\n\r\n", {400}),
    (TYPED.encode() + b"\0\xff" * 50 + b"\r\n\r\n", {400}),
    (b"GET / HTTP/9.9\r\nhost: x\r\n\r\n", {200, 400}),
    (b"GET / HTTP/1.1\r\nhost x\r\n\r\n", {400}),
    (b"GET / HTTP/1.1\r\nho\0st: x\r\n\r\n", {400}),
    (b"GET /\x01 HTTP/1.1\r\nhost: x\r\n\r\n", {400, 404}),
    (b"POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: x\r\n\r\n", {400}),
    (b"POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx", {400}),
    (b"POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", {400, 403, 422}),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 404}),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500) + b"\r\n\r\n", {400}),
    (b"\x80" * 200 + b"\r\n\r\n", {400}),
]  # fmt: skip


async def scanned(port: int, *, secure: bool) -> None:
    answers = {request: await over_the_wire(port, request) for request, _ in ANSWERED}
    unexpected = {
        request[:90]: answer and answer.status
        for request, statuses in ANSWERED
        if (answer := answers[request]) is None or answer.status not in statuses
    }
    assert unexpected == {}
    for request, answer in answers.items():
        about = request[:90]
        assert answer is not None
        is_sealed(answer.headers, about, secure=secure)
        answer.says_nothing_of_its_server()


@pytest.fixture(params=["httptools", "h11"])
async def over_tls(
    another_house: OpensHouses, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> House:
    """Behind a proxy that speaks TLS, with either of the two parsers that we may have."""
    if request.param == "h11":
        monkeypatch.setattr(http_deadline, "RoomHttp", H11WithDeadline)
    return await another_house(public_url=PUBLIC)


async def test_whatever_is_asked_the_answer_is_sealed_and_names_nobody(over_tls: House):
    await scanned(over_tls.port, secure=True)


async def test_who_sends_a_head_without_an_end_is_not_answered(house: House):
    assert await over_the_wire(house.port, asked("GET /", "cookie: " + "x" * 70_000)) is None


async def test_every_address_for_everybody_by_every_method(house: House):
    cast = await cast_of(house)
    for method, pattern, *_ in ROWS:
        path = cast.path(pattern)
        for who in ("stranger", "member", "organiser"):
            browser = cast.people[who]
            answers = [await (browser.gets(path) if method == "GET" else browser.posts(path))]
            if who == "stranger":
                answers.append(await browser.heads(path))
                ours = {"origin": house.origin}
                others = ("PUT", "DELETE", "OPTIONS", "PATCH")
                answers += [await browser.http.request(other, path, headers=ours) for other in others]
            for answer in answers:
                assert answer.status_code < 500, (path, answer.status_code)
                is_sealed(list(answer.headers.multi_items()), (who, answer.request.method, path))


async def test_a_socket_that_opens_says_no_more_than_it_must(evening: Evening):
    ben = await evening.comes_to_the_door()
    await ben.posts(evening.door_path, name="Ben", how="come_in")
    request = upgrading(evening.live_path, f"cookie: {ben.cookie_header}", origin=evening.house.origin)
    answer = await over_the_wire(evening.house.port, request)
    assert answer is not None
    assert answer.status == HTTPStatus.SWITCHING_PROTOCOLS
    assert {name for name, _ in answer.headers} == {
        "date",
        "upgrade",
        "connection",
        "sec-websocket-accept",
        "sec-websocket-protocol",
    }


async def test_where_not_even_the_page_that_says_so_can_be_made_the_answer_is_sealed():
    async def breaks(scope: Scope, receive: Receive, send: Send) -> None:
        raise ValueError(TYPED)

    async def receive() -> Message:
        return {"type": "http.request"}

    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    tally = Tally()
    app = SecurityHeaders(breaks, origins=[PUBLIC], secure=True, tally=tally)
    with pytest.raises(ValueError, match=TYPED):
        await app({"type": "http"}, receive, send)
    start, body = said
    assert (start["status"], body["body"], tally.answers[5]) == (500, b"", 1)
    is_sealed([(name.decode(), value.decode()) for name, value in start["headers"]], "500", secure=True)


@pytest.mark.processes
async def test_a_process_of_its_own_answers_so_too_and_writes_none_of_it_down(tmp_path: Path):
    port = free_port()
    process = await command(
        tmp_path,
        "run",
        SECRET_KEY=KEY,
        DATABASE_URL=f"sqlite:///{tmp_path}/records.db",
        PUBLIC_URL=PUBLIC,
        PORT=str(port),
        LOG_FORMAT="json",
    )
    try:
        async with asyncio.timeout(50):
            while True:
                with suppress(ConnectionRefusedError):
                    if (answer := await over_the_wire(port, asked("GET /health"))) and answer.status == 200:
                        break
                await asyncio.sleep(0.05)
        await scanned(port, secure=True)
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = await process.communicate()
    assert out == b""
    for line in err.decode().splitlines():
        assert json.loads(line).keys() <= {"at", "level", "logger", "where", "says", "error"}, line
        assert TYPED not in line
        assert "127.0.0.1" not in line
