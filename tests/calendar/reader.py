"""A reader of iCalendar that forgives nothing, written from RFC 5545 and not from our writer.

It refuses what some calendar somewhere refuses: a bare line break, a line of more than 75 octets, a character torn apart, an
unknown escape, a property twice or not at all, a time zone that is used and not told.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.calendar.oracles import clock_in

_LINE = re.compile(
    r'(?P<name>[A-Z0-9-]+)(?P<params>(;[A-Z-]+=([^";:,\x00-\x1f\x7f]+|"[^"\x00-\x1f\x7f]*"))*):(?P<value>.*)'
)
_TEXT = re.compile(r"([^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,nN])*")
_LOCAL = re.compile(r"\d{8}T\d{6}")
_OFFSET = re.compile(r"[+-]\d{4}(\d{2})?")
_TEXTS = {"SUMMARY", "DESCRIPTION", "NAME", "X-WR-CALNAME", "UID", "PRODID", "TZNAME", "TZID"}

# name -> (what is needed once, what may be there once)
_PROPERTIES = {
    "VCALENDAR": (
        {"PRODID", "VERSION"},
        {"CALSCALE", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"},
    ),
    "VTIMEZONE": ({"TZID"}, set()),
    "STANDARD": ({"DTSTART", "TZOFFSETTO", "TZOFFSETFROM"}, {"TZNAME"}),
    "DAYLIGHT": ({"DTSTART", "TZOFFSETTO", "TZOFFSETFROM"}, {"TZNAME"}),
    "VEVENT": (
        {"UID", "DTSTAMP", "DTSTART"},
        {"DTEND", "LAST-MODIFIED", "SEQUENCE", "STATUS", "SUMMARY", "DESCRIPTION", "URL", "CLASS"},
    ),
    "VALARM": ({"ACTION", "TRIGGER", "DESCRIPTION"}, set()),
}
_INSIDE = {
    "VCALENDAR": {"VTIMEZONE", "VEVENT"},
    "VTIMEZONE": {"STANDARD", "DAYLIGHT"},
    "VEVENT": {"VALARM"},
    "STANDARD": set[str](),
    "DAYLIGHT": set[str](),
    "VALARM": set[str](),
}


@dataclass
class Component:
    name: str
    properties: dict[str, tuple[str, str]] = field(default_factory=dict)
    parts: list["Component"] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.properties[name][1]

    def all(self, name: str) -> list["Component"]:
        return [part for part in self.parts if part.name == name]


@dataclass
class Calendar:
    text: str
    root: Component

    @property
    def events(self) -> list[Component]:
        return self.root.all("VEVENT")

    @property
    def zones(self) -> dict[str, Component]:
        return {zone["TZID"]: zone for zone in self.root.all("VTIMEZONE")}

    def moment(self, event: Component, name: str) -> datetime:
        """With what the file itself says about the zone, read by python-dateutil."""
        params, value = event.properties[name]
        if value.endswith("Z"):
            assert not params
            assert _LOCAL.fullmatch(value[:-1])
            return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        assert params.startswith(";TZID=")
        assert _LOCAL.fullmatch(value)
        zone = params.removeprefix(";TZID=")
        assert zone in self.zones, "a zone is used and not told"
        shown = datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007  the zone is asked below
        return clock_in(self.text, zone)(shown)


def read(data: bytes) -> Calendar:
    lines = _unfolded(data)
    root = _component(iter(lines))
    assert root.name == "VCALENDAR"
    assert lines.count("BEGIN:VCALENDAR") == 1
    assert lines[-1] == "END:VCALENDAR"
    assert root["VERSION"] == "2.0"
    uids = [event["UID"] for event in root.all("VEVENT")]
    assert len(uids) == len(set(uids))
    zones = [zone["TZID"] for zone in root.all("VTIMEZONE")]
    assert len(zones) == len(set(zones))
    return Calendar("\r\n".join([*lines, ""]), root)


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def _unfolded(data: bytes) -> list[str]:
    *rows, rest = data.split(b"\r\n")
    assert rest == b"", "the last line has no end"
    lines: list[str] = []
    for row in rows:
        assert not set(b"\r\n") & set(row), "a bare line break"
        assert len(row) <= 75, "a line is too long"
        text = row.decode()  # strict: each row by itself
        if text[:1] in {" ", "\t"}:
            lines[-1] += text[1:]
        else:
            assert text
            lines.append(text)
    return lines


def _component(lines) -> Component:
    begin = next(lines)
    assert begin.startswith("BEGIN:")
    component = Component(begin.removeprefix("BEGIN:"))
    for line in lines:
        if line == f"END:{component.name}":
            break
        if line.startswith("BEGIN:"):
            part = _component(iter([line, *_until_end(line, lines)]))
            assert part.name in _INSIDE[component.name]
            component.parts.append(part)
        else:
            assert not component.parts, "properties come before components"
            name, params, value = _property(line)
            assert name not in component.properties, f"{name} is there twice"
            component.properties[name] = params, value
    needed, allowed = _PROPERTIES[component.name]
    assert needed <= set(component.properties) <= needed | allowed
    assert component.name != "VTIMEZONE" or component.parts
    return component


def _until_end(begin: str, lines):
    for line in lines:
        yield line
        if line == begin.replace("BEGIN:", "END:", 1):
            return


def _property(line: str) -> tuple[str, str, str]:
    found = _LINE.fullmatch(line)
    assert found, "not a content line"
    name, params, value = found["name"], found["params"], found["value"]
    if name in _TEXTS:
        assert _TEXT.fullmatch(value), f"{name} is not escaped"
    match name:
        case "DTSTAMP" | "LAST-MODIFIED":
            assert _LOCAL.fullmatch(value[:-1])
            assert value.endswith("Z"), "must be in UTC"
        case "TZOFFSETFROM" | "TZOFFSETTO":
            assert _OFFSET.fullmatch(value)
            assert value != "-0000"
        case "SEQUENCE":
            assert value.isdecimal()
        case "STATUS":
            assert value in {"TENTATIVE", "CONFIRMED", "CANCELLED"}
        case "TRIGGER" | "X-PUBLISHED-TTL" | "REFRESH-INTERVAL":
            assert re.fullmatch(r"-?PT(\d+H)?(\d+M)?", value)
    return name, params, value
