"""Events and controls as bytes, and the frames made of them."""

import json
from dataclasses import fields, replace

import pytest

from rooms import codec
from rooms.live import EVENTS, Controls, State
from rooms.live.door import Arrived, SomeoneRemoved
from rooms.live.lifecycle import Started
from rooms.live.names import FRIENDLY
from rooms.live.state import Seat
from rooms.live.talk import Said
from rooms.live.words import Place, Role
from tests.people import START, an_evening

SAID = Said(id="sben.1a", seat="sben", name="Ben", text='a "word" \n and ü')


def test_an_event_comes_back_as_it_went():
    entry = codec.encode_event(SAID, START + 0.000001)
    assert codec.decode_event(entry) == (SAID, START + 0.000001, codec.encode(SAID))


def test_so_do_seats_and_controls():
    seat = Seat("sben", "Ben", Role.MEMBER, Place.INSIDE, START, quiet_until=START, quiet_reason="unkind")
    event, _, _ = codec.decode_event(codec.encode_event(Arrived((seat,)), START))
    assert event == Arrived((seat,))
    evening = an_evening()
    ana, ben = evening.under_way("Ana", "Ben")
    ana.quiets(ben)
    ana.takes_down("sben.1a")
    controls = evening.room.controls
    assert codec.decode_controls(codec.encode_controls(controls)) == controls
    assert isinstance(codec.decode_controls(codec.encode_controls(controls)), Controls)


def test_controls_that_are_encoded_again_and_again_are_as_if_it_were_the_first_time():
    """Seats that stayed the same are not encoded anew; those that changed, came, went or came back are."""
    encoder = codec.ControlsEncoder()
    evening = an_evening(seats=2 * codec._FEW_SEATS)
    many = [f"{first} {second}" for first in FRIENDLY for second in FRIENDLY][: 1 + codec._FEW_SEATS]
    ana, ben, *_ = evening.under_way("Ana", "Ben", *many)
    steps = [
        lambda: None,
        lambda: ana.quiets(ben),
        lambda: ana.unquiets(ben),
        lambda: evening.member("Chi").arrives(),
        ben.leaves,
        lambda: evening.passes(minutes=60),
    ]
    for step in steps:
        step()
        controls = evening.room.controls
        assert encoder.encode(controls) == codec.encode_controls(controls)
        assert codec.decode_controls(encoder.encode(controls)) == controls


@pytest.mark.parametrize(
    "foreign", [b"", b"[]", b"{}", b'{"seats": 3}', b'{"seats": {}, "state": "with Ben"}', b"\xff with Ben"]
)
def test_controls_that_this_version_cannot_read_say_nothing_of_what_stands_in_them(foreign: bytes):
    with pytest.raises(ValueError, match=r"^controls that this version cannot read$") as told:
        codec.decode_controls(foreign)
    assert told.value.__context__ is None


def test_where_a_room_stands_is_read_without_the_rest_of_it():
    evening = an_evening()
    assert (
        codec.state_of(codec.encode_controls(replace(evening.room.controls, state=State.SCHEDULED)))
        is State.SCHEDULED
    )
    evening.under_way("Ana", "Ben")
    assert codec.state_of(codec.encode_controls(evening.room.controls)) is State.LIVE
    assert codec.state_of(b'{"state": "dancing"}') is codec.state_of(b"[]") is None


def test_a_frame_is_the_entry_with_its_number_in_front():
    _, at, body = codec.decode_event(codec.encode_event(SAID, START))
    assert json.loads(codec.numbered_frame("said", 7, at, body)) == {
        "type": "said",
        "seq": 7,
        "at": START,
        "id": "sben.1a",
        "seat": "sben",
        "name": "Ben",
        "text": 'a "word" \n and ü',
        "note": "",
        "tag": "",
    }
    assert json.loads(codec.unnumbered_frame("started", START, codec.encode(Started("Ana")))) == {
        "type": "started",
        "id": f"{int(START * 1_000_000):x}",
        "at": START,
        "by": "Ana",
    }


def test_an_event_without_fields_is_a_frame_too():
    body = codec.encode(SomeoneRemoved())
    assert json.loads(codec.numbered_frame("someone_removed", 7, START, body)) == {
        "type": "someone_removed",
        "seq": 7,
        "at": START,
    }
    assert json.loads(codec.unnumbered_frame("someone_removed", START, body))["at"] == START


@pytest.mark.parametrize("name", EVENTS)
def test_no_field_of_an_event_hides_a_part_of_its_frame(name):
    own = {field.name for field in fields(EVENTS[name])}  # type: ignore[arg-type]  # every event is a dataclass
    assert not own & {"type", "seq", "at", "ref"}
    # What has an id of its own is known by it where it has no number.
    assert (b'"id":' not in codec.unnumbered_frame(name, START, b"{}")) == ("id" in own)


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        b"secret",
        b"secret secret",
        b"secret 1.0 {}",
        b"\xffsecret 1.0 {}",
        b'said secret {"id":"","seat":"","name":"","text":""}',
        b'said 1.0 {"text":"secret"}',
        b"said 1.0 secret",
        b'said 1.0 {"id":"secret","seat":1,"name":"","text":""}',
    ],
)
def test_what_cannot_be_read_is_not_repeated_in_the_error(entry):
    with pytest.raises(ValueError, match="cannot read") as error:
        codec.decode_event(entry)
    assert error.value.__context__ is None
    assert error.value.__cause__ is None
    assert "secret" not in str(error.value)
