"""What the canary says in the end: which words by their seed, where it looked, what it found, and what it had to leave out."""

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.canary.controls import Control
from tests.canary.scanner import LEFT_OUT
from tests.canary.search import Outcome, Tally
from tests.faults.node import ROOT


@dataclass(slots=True)
class Receipt:
    seed: int
    outcomes: list[Outcome] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """Whatever makes it red. Nothing that was left out is among it, nor does it count as clean."""
        return [
            *(str(hit) for outcome in self.outcomes for hit in outcome.hits),
            *(fault for outcome in self.outcomes for fault in outcome.complaints),
            *(f"a control stays green: {each.name}" for each in self.controls if not each.is_red),
            *([] if self.controls else ["no control was asked, and so nothing is proven"]),
        ]

    def lines(self) -> Iterable[str]:
        yield f"canary  seed {self.seed}  commit {commit()}  {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        yield f"        {platform.system()}, Python {platform.python_version()}"
        for outcome in self.outcomes:
            verdict = "clean" if outcome.is_clean else "RED"
            words = f"{len(outcome.registry)} words"
            yield f"{outcome.name:<5} {verdict:<6} {words:<10} {outcome.seconds:5.1f} s  sha-256 {outcome.registry.digest}"
        yield "places"
        for kind, tally in sorted(self.places.items()):
            yield f"  {kind:<24} {tally.places:>5} places {tally.size:>12,} bytes"
        red = sum(each.is_red for each in self.controls)
        yield f"controls  {red} of {len(self.controls)} red, as they must be"
        for each in self._left_out:
            yield f"left out  {each}"
        for outcome in self.outcomes:
            for note in outcome.notes:
                yield f"note      {outcome.name}: {note}"
        for problem in self.problems:
            yield f"RED       {problem}"
        hits = sum(len(outcome.hits) for outcome in self.outcomes)
        yield f"{hits} words where none may be; {'RED' if self.problems else 'clean'}"

    @property
    def places(self) -> dict[str, Tally]:
        total: dict[str, Tally] = {}
        for outcome in self.outcomes:
            for kind, tally in outcome.places.items():
                sum_of = total.setdefault(kind, Tally())
                sum_of.places += tally.places
                sum_of.size += tally.size
        return total

    @property
    def _left_out(self) -> list[str]:
        of_runs = [f"{outcome.name}: {each}" for outcome in self.outcomes for each in outcome.left_out]
        return [*self.left_out, *of_runs, f"what is packed with {' or '.join(LEFT_OUT)} is not unpacked"]

    def as_json(self) -> str:
        said = {
            "seed": self.seed,
            "commit": commit(),
            "words": hashlib.sha256(
                "\n".join(outcome.registry.digest for outcome in self.outcomes).encode()
            ).hexdigest(),
            "runs": [
                {
                    "name": outcome.name,
                    "clean": outcome.is_clean,
                    "families": outcome.registry.families,
                    "sha256": outcome.registry.digest,
                    "places": {kind: [each.places, each.size] for kind, each in outcome.places.items()},
                    "hits": [str(hit) for hit in outcome.hits],
                    "faults": outcome.complaints,
                    "notes": outcome.notes,
                }
                for outcome in self.outcomes
            ],
            "controls": {each.name: each.is_red for each in self.controls},
            "left_out": self._left_out,
            "clean": not self.problems,
        }
        return json.dumps(said, indent=1)


def commit() -> str:
    """As git names it, and whether something was changed since."""
    try:
        told = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return told.stdout.strip()
