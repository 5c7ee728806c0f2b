"""Frames and what they mean: docs/protocol.md in code. Nothing here knows a rule of the room."""

import dataclasses
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Annotated, Any, Final, get_type_hints

import msgspec
from msgspec import UNSET, Meta, UnsetType

from rooms.engines import Position
from rooms.gathering import Welcome
from rooms.live import COMMANDS, Command
from rooms.live.view import from_a_page

MOST_FAULTS: Final = 5
SUBPROTOCOL: Final = "tealight.1"

BROKEN: Final = 1008
INTERNAL: Final = 1011
SIGN_IN: Final = 4001
TOO_MANY: Final = 4029

# \Z, because $ lets a line break stand at the end, and a ref goes back into a frame as it came.
Ref = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,40}\Z")]
_Short = Annotated[str, Meta(max_length=80)]


class Hello(msgspec.Struct, tag_field="type", tag="hello", frozen=True, forbid_unknown_fields=True):
    at: Position | None
    name: Annotated[str, Meta(max_length=200)] = ""
    listening: bool = False
    work: _Short = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A frame that is no command: why, and its ref where it had one. It quotes nothing of the frame."""

    why: str
    ref: str | None = None


class _Glance(msgspec.Struct):
    """As much of a faulty frame as tells what was meant."""

    type: str | UnsetType = UNSET
    ref: msgspec.Raw | UnsetType = UNSET


def _shape(name: str, command: type[Command]) -> type[msgspec.Struct]:
    """The frame of a command, made from the command's own fields."""
    hints = get_type_hints(command)
    fields: list[Any] = [("ref", Ref)]
    for each in dataclasses.fields(command):  # type: ignore[arg-type]  # every declared command is a dataclass
        # What a person typed is not shown in a repr. The room itself refuses what is too long of it, in words of its own.
        kind = _Short if hints[each.name] is str and each.repr else hints[each.name]
        kind = _Short | None if hints[each.name] == str | None else kind
        fields.append(
            (each.name, kind) if each.default is dataclasses.MISSING else (each.name, kind, each.default)
        )
    return msgspec.defstruct(
        f"{command.__name__}Frame",
        fields,
        tag_field="type",
        tag=name,
        frozen=True,
        forbid_unknown_fields=True,
    )


_SHAPES: Final = {name: _shape(name, command) for name, command in COMMANDS.items() if from_a_page(name)}
_frames: Final = msgspec.json.Decoder(reduce(or_, [*_SHAPES.values(), Hello]))
_glance: Final = msgspec.json.Decoder(_Glance)
_ref: Final = msgspec.json.Decoder(Ref)
_encode: Final = msgspec.json.Encoder().encode
_made: Final = {shape: COMMANDS[name] for name, shape in _SHAPES.items()}


def shapes() -> list[type[msgspec.Struct]]:
    """The frames of all commands that a page may send."""
    return list(_SHAPES.values())


def shapes_by_name() -> dict[str, type[msgspec.Struct]]:
    return dict(_SHAPES)


def parse(payload: bytes) -> tuple[str, Command] | Hello | Fault:
    """What a browser's frame asks for. Never raises, whatever the bytes."""
    try:
        frame = _frames.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _fault(payload)
    if type(frame) is Hello:
        return frame
    ref, *fields = msgspec.structs.astuple(frame)
    return ref, _made[type(frame)](*fields)


def _fault(payload: bytes) -> Fault:
    try:
        seen = _glance.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Fault("unreadable")
    known = seen.type in _SHAPES or seen.type == "hello"
    return Fault("invalid" if known else "unknown", _ref_of(seen))


def _ref_of(seen: _Glance) -> str | None:
    try:
        return None if seen.ref is UNSET else _ref.decode(seen.ref)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def ack(ref: str, seq: int | None) -> bytes:
    return b'{"type":"ack","ref":"%b","seq":%b}' % (
        ref.encode("ascii"),
        b"null" if seq is None else b"%d" % seq,
    )


def refused(ref: str | None, why: str, say: str, offers: tuple[str, ...] = ()) -> bytes:
    """A no, in a code and in words; ``offers`` are what would be accepted, where the room has any to offer."""
    frame: dict[str, object] = {"type": "refused", "ref": ref, "why": why, "say": say}
    return _encode({**frame, "offers": offers} if offers else frame)


def welcome(welcome: Welcome) -> bytes:
    return _encode(
        {
            "type": "welcome",
            "you": welcome.you,
            "room": msgspec.Raw(welcome.room),
            "people": msgspec.Raw(welcome.people),
            "words": welcome.words,
            "at": welcome.at,
            "now": welcome.now,
            "resumed": welcome.resumed,
        }
    )
