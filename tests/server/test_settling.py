"""The garbage collector stops everybody for as long as it looks: it must not look at what stays."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from server import settling
from server.settling import LONGEST_SECONDS, QUIET_SECONDS, SETTLE_SECONDS, Settling


class Left:
    """What nobody holds but itself."""

    def __init__(self) -> None:
        self.own = self


class Evening:
    def __init__(self) -> None:
        self.people = 3
        self.at = 0.0
        self.settling = Settling(lambda: self.people, lambda: self.at)

    def passes(self, seconds: float) -> None:
        self.at += seconds
        self.settling.settle()


@pytest.fixture
def evening() -> Iterator[Evening]:
    thresholds = gc.get_threshold()
    gc.set_threshold(700, 10, 10)  # as Python has them
    settling.begin()
    yield Evening()
    gc.set_threshold(*thresholds)
    # Set aside again with the thousands of other tests, or everything after this is slow.
    gc.freeze()


def times_that_everything_was_looked_through() -> int:
    return int(gc.get_stats()[-1]["collections"])


@pytest.mark.usefixtures("evening")
def test_however_many_come_at_once_nobody_waits_while_everything_is_looked_through():
    before = times_that_everything_was_looked_through()
    here = [[each] for each in range(200_000)]
    assert times_that_everything_was_looked_through() == before
    assert len(here) == 200_000


def test_what_is_here_for_long_is_not_looked_at_again(evening: Evening):
    here = [Left() for _ in range(100)]
    evening.passes(SETTLE_SECONDS)
    young = {id(each) for each in gc.get_objects()}
    assert not young & {id(each) for each in here}
    assert gc.get_freeze_count() >= 100


def test_what_goes_at_once_is_let_go_of_at_once(evening: Evening):
    gone = weakref.ref(Left())
    evening.passes(SETTLE_SECONDS)
    assert gone() is None


def test_what_somebody_left_behind_goes_when_nobody_is_here(evening: Evening):
    held = Left()
    left = weakref.ref(held)
    evening.passes(SETTLE_SECONDS)
    del held
    evening.passes(QUIET_SECONDS)
    assert left() is not None, "people are here"
    evening.people = 0
    evening.passes(SETTLE_SECONDS)
    assert left() is None


def test_and_also_where_somebody_is_always_here(evening: Evening):
    held = Left()
    left = weakref.ref(held)
    evening.passes(SETTLE_SECONDS)
    del held
    evening.passes(LONGEST_SECONDS)
    assert left() is None
