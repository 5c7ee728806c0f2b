"""The organiser's desk: rooms, a first session, the link to share, who facilitates."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from rooms.records import agreements, limits, links, rooms, sessions
from rooms.records.accounts import Account
from rooms.records.rooms import Room
from rooms.records.sessions import Refused
from rooms.records.words import Purpose
from server.home import home
from server.pages import calm, page, staff_of, to, typed, words_of
from server.pages.when import state_words, when
from server.words import N_, Words

INVITATION_LIVES = timedelta(hours=72)
# The zones most groups here need first, then all the others.
NEAR = ("Europe/London", "Europe/Dublin")

STARTER = (
    N_("What is said here stays here."),
    N_("We say how it is for us. We do not tell others what to do."),
    N_("You can pass, be quiet, or leave. Nobody will ask why."),
    N_("No pictures of the screen, and no note-taking software."),
)
NAME_WRONG = N_("Please give the room a name of 3 to 60 letters.")
PURPOSE_WRONG = N_("Please choose what kind of space it is.")
LINE_WRONG = N_("Please keep it to 140 letters.")
TEXT_WRONG = N_("Please keep it to 300 letters.")
DATE_WRONG = N_("Please give a date, like 2026-12-01.")
START_WRONG = N_("Please give a time, like 19:30.")
START_PAST = N_("That is in the past. Please choose a later date or time.")
MINUTES_WRONG = N_("Please give a length from 30 to 120 minutes.")
SEATS_WRONG = N_("Please give a number of seats from 2 to 500.")
ZONE_WRONG = N_("Please choose one of the places in the list.")
AGREEMENT_WRONG = N_("Please keep to 30 lines of at most 300 letters each.")
NO_SUCH_TIME = N_("The clocks go forward in that night, and that time does not exist. Please choose another.")
HAPPENS_TWICE = N_("The clocks go back in that night, and that time happens twice. Please choose another.")
_REFUSED = {"no_such_time": ("start", NO_SUCH_TIME), "happens_twice": ("start", HAPPENS_TWICE)}


@dataclass(frozen=True, slots=True)
class Row:
    room: Room
    next_when: str
    chip: str
    url: str
    live_words: str


@dataclass(frozen=True, slots=True)
class Form:
    """What an organiser typed, kept as it was typed until it fits."""

    name: str = ""
    purpose: str = ""
    one_line: str = ""
    for_whom: str = ""
    also_welcome: str = ""
    date: str = ""
    start: str = "19:30"
    minutes: str = "60"
    zone: str = "Europe/London"
    seats: str = "8"
    listed: bool = False
    agreement: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """A form that fits."""

    purpose: Purpose
    wall: datetime
    minutes: int
    seats: int
    agreement: list[str]


async def desk(request: Request) -> Response:
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in")
    ours, words = home(request), words_of(request)
    rows = []
    async with ours.database.reading() as conn:
        for room in await rooms.looked_after_by(conn, staff.id):
            session = await sessions.next_of(conn, room.id, ours.now())
            facilitators = await rooms.facilitators(conn, room.id)
            rows.append(
                Row(
                    room=room,
                    next_when="" if session is None else words.when(session.starts_at, session.zone),
                    chip=_chip(words, len(facilitators)),
                    url=f"/desk/rooms/{room.id}",
                    live_words="" if session is None else state_words(request, session),
                )
            )
    return await page(request, "desk/index.html", rooms=rows)


def _chip(words: Words, facilitators: int) -> str:
    if facilitators == 0:
        return words.gettext("Needs a facilitator")
    return words.gettext("Needs a second facilitator") if facilitators == 1 else words.gettext("Ready")


async def new_room(request: Request) -> Response:
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in?next=/desk/new")
    if not staff.is_organiser:
        return await calm(request)
    if request.method != "POST":
        words = words_of(request)
        return await _new_room_page(request, Form(agreement="\n".join(map(words.gettext, STARTER))))
    async with request.form(max_fields=30, max_part_size=64 * 1024) as sent:
        form = _form_of(sent)
    plan, errors = _fitted(request, form)
    if plan is None:
        return await _new_room_page(request, replace(form, errors=errors), status=422)
    return await _make(request, staff, form, plan)


async def _make(request: Request, staff: Account, form: Form, plan: Plan) -> Response:
    ours, words = home(request), words_of(request)
    refused: Refused | None = None
    async with ours.database.writing() as conn:
        room = await rooms.create(
            conn,
            organiser_id=staff.id,
            name=form.name.strip(),
            purpose=plan.purpose,
            one_line=form.one_line.strip(),
            for_whom=_text(form.for_whom),
            also_welcome=_text(form.also_welcome),
            zone=form.zone,
            minutes=plan.minutes,
            seats=plan.seats,
            listed=form.listed,
        )
        planned = await sessions.plan(conn, room.id, plan.wall, form.zone, plan.minutes)
        if isinstance(planned, Refused):
            refused = planned
            await conn.rollback()
        elif plan.agreement:
            await agreements.publish(conn, room.id, plan.agreement, ours.now())
    if refused is not None:
        name, said = _REFUSED.get(refused.why, ("date", DATE_WRONG))
        return await _new_room_page(request, replace(form, errors={name: words.gettext(said)}), status=422)
    return to(f"/desk/rooms/{room.id}")


async def _new_room_page(request: Request, form: Form, *, status: int = 200) -> Response:
    zones = [*NEAR, *sorted(zone for zone in _zones() if "/" in zone and zone not in NEAR)]
    return await page(
        request, "desk/new_room.html", status, form=form, zones=zones, purposes=words_of(request).purposes()
    )


@cache
def _zones() -> frozenset[str]:
    # Asked once: finding out opens hundreds of files, and every live room of this process would wait for them.
    return frozenset(available_timezones())


def _form_of(sent: FormData) -> Form:
    return Form(
        name=typed(sent, "name"),
        purpose=typed(sent, "purpose"),
        one_line=typed(sent, "one_line"),
        for_whom=typed(sent, "for_whom"),
        also_welcome=typed(sent, "also_welcome"),
        date=typed(sent, "date"),
        start=typed(sent, "start"),
        minutes=typed(sent, "minutes"),
        zone=typed(sent, "zone"),
        seats=typed(sent, "seats"),
        agreement=typed(sent, "agreement"),
        listed=typed(sent, "listed") == "1",
    )


def _fitted(request: Request, form: Form) -> tuple[Plan | None, dict[str, str]]:
    """The form as a plan, or what is wrong with each field."""
    errors: dict[str, str] = {}
    if form.purpose not in get_args(Purpose):
        errors["purpose"] = PURPOSE_WRONG
    texts = (
        ("name", form.name.strip(), limits.ROOM_NAME, NAME_WRONG),
        ("one_line", form.one_line.strip(), limits.ONE_LINE, LINE_WRONG),
        ("for_whom", _text(form.for_whom), limits.FOR_WHOM, TEXT_WRONG),
        ("also_welcome", _text(form.also_welcome), limits.ALSO_WELCOME, TEXT_WRONG),
    )
    errors |= {name: said for name, value, limit, said in texts if not limit.holds(value)}
    wall = _wall(form, errors)
    minutes = _whole(form.minutes, limits.MINUTES, "minutes", MINUTES_WRONG, errors)
    if form.zone not in _zones():
        errors["zone"] = ZONE_WRONG
    elif wall is not None and _is_past(request, wall, form.zone):
        errors["start"] = START_PAST
    seats = _whole(form.seats, limits.SEATS, "seats", SEATS_WRONG, errors)
    agreement = [line.strip() for line in form.agreement.splitlines() if line.strip()]
    if len(agreement) > limits.AGREEMENT_LINES.most or not all(map(limits.AGREEMENT_LINE.holds, agreement)):
        errors["agreement"] = AGREEMENT_WRONG
    words = words_of(request)
    if errors or wall is None or minutes is None or seats is None:
        return None, {name: words.gettext(said) for name, said in errors.items()}
    purpose: Purpose = form.purpose  # type: ignore[assignment]  # one of them, or it would be in errors
    return Plan(purpose, wall, minutes, seats, agreement), {}


def _wall(form: Form, errors: dict[str, str]) -> datetime | None:
    day = _parsed(form.date, "%Y-%m-%d")
    time = _parsed(form.start, "%H:%M")
    if day is None:
        errors["date"] = DATE_WRONG
    if time is None:
        errors["start"] = START_WRONG
    return None if day is None or time is None else datetime.combine(day.date(), time.time())


def _parsed(given: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(given.strip()[:20], pattern)  # noqa: DTZ007  a wall clock has no zone of its own
    except ValueError:
        return None


def _whole(
    given: str, limit: limits.Limit, name: Literal["minutes", "seats"], said: str, errors: dict[str, str]
) -> int | None:
    number = given.strip()
    if number.isascii() and number.isdigit() and len(number) <= 4 and limit.holds(int(number)):
        return int(number)
    errors[name] = said
    return None


def _is_past(request: Request, wall: datetime, zone: str) -> bool:
    return wall.replace(tzinfo=ZoneInfo(zone)) < home(request).now() - timedelta(minutes=5)


def _text(given: str) -> str:
    return "\n".join(line.rstrip() for line in given.strip().splitlines())


async def desk_room(request: Request) -> Response:
    """One room: its link, its sessions, who facilitates. Its organiser may invite; its facilitators may look."""
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in")
    ours = home(request)
    async with ours.database.reading() as conn:
        room = await rooms.find(conn, request.path_params["room"])
        theirs = room is not None and room.organiser_id == staff.id
        helps = room is not None and await rooms.is_facilitator(conn, room.id, staff.id)
    if room is None or not (theirs or helps):
        return await calm(request)
    invitation_link = None
    if request.method == "POST":
        if not theirs:
            return await calm(request)
        async with request.form(max_fields=5, max_part_size=1024) as sent:
            asked = typed(sent, "do")
        async with ours.database.writing() as conn:
            if asked == "facilitate":
                await rooms.add_facilitator(conn, room.id, staff.id)
                helps = True
            elif asked == "invite":
                token = await links.make(
                    conn, "invitation", room_id=room.id, at=ours.now(), lives=INVITATION_LIVES
                )
                invitation_link = f"{ours.settings.public_url}/invitation/{token}"
    async with ours.database.reading() as conn:
        facilitators = await rooms.facilitators(conn, room.id)
        session = await sessions.next_of(conn, room.id, ours.now())
    shown = [] if session is None else [when(request, session, f"/live/{session.id}" if helps else "")]
    return await page(
        request,
        "desk/room.html",
        room=room,
        sessions=shown,
        join_link=f"{ours.settings.public_url}/join/{room.join_token}",
        facilitators=[each.name for each in facilitators],
        facilitates=helps,
        organises=theirs,
        invitation_link=invitation_link,
    )


async def facilitate_now(request: Request) -> Response:
    """Straight to the session that is on or comes next, for those who look after the room."""
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in")
    ours = home(request)
    async with ours.database.reading() as conn:
        theirs = {room.id for room in await rooms.looked_after_by(conn, staff.id)}
        session = await sessions.next_of(conn, request.path_params["room"], ours.now())
    if request.path_params["room"] not in theirs:
        return await calm(request)
    return to("/desk" if session is None else f"/live/{session.id}")
