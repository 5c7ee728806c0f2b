"""Who may do what: the organisers' table of rights, cell by cell, and every command under the row it belongs to."""

import dataclasses
from typing import get_type_hints

import pytest

from rooms.live import COMMANDS, Actor, Command, LiveRoom, Refusal, decide
from rooms.live.permissions import RIGHTS, WHY_NOT, Standing
from rooms.live.words import Role
from tests.people import an_evening

STANDINGS = [
    "waiting",
    "listening",
    "member",
    "quieted",
    "facilitator",
    "lead",
    "organiser",
    "on_call",
    "operator",
]

# product: roles and permissions. A `y` is a yes, a `.` a no.
TABLE = """
                            waiting listening member quieted facilitator lead organiser on_call operator
read                        .       y         y      y       y           y    .         .       .
leave                       y       y         y      y       y           y    .         .       .
private_line                y       y         y      y       y           y    .         .       .
listen                      y       y         y      y       y           y    .         .       .
post                        .       .         y      .       y           y    .         .       .
hand                        .       y         y      .       y           y    .         .       .
turn                        .       .         y      .       y           y    .         .       .
react                       .       y         y      y       y           y    .         .       .
corner                      .       y         y      y       y           y    .         .       .
flag                        .       y         y      y       y           y    .         .       .
own_seat                    .       y         y      y       y           y    .         .       .
take_back                   .       y         y      y       y           y    .         .       .
ask_for_pause               .       y         y      .       .           .    .         .       .
propose                     .       y         y      .       y           y    .         .       .
object                      .       y         y      y       y           y    .         .       .
guide                       .       .         .      .       y           y    .         .       .
moderate                    .       .         .      .       y           y    .         .       .
grave                       .       .         .      .       y           y    .         .       .
care                        .       .         .      .       y           y    .         .       .
prepare                     .       .         .      .       y           y    .         .       .
take_lead                   .       .         .      .       y           y    .         .       .
lead                        .       .         .      .       .           y    .         .       .
publish                     .       .         .      .       .           y    .         .       .
assign_lead                 .       .         .      .       .           y    y         .       .
suspend                     .       .         .      .       y           y    y         .       .
change_agreement            .       .         .      .       .           .    y         .       .
arrange                     .       .         .      .       .           .    y         .       .
see_counts                  .       .         .      .       y           y    y         .       .
read_complaints             .       .         .      .       .           .    y         y       .
see_addresses_or_past_words .       .         .      .       .           .    .         .       .
clock                       .       .         .      .       .           .    .         .       .
"""

ROWS = {
    row.split()[0]: dict(zip(STANDINGS, row.split()[1:], strict=True))
    for row in TABLE.splitlines()[2:]
    if row
}

COMMANDS_BY_ROW = {
    "leave": "leave take_offer keep_to_agreement offer_move arrive",
    "private_line": "write_line decline_line",
    "listen": "listen",
    "post": "say",
    "hand": "raise_hand",
    "turn": "done pass_turn come_back_later more_time",
    "react": "react add_note",
    "corner": "go_to_corner leave_corner",
    "flag": "flag flag_about_facilitation make_slip",
    "own_seat": "rename set_tag set_extra_time show_timer lower_hand carry_on come_on_duty",
    "take_back": "take_back",
    "ask_for_pause": "ask_for_pause",
    "propose": "propose_line",
    "object": "object drop_line answer_temperature",
    "guide": "start pause resume begin_closing extend end admit decline set_door set_capacity back_to_lobby slow_mode "
    "freeze_names shield set_mode call call_next skip_hand move_hand clear_hands prompt begin_round shorten_round "
    "pause_round go_on_round end_round post_lobby_note ask_temperature answer_pause_asking open_twin answer_twin",
    "moderate": "quiet unquiet take_down restore look_first pass_on give_back",
    "grave": "remove clear_screens end_for_safety co_sign",
    "care": "claim_line release_line write_backchannel call_on_call keep_copy step_back",
    "prepare": "check_in take_worries",
    "take_lead": "take_lead",
    "lead": "hand_over readmit",
    "publish": "check_line",
    "assign_lead": "assign_lead",
    "suspend": "suspend",
    "change_agreement": "change_agreement",
    "arrange": "call_off discharge",
    "clock": "tick lose use_move begin_twin cross hear_of_twin follow_first",
}
ROW_OF = {command: row for row, commands in COMMANDS_BY_ROW.items() for command in commands.split()}
SEATED = STANDINGS[:6]


@pytest.mark.parametrize("right", sorted(RIGHTS))
@pytest.mark.parametrize("standing", STANDINGS)
def test_who_may_and_who_may_not(right, standing):
    assert (Standing(standing) in RIGHTS[right]) == (ROWS[right][standing] == "y")


def test_the_table_is_the_whole_of_it():
    assert set(RIGHTS) == set(ROWS)
    assert set(Standing) - {Standing.CLOCK} == set(STANDINGS)


def test_every_command_stands_in_a_row():
    assert set(COMMANDS) == set(ROW_OF), "a new command belongs in a row of this table: COMMANDS_BY_ROW"


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_has_the_rights_of_its_row_and_no_other(command):
    assert COMMANDS[command].by == RIGHTS[ROW_OF[command]]


@pytest.mark.parametrize("standing", SEATED)
@pytest.mark.parametrize("command", sorted(name for name, made in COMMANDS.items() if made.seated))
def test_who_may_not_is_refused_and_nothing_changes(command, standing):
    room, actors, at = everybody_live()
    actor = actors[standing]
    before = room.controls
    decision = decide(room, a_crafted(COMMANDS[command]), actor, at)
    refused_for_who_they_are = isinstance(decision, Refusal) and decision.why in {
        "not_allowed",
        "only_the_lead",
        *WHY_NOT.values(),
    }
    if Standing(standing) not in COMMANDS[command].by and state_allows(room, command):
        assert refused_for_who_they_are
    assert room.controls is before


def state_allows(room: LiveRoom, command: str) -> bool:
    return room.state in COMMANDS[command].during


def everybody_live() -> tuple[LiveRoom, dict[str, Actor], float]:
    """A live room with somebody of every standing that has a seat."""
    evening = an_evening(seats=8)
    ana, ben, quieted, listening = evening.under_way("Ana", "Ben", "Chi", "Dov")
    jo = evening.facilitator("Jo")
    jo.arrives()
    ana.quiets(quieted)
    listening.leaves()
    listening.arrives(listening=True)
    evening.room = evening.room.with_controls(door="knock")
    waiting = evening.member("Eli")
    waiting.arrives()
    people = {
        "lead": ana,
        "facilitator": jo,
        "member": ben,
        "quieted": quieted,
        "listening": listening,
        "waiting": waiting,
    }
    for standing, person in people.items():
        assert evening.room.standing(person.seat, evening.now) == standing
    roles = {"lead": Role.FACILITATOR, "facilitator": Role.FACILITATOR}
    actors = {name: Actor(person.id, roles.get(name, Role.MEMBER), name) for name, person in people.items()}
    return evening.room, actors, evening.now


def a_crafted(command: type[Command]) -> Command:
    """What somebody who writes frames by hand might send: the right shape, with nothing sensible in it."""
    plain = {str: "x", int: 2, float: 1.0, bool: True}
    values = {}
    for each in dataclasses.fields(command):  # type: ignore[arg-type]  # every command is a dataclass
        hint = get_type_hints(command)[each.name]
        values[each.name] = plain.get(hint, () if "tuple" in str(hint) else None)
    return command(**values)
