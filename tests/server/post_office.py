"""A post office that takes letters as SMTP says, and an address that takes POSTs: real ones, on this machine."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from server.settings import PostOffice

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Counter:
    """What arrived, in its order."""

    def __init__(self, *, busy: int = 0) -> None:
        self.letters: asyncio.Queue[EmailMessage] = asyncio.Queue()
        self.posts: asyncio.Queue[bytes] = asyncio.Queue()
        self.to: list[str] = []
        self.said: list[str] = []
        self.busy = busy  # so many times it turns somebody away
        self.port = 0

    def office(self, **differences: object) -> PostOffice:
        facts = {"host": "127.0.0.1", "port": self.port, "tls": False, "user": "", "password": ""}
        return PostOffice(**{**facts, "sender": "rooms@example.org", **differences})  # type: ignore[arg-type]

    async def takes_letters(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            self.said.append(line)
            match line.split()[0].upper():
                case "RCPT" if self.busy:
                    self.busy -= 1
                    writer.write(b"451 later\r\n")
                case "RCPT":
                    self.to.append(line.partition("<")[2].rstrip(">"))
                    writer.write(b"250 yes\r\n")
                case "DATA":
                    writer.write(b"354 go on\r\n")
                    letter = await reader.readuntil(b"\r\n.\r\n")
                    self.letters.put_nowait(message_from_bytes(letter[:-5], policy=policy.default))
                    writer.write(b"250 taken\r\n")
                case "QUIT":
                    writer.write(b"221 bye\r\n")
                    break
                case _:
                    writer.write(b"250 yes\r\n")
        writer.close()

    async def takes_posts(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.said.append(head.decode())
        length = next(
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        body = await reader.readexactly(length)
        if self.busy:
            self.busy -= 1
            writer.write(b"HTTP/1.1 307 Elsewhere\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
        else:
            self.posts.put_nowait(body)
            writer.write(b"HTTP/1.1 204 Taken\r\n\r\n")
        writer.close()


@asynccontextmanager
async def counter(talk: Callable[[Counter], Talk], *, busy: int = 0) -> AsyncIterator[Counter]:
    opened = Counter(busy=busy)
    server = await asyncio.start_server(talk(opened), "127.0.0.1", 0)
    opened.port = server.sockets[0].getsockname()[1]
    async with server:
        yield opened
