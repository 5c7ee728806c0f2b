"""What Tealight is made of, as a bill of materials (CycloneDX 1.6, JSON), from the lock that it is installed from.

``python -m server.sbom`` prints it. It says nothing of the machine it is made on, so that the same lock gives the same
bill everywhere; licences are what the packages that are installed here declare.
"""

import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

ROOT: Final = Path(__file__).parent.parent
LOCK: Final = Path("requirements/run.txt")
US: Final = "tealight"
_LONGEST_NAME: Final = 80  # of a licence: some packages put the whole text there


@dataclass(frozen=True, slots=True)
class Pinned:
    """One package of the lock. hashes: SHA-256 of each file that may be installed. via: what asks for it, ``US`` for us."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    via: tuple[str, ...]

    @property
    def ref(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


_PIN: Final = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>.*?))?\s*\\?"
)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})\s*\\?")


class NoLockError(Exception):
    """A line of the lock that is none. The message says which."""


def read(lock: str) -> list[Pinned]:
    """Every package of a lock as uv and pip-tools write it. Raises NoLockError for one without a version or a hash."""
    return list(_pins(lock))


def _pins(lock: str) -> Iterator[Pinned]:
    blocks: list[list[str]] = []
    for number, line in enumerate(lock.splitlines(), start=1):
        if line.startswith(" ") and blocks:
            blocks[-1].append(line.strip())
        elif line.strip() and not line.startswith("#"):
            if _PIN.fullmatch(line) is None:
                raise NoLockError(f"line {number} pins no version")
            blocks.append([line])
    for first, *rest in blocks:
        pin = _PIN.fullmatch(first)
        assert pin is not None
        hashes = tuple(found[1] for line in rest if (found := _HASH.fullmatch(line)))
        if not hashes:
            raise NoLockError(f"{pin['name']} has no hash")
        comments = [line.removeprefix("#").strip() for line in rest if line.startswith("#")]
        asked = [comment.removeprefix("via").strip() for comment in comments]
        via = tuple(sorted({name.split(" ")[0] for name in asked if name}))
        yield Pinned(_plain(pin["name"]), pin["version"], pin["marker"] or "", hashes, via)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def bill(lock: str, version: str) -> dict[str, Any]:
    """The whole document."""
    pins = read(lock)
    us = f"{US}@{version}"
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": uuid5(NAMESPACE_OID, f"{us} {hashlib.sha256(lock.encode()).hexdigest()}").urn,
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": us,
                "name": US,
                "version": version,
                "licenses": [{"license": {"id": "MIT", "acknowledgement": "declared"}}],
            }
        },
        "components": [_component(pin) for pin in pins],
        "dependencies": _dependencies(us, pins),
    }


def _component(pin: Pinned) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": pin.ref,
        "name": pin.name,
        "version": pin.version,
        "purl": pin.ref,
        # Of each file of that version; whichever fits the machine is installed.
        "hashes": [{"alg": "SHA-256", "content": each} for each in pin.hashes],
    }
    if licence := _licence(pin):
        component["licenses"] = [licence]
    if pin.marker:
        component["properties"] = [{"name": "tealight:only-where", "value": pin.marker}]
    return component


def _dependencies(us: str, pins: list[Pinned]) -> list[dict[str, Any]]:
    refs = {US: us, **{pin.name: pin.ref for pin in pins}}
    needs: dict[str, list[str]] = {ref: [] for ref in refs.values()}
    for pin in pins:
        for asking in pin.via:
            needs[refs[_plain(asking)]].append(pin.ref)
    return [{"ref": ref, "dependsOn": sorted(needed)} for ref, needed in needs.items()]


def _licence(pin: Pinned) -> dict[str, Any] | None:
    """As the package declares it, if that very version is installed here."""
    try:
        about = metadata.metadata(pin.name)
    except metadata.PackageNotFoundError:
        return None
    if about["Version"] != pin.version:
        return None
    said = about.get_all("License-Expression") or []
    if said:
        return {"expression": said[0], "acknowledgement": "declared"}
    named = [
        each for each in about.get_all("License") or [] if "\n" not in each and len(each) <= _LONGEST_NAME
    ]
    kinds = [each for each in about.get_all("Classifier") or [] if each.startswith("License :: ")]
    name = named[0] if named and named[0].strip() else " and ".join(each.split(" :: ")[-1] for each in kinds)
    return {"license": {"name": name, "acknowledgement": "declared"}} if name else None


def of_this_checkout() -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return bill((ROOT / LOCK).read_text(), project["version"])


if __name__ == "__main__":
    json.dump(of_this_checkout(), sys.stdout, indent=2)
    print()  # noqa: T201  the end of a line, for whoever reads it in a terminal
