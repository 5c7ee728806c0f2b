"""Whatever a page of somebody's own making sends: an answer of ours, or a goodbye of ours, and other rooms notice nothing.

Frames are made from the very types that read them, so that a new command is sent here before anybody thinks of it.
"""

import importlib
import json
import pkgutil
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as some
from msgspec import inspect
from websockets.exceptions import ConnectionClosed

from rooms import live
from rooms.live import Command
from server import wire
from server.words import REFUSALS
from tests.examples import examples
from tests.server.house import House
from tests.server.visitor import Visitor

SHAPES = wire.shapes_by_name()
A_TAB = 18  # commands that a member may send at once
LAST = ("leave", "end", "end_for_safety", "remove", "back_to_lobby")
THERE_ARE = ["{gus}", "{mal}", "{jo}", "{said}", "{hers}"]
GOODBYES = {1008, 4000, 4003, 4004, 4009, 4010, 4029}

# What fails is printed whole, however long it is.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

# An evening each, told in full where it fails: to make it shorter would take hundreds of evenings more.
together = examples(
    4,
    phases=[Phase.generate],
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)


def _choices() -> list[str]:
    """Every word that a rule of the room knows, so that what is sent is often lawful."""
    found: set[str] = set()
    for module in pkgutil.iter_modules(live.__path__, "rooms.live."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, StrEnum):
                found |= {str(each) for each in value}
            elif isinstance(value, frozenset | tuple | list | Mapping):
                found |= {each for each in value if isinstance(each, str)}
    return sorted(found)


CHOICES = _choices()
any_text = some.text(max_size=60) | some.sampled_from(
    ["", "\0", "\u202e", "x" * 2000, "__proto__", "\ufeff", "🍵" * 300]
)
any_json = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**70), 2**70) | some.floats() | any_text,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def lawful(kind: inspect.Type) -> some.SearchStrategy[Any]:
    """A value of that type."""
    match kind:
        case inspect.StrType(max_length=longest):
            text = any_text if longest is None else some.text(max_size=longest)
            return some.sampled_from(THERE_ARE) | some.sampled_from(CHOICES) | text
        case inspect.IntType():
            return some.sampled_from([0, 1, 2, 5, 10, 30, 60, 120]) | some.integers(-(2**63), 2**63 - 1)
        case inspect.BoolType():
            return some.booleans()
        case inspect.FloatType():
            return some.floats(allow_nan=False, allow_infinity=False)
        case inspect.NoneType():
            return some.none()
        case inspect.UnionType(types=types):
            return some.one_of([lawful(each) for each in types])
        case inspect.VarTupleType(item_type=item):
            return some.lists(lawful(item), max_size=6)
        case _:
            raise AssertionError(f"frames have a new type: {kind}")


def fields_of(name: str) -> dict[str, inspect.Type]:
    told = inspect.type_info(SHAPES[name])
    assert isinstance(told, inspect.StructType)
    return {field.name: field.type for field in told.fields if field.name != "ref"}


def frame_of(name: str) -> some.SearchStrategy[dict[str, Any]]:
    return some.fixed_dictionaries({field: lawful(kind) for field, kind in fields_of(name).items()}).map(
        lambda fields: {"type": name, **fields}
    )


def an_answer_of_ours(answer: Mapping[str, Any], about: object) -> None:
    if answer["type"] == "refused":
        assert answer["why"] in REFUSALS, about
        assert answer["say"], about
    else:
        assert answer.keys() == {"type", "ref", "seq"}, about


async def answered(page: Visitor, frames: list[dict[str, Any]]) -> int:
    """Each in its turn, until it is told to go. How many were answered."""
    for number, frame in enumerate(frames):
        try:
            await page.sends({**frame, "ref": f"f{number}"})
            answer = await page.answer_to(f"f{number}")
        except ConnectionClosed:
            goodbye = page._socket and page._socket.close_code
            assert goodbye in GOODBYES, frame
            return number
        an_answer_of_ours(answer, frame)
    return len(frames)


async def others_notice_nothing(ana: Visitor, ben: Visitor, log: pytest.LogCaptureFixture) -> None:
    await ben.says("is anything wrong?")
    await ana.hears("is anything wrong?", frm="Ben")
    broken = [record.getMessage() for record in log.records if record.levelname in {"ERROR", "CRITICAL"}]
    assert broken == []


def meant(frame: dict[str, Any], there_are: dict[str, str]) -> dict[str, Any]:
    """With the seats and messages of this evening where the frame says that one of them is meant."""
    return {
        name: there_are.get(value, value) if isinstance(value, str) else value
        for name, value in frame.items()
    }


# One of each, in any order; what ends it for somebody comes last.
one_of_each = some.tuples(
    some.permutations([name for name in SHAPES if name not in LAST]),
    some.fixed_dictionaries({name: frame_of(name) for name in SHAPES}),
).map(lambda drawn: [drawn[1][name] for name in (*drawn[0], *LAST)])


@some.composite
def almost(draw: some.DrawFn) -> dict[str, Any]:
    """A field is missing, is one too many, or holds anything."""
    name = draw(some.sampled_from([*SHAPES, "hello"]))
    whole = {"type": name, "ref": "a"} if name == "hello" else {"ref": "a", **draw(frame_of(name))}
    broken = draw(some.sampled_from([*whole, "role", "__proto__"]))
    if broken in whole and draw(some.booleans()):
        return {field: value for field, value in whole.items() if field != broken}
    return {**whole, broken: draw(any_json)}


@pytest.fixture
async def elsewhere(house: House) -> tuple[Visitor, Visitor]:
    """Another room, in which people talk."""
    evening = await house.evening()
    ana = await evening.facilitates("Ana")
    await ana.starts()
    return ana, await evening.visits("Ben")


@together
@given(facilitators=one_of_each, members=one_of_each)
async def test_every_command_with_values_of_its_types_by_everybody(
    house, elsewhere, caplog, facilitators, members
):
    evening = await house.evening()
    jo = await evening.facilitates("Jo")
    await jo.starts()
    gus, mal = await evening.visits("Gus"), await evening.visits("Mal")
    there_are = {
        "{gus}": gus.seat,
        "{mal}": mal.seat,
        "{jo}": jo.seat,
        "{said}": await gus.says("hello"),
        "{hers}": await jo.says("welcome"),
    }
    told = 0
    for begin in range(0, len(members), A_TAB):
        tab = Visitor(mal.browser, mal.live_path, "Mal")
        await tab.opens()
        await tab.greets()
        try:
            await tab.is_welcome()
        except ConnectionClosed:
            break
        told += await answered(tab, [meant(frame, there_are) for frame in members[begin : begin + A_TAB]])
        await tab.closes_the_tab()
    assert told >= len(members) - len(LAST), "nothing that a member asks for ends it, but leaving"
    told = await answered(jo, [meant(frame, there_are) for frame in facilitators])
    assert told >= len(facilitators) // 2, "nor what a facilitator asks for, but ending it"
    ana, ben = elsewhere
    await others_notice_nothing(ana, ben, log=caplog)


@together
@given(frames=some.lists(almost(), min_size=20, max_size=20))
async def test_frames_that_almost_fit(house, elsewhere, caplog, frames):
    evening = await house.evening()
    jo = await evening.facilitates("Jo")
    await jo.starts()
    mal = await evening.visits("Mal")
    a_tab = wire.MOST_FAULTS - 1
    for begin in range(0, len(frames), a_tab):
        tab = Visitor(mal.browser, mal.live_path, "Mal")
        await tab.opens()
        await tab.greets()
        await tab.is_welcome()
        for frame in frames[begin : begin + a_tab]:
            before = len(tab.frames)
            try:
                await tab.sends(json.dumps(meant(frame, {"{mal}": mal.seat, "{jo}": jo.seat})))
                # Whatever became of it: when the next one is answered, it has been.
                await tab.catches_up()
            except ConnectionClosed:
                assert tab.closed == 4000, frame  # it fitted, and they left
                mal = await evening.visits("Mal")
                break
            told = [each for each in tab.frames[before:] if each["type"] in {"ack", "refused"}]
            assert 1 <= len(told) <= 2, frame
            for each in told:
                an_answer_of_ours(each, frame)
        await tab.closes_the_tab()
    ana, ben = elsewhere
    await others_notice_nothing(ana, ben, log=caplog)


@examples(150)
@given(some.binary(max_size=400) | any_json.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_command_a_greeting_or_a_fault(payload):
    found = wire.parse(payload)
    if isinstance(found, wire.Fault):
        assert found.why in REFUSALS
    else:
        assert isinstance(found, wire.Hello | tuple)


@examples(150)
@given(some.sampled_from(sorted(SHAPES)).flatmap(frame_of))
def test_what_has_the_values_of_its_types_is_a_command(frame):
    found = wire.parse(msgspec.json.encode({**frame, "ref": "a"}))
    assert isinstance(found, tuple)
    ref, command = found
    assert ref == "a"
    assert isinstance(command, Command)
    assert command.type == frame["type"]
