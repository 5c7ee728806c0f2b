"""Who has which slot of a cluster, by what its nodes say."""

from binascii import crc_hqx
from collections.abc import Sequence
from dataclasses import replace

from rooms.engines import EngineDown, EngineUnusable
from rooms.engines.address import Address
from rooms.engines.connection import Connection, Refused, Reply, dial
from rooms.engines.unusable import check, in_words

SLOTS = 16_384


def slot_of(key: bytes) -> int:
    start = key.find(b"{")
    end = key.find(b"}", start + 1)
    if start >= 0 and end > start + 1:
        key = key[start + 1 : end]
    return crc_hqx(key, 0) % SLOTS


async def ask_a_seed(seeds: Sequence[Address], name: str) -> list[Address]:
    """From scratch: the first seed that knows of a whole cluster. Raises EngineUnusable."""
    refusals = []
    for seed in seeds:
        try:
            connection = await dial(seed, name, lambda _: None)
        except (OSError, Refused, EngineDown) as error:
            refusals.append(in_words(seed, error))
            continue
        try:
            check(seed, connection.hello, cluster=True)
            owners = [owner for owner in await ask_a_member(seed, connection) if owner is not None]
            if len(owners) == SLOTS:
                return owners
            refusals.append(f"the cluster of {seed} does not serve all of its slots")
        except (Refused, EngineDown) as error:
            refusals.append(in_words(seed, error))
        finally:
            connection.abort()
    raise EngineUnusable(refusals[0])


async def ask_a_member(address: Address, connection: Connection) -> list[Address | None]:
    """The owner of each slot, None where nobody serves it. Raises Refused or EngineDown."""
    owners: list[Address | None] = [None] * SLOTS
    reply: Reply = await connection.call("CLUSTER", "SLOTS")
    for line in reply if isinstance(reply, list) else ():
        match line:
            case [int(first), int(last), [host, int(port), *_], *_] if 0 <= first <= last < SLOTS:
                # a node that does not know its own name means: the one by which you have asked me
                name = host.decode() if isinstance(host, bytes) and host not in {b"", b"?"} else address.host
                owners[first : last + 1] = [replace(address, host=name, port=port)] * (last + 1 - first)
            case _:
                continue
    return owners
