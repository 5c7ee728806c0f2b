"""A12: each line of ASVS that concerns us is shown by a test that is there, or has a reason that somebody signed."""

import re

import pytest

from tests.asvs import LINES, Line, with_table
from tests.catalogue import PAGE
from tests.test_specification import standing_in

# Levels 1 and 2 of version 5.0.0, by section: how many lines of each we have to answer, the last of it included.
SECTIONS = {
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.4": 4, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3,
    "6.8": 1, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "14.1": 2,
    "14.2": 4, "14.3": 3, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip


def test_a12_no_line_is_left_out_or_told_twice():
    numbers = [f"{section}.{line}" for section, most in SECTIONS.items() for line in range(1, most + 1)]
    assert [line.number for line in LINES] == numbers


def test_a12_every_line_has_a_test_that_exists_or_a_signed_reason():
    for line in LINES:
        assert line.ids or line.reason, line.number
        gone = [
            each for each in line.ids if each.partition("::")[2] not in standing_in(each.partition("::")[0])
        ]
        assert not gone, f"{line.number} was shown by what is no more: {', '.join(gone)}"


@pytest.mark.parametrize("line", [line for line in LINES if not line.met], ids=lambda line: line.number)
def test_a12_what_is_not_met_is_said_and_explained(line: Line):
    row = re.search(rf"^\| {re.escape(line.number)} \|.*$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert row is not None
    assert "**Not met.**" in row[0]
    assert len(line.reason) > 40


def test_a12_the_page_tells_of_them_as_they_are():
    page = PAGE.read_text("utf-8")
    assert with_table(page) == page, "python -m tests.asvs"
