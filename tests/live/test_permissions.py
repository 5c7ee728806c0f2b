"""Who may ask for what, and when: the course of an evening, everybody, every state, cell by cell."""

from functools import cache

import pytest

from rooms.live import COMMANDS, THE_CLOCK, Actor, Command, LiveRoom, Refusal, State, Tick, decide
from rooms.live.door import Admit, Arrive, Decline, Leave, Lose, Remove
from rooms.live.lifecycle import BeginClosing, End, Extend, Pause, Resume, Start
from rooms.live.moderation import Quiet, TakeDown, Unquiet
from rooms.live.talk import Say, TakeBack, message_id
from rooms.live.words import Place, Role
from tests.people import MINUTE, START, an_evening

STATES = ["scheduled", "doors", "live", "paused", "held", "closing", "ended", "not_held", "cancelled"]

# Before the doors only a facilitator can be there, so everybody else has no seat yet: `here?`. What has no row is
# never allowed.
TABLE = """
                                scheduled doors   live      paused  held   closing   ended   not_held cancelled
arrive     stranger             -         yes     yes       yes     yes    yes       over    over     over
arrive     strange_facilitator  yes       yes     yes       yes     yes    yes       over    over     over
arrive     removed              removed   removed removed   removed removed removed  over    over     over
arrive     left                 -         yes     yes       yes     yes    yes       over    over     over
arrive     member               -         yes     yes       yes     yes    yes       over    over     over
arrive     quieted              -         yes     yes       yes     yes    yes       over    over     over
arrive     listening            -         yes     yes       yes     yes    yes       over    over     over
arrive     waiting              -         yes     yes       yes     yes    yes       over    over     over
arrive     facilitator          yes       yes     yes       yes     yes    yes       over    over     over

say        facilitator          -         -       yes       paused  held   yes       over    over     over
say        member               -         -       yes       paused  held   yes       over    over     over
say        quieted              -         -       quieted   paused  held   quieted   over    over     over
say        listening            -         -       listening paused  held   listening over    over     over
say        waiting              -         -       waiting   paused  held   waiting   over    over     over
say        removed              -         -       removed   paused  held   removed   over    over     over
say        left                 -         -       here?     paused  held   here?     over    over     over
say        stranger             -         -       here?     paused  held   here?     over    over     over

take_back  facilitator          -         -       yes       yes     yes    yes       over    over     over
take_back  member               -         -       yes       yes     yes    yes       over    over     over
take_back  quieted              -         -       yes       yes     yes    yes       over    over     over
take_back  listening            -         -       yes       yes     yes    yes       over    over     over
take_back  waiting              -         -       waiting   waiting waiting waiting  over    over     over
take_back  removed              -         -       removed   removed removed removed  over    over     over
take_back  left                 -         -       here?     here?   here?  here?     over    over     over
take_back  stranger             -         -       here?     here?   here?  here?     over    over     over

leave      facilitator          yes       yes     yes       yes     yes    yes       over    over     over
leave      member               here?     yes     yes       yes     yes    yes       over    over     over
leave      quieted              here?     yes     yes       yes     yes    yes       over    over     over
leave      listening            here?     yes     yes       yes     yes    yes       over    over     over
leave      waiting              here?     yes     yes       yes     yes    yes       over    over     over
leave      removed              removed   removed removed   removed removed removed  over    over     over
leave      left                 here?     here?   here?     here?   here?  here?     over    over     over
leave      stranger             here?     here?   here?     here?   here?  here?     over    over     over

start         facilitator       -         yes     already   paused  held   -         over    over     over
pause         facilitator       -         -       yes       already held   yes       over    over     over
resume        facilitator       -         -       already   yes     yes    already   over    over     over
begin_closing facilitator       -         -       yes       yes     held   already   over    over     over
extend        facilitator       -         -       yes       yes     held   yes       over    over     over
end           facilitator       -         -       yes       yes     yes    yes       already over     over
admit         facilitator       -         yes     yes       yes     yes    yes       over    over     over
decline       facilitator       -         yes     yes       yes     yes    yes       over    over     over
remove        facilitator       -         yes     yes       yes     yes    yes       over    over     over
quiet         facilitator       -         yes     yes       yes     yes    yes       over    over     over
unquiet       facilitator       -         yes     yes       yes     yes    yes       over    over     over
take_down     facilitator       -         -       yes       yes     yes    yes       over    over     over

start         strange_facilitator -       here?   already   paused  held   -         over    over     over
pause         strange_facilitator -       -       here?     already held   here?     over    over     over
resume        strange_facilitator -       -       already   here?   here?  here?     over    over     over
begin_closing strange_facilitator -       -       here?     here?   held   already   over    over     over
extend        strange_facilitator -       -       here?     here?   held   here?     over    over     over
end           strange_facilitator -       -       here?     here?   here?  here?     already over     over
admit         strange_facilitator -       here?   here?     here?   here?  here?     over    over     over
decline       strange_facilitator -       here?   here?     here?   here?  here?     over    over     over
remove        strange_facilitator -       here?   here?     here?   here?  here?     over    over     over
quiet         strange_facilitator -       here?   here?     here?   here?  here?     over    over     over
unquiet       strange_facilitator -       here?   here?     here?   here?  here?     over    over     over
take_down     strange_facilitator -       -       here?     here?   here?  here?     over    over     over
say           strange_facilitator -       -       here?     paused  held   here?     over    over     over
take_back     strange_facilitator -       -       here?     here?   here?  here?     over    over     over
leave         strange_facilitator here?   here?   here?     here?   here?  here?     over    over     over

tick       clock                yes       yes     yes       yes     yes    yes       over    over     over
lose       clock                yes       yes     yes       yes     yes    yes       over    over     over
"""
# The course of an evening, in every state; test_rights.py has every command there is, in a live room.
COURSE = [
    "arrive",
    "say",
    "take_back",
    "leave",
    "start",
    "pause",
    "resume",
    "begin_closing",
    "extend",
    "end",
    "admit",
    "decline",
    "remove",
    "quiet",
    "unquiet",
    "take_down",
    "tick",
    "lose",
]

SHORT = {"-": "not_now", "here?": "not_here"}

PEOPLE = {
    "facilitator": Role.FACILITATOR,
    "strange_facilitator": Role.FACILITATOR,
    "member": Role.MEMBER,
    "quieted": Role.MEMBER,
    "listening": Role.MEMBER,
    "waiting": Role.MEMBER,
    "left": Role.MEMBER,
    "removed": Role.MEMBER,
    "stranger": Role.MEMBER,
    "clock": Role.CLOCK,
}
# One name each, so that a refusal is about who they are and not about what they are called.
NAMES = dict(zip(PEOPLE, ["Ana", "Jo", "Ben", "Chi", "Dov", "Eli", "Fay", "Gus", "Hal", "-"], strict=True))


def cells() -> dict[tuple[str, str], dict[str, str]]:
    rows = [line.split() for line in TABLE.splitlines()[2:] if line]
    return {(row[0], row[1]): dict(zip(STATES, row[2:], strict=True)) for row in rows}


@cache
def everybody_in(state: str) -> tuple[LiveRoom, float]:
    """A room in that state with one person of every kind in it, and what time it is there."""
    evening = an_evening(at=START - 20 * MINUTE, seats=16, knock_first=True)
    ana = evening.facilitator("facilitator")
    ana.arrives("Ana")
    removed = evening.member("removed")
    if state == "scheduled":
        return evening.room.with_controls(removed={removed.id: "unkind"}), evening.now
    evening.comes_to(START - 14 * MINUTE)
    for kind in ("member", "quieted", "listening", "left", "removed"):
        person = evening.member(kind)
        person.arrives(NAMES[kind], listening=kind == "listening")
        ana.admits(person)
    evening.member("waiting").arrives("Eli")
    evening.member("left").leaves()
    ana.removes(removed)
    if state in {"not_held", "cancelled"}:
        evening.room = evening.room.with_controls(state=State(state))
    elif state != "doors":
        evening.comes_to(START)
        ana.starts()
        {"paused": ana.pauses, "closing": ana.begins_closing}.get(state, lambda: None)()
        if state == "held":
            ana.drops()
            evening.passes(45)
            ana.arrives("Ana")
        if state == "ended":
            ana.ends()
            ana.ends()
            # Until then people can write to her, and she can stay: test_afterwards.py.
            evening.passes(minutes=30)
    if state not in {"ended", "not_held", "cancelled"}:
        ana.quiets(evening.member("quieted"), 10)
    evening.is_now(State(state))
    return evening.room, evening.now


def what(name: str, seat: str, who: str) -> Command:
    """The command as it could be carried out."""
    return {
        "arrive": Arrive(NAMES[who]),
        "say": Say("hi"),
        "take_back": TakeBack(message_id(seat, START)),
        "leave": Leave(),
        "start": Start(),
        "pause": Pause("a_minute"),
        "resume": Resume(),
        "begin_closing": BeginClosing(),
        "extend": Extend(),
        "end": End(),
        "admit": Admit("swaiting"),
        "decline": Decline("swaiting", "full"),
        "remove": Remove("smember", "unkind"),
        "quiet": Quiet("smember", 5, "unkind"),
        "unquiet": Unquiet("squieted"),
        "take_down": TakeDown(message_id("smember", START), "other"),
        "tick": Tick(),
        "lose": Lose("smember", START),
    }[name]


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", COURSE)
def test_who_may_ask_for_it_and_when(name, who):
    row = cells().get((name, who), dict.fromkeys(STATES, "not_allowed"))
    expected = {state: SHORT.get(cell, cell) for state, cell in row.items()}
    assert {state: answer(name, who, state) for state in STATES} == expected


def answer(name: str, who: str, state: str) -> str:
    room, now = everybody_in(state)
    seat = f"s{who}"
    actor = THE_CLOCK if who == "clock" else Actor(seat, PEOPLE[who], NAMES[who])
    decision = decide(room, what(name, seat, who), actor, now)
    return decision.why if isinstance(decision, Refusal) else "yes"


def test_the_table_has_a_row_for_everybody_who_may_ask():
    asked = {(name, who) for name in COURSE for who, role in PEOPLE.items() if role in COMMANDS[name].by}
    missing = asked - set(cells())
    assert not missing, f"say in TABLE when each of these may be asked for, and by whom: {sorted(missing)}"


def test_everybody_in_the_table_is_what_they_are_called():
    room, _ = everybody_in("live")
    assert room.controls.seats["swaiting"].waiting
    assert room.controls.seats["slistening"].listening
    assert room.controls.seats["squieted"].quiet_until
    assert room.controls.seats["sleft"].place is Place.GONE
    assert "sremoved" in room.controls.removed
