"""What a page of somebody's own making may send: each frame gets its documented answer, and nobody else notices."""

import json
from collections.abc import Awaitable, Callable

import pytest
from websockets.exceptions import ConnectionClosed

from rooms.live import COMMANDS
from rooms.live.words import Role
from server.pace import CLEANS_UP, PACES, Pace
from server.wire import MOST_FAULTS
from tests.server.house import Evening, House
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]


def say(text: str = '"x"', ref: str = '"a"', more: str = "") -> str:
    return f'{{"type":"say","ref":{ref},"text":{text}{more}}}'


def quiet(minutes: str) -> str:
    return f'{{"type":"quiet","ref":"a","seat":"s","reason":"unkind","minutes":{minutes}}}'


UNREADABLE = {
    "not JSON": "hello?",
    "nothing": "",
    "white space": " \n",
    "a list": "[]",
    "a string": '"say"',
    "null": "null",
    "a number of 5,000 digits": "9" * 5000,
    "16,000 brackets": "[" * 16_000,
    "16,000 objects": '{"a":' * 3_200,
    "two frames in one": say() * 2,
    "a tail": say() + "x",
    "half a frame": say()[:-1],
    "NaN": quiet("NaN"),
    "Infinity": quiet("-Infinity"),
    "a bare NUL": say('"a\0b"'),
    "single quotes": say().replace('"', "'"),
    "half a pair, escaped": say(r'"\ud800"'),
    "the other half, escaped": say(r'"\udc00"'),
    "a byte order mark": "\ufeff" + say(),
    "a type that is a number": '{"type":5,"ref":"a"}',
    "a type that is a list": '{"type":["say"],"ref":"a"}',
}
UNKNOWN = {
    "no type": "{}",
    "an empty type": '{"type":""}',
    "another type": '{"type":"dance","ref":"a"}',
    "only a prototype": '{"__proto__":{"type":"say"}}',
    "arriving": '{"type":"arrive","ref":"a","name":"Ana"}',
    "the clock": '{"type":"tick","ref":"a"}',
    "losing somebody": '{"type":"lose","ref":"a","seat":"s","since":0}',
    "a frame of the server": '{"type":"said","ref":"a","seq":1,"text":"x"}',
}
INVALID = {
    "no ref": '{"type":"say","text":"x"}',
    "no text": '{"type":"say","ref":"a"}',
    "a text that is a number": say("1"),
    "a text of 5,000 digits": say("9" * 5000),
    "a text that is null": say("null"),
    "a text that is nested": say("[" * 200 + "]" * 200),
    "a field too many": say(more=',"seat":"s"'),
    "a name to speak under": say(more=',"name":"Ana"'),
    "a prototype": say(more=',"__proto__":{"role":"facilitator"}'),
    "a constructor": say(more=',"constructor":{"prototype":{}}'),
    "an empty ref": say(ref='""'),
    "a ref of 41": say(ref=f'"{"r" * 41}"'),
    "a ref with a quote": say(ref=r'"a\"b"'),
    "a ref with a line break": say(ref=r'"a\n"'),
    "a ref in other letters": say(ref='"ä"'),
    "a ref that is a number": say(ref="1"),
    "a ref of 5,000 digits": say(ref="9" * 5000),
    "minutes of 5,000 digits": quiet("9" * 5000),
    "minutes beyond all numbers": quiet("1e999"),
    "half a minute": quiet("2.5"),
    "minutes that are true": quiet("true"),
    "minutes in words": quiet('"2"'),
    "a seat that is far too long": json.dumps({"type": "unquiet", "ref": "a", "seat": "s" * 81}),
    "a message that is far too long": json.dumps({"type": "take_back", "ref": "a", "message": "m" * 81}),
    "a greeting from 5,000 digits": f'{{"type":"hello","at":{{"epoch":"x","seq":{"9" * 5000}}}}}',
    "a second hello": '{"type":"hello","at":null}',
    "a hello with more": '{"type":"hello","at":null,"role":"facilitator"}',
}
BREACHES: dict[str, tuple[str | bytes, bool | None, int]] = {
    "a byte too many": (say(json.dumps("x" * (16 * 1024 + 1 - len(say('""'))))), None, 1009),
    "100,000 brackets": ("[" * 100_000, None, 1009),
    "a million": ("9" * 1_000_000, None, 1009),
    "binary": (say().encode(), False, 1003),
    "half a pair, as bytes": (b'{"type":"say","ref":"a","text":"\xed\xa0\x80"}', True, 1007),
    "no UTF-8": (b'{"type":"say","ref":"a","text":"\xff"}', True, 1007),
    "a letter the long way": (b'{"type":"say","ref":"a","text":"\xc1\x81"}', True, 1007),
}


async def at_a_live_room(evening: Evening) -> tuple[Visitor, Visitor, Visitor]:
    ana = await evening.facilitates("Ana")
    await ana.starts()
    return ana, await evening.visits("Ben"), await evening.visits("Mal")


async def nobody_else_noticed(ana: Visitor, ben: Visitor, before: dict[Visitor, int]) -> None:
    await ben.says("is anything wrong?")
    for each in (ana, ben):
        await each.hears("is anything wrong?", frm="Ben")
        assert each.noticed(before[each]) == ["said"]


@pytest.mark.parametrize(
    ("why", "frames"), [("unreadable", UNREADABLE), ("unknown", UNKNOWN), ("invalid", INVALID)]
)
async def test_a_frame_that_is_no_command_is_answered_with_a_typed_error(
    evening: Evening, why: str, frames: dict[str, str]
):
    ana, ben, mal = await at_a_live_room(evening)
    before = {each: await each.catches_up() for each in (ana, ben)}
    for number, (what, frame) in enumerate(frames.items()):
        if number % (MOST_FAULTS - 1) == 0:
            mal = await mal.opens_another_tab()
        await mal.sends(frame)
        ref = "a" if why != "unreadable" and '"ref":"a"' in frame.replace(" ", "") else None
        refused = await mal.answer_to(ref)
        assert (what, refused["why"]) == (what, why)
        assert refused["say"]
        assert "x" * 3 not in refused["say"]
    await nobody_else_noticed(ana, ben, before)


async def test_who_breaks_the_framing_is_closed_with_the_documented_code(evening: Evening):
    ana, ben, mal = await at_a_live_room(evening)
    before = {each: await each.catches_up() for each in (ana, ben)}
    for what, (frame, as_text, code) in BREACHES.items():
        tab = await mal.opens_another_tab()
        await tab.sends(frame, as_text=as_text)
        await tab.is_closed(code, what)
    await nobody_else_noticed(ana, ben, before)


async def test_the_fifth_fault_ends_it(evening: Evening):
    ana, ben, mal = await at_a_live_room(evening)
    before = {each: await each.catches_up() for each in (ana, ben)}
    for frame in ("1", "2", '{"type":"dance"}', say("1"), "5", say()):
        await mal.sends(frame)
    for why in ("unreadable", "unreadable", "unknown"):
        await mal.is_refused(why)
    await mal.is_refused("invalid", ref="a")
    await mal.is_refused("unreadable")
    await mal.is_closed(1008)
    assert all(frame["type"] != "said" for frame in mal.frames), "what came after the fifth is not carried"
    await nobody_else_noticed(ana, ben, before)


async def test_frames_that_look_odd_and_are_lawful(evening: Evening):
    _, ben, mal = await at_a_live_room(evening)
    full = 16 * 1024 - len(say('"full"'))
    for frame, heard in (
        (say('"x"', more=',"text":"the last of two"'), "the last of two"),
        (' {"text":"in another order","ref":"a1","type":"say"} ', "in another order"),
        (say(r'"a\u0000b\u202ec"', ref='"a2"'), "abc"),
        (say(r'"\ud83c\udf75"', ref='"a3"'), "\N{TEACUP WITHOUT HANDLE}"),
        (say('"__proto__"', ref='"__proto__"'), "__proto__"),
        (say(r'"<script>alert(1)</script>"', ref='"a4"'), "<script>alert(1)</script>"),
        (say('"full"', ref='"b"') + " " * full, "full"),
    ):
        await mal.sends(frame)
        await ben.hears(heard, frm="Mal")


async def test_what_is_too_long_to_say_is_no_fault(evening: Evening):
    _, _, mal = await at_a_live_room(evening)
    for _ in range(MOST_FAULTS + 1):
        await mal.says("x" * 1001)
        await mal.is_refused("too_long")
    for nothing in ("", "  \n ", "\0\u202e"):
        await mal.says(nothing)
        await mal.is_refused("empty")
    await mal.says("x" * 1000)
    await mal.hears("x" * 1000, frm="Mal")


async def test_a_question_as_long_as_the_room_allows_is_asked(evening: Evening):
    ana, ben = await evening.facilitates("Ana"), await evening.visits("Ben")
    await ana.starts()
    await ana.asks("ask_temperature", question="x" * 141, answers=["yes", "no"])
    await ana.is_refused("too_long")
    await ana.asks("ask_temperature", question="x" * 140, answers=["y" * 40, "n" * 40])
    assert len((await ben.sees("temperature_asked"))["question"]) == 140


async def test_a_command_before_the_greeting_is_a_fault_and_not_the_end(evening: Evening):
    ana, ben, mal = await at_a_live_room(evening)
    early = Visitor(mal.browser, mal.live_path, "Mal")
    await early.opens()
    await early.sends(say())
    await early.is_refused("invalid", ref="a")
    await early.greets()
    await early.is_welcome()
    await early.says("hello")
    for each in (ana, ben):
        await each.hears("hello", frm="Mal")


async def test_a_greeting_that_does_not_fit_is_a_fault(evening: Evening):
    _, _, mal = await at_a_live_room(evening)
    for instead in (
        {"at": 5},
        {"at": {"epoch": "x"}},
        {"at": {"epoch": 1, "seq": 1}},
        {"name": None},
        {"name": "x" * 201},
        {"listening": "yes"},
        {"role": "facilitator"},
        {"seat": "another"},
    ):
        tab = Visitor(mal.browser, mal.live_path, "Mal")
        await tab.opens()
        await tab.greets(**instead)
        await tab.is_refused("invalid")
        await tab.greets()
        await tab.is_welcome()
        assert tab.you == mal.you


async def test_who_does_not_greet_is_closed(another_house: OpensHouses):
    house = await another_house(hello_seconds=0.05)
    evening = await house.evening()
    ana = await evening.facilitates("Ana")
    silent = Visitor(ana.browser, ana.live_path, "Ana")
    await silent.opens()
    await silent.is_closed(1008)
    await ana.says("I greeted, and am still here")
    await ana.is_refused("not_now")


async def test_members_cannot_do_what_facilitators_do(evening: Evening):
    ana, ben, mal = await at_a_live_room(evening)
    before = {each: await each.catches_up() for each in (ana, ben)}
    message = (
        await ben.says("mine"),
        await ana.hears("mine", frm="Ben"),
        await ben.hears("mine", frm="Ben"),
    )[0]
    before = {each: await each.catches_up() for each in (ana, ben)}
    for command, fields in (
        ("start", {}),
        ("pause", {"reason": "a_minute"}),
        ("resume", {}),
        ("begin_closing", {}),
        ("extend", {}),
        ("end", {}),
        ("admit", {"seat": None}),
        ("decline", {"seat": ben.seat, "words": "full"}),
        ("remove", {"seat": ben.seat, "reason": "unkind"}),
        ("quiet", {"seat": ben.seat, "minutes": 2, "reason": "unkind"}),
        ("unquiet", {"seat": mal.seat}),
        ("take_down", {"message": message, "category": "unkind"}),
    ):
        await mal.asks(command, **fields)
        await mal.is_refused("not_allowed")
    await mal.asks("take_back", message=message)
    await mal.is_refused("not_yours")
    await nobody_else_noticed(ana, ben, before)


async def test_a_facilitator_cannot_turn_on_another_or_on_nobody(evening: Evening):
    ana, ben, _ = await at_a_live_room(evening)
    eve = await evening.facilitates("Eve")
    for command, fields, why in (
        ("quiet", {"seat": ana.seat, "minutes": 2, "reason": "unkind"}, "not_allowed"),
        ("remove", {"seat": ana.seat, "reason": "unkind"}, "not_allowed"),
        ("quiet", {"seat": ben.seat, "minutes": 3, "reason": "unkind"}, "invalid"),
        ("quiet", {"seat": ben.seat, "minutes": 2, "reason": "he said my name"}, "invalid"),
        ("quiet", {"seat": "nobody", "minutes": 2, "reason": "unkind"}, "not_here"),
        ("remove", {"seat": "", "reason": "unkind"}, "not_here"),
        ("admit", {"seat": ben.seat}, "already"),
        ("take_down", {"message": "nobody said this", "category": "other"}, "no_such_message"),
        ("start", {}, "already"),
    ):
        await eve.asks(command, **fields)
        await eve.is_refused(why)


async def test_what_a_facilitator_asks_for_is_never_refused_for_its_pace_but_heard_later(evening: Evening):
    ana, ben, _ = await at_a_live_room(evening)
    # Far more than the bucket of a facilitator holds, and as fast as a program can.
    for number in range(60):
        await ana.sends(
            {"type": "quiet", "ref": f"q{number}", "seat": ben.seat, "minutes": 2, "reason": "unkind"}
        )
        await ana.sends({"type": "unquiet", "ref": f"u{number}", "seat": ben.seat})
    answers = [await ana.answer_to(f"{kind}{number}") for number in range(60) for kind in "qu"]
    assert {answer["type"] for answer in answers} == {"ack"}
    await ben.says("and I can write")
    await ana.hears("and I can write", frm="Ben")


def test_a_facilitators_page_that_was_taken_over_floods_nobody_either():
    pace, now, heard = Pace(PACES[Role.FACILITATOR]), 1000.0, 0
    until = now + 9.99
    while now < until:
        heard += 1
        if not pace.takes(now):
            now += pace.owes(now)
    assert heard == 80 + 20 * 10


async def test_what_cleans_up_is_not_refused_after_a_flood_of_ones_own(evening: Evening):
    _, ben, mal = await at_a_live_room(evening)
    said = await mal.says("what should not have been said")
    for number in range(30):
        await mal.sends({"type": "say", "ref": f"f{number}", "text": f"{number}"})
    await mal.sends({"type": "take_back", "ref": "back", "message": said})
    assert (await mal.answer_to("back"))["type"] == "ack"
    for number in range(30):
        await mal.answer_to(f"f{number}")
    assert (await ben.sees("taken_back"))["message"] == said
    assert set(COMMANDS) >= CLEANS_UP


async def test_a_flood_is_slowed_down_and_then_closed_while_the_others_are_served(evening: Evening):
    ana, ben, mal = await at_a_live_room(evening)
    try:
        for number in range(200):
            await mal.sends({"type": "say", "ref": f"f{number}", "text": f"{number}"})
    except ConnectionClosed:
        pass  # it may be closed before it has said all
    await ben.says("can anybody hear me?")
    await mal.is_closed(4029)
    refused = [frame for frame in mal.frames if frame["type"] == "refused"]
    assert {frame["why"] for frame in refused} == {"too_fast"}
    await ana.catches_up()
    names = [frame["name"] for frame in ana.frames if frame["type"] == "said"]
    assert "Ben" in names
    assert 20 <= names.count("Mal") <= 40, "what came in the first moments was carried, and no more"
    await mal.comes_back()
