"""What the papers promise is what the server does; and no page sends anybody to a place that is not there."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from rooms.records import counts, erasure, links, notices, passes, sign_ins, tables
from rooms.ring import LONGEST_SECONDS
from server.app import ROOT
from server.passkeys import VOID_AFTER

RETENTION = Path(ROOT, "docs/compliance/retention.md").read_text()
ROWS = {
    name: row
    for row in re.findall(r"^\| `.*\|$", RETENTION, re.MULTILINE)
    for name in re.findall(r"`([a-z_]+)`", row.split("|")[1])
}
PAGES = [ROOT / "README.md", *sorted(Path(ROOT, "docs").rglob("*.md"))]


def test_every_table_of_the_database_stands_in_the_table_of_what_is_kept():
    assert set(ROWS) == {table.name for table in tables.metadata.sorted_tables}


@pytest.mark.parametrize(
    ("table", "lasts", "in_words"),
    [
        ("sign_ins", sign_ins.LASTS, "12 hours"),
        ("sign_ins", sign_ins.IDLE, "30 minutes idle"),
        ("links", links.INVITATION_LIVES, "72 hours"),
        ("answered_challenges", VOID_AFTER, "an hour"),
        ("old_links", passes.GRACE, "7 days"),
        ("tombstones", erasure.REMEMBERED, "30 days"),
        ("notices", notices.KEPT, "30 days"),
        ("notices", notices.CALL_KEPT, "a day"),
        ("counts", counts.KEPT, "365 days"),
    ],
)
def test_it_is_kept_for_as_long_as_is_said(table: str, lasts: timedelta, in_words: str):
    amount, unit = re.sub(r"^an? ", "1 ", in_words).split(" ")[:2]
    assert timedelta(**{unit.rstrip("s") + "s": int(amount)}) == lasts
    assert in_words in ROWS[table]


def test_what_is_said_is_in_memory_for_as_long_as_is_said():
    assert timedelta(seconds=LONGEST_SECONDS) == timedelta(minutes=3)
    assert "at most 3 minutes" in RETENTION


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_page_leads_to_what_is_there(page: Path):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        found = (page.parent / name).resolve() if name else page
        assert found.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", found.read_text(), re.MULTILINE)
            assert anchor in {as_anchor(each) for each in headings}, target


def as_anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize(
    "page", sorted(Path(ROOT, "docs/compliance").glob("*.md")), ids=lambda page: page.name
)
def test_each_paper_says_what_it_is_not_and_leaves_room(page: Path):
    text = page.read_text()
    assert "not legal advice" in text
    assert text.count("`[") >= 5, "blanks for what only they know"
