"""What Tealight is made of is told in a form that others read, and what is known to be unsafe of it turns the check red."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from server import sbom
from server.sbom import ROOT, NoLockError, Pinned, read
from tests import advisories

LOCK = (ROOT / sbom.LOCK).read_text()
BILL = sbom.of_this_checkout()
US = BILL["metadata"]["component"]["bom-ref"]

# Of the schema of CycloneDX 1.6, as much as we use: for each object what must be in it, and what else may.
BOM = (
    {"bomFormat", "specVersion"},
    {"$schema", "serialNumber", "version", "metadata", "components", "dependencies"},
)
COMPONENT = ({"type", "name"}, {"bom-ref", "version", "purl", "hashes", "licenses", "properties"})
UUID = r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

TWO = """\
# made by hand
Made_Up.Thing==1.2.3 ; sys_platform != 'win32' \\
    --hash=sha256:{a} \\
    --hash=sha256:{b}
    # via
    #   other
    #   tealight (pyproject.toml)
other==2.0.post1 \\
    --hash=sha256:{a}
    # via tealight (pyproject.toml)
""".format(a="a" * 64, b="b" * 64)


def has_shape(value: dict[str, Any], shape: tuple[set[str], set[str]]) -> None:
    must, may = shape
    assert must <= value.keys() <= must | may, value.keys() - may


# The bill of materials


def test_the_bill_has_the_shape_of_cyclonedx():
    has_shape(BILL, BOM)
    assert (BILL["bomFormat"], BILL["specVersion"], BILL["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(UUID, BILL["serialNumber"])
    components = [BILL["metadata"]["component"], *BILL["components"]]
    for component in components:
        has_shape(component, COMPONENT)
        assert component["type"] in {"application", "library"}
        for each in component.get("hashes", []):
            assert each.keys() == {"alg", "content"}
            assert each["alg"] == "SHA-256"
            assert re.fullmatch(r"[0-9a-f]{64}", each["content"])
        for each in component.get("licenses", []):
            # Either one expression, or licences that have an id or a name.
            declared = each["license"] if each.keys() == {"license"} else each
            assert declared.keys() - {"acknowledgement"} in ({"expression"}, {"id"}, {"name"})
            assert declared["acknowledgement"] == "declared"
        for each in component.get("properties", []):
            assert each.keys() == {"name", "value"}
    refs = [component["bom-ref"] for component in components]
    assert len(refs) == len(set(refs))
    needs = {each["ref"]: each["dependsOn"] for each in BILL["dependencies"]}
    assert set(needs) == set(refs)
    for needed in needs.values():
        assert len(needed) == len(set(needed))
        assert set(needed) <= set(refs)


def test_everything_that_is_installed_stands_in_it_with_its_hashes_and_its_licence():
    told = {(each["name"], each["version"]): each for each in BILL["components"]}
    pinned = re.findall(r"^([a-z0-9.-]+)==([^ ;\\]+)", LOCK, re.MULTILINE)
    assert len(pinned) > 30
    assert set(told) == set(pinned)
    assert sum(len(each["hashes"]) for each in told.values()) == LOCK.count("--hash=sha256:")
    without = [name for (name, _), each in told.items() if "licenses" not in each]
    # For other machines than this one: it is not installed here, so that nothing is known of its licence.
    assert all(told[key].get("properties") for key in told if key[0] in without), without


def test_everything_is_in_it_for_a_reason():
    needs = {each["ref"]: each["dependsOn"] for each in BILL["dependencies"]}
    reached, more = {US}, [US]
    while more:
        new = set(needs[more.pop()]) - reached
        reached |= new
        more += new
    assert reached == set(needs)
    assert any(ref.startswith("pkg:pypi/starlette@") for ref in needs[US])


def test_the_same_lock_gives_the_same_bill():
    assert sbom.bill(LOCK, "0.1.0") == sbom.bill(LOCK, "0.1.0")
    assert sbom.bill(LOCK, "0.1.0")["serialNumber"] != sbom.bill(LOCK, "0.2.0")["serialNumber"]
    assert str(ROOT) not in json.dumps(BILL)


def test_a_lock_is_read_as_it_is_written():
    thing, other = read(TWO)
    assert thing == Pinned(
        "made-up-thing", "1.2.3", "sys_platform != 'win32'", ("a" * 64, "b" * 64), ("other", "tealight")
    )
    assert (other.version, other.marker, other.via) == ("2.0.post1", "", ("tealight",))
    made = sbom.bill(TWO, "1")
    assert [each["dependsOn"] for each in made["dependencies"]] == [
        [thing.ref, other.ref],
        [],
        [thing.ref],
    ]
    assert "licenses" not in made["components"][0], "it is not installed here"


@pytest.mark.parametrize(
    ("lock", "why"),
    [
        ("thing>=1\n", "line 1 pins no version"),
        ("-r other.txt\n", "line 1 pins no version"),
        ("thing==1\n    # via x\n", "thing has no hash"),
    ],
)
def test_what_is_not_pinned_is_refused(lock: str, why: str):
    with pytest.raises(NoLockError, match=why):
        read(lock)


# Advisories


def advisory(folder: Path, *events: dict[str, str], **more: Any) -> None:
    affected = {
        "package": {"ecosystem": "PyPI", "name": "Made.up_Thing"},
        "ranges": [{"type": "ECOSYSTEM", "events": list(events)}],
        **more.pop("affected", {}),
    }
    told = {"id": "MADE-UP-1", "aliases": ["CVE-0000-1"], "summary": "Says \x1b[2J too much.", **more}
    (folder / "one").mkdir(exist_ok=True)
    (folder / "one" / "MADE-UP-1.json").write_text(json.dumps({**told, "affected": [affected]}))


@pytest.mark.parametrize(
    ("events", "is_about_us"),
    [
        ([{"introduced": "0"}], True),
        ([{"introduced": "0"}, {"fixed": "1.2.4"}], True),
        ([{"introduced": "0"}, {"fixed": "1.2.3"}], False),
        ([{"introduced": "1.2.4"}], False),
        ([{"introduced": "1.2.3"}, {"last_affected": "1.2.3"}], True),
        ([{"introduced": "0"}, {"last_affected": "1.2.2"}], False),
        ([{"fixed": "1.10"}, {"introduced": "1.9"}, {"fixed": "1.1"}, {"introduced": "0"}], False),
        ([{"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "1.2rc1"}, {"fixed": "1.10"}], True),
        ([{"introduced": "0"}, {"fixed": "of no kind"}], True),
        ([], False),
    ],
)
def test_a_version_is_known_to_be_unsafe_or_not(
    tmp_path: Path, events: list[dict[str, str]], *, is_about_us: bool
):
    advisory(tmp_path, *events)
    found = advisories.warned(read(TWO), tmp_path)
    assert [each.pin.name for each in found] == (["made-up-thing"] if is_about_us else [])
    assert advisories.warned(read(TWO), tmp_path, frozenset({"CVE-0000-1"})) == []


def test_what_is_about_others_is_not_about_us(tmp_path: Path):
    all_of_it: dict[str, str] = {"introduced": "0"}
    for more in (
        {"affected": {"package": {"ecosystem": "npm", "name": "made-up-thing"}}},
        {"affected": {"package": {"ecosystem": "PyPI", "name": "made-up-things"}}},
        {"affected": {"ranges": [{"type": "GIT", "events": [all_of_it]}]}},
        {"withdrawn": "2026-01-01T00:00:00Z"},
    ):
        advisory(tmp_path, all_of_it, **more)
        assert advisories.warned(read(TWO), tmp_path) == [], more
    advisory(tmp_path, affected={"ranges": [], "versions": ["1.2.3"]})
    assert len(advisories.warned(read(TWO), tmp_path)) == 1


def test_the_check_is_red_for_what_we_pin_and_says_what_would_cure_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    pin = next(each for each in read(LOCK) if each.name == "starlette")
    advisory(
        tmp_path,
        {"introduced": "0"},
        {"fixed": "99.1"},
        affected={"package": {"ecosystem": "PyPI", "name": "Starlette"}},
    )
    assert advisories.main({"ADVISORIES": str(tmp_path)}) == 1
    said = capsys.readouterr().out
    assert said == (
        f"advisories: starlette {pin.version}: MADE-UP-1 CVE-0000-1, fixed in 99.1. Says [2J too much.\n"
    )
    accepted = {"ADVISORIES": str(tmp_path), "ADVISORIES_ACCEPTED": "OTHER-1, MADE-UP-1"}
    assert advisories.main(accepted) == 0
    assert capsys.readouterr().out == ""


def test_it_says_so_where_nothing_could_be_looked_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert advisories.main({}) == 0
    assert "nothing was looked up" in capsys.readouterr().out
    assert advisories.main({"ADVISORIES": str(tmp_path)}) == 1
    assert "there is none" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"summary":"x"}', b"\xff\xfe"])
def test_half_a_database_is_not_taken_for_a_clean_one(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
):
    advisory(tmp_path, {"introduced": "99"})
    (tmp_path / "two.json").write_bytes(content)
    assert advisories.main({"ADVISORIES": str(tmp_path)}) == 1
    assert "two.json" in capsys.readouterr().out
