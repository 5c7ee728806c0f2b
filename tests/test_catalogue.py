"""Every fault of the catalogue has a test that is there, and docs/security.md tells of them as they are."""

import pytest

from tests.catalogue import CATALOGUE, PAGE, Fault, commit, with_table
from tests.test_specification import standing_in

NUMBERS = [
    *(f"P{number}" for number in range(1, 10)),
    *(f"A{number}" for number in range(1, 16)),
    *(f"W{number}" for number in range(1, 5)),
    *(f"M{number}" for number in range(1, 7)),
]


def test_every_number_stands_there_once():
    assert [fault.number for fault in CATALOGUE] == NUMBERS


@pytest.mark.parametrize("fault", CATALOGUE, ids=lambda fault: fault.number)
def test_what_commits_it_is_there(fault: Fault):
    assert fault.ids, f"nothing commits {fault.number}: write the test, and name it in tests/catalogue.py"
    gone = [each for each in fault.ids if each.partition("::")[2] not in standing_in(each.partition("::")[0])]
    assert not gone, f"{fault.number} was committed by what is no more: {', '.join(gone)}"
    assert len(set(fault.ids)) == len(fault.ids)


def test_the_page_tells_of_them_as_they_are():
    page = PAGE.read_text("utf-8")
    assert with_table(page) == page, "python -m tests.catalogue --table"


def test_a_number_that_is_none_is_named(capsys: pytest.CaptureFixture[str]):
    assert commit(["P4", "Q1"]) == 2
    assert "Q1" in capsys.readouterr().err
