"""A15: an evening of two nodes and a Redis in a network that leads nowhere, and a record of every packet that sets out.

    unshare -n python -m tests.faults.sink FOLDER

prints as JSON what was connected to (``went``), where that was allowed to be (``home``) and what a connection made on purpose
looked like (``planted``). All other ways lead into a wire whose far end nobody holds, so that nothing is asked and lost.
"""

import asyncio
import contextlib
import ipaddress
import json
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

from tests.engines.servers import Server
from tests.faults.town import a_town

OUTGOING: Final = 4
EVERY_KIND: Final = 0x0003
TCP, UDP = 6, 17
IPV4, IPV6 = 0x0800, 0x86DD
# Made on purpose, at the end: were it not recorded, nothing would have been.
PLANTED: Final = ("192.0.2.7", 443)
PLANTED_NAME: Final = ("192.0.2.53", 53)
WAY_OUT: Final = (
    "link set lo up",
    "link add sink type veth peer name drain",
    "link set sink arp off up",
    "link set drain arp off up",
    "addr add 198.51.100.2/24 dev sink",
    "route add default dev sink",
)


def lead_nowhere() -> None:
    for step in WAY_OUT:
        subprocess.run(["ip", *step.split()], check=True, capture_output=True)


class Record:
    """Every attempt to connect and every datagram, as ``tcp 192.0.2.7:443``; who asks a machine that is none is heard too."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(EVERY_KIND))
        self._socket.settimeout(0.1)
        self._is_over = False
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def ends(self) -> None:
        self._is_over = True
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while not self._is_over:
            with contextlib.suppress(TimeoutError):
                packet, (_, kind, direction, *_) = self._socket.recvfrom(65536)
                if direction == OUTGOING:
                    self._note(kind, packet)

    def _note(self, kind: int, packet: bytes) -> None:
        if kind == IPV4:
            protocol, to, rest = packet[9], packet[16:20], packet[(packet[0] & 15) * 4 :]
        elif kind == IPV6:
            protocol, to, rest = packet[6], packet[24:40], packet[40:]
        else:
            return
        port = int.from_bytes(rest[2:4], "big")
        # The first packet of a connection is a SYN without an ACK.
        if protocol == UDP or (protocol == TCP and rest[13] & 0x12 == 0x02):
            self.seen.add(f"{'udp' if protocol == UDP else 'tcp'} {ipaddress.ip_address(to)}:{port}")


async def an_evening(folder: Path, record: Record) -> dict[str, list[str]]:
    server = Server()
    async with a_town(folder, redis=server) as town:
        home = [server.port, *(node.port for node in town.nodes)]
        async with town.evening_of_its_own() as evening:
            ana, ben = evening["Ana"], evening["Ben"]
            await evening.have_been_heard(0)
            ana.says("a link nobody follows for you: https://tracker.example/x.png")
            ben.says("ben@example.org, www.example.net")
            for who, command in (
                (ana, {"command": "write_line", "seat": ben.seat, "text": "http://192.0.2.9/"}),
                (ben, {"command": "flag_about_facilitation"}),
                (ana, {"command": "call_on_call"}),
            ):
                await who.asks(**command)
            await evening.are_whole()
            stranger = evening._browser()
            for path in ("/", "/help", "/sign-in", "/code", f"/join/{evening.room.join_token}", "/nowhere"):
                await stranger.follows(await stranger.gets(path))
            await stranger.posts("/sign-in", sign_in_name="nobody", password="nothing")
            await ana.asks("end")
            await ana.asks("end")
        for node in town.nodes:
            await node.stops()
    went = sorted(record.seen)
    plant(record)
    return {
        "went": went,
        "home": [f"tcp 127.0.0.1:{port}" for port in home],
        "planted": sorted(record.seen - set(went)),
    }


def plant(record: Record) -> None:
    with socket.socket() as wire, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as question:
        wire.setblocking(False)
        wire.connect_ex(PLANTED)
        question.sendto(b"?", PLANTED_NAME)
    for _ in range(50):
        if len(record.seen) and any(seen.startswith("udp ") for seen in record.seen):
            return
        threading.Event().wait(0.1)


def main() -> None:
    lead_nowhere()
    record = Record()
    try:
        print(json.dumps(asyncio.run(an_evening(Path(sys.argv[1]), record))))
    finally:
        record.ends()


if __name__ == "__main__":
    main()
