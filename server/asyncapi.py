"""The wire as an AsyncAPI document and as types for our scripts, made from the very types that read and write it.

``python -m server.asyncapi`` writes ``docs/asyncapi.json`` and ``static/js/frames.d.ts``; a test fails when they drift.
"""

import dataclasses
import json
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import msgspec

from rooms.live import COMMANDS, EVENTS
from rooms.live.permissions import RIGHTS
from rooms.live.words import BEFORE_THE_END, NOBODY, Audience, State
from server import wire

ROOT: Final = Path(__file__).parent.parent
DOCUMENT: Final = ROOT / "docs" / "asyncapi.json"
PROTOCOL: Final = ROOT / "docs" / "protocol.md"
TYPES: Final = ROOT / "static" / "js" / "frames.d.ts"

_POSITION: Final = {
    "type": "object",
    "required": ["epoch", "seq"],
    "properties": {"epoch": {"type": "string"}, "seq": {"type": "integer", "minimum": 0}},
}
# Frames that are not events: their keys are docs/protocol.md's.
# What a frame carries that the event does not: the mark for report slips, where there are any.
_BESIDE: Final[dict[str, dict[str, Any]]] = {"said": {"slip": {"type": "string"}}}
_OTHERS: Final[dict[str, dict[str, Any]]] = {
    "welcome": {
        "you": {"type": "object"},
        "room": {"type": "object"},
        "people": {"type": "object"},
        "words": {"type": "object"},
        "at": {"oneOf": [_POSITION, {"type": "null"}]},
        "now": {"type": "number"},
        "resumed": {"type": "boolean"},
    },
    "controls": {"room": {"type": "object"}, "people": {"type": "object"}, "you": {"type": "object"}},
    "beat": {"at": {"oneOf": [_POSITION, {"type": "null"}]}, "now": {"type": "number"}},
    "ack": {"ref": {"type": "string"}, "seq": {"type": ["integer", "null"]}},
    "refused": {
        "ref": {"type": ["string", "null"]},
        "why": {"type": "string"},
        "say": {"type": "string"},
        "offers": {"type": "array", "items": {"type": "string"}},
    },
}
_OPTIONAL: Final = {"controls": {"room", "people", "you"}, "refused": {"offers"}}


def document() -> dict[str, Any]:
    """The AsyncAPI 3.0 document: every frame that a browser may send, and every one that it may be sent."""
    _, commands = msgspec.json.schema_components(
        [*wire.shapes(), wire.Hello], ref_template="#/components/schemas/{name}"
    )
    asked = {
        _tag(schema): schema
        for name, schema in commands.items()
        if "properties" in schema and "type" in schema["properties"]
    }
    told = {name: _event_schema(name) for name in sorted(EVENTS) if EVENTS[name].reach != NOBODY}
    others = {name: _frame_schema(name, keys, _OPTIONAL.get(name, set())) for name, keys in _OTHERS.items()}
    schemas = {
        name: schema for name, schema in commands.items() if name not in {_shape_name(tag) for tag in asked}
    }
    messages = {
        **{
            f"ask.{tag}": {"name": tag, "summary": _summary(tag), "payload": schema}
            for tag, schema in sorted(asked.items())
        },
        **{f"tell.{tag}": {"name": tag, "payload": schema} for tag, schema in {**others, **told}.items()},
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Tealight, a live room",
            "version": wire.SUBPROTOCOL,
            "description": "See docs/protocol.md.",
        },
        "channels": {
            "live": {
                "address": "/live/{session}",
                "parameters": {
                    "session": {"description": "The session's id; the cookie of the seat says who asks."}
                },
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {
            "ask": {
                "action": "receive",
                "channel": {"$ref": "#/channels/live"},
                "messages": [
                    {"$ref": f"#/channels/live/messages/{name}"}
                    for name in messages
                    if name.startswith("ask.")
                ],
            },
            "tell": {
                "action": "send",
                "channel": {"$ref": "#/channels/live"},
                "messages": [
                    {"$ref": f"#/channels/live/messages/{name}"}
                    for name in messages
                    if name.startswith("tell.")
                ],
            },
        },
        "components": {"messages": messages, "schemas": schemas},
    }


def _tag(schema: dict[str, Any]) -> str:
    return str(schema["properties"]["type"]["enum"][0])


def _shape_name(tag: str) -> str:
    return "Hello" if tag == "hello" else f"{COMMANDS[tag].__name__}Frame"


def _summary(tag: str) -> str:
    if tag == "hello":
        return "The first frame: who is at the other end, and the last position it has shown."
    return _first_words(COMMANDS[tag])


def _first_words(made: type[Any]) -> str:
    """The first paragraph of a docstring; a dataclass without one has its signature there instead."""
    written = made.__doc__ or ""
    return "" if written.startswith(f"{made.__name__}(") else " ".join(written.split("\n\n")[0].split())


def _event_schema(name: str) -> dict[str, Any]:
    event = EVENTS[name]
    _, shapes = msgspec.json.schema_components([event], ref_template="#/components/schemas/{name}")
    properties = dict(shapes[event.__name__].get("properties", {}))
    properties |= _BESIDE.get(name, {})
    place = {"seq": {"type": "integer", "minimum": 1}} if event.numbered else {"id": {"type": "string"}}
    seen = ", ".join(sorted(event.reach & set(Audience))) or "the person concerned"
    schema = _frame_schema(
        name, {**place, "at": {"type": "number"}, **_inline(properties, shapes)}, set(_BESIDE.get(name, ()))
    )
    return {**schema, "description": f"Shown to: {seen}."}


def _inline(schema: Any, shapes: dict[str, Any]) -> Any:
    """Nested shapes of events in place, so that each message can be read by itself."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            return _inline(shapes[schema["$ref"].rpartition("/")[2]], shapes)
        return {key: _inline(value, shapes) for key, value in schema.items()}
    return [_inline(each, shapes) for each in schema] if isinstance(schema, list) else schema


def _frame_schema(name: str, keys: dict[str, Any], optional: set[str]) -> dict[str, Any]:
    required = ["type", *(key for key in keys if key not in optional)]
    return {"type": "object", "required": required, "properties": {"type": {"const": name}, **keys}}


def types() -> str:
    """TypeScript declarations of what our own page sends and what events bring, for ``tsc --checkJs``."""
    lines = ["// Made by `python -m server.asyncapi` from the types of the server. Do not edit.", ""]
    for name, command in sorted(COMMANDS.items()):
        if name in wire.shapes_by_name():
            lines.append(f"interface {command.__name__}Command {{ type: '{name}'; {_members(command)} }}")
    lines.append(
        f"type AnyCommand = {' | '.join(f'{COMMANDS[name].__name__}Command' for name in sorted(wire.shapes_by_name()))};"
    )
    lines.append("")
    for name, event in sorted(EVENTS.items()):
        if event.reach != NOBODY:
            beside = "".join(f" {each}?: string;" for each in _BESIDE.get(name, {}))
            lines.append(
                f"interface {event.__name__}Event {{ type: '{name}'; at: number; {_members(event)}{beside} }}"
            )
    told = sorted(event.__name__ for event in EVENTS.values() if event.reach != NOBODY)
    lines.append(f"type AnyEvent = {' | '.join(f'{name}Event' for name in told)};")
    return "\n".join(lines) + "\n"


def _members(made: type[Any]) -> str:
    hints = get_type_hints(made)
    return " ".join(
        f"{each.name}{'?' if each.default is not dataclasses.MISSING else ''}: {_typed(hints[each.name])};"
        for each in dataclasses.fields(made)
    )


def _typed(hint: Any) -> str:
    plain = {str: "string", int: "number", float: "number", bool: "boolean", NoneType: "null"}
    if hint in plain:
        return plain[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return " | ".join(map(_typed, inner))
    if origin is tuple:
        return f"Array<{_typed(inner[0])}>"
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return f"{{ {_members(hint)} }}"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return " | ".join(f"'{each.value}'" for each in hint)
    return "unknown"


def protocol(text: str) -> str:
    """docs/protocol.md with its two tables as the types have them."""
    return _between(_between(text, "commands", _command_rows()), "events", _event_rows())


def _between(text: str, what: str, rows: list[str]) -> str:
    begin, end = f"<!-- {what}: made by `python -m server.asyncapi` -->", f"<!-- /{what} -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return before + begin + "\n" + "\n".join(rows) + "\n" + end + after


_WHO: Final = {
    RIGHTS["leave"]: "everybody with a seat",
    RIGHTS["read"]: "everybody inside",
    RIGHTS["post"]: "those who may write",
    RIGHTS["hand"]: "those who may write, or listen",
    RIGHTS["ask_for_pause"]: "members, listening or not; not quieted",
    RIGHTS["guide"]: "facilitators",
    RIGHTS["lead"]: "the lead",
    RIGHTS["assign_lead"]: "the lead, the organiser",
    RIGHTS["suspend"]: "facilitators, the organiser",
}


def _command_rows() -> list[str]:
    rows = ["| command | fields | who | when | |", "|---|---|---|---|---|"]
    for name, command in sorted(COMMANDS.items()):
        if name in wire.shapes_by_name():
            when = (
                "before the end"
                if command.during == BEFORE_THE_END
                else " ".join(state for state in State if state in command.during)
            )
            rows.append(f"| `{name}` | {_fields(command)} | {_WHO[command.by]} | {when} | {_summary(name)} |")
    return rows


def _event_rows() -> list[str]:
    rows = ["| event | fields | who gets it | |", "|---|---|---|---|"]
    for name, event in sorted(EVENTS.items()):
        own = ["the person concerned"] if "concerns" in vars(event) else []
        who = ", ".join([*(audience for audience in Audience if audience in event.reach), *own])
        if who:
            number = "`seq` " if event.numbered else ""
            doc = _first_words(event)
            rows.append(f"| `{name}` | {number}{_fields(event)} | {who} | {doc} |")
    return rows


def _fields(made: type[Any]) -> str:
    return " ".join(f"`{each.name}`" for each in dataclasses.fields(made))


def write() -> None:
    PROTOCOL.write_text(protocol(PROTOCOL.read_text("utf-8")), "utf-8")
    DOCUMENT.write_text(json.dumps(document(), indent=1, ensure_ascii=False) + "\n", "utf-8")
    TYPES.write_text(types(), "utf-8")


if __name__ == "__main__":
    write()
