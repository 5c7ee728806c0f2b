"""Where a session could have left something, all of it looked through, and what came of that."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.canary.scanner import Scanner
from tests.canary.tokens import Plant, Registry

PORTION: Final = 32 * 1024 * 1024
OVERLAP: Final = 64 * 1024


@dataclass(slots=True)
class Tally:
    """How many places of a kind were looked at, and how many bytes stood there."""

    places: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A word stands where it must not. It is not said here: the seed tells which it is."""

    run: str
    kind: str
    place: str
    plant: Plant = field(repr=False)
    how: tuple[str, ...] = ()

    def __str__(self) -> str:
        dress = f" ({', '.join(self.how)})" if self.how else ""
        return f"{self.run}: {self.plant.family} stands in {self.kind}: {self.place}{dress}"


@dataclass(slots=True)
class Outcome:
    """What one run came to. ``faults``: what else must not be so, in words."""

    name: str
    registry: Registry
    places: dict[str, Tally] = field(default_factory=dict)
    hits: list[Hit] = field(default_factory=list)
    found: set[tuple[str, Plant]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def is_clean(self) -> bool:
        return not self.hits and not self.complaints

    @property
    def complaints(self) -> list[str]:
        """Besides what was found: what was not found though it stands there, for then the search is blind."""
        blind = [
            f"{self.name}: the search is blind: {plant.family} was not found in {kind}"
            for plant in self.registry
            for kind in sorted(plant.required)
            if (kind, plant) not in self.found
        ]
        return [*self.faults, *blind]


class Search:
    """Through the places of one run, once everything is said that will be."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._scanner = Scanner(outcome.registry)

    def through(self, kind: str, place: str, content: bytes) -> None:
        tally = self._outcome.places.setdefault(kind, Tally())
        tally.places += 1
        tally.size += len(content)
        self._scan(kind, place, place.encode("utf-8", "surrogateescape"))
        for start in range(0, max(1, len(content)), PORTION):
            self._scan(kind, place, content[max(0, start - OVERLAP) : start + PORTION])

    def through_all(self, kind: str, places: Mapping[str, bytes]) -> None:
        for place, content in places.items():
            self.through(kind, place, content)

    def through_folder(
        self, kind: str, folder: Path, *, since: float = 0.0, but: Iterable[Path] = ()
    ) -> None:
        """Its files, and their names. ``since``: only what was written from then on."""
        for path in files_in(folder, but=but):
            try:
                if path.stat().st_mtime < since:
                    continue
                content = path.read_bytes()
            except FileNotFoundError:
                continue  # gone while we looked: somebody else's, for all of ours have ended
            except OSError as error:
                self._outcome.left_out.append(f"{path.name} in {kind}: {type(error).__name__}")
                continue
            self.through(kind, str(path.relative_to(folder)), content)
        self._outcome.places.setdefault(kind, Tally())

    def _scan(self, kind: str, place: str, content: bytes) -> None:
        for find in self._scanner.finds(content):
            if kind in find.plant.expected:
                self._outcome.found.add((kind, find.plant))
            else:
                hit = Hit(self._outcome.name, kind, place, find.plant, find.how)
                if hit not in self._outcome.hits:
                    self._outcome.hits.append(hit)


def files_in(folder: Path, *, but: Iterable[Path] = ()) -> Iterator[Path]:
    """Every ordinary file below, also those in folders that come and go while we look; never over a link."""
    left_out = {str(path) for path in but}
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if os.path.join(where, name) not in left_out]  # noqa: PTH118  a walk of strings
        for name in names:
            path = Path(where, name)
            if path.is_file() and not path.is_symlink():
                yield path
