from collections.abc import Iterator

import pytest

from tests.server.websocket.house import House, open_house

STACKS = {"uvloop": ("uvloop", "httptools"), "asyncio": ("asyncio", "httptools"), "h11": ("asyncio", "h11")}


@pytest.fixture(scope="session", params=STACKS)
def standing_house(request: pytest.FixtureRequest) -> Iterator[House]:
    with open_house(*STACKS[request.param]) as house:
        yield house


@pytest.fixture
def house(standing_house: House) -> House:
    """A server on each loop and each HTTP parser; the visitors of earlier tests, and what they left, are gone."""
    standing_house.until(lambda: not standing_house.server.server_state.connections)
    standing_house.settle()
    for things in (standing_house.lines, standing_house.heard, standing_house.gone):
        with things.mutex:
            things.queue.clear()
    standing_house.on_text = lambda line, payload: standing_house.heard.put(payload)
    return standing_house
