"""What an operator can watch: true numbers, on a port of its own, and nothing in them of a room, a person or a word."""

import asyncio
import json
import re
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from rooms.live import State
from server import metrics, scrape
from server.app import ROOT
from server.settings import metrics_ports
from server.stream_line import StreamLine
from server.words import REFUSALS
from tests.engines.servers import free_port
from tests.server.house import Evening, House
from tests.server.streaming import Streaming
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]
ROOM, NAME, SAID = "Canary Room", "Canary Kim", "canary that was said"

DASHBOARD = json.loads(Path(ROOT, "ops/grafana.json").read_text())
ALERTS = Path(ROOT, "ops/tealight-alerts.yml").read_text()
OPERATING = Path(ROOT, "docs/operating.md").read_text()

Numbers = dict[str, float]


async def until(so: Callable[[], bool]) -> None:
    """The server hears of some things by itself."""
    async with asyncio.timeout(10):
        while not so():  # noqa: ASYNC110  it is a number that is looked at
            await asyncio.sleep(0.01)


async def scraped(house: House) -> tuple[Numbers, list[Sample], str]:
    port = house.settings.metrics_port
    async with httpx2.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"http://127.0.0.1:{port}/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == metrics.CONTENT_TYPE
    samples = [sample for family in text_string_to_metric_families(answer.text) for sample in family.samples]
    numbers = {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for sample in samples
    }
    return numbers, samples, answer.text


@pytest.fixture
async def watched(another_house: OpensHouses) -> House:
    return await another_house(metrics_port=free_port())


async def test_an_evening_in_numbers(watched: House):
    evening = await watched.evening()
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben, chi = await evening.visits("Ben"), await evening.over(Streaming).visits("Chi")
    before, *_ = await scraped(watched)
    assert (before["tealight_connections socket"], before["tealight_connections stream"]) == (2, 1)
    assert before["tealight_connections_opened_total socket"] == 2
    assert {state: before[f"tealight_rooms {state}"] for state in State} == {
        state: float(state is State.LIVE) for state in State
    }
    assert before["tealight_ready"] == 1
    await ben.says("hi")
    for each in (ana, ben, chi):
        await each.hears("hi", frm="Ben")
    heard, *_ = await scraped(watched)
    assert heard["tealight_deliveries_total"] == before["tealight_deliveries_total"] + 3, "one for each"
    await ana.asks("quiet", seat=ben.seat, minutes=2, reason="unkind")
    await ben.says("may I?")
    await ben.is_refused("quieted")
    await ben.sends("no frame at all")
    await ben.catches_up()
    await chi.closes_the_tab()
    await until(lambda: watched.home.tally.gone["stream"] == 1)
    after, *_ = await scraped(watched)
    assert after["tealight_connections stream"] == 0
    assert after["tealight_commits_total committed"] > before["tealight_commits_total committed"]
    assert after["tealight_refusals_total quieted"] == before["tealight_refusals_total quieted"] + 1
    assert after["tealight_refusals_total unreadable"] == before["tealight_refusals_total unreadable"] + 1
    assert after["tealight_refusals_total other"] == 0, "each refusal has a name of ours"


async def test_how_long_it_took_is_told_in_buckets_that_hold_each_other(watched: House):
    for seconds in (0.01, 0.3, 0.3, 1000.0):
        watched.home.house.tally.healed.add(seconds)
    numbers, *_ = await scraped(watched)
    buckets = {
        bound: numbers[f"tealight_heal_seconds_bucket {bound}"]
        for bound in ("0.05", "0.25", "0.5", "300.0", "+Inf")
    }
    assert buckets == {"0.05": 1, "0.25": 1, "0.5": 3, "300.0": 3, "+Inf": 4}
    assert numbers["tealight_heal_seconds_count"] == 4
    assert numbers["tealight_heal_seconds_sum"] == pytest.approx(1000.61)


async def test_who_comes_back_is_told_everything_or_of_a_gap(watched: House):
    evening = await watched.evening()
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben = await evening.visits("Ben")
    await ben.says("hi")
    await ben.is_cut_off()
    await ben.comes_back()
    evening.host.people.ring.restart(evening.host.at, watched.clock())
    await ben.says("there?")
    await ben.is_cut_off()
    assert ben.at is not None
    ben.at = {**ben.at, "seq": 1}
    await ben.comes_back()
    numbers, *_ = await scraped(watched)
    assert (numbers["tealight_returns_total everything"], numbers["tealight_returns_total a_gap"]) == (1, 1)


@pytest.mark.parametrize("page", [Visitor, Streaming], ids=["socket", "stream"])
async def test_who_takes_nothing_is_counted(
    watched: House, page: type[Visitor], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(StreamLine, "stalled_seconds", 0.2)  # of a goodbye that nobody takes
    evening = (await watched.evening()).over(page)
    ana, slow = await evening.facilitates("Ana"), await evening.visits("Slow")
    await ana.starts()
    await slow.closes_the_tab()
    await slow.connects(buffer=4096)
    slow.stops_reading()
    (guest,) = evening.host.people._guests[slow.seat]
    for _ in range(1000):
        guest.line.send(b'{"type":"beat","at":null,"now":0}' + b" " * 16_384)
        await asyncio.sleep(0)
    await until(lambda: watched.home.tally.too_slow > 0)
    await slow.is_cut_off()
    numbers, *_ = await scraped(watched)
    assert numbers["tealight_buffer_aborts_total"] == 1
    assert numbers["tealight_connections_ended_total 4008"] == 1


async def test_nobody_can_pretend_that_they_were_too_slow(watched: House):
    evening = await watched.evening()
    ben, mal = await evening.visits("Ben"), await evening.visits("Mal")
    assert mal._socket is not None
    assert ben._socket is not None
    # Codes of a page's own choosing: one that is ours, and one that is nobody's.
    await mal._socket.close(4008)
    await ben._socket.close(4777)
    await until(lambda: sum(watched.home.tally.gone.values()) == 2)
    numbers, *_ = await scraped(watched)
    assert numbers["tealight_connections_ended_total 4008"] == 1
    assert numbers["tealight_connections_ended_total other"] == 1
    assert numbers["tealight_buffer_aborts_total"] == 0


async def test_no_label_holds_anything_that_came_from_somebody(watched: House):
    evening = await watched.evening(listed=True)
    await an_evening_of_canaries(evening)
    _, samples, text = await scraped(watched)
    allowed: dict[str, set[str]] = {
        "way": {"socket", "stream"},
        "code": {*map(str, metrics.CODES), "other"},
        "why": {*REFUSALS, "other"},
        "state": {*map(str, State)},
        "told": {"everything", "a_gap"},
        "outcome": {"committed", "conflict", "repeated", "undone"},
        "kind": {"foreign", "replayed"},
        "status": {"1xx", "2xx", "3xx", "4xx", "5xx"},
    }
    for sample in samples:
        for label, value in sample.labels.items():
            if label == "le":
                assert value == "+Inf" or float(value) > 0
            else:
                assert value in allowed[label], sample
    for word in (
        "canary",
        "Canary",
        evening.room.id,
        evening.session.id,
        "127.0.0.1",
        evening.room.join_token,
    ):
        assert word not in text


async def an_evening_of_canaries(evening: Evening) -> None:
    ana = await evening.facilitates("Canary Ana")
    await ana.starts()
    kim = await evening.visits(NAME)
    await kim.says(SAID)
    await kim.sends(f'{{"type":"{SAID}","ref":"canary"}}')
    await kim.catches_up()
    door = await evening.comes_to_the_door()
    await door.posts(evening.door_path, name=f"{NAME} {'x' * 30}", how="come_in")
    await door.gets("/canary?canary=canary")


async def test_it_is_read_on_its_own_port_alone_and_nothing_else_is(watched: House):
    browser = watched.browser()
    assert (await browser.gets("/metrics")).status_code == 404
    base = f"http://127.0.0.1:{watched.settings.metrics_port}"
    async with httpx2.AsyncClient(trust_env=False) as http:
        for method, path in (("GET", "/"), ("POST", "/metrics"), ("GET", "/health"), ("HEAD", "/metrics")):
            answer = await http.request(method, base + path)
            assert (answer.status_code, answer.content, "server" in answer.headers) == (404, b"", False), path
        assert (await http.get(f"{base}/metrics?x=1")).status_code == 200
    for rubbish in (b"\r\n\r\n", b"\0" * 100_000, b"GET", b""):
        reader, writer = await asyncio.open_connection("127.0.0.1", watched.settings.metrics_port)
        writer.write(rubbish)
        writer.write_eof()
        with suppress(ConnectionResetError):
            assert b"tealight" not in await reader.read()
        writer.close()
    await scraped(watched)


async def test_nobody_reads_anything_where_nothing_was_set(house: House):
    assert house.settings.metrics_port is None
    assert (await house.browser().gets("/metrics")).status_code == 404


async def test_a_port_that_is_taken_ends_no_evening(
    another_house: OpensHouses, caplog: pytest.LogCaptureFixture
):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        house = await another_house(metrics_port=taken.getsockname()[1])
        assert (await house.browser().gets("/health")).status_code == 200
    assert [record.getMessage()[:13] for record in caplog.records if record.levelname == "ERROR"] == [
        "METRICS_PORT,"
    ]


def test_workers_that_are_replaced_one_by_one_have_a_port_each():
    assert [metrics_ports(workers) for workers in (1, 2, 3)] == [1, 3, 4]


async def test_the_second_of_two_workers_takes_the_next_port(another_house: OpensHouses):
    first = free_port()
    house = await another_house(metrics_port=first)
    settings = replace(house.settings, workers=2)
    async with scrape.scraped(settings, lambda _: lambda: b"two", "text/plain") as port:
        assert port in {first + 1, first + 2}
        async with httpx2.AsyncClient(trust_env=False) as http:
            assert (await http.get(f"http://127.0.0.1:{port}/metrics")).content == b"two"


async def test_a_loop_that_is_kept_is_late():
    lag = scrape.Lag()
    try:
        await until(lambda: sum(lag.durations.counts) > 0)
        assert lag.durations.longest < 10
        kept, enough = lag.durations.seconds, asyncio.get_running_loop().time() + 0.6
        while asyncio.get_running_loop().time() < enough:
            pass
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert lag.durations.seconds >= kept + 0.3
    finally:
        lag.stop()


def _names(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:tealight|process)_[a-z_]+", expression))


async def test_every_query_of_the_dashboard_and_the_alerts_asks_for_what_there_is(watched: House):
    _, samples, _ = await scraped(watched)
    labels: dict[str, set[str]] = {}
    for sample in samples:
        labels.setdefault(sample.name, set()).update(sample.labels)
    expressions = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    alerts = re.findall(r"^ +expr: (.+)$", ALERTS, re.MULTILINE)
    assert len(expressions) > 15
    assert len(alerts) >= 5
    for expression in expressions + alerts:
        names = _names(expression)
        assert names, expression
        for name in names:
            assert name in labels, expression
        known = {"instance", *(label for name in names for label in labels[name])}
        for grouped in re.findall(r"by \(([^)]*)\)", expression):
            assert {each.strip() for each in grouped.split(",")} <= known, expression
        for label, value in re.findall(r'(\w+)!?="([^"]*)"', expression):
            assert any(sample.name in names and sample.labels.get(label) == value for sample in samples), (
                expression
            )
    asked = {name for expression in expressions for name in _names(expression)}
    ours = {re.sub(r"_(bucket|sum|count)$", "", sample.name) for sample in samples}
    shown = {re.sub(r"_bucket$", "", name) for name in asked}
    assert {name for name in ours if name.startswith("tealight_")} <= shown, "the dashboard shows all of ours"


async def test_every_number_stands_in_the_operators_page(watched: House):
    _, samples, _ = await scraped(watched)
    for name in {re.sub(r"_(bucket|sum|count)$", "", sample.name) for sample in samples}:
        if name.startswith("tealight_"):
            assert f"`{name}`" in OPERATING, name
