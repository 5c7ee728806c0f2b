"""What a Redis can be asked about itself before rooms are trusted to it."""

import asyncio
import time
from dataclasses import dataclass

from rooms.engines import EngineDown, EngineUnusable
from rooms.engines.address import Address, read_url
from rooms.engines.cluster import ask_a_seed
from rooms.engines.connection import Connection, Refused, Reply, dial
from rooms.engines.unusable import in_words


@dataclass(frozen=True, slots=True)
class Condition:
    """Of one server. None: this user may not ask."""

    address: str
    near: bool
    """It is on this machine, so that nobody on a network meets it."""
    password: bool
    tls: bool
    ahead: float | None
    """By how many seconds its clock is before ours; behind it, below zero."""
    watched: bool | None
    """Somebody reads every command that it is given (MONITOR)."""
    evicts: bool | None
    """When its memory is full it drops what it likes."""
    writes: bool | None
    """It writes what it holds into files (AOF or RDB)."""


async def examine(url: str) -> list[Condition]:
    """Every server that carries rooms, in the order of their addresses. Raises EngineUnusable."""
    place = read_url(url)
    servers = set(await ask_a_seed(place.seeds, "tealight-doctor") if place.cluster else place.seeds)
    return list(await asyncio.gather(*(_look_at(each) for each in sorted(servers, key=str))))


async def _look_at(address: Address) -> Condition:
    try:
        connection = await dial(address, "tealight-doctor", lambda _: None)
        try:
            ahead = _ahead(await _ask(connection, "TIME"))
            clients = await _ask(connection, "CLIENT", "LIST")
            config = await _ask(connection, "CONFIG", "GET", "maxmemory-policy", "save", "appendonly")
        finally:
            connection.abort()
    except (OSError, Refused, EngineDown) as error:
        raise EngineUnusable(in_words(address, error)) from None
    policy, save, appends = (_named(config, name) for name in (b"maxmemory-policy", b"save", b"appendonly"))
    return Condition(
        address=str(address),
        near=address.is_near,
        password=bool(address.password),
        tls=address.tls is not None,
        ahead=ahead,
        watched=_is_watched(clients),
        evicts=None if policy is None else policy != b"noeviction",
        writes=None if save is None or appends is None else bool(save) or appends == b"yes",
    )


async def _ask(connection: Connection, *command: str) -> Reply:
    """None for what this user may not ask: an access list that allows only what rooms need is a good one."""
    try:
        return await connection.call(*command)
    except Refused:
        return None


def _ahead(reply: Reply) -> float | None:
    match reply:
        case [bytes(seconds), bytes(micros)]:
            return int(seconds) + int(micros) / 1e6 - time.time()
        case _:
            return None


def _is_watched(clients: Reply) -> bool | None:
    if not isinstance(clients, bytes):
        return None
    # O is a monitor. What else a line holds is an address or a name, which cannot hold a space.
    flags = [word[6:] for word in clients.split() if word.startswith(b"flags=")]
    return any(b"O" in each for each in flags)


def _named(config: Reply, name: bytes) -> bytes | None:
    value = config.get(name) if isinstance(config, dict) else None
    return value if isinstance(value, bytes) else None
