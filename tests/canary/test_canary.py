"""The canary in short: nothing that is said stays anywhere, and it would be noticed. All of it: ``make canary``."""

import pytest

from tests.canary import controls, runs
from tests.canary.controls import Control
from tests.canary.receipt import Receipt
from tests.canary.runs import Run
from tests.canary.search import Hit, Outcome
from tests.canary.tokens import Registry

SEED = 20_261_122

pytestmark = [pytest.mark.processes, pytest.mark.timeout(400)]


@pytest.mark.parametrize("run", [runs.NORMAL, runs.FAILING, runs.HOSTILE_REDIS], ids=lambda run: run.name)
async def test_nothing_of_an_evening_stays_anywhere(run: Run):
    outcome = await run.of(SEED, members=("Ben",), shared=False)
    assert [str(hit) for hit in outcome.hits] == []
    assert outcome.complaints == []
    assert len(outcome.registry) > 40
    assert {"records", "logs", "Redis: key", "Redis: SLOWLOG"} <= set(outcome.places)


async def test_each_leak_on_purpose_turns_it_red():
    asked = await controls.leaks(SEED)
    assert [each.name for each in asked if not each.is_red] == []
    assert len(asked) > 40


def outcome_with(*hits: str, required: tuple[str, ...] = ()) -> Outcome:
    outcome = Outcome("R1", Registry(1))
    for family in hits:
        outcome.registry.plant(family, required=required)
    outcome.hits = [Hit("R1", "logs", "node-0.log", plant) for plant in outcome.registry if not required]
    return outcome


RED = [Control("a leak", is_red=True)]


def test_a_receipt_is_clean_only_if_nothing_was_found_and_every_control_is_red():
    clean = outcome_with()
    assert Receipt(1, [clean], RED).problems == []
    assert Receipt(1, [outcome_with("said")], RED).problems == ["R1: said stands in logs: node-0.log"]
    assert len(Receipt(1, [clean], [*RED, Control("another", is_red=False)]).problems) == 1
    assert len(Receipt(1, [clean]).problems) == 1
    assert len(Receipt(1, [outcome_with("room title", required=("records",))], RED).problems) == 1


def test_a_receipt_does_not_say_what_it_found():
    outcome = outcome_with("said")
    receipt = Receipt(1, [outcome], RED, ["R12: no nginx here"])
    said = "\n".join(receipt.lines()) + receipt.as_json()
    (plant,) = outcome.registry
    assert plant.word not in said
    assert outcome.registry.digest in said
    assert "left out  R12: no nginx here" in said
