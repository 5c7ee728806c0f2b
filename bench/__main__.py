"""``make bench``: measure, beside whatever else is installed, and write the figures into the document.

``--quick`` is one short round with a few peers, under two minutes. ``--install-peers`` brings the others in, into a
folder of the benchmark's own.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from bench import million, peers, say
from bench.figures import Figures, fan_out, tables
from bench.plot import drawn
from bench.rounds import FAN_OUT, TWO_NODES, Plan, carried_out, read_again
from bench.workshop import CannotBuildError, built

DOCUMENT = Path("docs/performance.md")
README = Path("README.md")
PLOT = Path("docs/performance.svg")
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"
_QUICK_PEERS = frozenset({"Node ws", "nginx + nchan", "websockets broadcast", "plain Starlette"})


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round, a few peers")
    parser.add_argument(
        "--install-peers", action="store_true", help="install what it is compared with, and stop"
    )
    parser.add_argument("--rounds", type=int, help="how many rounds (5; quick: 1)")
    parser.add_argument("--seconds", type=float, help="how long each run is measured (1.5; quick: 0.8)")
    parser.add_argument(
        "--only", default="", help="only the peers whose names hold one of these words, or none"
    )
    parser.add_argument("--again", action="store_true", help="measure nothing: write about the last runs")
    parser.add_argument(
        "--dry", action="store_true", help="print the figures and leave the document as it is"
    )
    given = parser.parse_args()
    if given.install_peers:
        peers.install()
        return
    say_us = say.microseconds()
    print(f"one message, decided, encoded, carried, folded and framed in a room of 12: {say_us:.1f} µs")
    try:
        built("load"), built("limit")
    except CannotBuildError as cannot:
        sys.exit(str(cannot))
    if not hasattr(os, "sched_setaffinity") or (os.cpu_count() or 1) < 2:
        sys.exit("the benchmark needs Linux and two cores: one for the server, one for the load")
    before = _load()
    figures = Figures(read_again() if given.again else carried_out(_plan(given)))
    words = tables(figures, f"Load of the machine (1, 5, 15 min) before: {before}; after: {_load()}.", say_us)
    model = figures.cost_model()
    if model is not None:
        words += "\n\n" + million.planned(model)
    print(words)
    if not given.dry:
        _write(DOCUMENT, words)
        _write(README, fan_out(figures))
        PLOT.write_text(drawn(figures))


def _plan(given: argparse.Namespace) -> Plan:
    words = given.only.split(",") if given.only else []
    chosen = []
    for peer in [*peers.peers(), TWO_NODES]:
        wanted = (
            any(word in peer.name for word in words)
            if words
            else not given.quick or peer.name in _QUICK_PEERS
        )
        if peer.missing and wanted:
            print(f"left out: {peer.name}: {peer.missing}", file=sys.stderr)
        elif wanted and peer is not TWO_NODES:
            chosen.append(peer)
    return Plan(
        rounds=given.rounds or (1 if given.quick else 5),
        shapes=FAN_OUT,
        peers=tuple(chosen),
        seconds=given.seconds or (0.8 if given.quick else 1.5),
        idle_seconds=5.0 if given.quick else 20.0,
    )


def _load() -> str:
    return ", ".join(f"{each:.1f}" for each in os.getloadavg()) + time.strftime(" (%Y-%m-%d %H:%M)")


def _write(document: Path, words: str) -> None:
    text = document.read_text()
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{document} has lost the marks between which the figures stand")
    document.write_text(f"{before}{BEGIN}\n{words}\n{END}{after}")


if __name__ == "__main__":
    main()
