"""From runs to figures: medians, ratios to the limit within one round, the cost model, and the tables of the document."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.load import Run, Shape
from bench.rounds import (
    AT_ONCE,
    BUSIER,
    BUSY,
    FAN_OUT,
    IDLE,
    INBOUND,
    OURS,
    STEADY,
    STORM,
    TOGETHER,
    TWO_NODES,
    limit_for,
)

SHARE_NEEDED = 0.8

Figure = Callable[[Run], float]


@dataclass(frozen=True, slots=True)
class CostModel:
    """What one core has to do, in µs of its time: for a message that comes in, for each delivery of it, for a join.

    batched: per delivery when eight messages per room are in flight and leave together.
    kilobytes: of memory per idle connection, its seat and everything else included.
    """

    message: float
    delivery: float
    batched: float
    join: float
    kilobytes: float


class Figures:
    """All runs of one benchmark."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self._runs = list(runs)

    @property
    def servers(self) -> list[str]:
        """In the order in which they were first met, the limits first and ours next."""
        met = dict.fromkeys(run.server for run in self._runs if run.server != TWO_NODES.name)
        first = [name for name in (AT_ONCE.name, TOGETHER.name, OURS.name) if name in met]
        return [*first, *(name for name in met if name not in first)]

    @property
    def rounds(self) -> int:
        return 1 + max((run.round for run in self._runs), default=0)

    @property
    def shapes(self) -> list[Shape]:
        return [shape for shape in FAN_OUT if self.of(OURS.name, shape)]

    def of(self, server: str, shape: Shape) -> list[Run]:
        return [run for run in self._runs if run.server == server and run.shape == shape.name]

    def middle(self, server: str, shape: Shape, figure: Figure) -> float | None:
        found = [figure(run) for run in self.of(server, shape)]
        return median(found) if found else None

    def ratio(self, server: str, shape: Shape, figure: Figure, to: str | None = None) -> float | None:
        """The median of the ratios within each round."""
        others = {run.round: figure(run) for run in self.of(to or limit_for(shape).name, shape)}
        ratios = [
            figure(run) / others[run.round] for run in self.of(server, shape) if others.get(run.round, 0) > 0
        ]
        return median(ratios) if ratios else None

    def carried(self, server: str, shape: Shape) -> float | None:
        """How much of what the limit carries a second."""
        return self.ratio(server, shape, lambda run: run.per_second)

    def per_core(self, server: str, shape: Shape) -> float | None:
        """The same per second of the CPU's time: what is left to compare when others use the machine too."""
        cost = self.ratio(server, shape, lambda run: run.us_per_delivery)
        return 1 / cost if cost else None

    def flaws(self) -> list[Run]:
        return [run for run in self._runs if not run.is_flawless]

    def core_share(self) -> float:
        """How much of its core a saturated server had: less than nearly all, and others used the machine."""
        shapes = {shape.name for shape in FAN_OUT}
        return median([run.cpu_share for run in self._runs if run.shape in shapes] or [0.0])

    def least_idle(self) -> float:
        """Of the load itself, where it had its core: near nothing, and it would have been what was measured."""
        shapes = {shape.name for shape in FAN_OUT}
        return min((run.seen["load_idle"] for run in self._runs if run.shape in shapes), default=0.0)

    def cost_model(self) -> CostModel | None:
        small = self.middle(OURS.name, BUSY, lambda run: run.us_per_message)
        large = self.middle(OURS.name, FAN_OUT[0], lambda run: run.us_per_message)
        batched = self.middle(OURS.name, BUSIER, lambda run: run.us_per_delivery)
        join = self.middle(OURS.name, STORM, lambda run: float(run.seen["join_cpu_us"]))
        kilobytes = self.middle(OURS.name, IDLE, lambda run: run.kb_per_connection)
        if small is None or large is None or batched is None or join is None or kilobytes is None:
            return None
        delivery = (large - small) / (FAN_OUT[0].members - BUSY.members)
        return CostModel(small - BUSY.members * delivery, delivery, batched, join, kilobytes)


def tables(figures: Figures, load_average: str, say_us: float) -> str:
    parts = [
        _conditions(figures, load_average),
        fan_out(figures),
        _targets(figures, say_us),
        _model(figures),
    ]
    return "\n\n".join(part for part in parts if part)


def _conditions(figures: Figures, load_average: str) -> str:
    flaws = figures.flaws()
    lines = [
        f"Medians of {figures.rounds} interleaved round{'s' if figures.rounds > 1 else ''}. {load_average}",
        f"The load generator was idle for at least {figures.least_idle():.0%} of its time in every fan-out run.",
    ]
    share = figures.core_share()
    if share < SHARE_NEEDED:
        lines.append(
            f"**Others used the machine: in the middle a saturated server had {share:.0%} of its core. These figures "
            "are no measure of any server; run it again where it is quiet.**"
        )
    if flaws:
        names = ", ".join(sorted({f"{run.server} ({run.shape})" for run in flaws}))
        lines.append(f"Something was lost, repeated, refused or broke off in {len(flaws)} runs: {names}.")
    else:
        lines.append("In no run of any server was anything lost, repeated, refused or out of order.")
    return " ".join(lines)


def fan_out(figures: Figures) -> str:
    head = ["Deliveries, of those of the C limit", *(shape.name for shape in figures.shapes)]
    rows = []
    for server in figures.servers:
        cells = [_cell(figures, server, shape) for shape in figures.shapes]
        if any(cells):
            rows.append([f"**{server}**" if server == OURS.name else server, *cells])
    return _table(head, rows)


def _cell(figures: Figures, server: str, shape: Shape) -> str:
    us = figures.middle(server, shape, lambda run: run.us_per_delivery)
    if us is None:
        return ""
    if server == limit_for(shape).name:
        per_second = figures.middle(server, shape, lambda run: run.per_second) or 0.0
        return f"{per_second:,.0f}/s · {us:.1f} µs"
    return f"{figures.carried(server, shape) or 0:.2f} · {us:.1f} µs"


def _targets(figures: Figures, say_us: float) -> str:
    ours = OURS.name
    large, fifty, busy = FAN_OUT[0], FAN_OUT[2], BUSY

    def best_peer(shape: Shape) -> float:
        known = (AT_ONCE.name, TOGETHER.name, ours)
        rivals = [figures.carried(name, shape) or 0.0 for name in figures.servers if name not in known]
        return max(rivals, default=0.0)

    def against_limit(shape: Shape) -> str:
        per_core = _number(figures.per_core(ours, shape))
        return f"{_number(figures.carried(ours, shape))} ({per_core}; {best_peer(shape):.2f})"

    def times(shape: Shape, peer: str) -> float | None:
        return figures.ratio(ours, shape, lambda run: run.per_second, to=peer)

    def storm(name: str) -> float | None:
        return figures.middle(ours, STORM, lambda run: float(run.seen[name]))

    rows = [
        ["1x500, of the C limit (per CPU time; best peer)", "≥ 0.75", against_limit(large)],
        ["200x12, of the C limit (per CPU time; best peer)", "≥ 0.75", against_limit(busy)],
        ["50x20, eight in flight, of the gathering C limit (as above)", "≥ 0.50", against_limit(fifty)],
        ["the same, times Node ws", "≥ 4", _number(times(fifty, "Node ws"))],
        ["the same, times nginx + nchan", "≥ 2.5", _number(times(fifty, "nginx + nchan"))],
        ["decide, evolve and encode one message, µs", "≤ 15", f"{say_us:.1f}"],
        [
            "one message in a room of 12, beyond the deliveries, µs",
            "≤ 40",
            _number(model.message if (model := figures.cost_model()) else None, 1),
        ],
        [
            "p99 at 40 % load, 200x12, times that of C",
            "≤ 2",
            _number(figures.ratio(ours, STEADY, lambda run: float(run.seen["p99_us"]), to=AT_ONCE.name)),
        ],
        [
            "p50 of the same, µs",
            "",
            _number(figures.middle(ours, STEADY, lambda run: float(run.seen["p50_us"])), 0),
        ],
        [
            "join storm of 2,000 into 200 rooms, joins a second",
            "≥ 2,000",
            _number(storm("joins_per_second"), 0),
        ],
        ["the same, p99 in ms", "< 1,000", _number(storm("join_p99_ms"), 0)],
        [
            "the same, rosters that were right in the end, of 2,000",
            "2,000",
            _number(storm("rosters_right"), 0),
        ],
        [
            "10,000 idle: KB per connection, seat included",
            "≤ 8",
            _number(figures.middle(ours, IDLE, lambda run: run.kb_per_connection), 1),
        ],
        [
            "10,000 idle: the whole process, MB",
            "< 150",
            _number(figures.middle(ours, IDLE, lambda run: run.seen["rss_after_kb"] / 1024), 0),
        ],
        [
            "10,000 idle: % of a core at rest",
            "< 5",
            _number(figures.middle(ours, IDLE, lambda run: run.cpu_share * 100), 1),
        ],
        [
            "two nodes with Redis, times one node, by CPU time (see below)",
            "≥ 1.6",
            _number(_two_nodes(figures)),
        ],
        [
            "one message in a room of two, all included, µs",
            "",
            _number(figures.middle(ours, INBOUND, lambda run: run.us_per_message), 0),
        ],
    ]
    return _table(["Figure", "target", "measured"], rows)


def _two_nodes(figures: Figures) -> float | None:
    """What two nodes would carry with a core each: what one carries per CPU second, and they per that of the busier."""

    def busier_node(run: Run) -> float:
        return float(max(run.seen["cpu"][1:]) * 1e6 / max(1, run.seen["deliveries"]))

    one = figures.middle(OURS.name, BUSIER, lambda run: run.us_per_delivery)
    two = figures.middle(TWO_NODES.name, BUSIER, busier_node)
    return one / two if one and two else None


def _model(figures: Figures) -> str:
    model = figures.cost_model()
    if model is None:
        return ""
    rows = [
        [
            "a message that comes in, decided, committed, evolved, encoded, acknowledged",
            f"{model.message:.1f} µs",
        ],
        ["each delivery of it, sent by itself", f"{model.delivery:.2f} µs"],
        [
            "each delivery, eight messages per room in flight (the message's own cost included)",
            f"{model.batched:.2f} µs",
        ],
        ["a join: handshake, cookie, seat, roster to everybody", f"{model.join:.0f} µs"],
        ["memory per idle connection", f"{model.kilobytes:.1f} KB"],
    ]
    return _table(["Cost model, one core", ""], rows)


def _number(value: float | None, digits: int = 2) -> str:
    return "not measured" if value is None else f"{value:,.{digits}f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
