"""What an operator can watch, for Prometheus: numbers of this process, made when they are asked for.

No label holds a room, a name, an address or a word: each value of each label stands in this file, or in a list of ours.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeVar

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from rooms.house import House
from rooms.live import State
from rooms.tally import BOUNDS, Durations
from rooms.tally import Tally as RoomsTally
from server.tally import WAYS, Tally
from server.words import REFUSALS

# The codes of docs/protocol.md, and those that a browser gives by itself.
CODES: Final = (
    *(1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013),
    *(4000, 4001, 4003, 4004, 4008, 4009, 4010, 4029),
)
CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
OTHER: Final = "other"
_Name = TypeVar("_Name", int, str)
DROPPED: Final = ("foreign", "replayed")
ANSWERS: Final = (1, 2, 3, 4, 5)


class Reading(Collector):
    """Everything that this process knows of itself."""

    def __init__(self, house: House, tally: Tally, lag: Durations) -> None:
        self._house = house
        self._tally = tally
        self._lag = lag

    def collect(self) -> Iterator[Metric]:
        yield from self._connections()
        yield from self._rooms()
        yield from self._commits(self._house.tally)
        yield _histogram(
            "tealight_event_loop_lag_seconds",
            "How much later than it should the event loop got round to something.",
            self._lag,
        )

    def _connections(self) -> Iterator[Metric]:
        tally = self._tally
        yield _by(
            GaugeMetricFamily,
            "tealight_connections",
            "People's pages that are connected to a live room, by what carries it.",
            "way",
            {way: tally.opened[way] - tally.gone[way] for way in WAYS},
        )
        yield _by(
            CounterMetricFamily,
            "tealight_connections_opened",
            "Connections to live rooms.",
            "way",
            {way: tally.opened[way] for way in WAYS},
        )
        yield _by(
            CounterMetricFamily,
            "tealight_connections_ended",
            "Connections that ended, by the code of the goodbye.",
            "code",
            _known(tally.ended, {code: str(code) for code in CODES}),
        )
        yield _one(
            CounterMetricFamily,
            "tealight_buffer_aborts",
            "Connections that were cut off for not taking what waited for them.",
            tally.too_slow,
        )
        yield _by(
            CounterMetricFamily,
            "tealight_returns",
            "Pages that came back with their place in the order, and whether all since then was here.",
            "told",
            {"everything": tally.whole, "a_gap": tally.holed},
        )
        yield _one(
            CounterMetricFamily,
            "tealight_deliveries",
            "Frames that were given to connections, each counted for each of them.",
            tally.deliveries,
        )
        yield _by(
            CounterMetricFamily,
            "tealight_refusals",
            "What people asked for and did not get, by why.",
            "why",
            _known(tally.refused, {why: why for why in REFUSALS}),
        )
        yield _by(
            CounterMetricFamily,
            "tealight_http_answers",
            "Answers over HTTP, by their hundred.",
            "status",
            {f"{hundred}xx": tally.answers[hundred] for hundred in ANSWERS},
        )

    def _rooms(self) -> Iterator[Metric]:
        census = self._house.census
        yield _by(
            GaugeMetricFamily,
            "tealight_rooms",
            "Rooms that this process hosts, by how they stand. Each room is hosted by two nodes where there are several.",
            "state",
            {state.value: census.get(state, 0) for state in State},
        )
        yield _one(
            GaugeMetricFamily,
            "tealight_ready",
            "1 while this process can carry rooms: it hears the others, and hosts what was due.",
            int(self._house.ready),
        )

    def _commits(self, tally: RoomsTally) -> Iterator[Metric]:
        yield _by(
            CounterMetricFamily,
            "tealight_commits",
            "Changes that were to be committed, by what became of them; undone: nobody knows, people are told to wait.",
            "outcome",
            {
                "committed": tally.committed,
                "conflict": tally.conflicts,
                "repeated": tally.repeated,
                "undone": tally.undone,
            },
        )
        yield _one(
            CounterMetricFamily, "tealight_gaps", "Times that a host of a room missed something.", tally.gaps
        )
        yield _histogram(
            "tealight_heal_seconds",
            "From when a host missed something until it knew where its room is.",
            tally.healed,
        )
        yield _histogram(
            "tealight_apart_seconds",
            "From when this process lost touch with its engine until it was back; rooms say meanwhile that they wait.",
            tally.apart,
        )
        yield _by(
            CounterMetricFamily,
            "tealight_engine_dropped",
            "What came from the engine and was not what it should be: of another key, or a second time.",
            "kind",
            {kind: self._house.dropped.get(kind, 0) for kind in DROPPED},
        )


def reader(house: House, tally: Tally, lag: Durations) -> Callable[[], bytes]:
    """What answers a scrape. A registry of our own: the library's tells the version of Python, which is nobody's business."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Reading(house, tally, lag))
    ProcessCollector(registry=registry)
    return lambda: generate_latest(registry)


def _one(kind: type[CounterMetricFamily | GaugeMetricFamily], name: str, says: str, value: float) -> Metric:
    return kind(name, says, value=value)


def _by(
    kind: type[CounterMetricFamily | GaugeMetricFamily],
    name: str,
    says: str,
    label: str,
    values: Mapping[str, float],
) -> Metric:
    family = kind(name, says, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def _known(counted: Mapping[_Name, int], names: Mapping[_Name, str]) -> dict[str, int]:
    """Under names of ours, each of them; whatever else there was is together, for a page can give any code."""
    shown = {shown: counted.get(name, 0) for name, shown in names.items()}
    return {**shown, OTHER: sum(number for name, number in counted.items() if name not in names)}


def _histogram(name: str, says: str, durations: Durations) -> Metric:
    family = HistogramMetricFamily(name, says)
    buckets, up_to = [], 0
    for bound, count in zip((*map(str, BOUNDS), "+Inf"), durations.counts, strict=True):
        up_to += count
        buckets.append((bound, float(up_to)))
    family.add_metric([], buckets=buckets, sum_value=durations.seconds)
    return family
