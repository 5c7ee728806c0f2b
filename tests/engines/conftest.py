"""Servers that the tests of the engines share; each starts when the first test asks for it."""

import os
import secrets
from collections.abc import Iterator

import pytest

from tests.engines.servers import Cluster, Server


@pytest.fixture(scope="session")
def shared_url() -> Iterator[str]:
    """A single server that nobody harms."""
    if url := os.environ.get("TEALIGHT_TEST_REDIS_URL"):
        yield url
    else:
        server = Server()
        yield f"unix://{server.socket}"
        server.close()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    yield cluster
    cluster.close()


@pytest.fixture
def room() -> str:
    return secrets.token_hex(6)
