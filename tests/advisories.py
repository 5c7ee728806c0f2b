"""Looks whether anything that we pin is known to be unsafe: ``python -m tests.advisories``, a part of ``make check``.

It asks nobody. ``ADVISORIES`` names a folder of advisories in the form of OSV (one JSON file each, in folders or not),
fetched beforehand by whoever has a network: the set for PyPI that osv.dev gives away as a file, or the advisory database of
the Python Packaging Authority. ``ADVISORIES_ACCEPTED`` holds ids that somebody has looked at and can live with.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from server.sbom import ROOT, Pinned, read

LOCKS = ("requirements/run.txt", "requirements/test.txt")


@dataclass(frozen=True, slots=True)
class Warned:
    """One package that we pin, and one advisory that is about that version of it."""

    pin: Pinned
    ids: tuple[str, ...]
    summary: str
    fixed: tuple[str, ...]

    def __str__(self) -> str:
        cure = f"fixed in {', '.join(self.fixed)}" if self.fixed else "not fixed yet"
        said = "".join(letter for letter in self.summary if letter.isprintable())[:200]
        return f"{self.pin.name} {self.pin.version}: {' '.join(self.ids)}, {cure}. {said}"


class UnreadableError(Exception):
    """A file that is no advisory."""


def warned(pins: list[Pinned], folder: Path, accepted: frozenset[str] = frozenset()) -> list[Warned]:
    """What of these is known to be unsafe. Raises UnreadableError: half of a database looks like a clean one."""
    ours: dict[str, list[Pinned]] = {}
    for pin in pins:
        ours.setdefault(canonicalize_name(pin.name), []).append(pin)
    found = []
    for file in sorted(folder.rglob("*.json")):
        advisory = _read(file)
        if advisory.get("withdrawn"):
            continue
        for affected in advisory.get("affected") or []:
            package = affected.get("package") or {}
            if package.get("ecosystem") != "PyPI":
                continue
            for pin in ours.get(canonicalize_name(str(package.get("name"))), []):
                ids = tuple(dict.fromkeys([str(advisory["id"]), *map(str, advisory.get("aliases") or [])]))
                if _is_affected(pin.version, affected) and not accepted & {*ids}:
                    summary = str(advisory.get("summary") or advisory.get("details") or "")
                    found.append(Warned(pin, ids, summary, tuple(sorted(_fixes(affected)))))
    return found


def _read(file: Path) -> Mapping[str, Any]:
    try:
        advisory = json.loads(file.read_bytes())
    except ValueError:
        raise UnreadableError(f"{file} is no JSON") from None
    if not isinstance(advisory, dict) or not isinstance(advisory.get("id"), str):
        raise UnreadableError(f"{file} is no advisory")
    return advisory


def _is_affected(version: str, affected: Mapping[str, Any]) -> bool:
    if version in (affected.get("versions") or []):
        return True
    ranges = [each for each in affected.get("ranges") or [] if each.get("type") == "ECOSYSTEM"]
    try:
        return any(_lies_in(Version(version), each) for each in ranges)
    except InvalidVersion:
        return True  # somebody has to look at it


def _lies_in(version: Version, of: Mapping[str, Any]) -> bool:
    """By the rules of OSV: its events in the order of versions, each of which begins or ends what is affected."""
    moments = sorted(
        (Version(at), kind, at) for event in of.get("events") or [] for kind, at in event.items()
    )
    is_affected = False
    for at, kind, _ in moments:
        if kind == "introduced" and version >= at:
            is_affected = True
        elif (kind in {"fixed", "limit"} and version >= at) or (kind == "last_affected" and version > at):
            is_affected = False
    return is_affected


def _fixes(affected: Mapping[str, Any]) -> Iterator[str]:
    for each in affected.get("ranges") or []:
        for event in each.get("events") or []:
            if each.get("type") == "ECOSYSTEM" and "fixed" in event:
                yield str(event["fixed"])


def main(environ: Mapping[str, str] = os.environ) -> int:
    named = environ.get("ADVISORIES")
    if not named:
        print("advisories: ADVISORIES names no folder of OSV files, so that nothing was looked up")
        return 0
    folder = Path(named)
    pins = list(
        {(pin.name, pin.version): pin for lock in LOCKS for pin in read((ROOT / lock).read_text())}.values()
    )
    accepted = frozenset((environ.get("ADVISORIES_ACCEPTED") or "").replace(",", " ").split())
    if next(folder.rglob("*.json"), None) is None:
        print("advisories: there is none in the folder that ADVISORIES names")
        return 1
    try:
        found = warned(pins, folder, accepted)
    except UnreadableError as unreadable:
        print(f"advisories: {unreadable}")
        return 1
    for each in found:
        print(f"advisories: {each}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
