"""The signposts, as organisers keep them: what people turn to when no room can help them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from rooms.records import limits, signposts
from rooms.records.signposts import Signpost
from server.home import home
from server.pages import calm, page, staff_of, to, typed, words_of
from server.pages.again import if_it_fails
from server.pages.editing import CHANGED_MEANWHILE
from server.signposts import needs_a_look, to_begin_with
from server.words import N_, Words

NAME_WRONG = N_("Please give it a name of at most 60 letters.")
CONTACT_WRONG = N_("Please say how to reach it, in at most 80 letters.")
HOURS_WRONG = N_("Please keep it to 80 letters.")
COST_WRONG = N_("Please keep it to 60 letters.")
_SPARE: Final = 2
_FIELDS: Final = (
    ("name", limits.SIGNPOST_NAME, NAME_WRONG),
    ("contact", limits.SIGNPOST_CONTACT, CONTACT_WRONG),
    ("hours", limits.SIGNPOST_HOURS, HOURS_WRONG),
    ("cost", limits.SIGNPOST_COST, COST_WRONG),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One signpost as it was typed. ``looked``: somebody has just looked at it."""

    name: str = ""
    contact: str = ""
    hours: str = ""
    cost: str = ""
    looked: bool = False

    @property
    def typed(self) -> tuple[str, str, str, str]:
        return self.name.strip(), self.contact.strip(), self.hours.strip(), self.cost.strip()


@dataclass(frozen=True, slots=True)
class Form:
    """``known``: which list this began from."""

    rows: tuple[Row, ...]
    known: str
    errors: dict[str, str] = field(default_factory=dict)


async def edit(request: Request) -> Response:
    staff = await staff_of(request)
    if staff is None:
        return to("/sign-in?next=/desk/signposts")
    if not staff.is_organiser:
        return await calm(request)
    ours, words = home(request), words_of(request)
    async with ours.database.reading() as conn:
        posts = await signposts.every(conn)
    if request.method != "POST":
        return await _page(request, posts, _form_of(words, posts))
    async with request.form(max_fields=100, max_part_size=4096) as sent:
        form = _form_sent(sent)
    if_it_fails(request, partial(_page, request, posts, form))
    errors = _faults(words, form)
    if errors:
        return await _page(request, posts, replace(form, errors=errors), status=422)
    async with ours.database.writing() as conn:
        posts = await signposts.every(conn)
        # Or it is what they wrote: they were sooner themselves, and the answer was lost.
        is_known = form.known == digest(posts) or _written(form) == [_says(each) for each in posts]
        if is_known:
            await signposts.keep(conn, _posts_of(form, posts, ours.now()))
    if not is_known:
        form = replace(form, known=digest(posts))
        return await _page(request, posts, form, status=409, is_conflict=True)
    await ours.board.read(ours.database)
    return to("/desk/signposts")


def digest(posts: Sequence[Signpost]) -> str:
    """Another one whenever anything is another: who saves over a change they have not seen is told of it."""
    said = "\n".join(
        repr((each.name, each.contact, each.hours, each.cost, each.checked_at.isoformat())) for each in posts
    )
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _form_of(words: Words, posts: Sequence[Signpost]) -> Form:
    kept = [Row(each.name, each.contact, each.hours, each.cost) for each in posts]
    begun = [Row(each.name, each.contact, each.hours, each.cost) for each in to_begin_with(words)]
    return Form(_with_spare(kept or begun), digest(posts))


def _with_spare(rows: Sequence[Row]) -> tuple[Row, ...]:
    return (*rows, *[Row()] * _SPARE)[: limits.SIGNPOSTS.most]


def _form_sent(sent: FormData) -> Form:
    rows = [
        Row(
            name=typed(sent, f"name-{number}"),
            contact=typed(sent, f"contact-{number}"),
            hours=typed(sent, f"hours-{number}"),
            cost=typed(sent, f"cost-{number}"),
            looked=typed(sent, f"looked-{number}") == "1",
        )
        for number in range(1, limits.SIGNPOSTS.most + 1)
    ]
    while rows and not any(rows[-1].typed):
        rows.pop()
    return Form(_with_spare(rows), typed(sent, "known"))


def _faults(words: Words, form: Form) -> dict[str, str]:
    return {
        f"{name}-{number}": words.gettext(said)
        for number, row in enumerate(form.rows, start=1)
        if any(row.typed)
        for (name, limit, said), given in zip(_FIELDS, row.typed, strict=True)
        if not limit.holds(given)
    }


def _written(form: Form) -> list[tuple[str, str, str, str]]:
    return [row.typed for row in form.rows if any(row.typed)]


def _says(post: Signpost) -> tuple[str, str, str, str]:
    return post.name, post.contact, post.hours, post.cost


def _posts_of(form: Form, known: Sequence[Signpost], at: datetime) -> list[Signpost]:
    """What was written anew was looked at by that; what was not, when somebody said so."""
    before = _looked_at(known)
    return [
        Signpost(*row.typed, at if row.looked else before.get(row.typed, at))
        for row in form.rows
        if any(row.typed)
    ]


def _looked_at(posts: Sequence[Signpost]) -> dict[tuple[str, str, str, str], datetime]:
    """By what each says: when somebody last looked at it."""
    return {_says(each): each.checked_at for each in posts}


async def _page(
    request: Request, posts: Sequence[Signpost], form: Form, *, status: int = 200, is_conflict: bool = False
) -> Response:
    words, known = words_of(request), _looked_at(posts)
    return await page(
        request,
        "desk/signposts.html",
        status,
        form=form,
        # One that was changed and not saved yet will have been looked at by that.
        days=[words.day(known[row.typed]) if row.typed in known else "" for row in form.rows],
        is_ours=not posts,
        needs_a_look=needs_a_look(posts, home(request).now()),
        changed_meanwhile=words.gettext(CHANGED_MEANWHILE) if is_conflict else "",
    )
