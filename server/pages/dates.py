"""The dates of a room: one of them with those that belong to it, more of them, and a break.

Whatever changes a date is shown first, date by date, and done when it was shown exactly so.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from rooms.calendar.changes import Changes, changed
from rooms.calendar.edits import stepped
from rooms.calendar.recurrence import Refused, Unclear
from rooms.live.words import UNDER_WAY
from rooms.records import limits, rooms, rota, seasons, sessions
from rooms.records.seasons import Scope
from rooms.records.sessions import Session
from rooms.records.words import Part
from server.home import home
from server.pages import calm, page, schedule, to, typed, words_of
from server.pages.again import if_it_fails
from server.pages.last_minute import OnNowError, assign_lead, call_off_live, facilitators_inside, telling
from server.pages.own import Own, organised_room
from server.pages.schedule import Question
from server.pages.when import REASONS, how_they_stand, reason_words, state_words, when
from server.words import N_, Words

SCOPES: Final[dict[Scope, str]] = {
    "this": N_("This date only"),
    "later": N_("This date and those after it"),
    "all": N_("All that are left"),
}
REASON_WRONG = N_("Please choose a reason.")
SCOPE_WRONG = N_("Please choose which dates.")
ALTERNATIVE_WRONG = N_("Please keep it to 140 letters.")
WHO_WRONG = N_("Please choose somebody from the list.")
WHO_TWICE = N_("The same person cannot be both. Please choose another, or nobody yet.")
NOTHING_CHANGES = N_("That is how it is already.")
ON_NOW = N_("It has begun, so its date cannot be changed any more. The facilitators can end it.")
NOBODY_THERE = N_("They are not in the room just now, or lead already.")
OTHERWISE = N_("The dates have changed since you looked. Please look again at what would change.")


@dataclass(frozen=True, slots=True)
class Form:
    """What an organiser typed about one date."""

    date: str = ""
    start: str = ""
    minutes: str = ""
    scope: str = "this"
    reason: str = ""
    alternative: str = ""
    people: dict[Part, str] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What would happen, in words: shown, and then asked for with ``seen``, which stands for exactly this."""

    do: str
    seen: str
    moved: tuple[tuple[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    kept: int = 0


@dataclass(frozen=True, slots=True)
class _Looked:
    """One look at the page: who, at which date, with what they typed."""

    own: Own
    session: Session
    form: Form
    do: str = ""
    seen: str = ""


async def date(request: Request) -> Response:
    own = await organised_room(request)
    if isinstance(own, Response):
        return own
    async with home(request).database.reading() as conn:
        session = await sessions.find(conn, request.path_params["session"])
    if session is None or session.room_id != own.room.id:
        return await calm(request)
    if request.method != "POST":
        return await _page(request, _Looked(own, session, _form_of_session(session)))
    async with request.form(max_fields=80, max_part_size=4096) as sent:
        looked = _Looked(own, session, _form_of(sent, session), typed(sent, "do"), typed(sent, "seen"))
    if not looked.seen:
        # What was shown and asked for is sent again as it was: the page would have to be shown it anew.
        if_it_fails(request, partial(_page, request, looked))
    try:
        match looked.do:
            case "move":
                return await _move(request, looked)
            case "off" | "back":
                return await _call_off(request, looked)
            case "rota":
                return await _put_down(request, looked)
            case "lead":
                return await _lead(request, looked)
            case _:
                return await _page(request, looked)
    except OnNowError:
        return await _wrong(request, looked, scope=ON_NOW)


# Another date


async def _move(request: Request, looked: _Looked) -> Response:
    ours, form, session = home(request), looked.form, looked.session
    errors: dict[str, str] = {}
    to_wall = schedule.wall_of(form.date, form.start, errors)
    minutes = schedule.whole(form.minutes, limits.MINUTES, "minutes", schedule.MINUTES_WRONG, errors)
    scope = _scope(form, errors)
    if errors or to_wall is None or minutes is None or scope is None:
        return await _wrong(request, looked, **errors)
    async with telling(ours, [looked.own.room.id]) as conn:
        old = await seasons.concerned(conn, session, scope, ours.now())
        new = stepped(
            [each.occurrence for each in old],
            frm=session.wall,
            to=to_wall,
            zone=session.zone,
            minutes=minutes,
            settled=schedule.settled(form.settled),
        )
        if not old:
            return await _wrong(request, looked, scope=ON_NOW)
        if isinstance(new, Unclear):
            asked = schedule.questions(words_of(request), new, form.settled)
            return await _wrong(request, looked, asked, start=schedule.fault_of(new))
        if isinstance(new, Refused):
            return await _wrong(request, looked, date=schedule.DATE_WRONG)
        if min(each.starts_at for each in new) <= ours.now():
            return await _wrong(request, looked, start=schedule.START_PAST)
        changes = changed([each.occurrence for each in old], new)
        step = _step_of(words_of(request), changes, old)
        if len(changes.kept) == len(old) == len(new):
            return await _wrong(request, looked, date=NOTHING_CHANGES)
        if not hmac.compare_digest(step.seen, looked.seen):
            return await _show(request, looked, step)
        near = _near(old, [each.before for each in changes.moved] + list(changes.dropped), ours.now())
        await call_off_live(ours, near, "moved")
        await seasons.move(conn, old, changes, ours.now(), anew={each.id for each in near})
    return to(f"/desk/rooms/{looked.own.room.id}")


def _near(old: Sequence[Session], changing: Sequence[object], at: datetime) -> list[Session]:
    """Those of which people may be waiting at the door already."""
    return [each for each in old if each.occurrence in changing and each.doors_at <= at]


def _step_of(words: Words, changes: Changes, old: Sequence[Session]) -> Step:
    moved = [(each.before, each.after) for each in changes.moved]
    facts = [
        *(each.id for each in old),
        *(f"{b.starts_at}>{a.starts_at}+{a.minutes}" for b, a in moved),
        *(f"-{each.starts_at}" for each in changes.dropped),
        *(f"+{each.starts_at}+{each.minutes}" for each in changes.added),
    ]
    return Step(
        do="move",
        seen=_digest("move", facts),
        moved=tuple((words.span(b.wall, b.minutes), words.span(a.wall, a.minutes)) for b, a in moved),
        dropped=tuple(words.span(each.wall, each.minutes) for each in changes.dropped),
        added=tuple(words.span(each.wall, each.minutes) for each in changes.added),
        kept=len(changes.kept),
    )


def _digest(do: str, facts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join([do, *facts]).encode()).hexdigest()[:32]


# Called off, or not after all


async def _call_off(request: Request, looked: _Looked) -> Response:
    ours, form = home(request), looked.form
    errors: dict[str, str] = {}
    scope = _scope(form, errors)
    reason = next((each for each in REASONS if each == form.reason), None)
    alternative = form.alternative.strip()
    if looked.do == "off":
        errors |= {} if reason else {"reason": REASON_WRONG}
        errors |= {} if limits.ALTERNATIVE.holds(alternative) else {"alternative": ALTERNATIVE_WRONG}
    if errors or scope is None:
        return await _wrong(request, looked, **errors)
    async with telling(ours, [looked.own.room.id]) as conn:
        concerned = await seasons.concerned(
            conn, looked.session, scope, ours.now(), called_off=looked.do == "back"
        )
        # Asked for before, when its room was told and the records could not be.
        is_off = looked.do == "off" and await seasons.say_why(
            conn, looked.session.id, reason or "other", alternative, ours.now()
        )
        if not concerned and is_off:
            return to(f"/desk/rooms/{looked.own.room.id}")
        if not concerned:
            return await _wrong(request, looked, scope=ON_NOW)
        step = step_of_many(words_of(request), looked.do, concerned)
        if not hmac.compare_digest(step.seen, looked.seen):
            return await _show(request, looked, step)
        ids = [each.id for each in concerned]
        if looked.do == "back":
            await seasons.take_place_after_all(conn, ids, ours.now())
        else:
            await call_off_live(
                ours, [each for each in concerned if each.doors_at <= ours.now()], "cancelled"
            )
            await seasons.call_off(conn, ids, reason or "other", alternative, ours.now())
    return to(f"/desk/rooms/{looked.own.room.id}")


def step_of_many(words: Words, do: str, concerned: Sequence[Session]) -> Step:
    """Dates that are called off, or take place after all."""
    shown = tuple(words.span(each.wall, each.minutes) for each in concerned)
    seen = _digest(do, [f"{each.id} {each.sequence}" for each in concerned])
    return Step(do, seen, added=shown) if do == "back" else Step(do, seen, dropped=shown)


# Who looks after it


async def _put_down(request: Request, looked: _Looked) -> Response:
    ours, form = home(request), looked.form
    errors: dict[str, str] = {}
    scope = _scope(form, errors)
    known = {each for each, _ in await _people(request, looked.own)} | {""}
    for part, who in form.people.items():
        others = [each for other, each in form.people.items() if other != part]
        if who not in known:
            errors[part] = WHO_WRONG
        elif who and who in others and part != "lead":
            errors[part] = WHO_TWICE
    if errors or scope is None:
        return await _wrong(request, looked, **errors)
    async with ours.database.writing() as conn:
        ids = [each.id for each in await seasons.concerned(conn, looked.session, scope, ours.now())]
        for part, who in form.people.items():
            await rota.put_down(conn, ids, part, who or None)
            if who and part != "on_call":
                await rooms.add_facilitator(conn, looked.own.room.id, who)
    return to(f"/desk/rooms/{looked.own.room.id}")


async def _people(request: Request, own: Own) -> list[tuple[str, str]]:
    async with home(request).database.reading() as conn:
        helpers = await rooms.helpers_of(conn, own.staff.id)
    others = [(each.id, each.name) for each in helpers if each.id != own.staff.id]
    return [(own.staff.id, words_of(request).gettext("I do it myself")), *others]


async def _lead(request: Request, looked: _Looked) -> Response:
    """The one thing that the desk can change about a session that is on."""
    if not await assign_lead(home(request), looked.session, looked.form.people.get("lead", "")):
        return await _wrong(request, looked, lead=NOBODY_THERE)
    return to(request.url.path)


# The page


async def _wrong(
    request: Request, looked: _Looked, questions: tuple[Question, ...] = (), /, **errors: str
) -> Response:
    said = {name: words_of(request).gettext(fault) for name, fault in errors.items()}
    form = replace(looked.form, errors=said)
    return await _page(request, replace(looked, form=form), questions=questions, status=422)


async def _show(request: Request, looked: _Looked, step: Step) -> Response:
    """What would change. Whoever asked for something else than what they were shown is told so."""
    said = words_of(request).gettext(OTHERWISE) if looked.seen else ""
    return await _page(request, looked, step=step, changed_meanwhile=said)


async def _page(
    request: Request,
    looked: _Looked,
    *,
    step: Step | None = None,
    questions: tuple[Question, ...] = (),
    changed_meanwhile: str = "",
    status: int = 200,
) -> Response:
    ours, words, session = home(request), words_of(request), looked.session
    form = looked.form
    async with ours.database.reading() as conn:
        parts = (await rota.of_sessions(conn, [session.id])).get(session.id, {})
        repeat = None if session.series_id is None else await seasons.repeat_of(conn, session.series_id)
    if not form.people:
        form = replace(form, people={part: account.id for part, account in parts.items()})
    standing = await how_they_stand(request, [session])
    is_on = standing.get(session.id) in UNDER_WAY
    over = session.outcome is not None or (session.starts_at <= ours.now() and not is_on)
    return await page(
        request,
        "desk/date.html",
        status,
        room=looked.own.room,
        session=when(request, session, ""),
        state_words=state_words(request, session, standing),
        cancelled=session.cancelled_at is not None,
        recoverable=session.reason != "moved" and session.doors_at > ours.now(),
        reason=reason_words(words, session),
        alternative=session.alternative,
        is_on=is_on,
        over=over,
        inside=await facilitators_inside(ours, session) if is_on else [],
        repeat="" if repeat is None else words.gettext(schedule.REPEATS[repeat]),
        form=form,
        scopes=[(each, words.gettext(said)) for each, said in SCOPES.items()],
        reasons=[(each, words.gettext(said)) for each, said in REASONS.items()],
        people=await _people(request, looked.own),
        step=step,
        questions=questions,
        changed_meanwhile=changed_meanwhile,
    )


def _form_of_session(session: Session) -> Form:
    return Form(date=f"{session.wall:%Y-%m-%d}", start=f"{session.wall:%H:%M}", minutes=str(session.minutes))


def _form_of(sent: FormData, session: Session) -> Form:
    """What was typed; where another part of the page was sent, the date as it is."""
    given, known = schedule.schedule_of(sent), _form_of_session(session)
    parts: tuple[Part, ...] = ("lead", "second", "on_call")
    moves = typed(sent, "do") == "move"
    return Form(
        date=given.date if moves else known.date,
        start=given.start if moves else known.start,
        minutes=given.minutes if moves else known.minutes,
        scope=typed(sent, "scope") or "this",
        reason=typed(sent, "reason"),
        alternative=typed(sent, "alternative"),
        people={part: typed(sent, part) for part in parts if part in sent},
        settled=dict(given.settled),
    )


def _scope(form: Form, errors: dict[str, str]) -> Scope | None:
    scope = next((each for each in SCOPES if each == form.scope), None)
    if scope is None:
        errors["scope"] = SCOPE_WRONG
    return scope
