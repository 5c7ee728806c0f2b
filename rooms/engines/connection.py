"""One connection to Redis: calls that share round trips, pushes handed on, one deadline for all that waits.

redis-py sends one command per connection at a time and reads through several layers. Here every call of one turn of the
loop leaves in one write, a reply costs a few microseconds, and when something breaks each caller is told truthfully
whether its bytes had left.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TypeAlias, cast

from hiredis import ProtocolError, PushNotification, Reader, pack_command

from rooms.engines import EngineDown
from rooms.engines.address import Address

DEADLINE = 1.2  # of one call; with a link to wait for and a redirection to follow it stays below the promised two seconds
_MAX_WAITING = 10_000

Reply: TypeAlias = "bytes | int | list[Reply] | dict[bytes, Reply] | Refused | None"


# what comes unasked: a push, or an error reply that no call waits for
Push: TypeAlias = Reply


class Refused(Exception):  # noqa: N818  read as a word: the server said no
    """An error reply. Only its code is kept, because the rest may repeat arguments."""

    def __init__(self, text: str) -> None:
        self.code = "NOPERM" if text.startswith("ERR ACL failure in script") else text.split(" ", 1)[0]
        super().__init__(self.code)


class Connection(asyncio.Protocol):
    """Replies come in the order of the calls. What comes unasked, pushes and refused subscriptions, goes to `heard`."""

    def __init__(self, heard: Callable[[Push], None]) -> None:
        self._heard = heard
        self._loop = asyncio.get_running_loop()
        self._reader = Reader(replyError=Refused, notEnoughData=self)
        self._outbox: list[bytes] = []
        self._unsent_calls = 0
        self._waiting: deque[tuple[asyncio.Future[Reply], float]] = deque()
        self._transport: asyncio.Transport | None = None
        self._watch: asyncio.TimerHandle | None = None
        self.hello: dict[bytes, Reply] = {}
        self.lost = asyncio.Event()

    # Calling

    def call(self, *command: bytes | str | int) -> asyncio.Future[Reply]:
        """Answered within the deadline: a reply, Refused, or EngineDown."""
        if self.lost.is_set() or len(self._waiting) >= _MAX_WAITING:
            raise EngineDown(sent=False)
        future: asyncio.Future[Reply] = self._loop.create_future()
        now = self._loop.time()
        self._waiting.append((future, now))
        self._unsent_calls += 1
        if self._watch is None:
            self._watch = self._loop.call_at(now + DEADLINE, self._look_at_the_oldest)
        self.send(*command)
        return future

    def send(self, *command: bytes | str | int) -> None:
        """For what Redis answers by a push: subscribing."""
        if not self._outbox:
            self._loop.call_soon(self._flush)
        self._outbox.append(pack_command(command))  # type: ignore[arg-type]  # hiredis types a tuple of one

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _flush(self) -> None:
        if self._transport is not None and not self.lost.is_set():
            self._transport.write(b"".join(self._outbox))
            self._outbox.clear()
            self._unsent_calls = 0

    def _look_at_the_oldest(self) -> None:
        self._watch = None
        if self._waiting:
            due = self._waiting[0][1] + DEADLINE
            if due <= self._loop.time():
                self.abort()
            else:
                self._watch = self._loop.call_at(due, self._look_at_the_oldest)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        try:
            while (reply := cast("Reply | Connection", self._reader.gets())) is not self:
                self._take(cast("Reply", reply))
        except ProtocolError:
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._watch is not None:
            self._watch.cancel()
        sent = len(self._waiting) - self._unsent_calls
        for place, (future, _) in enumerate(self._waiting):
            if not future.done():
                future.set_exception(EngineDown(sent=place < sent))
        self._waiting.clear()
        self.lost.set()

    def _take(self, reply: Reply) -> None:
        if type(reply) is PushNotification:
            self._heard(reply)
        elif self._waiting:
            future, _ = self._waiting.popleft()
            if future.done():  # its caller was cancelled
                return
            if isinstance(reply, Refused):
                future.set_exception(reply)
            else:
                future.set_result(reply)
        else:
            self._heard(reply)


async def dial(address: Address, name: str, heard: Callable[[Push], None]) -> Connection:
    """Connect and introduce ourselves. Raises OSError, Refused or EngineDown, always within the deadline."""
    connection = Connection(heard)
    loop = asyncio.get_running_loop()
    login = ("AUTH", address.username or "default", address.password) if address.password else ()
    try:
        async with asyncio.timeout(DEADLINE):
            if address.path:
                await loop.create_unix_connection(lambda: connection, address.path)
            else:
                await loop.create_connection(lambda: connection, address.host, address.port, ssl=address.tls)
            hello = await connection.call("HELLO", 3, *login, "SETNAME", name)
            connection.hello = hello if isinstance(hello, dict) else {}
            if address.db:
                await connection.call("SELECT", address.db)
    except BaseException:
        connection.abort()
        raise
    return connection
