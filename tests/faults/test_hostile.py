"""A Redis set to remember everything, with somebody looking on, learns not a word of a whole evening."""

import base64
import itertools
import threading
from pathlib import Path
from typing import Final

import pytest

from tests.engines.servers import Client, Server, wait_until
from tests.faults.town import Town, a_town

pytestmark = pytest.mark.timeout(400)

SENTINEL: Final = "zq7nobodymaykeepthis3f"
HOSTILE: Final = (
    *("--slowlog-log-slower-than", "0", "--slowlog-max-len", "100000", "--loglevel", "debug"),
    *("--rdbcompression", "no"),
)


class Watcher:
    """Attached by MONITOR: everything that is asked of a server, as it is asked."""

    def __init__(self, server: Server) -> None:
        self.seen = bytearray()
        self._client = Client(server.port)
        self._client.do("MONITOR")
        self._client._socket.settimeout(None)
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while data := self._client._socket.recv(65536):
            self.seen += data

    def ends(self) -> None:
        self._client._socket.shutdown(2)
        self._thread.join()
        self._client.close()


def shapes(word: str) -> set[bytes]:
    """As it may stand somewhere: itself, a part of it where it is cut off, and in the usual disguises."""
    plain = word.encode()
    made = {plain, plain[:12], plain[-12:], plain[::-1], plain.hex().encode(), word.encode("utf-16-le")}
    for shift in range(3):
        # What stands before it moves it within the letters; the ends depend on its neighbours.
        made.add(base64.b64encode(b"x" * shift + plain)[4:-4])
    return made


def of_the_nodes(town: Town) -> dict[str, bytes]:
    """Their logs, and the database with all that stands beside it."""
    return {path.name: path.read_bytes() for path in town.folder.iterdir() if path.is_file()}


def where(found: dict[str, bytes]) -> list[str]:
    looked_for = shapes(SENTINEL)
    return [place for place, content in found.items() if any(shape in content for shape in looked_for)]


async def an_evening_of_sentinels(town: Town) -> None:
    """Everything that people can type, and their names."""
    names = itertools.count(1)
    async with town.evening_of_its_own(members=("Ben", f"{SENTINEL}", "Dee")) as evening:
        ana, ben, kim = evening["Ana"], evening["Ben"], evening[SENTINEL]

        def text() -> str:
            return f"{SENTINEL} in words {next(names)}"

        for person in (ana, ben, kim):
            person.says(text())
        for who, command in (
            (ana, {"command": "prompt", "text": text()}),
            (ana, {"command": "write_backchannel", "text": text()}),
            (ana, {"command": "write_line", "seat": ben.seat, "text": text()}),
            (ana, {"command": "post_lobby_note", "text": text()}),
            (ana, {"command": "ask_temperature", "question": text(), "answers": [text(), text()]}),
            (ben, {"command": "propose_line", "text": text()}),
        ):
            answer = await who.asks(**command)
            assert answer["type"] == "ack", answer
        # And while it breaks: what waits to be sent again, and what is asked of nodes that lost the server.
        town.redis.do("CLIENT", "KILL", "TYPE", "pubsub")
        for person in (ana, ben, kim):
            person.says(text())
        verdict = await evening.verdict()
        assert verdict.broken == []
        # Last, because the laws know people by their names.
        answer = await ben.asks("rename", name=SENTINEL[::-1])
        assert answer["type"] == "ack", answer


async def test_a_whole_evening_leaves_no_word_anywhere(tmp_path: Path):
    home = tmp_path / "town"
    home.mkdir()
    server = Server(*HOSTILE)
    replica = Server(*HOSTILE, "--replicaof", f"127.0.0.1 {server.port}")
    for each in (server, replica):
        for name, value in (("appendonly", "yes"), ("appendfsync", "always"), ("save", "1 1")):
            each.do("CONFIG", "SET", name, value)
    wait_until(lambda: b"master_link_status:up" in replica.tell("INFO", "replication"))
    watchers = [Watcher(server), Watcher(replica)]
    try:
        async with a_town(home, redis=server) as town:
            await an_evening_of_sentinels(town)
            found = look(server, replica, watchers)
            assert b"evalsha" in found["0 MONITOR"].lower()
            assert b"evalsha" in found["0 SLOWLOG GET -1"].lower()
            assert any(place.startswith("1 key") for place in found), "the replica has it too"
            assert where(found) == []
            assert where(of_the_nodes(town)) == []
            # Would it have been found? The same word, put there on purpose.
            server.do("SET", "plant", SENTINEL)
            client = Client(server.port)
            client.do("WAIT", 1, 10_000)
            client.close()
            places = where(look(server, replica, watchers))
            for must in ("0 MONITOR", "1 MONITOR", "0 SLOWLOG GET -1", "0 key b'plant'", "1 key b'plant'"):
                assert must in places
            assert any("file" in place and place.endswith(".aof") for place in places)
    finally:
        for watcher in watchers:
            watcher.ends()
        replica.close()


def look(server: Server, replica: Server, watchers: list[Watcher]) -> dict[str, bytes]:
    """``0``: the primary, ``1``: the replica."""
    found: dict[str, bytes] = {}
    for number, (each, watcher) in enumerate(zip((server, replica), watchers, strict=True)):
        each.do("SAVE")
        found |= {f"{number} {place}": content for place, content in each.given_away().items()}
        found[f"{number} MONITOR"] = bytes(watcher.seen)
    return found
