"""A Redis that cannot be used is told at the start, in one line, without a password in it."""

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from rooms.engines import EngineUnusable, open_engine
from tests.engines.contract import committed, until
from tests.engines.proxy import Proxy, self_signed
from tests.engines.servers import Cluster, Server, closing, free_port

HELLO = b"%%5\r\n+server\r\n+redis\r\n+version\r\n+%s\r\n+proto\r\n:3\r\n+mode\r\n+%s\r\n+role\r\n+%s\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with closing(Server()) as server:
        yield server


@asynccontextmanager
async def something_that_answers(*answers: bytes) -> AsyncIterator[str]:
    """A port where whoever comes is given these answers, one for each thing said, and then hung up on."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await reader.read(4096)
            writer.write(answer)
        writer.close()

    listening = await asyncio.start_server(meet, "127.0.0.1", 0)
    async with listening:
        yield f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"


async def words_for(url: str, secret: str = "between us") -> str:
    with pytest.raises(EngineUnusable) as unusable:
        async with open_engine(url, secret=secret):
            pass
    words = str(unusable.value)
    assert "\n" not in words
    assert "hunter2" not in words
    return words


async def test_nobody_there():
    assert "cannot be reached: connection refused" in await words_for(f"redis://127.0.0.1:{free_port()}")
    assert "cannot be reached: no such file" in await words_for("unix:///tmp/no/such/redis.sock")
    assert "no such host" in await words_for("redis://nobody.invalid")


async def test_an_url_of_another_kind():
    assert "must begin with redis://" in await words_for("postgres://user:hunter2@host/db")


async def test_something_else_is_there():
    async with something_that_answers(b"HTTP/1.1 400 Bad Request\r\n\r\n") as where:
        assert "does not speak the Redis protocol" in await words_for(f"redis://{where}")
    async with something_that_answers() as where:
        assert "hangs up" in await words_for(f"redis://{where}")
    async with something_that_answers(b"-ERR unknown command 'HELLO'\r\n") as where:
        assert "needs Redis or Valkey 7 or newer" in await words_for(f"redis://{where}")
    async with something_that_answers(b"-WHATEVER this means\r\n") as where:
        assert "answers WHATEVER" in await words_for(f"redis://{where}")


async def test_somebody_who_never_answers():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert "does not answer" in await words_for(f"redis://127.0.0.1:{silent.getsockname()[1]}")


async def test_a_server_of_another_time_or_place():
    for version, mode, role, words in (
        (b"6.2.14", b"standalone", b"master", "is of version 6.2.14: Tealight needs Redis or Valkey 7"),
        (b"7.2.4", b"sentinel", b"master", "is a sentinel"),
        (b"7.2.4", b"standalone", b"replica", "is a replica"),
    ):
        async with something_that_answers(HELLO % (version, mode, role)) as where:
            assert words in await words_for(f"redis://{where}")
    async with something_that_answers(b"+OK\r\n") as where:
        assert "is of version ?" in await words_for(f"redis://{where}")


async def test_the_wrong_kind_of_url(server: Server, cluster: Cluster):
    assert "write redis:// instead" in await words_for(f"redis+cluster://127.0.0.1:{server.port}")
    assert "write redis+cluster:// instead" in await words_for(cluster.servers[0].url)
    assert "write redis:// instead of rediss://" in await words_for(f"rediss://127.0.0.1:{server.port}")


async def test_tls_is_verified(server: Server, tmp_path: Path):
    certificate, key = self_signed("127.0.0.1", tmp_path)
    async with Proxy(server.port, tls=(certificate, key)) as proxy:
        where = f"rediss://127.0.0.1:{proxy.port}"
        assert "a certificate that cannot be verified: self-signed" in await words_for(where)
        assert "does not speak the Redis protocol" in await words_for(f"redis://127.0.0.1:{proxy.port}")
        for options in (f"ssl_ca_certs={certificate}", "ssl_cert_reqs=none"):
            async with open_engine(f"{where}?{options}", secret="x") as engine:
                assert (await committed(engine, "tls" + options, b"hello")).at.seq == 1
    async with something_that_answers(b"-ERR what is this\r\n") as elsewhere:
        assert "cannot agree on TLS" in await words_for(f"rediss://{elsewhere}")


async def test_a_cluster_with_a_hole_in_it():
    with closing(Server("--cluster-enabled", "yes", "--cluster-port", str(free_port()))) as lonely:
        lonely.do("CLUSTER", "ADDSLOTSRANGE", 0, 100)
        words = await words_for(f"redis+cluster://127.0.0.1:{free_port()},127.0.0.1:{lonely.port}")
        assert "cannot be reached" in words
        words = await words_for(f"redis+cluster://127.0.0.1:{lonely.port}")
        assert "does not serve all of its slots" in words


@pytest.mark.parametrize(
    ("slots", "words"),
    [
        (b"+OK\r\n", "does not serve all of its slots"),
        (b"*1\r\n*3\r\n:0\r\n:99999\r\n*2\r\n+host\r\n:1\r\n", "does not serve all of its slots"),
        (b"-ERR no such thing\r\n", "does not know a command we need"),
        (b"", "hangs up"),
    ],
)
async def test_a_cluster_that_does_not_tell_its_slots(slots: bytes, words: str):
    async with something_that_answers(HELLO % (b"7.2.4", b"cluster", b"master"), slots) as where:
        assert words in await words_for(f"redis+cluster://{where}")


async def test_a_cluster_node_that_does_not_know_its_own_name():
    """It means the one by which it was asked. A second look at the same port finds a single server."""
    slots = b"*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n+?\r\n:%d\r\n" % (port := free_port())
    async with something_that_answers(HELLO % (b"7.2.4", b"cluster", b"master"), slots) as where:
        assert f"127.0.0.1:{port} cannot be reached" in await words_for(f"redis+cluster://{where}")


async def test_a_password_is_wanted_refused_and_taken(server: Server):
    server.do("ACL", "SETUSER", "ana", "on", ">hunter2", "allcommands", "~tealight:*", "&tealight:*")
    server.do("CONFIG", "SET", "requirepass", "sesame")
    where = f"127.0.0.1:{server.port}"
    try:
        assert "wants a password" in await words_for(f"redis://{where}")
        assert "refuses the user or the password" in await words_for(f"redis://:hunter2@{where}")
        async with open_engine(f"redis://ana:hunter2@{where}/3", secret="x") as engine:
            assert (await committed(engine, "tuesday", b"hello")).at.seq == 1
    finally:
        async with open_engine(f"redis://:sesame@{where}", secret="x"):
            pass
        server.close()
        server.__init__(port=server.port)  # type: ignore[misc]  # begins anew, without a password


@pytest.mark.parametrize("missing", ["-@scripting", "-spublish", "-ssubscribe", "-hset", "-zrange", "-del"])
async def test_a_right_that_is_missing_is_told_at_once(server: Server, missing: str):
    server.do(
        "ACL",
        "SETUSER",
        "ben",
        "reset",
        "on",
        ">hunter2",
        "allcommands",
        "~tealight:*",
        "&tealight:*",
        missing,
    )
    words = await words_for(f"redis://ben:hunter2@127.0.0.1:{server.port}")
    assert "does not let this user" in words or "does not deliver" in words


async def test_the_rights_that_the_manual_names_are_enough(server: Server, room: str):
    manual = (Path(__file__).parents[2] / "docs" / "engine.md").read_text("utf-8")
    words = manual.split("ACL SETUSER tealight", 1)[1].split("```", 1)[0].split()
    server.do("ACL", "SETUSER", "tealight", "reset", *words)
    async with open_engine(f"redis://tealight:password@127.0.0.1:{server.port}", secret="x") as engine:
        await engine.take_seat(room, "ana")
        async with engine.listen(room) as ana:
            await committed(engine, room, b"hello")
            assert len(await until(ana, b"hello")) == 1
        assert (await engine.seats(room)).live == {"ana"}
        await engine.forget(room)


async def test_without_a_secret_nothing_can_be_sealed(server: Server):
    assert "SECRET_KEY is empty" in await words_for(server.url, secret=" , ")


async def test_a_clock_that_differs_is_a_warning_and_the_room_works(
    server: Server, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.WARNING, "tealight.engine"):
        async with open_engine(server.url, secret="x"):
            assert caplog.messages == []
        with time_machine.travel(time.time() + timedelta(seconds=90).total_seconds()):
            async with open_engine(server.url, secret="x") as engine:
                assert (await committed(engine, "clocks", b"hello")).at.seq == 1
    assert caplog.messages == ["this clock and that of Redis are 90 seconds apart: set both by NTP"]
