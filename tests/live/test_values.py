"""A copy of a value with other contents is the copy that the standard library would make."""

from dataclasses import FrozenInstanceError, replace

import pytest

from rooms.live.state import Controls, Recent, Seat
from rooms.live.values import changed
from rooms.live.words import Place, Role

BEN = Seat("sben", "Ben", Role.MEMBER, Place.INSIDE, 1.0)


def test_a_copy_is_as_the_standard_library_makes_it():
    controls = Controls(1.0, 2.0, 3.0, seats={BEN.id: BEN})
    assert changed(BEN, name="Bo", tag="questions") == replace(BEN, name="Bo", tag="questions")
    assert changed(controls, hidden=3, slow=20) == replace(controls, hidden=3, slow=20)
    assert changed(Recent(), today=("Be kind",)) == Recent(today=("Be kind",))


def test_what_was_copied_stays_as_it_was_and_neither_can_be_changed():
    quieted = changed(BEN, quiet_until=9.0)
    assert BEN.quiet_until is None
    with pytest.raises(FrozenInstanceError):
        setattr(quieted, "quiet_until", None)  # noqa: B010  in plain words, mypy would not let it be tried


def test_nothing_has_a_field_that_it_was_not_made_with():
    with pytest.raises(KeyError):
        changed(BEN, hat="blue")
