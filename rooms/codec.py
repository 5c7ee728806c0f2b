"""Events and controls as bytes: what travels through the engine, and the frames made from it.

An entry is ``<type> <at> <json>``. The JSON is what the browser gets too: a frame is the entry with its number spliced
in front, so that an event is encoded once however many people see it.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from operator import attrgetter
from typing import Final

import msgspec

from rooms.live import EVENTS, Controls, Event, Seat, State
from rooms.live.door import Arrived
from rooms.live.state import Round, members_among
from rooms.live.words import Place, Role, SeatId

_encode: Final = msgspec.json.Encoder().encode
# Of each value the names of its fields, all of them at once, and what the decoder makes of one that is not said; what it
# must be told is equal to nothing.
_FIELDS: Final = {
    kind: (
        names := [each.name for each in fields(kind)],
        attrgetter(*names),
        [
            each.default if each.default_factory is MISSING else each.default_factory()
            for each in fields(kind)
        ],
    )
    for kind in (Controls, Seat, Round)
}


@cache
def _decoder(event_type: str) -> msgspec.json.Decoder[Event]:
    return msgspec.json.Decoder(EVENTS[event_type])


@cache
def _name(event_type: str) -> bytes:
    return event_type.encode("ascii")


@cache
def _has_id(event_type: str) -> bool:
    return "id" in {each.name for each in fields(EVENTS[event_type])}  # type: ignore[arg-type]  # every event is a dataclass


def encode(value: object) -> bytes:
    """Any of our own values as JSON."""
    return _encode(value)


def encode_event(event: Event, at: float) -> bytes:
    return b"%b %.6f %b" % (_name(event.type), at, _encode(event))


def decode_event(entry: bytes) -> tuple[Event, float, bytes]:
    """The event, when it happened, and its JSON as it stands in the entry.

    Raises ValueError, without a word of the content, for an entry that this version does not know.
    """
    try:
        name, at, body = entry.split(b" ", 2)
        return _decoder(name.decode("ascii")).decode(body), float(at), body
    except (KeyError, ValueError, msgspec.DecodeError):
        # Their texts quote what was said: they must not hang on as the context of what is raised.
        pass
    raise ValueError("an entry that this version cannot read")


def body_of(entry: bytes) -> bytes:
    """The JSON of an entry that is known to be one."""
    return entry.split(b" ", 2)[2]


def encode_shown(event: Event) -> bytes:
    """An event as people are shown it. Of a seat only what is not as it always begins: it is kept for three minutes for
    each who comes, and a room has many.
    """
    return _encode(
        {"people": [_lean(seat) for seat in event.people]} if isinstance(event, Arrived) else event
    )


_FEW_SEATS: Final = 24


class ControlsEncoder:
    """The controls of one room as bytes, again and again.

    Only what is not as it always begins: they travel whole with each change, and most of a seat never changes. Nor do
    most seats: who comes into a large room must not have everybody encoded anew. In a small one remembering how each
    seat was encoded would take more memory than it spares time.
    """

    __slots__ = ("_seats",)

    def __init__(self) -> None:
        self._seats: dict[SeatId, tuple[Seat, msgspec.Raw]] = {}

    def encode(self, controls: Controls) -> bytes:
        lean = _lean(controls)
        if len(controls.seats) <= _FEW_SEATS:
            self._seats = {}
            lean["seats"] = {key: _lean_seat(seat) for key, seat in controls.seats.items()}
        else:
            known = self._seats
            self._seats = {
                key: held if (held := known.get(key)) is not None and held[0] is seat else (seat, _raw(seat))
                for key, seat in controls.seats.items()
            }
            lean["seats"] = {key: raw for key, (_, raw) in self._seats.items()}
        if controls.round is not None:
            lean["round"] = _lean(controls.round)
        return _encode(lean)


def encode_controls(controls: Controls) -> bytes:
    """The same, once."""
    return ControlsEncoder().encode(controls)


def _raw(seat: Seat) -> msgspec.Raw:
    return msgspec.Raw(_encode(_lean_seat(seat)))


def _lean_seat(seat: Seat) -> dict[str, object]:
    lean = _lean(seat)
    del lean["id"]  # it stands there as the key
    return lean


def _lean(value: Controls | Seat | Round) -> dict[str, object]:
    names, of, usual = _FIELDS[type(value)]
    held = zip(names, of(value), usual, strict=True)
    return {name: now for name, now, always in held if now is not always and now != always}


def decode_controls(data: bytes) -> Controls:
    """Raises ValueError, without a word of the content, for controls that this version does not know."""
    try:
        held = msgspec.json.decode(data)
        for key, seat in held["seats"].items():
            seat["id"] = key
        return msgspec.convert(held, Controls)
    except (KeyError, TypeError, AttributeError, msgspec.MsgspecError):
        # Their texts quote names: they must not hang on as the context of what is raised.
        pass
    raise ValueError("controls that this version cannot read")


@dataclass(frozen=True, slots=True)
class _Sitting:
    role: Role
    place: Place


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a room stands, of all that its controls hold."""

    state: State = State.SCHEDULED
    seats: Mapping[SeatId, _Sitting] = field(default_factory=dict, repr=False)

    @property
    def members(self) -> int:
        """How many seats are taken, those of facilitators not counted."""
        return members_among(self.seats.values())


_standing: Final = msgspec.json.Decoder(Standing)


def standing_of(data: bytes) -> Standing | None:
    """Of controls, without the rest of them; None: this version cannot read them."""
    try:
        return _standing.decode(data)
    except msgspec.MsgspecError:
        return None


def with_mark(body: bytes, mark: str) -> bytes:
    """The JSON of a message, and behind it the mark by which a report slip is known."""
    return b'%b,"slip":"%b"}' % (body[:-1], mark.encode("ascii"))


def numbered_frame(event_type: str, seq: int, at: float, body: bytes) -> bytes:
    """The frame of an event that everybody inside can see."""
    head = b'{"type":"%b","seq":%d,"at":%.3f' % (_name(event_type), seq, at)
    return head + (b"," + body[1:] if len(body) > 2 else b"}")


def unnumbered_frame(event_type: str, at: float, body: bytes) -> bytes:
    """The frame of an event for some: it carries an id of its own, since it takes no number from the others."""
    if _has_id(event_type):
        head = b'{"type":"%b","at":%.3f' % (_name(event_type), at)
    else:
        head = b'{"type":"%b","id":"%x","at":%.3f' % (_name(event_type), int(at * 1_000_000), at)
    return head + (b"," + body[1:] if len(body) > 2 else b"}")
