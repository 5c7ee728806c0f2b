"""What those who look after a room are called: chosen by organisers, with what members will read beside each word."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from starlette.requests import Request
from starlette.responses import Response

from rooms.records import labels
from rooms.records.words import Label
from server.home import home
from server.labels import called, has_word
from server.languages import language_of
from server.pages import calm, page, staff_of, to, typed, words_of
from server.pages.editing import CHANGED_MEANWHILE
from server.words import DEFAULT, N_, catalogues

LABELS: Final[Mapping[Label, str]] = {
    "facilitator": N_("Facilitator"),
    "host": N_("Host"),
    "peer_supporter": N_("Peer supporter"),
    "chair": N_("Chair"),
}
NOT_ONE: Final = N_("Please choose one of these.")


@dataclass(frozen=True, slots=True)
class Form:
    """``known``: what it was when this began."""

    label: str
    known: str
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """``read``: what members will read, in the language ``lang``."""

    label: Label
    name: str
    read: str
    lang: str


async def edit(request: Request) -> Response:
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in?next=/desk/labels")
    if not staff.is_organiser:
        return await calm(request)
    ours = home(request)
    if request.method != "POST":
        async with ours.database.reading() as conn:
            now = await labels.current(conn)
        return await _page(request, now, Form(now, now))
    async with request.form(max_fields=10, max_part_size=1024) as sent:
        form = Form(typed(sent, "label"), typed(sent, "known"))
    async with ours.database.writing() as conn:
        now = await labels.current(conn)
        is_known = now in (form.known, form.label)
        if is_known and form.label in LABELS:
            await labels.keep(conn, cast("Label", form.label))
    if form.label not in LABELS:
        errors = {"label": words_of(request).gettext(NOT_ONE)}
        return await _page(request, now, Form("", form.known, errors), status=422)
    if not is_known:
        return await _page(request, now, Form(form.label, now), status=409, is_conflict=True)
    await ours.board.read(ours.database)
    return to("/desk/labels")


def choices(request: Request) -> tuple[Choice, ...]:
    """In the reader's language; what members read in ours, where theirs calls them the same whatever is chosen."""
    language = language_of(request)
    shown = language if has_word(language, "host") else catalogues()[DEFAULT]
    return tuple(
        Choice(label, language.gettext(name), called(shown, label).refusal("held"), shown.lang)
        for label, name in LABELS.items()
    )


async def _page(
    request: Request, now: Label, form: Form, *, status: int = 200, is_conflict: bool = False
) -> Response:
    return await page(
        request,
        "desk/labels.html",
        status,
        form=form,
        choices=choices(request),
        now=language_of(request).gettext(LABELS[now]),
        unchanged=[words.name for words in catalogues().values() if not has_word(words, "host")],
        changed_meanwhile=words_of(request).gettext(CHANGED_MEANWHILE) if is_conflict else "",
    )
