"""Ids that are drawn, and those that follow from what was asked for: of one shape, and never two alike by accident."""

import re

from rooms.records import tokens

SHAPE = re.compile(r"[23456789bcdfghjkmnpqrstvwxz]{16}")


def test_an_id_that_follows_from_a_wish_is_the_same_for_the_same_and_looks_like_any_other():
    # Half a surrogate pair among them: it may come from a form.
    wishes = ["", "a", "b", "a\n", "\ud800", *(f"wish {number}" for number in range(1000))]
    ids = [tokens.id_of(wish) for wish in wishes]
    assert ids == [tokens.id_of(wish) for wish in wishes]
    assert len(set(ids)) == len(wishes)
    for each in (*ids, tokens.new_id()):
        assert SHAPE.fullmatch(each)
