"""What people read about a room and what they keep to, changed later, without one organiser writing over another."""

from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import cast

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from rooms.records import agreements, limits, rooms
from rooms.records.agreements import Agreement
from rooms.records.rooms import Room
from rooms.records.words import Door, Talk
from server.home import home
from server.pages import page, to, typed, words_of
from server.pages.again import if_it_fails
from server.pages.door_form import choices_of_door, least_age_of
from server.pages.last_minute import tell_of_agreement
from server.pages.making import SEATS_WRONG
from server.pages.own import Own, organised_room
from server.pages.room import WhatChanged, what_changed
from server.pages.room_form import agreement_of, faults_of_texts, text_of, words_of_group
from server.pages.schedule import whole
from server.words import N_

CHANGED_MEANWHILE = N_(
    "Somebody changed this while you were writing. What you wrote is still here; please look again."
)
AGREEMENT_EMPTY = N_("Please write at least one line.")


@dataclass(frozen=True, slots=True)
class Form:
    """What an organiser typed about a room that there is."""

    name: str
    one_line: str
    for_whom: str
    also_welcome: str
    words: str
    seats: str
    listed: bool
    door: str
    talk: str
    least_age: str
    admits_work: bool
    keeps_catch_up: bool
    keeps_counts: bool
    version: str
    errors: dict[str, str] = field(default_factory=dict)


async def edit(request: Request) -> Response:
    own = await organised_room(request)
    if isinstance(own, Response):
        return own
    if request.method != "POST":
        return await _page(request, own, await _form_of_room(request, own.room))
    async with request.form(max_fields=30, max_part_size=8192) as sent:
        form = _form_of(sent)
    if_it_fails(request, partial(_page, request, own, form))
    errors = faults_of_texts(form.name, form.one_line, form.for_whom, form.also_welcome)
    seats = whole(form.seats, limits.SEATS, "seats", SEATS_WRONG, errors)
    least_age = least_age_of(form.door, form.talk, form.least_age, errors)
    group_words = words_of_group(form.words, errors)
    if errors or seats is None or least_age is None:
        said = {name: words_of(request).gettext(fault) for name, fault in errors.items()}
        return await _page(request, own, replace(form, errors=said), status=422)
    room = replace(
        own.room,
        name=form.name.strip(),
        one_line=form.one_line.strip(),
        for_whom=text_of(form.for_whom),
        also_welcome=text_of(form.also_welcome),
        seats=seats,
        listed=form.listed,
        door=cast("Door", form.door),  # one of them, or it would be in errors, like the next
        talk=cast("Talk", form.talk),
        least_age=least_age,
        admits_work=form.admits_work,
        keeps_catch_up=form.keeps_catch_up,
        keeps_counts=form.keeps_counts,
    )
    async with home(request).database.writing() as conn:
        is_written = await rooms.describe(conn, room, known=form.version)
        if is_written:
            await rooms.put_words(conn, room.id, group_words)
    if not is_written:
        return await _changed_meanwhile(request, own, form)
    return to(f"/desk/rooms/{room.id}")


async def _changed_meanwhile(request: Request, own: Own, form: Form) -> Response:
    """The second of two is shown how it is now, beside what they wrote, and may save it then."""
    async with home(request).database.reading() as conn:
        room = await rooms.find(conn, own.room.id) or own.room
    now = await _form_of_room(request, room)
    written = asdict(form)
    others = {name: value for name, value in asdict(now).items() if value != written[name]}
    if others.keys() <= {"version"}:
        # It is what they wrote: they were sooner themselves, and the answer was lost.
        return to(f"/desk/rooms/{room.id}")
    form = replace(form, version=now.version)
    return await _page(
        request, own, form, status=409, others=[others[name] for name in _TEXTS if others.get(name)]
    )


_TEXTS = ("name", "one_line", "for_whom", "also_welcome", "words", "seats", "least_age")


async def _form_of_room(request: Request, room: Room) -> Form:
    async with home(request).database.reading() as conn:
        words = await rooms.words_of_each(conn, [room.id])
    return Form(
        name=room.name,
        one_line=room.one_line,
        for_whom=room.for_whom,
        also_welcome=room.also_welcome,
        words=", ".join(words.get(room.id, ())),
        seats=str(room.seats),
        listed=room.listed,
        door=room.door,
        talk=room.talk,
        least_age=str(room.least_age),
        admits_work=room.admits_work,
        keeps_catch_up=room.keeps_catch_up,
        keeps_counts=room.keeps_counts,
        version=str(room.version),
    )


def _form_of(sent: FormData) -> Form:
    return Form(
        name=typed(sent, "name"),
        one_line=typed(sent, "one_line"),
        for_whom=typed(sent, "for_whom"),
        also_welcome=typed(sent, "also_welcome"),
        words=typed(sent, "words"),
        seats=typed(sent, "seats"),
        listed=typed(sent, "listed") == "1",
        door=typed(sent, "door"),
        talk=typed(sent, "talk"),
        least_age=typed(sent, "least_age"),
        admits_work=typed(sent, "admits_work") == "1",
        keeps_catch_up=typed(sent, "keeps_catch_up") == "1",
        keeps_counts=typed(sent, "keeps_counts") == "1",
        version=typed(sent, "version"),
    )


async def _page(
    request: Request, own: Own, form: Form, *, status: int = 200, others: list[str] | None = None
) -> Response:
    changed = words_of(request).gettext(CHANGED_MEANWHILE) if others is not None else ""
    return await page(
        request,
        "desk/edit.html",
        status,
        room=own.room,
        form=form,
        changed_meanwhile=changed,
        others=others or [],
        **choices_of_door(words_of(request)),
    )


# The agreement


@dataclass(frozen=True, slots=True)
class Lines:
    agreement: str
    version: str
    errors: dict[str, str] = field(default_factory=dict)


async def agreement(request: Request) -> Response:
    """A new version of it. Whoever sits in the room meanwhile is asked to say yes to it."""
    own = await organised_room(request)
    if isinstance(own, Response):
        return own
    ours = home(request)
    async with ours.database.reading() as conn:
        current = await agreements.current(conn, own.room.id)
    if request.method != "POST":
        return await _agreement_page(request, own, current, _lines_of(current))
    async with request.form(max_fields=10, max_part_size=64 * 1024) as sent:
        given = Lines(typed(sent, "agreement"), typed(sent, "version"))
        do = typed(sent, "do")
    if_it_fails(request, partial(_agreement_page, request, own, current, given))
    errors: dict[str, str] = {}
    lines = agreement_of(given.agreement, errors)
    if not lines:
        errors["agreement"] = AGREEMENT_EMPTY
    if errors:
        said = {name: words_of(request).gettext(fault) for name, fault in errors.items()}
        return await _agreement_page(request, own, current, replace(given, errors=said), status=422)
    preview = Agreement(current.version + 1 if current else 1, tuple(lines), ours.now())
    if do == "look":
        return await _agreement_page(request, own, current, given, preview=preview)
    async with ours.database.writing() as conn:
        current = await agreements.current(conn, own.room.id)
        is_new = current is None or current.lines != tuple(lines)
        is_known = given.version == _lines_of(current).version or not is_new
        if is_known and is_new:
            current = await agreements.publish(conn, own.room.id, lines, ours.now())
    if not is_known:
        given = replace(given, version=_lines_of(current).version)
        return await _agreement_page(request, own, current, given, status=409, is_conflict=True)
    if current is not None:
        # Said again where it was said before, so that who could not reach the room the first time can publish once more.
        await tell_of_agreement(ours, own.room.id, current.version)
    return to(f"/desk/rooms/{own.room.id}")


def _lines_of(current: Agreement | None) -> Lines:
    return Lines("", "0") if current is None else Lines("\n".join(current.lines), str(current.version))


async def _agreement_page(
    request: Request,
    own: Own,
    current: Agreement | None,
    given: Lines,
    *,
    preview: Agreement | None = None,
    is_conflict: bool = False,
    status: int = 200,
) -> Response:
    changes: WhatChanged | None = what_changed(current, preview)
    return await page(
        request,
        "desk/agreement.html",
        status,
        room=own.room,
        form=given,
        current=current,
        agreement=preview,
        what_changed=changes,
        changed_meanwhile=words_of(request).gettext(CHANGED_MEANWHILE) if is_conflict else "",
    )
