"""What a real server is found to be, before rooms are trusted to it."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from rooms.engines import EngineUnusable
from rooms.engines.examination import examine
from tests.engines.servers import Client, Cluster, Server, free_port

ONLY_ROOMS = ["on", ">password", "~tealight:*", "&tealight:*", "+hello", "+client|setname", "+time"]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


async def test_one_that_keeps_nothing_and_that_nobody_watches(server: Server):
    (found,) = await examine(server.url)
    assert found.address == f"127.0.0.1:{server.port}"
    assert (found.near, found.password, found.tls) == (True, False, False)
    assert (found.watched, found.evicts, found.writes) == (False, False, False)
    assert found.ahead is not None
    assert abs(found.ahead) < 1
    (by_socket,) = await examine(f"unix://{server.socket}")
    assert (by_socket.near, by_socket.address) == (True, str(server.socket))
    (by_name,) = await examine(f"redis://localhost:{server.port}")
    assert by_name.near


async def test_one_that_somebody_watches(server: Server):
    with closing(Client(server.port)) as eve:
        assert eve.do("MONITOR") == b"OK"
        (found,) = await examine(server.url)
    assert found.watched


@pytest.mark.parametrize(
    ("setting", "value", "evicts", "writes"),
    [
        ("maxmemory-policy", "allkeys-lru", True, False),
        ("save", "60 1", False, True),
        ("appendonly", "yes", False, True),
    ],
)
async def test_one_that_drops_or_writes(setting: str, value: str, *, evicts: bool, writes: bool):
    with closing(Server()) as server:
        assert server.do("CONFIG", "SET", setting, value) == b"OK"
        (found,) = await examine(server.url)
    assert (found.evicts, found.writes) == (evicts, writes)


async def test_a_user_who_may_do_only_what_rooms_need_cannot_ask(server: Server):
    for name, rules in (("rooms", ONLY_ROOMS), ("nobody", ["on", ">password", "+hello", "+client|setname"])):
        assert server.do("ACL", "SETUSER", name, *rules) == b"OK"
    (found,) = await examine(server.url.replace("://", "://rooms:password@"))
    assert (found.password, found.watched, found.evicts, found.writes) == (True, None, None, None)
    assert found.ahead is not None
    (found,) = await examine(server.url.replace("://", "://nobody:password@"))
    assert found.ahead is None


async def test_each_server_of_a_cluster(cluster: Cluster):
    found = await examine(cluster.url)
    assert len({each.address for each in found}) == len(cluster.servers) == 3
    assert not any(each.watched for each in found)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "127.0.0.1"])
async def test_one_that_is_not_there_is_named(host: str):
    with pytest.raises(EngineUnusable, match="cannot be reached"):
        await examine(f"redis://{host}:{free_port()}")
