"""Sessions as iCalendar (RFC 5545): one to download, or a feed of many that calendars come back for."""

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from rooms.calendar.recurrence import Occurrence
from rooms.calendar.timezones import vtimezone

NEUTRAL_TITLE: Final = "Online session"
_PRODID = "-//Online sessions//Calendar//EN"
_SESSIONS = uuid.UUID(
    "0d6b3b0c-52f8-4a64-9d0e-4f5a3f4b9c11"
)  # never to change: a calendar would show everything twice
_OCTETS = 75
_LINE_BREAK = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_MEANINGFUL = re.compile(r"([\\;,])")
_URL = re.compile(r"https?://[!-~]+")


@dataclass(frozen=True, slots=True)
class Words:
    """What is said openly about a session; ``url`` may carry the room's name."""

    title: str = field(repr=False)
    url: str = field(repr=False)
    description: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """A session as calendars are to see it.

    id: the session's own, through every move: calendars know it again by that.
    sequence: how many times its date, length or being held was changed; ``changed_at`` is when that was, or anything else.
    neutral_url: leads there without saying what is there.
    """

    id: str
    occurrence: Occurrence
    sequence: int
    changed_at: datetime
    neutral_url: str = field(repr=False)
    words: Words
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How the reader wants it. A discreet calendar says nothing that a glance over a shoulder may not read."""

    is_discreet: bool = True
    has_alarm: bool = False
    neutral_title: str = NEUTRAL_TITLE


DISCREET: Final = Look()


def one(entry: Entry, *, at: datetime, look: Look = DISCREET) -> bytes:
    return _written(_calendar([entry], at, look, ()))


def feed(entries: Sequence[Entry], *, name: str, at: datetime, look: Look = DISCREET) -> bytes:
    """``name`` is what the calendar is called in a list of calendars, and is as open as a title is.

    A cancelled session stays in it: one that only vanished would stay in calendars that keep what they have seen.
    """
    called = look.neutral_title if look.is_discreet else name
    about = (
        f"NAME:{_text(called)}",
        f"X-WR-CALNAME:{_text(called)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    )
    return _written(_calendar(entries, at, look, about))


def _calendar(entries: Sequence[Entry], at: datetime, look: Look, about: Iterable[str]) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:{_PRODID}"
    yield "CALSCALE:GREGORIAN"
    yield from about
    years: defaultdict[str, list[datetime]] = defaultdict(list)
    for entry in entries:
        years[entry.occurrence.zone] += (entry.occurrence.starts_at, entry.occurrence.ends_at)
    for zone, moments in sorted(years.items()):
        yield from vtimezone(ZoneInfo(zone), min(moments), max(moments))
    for entry in entries:
        yield from _event(entry, at, look)
    yield "END:VCALENDAR"


def _event(entry: Entry, at: datetime, look: Look) -> Iterator[str]:
    title = look.neutral_title if look.is_discreet else entry.words.title
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid.uuid5(_SESSIONS, entry.id)}"
    yield f"DTSTAMP:{_utc(at)}"
    yield f"LAST-MODIFIED:{_utc(entry.changed_at)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield from _from_and_to(entry.occurrence)
    yield f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}"
    yield f"SUMMARY:{_text(title)}"
    if look.is_discreet:
        # Those with whom a calendar is shared see "busy" and no more.
        yield "CLASS:PRIVATE"
        yield f"URL:{_link(entry.neutral_url)}"
    else:
        yield f"URL:{_link(entry.words.url)}"
        if entry.words.description:
            yield f"DESCRIPTION:{_text(entry.words.description)}"
    if look.has_alarm and not entry.is_cancelled:
        yield from (
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER:-PT15M",
            f"DESCRIPTION:{_text(title)}",
            "END:VALARM",
        )
    yield "END:VEVENT"


def _from_and_to(session: Occurrence) -> Iterator[str]:
    zone = ZoneInfo(session.zone)
    start, end = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    if start.fold or end.fold:
        # A local time that happens twice means the first of the two in this format: the second has no name but in UTC.
        yield f"DTSTART:{_utc(start)}"
        yield f"DTEND:{_utc(end)}"
    else:
        yield f"DTSTART;TZID={session.zone}:{start:%Y%m%dT%H%M%S}"
        yield f"DTEND;TZID={session.zone}:{end:%Y%m%dT%H%M%S}"


def _utc(at: datetime) -> str:
    if at.utcoffset() is None:
        raise ValueError("a moment carries its zone")
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    lines = (_UNPRINTABLE.sub("", line) for line in _LINE_BREAK.split(value))
    return "\\n".join(_MEANINGFUL.sub(r"\\\1", line) for line in lines)


def _link(url: str) -> str:
    # It is not escaped like text: a line break in it would begin a property of the attacker's choosing.
    if _URL.fullmatch(url) is None:
        raise ValueError("a link is one word of ASCII that begins with http")
    return url


def _written(lines: Iterable[str]) -> bytes:
    return b"".join(_folded(line) for line in lines)


def _folded(line: str) -> bytes:
    """At most 75 octets each, and no character is torn apart: some readers decode before they unfold."""
    rest, rows = line.encode(), []
    room = _OCTETS
    while len(rest) > room:
        cut = room
        while rest[cut] & 0b1100_0000 == 0b1000_0000:
            cut -= 1
        rows.append(rest[:cut])
        rest, room = rest[cut:], _OCTETS - 1
    return b"\r\n ".join([*rows, rest]) + b"\r\n"
