"""What somebody would send who means no good, or whose browser is broken: no frames, no requests, too much of either."""

import asyncio
import contextlib
import json
from typing import Final
from urllib.parse import urlsplit

from tests.canary.pages import a_page, from_a_page, hears, hears_the_end, tells
from tests.canary.tokens import PROXY_LOG, Registry
from tests.faults.evening import Evening
from tests.faults.node import PATIENCE
from tests.server.browser import Browser

TOO_MANY: Final = 30  # of one page at once; twenty are allowed


class Hostile:
    """From Ben's seat and from nobody's, each time with a word of its own."""

    def __init__(self, evening: Evening, registry: Registry) -> None:
        self.evening = evening
        self.registry = registry
        self.ben = evening["Ben"]
        self.live = f"/live/{evening.session.id}"

    def _word(self, family: str) -> str:
        return f"I would say {self.registry.plant(family)} to you"

    async def sends_all_of_it(self) -> None:
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
            await from_a_page(self.ben.browser, self.live, frames)
        async with a_page(self.ben.browser, self.live) as page:
            await tells(page, b"\xff\xfe" + plant("no utf-8").encode(), text=True)
            await hears_the_end(page)
        hello = {"type": "hello", "at": {"epoch": plant("poisoned"), "seq": 1}, "name": plant("name")}
        await from_a_page(self.ben.browser, self.live, [], hello={**hello, "work": plant("poisoned")})

    async def _sends_too_much(self) -> None:
        async with a_page(self.ben.browser, self.live) as page:
            for number in range(TOO_MANY):
                text = self._word("too fast")
                await tells(page, json.dumps({"type": "say", "ref": f"f{number}", "text": text}))
            await hears(page, lambda frame: frame.get("why") == "too_fast")

    async def _asks_with_words_in_the_address(self) -> None:
        plant, ben = self.registry.plant, self.ben.browser
        live = self.live
        for path in (
            f"{live}?draft={self._in_a_log('query')}",
            f"/{self._in_a_log('path')}",
            f"/join/{self._a_link_that_is_none()}",
        ):
            await ben.gets(path)
        async with a_page(self.ben.browser, self.live, query=f"?draft={self._in_a_log('query')}"):
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
        stranger = await self.stranger()
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
        live = self.live
        head = {"origin": ben.origin, "tealight-protocol": "tealight.1", "content-type": "text/plain"}
        hello = {"type": "hello", "at": None, "name": plant("name")}
        async with ben.http.stream(
            "POST", f"{live}/stream", content=json.dumps(hello), headers=head
        ) as stream:
            lines = stream.aiter_lines()
            async with asyncio.timeout(PATIENCE):
                name = await anext(line async for line in lines if line.startswith("data: "))
            here = {**head, "tealight-stream": name.removeprefix("data: ")}
            said = {"type": "say", "ref": "p1", "text": self._word("posted")}
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

    # Internal

    def _a_link_that_is_none(self) -> str:
        """The records are asked for it, as for every link to a room; those stand in them as they are."""
        return self.registry.plant("link to no room", expected={"log of Postgres", PROXY_LOG})

    def _in_a_log(self, family: str) -> str:
        """Of something that a proxy writes down by itself."""
        return self.registry.plant(family, expected={PROXY_LOG})

    async def stranger(self) -> Browser:
        browser = self.evening._browser()
        await browser.gets(f"/join/{self.evening.room.join_token}")
        return browser
