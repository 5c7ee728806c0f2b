"""A node dies, is stopped, or hangs while people talk: they go on at another, and know what they may have missed."""

import asyncio
import signal
import socket
from pathlib import Path

import pytest

from tests.faults import harm
from tests.faults.evening import TALKS_EVERY, Evening
from tests.faults.node import STOPPED, until
from tests.faults.person import talking
from tests.faults.town import Town, a_town

pytestmark = pytest.mark.timeout(400)


async def test_a_node_killed_under_load_while_another_hosts_the_room(evening: Evening):
    row = await evening.suffers(harm.node_is_killed())
    assert row.verdict.broken == []
    # People of this room are at both nodes, so both have heard all of it.
    assert row.verdict.lost == 0


async def test_a_node_killed_under_load_while_everybody_was_on_it(town: Town):
    """Nobody is connected to it at another, but it stands on another all the same."""
    async with town.evening_of_its_own(everybody_at=0) as evening:
        row = await evening.suffers(harm.node_is_killed())
        assert row.verdict.broken == []
        assert (row.verdict.lost, row.verdict.marked) == (0, 0)


async def test_the_only_node_killed(tmp_path: Path):
    """Nobody else remembers what was said; the room is as it was, restrictions and all."""
    async with a_town(tmp_path, nodes=1) as town, town.evening_of_its_own() as evening:
        answer = await evening["Ana"].asks("set_door", door="knock")
        assert answer["type"] == "ack"
        row = await evening.suffers(harm.node_is_killed())
        assert row.verdict.broken == []
        assert evening["Ben"].room["door"] == "knock"


async def test_a_node_that_hangs_for_a_while(evening: Evening):
    row = await evening.suffers(harm.node_is_frozen(3.0))
    assert row.verdict.broken == []
    assert row.verdict.lost == 0


async def test_a_rolling_restart_loses_nothing(evening: Evening):
    row = await evening.suffers(harm.ROLLING_RESTART)
    assert row.verdict.broken == []
    assert (row.verdict.lost, row.verdict.marked) == (0, 0)


async def test_a_node_stops_although_somebody_does_not_read(evening: Evening):
    """A page that hangs keeps no deploy waiting, and costs the others nothing."""
    node = evening.town.nodes[0]
    async with talking(evening.here, TALKS_EVERY):
        await evening.have_been_heard()
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as hanging:
            await _reads_nothing(evening, hanging, node.url)
            node.tells(signal.SIGTERM)
            # Four seconds of grace; the rest is for a busy machine.
            async with asyncio.timeout(30):
                assert await node.is_over() in STOPPED
        node.starts()
        await evening.are_whole()
    verdict = await evening.verdict()
    assert verdict.broken == []


async def _reads_nothing(evening: Evening, wire: socket.socket, url: str) -> None:
    """Another tab of Ben's, whose window is full: what is said to him waits in the node."""
    ben = evening["Ben"]
    loop = asyncio.get_running_loop()
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    wire.setblocking(False)
    await loop.sock_connect(wire, ("127.0.0.1", int(url.rpartition(":")[2])))
    request = (
        f"GET /live/{evening.session.id} HTTP/1.1\r\nHost: {url.removeprefix('http://')}\r\n"
        f"Origin: {ben.browser.origin}\r\nCookie: {ben.browser.cookie_header}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: tealight.1\r\n\r\n"
    )
    await loop.sock_sendall(wire, request.encode())
    assert (await loop.sock_recv(wire, 2048)).startswith(b"HTTP/1.1 101 ")
    # A text frame under the mask 0000, which leaves it as it is.
    hello = b'{"type": "hello", "at": null, "name": "Ben"}'
    await loop.sock_sendall(wire, bytes([0x81, 0x80 | len(hello), 0, 0, 0, 0]) + hello)

    async def is_full() -> bool:
        for name in ("Ana", "Bea"):
            await evening[name].floods(1, length=900)
        return _unsent(*wire.getsockname(), *wire.getpeername()) > 0

    await until(is_full, "its window is full")


def _unsent(near: str, port: int, far: str, to: int) -> int:
    """How many bytes the node has handed to the kernel for this page, that the page has not taken."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, _, queues, *_ = line.split()
        if (int(local.split(":")[1], 16), int(remote.split(":")[1], 16)) == (to, port):
            return int(queues.split(":")[0], 16)
    return 0
