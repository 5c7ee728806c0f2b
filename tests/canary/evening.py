"""An evening in which everything is said that can be, each time with a word of its own; and everything is sent that may not."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Origin, Subprotocol

from rooms.records import links
from tests.canary.tokens import PROXY_LOG, Registry
from tests.faults.evening import Evening
from tests.faults.journal import Shown
from tests.faults.node import PATIENCE, until
from tests.faults.person import Frame, Person
from tests.faults.town import Town

LONGEST_REF: Final = 40
TOO_MANY: Final = 30  # of one page at once; twenty are allowed


class Plants:
    """One evening with words from ``registry`` in it. Ana and Bea facilitate; Kim's very name is such a word."""

    def __init__(self, evening: Evening, registry: Registry, kim: str) -> None:
        self.evening = evening
        self.registry = registry
        self.ana, self.bea, self.ben = evening["Ana"], evening["Bea"], evening["Ben"]
        self.kim = evening[kim]

    def word(self, family: str) -> str:
        return f"I would say {self.registry.plant(family)} to you"

    # What can be said

    async def everything_is_said(self) -> None:
        ana, ben, kim = self.ana, self.ben, self.kim
        self._note_secrets()
        await self._note_links()
        for person in self.evening.here:
            for _ in range(2):
                person.says(self.word("said"))
        await self._all_is_heard()
        noted = await self._says(ben, "said")
        await self._asks(ben, "add_note", message=noted, note=self.registry.plant("content note"))
        await self._asks(ben, "take_back", message=await self._says(ben, "taken back"))
        await self._asks(ana, "take_down", message=await self._says(kim, "taken down"), category="unkind")
        await self._asks(ben, "say", text=self.word("said"), note=self.registry.plant("content note"))
        for who, command, fields in (
            (ben, "write_line", {"seat": None, "text": self.word("private line")}),
            (ana, "write_line", {"seat": ben.seat, "text": self.word("private line")}),
            (ana, "write_backchannel", {"text": self.word("among facilitators")}),
            (ana, "post_lobby_note", {"text": self.word("note to the lobby")}),
            (ana, "prompt", {"text": self.word("card")}),
            (
                ana,
                "ask_temperature",
                {
                    "question": self.word("question"),
                    "answers": [self.registry.plant("answer"), self.registry.plant("answer")],
                },
            ),
            (kim, "propose_line", {"text": self.word("proposal")}),
            (kim, "flag", {"verb": "worried", "text": self.word("worry")}),
        ):
            await self._asks(who, command, **fields)
        await self._is_looked_at_first()
        await self._is_refused()

    async def ends(self) -> None:
        """As it should; and then the last private words."""
        self.bea.says(self.word("said"))
        await self._all_is_heard()
        # After the laws are done with: they know people by their names.
        await self._asks(self.kim, "rename", name=self.registry.plant("name"))
        await self._asks(self.ana, "end")
        await self._asks(self.ana, "end")
        await self._asks(self.ben, "write_line", seat=None, text=self.word("private line"))
        await self._asks(self.ana, "write_backchannel", text=self.word("among facilitators"))

    async def _is_looked_at_first(self) -> None:
        await self._asks(self.ana, "look_first", seat=self.ben.seat, minutes=2)
        await self._asks(self.ben, "say", text=self.word("kept for a look"))
        await self._asks(self.ana, "look_first", seat=self.ben.seat, minutes=0)

    async def _is_refused(self) -> None:
        too_long = f"{self.registry.plant('too long')} {'~' * 1000}"
        await self._is_told(self.ben, "too_long", text=too_long)
        await self._asks(self.ana, "quiet", seat=self.ben.seat, minutes=2, reason="unkind")
        await self._is_told(self.ben, "quieted", text=self.word("said while quieted"))
        await self._asks(self.ana, "unquiet", seat=self.ben.seat)
        await self._asks(self.ana, "pause", reason="a_breather")
        await self._is_told(self.kim, "paused", text=self.word("said while paused"))
        await self._asks(self.ana, "resume")

    # What somebody would send who means no good, or whose browser is broken

    async def hostile_things_are_sent(self) -> None:
        """Over a socket, as requests, as bytes; from Ben's seat and from nobody's."""
        await self._sends_what_is_no_frame()
        await self._sends_too_much()
        await self._asks_with_words_in_the_address()
        await self._sends_what_is_no_request()
        await self._posts_where_no_socket_gets_through()

    async def _sends_what_is_no_frame(self) -> None:
        plant = self.registry.plant
        deep = '[{"' * 2000
        hostile: tuple[list[str | bytes], ...] = (
            [f'{{"type": "say", "ref": "a", "text": "{plant("broken")}', f"no frame {plant('broken')}"],
            [f'{{"type": "{plant("broken")}", "ref": "a"}}', f'["{plant("broken")}", {{]'],
            [f'{{"type": "say", "ref": "{plant("broken")} !", "text": 1}}'],
            [f'{{"type": "say", "ref": "a", "text": "{plant("poisoned")} \\ud800"}}'],
            [f'{{"type": "say", "ref": "a", "text": ["{plant("poisoned")}"], "n": {"9" * 5000}}}'],
            [f'{{"type": "say", "ref": "a", "text": "x", "{plant("poisoned")}": NaN}}'],
            [f'{{"type": "say", "ref": "a", "text": {deep}{plant("poisoned")}'],
            [f'{{"type": "say", "ref": "a", "text": "{plant("poisoned")} \\u202e\\u0000 \\ufff9"}}'],
            [f'{{"type": "say", "ref": "{plant("ref")}", "text": "{plant("said")}"}}'],
            [f'{{"type": "write_line", "ref": "b", "seat": "{plant("poisoned")}", "text": "x"}}'],
            [
                f'{{"type": "react", "ref": "c", "message": "{plant("poisoned")}", "kind": "{plant("poisoned")}"}}'
            ],
            [plant("binary").encode()],
            [f"{plant('too large')}{'~' * 17_000}"],
        )
        for frames in hostile:
            await self._from_a_page(frames)
        async with self._a_page() as page:
            await _tells(page, b"\xff\xfe" + plant("no utf-8").encode(), text=True)
            await _hears_the_end(page)
        hello = {"type": "hello", "at": {"epoch": plant("poisoned"), "seq": 1}, "name": plant("name")}
        await self._from_a_page([], hello={**hello, "work": plant("poisoned")})

    async def _sends_too_much(self) -> None:
        async with self._a_page() as page:
            for number in range(TOO_MANY):
                text = self.word("too fast")
                await _tells(page, json.dumps({"type": "say", "ref": f"f{number}", "text": text}))
            await _hears(page, lambda frame: frame.get("why") == "too_fast")

    async def _asks_with_words_in_the_address(self) -> None:
        plant, ben = self.registry.plant, self.ben.browser
        live = f"/live/{self.evening.session.id}"
        for path in (
            f"{live}?draft={self._in_a_log('query')}",
            f"/{self._in_a_log('path')}",
            f"/join/{self._a_link_that_is_none()}",
        ):
            await ben.gets(path)
        async with self._a_page(query=f"?draft={self._in_a_log('query')}"):
            pass
        headers = {
            name: self._in_a_log("header")
            for name in ("user-agent", "referer", "x-forwarded-for", "x-request-id")
        }
        await ben.gets("/", **headers)
        nobody = {
            "cookie": f"seat-{self.evening.session.id}={self._in_a_log('header')}.{self._in_a_log('header')}"
        }
        await ben.http.get(live, headers=nobody)
        door = f"/door/{self.evening.session.id}"
        stranger = await self._stranger()
        await stranger.posts(door, name=f"{plant('form')} is longer than a name", how="come_in")
        await stranger.posts(
            door, name=plant("form"), how=plant("form"), pick=plant("form"), work=plant("form")
        )
        await stranger.posts(f"/link/{self._in_a_log('path')}")
        await stranger.posts("/sign-in", name=plant("form"), password=plant("form"))
        file = {"name": (plant("form"), plant("form").encode() * 4000, "text/plain")}
        same = {"origin": "null", "sec-fetch-site": "same-origin"}
        await stranger.http.post(door, files=file, headers=same)

    async def _sends_what_is_no_request(self) -> None:
        port = urlsplit(self.evening.town.nodes[0].url).port
        for request in (
            f"{self._in_a_log('no request')}\r\n\r\n",
            f"GET /{self._in_a_log('no request')} HTTP/9.9\r\n{self._in_a_log('no request')}\r\n\r\n",
            f"GET / HTTP/1.1\r\nHost: a\r\nX-Long: {self._in_a_log('no request')}{'~' * 70_000}\r\n\r\n",
            f"POST /door/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{self._in_a_log('no request')}\r\n",
            f"POST /door/x HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n{self._in_a_log('no request')}",
            f"GET /live/x HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {self._in_a_log('no request')}\r\n\r\n",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request.encode())
            with contextlib.suppress(OSError):
                await writer.drain()
                writer.write_eof()
                async with asyncio.timeout(PATIENCE):
                    await reader.read()
            writer.close()

    async def _posts_where_no_socket_gets_through(self) -> None:
        plant, ben = self.registry.plant, self.ben.browser
        live = f"/live/{self.evening.session.id}"
        head = {"origin": ben.origin, "tealight-protocol": "tealight.1", "content-type": "text/plain"}
        hello = {"type": "hello", "at": None, "name": plant("name")}
        async with ben.http.stream(
            "POST", f"{live}/stream", content=json.dumps(hello), headers=head
        ) as stream:
            lines = stream.aiter_lines()
            async with asyncio.timeout(PATIENCE):
                name = await anext(line async for line in lines if line.startswith("data: "))
            here = {**head, "tealight-stream": name.removeprefix("data: ")}
            said = {"type": "say", "ref": "p1", "text": self.word("posted")}
            answer = await ben.http.post(f"{live}/post", content=json.dumps(said), headers=here)
            # Behind something that sends it to another node, it is answered there.
            assert answer.status_code in {200, 204}, answer.status_code
            if answer.status_code == 204:
                async with asyncio.timeout(PATIENCE):
                    await anext(line async for line in lines if '"ack"' in line)
            large = f"{plant('too large')}{'~' * 7000}"
            answer = await ben.http.post(f"{live}/post", content=large, headers=here)
            assert answer.status_code == 413, answer.status_code
            wrong = {**head, "tealight-stream": self._in_a_log("header")}
            await ben.http.post(f"{live}/post", content=plant("posted"), headers=wrong)

    async def all_is_in_flight(self, node: int) -> None:
        """Everybody at this node has sent words that nobody has answered yet."""
        for person in self.evening.here:
            if person.node == node and person._socket is not None:
                for number in range(4):
                    text = self.word("in flight")
                    with contextlib.suppress(ConnectionClosed):
                        await person._socket.send(
                            json.dumps({"type": "say", "ref": f"k{number}", "text": text})
                        )

    async def everybody_is_heard(self) -> None:
        """The room goes on: each of them says one thing more, and it is acknowledged."""
        for person in self.evening.here:
            person.says(self.word("said"))
        await self._all_is_heard()

    async def makes_it_fail(self, stage: str) -> None:
        """For a server of tests.canary.wrapped: something in it goes wrong over these words."""
        word = self.registry.plant(f"exception at {stage}")
        asks = f"canary-fail-{stage}"
        if stage == "form":
            stranger = await self._stranger()
            await stranger.posts(f"/door/{self.evening.session.id}", name=f"{asks} {word}", how="come_in")
        elif stage == "link":
            await self.ben.browser.gets(f"/room/{asks}-{word}")
        else:
            async with self._a_page() as page:
                ref = f"{asks}.{word}"[:LONGEST_REF] if stage == "answer" else word
                await _tells(page, json.dumps({"type": "say", "ref": ref, "text": f"{asks} {word}"}))
                await _tells(page, json.dumps({"type": "lower_hand", "ref": "last"}))
                await _hears_the_end(page)

    async def leaks(self, how: str) -> None:
        """For a server of tests.canary.wrapped: it puts these words where they must not be."""
        word = self.registry.plant(f"leak: {how}")
        await self._asks(self.ben, "say", text=f"canary-leak-{how} {word}")

    # Internal

    def _note_secrets(self) -> None:
        for person in self.evening.people:
            for name, value in person.browser.cookies.items():
                # A link to a room stands in the records, readable: it leads as far as the door.
                expected = {"records", "log of Postgres", PROXY_LOG} if name.startswith("pass-") else set()
                self.registry.note(f"cookie {name.partition('-')[0]}", value, expected=expected)
        self.registry.note("key", str(self.evening.town.nodes[0].start.environ["SECRET_KEY"]))

    async def _note_links(self) -> None:
        """Some that nobody has used: to sign in, and to facilitate."""
        town = self.evening.town
        olu = await town.account("Olu")
        at, lives = datetime.now(UTC), timedelta(hours=1)
        async with town.database.writing() as conn:
            for purpose in ("sign_in", "invitation"):
                who = {"account_id": olu.id} if purpose == "sign_in" else {"room_id": self.evening.room.id}
                token = await links.make(conn, purpose, at=at, lives=lives, **who)
                self.registry.note(f"link: {purpose}", token)

    def _a_link_that_is_none(self) -> str:
        """The records are asked for it, as for every link to a room; those stand in them as they are."""
        return self.registry.plant("link to no room", expected={"log of Postgres", PROXY_LOG})

    def _in_a_log(self, family: str) -> str:
        """Of something that a proxy writes down by itself."""
        return self.registry.plant(family, expected={PROXY_LOG})

    async def _stranger(self):
        browser = self.evening._browser()
        await browser.gets(f"/join/{self.evening.room.join_token}")
        return browser

    async def _asks(self, person: Person, command: str, **fields: object) -> None:
        answer = await person.asks(command, **fields)
        assert answer["type"] == "ack", (command, answer["why"])

    async def _is_told(self, person: Person, why: str, **fields: object) -> None:
        answer = await person.asks("say", **fields)
        assert answer.get("why") == why, answer["type"]

    async def _says(self, person: Person, family: str) -> str:
        """Returns the message's id, once it was shown to its author."""
        words = self.word(family)
        await self._asks(person, "say", text=words)
        await until(lambda: _is(words in person.journal.has_read), "it is shown")
        shown = [
            entry for entry in person.journal.entries if isinstance(entry, Shown) and entry.words == words
        ]
        return shown[0].what.removeprefix("said ")

    async def _all_is_heard(self) -> None:
        await until(lambda: _is(not any(person.has_unsent for person in self.evening.here)), "all is heard")

    @contextlib.asynccontextmanager
    async def _a_page(
        self, *, query: str = "", hello: dict[str, object] | None = None
    ) -> AsyncIterator[ClientConnection]:
        """Another page of Ben's, greeted."""
        ben = self.ben
        async with connect(
            ben.browser.url.replace("http", "ws", 1) + f"/live/{self.evening.session.id}{query}",
            origin=Origin(ben.browser.origin),
            subprotocols=[Subprotocol("tealight.1")],
            additional_headers={"cookie": ben.browser.cookie_header},
            compression=None,
            proxy=None,
            close_timeout=1,
        ) as page:
            await _tells(page, json.dumps(hello or {"type": "hello", "at": None, "name": "Ben"}))
            await _hears(page, lambda frame: frame["type"] in {"welcome", "refused"})
            yield page

    async def _from_a_page(
        self, frames: Sequence[str | bytes], hello: dict[str, object] | None = None
    ) -> None:
        """Sent, and answered or closed for."""
        with contextlib.suppress(InvalidHandshake):
            async with self._a_page(hello=hello) as page:
                for frame in frames:
                    await _tells(page, frame)
                await _tells(page, json.dumps({"type": "lower_hand", "ref": "last"}))
                await _hears_the_end(page)


async def _tells(page: ClientConnection, frame: str | bytes, **how: bool) -> None:
    with contextlib.suppress(ConnectionClosed):
        await page.send(frame, **how)


async def _hears_the_end(page: ClientConnection) -> None:
    """Until the last question is answered, or the connection is closed."""
    await _hears(page, lambda frame: frame.get("ref") == "last")


async def _hears(page: ClientConnection, what: Callable[[Frame], bool]) -> None:
    with contextlib.suppress(ConnectionClosed):
        async with asyncio.timeout(PATIENCE):
            while not what(json.loads(await page.recv())):
                pass


async def _is(so: bool) -> bool:
    return so


@contextlib.asynccontextmanager
async def an_evening(
    town: Town, registry: Registry, *, members: tuple[str, ...] = ("Ben", "Dee", "Eli", "Fay", "Gus")
) -> AsyncIterator[Plants]:
    """With the facilitators they are eight."""
    kim = registry.plant("name")
    title = registry.plant("room title", expected={"log of Postgres"}, required={"records"})
    async with town.evening_of_its_own(members=(*members, kim), title=title) as evening:
        yield Plants(evening, registry, kim)


def a_seed() -> int:
    return secrets.randbelow(10**12)
