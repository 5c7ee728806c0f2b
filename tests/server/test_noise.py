"""Bytes that mean nothing, before a handshake and after it, at a process of its own: it answers, or ends the connection,
keeps nothing open for them, writes nothing of them down, and people talk on.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as some

from tests.examples import examples
from tests.server.test_command_line import Demo, demo
from tests.server.test_headers import upgrading
from tests.server.visitor import Visitor
from tests.server.websocket.peer import masked

pytestmark = [pytest.mark.processes, pytest.mark.filterwarnings("ignore:Generating overly large repr")]

TYPED = b"canary-in-the-noise"
AT_ONCE = 25

noisy = examples(
    12,
    phases=[Phase.generate],
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)

LAWFUL = [
    b"GET / HTTP/1.1\r\nhost: x\r\ncookie: " + TYPED + b"\r\n\r\n",
    b"POST /sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: 40\r\n\r\nsign_in_name=" + TYPED,
    b"POST /sign-in HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    upgrading("/live/x"),
]


@some.composite
def spoilt(draw: some.DrawFn) -> bytes:
    """A lawful request in which some bytes are others, are missing, or come twice."""
    request = bytearray(draw(some.sampled_from(LAWFUL)))
    for at in draw(some.lists(some.integers(0, len(request) - 1), min_size=1, max_size=6)):
        match draw(some.sampled_from(["other", "gone", "twice"])):
            case "other" if at < len(request):
                request[at] = draw(some.integers(0, 255))
            case "gone":
                del request[at : at + draw(some.integers(1, 20))]
            case _:
                request[at:at] = request[at : at + 30] * draw(some.integers(1, 5))
    return bytes(request)


anything = (
    some.binary(max_size=400) | spoilt() | some.binary(max_size=60).map(lambda noise: LAWFUL[0] + noise)
)


@some.composite
def frames(draw: some.DrawFn) -> bytes:
    """As a page sends them, or as none does: any opcode, any bits, any length that is not true, any bytes."""
    sent = b""
    for _ in range(draw(some.integers(1, 6))):
        payload = draw(
            some.binary(max_size=140) | some.just(b'{"type":"say","ref":"a","text":"' + TYPED + b'"')
        )
        frame = masked(draw(some.integers(0, 255)), payload)
        sent += draw(
            some.sampled_from([frame, frame[:-1], frame[1:], payload, bytes([frame[0] | 0x40]) + frame[1:]])
        )
    return sent


class Evening:
    """Two people talk at a process of its own, and a third has a seat there and a page of their own making."""

    def __init__(self, running: Demo, ana: Visitor, ben: Visitor, mal: Visitor) -> None:
        self.running = running
        self.ana, self.ben = ana, ben
        self.port = int(running.url.rpartition(":")[2])
        self.head = upgrading(mal.live_path, f"cookie: {mal.browser.cookie_header}", origin=running.url)
        self.before = 0

    @property
    def sockets(self) -> int:
        """How many it has open; files of the records come and go as many at once ask for them."""
        found = 0
        for each in Path(f"/proc/{self.running.process.pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                found += str(each.readlink()).startswith("socket:")
        return found

    async def hears(self, noise: bytes, head: bytes = b"") -> None:
        """Until it says goodbye. What it says to noise is not looked at, but for what it would never say."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            if head:
                writer.write(head)
                assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
            writer.write(noise)
            writer.write_eof()
            async with asyncio.timeout(30):
                while said := await reader.read(65536):
                    assert b"Traceback" not in said
        writer.transport.abort()

    async def goes_on(self) -> None:
        await self.ben.says("is anything wrong?")
        for each in (self.ana, self.ben):
            await each.hears("is anything wrong?", frm="Ben")
        async with asyncio.timeout(20):
            while self.sockets > self.before:  # noqa: ASYNC110  it hears of the end of each by itself
                await asyncio.sleep(0.05)


@pytest.fixture(scope="module")
async def evening(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Evening]:
    async with demo(tmp_path_factory.mktemp("noise")) as running:
        ana, ben, mal = await running.facilitates(), await running.visits("Ben"), await running.visits("Mal")
        await mal.is_cut_off()
        for each in (ana, ben):
            await each.sees_that("you", place="inside")
            await each.browser.http.aclose()
        await mal.browser.http.aclose()
        here = Evening(running, ana, ben, mal)
        async with asyncio.timeout(20):
            # The one that it listens at, those of its loop, and two of people who stay.
            while (now := here.sockets) != here.before:
                here.before = now
                await asyncio.sleep(0.3)
        yield here
        said = await running.ends(signal.SIGTERM, within=8)
    for line in said.splitlines():
        assert "Traceback" not in line
        assert TYPED.decode() not in line
        assert "127.0.0.1" not in line


@noisy
@given(noise=some.lists(anything, min_size=AT_ONCE, max_size=AT_ONCE))
async def test_noise_before_the_handshake_is_nothing_to_anybody(evening: Evening, noise: list[bytes]):
    await asyncio.gather(*map(evening.hears, noise))
    await evening.goes_on()


@noisy
@given(noise=some.lists(some.binary(max_size=300) | frames(), min_size=AT_ONCE, max_size=AT_ONCE))
async def test_nor_is_noise_after_it(evening: Evening, noise: list[bytes]):
    await asyncio.gather(*(evening.hears(each, evening.head) for each in noise))
    await evening.goes_on()
