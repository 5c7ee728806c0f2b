"""Report slips: what was carried is known again by its mark, and nothing else is."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rooms import slips
from rooms.live import Terms
from rooms.slips import LONGEST, MOST, Line, mark, read, which
from tests.host.world import START, World

KEY, OTHER = b"k" * slips.KEY_BYTES, b"o" * slips.KEY_BYTES
SAID = {"id": "seat.5f", "name": "Ben", "text": "go away", "note": ""}
words = some.text(max_size=40)


def line(**changes: str) -> Line:
    told = {**SAID, "slip": mark(KEY, SAID["id"], SAID["name"], SAID["text"], SAID["note"])}
    return Line(**{**told, **changes})


def written(*lines: Line, before: str = "Report slip. Give all of it.\n\n", behind: str = "\n") -> str:
    shown = [{"id": x.id, "name": x.name, "text": x.text, "note": x.note, "slip": x.slip} for x in lines]
    return before + json.dumps({"messages": shown}, indent=1, ensure_ascii=False) + behind


def test_what_was_said_is_genuine_whatever_stands_around_it():
    for before, behind in (("", ""), ("Look at this:\r\n> ", "\n-- \nsent from a phone"), ("\ufeff", "")):
        lines = read(written(line(), before=before, behind=behind))
        assert lines == (line(),)
        assert which([OTHER, KEY], lines[0]) == 1


@pytest.mark.parametrize("part", ["id", "name", "text", "note"])
def test_a_letter_that_was_changed_is_known(part: str):
    assert which([KEY], line(**{part: f"{SAID[part]} "})) is None


@pytest.mark.parametrize(
    "wrong", ["", "x" * 22, "é" * 22, "\ud800", mark(OTHER, "seat.5f", "Ben", "go away", "")]
)
def test_so_is_a_mark_that_was_made_up(wrong: str):
    assert which([KEY], line(slip=wrong)) is None


def test_without_its_key_nobody_can_tell_any_more():
    assert which([], line()) is None
    assert which([OTHER], line()) is None


@given(words, words, words, words)
def test_no_word_moves_from_one_part_into_another(one: str, two: str, three: str, four: str):
    made = mark(KEY, one, two, three, four)
    assert len(base64.urlsafe_b64decode(f"{made}==")) == 16
    for moved in ((one + two, "", three, four), (one, two + three, "", four), (one, two, "", three + four)):
        assert moved == (one, two, three, four) or mark(KEY, *moved) != made


@pytest.mark.parametrize(
    "nothing",
    [
        "",
        "Report slip.",
        "}{",
        "{}",
        '{"messages": []}',
        '{"messages": [{}]}',
        '{"messages": "x"}',
        '{"messages": [{"id": 1, "name": "", "text": "", "note": "", "slip": ""}]}',
        "[" * 50_000,
        '{"messages": [' * 4000,
        '{"messages": "\ud800"}',
        "x" * (LONGEST + 1),
    ],
)
def test_what_is_no_slip_is_none(nothing: str):
    assert read(nothing) is None


def test_ten_messages_are_a_slip_and_eleven_are_not():
    assert len(read(written(*[line()] * MOST)) or ()) == MOST
    assert read(written(*[line()] * (MOST + 1))) is None


@given(some.text())
def test_whatever_is_given_is_a_slip_or_none(given_: str):
    assert read(given_) is None or given_.count("{") > 1


def test_nothing_that_was_typed_shows_in_a_line_that_is_printed():
    assert "go away" not in repr(line())
    assert "Ben" not in repr(line())


async def test_every_host_marks_what_is_said_alike_also_for_who_comes_back():
    async with World(Terms(START, seats=200, slip_key=KEY)) as world:
        one, two = await world.node(), await world.node()
        _, ben = await world.under_way(one, "Ana", "Ben")
        chi = await world.member("Chi").comes(two)
        await ben.says("hi")
        await world.settles()
        marked = [frame for phone in (ben, chi) for frame in phone.frames if frame["type"] == "said"]
        assert len(marked) == 2
        for frame in marked:
            assert which([KEY], Line(frame["id"], frame["name"], frame["text"], "", frame["slip"])) == 0


async def test_where_there_is_no_key_nothing_is_marked():
    async with World(Terms(START, seats=200)) as world:
        _, ben = await world.under_way(await world.node(), "Ana", "Ben")
        await ben.says("hi")
        assert ["slip" in frame for frame in ben.frames if frame["type"] == "said"] == [False]
