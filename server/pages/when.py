"""A session's time, as pages say it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from starlette.requests import Request

from rooms.live import State
from rooms.live.lifecycle import EXTENSION, EXTENSIONS
from rooms.records import sessions
from rooms.records.sessions import Session
from rooms.records.words import Reason
from server.home import home
from server.pages import words_of
from server.words import N_, Words

DOORS_MINUTES = 15
_UK: Final = "Europe/London"
REASONS: Final[dict[Reason, str]] = {
    "facilitator_away": N_("A facilitator cannot be there."),
    "too_few": N_("Too few people could come."),
    "holiday": N_("It is a holiday."),
    "pause": N_("The group is having a break."),
    "other": N_("Something came up."),
}


@dataclass(frozen=True, slots=True)
class When:
    """What templates know of a session."""

    when: str
    iso: str
    minutes: int
    ends: str
    url: str
    open: bool
    id: str


@dataclass(frozen=True, slots=True)
class Time:
    """A moment in the group's own time, in UK time where that is another, and for the reader's clock to be compared with.

    ``offset``: how far the group's clock is ahead of UTC then, in minutes.
    """

    when: str
    uk: str
    iso: str
    offset: int


def time_of(request: Request, session: Session) -> Time:
    words = words_of(request)
    there, uk = (session.starts_at.astimezone(ZoneInfo(zone)) for zone in (session.zone, _UK))
    return Time(
        when=words.when(session.starts_at, session.zone),
        uk="" if there.utcoffset() == uk.utcoffset() else words.when(session.starts_at, _UK),
        iso=moment(session),
        offset=int((there.utcoffset() or timedelta()) / timedelta(minutes=1)),
    )


def when(request: Request, session: Session, url: str) -> When:
    words = words_of(request)
    return When(
        when=words.when(session.starts_at, session.zone),
        iso=moment(session),
        minutes=session.minutes,
        ends=words.when(session.ends_at, session.zone),
        url=url,
        open=doors_open(request, session),
        id=session.id,
    )


def moment(session: Session) -> str:
    return session.starts_at.isoformat()


def doors_open(request: Request, session: Session) -> bool:
    seconds = (session.starts_at - home(request).now()).total_seconds()
    return seconds <= DOORS_MINUTES * 60 and session.outcome is None and session.cancelled_at is None


async def how_they_stand(request: Request, coming: Iterable[Session]) -> Mapping[str, State]:
    """The state of each session that may be on, by its id, whichever node hosts it."""
    ours = home(request)
    now = ours.now()
    return await ours.house.states(
        each.id
        for each in coming
        if each.doors_at <= now < each.ends_at + sessions.OVERRUN
        and each.cancelled_at is None
        and each.outcome is None
    )


def runs_over(request: Request, session: Session) -> bool:
    """Past its planned end by more than facilitators can add: whether it is on, only the live room knows."""
    return home(request).now() >= session.ends_at + timedelta(seconds=EXTENSIONS * EXTENSION)


def state_words(request: Request, session: Session, standing: Mapping[str, State]) -> str:
    """Where a session stands, in words: nobody's name and no number of people. ``standing``: of ``how_they_stand``."""
    words, ours = words_of(request), home(request)
    if session.cancelled_at is not None:
        return words.gettext("Cancelled")
    if session.outcome == "not_held":
        return words.gettext("Not held")
    if session.outcome is not None:
        return words.gettext("Over")
    match standing.get(session.id):
        case State.LIVE | State.PAUSED | State.HELD | State.CLOSING:
            return words.gettext("On now")
        case State.ENDED | State.NOT_HELD | State.CANCELLED:
            return words.gettext("Over")
        case _ if runs_over(request, session):
            return words.gettext("Over")
        case _ if doors_open(request, session):
            return words.gettext("The door is open.")
        case _:
            return words.until(session.starts_at, ours.now())


def reason_words(words: Words, session: Session) -> str:
    """Why it was called off, as people read it."""
    if session.reason == "moved":
        return words.gettext("It has another date now.")
    return words.gettext(REASONS[session.reason]) if session.reason else ""
