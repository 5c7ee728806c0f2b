"""Making a room: five questions on one page, with everything else under *more*, and drafts of it."""

from dataclasses import dataclass, replace
from functools import partial
from typing import cast, get_args

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from rooms.calendar.recurrence import Occurrence
from rooms.records import agreements, drafts, limits, rooms, rota, seasons
from rooms.records.accounts import Account
from rooms.records.drafts import Draft
from rooms.records.rooms import Room
from rooms.records.tokens import id_of
from rooms.records.words import Door, Part, Purpose, Repeat, Talk
from server.home import home
from server.pages import calm, page, schedule, staff_of, to, typed, words_of
from server.pages.again import if_it_fails, wish_of
from server.pages.door_form import choices_of_door, least_age_of
from server.pages.room_form import (
    NAME_WRONG,
    OF_A_SCHEDULE,
    Form,
    agreement_of,
    answers_of,
    faults_of_texts,
    form_of,
    form_of_draft,
    text_of,
    words_of_group,
)
from server.pages.schedule import Planned, whole
from server.starters import STARTERS, starter
from server.words import N_

PURPOSE_WRONG = N_("Please choose what kind of space it is.")
SEATS_WRONG = N_("Please give a number of seats from 2 to 500.")
WHO_WRONG = N_("Please choose somebody from the list.")
WHO_TWICE = N_("The same person cannot be both. Please choose another, or nobody yet.")
DRAFT_LONG = N_("That is too long to keep in a draft. Please keep it to 300 letters.")

ME = "me"


@dataclass(frozen=True, slots=True)
class Plan:
    """A form that fits."""

    purpose: Purpose
    words: tuple[str, ...]
    repeat: Repeat
    dates: tuple[Occurrence, ...]
    people: dict[Part, str]
    seats: int
    door: Door
    talk: Talk
    least_age: int
    agreement: list[str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asks, with what they could choose from and the draft they began from."""

    staff: Account
    helpers: tuple[Account, ...]
    draft: Draft | None


async def new_room(request: Request) -> Response:
    """``/desk/new``, and the same page with the answers of a draft."""
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in?next=/desk/new")
    if not staff.is_organiser:
        return await calm(request)
    draft_id = request.path_params.get("draft")
    async with home(request).database.reading() as conn:
        helpers = await rooms.helpers_of(conn, staff.id)
        draft = None if draft_id is None else await drafts.find(conn, draft_id, staff.id)
    asked, words = _Asked(staff, helpers, draft), words_of(request)
    if draft_id is not None and draft is None:
        return await _made_before(request) if request.method == "POST" else await calm(request)
    if request.method != "POST":
        form = Form(agreement=starter(words, "")) if draft is None else form_of_draft(draft)
        return await _page(request, asked, form)
    async with request.form(max_fields=100, max_part_size=64 * 1024) as sent:
        form, do, wish = form_of(sent, words), typed(sent, "do"), await wish_of(request, sent)
    if_it_fails(request, partial(_page, request, asked, form))
    if do == "draft":
        return await _save(request, asked, form, wish)
    if do == "forget" and draft is not None:
        async with home(request).database.writing() as conn:
            await drafts.forget(conn, draft.id, staff.id)
        return to("/desk")
    plan, planned, errors = _fitted(request, asked, form)
    if do == "look":
        errors = {name: said for name, said in errors.items() if name in OF_A_SCHEDULE}
    form = replace(form, errors={name: words.gettext(said) for name, said in errors.items()})
    if do == "look" or plan is None:
        return await _page(request, asked, form, planned, status=422 if errors else 200)
    return await _make(request, asked, form, plan, wish)


async def _made_before(request: Request) -> Response:
    """The draft is gone. It may be the room by now that was asked for, and the answer was lost."""
    async with request.form(max_fields=100, max_part_size=64 * 1024) as sent:
        wish = await wish_of(request, sent)
    async with home(request).database.reading() as conn:
        made = await rooms.find(conn, id_of(wish))
    return await calm(request) if made is None else to(f"/desk/rooms/{made.id}")


async def _make(request: Request, asked: _Asked, form: Form, plan: Plan, wish: str) -> Response:
    ours, staff = home(request), asked.staff
    async with ours.database.writing() as conn:
        if wish and (made := await rooms.find(conn, id_of(wish))) is not None:
            return to(f"/desk/rooms/{made.id}")
        room = await rooms.create(
            conn,
            room_id=id_of(wish) if wish else "",
            organiser_id=staff.id,
            name=form.name.strip(),
            purpose=plan.purpose,
            one_line=form.one_line.strip(),
            for_whom=text_of(form.for_whom),
            also_welcome=text_of(form.also_welcome),
            zone=form.when.zone,
            minutes=plan.dates[0].minutes,
            seats=plan.seats,
            listed=form.listed,
            keeps_catch_up=form.keeps_catch_up,
            door=plan.door,
            talk=plan.talk,
            least_age=plan.least_age,
            admits_work=form.admits_work,
        )
        await rooms.put_words(conn, room.id, plan.words)
        planned = await seasons.plan(conn, room.id, plan.repeat, plan.dates)
        await _put_down(conn, room, [session.id for session in planned], plan)
        if plan.agreement:
            await agreements.publish(conn, room.id, plan.agreement, ours.now())
        if asked.draft is not None:
            await drafts.forget(conn, asked.draft.id, staff.id)
    return to(f"/desk/rooms/{room.id}")


async def _put_down(conn: AsyncConnection, room: Room, session_ids: list[str], plan: Plan) -> None:
    for part, account_id in plan.people.items():
        await rota.put_down(conn, session_ids, part, account_id)
        if part != "on_call":
            await rooms.add_facilitator(conn, room.id, account_id)


async def _page(
    request: Request, asked: _Asked, form: Form, planned: Planned | None = None, *, status: int = 200
) -> Response:
    words = words_of(request)
    planned = planned or Planned()
    return await page(
        request,
        "desk/new_room.html",
        status,
        form=form,
        zones=schedule.places(),
        repeats=schedule.repeats(words),
        purposes=words.purposes(),
        people=[(ME, words.gettext("I do it myself")), *((each.id, each.name) for each in _others(asked))],
        dates=[words.wall(date.wall) for date in planned.dates or ()],
        questions=planned.questions,
        starters={purpose: starter(words, purpose) for purpose in STARTERS},
        draft=asked.draft,
        **choices_of_door(words),
    )


def _others(asked: _Asked) -> list[Account]:
    return [each for each in asked.helpers if each.id != asked.staff.id]


# What fits


def _fitted(request: Request, asked: _Asked, form: Form) -> tuple[Plan | None, Planned, dict[str, str]]:
    """The form as a plan, or what is wrong with each field."""
    errors: dict[str, str] = {}
    if form.purpose not in get_args(Purpose):
        errors["purpose"] = PURPOSE_WRONG
    errors |= faults_of_texts(form.name, form.one_line, form.for_whom, form.also_welcome)
    planned = schedule.planned(request, form.when, errors)
    people = _people(asked, form, errors)
    seats = whole(form.seats, limits.SEATS, "seats", SEATS_WRONG, errors)
    least_age = least_age_of(form.door, form.talk, form.least_age, errors)
    group_words = words_of_group(form.words, errors)
    agreement = agreement_of(form.agreement, errors)
    repeat = schedule.repeat_of(form.when.repeat)
    if errors or planned.dates is None or seats is None or repeat is None or least_age is None:
        return None, planned, errors
    plan = Plan(
        purpose=cast("Purpose", form.purpose),  # one of them, or it would be in errors, like the two below
        words=group_words,
        repeat=repeat,
        dates=planned.dates,
        people=people,
        seats=seats,
        door=cast("Door", form.door),
        talk=cast("Talk", form.talk),
        least_age=least_age,
        agreement=agreement,
    )
    return plan, planned, {}


def _people(asked: _Asked, form: Form, errors: dict[str, str]) -> dict[Part, str]:
    known = {ME: asked.staff.id, **{each.id: each.id for each in _others(asked)}}
    people: dict[Part, str] = {}
    given: tuple[tuple[Part, str], ...] = (
        ("lead", form.lead),
        ("second", form.second),
        ("on_call", form.on_call),
    )
    for part, who in given:
        if not who:
            continue
        if who not in known:
            errors[part] = WHO_WRONG
        elif known[who] in people.values():
            errors[part] = WHO_TWICE
        else:
            people[part] = known[who]
    return people


# Drafts


async def _save(request: Request, asked: _Asked, form: Form, wish: str) -> Response:
    """With a name alone, or whatever else there is, right or wrong: it is looked at when the room is made."""
    answers = answers_of(form)
    faults: dict[str, str] = {
        question: DRAFT_LONG
        for question, lines in answers.items()
        if not limits.ANSWER_LINES.holds(len(lines)) or not all(map(limits.ANSWER.holds, lines))
    }
    if not limits.ROOM_NAME.holds(form.name.strip()):
        faults = {"name": NAME_WRONG, **faults}
    if faults:
        said = {name: words_of(request).gettext(fault) for name, fault in faults.items()}
        return await _page(request, asked, replace(form, errors=said), status=422)
    ours = home(request)
    async with ours.database.writing() as conn:
        await drafts.save(
            conn,
            asked.staff.id,
            form.name.strip(),
            answers,
            ours.now(),
            draft_id=None if asked.draft is None else asked.draft.id,
            new_id=id_of(wish) if wish else "",
        )
    return to("/desk")
