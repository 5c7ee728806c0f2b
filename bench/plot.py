"""The figures as bars: how much of the C limit each server carries, drawn as plain SVG."""

from collections.abc import Iterator
from html import escape

from bench.figures import Figures
from bench.rounds import AT_ONCE, OURS, TOGETHER, limit_for

_LEFT, _PANEL, _GAP, _ROW, _TOP = 170, 190, 24, 22, 54
_TITLE = "Deliveries per second on one core, as a share of what a raw epoll server in C carries"
_INK, _FAINT, _OURS, _LIMIT, _PEER = "#333", "#ddd", "#c2571a", "#9aa5ad", "#7d93a6"


def drawn(figures: Figures) -> str:
    names = [name for name in figures.servers if name not in {AT_ONCE.name, TOGETHER.name}]
    rows = ["C limit", *names]
    width = _LEFT + len(figures.shapes) * (_PANEL + _GAP)
    height = _TOP + len(rows) * _ROW + 30
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
            f'<g font-family="sans-serif" font-size="12" fill="{_INK}">',
            f"<title>{_TITLE}</title>",
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            f'<text x="12" y="20" font-size="14" font-weight="bold">{_TITLE}</text>',
            *_labels(rows),
            *_panels(figures, names),
            "</g>",
            "</svg>\n",
        ]
    )


def _labels(rows: list[str]) -> Iterator[str]:
    for number, name in enumerate(rows):
        weight = ' font-weight="bold"' if name == OURS.name else ""
        yield f'<text x="{_LEFT - 10}" y="{_middle(number)}" text-anchor="end"{weight}>{escape(name)}</text>'


def _panels(figures: Figures, names: list[str]) -> Iterator[str]:
    bottom = _TOP + (len(names) + 1) * _ROW
    for column, shape in enumerate(figures.shapes):
        left = _LEFT + column * (_PANEL + _GAP)
        rooms, _, flight = shape.name.partition(", ")
        yield f'<text x="{left}" y="{_TOP - 10}">{rooms}, {flight} in flight</text>'
        for share in (0.0, 0.5, 1.0):
            x = left + share * _bar_room()
            yield f'<line x1="{x}" y1="{_TOP - 4}" x2="{x}" y2="{bottom}" stroke="{_FAINT}"/>'
            yield f'<text x="{x}" y="{bottom + 14}" font-size="10" text-anchor="middle">{share:g}</text>'
        carries = figures.middle(limit_for(shape).name, shape, lambda run: run.per_second) or 0.0
        yield from _bar(left, 0, 1.0, _LIMIT, f"{carries / 1000:,.0f} k/s")
        for number, name in enumerate(names, start=1):
            carried = figures.carried(name, shape)
            if carried is not None:
                colour = _OURS if name == OURS.name else _PEER
                yield from _bar(left, number, carried, colour, f"{carried:.2f}")


def _bar(left: float, number: int, share: float, colour: str, words: str) -> Iterator[str]:
    length = max(1.0, min(share, 1.25) * _bar_room())
    yield f'<rect x="{left}" y="{_TOP + number * _ROW + 3}" width="{length:.1f}" height="{_ROW - 8}" fill="{colour}"/>'
    yield f'<text x="{left + length + 4:.1f}" y="{_middle(number)}" font-size="11">{words}</text>'


def _middle(number: int) -> float:
    return _TOP + number * _ROW + _ROW / 2 + 3


def _bar_room() -> float:
    return _PANEL * 0.66
