"""The head of a request has a bound, whatever pieces it comes in."""

import asyncio

import pytest

from server.http_deadline import LARGEST_HEAD
from tests.server.house import House


async def answered(house: House, cookie: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: a=" + cookie + b"\r\n\r\n"
    )
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_a_cookie_as_large_as_browsers_send_is_read(house):
    assert (await answered(house, b"x" * 16_000)).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("size", [LARGEST_HEAD + 1, 1_000_000])
async def test_a_head_that_nobody_needs_is_cut_off(house, size):
    assert await answered(house, b"x" * size) == b""
