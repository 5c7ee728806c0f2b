"""One open page at a live room, over a real WebSocket: it keeps its place in the order as docs/protocol.md asks pages to.

Every frame with a number must be the next one, in every test: a hole or a repetition fails whichever story it is in.
"""

import asyncio
import itertools
import json
import socket
from collections import deque
from typing import Any, Self
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from tests.server.browser import Browser

Frame = dict[str, Any]
WAITS = 5.0


class Visitor:
    """A person at a page; ``opens_another_tab`` gives the same person at another."""

    def __init__(
        self, browser: Browser, live_path: str, name: str, *, listening: bool = False, work: str = ""
    ) -> None:
        self.browser = browser
        self.live_path = live_path
        self.name = name
        self.listening = listening
        self.work = work
        self.at: Frame | None = None
        self.room: Frame = {}
        self.people: dict[str, Frame] = {}
        self.you: Frame = {}
        self.resumed = False
        self.frames: list[Frame] = []
        self.answer: Frame | None = None
        self.closed: int | None = None
        self.goodbyes: list[int] = []
        self._socket: ClientConnection | None = None
        self._said: deque[Frame] = deque()
        self._seen: deque[Frame] = deque()
        self._answers: dict[str | None, deque[Frame]] = {}
        self._ids: set[str] = set()
        self._refs = (f"r{number}" for number in itertools.count(1))
        self._unlooked = ""
        browser.tabs.append(self)

    @property
    def seat(self) -> str:
        seat: str = self.you["seat"]
        return seat

    # Coming and going

    async def connects(self, *, buffer: int = 0) -> None:
        """Opens the socket and greets, with the position it has."""
        await self.opens(buffer=buffer)
        await self.greets()
        await self.is_welcome()

    async def opens(self, *, buffer: int = 0) -> None:
        """Opens the socket and says nothing yet. ``buffer``: how much its own machine takes for it while it does not read."""
        self.closed = None
        where = urlsplit(self.browser.url)
        wire = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if buffer:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        wire.setblocking(False)
        await asyncio.get_running_loop().sock_connect(wire, (where.hostname, where.port))
        self._socket = await connect(
            self.browser.url.replace("http", "ws", 1) + self.live_path,
            origin=Origin(self.browser.origin),
            subprotocols=[Subprotocol("tealight.1")],
            additional_headers={"cookie": self.browser.cookie_header},
            sock=wire,
            compression=None,
            ping_interval=None,
            max_queue=None,
            close_timeout=WAITS,
            proxy=None,
        )

    async def greets(self, **instead: object) -> None:
        hello = {"type": "hello", "at": self.at, "name": self.name, "listening": self.listening}
        if self.work:
            hello["work"] = self.work
        await self.sends({**hello, **instead})

    async def greets_and_goes(self) -> None:
        """The greeting and the goodbye arrive together."""
        assert self._socket is not None
        hello = {"type": "hello", "at": None, "name": self.name}
        self._socket.protocol.send_text(json.dumps(hello).encode())
        self._socket.protocol.send_close(1001)
        self._socket.transport.write(b"".join(self._socket.protocol.data_to_send()))
        await self._socket.wait_closed()

    async def opens_another_tab(self) -> Self:
        other = type(self)(self.browser, self.live_path, self.name, listening=self.listening, work=self.work)
        await other.connects()
        return other

    async def closes_the_tab(self) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def is_cut_off(self) -> None:
        """The network goes away: no goodbye on either side."""
        assert self._socket is not None
        self._socket.transport.abort()
        await self._socket.wait_closed()

    def stops_reading(self) -> None:
        """The page hangs: whatever is sent to it piles up before it."""
        assert self._socket is not None
        self._socket.transport.pause_reading()

    async def comes_back(self) -> None:
        await self.connects()

    # Saying

    async def sends(self, frame: Frame | str | bytes, *, as_text: bool | None = None) -> None:
        """Anything at all; bytes are a binary frame unless ``as_text``."""
        assert self._socket is not None
        await self._socket.send(json.dumps(frame) if isinstance(frame, dict) else frame, text=as_text)

    async def asks(self, command: str, *, ref: str = "", **fields: object) -> Frame:
        """A command and its answer. A no must be looked at, by ``is_refused``, before anything else is asked."""
        self.must_have_looked()
        ref = ref or next(self._refs)
        await self.sends({"type": command, "ref": ref, **fields})
        self.answer = await self.answer_to(ref)
        if self.answer["type"] == "refused":
            self._unlooked = f"{self.name} asks {command} and is refused: {self.answer['why']}"
        return self.answer

    async def says(self, text: str, *, ref: str = "") -> str:
        """Returns the id of the message, if it became one."""
        answer = await self.asks("say", text=text, ref=ref)
        if answer["type"] == "refused" or answer["seq"] is None:
            return ""
        mine = (frame for frame in self.frames if frame["type"] == "said" and frame["seq"] == answer["seq"])
        message: str = next(mine)["id"]
        return message

    async def starts(self) -> None:
        await self.asks("start")

    async def pauses(self) -> None:
        await self.asks("pause", reason="a_minute")

    async def quiets(self, other: "Visitor", minutes: int = 5) -> None:
        await self.asks("quiet", seat=other.seat, minutes=minutes, reason="take_a_breather")

    async def removes(self, other: "Visitor") -> None:
        await self.asks("remove", seat=other.seat, reason="unkind")

    async def admits(self, other: "Visitor") -> None:
        await self.asks("admit", seat=other.seat)

    async def leaves(self) -> None:
        await self.sends({"type": "leave", "ref": next(self._refs)})

    async def ends(self) -> None:
        """Now, not in a minute."""
        await self.asks("end")
        await self.sends({"type": "end", "ref": next(self._refs)})

    # Hearing

    async def hears(self, text: str, frm: str) -> Frame:
        """The next thing that is said, by whomever, is this."""
        said = await self.hears_anything()
        assert (said["text"], said["name"]) == (text, frm)
        return said

    async def hears_anything(self) -> Frame:
        while not self._said:
            await self._listens()
        return self._said.popleft()

    async def sees(self, event: str) -> Frame:
        """The next event of this kind; other kinds before it are passed over."""
        while True:
            while self._seen:
                frame = self._seen.popleft()
                if frame["type"] == event:
                    return frame
            await self._listens()

    async def sees_that(self, part: str, **facts: object) -> None:
        """The state on the page comes to hold these facts."""
        while not facts.items() <= getattr(self, part).items():
            await self._listens()

    async def is_welcome(self) -> Frame:
        return await self.sees("welcome")

    async def is_refused(self, why: str, ref: str | None = None) -> Frame:
        """The last command was refused for this reason; before any, whatever has no ref."""
        if self._unlooked and self.answer is not None:
            refused, self._unlooked = self.answer, ""
        else:
            refused = await self.answer_to(ref)
        assert (refused["type"], refused["why"]) == ("refused", why), refused
        assert refused["say"], "a no needs words for people"
        return refused

    async def is_closed(self, code: int, why: str = "") -> None:
        try:
            while self.closed is None:
                await self._listens()
        except ConnectionClosed:
            pass
        assert self.closed == code, why

    async def answer_to(self, ref: str | None) -> Frame:
        while not self._answers.get(ref):
            await self._listens()
        return self._answers[ref].popleft()

    def must_have_looked(self) -> None:
        assert not self._unlooked, self._unlooked

    async def catches_up(self) -> int:
        """Reads all that was sent to it so far, and says how many frames that makes: a later answer comes behind them."""
        await self.sends({"type": "take_back", "ref": "catching-up", "message": "nobody.0"})
        await self.answer_to("catching-up")
        return len(self.frames)

    def noticed(self, since: int) -> list[str]:
        """The kinds of frames that came after the first ``since``; heartbeats and answers aside."""
        return [
            frame["type"] for frame in self.frames[since:] if frame["type"] not in {"beat", "ack", "refused"}
        ]

    # Internal

    async def _listens(self) -> None:
        """Takes in one frame."""
        try:
            async with asyncio.timeout(WAITS):
                frame: Frame = json.loads(await self._receives())
        except ConnectionClosed as gone:
            self.closed = 1006 if gone.rcvd is None else gone.rcvd.code
            self.goodbyes.append(self.closed)
            raise
        self.frames.append(frame)
        match frame["type"]:
            case "ack" | "refused":
                self._answers.setdefault(frame["ref"], deque()).append(frame)
            case "beat":
                pass
            case "controls":
                self._changes(frame)
            case "welcome":
                self._takes_its_place(frame)
            case _:
                self._takes(frame)

    async def _receives(self) -> str | bytes:
        assert self._socket is not None
        return await self._socket.recv()

    def _takes_its_place(self, welcome: Frame) -> None:
        self.room, self.people, self.you = welcome["room"], welcome["people"], welcome["you"]
        self.resumed = welcome["resumed"]
        if not self.resumed:
            self.at = welcome["at"]
        self._seen.append(welcome)

    def _takes(self, event: Frame) -> None:
        seq = event.get("seq")
        if seq is None:
            if "id" in event and event["id"] in self._ids:
                return
            self._ids.add(event.get("id", ""))
        else:
            assert self.at is not None, event["type"]
            if seq == self.at["seq"]:
                return  # a copy of one's own came first
            assert seq == self.at["seq"] + 1, f"{event['type']} is {seq} after {self.at['seq']}"
            self.at = {**self.at, "seq": seq}
        (self._said if event["type"] == "said" else self._seen).append(event)

    def _changes(self, controls: Frame) -> None:
        self.room |= controls.get("room", {})
        self.you |= controls.get("you", {})
        for seat, person in controls.get("people", {}).items():
            if person is None:
                self.people.pop(seat, None)
            else:
                self.people[seat] = person
