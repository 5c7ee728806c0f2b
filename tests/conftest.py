"""What every test shares: how hard hypothesis tries, and asserts of the cast that explain themselves."""

import asyncio
import gc
import os
from collections.abc import Callable, Mapping

import pytest
import uvloop
from hypothesis import HealthCheck, settings

from tests.examples import USUAL

# All of them here: one folder's cast plays in another's stories, whichever is read first.
FOLDERS = (
    *("browser", "calendar", "canary", "engines", "faults", "host"),
    *("live", "load", "records", "server", "words"),
)
pytest.register_assert_rewrite("tests.people", *(f"tests.{folder}" for folder in FOLDERS))

_PATIENT = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("default", max_examples=USUAL, deadline=None, suppress_health_check=_PATIENT)
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, database=None)
settings.register_profile("quick", settings.get_profile("default"), max_examples=20)
settings.register_profile("thorough", settings.get_profile("default"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))


def pytest_collection() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    # Thousands of tests that stay until the end: whoever looks for what is left behind need not look through them.
    gc.freeze()
    # Nor at every seven hundred new things, as if memory were dear.
    gc.set_threshold(200_000, 50, 1000)
    gc.enable()


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    # What the server runs on. Where our sockets mind the difference, their tests ask for asyncio's own as well.
    return {"uvloop": uvloop.new_event_loop}
