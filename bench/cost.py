"""``python -m bench.cost``: what a room over Redis costs more than a room in one process, Redis being on the same machine.

Three figures, each beside what is promised: how much later a delivery comes, how often Redis is asked for one commit,
and what Redis holds for a room of eight. The first needs two quiet cores; the others need no more than a Redis.
"""

import argparse
import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Container, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bench.house import SECRET
from bench.load import Shape, run
from bench.servers import Server, a_redis, one_over_redis, redis_binary, tealight, two_nodes
from bench.workshop import FOLDER, CannotBuildError, built
from rooms.deciding import Outcome
from rooms.engines import Engine, open_engine
from rooms.fanout import Line
from rooms.gathering import Welcome
from rooms.host import Host
from rooms.house import House
from rooms.live import Actor, Command, Refusal, Terms
from rooms.live.door import Arrive
from rooms.live.names import FRIENDLY
from rooms.live.talk import Say
from rooms.live.words import Role

LATER_MS, TRIPS, KILOBYTES = 5.0, 1.0, 16.0
MEMBERS: Final = 8
A_THOUSAND: Final = Shape("1,000 messages a second", rooms=125, members=MEMBERS, rate=8.0, warm=1.0)
# Somebody says something every four seconds; the receipt of each lasts for two minutes.
RECEIPTS: Final = 30
TEXT: Final = (
    "I have been thinking about what you said last week, and it helped more than I could say at the time."
)
_PATIENCE: Final = 60.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.cost", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of the delivery; each runs every server once")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each run is measured")
    parser.add_argument("--rooms", type=int, default=400, help="over how many rooms memory is divided")
    parser.add_argument("--commits", type=int, default=5000, help="one after the other, to count trips")
    given = parser.parse_args()
    if not redis_binary():
        sys.exit("no valkey-server or redis-server to measure")
    FOLDER.mkdir(exist_ok=True)
    print("Load of the machine (1, 5, 15 min):", ", ".join(f"{each:.1f}" for each in os.getloadavg()))
    print(f"\n| a room over Redis costs | promised | measured |\n{'| --- ' * 3}|")
    _row("round trips for one commit", f"{TRIPS:g}", f"{asyncio.run(_trips(given.commits)):.2f}")
    quiet, talking, together = asyncio.run(_memory(given.rooms))
    _row(f"the same, {given.rooms} rooms at once", f"at most {TRIPS:g}", f"{together:.2f}")
    _row(
        f"memory of Redis for a live room of {MEMBERS}", f"at most {KILOBYTES:g} KB", f"{quiet / 1024:.1f} KB"
    )
    _row(f"the same, with {RECEIPTS} receipts", f"at most {KILOBYTES:g} KB", f"{talking / 1024:.1f} KB")
    for words, promised, measured in _later(given.rounds, given.seconds):
        _row(words, promised, measured)


def _row(*cells: str) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)


# How much later a delivery comes


def _later(rounds: int, seconds: float) -> Iterator[tuple[str, str, str]]:
    """Differences within one round, so that a noisy minute falls on all alike; the median of the rounds."""
    try:
        built("load")
    except CannotBuildError as cannot:
        sys.exit(str(cannot))
    if not hasattr(os, "sched_setaffinity") or (os.cpu_count() or 1) < 2:
        sys.exit("a delivery is measured on Linux with two cores: one for the servers, one for the load")
    alone = Server("in one process", tealight)
    over = [Server("over Redis, one node", one_over_redis), Server("over Redis, two nodes", two_nodes)]
    shape = Shape(**{name: getattr(A_THOUSAND, name) for name in A_THOUSAND.__slots__} | {"seconds": seconds})
    took: dict[str, list[float]] = {each.name: [] for each in (alone, *over)}
    for number in range(rounds):
        for server in (alone, *over):
            with server.open(shape) as target:
                seen = run(server.name, target, shape, number)
            took[server.name].append(float(seen.seen["p99_us"]) / 1000)
            flaws = "" if seen.is_flawless else "  WITH FLAWS"
            print(
                f"{number} {server.name:22} {seen.us_per_message:6.0f} µs of CPU a message{flaws}",
                file=sys.stderr,
            )
    yield f"p99 of a delivery in one process, {shape.name}", "", f"{median(took[alone.name]):.1f} ms"
    for server in over:
        added = median(ours - base for ours, base in zip(took[server.name], took[alone.name], strict=True))
        yield f"p99 added {server.name}", f"at most {LATER_MS:g} ms", f"{added:.1f} ms"


# How often Redis is asked, and what it holds


async def _memory(room_count: int) -> tuple[float, float, float]:
    """Bytes that Redis holds for a room, quiet and talking, and how often it is asked for a commit if all talk at once."""
    terms: dict[str, Terms] = {}
    async with _two_nodes(terms) as (nodes, engine, told):
        empty = told.memory()
        here = await _under_way(nodes, engine, terms, room_count)
        quiet = (told.memory() - empty) / room_count
        talker, asked, base = _person(1), told.reads(), told.memory()
        for number in range(RECEIPTS):
            await asyncio.gather(*(_ask(host, Say(TEXT), talker, f"r{number}") for host in here))
        together = (told.reads() - asked) / room_count / RECEIPTS
        return quiet, quiet + (told.memory() - base) / room_count, together


async def _trips(commits: int) -> float:
    """How often Redis is asked for each, less how often it is asked in that time anyway (breaths, seats, probes)."""
    terms: dict[str, Terms] = {}
    async with _two_nodes(terms) as (nodes, engine, told):
        (host,) = await _under_way(nodes, engine, terms, 1)
        before, began = told.reads(), time.monotonic()
        for number in range(commits):
            await _ask(host, Say(TEXT), _person(1), f"c{number}")
        done, took = told.reads() - before, time.monotonic() - began
        before = told.reads()
        await asyncio.sleep(took)
        return (done - (told.reads() - before)) / commits


@asynccontextmanager
async def _two_nodes(
    terms: Mapping[str, Terms],
) -> AsyncIterator[tuple[tuple[House, House], Engine, "_Told"]]:
    """As few as keep a room twice, and the Redis between them."""
    with (
        TemporaryDirectory(dir=FOLDER) as folder,
        a_redis(Path(folder)) as (port, _),
        closing(_Told(port)) as told,
    ):
        url = f"redis://127.0.0.1:{port}"
        engines = open_engine(url, secret=SECRET), open_engine(url, secret=SECRET)
        async with _a_house(engines[0], terms) as one, _a_house(engines[1], terms) as two:
            yield (one, two), engines[0], told


async def _under_way(
    nodes: Iterable[House], engine: Engine, terms: dict[str, Terms], room_count: int
) -> list[Host]:
    """So many live rooms of eight, hosted at both nodes; everybody is at the first."""
    began = time.time()
    terms.update({f"room{number:04d}": Terms(began, starts_itself=True) for number in range(room_count)})
    hosts = [[await _opened(node, key) for key in terms] for node in nodes]
    await asyncio.gather(*(_gather(host) for host in hosts[0]))
    async with asyncio.timeout(_PATIENCE):
        for key in terms:
            # Nodes tell Redis of seats with their next sweep.
            while len((await engine.seats(key)).live) < MEMBERS:  # noqa: ASYNC110  another task, without an event
                await asyncio.sleep(0.1)
    return hosts[0]


async def _gather(host: Host) -> None:
    """A facilitator and seven members come in; the session starts."""
    for number in range(MEMBERS):
        person = _person(number)
        await _ask(host, Arrive(person.name, connected=True), person, f"a{number}")
        host.join(_Page(person), None)


async def _opened(house: House, key: str) -> Host:
    host = await house.host(key)
    assert host is not None, "its terms are known"
    return host


async def _ask(host: Host, command: Command, actor: Actor, ref: str) -> None:
    answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
    host.submit(command, actor, answer.set_result, ref=ref)
    outcome = await answer
    if isinstance(outcome, Refusal):
        raise TypeError(outcome.why)


def _person(number: int) -> Actor:
    role = Role.MEMBER if number else Role.FACILITATOR
    return Actor(f"seat-of-{number:04d}", role, FRIENDLY[number])


@dataclass(frozen=True, slots=True)
class _Page:
    """Somebody's, which takes what it is sent."""

    actor: Actor

    @property
    def line(self) -> "_Page":
        return self

    def welcome(self, welcome: Welcome) -> None: ...

    def send(self, payload: bytes) -> None: ...

    def close(self, code: int, reason: str = "") -> None: ...


class _Crowd:
    """Nobody in it is told anything: what counts here is Redis."""

    def __len__(self) -> int:
        return 1

    def add(self, line: Line) -> None: ...

    def remove(self, line: Line) -> None: ...

    def send(self, payload: bytes) -> None: ...


@asynccontextmanager
async def _a_house(engine: Engine, terms: Mapping[str, Terms]) -> AsyncIterator[House]:
    async def known(key: str, at: float) -> Terms | None:
        return terms.get(key)

    async def upcoming(at: float, known: Container[str]) -> Mapping[str, Terms]:
        return {}

    async def told(*_: object) -> None: ...

    house = House(
        engine,
        terms=known,
        upcoming=upcoming,
        finished=told,
        noticed=told,
        circle=_Crowd,
        clock=time.time,
    )
    async with house:
        yield house


class _Told:
    """What Redis says of itself, over one connection that stays open: each look is one read of its own."""

    def __init__(self, port: int) -> None:
        self._wire = socket.create_connection(("127.0.0.1", port), 5)

    def memory(self) -> int:
        return int(self._info("memory")["used_memory"])

    def reads(self) -> int:
        return int(self._info("stats")["total_reads_processed"])

    def close(self) -> None:
        self._wire.close()

    def _info(self, section: str) -> dict[str, str]:
        self._wire.sendall(f"INFO {section}\r\n".encode())
        said = b""
        while b"\r\n" not in said:
            said += self._wire.recv(65536)
        size, _, body = said.partition(b"\r\n")
        while len(body) < int(size[1:]) + 2:
            body += self._wire.recv(65536)
        lines = (line.partition(":") for line in body.decode().splitlines() if ":" in line)
        return {name: value for name, _, value in lines}


if __name__ == "__main__":
    main()
