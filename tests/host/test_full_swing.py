"""How large the state of a room is when everything in it goes on at once: each change of it travels whole."""

import json
from hashlib import sha256

from rooms import codec
from rooms.live import MOST_TOLD, THE_CLOCK
from rooms.live.agreement import ChangeAgreement
from rooms.live.asking import AskForPause
from rooms.live.care import CallOnCall
from rooms.live.conducting import BeginRound
from rooms.live.corner import GoToCorner, SetTag
from rooms.live.door import Remove
from rooms.live.grave import ClearScreens, CoSign
from rooms.live.green_room import TakeWorries
from rooms.live.hands import RaiseHand
from rooms.live.leading import HandOver
from rooms.live.lines import ClaimLine
from rooms.live.lobby import SetCapacity, SetDoor
from rooms.live.looking import LookFirst
from rooms.live.moves import OfferMove
from rooms.live.protection import FreezeNames, Shield, SlowMode
from rooms.live.seat import Listen, Rename
from rooms.live.temperature import AnswerTemperature, AskTemperature
from rooms.live.turns import ComeBackLater, PassTurn, SetExtraTime, ShowTimer
from tests.live.cast_care import posts_in_lobby, writes
from tests.people import Evening, Person, an_evening

MOST_BYTES = 8 * 1024

FACILITATORS = ["Anastasia", "Jonathan"]
MEMBERS = ["Ben", "Christabel", "Наталья", "Dorothea W", "Eli", "Llŷr ap Rhys", "Night owl", "Quiet river"]


def a_room_in_full_swing() -> Evening:
    """Eight members, two facilitators, one who was removed, and whatever can go on at once in one room."""
    evening = an_evening(seats=8, late_minutes=60, admits_work=True, counts=True)
    ana, jo = (evening.facilitator(name) for name in FACILITATORS)
    members = [evening.member(name) for name in MEMBERS]
    mallory = evening.member("Mallory")
    for number, person in enumerate([ana, jo, *members, mallory]):
        # Twelve letters, as the door makes them.
        person.id = f"{number:02d}aZ9_-qWxYk"
    # A clock that shows microseconds, as clocks do.
    evening.passes(0.123457)
    ana.arrives()
    evening.passes(minutes=15)
    ana.starts()
    ana.extends()
    jo.arrives()
    for person in (mallory, *members[1:]):
        person.arrives(work="research")
    ana.asks(SetDoor("knock"))
    ana.takes_down(mallory.says("where Ben lives"))
    jo.asks(Remove(mallory.id, "private_details"))
    ana.asks(CoSign(evening.room.controls.cosigns[0].id))
    _restricted_and_protected(evening, ana, jo, members)
    _with_everything_asked(evening, ana, jo, members)
    _quiet_away_or_in_the_corner(evening, ana, members)
    return evening


def _restricted_and_protected(evening: Evening, ana: Person, jo: Person, members: list[Person]) -> None:
    ana.asks(SlowMode(10))
    ana.asks(Shield(on=True))
    members[0].arrives(work="research")
    ana.admits(members[0])
    for number, person in enumerate(members):
        evening.now += 0.123457
        person.asks(SetTag("just_listen"))
        person.asks(SetExtraTime(2 + number % 2))
        person.asks(ShowTimer(on=True))
        writes(person)
    for person in members[1:3]:
        ana.takes_down(person.says("and another thing"), "method_detail")
    ana.asks(FreezeNames(on=False))
    for person in members:
        person.asks(Rename(f"{person.name} again"))
        ana.asks(LookFirst(person.id, 10))
    ana.asks(LookFirst(None))
    ana.asks(SetCapacity(9))
    # The list of what happened, full.
    for number in range(21):
        posts_in_lobby(jo, str(number))
        ana.asks(FreezeNames(on=number % 2 == 0))


def _with_everything_asked(evening: Evening, ana: Person, jo: Person, members: list[Person]) -> None:
    for person in members[4:]:
        person.asks(RaiseHand("help"))
    jo.asks(BeginRound("what_helped", 300, "listed"))
    for person in members[:3]:
        person.asks(PassTurn())
    evening.passes(30)
    ana.asks(ComeBackLater())
    evening.passes(20)
    ana.asks(AskTemperature("How are we doing?", ("well", "so-so", "not well")))
    for person in members:
        person.asks(AnswerTemperature(1))
    for person in members[:3]:
        person.asks(AskForPause())
        jo.asks(ClaimLine(person.id))
    evening.ask(ChangeAgreement(2), THE_CLOCK)
    ana.asks(CallOnCall())
    jo.asks(TakeWorries())
    ana.asks(HandOver(jo.id))
    ana.asks(ClearScreens())
    members[3].asks(OfferMove(sha256(b"a code").hexdigest()))


def _quiet_away_or_in_the_corner(evening: Evening, ana: Person, members: list[Person]) -> None:
    for person in members[:6]:
        ana.quiets(person, 10, "not_for_this_room")
    members[6].asks(Listen(on=True))
    members[7].asks(GoToCorner(shown=True, leave_be=True))
    for person in members[:3]:
        evening.now += 0.123457
        person.drops()


# What only begins when most of this has stopped, or is one letter long whatever happens.
OTHER_TIMES = {
    *("reason", "alone_since", "unattended", "ending", "mode_until", "called", "called_at"),
    *(
        "offers",
        "lines_until",
        "debrief_until",
        "suspended",
        "pair_since",
        "carry_on",
        "frozen_before",
        "discharged",
        "turnout",
        # A room with a second one beside it has a line, and is one of more than eight.
        "twin",
    ),
}


def test_the_state_of_a_room_of_eight_in_full_swing_is_at_most_eight_kilobytes():
    controls = a_room_in_full_swing().room.controls
    plain = json.loads(codec.encode(controls))
    at_rest = {key for key, value in plain.items() if value in (None, [], {}, "", 0, False)}
    assert at_rest <= OTHER_TIMES, "say in the evening above what makes these larger"
    assert len(controls.happened) == MOST_TOLD
    assert all(seat["to_agree"] for seat in plain["seats"].values() if seat["place"] == "inside")
    assert len(codec.encode_controls(controls)) <= MOST_BYTES


def test_what_is_left_out_of_it_comes_back():
    controls = a_room_in_full_swing().room.controls
    assert codec.decode_controls(codec.encode_controls(controls)) == controls
